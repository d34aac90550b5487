"""How long a text is for the embedder, and where one that is too long may be cut.

Decisions: the embedder reads 256 word pieces and silently drops the rest. Its tokenizer belongs to the models package,
so pieces are estimated here; measured on 1,800 texts against the true tokenizer the estimate is never below .92 of the
truth for English (median 1.07), and `LONGEST` leaves room for that and for the two marks at the ends. Its vocabulary is
English, so that the words of another language fall into nearly twice as many pieces.
"""

import math
import re
from collections.abc import Iterator

LONGEST = 230
"""Estimated word pieces of a passage with its title and headings."""
FOREIGN = 130
"""The same in another language than English."""
LEAST = 110
"""Estimated word pieces that a passage may have however long its headings are."""

_TOKEN = re.compile(r"\w+|[^\w\s]")
_RUN = re.compile(r"[^\W\d_]+|\d+|_")
_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+|\n+")


def pieces(text: str) -> int:
    """Estimate how many word pieces a text has.

    >>> pieces("The valve shall be inspected.")
    7
    """
    return sum(_weight(token) for token in _TOKEN.findall(text))


def _weight(token: str) -> int:
    if token.isascii() and token.isalpha() and not (token.isupper() and len(token) > 3):
        return math.ceil(len(token) / 7)
    return sum(_rare(run) for run in _RUN.findall(token)) or 1


def _rare(run: str) -> int:
    """Figures, codes and capitals come in pieces of two or three; a Hangul syllable in two or three, others in one."""
    if run.isascii():
        return math.ceil(len(run) / 2.5)
    return sum(2 if "\uac00" <= letter <= "\ud7a3" else 1 for letter in run)


def tidy(text: str) -> str:
    """Give a text with single blanks, its lines kept: patterns that look at runs of blanks must not meet a million."""
    return _BLANKS.sub(" ", text).strip()


def cut(text: str, limit: int) -> list[str]:
    """Cut a text into parts of about equal size, none above `limit` pieces: between sentences, else between words."""
    whole = pieces(text)
    if whole <= limit:
        return [text]
    even = math.ceil(whole / math.ceil(whole / limit))
    parts: list[str] = []
    held, size = "", 0
    for atom in _atoms(text, limit):
        weight = pieces(atom)
        if held and (size >= even or size + weight > limit):
            parts.append(held)
            held, size = "", 0
        held, size = f"{held} {atom}".strip(), size + weight
    return [*parts, held] if held else parts


def _atoms(text: str, limit: int) -> Iterator[str]:
    """Sentences that fit; of one that does not, words; of a word that does not, slices."""
    for sentence in _SENTENCE.split(text):
        if pieces(sentence) <= limit:
            yield sentence
            continue
        for word in sentence.split():
            # Three pieces at most stand for one letter.
            step = len(word) if pieces(word) <= limit else max(1, limit // 3)
            yield from (word[start : start + step] for start in range(0, len(word), step))

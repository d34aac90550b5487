"""The content words of a text: folded, split, freed of function words, stemmed."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from corpora.stem import stem

FUNCTION_WORDS = frozenset(
    """
    won don doesn isn aren didn wasn weren hasn haven shouldn couldn wouldn t s re ve ll
    a about above after again all also am an and any are as at be because been before being below between both but
    by can could did do does doing done down during each else ever every for from further get gets give given go
    goes got had has have having he her here hers him his how however i if in into is it its itself just kind know
    let like made make many may me might more most much must my near need needed needs no nor of off often ok okay
    on once one only or other our out over own per please same say says shall she should so some still such sure
    take tell than that the their them then there these they this those though through to too under until up upon us
    use used using very want wants was we well were what whats when where whether which while who whom whose why
    will with within would yes yet you your clara find explain mean means thing things
    carry perform conduct handle undertake proceed step steps procedure properly correctly somebody someone anybody
    """.split()
)
"""Words that say nothing about the subject; they are neither searched for nor counted."""

LONGEST_QUERY = 4000
"""Characters of a query that are read; the rest is ignored."""
MOST_TERMS = 48
"""Distinct content words of a query that are searched for."""

CHUNK = re.compile(r"[a-z0-9]+(?:[-/&._'][a-z0-9]+)*")
JOINT = re.compile(r"[-/&._']")
DOTTED = re.compile(r"[a-z]?\.?\d+(?:\.\d+)+")


@dataclass(frozen=True, slots=True)
class Term:
    """One content word of a query."""

    whole: str
    """Stem, or a compound written as one word: "ms9200udls", "drypip", "13.4.5.2"."""
    parts: tuple[str, ...]
    """Stems of a compound's parts, which may stand in for the whole; empty for a simple word."""
    surface: tuple[str, ...]
    """The words as written, for an index that stems by itself."""

    def stands_in(self, stems: AbstractSet[str]) -> bool:
        """Say whether a text with these stems has the word, or every part of it."""
        return self.whole in stems or (bool(self.parts) and all(part in stems for part in self.parts))


def folded(text: str) -> str:
    """Give text in lower case, ligatures and widths normalised, without accents; dashes and quotes made plain."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", plain).replace("\u2019", "'").replace("\u00ad", "")


def chunks(text: str) -> list[str]:
    """Split a text into words and compounds, folded."""
    return CHUNK.findall(folded(text))


def term(chunk: str) -> Term | None:
    """Read one chunk of folded text; None for a function word."""
    chunk = chunk.removesuffix("'s")
    if DOTTED.fullmatch(chunk):
        return Term(chunk, (), (chunk,))
    pieces = tuple(piece for piece in JOINT.split(chunk) if piece)
    kept = tuple(piece for piece in pieces if piece not in FUNCTION_WORDS)
    if not kept:
        return None
    if len(pieces) == 1:
        return Term(stem(kept[0]), (), kept)
    return Term(stem("".join(pieces)), tuple(stem(piece) for piece in kept), kept)


def terms(query: str) -> list[Term]:
    """Give the distinct content words of a query in their order, bounded in number."""
    found: dict[str, Term] = {}
    for chunk in chunks(query[:LONGEST_QUERY]):
        word = term(chunk)
        if word is not None:
            found.setdefault(word.whole, word)
        if len(found) >= MOST_TERMS:
            break
    return list(found.values())


def stems(text: str) -> set[str]:
    """Give every stem of a text, compounds both whole and in parts."""
    found: set[str] = set()
    for chunk in chunks(text):
        word = term(chunk)
        if word is not None:
            found |= {word.whole, *word.parts}
    return found


@dataclass(frozen=True, slots=True)
class Rarity:
    """How rare each stem is in one corpus."""

    count: int
    """Passages in the corpus."""
    frequency: Mapping[str, int]
    """Stem to the number of passages that have it."""

    def weight(self, stem_: str) -> float:
        """Give the inverse document frequency as BM25 has it: ln(1 + (N - n + 0.5) / (n + 0.5))."""
        seen = self.frequency.get(stem_, 0)
        return math.log(1 + (self.count - seen + 0.5) / (seen + 0.5))

    def of(self, word: Term) -> float:
        """Give a query word's weight; a compound nobody wrote whole weighs as its rarest part."""
        if word.parts and word.whole not in self.frequency:
            return max(self.weight(part) for part in word.parts)
        return self.weight(word.whole)

    def weighed(self, words: Iterable[Term]) -> list[tuple[Term, float]]:
        """Give each word with its weight."""
        return [(word, self.of(word)) for word in words]


def standing(weighed: Sequence[tuple[Term, float]], found: AbstractSet[str]) -> frozenset[int]:
    """Give the places of the words that stand in a text with these stems."""
    return frozenset(place for place, (word, _) in enumerate(weighed) if word.stands_in(found))


def coverage(weighed: Sequence[tuple[Term, float]], present: AbstractSet[int]) -> float:
    """Give the share of the words' weight that the words at these places have, 0 to 1; 0 for no words."""
    total = sum(weight for _, weight in weighed)
    return sum(weighed[place][1] for place in sorted(present)) / total if total else 0.0

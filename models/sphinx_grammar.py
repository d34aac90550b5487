"""What Sphinx listens for: a trigram model and a dictionary, made from sentences once and kept on disk."""

import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from models.arpabet import arpabet
from models.errors import EngineError
from models.espeak import Espeak

FORM = "1"
"""To be raised when the same sentences would make other files."""
DISCOUNT = 0.5
"""Probability left for words that never followed: the library's own default."""
DIGITS_OFF = re.compile(r"\(\d+\)\Z")
MOST_WORDS = 100_000
"""Most different words that a dictionary may hold; beyond it a decoder no longer keeps up."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """The two files a decoder reads."""

    language: Path
    """ARPA trigrams."""
    words: Path
    """One pronunciation a line: word, ARPABET phonemes."""


def grammar(folder: Path, revision: str, sentences: Callable[[], Sequence[str]]) -> Grammar:
    """Give the grammar of `sentences` (lower case words, single blanks), made under `folder` when it is not there.

    `sentences` is called only then; another `revision` means other sentences, and what an earlier one made is taken
    away. Raises `EngineError` when there is no sentence or nothing can be written.
    """
    content = (FORM, version("pocketsphinx"), DISCOUNT, revision)
    home = folder / hashlib.sha256(repr(content).encode()).hexdigest()[:16]
    found = Grammar(home / "language.arpa", home / "words.dict")
    try:
        if not (found.language.is_file() and found.words.is_file()):
            _make(home, [sentence for sentence in sentences() if sentence.strip()])
    except OSError as error:
        raise EngineError(f"Sphinx cannot keep its words under {folder}: {error}") from error
    return found


def _make(home: Path, sentences: Sequence[str]) -> None:
    """Write both files into a folder of their own, put in place whole."""
    from pocketsphinx.lm import ArpaBoLM  # type: ignore[import-untyped]

    if not sentences:
        raise EngineError("Sphinx has no sentences to learn from")
    fresh = home.with_suffix(f".{os.getpid()}")
    fresh.mkdir(parents=True, exist_ok=True)
    try:
        language = ArpaBoLM(text="\n".join(sentences), add_start=True, discount_mass=DISCOUNT)
        language.compute()
        # The library's own `write_file` hides a full disk.
        with (fresh / "language.arpa").open("w", encoding="utf-8") as file:
            language.write(file)
        lines = pronounced({word for sentence in sentences for word in sentence.split()})
        (fresh / "words.dict").write_text("\n".join(lines) + "\n", encoding="utf-8")
        shutil.rmtree(home, ignore_errors=True)
        fresh.replace(home)
        for other in home.parent.iterdir():
            if other != home:
                shutil.rmtree(other, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def pronounced(words: Iterable[str]) -> list[str]:
    """Give the dictionary's lines for `words`: the CMU dictionary's where it has the word, else espeak-ng's."""
    wanted = sorted(set(words))
    if len(wanted) > MOST_WORDS:
        raise EngineError(f"{len(wanted):,} words are too many for Sphinx: at most {MOST_WORDS:,}")
    listed = _listed(frozenset(wanted))
    lines: list[str] = []
    for word in wanted:
        ways = listed.get(word) or [arpabet(Espeak.phonemes(word))]
        lines += [f"{word}{f'({place})' if place > 1 else ''} {way}" for place, way in enumerate(ways, 1) if way]
    return lines


def _listed(words: frozenset[str]) -> dict[str, list[str]]:
    """Read the ways in which the CMU dictionary that comes with pocketsphinx says `words`."""
    from pocketsphinx import get_model_path  # type: ignore[import-untyped]

    found: dict[str, list[str]] = {}
    with Path(get_model_path("en-us/cmudict-en-us.dict")).open(encoding="utf-8") as file:
        for line in file:
            word, _, way = line.strip().partition(" ")
            if (plain := DIGITS_OFF.sub("", word)) in words:
                found.setdefault(plain, []).append(way)
    return found

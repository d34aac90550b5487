"""An answer cut into clauses that can be spoken one after the other, the first of them short.

Decisions

- **Cut what is written, not what is said.** Each clause goes through `speak` by itself, so its emphasis is its own.
- **A cut is right when nothing is said otherwise because of it**: the words of the two halves must be those of the
  whole. So no identifier, decimal, section number, "No. 14", list of years or price range is ever torn, whichever
  rule reads it, now or later.
- **Cut where people breathe**: behind a sentence, else behind a comma, semicolon or colon, else before a word that
  begins a clause; within a long first clause, so that sound comes soon, also before a verb or a preposition. Where
  there is no such place the sentence stays whole, however long.
"""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from appliance.mouth.markup import bare
from appliance.mouth.speak import speak

FIRST = 12
"""Spoken words that the first clause should have at most: about four seconds."""
NEXT = 24
"""Spoken words that a later clause should have at most."""
LEAST = 3
"""Spoken words that both sides of a cut must have; a word alone sounds like a stammer."""
END = re.compile(r"(?<=[.!?\u2026])[\"')\]]*\s+(?![a-z(])")
"""Where a sentence may end; "2 in. of pipe" goes on in small letters."""
BREATH = re.compile(r"(?<=[,;:\u2014\u2013])\s+|\s+(?=\()")
"""Where a speaker breathes within a sentence."""
TURN = re.compile(r"\s+(?=(?:and|or|but|so|because|which|where|when|while|until|unless|if|before|after|then)\s)")
"""Before a word that begins a clause."""
PHRASE = re.compile(
    r"\s+(?=(?:is|are|was|were|has|have|must|may|can|needs?|gets?|takes?|asks?|draws?|with|for|from|under|by|at|that|to|of|"
    r"in|on|every)\s)"
)
"""Before a word that begins a phrase: only where the first clause would else be long."""
SHORT = re.compile(
    r"(?:^|[\s(])(?:no|nos|sec|secs|fig|figs|ch|art|para|pp?|rev|ext|vol|approx|max|min|st|dr|mr|mrs|ms|jr|inc|co|vs|e\.g|i\.e|"
    r"tel|dept|bldg|ste|apt|[a-z])\.[\"')\]]*$",
    re.IGNORECASE,
)
"""Abbreviations, and initials, whose full stop ends no sentence."""
PAUSES = re.compile(r"[-,.;:?!'\s]+")


def clauses(text: str, identifiers: Collection[str] = (), first: int = FIRST, later: int = NEXT) -> Iterator[str]:
    """Cut `text` into clauses, in order, none empty; joined by spaces they are the text without its mark-up.

    Each is found when it is asked for. `identifiers` as for `speak`; `first` and `later` are how many spoken words the
    first clause and the others should have at most.
    """
    known = frozenset(identifiers)
    begun = False
    for sentence in sentences(bare(text), known):
        rest = sentence
        while rest:
            ways = (BREATH, TURN) if begun else (BREATH, TURN, PHRASE)
            piece, rest = parted(rest, later if begun else first, ways, known)
            begun = True
            yield piece


def sentences(text: str, identifiers: frozenset[str]) -> Iterator[str]:
    """Give the sentences of a text without mark-up."""
    start = 0
    for match in END.finditer(text):
        before, behind = text[start : match.end()].strip(), text[match.end() :]
        # a cut looks no further than to the next end: enough for every rule, and quick for a long text
        near = END.split(behind, maxsplit=1)[0]
        if not SHORT.search(before) and independent(before, near, identifiers):
            yield before
            start = match.end()
    if last := text[start:].strip():
        yield last


def parted(sentence: str, most: int, ways: tuple[re.Pattern[str], ...], known: frozenset[str]) -> tuple[str, str]:
    """Cut the longest piece off that has at most `most` spoken words, and give the rest; the shortest if all have more.

    Nothing is left of a sentence that cannot be cut.
    """
    if len(words(sentence, known)) <= most:
        return sentence, ""
    for way in ways:
        fitting = [cut for cut in cuts(sentence, way, most, known) if len(words(cut[0], known)) <= most]
        if fitting:
            return fitting[-1]
    return next((cut for way in ways[:2] for cut in cuts(sentence, way, len(sentence), known)), (sentence, ""))


def cuts(sentence: str, way: re.Pattern[str], most: int, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Give the right cuts of one way, shortest piece first, and none whose piece has more written words than `most`."""
    for match in way.finditer(sentence):
        left, right = sentence[: match.start()].strip(), sentence[match.end() :].strip()
        if left.count(" ") >= most:
            return
        if min(len(words(left, known)), len(words(right, known))) >= LEAST and independent(left, right, known):
            yield left, right


def independent(left: str, right: str, identifiers: frozenset[str]) -> bool:
    """Are two halves said by themselves as they are said together, pauses aside?"""
    return words(left, identifiers) + words(right, identifiers) == words(f"{left} {right}", identifiers)


@lru_cache(maxsize=512)
def words(text: str, identifiers: frozenset[str]) -> tuple[str, ...]:
    """Give the words that are spoken for a text, without pauses."""
    return tuple(word for word in PAUSES.split(speak(text, identifiers).casefold()) if word)

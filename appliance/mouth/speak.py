"""The mouth: written text in, words to say out."""

import re
from collections.abc import Collection, Iterator
from functools import lru_cache

from appliance.mouth import calendar, codes, measures, money, symbols
from appliance.mouth.letters import identifier
from appliance.mouth.markup import bare
from appliance.mouth.piece import Piece, Rule
from appliance.mouth.spoken import Spoken

RULES: tuple[Rule, ...] = (
    *money.RULES,
    *symbols.FIRST,
    *calendar.RULES,
    *codes.RULES,
    *measures.RULES,
    *symbols.LAST,
)
"""In order of rank where several match at one place."""
SCAN = re.compile("|".join(f"(?P<r{place}>{rule.pattern.pattern})" for place, rule in enumerate(RULES)))
LEADING = re.compile(r"\b(?:is|are|was|were|be|equals|gives|draws|reads|weighs|needs|takes)\s*\Z")
"""Words after which the figure is what the listener waits for."""
SENTENCE = re.compile(r"[.?!]\s")


class Draft:
    """Spoken text as it grows, with its emphasis."""

    def __init__(self) -> None:
        self.text = ""
        self.emphasis: list[tuple[int, int]] = []
        self.spelled = False
        """Did a rule write the last piece?"""

    def add(self, piece: Piece) -> None:
        """Put `piece` at the end, with the space, bond or pause that belongs before it."""
        said = piece.text
        if not said:
            return
        if said[0] in ".,;:?!":
            self.text = self.text.rstrip()
            said = said.lstrip(",") if self.text.endswith((",", ".", ":", ";", "?", "!")) or not self.text else said
        if self.text.endswith(" ") or not self.text:
            said = said.lstrip()
        elif said[:1].isalnum() and self.text[-1].isalnum():
            said = f" {said}"
        if self.spelled and bonds(self.text, said):
            self.text, said = self.text.rstrip(), f"-{said.lstrip()}"
        if piece.figure and LEADING.search(self.text) and self.first():
            self.text = f"{self.text.rstrip()}, "
        start = len(self.text) + len(said) - len(said.lstrip())
        self.text += said
        self.spelled = not piece.passed
        if piece.figure:
            self.emphasis.append((start, len(self.text.rstrip(" .,"))))

    def first(self) -> bool:
        """Is there no figure yet in this sentence?"""
        ends = [match.end() for match in SENTENCE.finditer(self.text)]
        begin = ends[-1] if ends else 0
        return not any(start >= begin for start, _ in self.emphasis)


def bonds(left: str, right: str) -> bool:
    """Does `left` end in a spelled A that must bond to the word that follows?"""
    return right[:1] == " " and right[1:2].isalpha() and re.search(r"(?:^|[ -])A\Z", left) is not None


@lru_cache(maxsize=32)
def finder(identifiers: frozenset[str]) -> re.Pattern[str]:
    """Give the pattern that finds any of `identifiers`, longest first."""
    names = "|".join(re.escape(name) for name in sorted(identifiers, key=lambda name: (-len(name), name)))
    return re.compile(rf"(?<!\w)(?<!\d[./,-])(?:{names})(?!\w|[./,-]\d)", re.IGNORECASE)


def pieces(text: str, identifiers: Collection[str]) -> Iterator[Piece]:
    """Give the pieces of `text` in order: identifiers, what the rules say, and what passes as it is."""
    known = frozenset(name for name in identifiers if name.strip())
    last = 0
    for match in finder(known).finditer(text) if known else ():
        yield from between(text, last, match.start())
        yield Piece(identifier(match[0]))
        last = match.end()
    yield from between(text, last, len(text))


def between(text: str, start: int, end: int) -> Iterator[Piece]:
    """Give the pieces from `start` to `end`, where no identifier stands."""
    last = start
    for found in SCAN.finditer(text, start, end):
        if found.start() > last:
            yield Piece(text[last : found.start()], passed=True)
        rule = RULES[int(str(found.lastgroup)[1:])]
        match = rule.pattern.match(text, found.start(), end)
        yield rule.say(match) if match else Piece(found[0])
        last = found.end()
    if last < end:
        yield Piece(text[last:end], passed=True)


def say(text: str, identifiers: Collection[str] = ()) -> Spoken:
    """Give the words for `text` and where to stress them.

    `identifiers` are model numbers that stand in it and are to be spelled even where they look like words or figures.
    """
    draft = Draft()
    for piece in pieces(bare(text), identifiers):
        draft.add(piece)
    return Spoken(draft.text.strip(), tuple(draft.emphasis))


def speak(text: str, identifiers: Collection[str] = ()) -> str:
    """Give the words for `text`, for an English voice."""
    return say(text, identifiers).text

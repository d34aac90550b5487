"""Words of a text with their places, and edits upon it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

PATTERN = re.compile(r"[A-Za-z0-9\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]+(?:['\u2019][A-Za-z]+)?")
STRONG_BREAK = re.compile(r"[?!;:()\[\]{}=+<>\u00d7\u221a\"\n]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or alphanumeric piece."""

    text: str
    lower: str
    start: int
    end: int
    gap: str
    """What stands between this and the token before it."""

    @property
    def joined(self) -> bool:
        """No sentence mark stands before it, so it may belong to the token before."""
        return len(self.gap) <= 3 and not STRONG_BREAK.search(self.gap)

    @property
    def loose(self) -> bool:
        """At most a comma, full stop or question mark before it: recognisers put these within a phrase."""
        return self.gap.strip() in ("", "-", ",", ".", "?", "/", "&")

    @property
    def close(self) -> bool:
        """Only spaces, a hyphen, a slash or nothing before it: the same phrase as the token before."""
        return self.gap.strip() in ("", "-", "\u2010", "\u2011", "/", "&")


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of text and what it means."""

    start: int
    end: int
    meant: str
    kind: str
    score: float = 1.0

    def overlaps(self, other: "Edit") -> bool:
        """Do the two share a character?"""
        return self.start < other.end and other.start < self.end


def split(text: str) -> list[Token]:
    """Give the tokens of `text` in order."""
    found: list[Token] = []
    last = 0
    for match in PATTERN.finditer(text):
        word = match.group()
        found.append(Token(word, word.lower(), match.start(), match.end(), text[last : match.start()]))
        last = match.end()
    return found


def choose(edits: Iterable[Edit], rank: Sequence[str] = ()) -> list[Edit]:
    """Keep edits that do not overlap: longest first, then surest, then by the order of kinds in `rank`."""
    order = {kind: place for place, kind in enumerate(rank)}
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: (e.start - e.end, -e.score, order.get(e.kind, len(order)), e.start)):
        if not any(edit.overlaps(other) for other in kept):
            kept.append(edit)
    return sorted(kept, key=lambda e: e.start)


def apply(text: str, edits: Iterable[Edit]) -> tuple[str, list[Edit]]:
    """Give the text with `edits` (sorted, apart) in place, and the same edits at their new places."""
    pieces: list[str] = []
    moved: list[Edit] = []
    last = length = 0
    for edit in edits:
        before = text[last : edit.start]
        pieces += (before, edit.meant)
        start = length + len(before)
        length = start + len(edit.meant)
        moved.append(Edit(start, length, edit.meant, edit.kind, edit.score))
        last = edit.end
    pieces.append(text[last:])
    return "".join(pieces), moved

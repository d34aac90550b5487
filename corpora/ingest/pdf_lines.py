"""Words of a page brought into rows, and rows into running text.

Decisions:
    A hyphen at a line's end is dropped unless the document writes the word with it elsewhere, or both halves stand
    there as words of their own while the whole does not: "all-" "metal" stays apart, "inspec-" "tion" does not.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpora.ingest.blocks import CAPTION, raised, tidy
from corpora.ingest.page import Box
from corpora.ingest.pdf_letters import Style
from corpora.ingest.pdf_words import Word

MOST_KNOWN = 100_000
"""Words remembered of one document."""
LEADERS = "......"
"""What leads to a page number or is to be filled in, however long it is."""

_WORDS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_BROKEN = re.compile(r"(?:^|[\s(/\u201c\"'])([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_OPENS = re.compile(r"[^\W\d_]+")
_FRACTION = re.compile(r"(?<=\d)\s?[/\u2044]\s?(?=\d)")
_LEADERS = re.compile(r"(?:\s?\.){5,}|(?:\s?…){2,}|(?:\s?·){5,}|(?:\s?_){5,}")


_FIGURE = re.compile(
    r"(?:Figure|FIGURE|Fig\.|FIG\.|Example|Listing|Photo|Chart|Exhibit|Abb\.|Abbildung)\s+[A-Z]?[\d.-]*\d[a-z]?(?![\w])"
)


def is_caption(said: str) -> bool:
    """Say whether a text is a caption: "Table 3 Pressures", but not "Table 3 lists the pressures"."""
    found = CAPTION.match(said) or _FIGURE.match(said)
    return found is not None and not said[found.end() :].lstrip(" .:)-\u2013\u2014")[:1].islower()


def around(boxes: Iterable[Box]) -> Box:
    """Give the smallest box around all; there must be one."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


@dataclass(frozen=True, slots=True)
class Line:
    """Words that stand side by side and are read together."""

    words: tuple[Word, ...]
    text: str
    box: Box
    base: float
    style: Style
    """How most of its letters are set."""
    bold: bool
    """Every word of it is."""

    @property
    def width(self) -> float:
        """From left to right, in font sizes."""
        return (self.box[2] - self.box[0]) / self.style.size


def line(words: Sequence[Word]) -> Line:
    """Make a line of words that stand in order; there must be one."""
    weights: Counter[Style] = Counter()
    for word in words:
        weights[word.style] += len(word.text)
    style = weights.most_common(1)[0][0]
    base = next(word.base for word in words if word.style == style)
    lettered = [word for word in words if any(map(str.isalnum, word.text))]
    bold = bool(lettered) and all(word.style.bold for word in lettered)
    return Line(tuple(words), text(words), around(word.box for word in words), base, style, bold)


def rows(words: Sequence[Word]) -> list[list[Word]]:
    """Bring words that share a baseline together, from top to bottom, each row from left to right.

    Args:
        words: Words as the file gives them; one that is glued goes where the one before it goes.
    """
    clumps: list[list[Word]] = []
    for word in words:
        if word.glued and clumps:
            clumps[-1].append(word)
        else:
            clumps.append([word])
    based = sorted(((_main(clump), clump) for clump in clumps), key=lambda pair: (pair[0].base, pair[0].left))
    found: list[tuple[float, list[list[Word]]]] = []
    for main, clump in based:
        if found and main.base - found[-1][0] < 0.4 * main.style.size:
            found[-1][1].append(clump)
        else:
            found.append((main.base, [clump]))
    return [
        [word for clump in sorted(row, key=lambda clump: clump[0].left) for word in clump] for _, row in found
    ]  # fmt: skip


def _main(clump: list[Word]) -> Word:
    """Give the word of a clump that stands on its baseline."""
    return max(clump, key=lambda word: (word.style.size, word.base))


def split(row: Sequence[Word], gap: float) -> list[list[Word]]:
    """Part a row where there is a blank wider than `gap` font sizes."""
    parts: list[list[Word]] = []
    for word in row:
        if parts and (word.glued or word.left - max(w.right for w in parts[-1][-3:]) <= gap * word.style.size):
            parts[-1].append(word)
        else:
            parts.append([word])
    return parts


def text(words: Sequence[Word]) -> str:
    """Give words of one row as text."""
    said = ""
    for place, word in enumerate(words):
        if not place:
            said = word.text
        elif not word.glued:
            said += f" {word.text}"
        else:
            before = words[place - 1]
            up = before.base - word.base > 0.12 * before.style.size and word.style.size < 0.9 * before.style.size
            said += raised(said, word.text) if up and not word.text.startswith("/") else word.text
    return tidy(_LEADERS.sub(f" {LEADERS} ", _FRACTION.sub("/", said)))


@dataclass(slots=True)
class Spelling:
    """What the document's pages so far write, to judge a broken word by."""

    known: set[str] = field(default_factory=set)

    def learn(self, said: str) -> None:
        """Remember the words of a line, but for the one that its end may break."""
        if len(self.known) < MOST_KNOWN:
            whole = _BROKEN.sub("", said) if said.endswith("-") else said
            self.known.update(_WORDS.findall(whole.lower()))

    def flow(self, lines: Iterable[str]) -> str:
        """Join lines to running text."""
        whole = ""
        for said in lines:
            broken = _BROKEN.search(whole) if whole.endswith("-") else None
            opens = _OPENS.match(said)
            if broken and opens and opens.group()[0].islower():
                whole = (whole if self._keeps(broken[1], opens.group()) else whole[:-1]) + said
            elif whole.endswith("-") and said[:1].isalnum() and not whole.endswith((" -", "--")):
                whole += said
            else:
                whole = f"{whole} {said}" if whole else said
        return whole

    def _keeps(self, first: str, second: str) -> bool:
        """Say whether a hyphen between two halves is part of the word."""
        first, second = first.lower(), second.lower()
        if f"{first}-{second}" in self.known:
            return True
        halves = first.rsplit("-", 1)[-1] in self.known and second in self.known
        return halves and first + second not in self.known and min(len(first), len(second)) > 2

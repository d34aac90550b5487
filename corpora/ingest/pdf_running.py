"""Running headers, footers and page numbers: rows at a page's rim that stand on neighbouring pages too.

Decisions:
    A page is held against two before and two after it, since left and right pages differ and chapters change. Figures
    may go up with the pages, no faster, unless words enough are the same: rows of a table are alike but for figures. A
    row that shares nothing but a number that counts the pages repeats too. Rows must stand apart from the text to be
    dropped: the header of a table that goes on over pages repeats at the top as well.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpora.ingest.pdf_lines import around, text
from corpora.ingest.pdf_words import Word

RIM = 0.1
"""Share of the page's height at top and bottom where running rows stand."""
SHIFT = 6.0
"""How far a row may stand from where its neighbour has it, in points."""

_FIGURES = re.compile(r"\d+|\b[ivxl]+\b")
_WORD = re.compile(r"[^\W\d_]{3,}")
_NUMBER = re.compile(
    r"(?:page\s*)?[-\u2013\u2014|]?\s*(?:#(?:\s*(?:-|\u2013|of|/)\s*#)?)\s*[-\u2013\u2014|]?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Rim:
    """A row at a page's rim."""

    key: str
    """Its text in small letters, figures left out."""
    top: float
    bottom: float
    words: tuple[Word, ...]
    numbers: tuple[int, ...]
    """The figures in it."""


@dataclass(frozen=True, slots=True)
class Rims:
    """Rows at the top and at the bottom of a page, the outermost first."""

    index: int
    """Which page it is."""
    top: tuple[Rim, ...]
    bottom: tuple[Rim, ...]
    spans: tuple[tuple[float, float], ...]
    """From where to where each row of the page reaches, from top to bottom."""


def rims(index: int, rows: Sequence[Sequence[Word]], height: float) -> Rims:
    """Take the rows at the rim of a page, of all its rows from top to bottom."""
    spans = [around(word.box for word in row) for row in rows]
    top = [_rim(row) for row, box in zip(rows, spans, strict=True) if box[3] < RIM * height]
    bottom = [_rim(row) for row, box in zip(rows, spans, strict=True) if box[1] > (1 - RIM) * height]
    return Rims(index, tuple(top), tuple(reversed(bottom)), tuple((box[1], box[3]) for box in spans))


def _rim(row: Sequence[Word]) -> Rim:
    box, said = around(word.box for word in row), text(row).lower()
    numbers = tuple(int(found) for found in _FIGURES.findall(said) if found.isdecimal() and len(found) < 9)
    return Rim(_FIGURES.sub("#", said), box[1], box[3], tuple(row), numbers)


def running(page: Rims, others: Iterable[Rims]) -> set[int]:
    """Give the identities of the words in running rows.

    Args:
        page: The page.
        others: Its neighbours.
    """
    near = list(others)
    above = _repeated(page.top, [(other.top, other.index - page.index) for other in near])
    below = _repeated(page.bottom, [(other.bottom, other.index - page.index) for other in near])
    down = [low[0] - high[1] for high, low in pairwise(page.spans)]
    gone = [
        *page.top[: _apart(page.top, above, down)],
        *page.bottom[: _apart(page.bottom, below, down[::-1])],
    ]
    return {id(word) for row in gone for word in row.words}


def _apart(rows: Sequence[Rim], count: int, blanks: Sequence[float]) -> int:
    """Take back of the outermost rows those that no blank parts from what is further in.

    Args:
        rows: Rows, the outermost first.
        count: How many of them may go.
        blanks: Between the page's rows, from this rim inwards.
    """
    while 0 < count <= len(blanks):
        blank, next_blank = blanks[count - 1], blanks[count] if count < len(blanks) else 0.0
        if blank > max(0.35 * rows[count - 1].words[0].style.size, 1.3 * next_blank):
            return count
        count -= 1
    return count


def _repeated(rows: Sequence[Rim], others: Sequence[tuple[Sequence[Rim], int]]) -> int:
    """Count the outermost rows that repeat on other pages, so many pages on."""
    count = 0
    for row in rows:
        if not _NUMBER.fullmatch(row.key) and not any(
            _again(row, other, ahead) for neighbour, ahead in others for other in neighbour
        ):
            break
        count += 1
    return count


def _again(row: Rim, other: Rim, ahead: int) -> bool:
    """Say whether a row stands on another page too, its figures the same or counting pages, or is numbered like one."""
    if abs(other.top - row.top) > SHIFT:
        return False
    if other.key == row.key and len(other.numbers) == len(row.numbers):
        slow = all(abs(high - low) <= abs(ahead) for low, high in zip(row.numbers, other.numbers, strict=True))
        return slow or len(_WORD.findall(row.key)) >= 3
    ends = {*row.numbers[:1], *row.numbers[-1:]}
    return _is_numbered(row) and _is_numbered(other) and any(number + ahead in other.numbers for number in ends)


def _is_numbered(row: Rim) -> bool:
    """Say whether a row begins or ends with a number standing alone, as with its page's."""
    return row.key.startswith("# ") or row.key.endswith(" #") or row.key == "#"

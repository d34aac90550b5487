"""Tables without ruled columns: rows whose words stand apart in the same places.

Decisions:
    Three rows whose blanks line up make a table, two where level lines are drawn about them. Rows that lead to a page
    number with dots are a table of contents, and rows that open with a bullet or a number are a list.
    A row that fills fewer cells than the one above, close below it, goes on with it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from corpora.ingest.page import Box
from corpora.ingest.pdf_cells import Entry, Found, box_of, pitch
from corpora.ingest.pdf_lines import LEADERS, is_caption, split, text
from corpora.ingest.pdf_order import Row
from corpora.ingest.pdf_rules import Line
from corpora.ingest.pdf_words import Word

GAP = 0.9
"""Blank that parts cells, in font sizes; justified text seldom has wider ones."""
ALIGNED = 0.65
"""Share of a column's cells that must begin, end or be centred in one place."""
NARROWEST = 2.0
"""Blank that may part columns, in points, once cells are apart."""
REACH = 0.2
"""Share of a cell that stands in a column for it to be there."""

MARKER = re.compile(
    r"[\u2022\u2023\u25a0-\u25ff\u2043\u2219\u25e6\u2013\u2014\u2192\u27a2\u2713\u2714\u2605\uf0a7\uf0b7\uf06e\uf0a8·*\u2610-\u2612-]"
    r"|o|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]|(?:step|note)\s\d{0,2}:?",
    re.IGNORECASE,
)
"""Opens an item of a list, standing alone."""


@dataclass(frozen=True, slots=True)
class _Parts:
    """A row and the cells that its blanks make of it."""

    row: Row
    cells: list[list[Word]]

    @property
    def base(self) -> float:
        return min(word.base for cell in self.cells for word in cell)


def tables(rows: Sequence[Row], level: Sequence[Line]) -> list[tuple[int, int, Found]]:
    """Find the tables among the rows of one column.

    Args:
        rows: From top to bottom.
        level: Level lines on the page.

    Returns:
        First row, row past the last, and the table.
    """
    parted = [_parts(row) for row in rows]
    found: list[tuple[int, int, Found]] = []
    for start, end in _groups(parted):
        group = parted[start:end]
        cuts = _cuts(group)
        if cuts and _is_table(group, cuts, level):
            entries = _entries(group, cuts, level)
            if len(entries) > 1:
                found.append((start, end, Found(entries, box_of([w for part in group for w in part.row.words]))))
    return found


def _parts(row: Row) -> _Parts:
    cells = split(row.words, GAP) if row.table is None else []
    if len(cells) > 1 and MARKER.fullmatch(text(cells[0])):
        cells = [[*cells[0], *cells[1]], *cells[2:]]
    return _Parts(row, cells)


def _groups(parted: Sequence[_Parts]) -> list[tuple[int, int]]:
    """Give runs of rows that may be a table: rows with several cells, and single ones close between them."""
    groups: list[tuple[int, int]] = []
    start: int | None = None
    end = 0
    for place, part in enumerate(parted):
        said = text(part.row.words) if len(part.cells) > 1 else ""
        several = said and LEADERS not in said and not is_caption(said)
        if start is not None and (not part.cells or not _near(parted[place - 1], part) or place - end >= 4):
            groups.append((start, end))
            start = None
        if several:
            start, end = place if start is None else start, place + 1
            if place == start:
                end = place + 1
    if start is not None:
        groups.append((start, end))
    return [(first, _with_last(parted, first, past)) for first, past in groups if past - first > 1]


def _near(above: _Parts, below: _Parts) -> bool:
    """Say whether a row follows closely enough to belong to the same table."""
    if not above.cells or not below.cells:
        return False
    size = max(above.cells[0][0].style.size, below.cells[0][0].style.size)
    return below.base - above.base < 3.2 * size


def _with_last(parted: Sequence[_Parts], first: int, past: int) -> int:
    """Take in a last row that only goes on with one cell of the row above."""
    if past >= len(parted) or len(parted[past].cells) != 1:
        return past
    cell, size = parted[past].cells[0], parted[past].cells[0][0].style.size
    steps = [low.base - high.base for high, low in pairwise(parted[first:past])]
    close = parted[past].base - parted[past - 1].base < min(1.35 * size, 0.95 * max(steps, default=0))
    left = min(part.row.box[0] for part in parted[first:past])
    return past + 1 if close and cell[0].left > left + 2 * size else past


def _cuts(group: Sequence[_Parts]) -> list[float]:
    """Give where blanks run down through the rows; a row in ten may cross them, and headers that span."""
    several = [part for part in group if len(part.cells) > 1]
    body = _spans(several[1:] if len(several) > 3 else several)
    most = len(several) // 10
    places: list[tuple[float, int, float]] = []
    every = _spans(several)
    for low, high in pairwise(sorted({edge for span in every for edge in span})):
        middle = (low + high) / 2
        if _crossing(body, middle) <= most and high - low > NARROWEST:
            places.append((middle, _crossing(every, middle), low - high))
    return _apart(places, body)


def _spans(parts: Sequence[_Parts]) -> list[tuple[float, float]]:
    return [(cell[0].left, max(word.right for word in cell)) for part in parts for cell in part.cells]


def _crossing(spans: Sequence[tuple[float, float]], at: float) -> int:
    return sum(left < at < right for left, right in spans)


def _apart(places: Sequence[tuple[float, int, float]], spans: Sequence[tuple[float, float]]) -> list[float]:
    """Keep one cut between neighbouring columns: the least crossed, the one in the widest blank."""
    blanks: list[list[tuple[float, int, float]]] = []
    for place in places:
        if blanks and not any(blanks[-1][-1][0] < (left + right) / 2 < place[0] for left, right in spans):
            blanks[-1].append(place)
        else:
            blanks.append([place])
    cuts = [min(blank, key=lambda place: place[1:])[0] for blank in blanks]
    middles = [(left + right) / 2 for left, right in spans]
    return [cut for cut in cuts if min(middles) < cut < max(middles)]


def _columns(cells: Sequence[Sequence[Word]], cuts: Sequence[float]) -> list[list[Word]]:
    """Put the words of a row into columns; a cell that reaches well into several stands in each."""
    bounds = [float("-inf"), *cuts, float("inf")]
    columns: list[list[Word]] = [[] for _ in range(len(cuts) + 1)]
    for cell in cells:
        left, right = cell[0].left, max(word.right for word in cell)
        within = [min(right, high) - max(left, low) for low, high in pairwise(bounds)]
        covered = [place for place, width in enumerate(within) if width > REACH * (right - left)]
        merged = [*(word for place in covered for word in columns[place]), *cell]
        for place in covered:
            columns[place] = merged
    return columns


def _is_table(group: Sequence[_Parts], cuts: Sequence[float], level: Sequence[Line]) -> bool:
    several = [part for part in group if len(part.cells) > 1]
    box = box_of([word for part in group for word in part.row.words])
    drawn = len(_within(level, box)) >= 2
    if len(several) < (2 if drawn else 3) or len(several) * 3 < len(group):
        return False
    if all(word.style.mono for part in several for word in part.row.words):
        return False
    placed = [_columns(part.cells, cuts) for part in several]
    columns = [[cell for cell in column if cell] for column in zip(*placed, strict=True)]
    if any(len(column) * (3 if drawn else 2) < len(several) for column in columns[:2]):
        return False
    if not drawn and len(cuts) == 1 and _reads_on(columns[0]):
        return False
    return all(_lined_up(column) for column in columns if len(column) > 1)


def _reads_on(cells: Sequence[Sequence[Word]]) -> bool:
    """Say whether a first column is rather the beginning of sentences."""
    return median(len(text(cell)) for cell in cells) > 60


def _lined_up(cells: Sequence[Sequence[Word]]) -> bool:
    """Say whether most cells of a column begin, end or are centred in one place."""
    size = cells[0][0].style.size
    boxes = [box_of(cell) for cell in cells]
    ways = ([box[0] for box in boxes], [box[2] for box in boxes], [(box[0] + box[2]) / 2 for box in boxes])
    return any(
        max(sum(abs(place - other) < 0.4 * size for other in places) for place in places) >= ALIGNED * len(places)
        for places in ways
    )


def _within(level: Sequence[Line], box: Box) -> list[Line]:
    """Give the level lines that run through or along most of a table."""
    width = box[2] - box[0]
    return [
        line
        for line in level
        if box[1] - 12 < line.at < box[3] + 12 and min(line.end, box[2]) - max(line.start, box[0]) > 0.7 * width
    ]


def _entries(group: Sequence[_Parts], cuts: Sequence[float], level: Sequence[Line]) -> list[Entry]:
    """Make rows of the table: by its level lines where they part most rows, else by which rows go on with others."""
    box = box_of([word for part in group for word in part.row.words])
    lines = sorted(line.at for line in _within(level, box))
    bands = {sum(at < part.base - 2 for at in lines) for part in group}
    ruled = len(bands) > 3 or (len(bands) > 1 and len(bands) == len(group))
    steps = [low.base - high.base for high, low in pairwise(group)]
    usual = pitch([part.base for part in group])
    entries: list[Entry] = []
    for place, part in enumerate(group):
        cells = _columns(part.cells, cuts)
        crossed = place > 0 and any(group[place - 1].base - 2 <= at < part.base - 2 for at in lines)
        if entries and not crossed and (ruled or _goes_on(entries[-1], cells, steps[place - 1], usual)):
            entries[-1] = _merged(entries[-1], cells)
        else:
            entries.append(Entry(cells, part.row.box))
    return entries


def _goes_on(above: Entry, cells: Sequence[Sequence[Word]], step: float, usual: float) -> bool:
    """Say whether a row goes on with the cells of the one above."""
    size = next(word.style.size for cell in cells for word in cell)
    full = [place for place, cell in enumerate(cells) if cell]
    if any(not above.cells[place] for place in full) or len(full) == len(cells):
        return False
    tight = step < 1.4 * size and step <= 1.05 * usual
    return tight and (full[0] > 0 or step < 0.85 * usual) and len(full) * 2 <= len(cells) + 1


def _merged(above: Entry, cells: Sequence[list[Word]]) -> Entry:
    joined = [[*one, *other] for one, other in zip(above.cells, cells, strict=True)]
    return Entry(joined, box_of([word for cell in joined for word in cell]))

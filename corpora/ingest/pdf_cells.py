"""A table's cells, however they were found, made into a `Table`: header, rows, title and where each row stands.

Decisions:
    A header is told by what the page shows (bold or shaded rows above plain ones), else by what its cells say.
    One slot that holds several rows of figures, as where only the columns are ruled, is parted into those rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpora.ingest.blocks import CAPTION, header_depth, is_figure
from corpora.ingest.page import Box, Table
from corpora.ingest.pdf_grid import Grid, filled
from corpora.ingest.pdf_lines import Line, Spelling, around, line, rows
from corpora.ingest.pdf_words import Frame, Word

MOST_HEADER_ROWS = 4
FEWEST_CELLS = 4
"""Cells with something in them; a frame with fewer is a page's layout."""


@dataclass(slots=True)
class Entry:
    """One row: the words of each cell; a cell that spans columns or rows holds the same list in each."""

    cells: list[list[Word]]
    box: Box


@dataclass(slots=True)
class Found:
    """A table as it was found on a page."""

    entries: list[Entry]
    box: Box
    title: str = ""
    notes: list[str] = field(default_factory=list)
    shaded: int = 0
    """How many rows at the top are shaded and no others."""

    @property
    def words(self) -> list[Word]:
        """Every word in it, once."""
        return list({id(word): word for entry in self.entries for cell in entry.cells for word in cell}.values())


def of_grid(grid: Grid, words: Sequence[Word], shades: Sequence[Box]) -> Found | None:
    """Take a ruled table's cells; None when so little stands in them that it is a frame or a drawing."""
    held = filled(grid, words)
    across, down = len(grid.columns) - 1, len(grid.rows) - 1
    entries: list[Entry] = []
    for row in range(down):
        cells = [held.get(grid.cells[row, column], []) for column in range(across)]
        box = grid.columns[0], grid.rows[row], grid.columns[-1], grid.rows[row + 1]
        entries += _parted(Entry(cells, box))
    entries = _even(entries)
    if len(entries) < 2 or len(entries[0].cells) < 2:
        return None
    full = len({id(cell) for entry in entries for cell in entry.cells if cell})
    if full < FEWEST_CELLS or full * 4 < len(entries) * len(entries[0].cells):
        return None
    return Found(entries, grid.box, shaded=_shaded(entries, shades))


def _even(entries: Sequence[Entry]) -> list[Entry]:
    """Drop rows and columns that are empty throughout or that repeat the one before, word for word."""
    kept = [entry for place, entry in enumerate(entries) if any(entry.cells) and not _again(entries, place)]
    if not kept:
        return []
    columns = list(zip(*(entry.cells for entry in kept), strict=True))
    wanted = [
        place
        for place, column in enumerate(columns)
        if any(column) and (place == 0 or any(a is not b for a, b in zip(column, columns[place - 1], strict=True)))
    ]
    return [Entry([entry.cells[place] for place in wanted], entry.box) for entry in kept]


def _again(entries: Sequence[Entry], place: int) -> bool:
    """Say whether a row holds nothing but cells that reach into it from the row above."""
    return place > 0 and all(
        not cell or cell is above for cell, above in zip(entries[place].cells, entries[place - 1].cells, strict=True)
    )


def _parted(entry: Entry) -> list[Entry]:
    """Part a slot row into the rows of figures that stand in it."""
    if any(word.tall for cell in entry.cells for word in cell):
        return [entry]
    distinct = {id(cell): [line(row) for row in rows(cell)] for cell in entry.cells if cell}
    counts = sorted((len(lines) for lines in distinct.values()), reverse=True)
    if not counts or counts[0] < 2 or counts.count(counts[0]) < 2:
        return [entry]
    leads = [lines for lines in distinct.values() if len(lines) == counts[0]]
    deep = counts[0] >= 3
    figures = [said for lines in leads for said in lines if is_figure(said.text) or (deep and len(said.words) == 1)]
    aligned = all(_aligned(leads[0], lines) for lines in leads)
    enough = len(leads) >= 3 or (deep and len(leads) * 2 >= len(distinct))
    if not aligned or not enough or len(figures) < 0.6 * sum(map(len, leads)):
        return [entry]
    return _by_lines(entry, [row.base for row in leads[0]], leads[0][0].style.size)


def _aligned(one: Sequence[Line], other: Sequence[Line]) -> bool:
    return all(abs(a.base - b.base) < 0.35 * a.style.size for a, b in zip(one, other, strict=True))


def _by_lines(entry: Entry, bases: Sequence[float], size: float) -> list[Entry]:
    """Part a row at its lines; a cell with fewer lines than the others spans the rows if it stands between them."""
    parted: list[Entry] = []
    for place, base in enumerate(bases):
        own = {
            id(cell): [word for word in cell if _nearest(bases, word.base) == place]
            for cell in entry.cells
            if _spread(cell, bases, size)
        }
        cells = [own.get(id(cell), cell) for cell in entry.cells]
        top = entry.box[1] if place == 0 else (bases[place - 1] + base) / 2 - 0.3 * size
        bottom = entry.box[3] if place + 1 == len(bases) else (base + bases[place + 1]) / 2 - 0.3 * size
        parted.append(Entry(cells, (entry.box[0], top, entry.box[2], bottom)))
    return parted


def _nearest(bases: Sequence[float], base: float) -> int:
    return min(range(len(bases)), key=lambda place: abs(bases[place] - base))


def _spread(cell: Sequence[Word], bases: Sequence[float], size: float) -> bool:
    """Say whether a cell's lines stand on the rows' lines."""
    return all(min(abs(word.base - base) for base in bases) < 0.35 * size for word in cell if not word.glued)


def _shaded(entries: Sequence[Entry], shades: Sequence[Box]) -> int:
    """Count the shaded rows at the top; 0 when rows further down are shaded too."""
    marks = [_is_shaded(entry, shades) for entry in entries]
    depth = marks.index(False) if False in marks else 0
    return 0 if any(marks[depth:]) else depth


def _is_shaded(entry: Entry, shades: Sequence[Box]) -> bool:
    words = [word for cell in entry.cells for word in cell]
    return bool(words) and all(any(_inside(word.box, shade) for shade in shades) for word in words)


def _inside(box: Box, other: Box) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return other[0] <= x <= other[2] and other[1] <= y <= other[3]


def halved(found: Found) -> list[Found]:
    """Part a table of four columns that is two lists of names and values side by side, each perhaps with a name."""
    if len(found.entries[0].cells) != 4 or len(found.entries) < 3:
        return [found]
    first = found.entries[0].cells
    named = bool(first[0] and first[2] and not first[1] and not first[3])
    entries = found.entries[named:]
    if not named and (_bold(entries[0]) or found.shaded):
        return [found]
    texts = [[" ".join(word.text for word in cell) for cell in entry.cells] for entry in entries]
    if header_depth(texts) or any(entry.cells[1] is entry.cells[2] and entry.cells[1] for entry in entries):
        return [found]
    names = [row[place] for row in texts for place in (0, 2) if row[place]]
    values = [row[place] for row in texts for place in (1, 3) if row[place]]
    if any(map(is_figure, names)) or sum(map(is_figure, values)) * 5 < len(values) * 2:
        return [found]
    titles = [" ".join(word.text for word in first[place]) if named else found.title for place in (0, 2)]
    return [_half(found, entries, place, title) for place, title in zip((0, 2), titles, strict=True)]


def _half(found: Found, entries: Sequence[Entry], place: int, title: str) -> Found:
    kept = [
        Entry(cells, box_of([*cells[0], *cells[1]]))
        for cells in (entry.cells[place : place + 2] for entry in entries)
        if any(cells)
    ]
    return Found(kept, around(entry.box for entry in kept), title, list(found.notes))


def table(found: Found, spelling: Spelling, frame: Frame, before: Table | None = None) -> Table:
    """Make a table of its cells.

    Args:
        found: The table.
        spelling: To join broken words by.
        frame: In which it was found.
        before: The table that it may go on with, from the page before.
    """
    texts = [[said(cell, spelling) for cell in entry.cells] for entry in found.entries]
    title, boxes = found.title, [entry.box for entry in found.entries]
    bold = [_bold(entry) for entry in found.entries]
    if len(texts) > 2 and len(set(texts[0])) == 1 and len(texts[0]) > 1 and len(texts[0][0]) < 150:
        # One cell across all columns at the top names the table.
        title = f"{title}. {texts[0][0]}" if title else texts[0][0]
        texts, boxes, bold = texts[1:], boxes[1:], bold[1:]
        found.shaded = max(found.shaded - 1, 0)
    shown = _shown(texts, bold, found.shaded)
    depth = shown or _guessed(texts)
    header = _header(texts[:depth])
    if before and len(texts[0]) == len(before.header) and (not title or _same_title(title, before.title)):
        if not shown and header != before.header:
            depth, header = 0, before.header
        if header == before.header:
            title = before.title
    body = tuple(tuple(row) for row in texts[depth:])
    return Table(header, body, title, tuple(found.notes), tuple(frame.shown(box) for box in boxes[depth:]))


def _header(texts: Sequence[Sequence[str]]) -> tuple[str, ...]:
    return tuple(" / ".join(dict.fromkeys(filter(None, column))) for column in zip(*texts, strict=True))


def _same_title(one: str, other: str) -> bool:
    first, second = CAPTION.match(one), CAPTION.match(other)
    return bool(first and second and first.group() == second.group())


def said(cell: Sequence[Word], spelling: Spelling) -> str:
    """Give the text of a cell; letters that stand sideways come first."""
    tall = [word for word in cell if word.tall]
    flat = [word for word in cell if not word.tall]
    lines = [" ".join(word.text for word in tall)] if tall else []
    return spelling.flow([*lines, *(line(row).text for row in rows(flat))])


def _bold(entry: Entry) -> bool:
    words = [word for cell in entry.cells for word in cell if any(map(str.isalnum, word.text))]
    return bool(words) and all(word.style.bold for word in words)


def _shown(texts: Sequence[Sequence[str]], bold: Sequence[bool], shaded: int) -> int:
    """Give how many rows at the top are set as the header; 0 when nothing shows it."""
    dark = bold.index(False) if False in bold else 0
    depth = max(dark, shaded)
    return depth + _divided(texts, depth) if 0 < depth <= MOST_HEADER_ROWS and depth < len(texts) else 0


def _guessed(texts: Sequence[Sequence[str]]) -> int:
    depth = header_depth(texts[:60])
    return depth if depth < len(texts) else 0


def _divided(texts: Sequence[Sequence[str]], depth: int) -> int:
    """Count a plain row below the header that divides one of its cells: 1 or 0."""
    last, below = texts[depth - 1], texts[depth]
    spans = any(a and a == b for a, b in pairwise(last))
    return int(spans and depth + 1 < len(texts) and not any(map(is_figure, below)) and sum(map(bool, below)) > 1)


def pitch(bases: Sequence[float]) -> float:
    """Give the usual step from row to row; 0 when there is one row."""
    steps = [low - high for high, low in pairwise(bases)]
    return median(steps) if steps else 0.0


def box_of(words: Sequence[Word]) -> Box:
    """Give the box around words."""
    return around(word.box for word in words)

"""Tables ruled with lines: the cells that the lines enclose, and the words in them.

Decisions:
    Lines that touch belong together; two columns and two rows make a table, less makes a frame around something.
    A shaded cell's rim counts as lines, so that a header that is only shaded belongs to the table below it.
    A line missing between two cells merges them. Where the rim is open at a side, the level lines' ends close it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpora.ingest.page import Box
from corpora.ingest.pdf_rules import Line, Rules
from corpora.ingest.pdf_words import Word

NEAR = 3.0
"""Lines that lie this close are one, in points."""
MOST_SLOTS = 6_000
"""Cells of one table; more is a drawing on squared paper."""
MOST_CROSSINGS = 1_000_000
"""Level times upright lines of a page; more is a drawing."""
MOST_SHADES = 400
"""Shaded shapes on a page; more make a picture."""

Cell = tuple[int, int]
"""Row and column."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Places of a table's lines, and which of the slots between them make one cell."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]
    cells: dict[Cell, Cell]
    """Each slot to the slot at the top left of the cell that it is part of."""

    @property
    def box(self) -> Box:
        """Left, top, right, bottom."""
        return self.columns[0], self.rows[0], self.columns[-1], self.rows[-1]

    @property
    def is_even(self) -> bool:
        """Nearly every cell is a rectangle; in a drawing few are."""
        corners: dict[Cell, list[Cell]] = defaultdict(list)
        for slot, first in self.cells.items():
            corners[first].append(slot)
        odd = 0
        for slots in corners.values():
            (top, left), (bottom, right) = map(min, zip(*slots, strict=True)), map(max, zip(*slots, strict=True))
            odd += len(slots) < (bottom - top + 1) * (right - left + 1)
        return odd * 10 <= len(corners)

    def cell(self, word: Word) -> Cell | None:
        """Give the cell in which a word's middle lies; None when it stands outside."""
        left, top, right, bottom = word.box
        column = bisect_right(self.columns, (left + right) / 2) - 1
        row = bisect_right(self.rows, (top + bottom) / 2) - 1
        return self.cells.get((row, column))


def grids(rules: Rules) -> list[Grid]:
    """Find the tables that lines make, from top to bottom."""
    shades = [shade for shade in rules.shades if shade[2] - shade[0] >= 15 and shade[3] - shade[1] >= 7]
    if len(shades) > MOST_SHADES:
        shades = []
    level = joined([*rules.level, *(Line(shade[edge], shade[0], shade[2]) for shade in shades for edge in (1, 3))])
    upright = joined([*rules.upright, *(Line(shade[edge], shade[1], shade[3]) for shade in shades for edge in (0, 2))])
    if len(level) * len(upright) > MOST_CROSSINGS:
        return []
    # Shades alone may be every other row of a table, of which `pdf_gaps` sees the whole.
    drawn = {*joined(rules.level), *joined(rules.upright)}
    found = [_grid(*group) for group in _touching(level, upright) if _has(group, drawn)]
    return sorted((grid for grid in found if grid), key=lambda grid: (grid.box[1], grid.box[0]))


def joined(lines: Iterable[Line]) -> list[Line]:
    """Join lines in one place that overlap or nearly meet, as where a program rules cell by cell."""
    places: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.at):
        if places and line.at - places[-1][0].at <= NEAR / 2:
            places[-1].append(line)
        else:
            places.append([line])
    joined: list[Line] = []
    for place in places:
        at = sum(line.at for line in place) / len(place)
        start, end = float("inf"), float("-inf")
        for line in sorted(place, key=lambda line: line.start):
            if line.start > end + NEAR and end > start:
                joined.append(Line(at, start, end))
                start, end = line.start, line.end
            start, end = min(start, line.start), max(end, line.end)
        joined.append(Line(at, start, end))
    return joined


def _touching(level: list[Line], upright: list[Line]) -> list[tuple[list[Line], list[Line]]]:
    """Group lines that touch one another, directly or through others."""
    leader = _Leaders(len(level) + len(upright))
    for one, across in enumerate(level):
        for other, down in enumerate(upright, len(level)):
            if (
                across.start - NEAR <= down.at <= across.end + NEAR
                and down.start - NEAR <= across.at <= down.end + NEAR
            ):
                leader.join(one, other)
    groups: dict[int, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for place, line in enumerate(level):
        groups[leader.of(place)][0].append(line)
    for place, line in enumerate(upright, len(level)):
        groups[leader.of(place)][1].append(line)
    return list(groups.values())


def _has(group: tuple[list[Line], list[Line]], drawn: set[Line]) -> bool:
    """Say whether any line of a group was drawn as one, or lies where such a line does."""
    return any(
        abs(line.at - real.at) <= NEAR and line.start - NEAR <= real.start and real.end <= line.end + NEAR
        for line in (*group[0], *group[1])
        for real in drawn
    )


class _Leaders:
    """Which things belong together; the first of each group leads it."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def of(self, thing: int) -> int:
        while self._above[thing] != thing:
            self._above[thing] = self._above[self._above[thing]]
            thing = self._above[thing]
        return thing

    def join(self, one: int, other: int) -> None:
        first, second = sorted((self.of(one), self.of(other)))
        self._above[second] = first


def _grid(level: list[Line], upright: list[Line]) -> Grid | None:
    if not level or not upright:
        return None
    columns = _places(
        [*(line.at for line in upright), min(line.start for line in level), max(line.end for line in level)]
    )
    rows = _places(
        [*(line.at for line in level), min(line.start for line in upright), max(line.end for line in upright)]
    )
    across, down = len(columns) - 1, len(rows) - 1
    if across < 2 or down < 2 or across * down > MOST_SLOTS:
        return None
    leader = _Leaders(across * down)
    for row in range(down):
        middle = (rows[row] + rows[row + 1]) / 2
        for column in range(across):
            centre = (columns[column] + columns[column + 1]) / 2
            slot = row * across + column
            if column + 1 < across and not _drawn(upright, columns[column + 1], middle):
                leader.join(slot, slot + 1)
            if row + 1 < down and not _drawn(level, rows[row + 1], centre):
                leader.join(slot, slot + across)
    cells = {divmod(slot, across): divmod(leader.of(slot), across) for slot in range(across * down)}
    grid = Grid(tuple(columns), tuple(rows), cells)
    return grid if grid.is_even else None


def _places(values: Iterable[float]) -> list[float]:
    """Give places in order, those that lie close as one."""
    kept: list[float] = []
    for value in sorted(values):
        if not kept or value - kept[-1] > NEAR:
            kept.append(value)
    return kept


def _drawn(lines: Sequence[Line], at: float, through: float) -> bool:
    return any(abs(line.at - at) <= NEAR and line.start - 1 <= through <= line.end + 1 for line in lines)


def filled(grid: Grid, words: Sequence[Word]) -> dict[Cell, list[Word]]:
    """Give the words of each cell that has any; a glued word goes where the one before it goes."""
    found: dict[Cell, list[Word]] = defaultdict(list)
    last: Cell | None = None
    for word in words:
        last = last if word.glued and last else grid.cell(word)
        if last:
            found[last].append(word)
    return found

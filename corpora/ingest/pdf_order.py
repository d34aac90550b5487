"""Reading order: a page's rows parted into columns wherever a blank runs down between two bodies of running text.

Decisions:
    Columns are cut where they are sure: a blank strip over three rows and more with lines of text on both sides. What
    spans the strip above or below stays whole, and each side is looked at again, so three columns and a title work.
    Cells of a table stand in columns too; they are no text: they are short, lines are drawn between their rows, or
    blanks run between their rows across.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from corpora.ingest.pdf_lines import split
from corpora.ingest.pdf_rules import Line
from corpora.ingest.pdf_words import Word

BIN = 2.0
"""Width of the strips that are looked at, in points."""
PAD = 0.25
"""Blank beside a word that belongs to it, in font sizes."""
NARROWEST = 0.35
"""Width of a blank between columns beyond the pads of its words, in font sizes."""
FEWEST_ROWS = 3
SHORTEST = 9.0
"""Median of the lines of running text, in font sizes."""
TRIES = 6
DEEPEST = 8
"""Columns within columns."""


@dataclass(frozen=True, slots=True)
class Row:
    """Words on one baseline, or something that stands in a row's place."""

    words: tuple[Word, ...]
    box: tuple[float, float, float, float]
    table: int | None = None
    """Which ruled table stands here."""


@dataclass(frozen=True, slots=True)
class _Band:
    """Rows `start` to `end` (past the last) are parted at `at`."""

    start: int
    end: int
    at: float


def regions(rows: Sequence[Row], level: Sequence[Line] = (), depth: int = 0) -> list[list[Row]]:
    """Part rows into regions of one column each.

    Args:
        rows: From top to bottom.
        level: Level lines on the page.
        depth: How often these have been parted already.

    Returns:
        Regions in the order in which they are read, each with its rows from top to bottom.
    """
    band = _band(rows, level) if depth < DEEPEST else None
    if band is None:
        return [list(rows)] if rows else []
    left, right = _parted(rows[band.start : band.end], band.at)
    return [
        *regions(rows[: band.start], level, depth + 1),
        *regions(left, level, depth + 1),
        *regions(right, level, depth + 1),
        *regions(rows[band.end :], level, depth + 1),
    ]


def _parted(rows: Sequence[Row], at: float) -> tuple[list[Row], list[Row]]:
    sides: tuple[list[Row], list[Row]] = [], []
    for row in rows:
        if row.table is not None:
            sides[row.box[0] > at].append(row)
            continue
        for side in (0, 1):
            words = tuple(word for word in row.words if (word.left > at) == side)
            if words:
                sides[side].append(Row(words, _around(words)))
    return sides


def _around(words: Sequence[Word]) -> tuple[float, float, float, float]:
    boxes = [word.box for word in words]
    return (
        min(box[0] for box in boxes), min(box[1] for box in boxes),
        max(box[2] for box in boxes), max(box[3] for box in boxes),
    )  # fmt: skip


def _band(rows: Sequence[Row], level: Sequence[Line]) -> _Band | None:
    """Find the best place to part rows into two columns of text."""
    if len(rows) < FEWEST_ROWS:
        return None
    size = median([word.style.size for row in rows for word in row.words] or [10.0])
    low = min(row.box[0] for row in rows)
    covered = _covered(rows, low, max(row.box[2] for row in rows))
    score, last = _scores(covered)
    for _ in range(TRIES):
        strip = int(score.argmax())
        if score[strip] < FEWEST_ROWS:
            return None
        first, past = _widest(score, last, strip)
        if (past - first) * BIN >= NARROWEST * size:
            band = _trimmed(rows, covered, (first + past) // 2, int(last[strip]), low)
            if band and _is_text(rows[band.start : band.end], band.at, level):
                return band
        score[first:past] = 0
    return None


def _covered(rows: Sequence[Row], low: float, high: float) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Say which strips each row covers."""
    covered = np.zeros((len(rows), int((high - low) / BIN) + 2), dtype=np.bool_)
    for place, row in enumerate(rows):
        spans = [(word.left, word.right, PAD * word.style.size) for word in row.words] or [
            (row.box[0], row.box[2], 0.0)
        ]
        for left, right, pad in spans:
            covered[place, max(int((left - pad - low) / BIN), 0) : int((right + pad - low) / BIN) + 1] = True
    return covered


def _scores(
    covered: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]",
) -> tuple["np.ndarray[tuple[int], np.dtype[np.int_]]", "np.ndarray[tuple[int], np.dtype[np.int_]]"]:
    """Give for each strip how many rows it parts at most in one run that nothing crosses, and that run's last row.

    Rows beside the strip count on either side, since columns need not share baselines; the fewer side is the score.
    """
    before = np.logical_or.accumulate(covered, axis=1)
    after = np.logical_or.accumulate(covered[:, ::-1], axis=1)[:, ::-1]
    strips = covered.shape[1]
    best, last = np.zeros(strips, dtype=np.int_), np.zeros(strips, dtype=np.int_)
    left, right = np.zeros(strips, dtype=np.int_), np.zeros(strips, dtype=np.int_)
    for place in range(len(covered)):
        free = ~covered[place]
        left = np.where(free, left + before[place], 0)
        right = np.where(free, right + after[place], 0)
        both = np.minimum(left, right)
        better = both > best
        best[better], last[better] = both[better], place
    return best, last


def _widest(
    score: "np.ndarray[tuple[int], np.dtype[np.int_]]", last: "np.ndarray[tuple[int], np.dtype[np.int_]]", strip: int
) -> tuple[int, int]:
    """Give the strips around one that part nearly as much."""
    enough = score[strip] * 0.9
    first = past = strip
    while first > 0 and score[first - 1] >= enough and abs(last[first - 1] - last[strip]) <= 3:
        first -= 1
    while past < len(score) and score[past] >= enough and abs(last[past] - last[strip]) <= 3:
        past += 1
    return first, past


def _trimmed(
    rows: Sequence[Row], covered: "np.ndarray[tuple[int, int], np.dtype[np.bool_]]", strip: int, last: int, low: float
) -> _Band | None:
    """Give the rows around `last` that nothing crosses; what stands alone on the left is no part if far away."""
    at = low + (strip + 0.5) * BIN
    start, end = last, last + 1
    while start > 0 and not covered[start - 1, strip]:
        start -= 1
    while end < len(rows) and not covered[end, strip]:
        end += 1
    ends = [place for place in range(start, end) if covered[place, strip:].any()]
    if not ends:
        return None
    place = ends[-1] + 1
    while place < end and rows[place].box[1] - rows[place - 1].box[3] < 0.8 * (rows[place].box[3] - rows[place].box[1]):
        place += 1
    while start + 1 < place and start > 0 and not covered[start, strip:].any() and _closer_above(rows, start):
        start += 1
    return _Band(start, place, at)


def _closer_above(rows: Sequence[Row], place: int) -> bool:
    """Say whether a row stands nearer to the one above than to the one below, as the end of a heading does."""
    return rows[place].box[1] - rows[place - 1].box[3] < 0.9 * (rows[place + 1].box[1] - rows[place].box[3])


def _is_text(rows: Sequence[Row], at: float, level: Sequence[Line]) -> bool:
    """Say whether both sides of a strip are running text, not cells."""
    top, bottom = min(row.box[1] for row in rows), max(row.box[3] for row in rows)
    if sum(line.start < at < line.end and top < line.at < bottom for line in level) > 1:
        return False
    for side in _parted(rows, at):
        wide = [_widest_part(row) for row in side if row.table is None]
        if len(side) < FEWEST_ROWS or (wide and median(wide) < SHORTEST):
            return False
    return not _rows_part_together(rows, at)


def _widest_part(row: Row) -> float:
    """Give the width of the widest words of a row between wide blanks, in font sizes."""
    return max((part[-1].right - part[0].left) / part[0].style.size for part in split(row.words, 1.2))


def _rows_part_together(rows: Sequence[Row], at: float) -> bool:
    """Say whether blanks run across both sides again and again, as between the rows of a table with long cells."""
    both = [row.table is None and row.box[0] < at < row.box[2] for row in rows]
    fewer = min(sum(row.box[0] < at for row in rows), sum(row.box[2] > at for row in rows))
    if sum(both) < 0.85 * fewer:
        # Lines of text stand where their own column puts them.
        return False
    pitches = [low.box[3] - high.box[3] for high, low in pairwise(rows)]
    usual = sorted(pitches)[len(pitches) // 4]
    starts = [place + 1 for place, pitch in enumerate(pitches) if pitch > 1.25 * usual]
    pieces = len(starts) + 1
    return pieces >= 4 and sum(both[start] for start in starts) >= 0.8 * len(starts) and len(rows) / pieces < 6

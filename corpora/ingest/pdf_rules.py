"""Lines that a PDF's page draws level or upright: what tables are ruled with.

Decisions:
    A filled bar less than three points thick is a line; the rim of a larger filled shape is none unless it is drawn.
    Filled shapes are given beside the lines, since shading tells a header from the rows.
    Only what is drawn is given: a white line hides, and a path used for clipping shows nothing.
    A page with more than `MOST_PIECES` pieces of path is a drawing; what comes after them is not looked at.
"""

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from corpora.ingest.page import Box
from corpora.ingest.pdf_words import LARGEST, Frame

if TYPE_CHECKING:
    import pypdfium2

MOST_PIECES = 20_000
THIN = 3.0
"""Thickest bar that counts as a line, in points."""
SHORTEST = 4.0
"""Shortest line of a table, in points."""
DEEPEST = 6
"""Forms within forms."""

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A level or upright line: its place across, and from where to where it runs, in points of the frame."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Rules:
    """What a page draws beside its text."""

    level: tuple[Line, ...] = ()
    upright: tuple[Line, ...] = ()
    shades: tuple[Box, ...] = ()
    """Filled shapes that are not white."""
    pictures: tuple[Box, ...] = ()


def rules(page: "pypdfium2.PdfPage", frame: Frame) -> Rules:
    """Read what a page draws.

    Args:
        page: The page.
        frame: Its frame, in which all places are given.
    """
    import pypdfium2.raw

    return _Drawing(pypdfium2.raw, frame).read(page)


class _Drawing:
    """A walk over a page's objects; keeps the buffers that every call needs."""

    def __init__(self, raw: Any, frame: Frame) -> None:
        self._raw = raw
        self._frame = frame
        self._left = MOST_PIECES
        self._x, self._y = ctypes.c_float(), ctypes.c_float()
        self._level: list[Line] = []
        self._upright: list[Line] = []
        self._shades: list[Box] = []
        self._pictures: list[Box] = []

    def read(self, page: "pypdfium2.PdfPage") -> Rules:
        raw = self._raw
        for index in range(raw.FPDFPage_CountObjects(page.raw)):
            self._object(raw.FPDFPage_GetObject(page.raw, index), (1, 0, 0, 1, 0, 0), 0)
            if self._left <= 0:
                break
        return Rules(tuple(self._level), tuple(self._upright), tuple(self._shades), tuple(self._pictures))

    def _object(self, thing: Any, outer: Matrix, depth: int) -> None:
        raw = self._raw
        kind = raw.FPDFPageObj_GetType(thing)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            self._path(thing, _product(self._matrix(thing), outer))
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            matrix = _product(self._matrix(thing), outer)
            corners = [_moved(matrix, x, y) for x, y in ((0, 0), (1, 0), (0, 1), (1, 1))]
            self._pictures.append(self._box(corners))
        elif kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = _product(self._matrix(thing), outer)
            for index in range(raw.FPDFFormObj_CountObjects(thing)):
                self._object(raw.FPDFFormObj_GetObject(thing, index), inner, depth + 1)
                if self._left <= 0:
                    return

    def _path(self, thing: Any, matrix: Matrix) -> None:
        raw = self._raw
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(thing, fill, stroke)
        self._left -= max(raw.FPDFPath_CountSegments(thing), 1)
        drawn = stroke.value and self._seen(thing, raw.FPDFPageObj_GetStrokeColor)
        filled = fill.value and self._seen(thing, raw.FPDFPageObj_GetFillColor)
        if not drawn and not filled:
            return
        for points, straight in self._outlines(thing, matrix):
            if drawn:
                for (x0, y0), (x1, y1) in pairwise(points):
                    self._line(self._box([(x0, y0), (x1, y1)]), 1.0)
            if filled and straight and len(points) >= 4:
                self._filled(self._box(points))

    def _filled(self, box: Box) -> None:
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            self._line(box, THIN)
        elif box[3] - box[1] >= 5 and all(map(self._near, box)):
            self._shades.append(box)

    def _line(self, box: Box, thick: float) -> None:
        left, top, right, bottom = box
        if not all(map(self._near, box)):
            return
        if bottom - top <= thick and right - left >= SHORTEST:
            self._level.append(Line((top + bottom) / 2, left, right))
        elif right - left <= thick and bottom - top >= SHORTEST:
            self._upright.append(Line((left + right) / 2, top, bottom))

    @staticmethod
    def _near(place: float) -> bool:
        """Say whether a place can be on the page; broken files draw beyond any number."""
        return -LARGEST < place < LARGEST

    def _outlines(self, thing: Any, matrix: Matrix) -> Iterator[tuple[list[Point], bool]]:
        """Give the points of each outline of a path, and whether it has no curves; a curve parts the outline."""
        raw = self._raw
        points: list[Point] = []
        straight = True
        for index in range(min(raw.FPDFPath_CountSegments(thing), MOST_PIECES)):
            piece = raw.FPDFPath_GetPathSegment(thing, index)
            raw.FPDFPathSegment_GetPoint(piece, self._x, self._y)
            kind = raw.FPDFPathSegment_GetType(piece)
            if kind != raw.FPDF_SEGMENT_LINETO and points:
                yield points, straight
                points, straight = [], kind == raw.FPDF_SEGMENT_MOVETO
            points.append(_moved(matrix, self._x.value, self._y.value))
            if raw.FPDFPathSegment_GetClose(piece):
                points.append(points[0])
        if points:
            yield points, straight

    def _matrix(self, thing: Any) -> Matrix:
        found = self._raw.FS_MATRIX()
        self._raw.FPDFPageObj_GetMatrix(thing, found)
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _seen(self, thing: Any, colour: Callable[..., Any]) -> bool:
        """Say whether a colour shows on white paper."""
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not colour(thing, red, green, blue, alpha):
            return True
        return alpha.value > 12 and min(red.value, green.value, blue.value) < 250

    def _box(self, points: list[Point]) -> Box:
        xs, ys = [point[0] for point in points], [point[1] for point in points]
        return self._frame.place(min(xs), min(ys), max(xs), max(ys))


def _moved(matrix: Matrix, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _product(inner: Matrix, outer: Matrix) -> Matrix:
    """Give the matrix that first does what the inner one does."""
    a, b = _moved((*outer[:4], 0, 0), inner[0], inner[1])
    c, d = _moved((*outer[:4], 0, 0), inner[2], inner[3])
    return a, b, c, d, *_moved(outer, inner[4], inner[5])

"""Sheets: Excel workbooks (XLSX) and tables of separated values (CSV, TSV), row after row, values as they are shown.

Decisions:
    openpyxl's read-only mode streams a sheet but does not tell its merged cells; those are looked up beforehand.
    A blank row ends a table. What follows it without a header of its own goes on under the last one.
    Formulas are never computed: the value that the program last saved is read.
"""

import csv
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

from corpora.errors import IngestError
from corpora.ingest.blocks import MOST_COLUMNS, PART_ROWS, even, header_depth, parts, table, tidy
from corpora.ingest.figures import shown
from corpora.ingest.package import package
from corpora.ingest.page import About, Block, Page
from corpora.ingest.plain import lines
from corpora.ingest.sniff import delimiter

if TYPE_CHECKING:
    from openpyxl.reader.excel import ExcelReader

LOOKED_AT = 12
"""Rows of a table in which its title and header are looked for."""
MOST_MERGES = 20_000

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


class Sheet:
    """Reader of XLSX."""

    def about(self, path: Path, /) -> About:
        """Read title, author and date from the workbook's properties."""
        reader = _opened(path, whole=False)
        said = reader.wb.properties
        reader.archive.close()
        date = said.modified or said.created
        return About(
            title=tidy(said.title or ""),
            author=tidy(said.creator or "").removeprefix("openpyxl"),
            date=date.date().isoformat() if date else "",
            language=(said.language or "")[:12],
        )

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read each sheet as a page under its name; a very long one as several."""
        return islice(_sheets(path), first - 1, None)


class Separated:
    """Reader of CSV and TSV."""

    def about(self, path: Path, /) -> About:  # noqa: ARG002 (such a file says nothing of itself)
        """Give nothing: such a file says nothing of itself."""
        return About()

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read the table."""
        return islice(parts(tables(_separated(path))), first - 1, None)


def _opened(path: Path, *, whole: bool) -> "ExcelReader":
    """Open a workbook, or only what it says of itself: a sheet without a size is measured by reading it."""
    from openpyxl.reader.excel import ExcelReader
    from openpyxl.utils.exceptions import InvalidFileException

    package(path).close()
    try:
        with warnings.catch_warnings():
            # It warns of what it does not keep when it writes; nothing is written here.
            warnings.simplefilter("ignore")
            reader = ExcelReader(str(path), read_only=True, keep_links=False, data_only=True)
            if whole:
                reader.read()
            else:
                reader.read_manifest()
                reader.read_workbook()
                reader.read_properties()
    except (InvalidFileException, KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise IngestError(f"{path}: is no readable Excel workbook ({error}); save it again as XLSX") from error
    return reader


def _sheets(path: Path) -> Iterator[Page]:
    reader = _opened(path, whole=True)
    places = {sheet.name: relation.target for sheet, relation in reader.parser.find_sheets()}
    try:
        for sheet in reader.wb.worksheets:
            sheet.reset_dimensions()
            merges = _merges(reader.archive, places.get(sheet.title, ""))
            rows = ([_shown(cell) for cell in row[:MOST_COLUMNS]] for row in sheet.iter_rows())
            yield from parts(tables(merges.fill(rows)), label=tidy(sheet.title))
    except (KeyError, ValueError, TypeError, SyntaxError) as error:
        raise IngestError(f"{path}: has a damaged sheet ({error}); save it again as XLSX") from error
    finally:
        reader.archive.close()


def _shown(cell: "object") -> str:
    value = getattr(cell, "value", None)
    return "" if value is None else tidy(shown(value, getattr(cell, "number_format", "General")))


@dataclass(slots=True)
class _Merges:
    """The merged cells of a sheet, by their first row."""

    spans: dict[int, list[tuple[int, int, int]]]
    """First row to last row, first and last column of each merge; rows from 1, columns from 0."""
    open: list[tuple[int, int, int, str]] = field(default_factory=list)
    """Merges that the row at hand is within: last row, first and last column, text."""

    def fill(self, rows: Iterable[list[str]]) -> Iterator[list[str]]:
        """Repeat what stands in a merge's first cell in all of its cells."""
        for number, row in enumerate(rows, 1):
            self.open = [merge for merge in self.open if merge[0] >= number]
            for last, left, right in self.spans.get(number, ()):
                if text := row[left] if left < len(row) else "":
                    self.open.append((last, left, min(right, MOST_COLUMNS - 1), text))
            for _, left, right, text in self.open:
                row.extend([""] * (right + 1 - len(row)))
                row[left : right + 1] = [text] * (right + 1 - left)
            yield row


def _merges(archive: ZipFile, name: str) -> _Merges:
    """Look for merged cells in a sheet's part, which stand behind all of its rows."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    if name not in archive.namelist():
        return _Merges(found)
    count, kept = 0, b""
    with archive.open(name) as part:
        while (piece := part.read(1 << 16)) and count < MOST_MERGES:
            kept += piece
            end = 0
            for merge in _MERGE.finditer(kept):
                span = (int(merge[4]), _column(merge[1]), _column(merge[3]))
                found.setdefault(int(merge[2]), []).append(span)
                end, count = merge.end(), count + 1
            kept = kept[max(end, len(kept) - 200) :]
    return _Merges(found)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _separated(path: Path) -> Iterator[list[str]]:
    rows = lines(path)
    sample = list(islice(rows, 200))
    sign = delimiter("".join(sample))
    if sample and (said := re.fullmatch(r"sep=(.)\s*", sample[0])):
        sign, sample = said[1], sample[1:]
    reader = csv.reader(chain(sample, rows), delimiter=sign)
    try:
        for row in reader:
            yield [tidy(cell) for cell in row[:MOST_COLUMNS]]
    except csv.Error as error:
        raise IngestError(f"{path}: line {reader.line_num} breaks the table ({error}); check its quotes") from error


def tables(rows: Iterable[Sequence[str]]) -> Iterator[Block]:
    """Find the tables in a sheet's rows, with their titles and headers."""
    header: list[tuple[str, ...]] = []
    for blank, run in groupby(rows, key=lambda row: not any(row)):
        if blank:
            continue
        rest = iter(run)
        titles, first = _opening(rest)
        yield from (Block("paragraph", title) for title in (titles[:-1] if first else titles))
        if not first:
            continue
        width = max(map(len, first))
        level = [(*row, *[""] * (width - len(row))) for row in first]
        depth = header_depth(even(level), likely=True)
        if depth or not header or len(header[0]) != width:
            header = level[:depth]
        yield from _long(header, chain(level[depth:], rest), titles[-1] if titles else "")


def _opening(rows: Iterator[Sequence[str]]) -> tuple[list[str], list[Sequence[str]]]:
    """Take the lines above a table, which fill one cell each, and the table's first rows."""
    titles: list[str] = []
    first = list(islice(rows, LOOKED_AT))
    while first and len({cell for cell in first[0] if cell}) == 1:
        titles.append(next(cell for cell in first.pop(0) if cell))
        first += islice(rows, 1)
    return titles, first


def _long(header: Sequence[Sequence[str]], rows: Iterator[Sequence[str]], title: str) -> Iterator[Block]:
    while batch := list(islice(rows, PART_ROWS)):
        if made := table([*header, *batch], header_rows=len(header), title=title):
            yield made

"""PDF: pages of text in reading order, with headings, lists, captions and tables, read through PDFium.

words (`pdf_words`) → rows (`pdf_lines`) without running ones (`pdf_running`) → ruled tables (`pdf_rules`, `pdf_grid`)
→ columns (`pdf_order`) → unruled tables (`pdf_gaps`) → blocks (`pdf_blocks`), by how the document is set (`pdf_style`).

Decisions:
    PDFium alone, through pypdfium2, with order and tables worked out here. Measured by `tests.bench.extraction` on two
    shared cores: text like the groundtruth of seven sample files .967 in the median (PDFium's own order .966 without
    tables or headings, edgeparse .918, pdfplumber .898); of 105 questions over made datasheets this answers 105 by the
    one right cell (on the 31 made after it was written, 27 at first), edgeparse 57 and pdfplumber 19 where the right
    row need only hold the answer. A page takes 28 ms of processor time; pdfplumber takes two to eight times as long.
    Pages around a page are read before it is given, since what runs over pages shows only there.
    A file whose end is missing is refused: PDFium would give the pages that it can mend and not say what is lost.
"""

import re
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.errors import IngestError
from corpora.ingest import ocr, pdf_gaps
from corpora.ingest.blocks import tidy
from corpora.ingest.page import About, Block, Page, Table
from corpora.ingest.pdf_blocks import Setting, blocks
from corpora.ingest.pdf_cells import Found, halved, of_grid, table
from corpora.ingest.pdf_grid import grids, joined
from corpora.ingest.pdf_lines import Line, Spelling, around, line, rows, text
from corpora.ingest.pdf_order import Row, regions
from corpora.ingest.pdf_rules import Line as Rule
from corpora.ingest.pdf_rules import Rules, rules
from corpora.ingest.pdf_running import Rims, rims, running
from corpora.ingest.pdf_style import Manner, manner, plain
from corpora.ingest.pdf_words import Frame, Word, frame_and_words

if TYPE_CHECKING:
    import pypdfium2

SCANNED_LETTERS = 20
"""A page with a picture and fewer letters is a scan."""
SAMPLED = 12
"""Pages looked at before the first is given, to see how the document is set."""
AROUND = 2
"""Pages before and after a page that tell what runs over pages."""
MOST_BOOKMARKS = 20_000
TAIL = 1 << 16
"""Bytes at the end where a whole file says where its contents are."""

_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")


class Pdf:
    """Reader of PDF."""

    def about(self, path: Path, /) -> About:
        """Read what the document's information says, and its number of pages."""
        with _opened(path) as document:
            said = document.get_metadata_dict()
            return About(
                title=tidy(said.get("Title", "")),
                author=tidy(said.get("Author", "")),
                date=_date(said.get("ModDate") or said.get("CreationDate") or ""),
                language=_language(document),
                pages=len(document),
            )

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read page after page, holding the words of `2 * AROUND + 1`."""
        with _opened(path) as document:
            yield from _Reading(path, document).pages(max(first, 1) - 1)


def _opened(path: Path) -> "pypdfium2.PdfDocument":
    """Open a document; raises IngestError when it cannot be read."""
    import pypdfium2
    from pypdfium2.raw import FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY

    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begins = file.read(1024)
            file.seek(max(0, size - TAIL))
            ends = file.read()
    except OSError as error:
        raise IngestError(f"{path}: cannot be opened: {error.strerror}") from error
    if not size:
        raise IngestError(f"{path}: is empty; download or save it again")
    if b"%PDF-" not in begins:
        raise IngestError(f"{path}: is no PDF; give it the ending of what it is")
    if b"startxref" not in ends:
        raise IngestError(f"{path}: is cut short; download or copy it again")
    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {FPDF_ERR_PASSWORD, FPDF_ERR_SECURITY}:
            raise IngestError(f"{path}: is locked with a password; save it without one") from error
        raise IngestError(f"{path}: is damaged and cannot be opened; download or save it again") from error


def _date(said: str) -> str:
    """Give a PDF's date as ISO 8601.

    >>> _date("D:20171211093519-06'00'"), _date("D:2017"), _date("yesterday")
    ('2017-12-11', '2017', '')
    """
    found = _DATE.match(said)
    return "-".join(filter(None, found.groups())) if found else ""


def _language(document: "pypdfium2.PdfDocument") -> str:
    import ctypes

    from pypdfium2.raw import FPDF_WCHAR, FPDFCatalog_GetLanguage

    buffer = ctypes.create_string_buffer(64)
    count = FPDFCatalog_GetLanguage(document.raw, ctypes.cast(buffer, ctypes.POINTER(FPDF_WCHAR)), 64)
    return buffer.raw[: max(min(count, 64) - 2, 0)].decode("utf-16-le", "replace")[:12]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page before its rows are understood."""

    index: int
    frame: Frame
    words: list[Word]
    letters: int
    rules: Rules
    rims: Rims


class _Reading:
    """One walk through a document."""

    def __init__(self, path: Path, document: "pypdfium2.PdfDocument") -> None:
        self._path = path
        self._document = document
        self._count = len(document)
        self._spelling = Spelling()
        self._outline = _outline(document)
        self._how = Manner()
        self._before: Table | None = None
        """The table with which the page before ended."""

    def pages(self, first: int) -> Iterator[Page]:
        """Give the pages from an index on."""
        self._how = self._sampled()
        held: deque[_Sheet] = deque()
        upcoming = max(first - AROUND, 0)
        for index in range(first, self._count):
            while upcoming < min(index + AROUND + 1, self._count):
                # A page that cannot be read is told when its turn comes, not while it is a neighbour.
                with suppress(IngestError):
                    held.append(self._sheet(upcoming))
                upcoming += 1
            while held and held[0].index < index - AROUND:
                held.popleft()
            sheet = next((sheet for sheet in held if sheet.index == index), None) or self._sheet(index)
            yield self._page(sheet, [other.rims for other in held if other.index != index])

    def _sampled(self) -> Manner:
        """See how the document is set, from pages spread over it."""
        step = max(self._count / SAMPLED, 1)
        places = sorted({int(step * place) for place in range(SAMPLED) if int(step * place) < self._count})
        lines: list[Line] = []
        for place in places:
            with suppress(IngestError):
                lines += [line(row) for row in rows(self._sheet(place).words)]
        return manner(lines)

    def _sheet(self, index: int) -> _Sheet:
        """Read a page's words and lines."""
        import pypdfium2

        try:
            page = self._document[index]
        except pypdfium2.PdfiumError as error:
            raise IngestError(f"{self._path}: page {index + 1} is damaged; download or save the file again") from error
        try:
            frame, words, letters = frame_and_words(page)
            drawn = rules(page, frame)
        except IngestError as error:
            raise IngestError(f"{self._path}: {error}; see page {index + 1}") from error
        finally:
            page.close()
        found = rows(words)
        for row in found:
            self._spelling.learn(text(row))
        return _Sheet(index, frame, words, letters, drawn, rims(index, found, frame.size[1]))

    def _page(self, sheet: _Sheet, others: list[Rims]) -> Page:
        width, height = sheet.frame.shown_size
        marks = self._outline.get(sheet.index, ())
        page = Page(
            (), sheet.index + 1, self._document.get_page_label(sheet.index), round(width, 2), round(height, 2),
            outline=tuple(marks),
        )  # fmt: skip
        if sheet.letters < SCANNED_LETTERS and sheet.rules.pictures:
            return self._scanned(page)
        gone = running(sheet.rims, others)
        words = [word for word in sheet.words if id(word) not in gone]
        setting = Setting(self._how, self._spelling, {plain(title): level for level, title in marks})
        found = [block for region in _regions(words, sheet.rules) for block in blocks(region, setting)]
        return replace(page, blocks=tuple(self._finished(found, sheet.frame)))

    def _scanned(self, page: Page) -> Page:
        """Recognise a page's picture, where that is possible."""
        if not ocr.available():
            return replace(page, scanned=True)
        sheet = self._document[(page.number or 1) - 1]
        try:
            scale = ocr.DOTS_PER_INCH / 72 * min(1, 20e6 / max(page.width * page.height * (300 / 72) ** 2, 1)) ** 0.5
            picture = sheet.render(scale=scale, grayscale=True).to_pil()
        finally:
            sheet.close()
        try:
            found = ocr.blocks(picture, 1 / scale)
        except IngestError as error:
            raise IngestError(f"{self._path}: page {page.number}: {error}") from error
        return replace(page, blocks=tuple(found), scanned=True, ocr=True)

    def _finished(self, found: list[Block | Found], frame: Frame) -> Iterator[Block]:
        """Give blocks as displayed, tables made, one that goes on from the page before with its header."""
        before, self._before = self._before, None
        parted = [half for block in found for half in (halved(block) if isinstance(block, Found) else [block])]
        for place, block in enumerate(parted):
            if isinstance(block, Found):
                made = table(block, self._spelling, frame, before if place == 0 else None)
                self._before = made if place == len(parted) - 1 else None
                yield Block("table", "", box=frame.shown(block.box), table=made)
            else:
                yield replace(block, box=frame.shown(block.box) if block.box else None)


def _outline(document: "pypdfium2.PdfDocument") -> dict[int, list[tuple[int, str]]]:
    """Give the bookmarks of each page."""
    found: dict[int, list[tuple[int, str]]] = {}
    for place, mark in enumerate(document.get_toc(max_depth=10)):
        if place >= MOST_BOOKMARKS:
            break
        target = mark.get_dest()
        index = target.get_index() if target else None
        title = tidy(mark.get_title())
        if index is not None and title:
            found.setdefault(index, []).append((mark.level + 1, title))
    return found


def _regions(words: list[Word], drawn: Rules) -> Iterator[list[Row | Found]]:
    """Part a page into columns, the tables in them found."""
    ruled: list[Found] = []
    used: set[int] = set()
    for grid in grids(drawn) if words else []:
        inside = [word for word in words if id(word) not in used and grid.cell(word)]
        found = of_grid(grid, inside, drawn.shades)
        if found:
            ruled.append(found)
            used |= {id(word) for word in inside}
    placed = [Row(tuple(row), around(w.box for w in row)) for row in rows([w for w in words if id(w) not in used])]
    placed += [Row((), found.box, place) for place, found in enumerate(ruled)]
    placed.sort(key=lambda row: row.box[1] if row.table is not None else row.box[3] - 1)
    level = joined(drawn.level)
    for region in regions(placed, level):
        yield _with_tables(region, ruled, level)


def _with_tables(region: list[Row], ruled: list[Found], level: list[Rule]) -> list[Row | Found]:
    made: list[Row | Found] = []
    past = 0
    for start, end, found in pdf_gaps.tables(region, level):
        made += [*_known(region[past:start], ruled), found]
        past = end
    return [*made, *_known(region[past:], ruled)]


def _known(rows_: list[Row], ruled: list[Found]) -> Iterator[Row | Found]:
    for row in rows_:
        yield row if row.table is None else ruled[row.table]

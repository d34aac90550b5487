"""What is read off PDFs, and how fast: `python -m tests.bench.extraction [--peer]`.

Text: for each sample file, the share of letters that are the same, in order, as in its groundtruth (indel similarity of
the texts without blanks, markup and dot leaders). Tables: questions answered of those in `tests.fakes`, the right cell
on the right page. Speed: a manual of 200 pages with headings, prose in one and two columns and a table on every third
page, through the bounded process as `add` reads it.

With `--peer`, pypdfium2's own text, pdfplumber and edgeparse are measured in the same run, where they are installed.
They are given the benefit of the doubt in tables: the answer counts when the row that is asked for holds it anywhere.
"""

import importlib.util
import random
import re
import resource
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rapidfuzz.distance import Indel
from rich.console import Console
from rich.table import Table

from corpora.ingest.blocks import tidy
from corpora.ingest.page import Block, Page
from corpora.ingest.pdf import Pdf
from corpora.ingest.worker import read
from tests.fakes import datasheets, manuals
from tests.fakes.datasheets import LOREM, Question

SAMPLES = Path(__file__).parents[3] / "shared/data/pdf/docling_samples"
PAGES = 200
Rows = list[tuple[int, list[str]]]
"""Page and cells of every row of a file's tables."""

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_MARK = re.compile(r"^(?:[#\-*>]+|\|?[ \-:|]+\|?$)\s*", re.MULTILINE)
_LEADERS = re.compile(r"(?:[\s|]*\.){4,}|(?:\\?_){4,}")


def letters(text: str, *, markdown: bool = False) -> str:
    """Leave of a text what is compared: its letters, figures and signs."""
    text = _LEADERS.sub(" ", unicodedata.normalize("NFKC", text))
    if markdown:
        text = _MARK.sub("", _COMMENT.sub("", text)).replace("|", " ").replace("```", "").replace("\\_", "_")
        text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"\s+", "", text)


def plain(block: Block) -> str:
    """A block's text, a table's cells included."""
    if block.table is None:
        return block.text
    whole = block.table
    return "\n".join([whole.title, *(" ".join(row) for row in (whole.header, *whole.rows)), *whole.notes])


def ours(path: Path) -> tuple[str, Rows]:
    """Text and rows as the reader gives them."""
    pages = list(Pdf().pages(path))
    rows = [
        (page.number or 0, list(row))
        for page in pages
        for block in page.blocks
        if block.table
        for row in block.table.rows
    ]
    return "\n".join(plain(block) for page in pages for block in page.blocks), rows


def pypdfium2(path: Path) -> tuple[str, Rows]:
    """Text in the order of the file; there are no tables."""
    import pypdfium2 as library

    with library.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document), []


def pdfplumber(path: Path) -> tuple[str, Rows]:
    """Text and tables as pdfplumber finds them by default."""
    import pdfplumber as library

    with library.open(path) as document:
        text = "\n".join(page.extract_text() for page in document.pages)
        return text, [
            (number, [tidy(cell or "") for cell in row])
            for number, page in enumerate(document.pages, 1)
            for table in page.extract_tables()
            for row in table
        ]


def edgeparse(path: Path) -> tuple[str, Rows]:
    """Text and tables as they stand in its Markdown, page by page."""
    import edgeparse as library

    pages = range(1, (Pdf().about(path).pages or 1) + 1)
    said = [library.convert(str(path), format="markdown", pages=str(page)) for page in pages]
    rows = [
        (page, [tidy(cell) for cell in line.strip().strip("|").split("|")])
        for page, text in zip(pages, said, strict=True)
        for line in text.splitlines()
        if line.strip().startswith("|")
    ]
    return letters("\n".join(said), markdown=True), rows


PEERS: dict[str, Callable[[Path], tuple[str, Rows]]] = {
    "pypdfium2": pypdfium2, "pdfplumber": pdfplumber, "edgeparse": edgeparse,
}  # fmt: skip


def holds(rows: Rows, question: Question) -> bool:
    """Say whether a row that is asked for holds the answer, on the right page."""
    wanted = [tidy(text) for text in (question.row, question.also, question.answer) if text]
    return any(page == question.page and all(text in cells for text in wanted) for page, cells in rows)


def exact(path: Path, questions: list[Question]) -> int:
    """Count the questions that our tables answer by one cell, the right one."""
    from tests.corpora.ingest.test_pdf_tables import wrong

    return len(questions) - len(wrong(list(Pdf().pages(path)), questions))


def texts(readers: dict[str, Callable[[Path], tuple[str, Rows]]]) -> Table:
    """Similarity and seconds per page of each sample file."""
    table = Table("file", "pages", *(f"{name} (s/page)" for name in readers), title="text, share alike")
    shares: dict[str, list[float]] = {name: [] for name in readers}
    for path in sorted(SAMPLES.glob("*.pdf")):
        truth = letters((SAMPLES / "groundtruth" / f"{path.stem}.md").read_text(), markdown=True)
        pages = Pdf().about(path).pages or 1
        cells = []
        for name, reader in readers.items():
            begun = time.perf_counter()
            said, _ = reader(path)
            spent = time.perf_counter() - begun
            shares[name].append(Indel.normalized_similarity(letters(said), truth))
            cells.append(f"{shares[name][-1]:.3f} ({spent / pages:.3f})")
        table.add_row(path.stem, str(pages), *cells)
    table.add_row("median", "", *(f"{median(found):.3f}" for found in shares.values() if found))
    return table


def tables(folder: Path, readers: dict[str, Callable[[Path], tuple[str, Rows]]]) -> Table:
    """Questions answered off each made datasheet."""
    table = Table("datasheet", "asked", "exactly", *readers, title="tables, questions answered")
    sums = [0] * (len(readers) + 2)
    for name, make in {**datasheets.MAKERS, **manuals.MAKERS}.items():
        path = folder / f"{name}.pdf"
        questions = make(path)
        found = [
            sum(holds(rows, question) for question in questions)
            for _, rows in (read_(path) for read_ in readers.values())
        ]
        counts = [len(questions), exact(path, questions), *found]
        sums = [one + other for one, other in zip(sums, counts, strict=True)]
        table.add_row(name, *map(str, counts))
    table.add_row("all", *map(str, sums))
    return table


def make(path: Path) -> None:
    """Write the manual."""
    chance = random.Random(3)
    pdf = datasheets.fresh()
    for number in range(1, PAGES + 1):
        if number > 1:
            pdf.add_page()
        datasheets.heading(pdf, f"{number // 10 + 1}.{number % 10 + 1} {' '.join(chance.choices(LOREM.split(), k=4))}")
        top = pdf.get_y()
        if number % 3 == 0:
            datasheets.prose(pdf, 5)
            rows = [[f"{chance.randint(1, 999)}" for _ in range(5)] for _ in range(15)]
            with pdf.table([["Model", "MCA", "MOCP", "Flow", "Pressure"], *rows], line_height=14):
                pass
        elif number % 3 == 1:
            pdf.multi_cell(240, 12, LOREM * 11)
            pdf.set_xy(318, top)
            pdf.multi_cell(240, 12, LOREM * 11)
        else:
            for _ in range(4):
                datasheets.prose(pdf, 3)
    pdf.output(str(path))


def speed(path: Path) -> Table:
    """Seconds, pages a second and memory of the process that reads."""
    make(path)
    table = Table("manual", "MB", "first page s", "all s", "pages/s", "letters/page", "peak MB", title="speed")
    begun = time.perf_counter()
    first, count, written = 0.0, 0, 0
    for item in read(path):
        if isinstance(item, Page):
            first = first or time.perf_counter() - begun
            count += 1
            written += sum(len(plain(block)) for block in item.blocks)
    spent = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    table.add_row(
        f"{count} pages", f"{path.stat().st_size / 1e6:.1f}", f"{first:.2f}", f"{spent:.1f}", f"{count / spent:.0f}",
        f"{written / count:.0f}", f"{peak:.0f}",
    )  # fmt: skip
    return table


def main() -> None:
    """Print all figures."""
    readers: dict[str, Callable[[Path], tuple[str, Rows]]] = {"ours": ours}
    if "--peer" in sys.argv[1:]:
        readers |= {name: peer for name, peer in PEERS.items() if importlib.util.find_spec(name)}
    console = Console(width=140)
    with tempfile.TemporaryDirectory() as folder:
        if SAMPLES.exists():
            console.print(texts(readers))
        console.print(tables(Path(folder), readers))
        console.print(speed(Path(folder) / "manual.pdf"))


if __name__ == "__main__":
    main()

"""Every reader but the PDF's, in its bounded process: `python -m tests.bench.readers [FILE…]`.

Without files it makes a manual of 200 chapters in each format and long texts and tables in those that stream. For each
it prints its size, the wait for what it says of itself and for its first page, the time for all, letters per second,
and the most memory that the child held.
"""

import json
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
from rich.console import Console
from rich.table import Table

from corpora.ingest.limits import MB, Limits
from corpora.ingest.page import Page
from corpora.ingest.worker import read

WORDS = (
    "valve pump pressure gauge alarm panel battery riser drain control shall be inspected tested monthly of and the"
).split()
CHAPTERS = 200


def sentence(chance: random.Random, words: int = 18) -> str:
    """Words that look like a sentence."""
    return " ".join(chance.choices(WORDS, k=words)).capitalize() + "."


def chapters(chance: random.Random) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Title, paragraphs and a table of each chapter."""
    for number in range(CHAPTERS):
        paragraphs = [" ".join(sentence(chance) for _ in range(5)) for _ in range(5)]
        rows = [[f"{chance.choice(WORDS)} {chance.randint(1, 99)}" for _ in range(4)] for _ in range(8)]
        yield f"{number // 10 + 1}.{number % 10 + 1} {sentence(chance, 4)[:-1]}", paragraphs, rows


def make(folder: Path) -> None:
    """Write the manual in each format, and the long files."""
    written = list(chapters(random.Random(1)))
    word = docx.Document()
    html, markdown, text = ["<html><body>"], [""], [""]
    for title, paragraphs, rows in written:
        word.add_heading(title, 2)
        for paragraph in paragraphs:
            word.add_paragraph(paragraph)
        table = word.add_table(len(rows), 4)
        for line, row in zip(table.rows, rows, strict=True):
            for cell, content in zip(line.cells, row, strict=True):
                cell.text = content
        html += [f"<h2>{title}</h2>", *(f"<p>{paragraph}</p>" for paragraph in paragraphs), "<table>"]
        html += ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows] + ["</table>"]
        markdown += [f"## {title}", *paragraphs, "| a | b | c | d |\n|---|---|---|---|"]
        markdown[-1] += "".join("\n| " + " | ".join(row) + " |" for row in rows)
        text += [title, *paragraphs, "\n".join(" | ".join(row) for row in rows)]
    word.save(str(folder / "manual.docx"))
    (folder / "manual.html").write_text("\n".join(html))
    (folder / "manual.md").write_text("\n\n".join(markdown))
    (folder / "manual.txt").write_text("\n\n".join(text))
    (folder / "long.txt").write_text("\n\n".join(text * 120))
    make_tables(folder)


def make_tables(folder: Path) -> None:
    """Write long tables."""
    chance = random.Random(2)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Values")
    rows = [[number, sentence(chance, 3), chance.random(), sentence(chance, 8)] for number in range(20_000)]
    for row in [["id", "name", "value", "note"], *rows]:
        sheet.append(row)
    book.save(folder / "table.xlsx")
    named = [dict(zip(("id", "name", "value", "note"), row, strict=True)) for row in rows]
    (folder / "table.json").write_text(json.dumps(named))
    (folder / "long.jsonl").write_text("".join(json.dumps(row) + "\n" for row in named) * 20)
    (folder / "long.csv").write_text(
        "id,name,value,note\n" + "".join(",".join(map(str, row)) + "\n" for row in rows) * 30
    )


def child() -> int:
    """The one process that this one has started."""
    found = [int(pid) for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return found[-1]


def measure(path: Path) -> tuple[str, ...]:
    """Read a file and say what it took."""
    begun = time.perf_counter()
    items = read(path, Limits(pages=100_000, text_bytes=4096 * MB))
    next(items)
    opened = time.perf_counter() - begun
    status = Path(f"/proc/{child()}/status")
    first, pages, letters, peak = 0.0, 0, 0, 0
    for item in items:
        assert isinstance(item, Page)
        first = first or time.perf_counter() - begun
        pages += 1
        rows = [row for block in item.blocks if block.table for row in block.table.rows]
        letters += sum(len(block.text) for block in item.blocks) + sum(len(cell) for row in rows for cell in row)
        held = [line for line in status.read_text().splitlines() if line.startswith("VmHWM")] if status.exists() else []
        peak = max(peak, *(int(line.split()[1]) for line in held), 0)
    spent = time.perf_counter() - begun
    return (
        path.name, f"{path.stat().st_size / MB:.1f}", str(pages), f"{opened:.2f}", f"{first:.2f}", f"{spent:.1f}",
        f"{letters / spent / 1e6:.2f}", f"{peak / 1024:.0f}",
    )  # fmt: skip


def main() -> None:
    """Print one line per file."""
    table = Table("file", "MB", "parts", "opened s", "first s", "all s", "M letters/s", "peak MB", title="readers")
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(name) for name in sys.argv[1:]]
        if not paths:
            make(Path(folder))
            paths = sorted(Path(folder).iterdir())
        for path in paths:
            table.add_row(*measure(path))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()

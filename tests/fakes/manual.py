"""A library with one PDF manual and one text, on disk, as adding them would leave it."""

from dataclasses import replace
from pathlib import Path

from fpdf import FPDF

from corpora.ingest.page import Box
from corpora.library import Library
from corpora.passage import Passage
from corpora.stock import Document, Stock

MARK: Box = (72.0, 72.0, 300.0, 90.0)
"""Where each page of a manual says its sentence."""
TRIP = "Trip the dry pipe valve at full flow every third year."
PRIME = "Prime the valve before it is set."
NOTES = "Bring the long wrench to the Harbor Street riser."


def manual(path: Path, pages: int = 2, size: tuple[float, float] = (612.0, 792.0)) -> Path:
    """Write a PDF whose pages say their number at one inch from the top left."""
    pdf = FPDF(unit="pt", format=size)
    pdf.set_font("helvetica", size=14)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.text(72, 86, f"Trip the valve, page {number}.")
    pdf.output(str(path))
    return path


def shelve(folder: Path) -> tuple[Library, Stock]:
    """Make the library and the stock below a folder; the caller closes the library."""
    stock = Stock(folder / "documents")
    pdf, text = manual(folder / "model-f.pdf"), folder / "notes.txt"
    text.write_text(NOTES)
    with stock.writing():
        one, _ = stock.take(pdf, about("Model F manual", pdf, "pdf", "Acme", "dry sprinkler", 2))
        two, _ = stock.take(text, about("Harbor Street notes", text, "text", "", "sprinkler", 0))
    first = Passage(
        f"documents/{one.id}/trip", "documents", one.title, "2024", ("Testing", "Trip test"), "4.2", 2,
        "dry sprinkler", TRIP, maker="Acme", model="F", box=MARK, parent=f"documents/{one.id}/4.2",
    )  # fmt: skip
    second = replace(first, id=f"documents/{one.id}/prime", text=PRIME, box=None)
    third = Passage(f"documents/{two.id}/all", "documents", two.title, "", (), "", None, "sprinkler", NOTES)
    Library.build(folder / "library", [first, second, third], None, "one")
    return Library.open(folder / "library"), stock


def thicken(folder: Path, document: Document) -> Library:
    """Add sixty steps to the manual that `shelve` made, and at its end the sentence of its trip test once more.

    The library must be closed before, and the caller closes the one given.
    """
    step = Passage(
        f"documents/{document.id}/0", "documents", document.title, "2024", ("Setting up",), "", 1, "dry sprinkler", "",
        maker="Acme", model="F", box=MARK,
    )  # fmt: skip
    steps = [replace(step, id=f"documents/{document.id}/{n}", text=f"Step {n}: turn knob {n}.") for n in range(1, 61)]
    again = replace(step, id=f"documents/{document.id}/again", heading=("Summary",), text=TRIP)
    Library.extend(folder / "library", [*steps, again])
    return Library.open(folder / "library")


def about(title: str, path: Path, form: str, maker: str, system: str, pages: int) -> Document:
    """Say what a file is."""
    return Document(
        id="", file=path.name, source=str(path), added="2026-11-22T00:00:00Z", format=form, state="ready",
        title=title, edition="2024" if pages else "", maker=maker, system=system, pages=pages,
    )  # fmt: skip

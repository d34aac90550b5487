"""Cells: the passage that is a spec's very row, from the reader's tables to the passages cut of the same pages."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.ingest import chunk
from corpora.ingest.candidates import Candidate, as_json, in_table
from corpora.ingest.cells import located
from corpora.ingest.origin import Origin
from corpora.ingest.page import About, Block, Box, Page, Table
from corpora.passage import Passage
from corpora.specs import parse

ORIGIN = Origin("3f9c2a1b7d04e5f6", "documents", title="RX data", edition="2023", maker="Rexo", language="en")
FIRST, SECOND = (72.0, 100.0, 500.0, 120.0), (72.0, 120.0, 500.0, 140.0)
RATINGS = Table(
    ("Model", "Standby current", "Alarm current"),
    (("RX-10", "180 mA", "1.1 A"), ("RX-100", "180 mA", "1.4 A")),
    "Table 3. Ratings",
)


def read(table: Table, boxes: tuple[Box, ...] = ()) -> tuple[list[Candidate], list[Passage]]:
    """Give a table's candidates, and the passages of the page that it stands on."""
    table = replace(table, boxes=boxes)
    page = Page((Block("table", "", table=table, box=(72.0, 80.0, 500.0, 140.0)),), 4, width=612, height=792)
    return in_table(table, ORIGIN, 4), list(chunk.passages(About(), [page], ORIGIN))


@pytest.mark.parametrize("boxes", [(FIRST, SECOND), ()], ids=["a PDF", "without places"])
def test_a_value_knows_the_passage_of_its_row(boxes: tuple[Box, ...]) -> None:
    """Rows of which one's name begins with the other's, and that share a figure, are told apart."""
    candidates, passages = read(RATINGS, boxes)
    texts = {passage.id: passage.text for passage in passages}

    rows = located(candidates, passages)

    assert len(rows) == len(candidates) == 4
    assert all(f"Model: {one.model} |" in f"{texts[identity]} |" for one, identity in rows.items())
    assert all(one.cell in texts[identity] for one, identity in rows.items())


def test_columns_of_models_lead_to_the_row_of_the_property() -> None:
    """Where rows are properties, the row is the property's."""
    table = Table(("Parameter", "RX-10", "RX-20"), (("Standby current (mA)", "150", "250"), ("Weight (lb)", "4", "5")))
    candidates, passages = read(table)
    texts = {passage.id: passage.text for passage in passages}

    found = {(one.model, one.name): texts[identity] for one, identity in located(candidates, passages).items()}

    assert "RX-20: 250" in found["RX-20", "standby current"]
    assert found["RX-10", "standby current"] == found["RX-20", "standby current"]


def test_a_row_that_cannot_be_told_is_not_guessed() -> None:
    """Two passages that say the same leave none; one of another page is none."""
    candidates, passages = read(RATINGS)
    twice = [*passages, *(replace(one, id=f"{one.id}-2") for one in passages)]
    elsewhere = [replace(one, page=5) for one in passages]

    assert (dict(located(candidates, twice)), dict(located(candidates, elsewhere))) == ({}, {})


def test_a_record_says_document_page_and_passage(tmp_path: Path) -> None:
    """In the layout that the catalogue reads, and reads again as it was."""
    candidates, passages = read(RATINGS, (FIRST, SECOND))
    rows = located(candidates, passages)
    text = json.dumps(as_json(candidates, ORIGIN, rows))

    records = parse(text, tmp_path / "x.json")

    cells = {(spec.model, value.name): value.cell for spec in records for value in spec.values}
    assert len(cells) == 4
    for one in candidates:
        cell = cells[one.model, one.name]
        assert cell is not None
        assert (cell.document, cell.page, cell.passage) == (ORIGIN.id, 4, rows[one])

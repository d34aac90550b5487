"""Questions over the tables of datasheets: the right cell, on the right page.

Two sets: datasheets made here in the ways in which makers rule their tables, and real pages with what a person reads
off them. A question names a row and a column; it is answered when one cell of one table is found, and is the right one.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from corpora.ingest.blocks import tidy
from corpora.ingest.page import Page
from corpora.ingest.pdf import Pdf
from tests.fakes import manuals
from tests.fakes.datasheets import MAKERS, Question

MADE = {**MAKERS, **manuals.MAKERS}
SAMPLES = Path(os.environ.get("CLARA_SHARED", Path(__file__).parents[4] / "shared")) / "data/pdf/docling_samples"
SAMPLED: dict[str, tuple[Question, ...]] = {
    "2305.03393v1-pg9": (
        Question(1, "OTSL", "TEDs / simple", "0.965", "2.73"),
        Question(1, "HTML", "TEDs / all", "0.938", "3.77"),
        Question(1, "OTSL", "mAP (0.75)", "0.859", "1.91"),
        Question(1, "HTML", "Inference time (secs)", "2", "0.944"),
        Question(1, "OTSL", "# enc-layers", "4", "1.22"),
    ),
    "redp5110_sampled": (
        Question(8, "USAGE", "Data type", "VARCHAR(7)"),
        Question(8, "FUNCTION_ID", "Description", "ID of the function."),
        Question(8, "USER_NAME", "Description", "Name of the user profile that has a usage setting for this function."),
        Question(9, "Visual Explain within Run SQL scripts", "No Authority", "X"),
        Question(9, "Visual Explain outside of Run SQL scripts", "QIBM_DB_SYSMON", ""),
        Question(9, "ANALYZE PLAN CACHE procedure", "QIBM_DB_SQLADM", "X"),
        Question(11, "SYSTEM_USER", "Corresponding value", "The authorization ID that initiated the connection."),
        Question(12, "CLIENT_PORT", "Type", "INTEGER"),
        Question(12, "ROUTINE_TYPE", "Description", "Type of the currently running routine"),
        Question(12, "PACKAGE_VERSION", "Type", "VARCHAR(64)"),
    ),
    "normal_4pages": (
        Question(2, "분류", "개정후", "1급 감염병"),
        Question(2, "분류", "개정전", "1군 감염병"),
    ),
    "table_mislabeled_as_picture": (Question(1, "• Migrants", "CSOs", "•"),),
}


def found(pages: Sequence[Page], question: Question) -> list[tuple[int | None, str]]:
    """Every cell that a question points at, with its page."""
    cells: list[tuple[int | None, str]] = []
    for page in pages:
        for table in (block.table for block in page.blocks if block.table):
            for row in table.rows:
                if tidy(question.row) not in row or (question.also and question.also not in row):
                    continue
                if not question.column:
                    cells.append((page.number, row[1]))
                elif question.column in table.header:
                    cells.append((page.number, row[table.header.index(question.column)]))
    return cells


def wrong(pages: Sequence[Page], questions: Sequence[Question]) -> list[tuple[Question, list[tuple[int | None, str]]]]:
    """The questions that are not answered by one cell, the right one, with what is found instead."""
    answers = [(question, found(pages, question)) for question in questions]
    return [(asked, cells) for asked, cells in answers if cells != [(asked.page, tidy(asked.answer))]]


@pytest.mark.parametrize("name", MADE)
def test_questions_over_made_datasheets_are_answered(tmp_path: Path, name: str) -> None:
    """Every way of ruling a table is understood."""
    questions = MADE[name](tmp_path / "sheet.pdf")
    pages = list(Pdf().pages(tmp_path / "sheet.pdf"))

    assert wrong(pages, questions) == []


@pytest.mark.parametrize("name", SAMPLED)
@pytest.mark.skipif(not SAMPLES.exists(), reason=f"needs the sample files in {SAMPLES}")
def test_questions_over_real_pages_are_answered(name: str) -> None:
    """Tables of pages that nobody made for these tests."""
    pages = list(Pdf().pages(SAMPLES / f"{name}.pdf"))

    assert wrong(pages, SAMPLED[name]) == []


def test_there_are_questions_enough() -> None:
    """Counted without the sample files, in case they are absent."""
    assert sum(len(questions) for questions in SAMPLED.values()) >= 18


def test_a_table_has_its_title_and_its_notes_and_says_where_each_row_stands(tmp_path: Path) -> None:
    """The caption above and the footnotes below belong to the table and are no blocks of their own."""
    MAKERS["electrical"](tmp_path / "sheet.pdf")
    (page,) = Pdf().pages(tmp_path / "sheet.pdf")
    (table,) = (block.table for block in page.blocks if block.table)

    assert table.title == "Table 3. Electrical data, 50TCQ units"
    assert table.notes == ("* MCA is the minimum circuit ampacity.", "(1) Values at 80% of rated load.")
    assert len(table.boxes) == len(table.rows) == 6
    tops = [box[1] for box in table.boxes]
    assert tops == sorted(tops)
    assert all(54 <= box[0] < box[2] <= 558 and box[1] < box[3] for box in table.boxes)
    assert not any("Table 3" in block.text or "ampacity" in block.text for block in page.blocks)


def test_boxes_of_rows_on_a_turned_page_are_where_it_shows_them(tmp_path: Path) -> None:
    """A row of a table that runs up the page is a tall box, further right the further down in the table."""
    MAKERS["turned"](tmp_path / "sheet.pdf")
    one, two = Pdf().pages(tmp_path / "sheet.pdf")
    (sideways,) = (block.table for block in two.blocks if block.table)

    assert (one.width, one.height) == (792, 612)
    assert all(box[3] - box[1] > 400 and box[2] - box[0] < 25 for box in sideways.boxes)
    lefts = [box[0] for box in sideways.boxes]
    assert lefts == sorted(lefts)


def test_a_table_that_goes_on_keeps_title_and_header(tmp_path: Path) -> None:
    """On each page it is a table of its own, with the page's rows."""
    MAKERS["unrepeated"](tmp_path / "sheet.pdf")
    pages = list(Pdf().pages(tmp_path / "sheet.pdf"))
    tables = [block.table for page in pages for block in page.blocks if block.table]

    assert {table.title for table in tables} == {"Table 12 Device addresses"}
    assert {table.header for table in tables} == {("Address", "Zone", "Distance", "Supervised")}
    assert sum(len(table.rows) for table in tables) == 80

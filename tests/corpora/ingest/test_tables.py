"""Tables: every row is understood alone, none is lost, none is too long."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.ingest.page import Table
from corpora.ingest.size import pieces
from corpora.ingest.tables import MANY_ROWS, is_continued, rows, whole

LIMIT = 150
ELECTRICAL = Table(
    header=("model", "MCA", "MOCP"),
    rows=(("50TCQA06", "24 A", "30 A"), ("50TCQA07", "27 A*", "")),
    title="Table 3. Electrical data",
    notes=("* At 208 V.", "(1) See the nameplate."),
)

words = st.text("abcdefgh0123456789.", min_size=1, max_size=12)
cells = st.lists(words, max_size=60).map(" ".join)


@st.composite
def any_table(draw: st.DrawFn) -> Table:
    """Tables from one cell to many, some cells far too long."""
    width = draw(st.integers(1, 9))
    line = st.lists(cells, min_size=width, max_size=width).map(tuple)
    header = draw(st.one_of(st.just(()), st.lists(words, min_size=width, max_size=width).map(tuple)))
    return Table(header, tuple(draw(st.lists(line, max_size=6))), draw(cells))


def texts(table: Table, called: str = "", limit: int = LIMIT) -> list[str]:
    """What the rows say."""
    return [row.text for row in rows(table, called or table.title or "table", limit)]


def test_a_row_says_table_columns_and_cells() -> None:
    """A row carries its table's title and each cell its column; a footnote goes with the row that has its mark."""
    assert texts(ELECTRICAL) == [
        "Table 3. Electrical data | model: 50TCQA06 | MCA: 24 A | MOCP: 30 A",
        "Table 3. Electrical data | model: 50TCQA07 | MCA: 27 A* | * At 208 V.",
    ]


def test_the_table_itself_says_title_columns_and_notes() -> None:
    """One text stands for the table as a whole."""
    assert whole(ELECTRICAL, ELECTRICAL.title, LIMIT) == [
        "Table 3. Electrical data | columns: model, MCA, MOCP | * At 208 V. | (1) See the nameplate."
    ]


def test_two_columns_without_header_are_names_and_values() -> None:
    """A list of properties reads as such."""
    table = Table((), (("Operating voltage:", "24 VDC"), ("Weight", "2 lb")))

    assert texts(table, "Ratings") == ["Ratings | Operating voltage: 24 VDC", "Ratings | Weight: 2 lb"]


def test_a_row_over_the_whole_width_names_the_rows_below_it() -> None:
    """Two such rows in succession hold together; the next one after data replaces them."""
    table = Table(
        ("part", "torque", "tool"),
        (
            ("208/230-3-60",) * 3,
            ("Terminals", "", ""),
            ("L1", "12 lb-in", "flat"),
            ("460-3-60",) * 3,
            ("L1", "9 lb-in", "hex"),
        ),
    )

    assert texts(table, "Torque") == [
        "Torque | 208/230-3-60 | Terminals | part: L1 | torque: 12 lb-in | tool: flat",
        "Torque | 460-3-60 | part: L1 | torque: 9 lb-in | tool: hex",
    ]


def test_a_model_without_values_names_no_other_row() -> None:
    """A first cell alone that has figures is a row with blanks, not a name for the rows below."""
    table = Table(("model", "MCA", "FLA"), (("50TCQA06", "", ""), ("50TCQA07", "27", "20")))

    assert texts(table, "T") == ["T | model: 50TCQA06", "T | model: 50TCQA07 | MCA: 27 | FLA: 20"]


def test_a_wide_row_is_cut_between_cells_and_keeps_its_first() -> None:
    """Each part of a wide row tells which row it is."""
    header = ("model", *(f"column {number}" for number in range(60)))
    found = texts(Table(header, (("50TCQA06", *map(str, range(60))),)), "Table 9")

    assert len(found) > 2
    assert all(text.startswith("Table 9 | model: 50TCQA06 | column") for text in found)
    assert sum(text.count("column ") for text in found) == 60


def test_rows_of_a_very_long_table_share_texts() -> None:
    """A spreadsheet of many rows makes fewer passages, and loses none."""
    count = MANY_ROWS + 1
    table = Table(("part", "shelf"), tuple((f"p{number}", f"s{number}") for number in range(count)))

    found = texts(table, "Stock")

    assert len(found) < count // 5
    assert all(text.startswith("Stock | ") for text in found)
    assert sum(text.count("part: ") for text in found) == count


def test_a_table_goes_on_over_pages() -> None:
    """The same columns, and no other title than "(continued)", make it one table."""
    plain = Table(("a", "b"), (("1", "2"),), "Table 3. Data")

    assert is_continued(Table(("a", "b"), (), "Table 3. Data (continued)"), plain)
    assert is_continued(Table(("a", "b"), ()), plain)
    assert not is_continued(Table(("a", "c"), ()), plain)
    assert not is_continued(Table(("a", "b"), (), "Table 4. Data"), plain)
    assert not is_continued(Table((), ()), Table((), ()))


@settings(deadline=None, max_examples=40)
@given(any_table())
def test_no_cell_is_lost_and_no_text_too_long(table: Table) -> None:
    """Every word of every cell stands in some row's text, and each text fits."""
    found = texts(table)
    said = set(re.split(r"[ |:\n]+", " ".join(found)))

    assert all(pieces(text) <= LIMIT for text in found)
    assert {word for row in table.rows for cell in row for word in cell.split()} <= said

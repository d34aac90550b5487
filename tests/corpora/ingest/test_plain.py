"""Plain text: paragraphs joined, numbers of sections and tables recognised, any encoding, any size."""

from itertools import islice
from pathlib import Path

import pytest

from corpora.errors import IngestError
from corpora.ingest.blocks import raised, tidy
from corpora.ingest.page import Block, Table
from corpora.ingest.plain import LONGEST_LINE, Plain, lines

REGULATION = Path(__file__).parents[4] / "shared" / "data" / "regulation"


def read(source: str | bytes, tmp_path: Path) -> list[Block]:
    """The blocks of a text."""
    path = tmp_path / "page.txt"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return [block for page in Plain().pages(path) for block in page.blocks]


def test_wrapped_lines_are_joined_and_broken_words_mended(tmp_path: Path) -> None:
    """A blank line ends a paragraph, a short line followed by a name and value does too."""
    blocks = read(
        "The pressure shall be read from the gauge at the up-\nper end of the riser.\n\n"
        "Model: FC-72\nVoltage: 24 VDC\n- one\n- two\n  - deep\n1. first\n2. second\n",
        tmp_path,
    )

    assert blocks == [
        Block("paragraph", "The pressure shall be read from the gauge at the upper end of the riser."),
        Block("paragraph", "Model: FC-72"),
        Block("paragraph", "Voltage: 24 VDC"),
        Block("item", "one", 1),
        Block("item", "two", 1),
        Block("item", "deep", 2),
        Block("item", "1. first", 1),
        Block("item", "2. second", 1),
    ]


def test_numbered_headings_are_recognised(tmp_path: Path) -> None:
    """A title stays with its number; a clause that is a sentence is put under its number alone."""
    blocks = read(
        "Chapter 14 Inspection\n\n14.2 General.\n14.2.3* Gauges\nGauges shall be replaced every 5 years or tested.\n\n"
        "14.2.3.1 The owner shall keep records.\n14.2.3.2 Test frequency. Valves shall be tested.\n\nWIRING\n\n"
        "Title\n-----\n\nWARNING: HIGH VOLTAGE\n",
        tmp_path,
    )

    assert blocks == [
        Block("heading", "Chapter 14 Inspection", 1),
        Block("heading", "14.2 General", 2),
        Block("heading", "14.2.3 Gauges", 3),
        Block("paragraph", "Gauges shall be replaced every 5 years or tested."),
        Block("heading", "14.2.3.1", 4),
        Block("paragraph", "The owner shall keep records."),
        Block("heading", "14.2.3.2 Test frequency", 4),
        Block("paragraph", "Valves shall be tested."),
        Block("heading", "WIRING", 2),
        Block("heading", "Title", 2),
        Block("paragraph", "WARNING: HIGH VOLTAGE"),
    ]


@pytest.mark.parametrize(
    "line", ["2.5 in of water", "10.5 psi", "192.168.0.1 is the address", "2026-01-05 Inspected", "3.25 + 4", "12.5%"]
)
def test_measures_dates_and_addresses_are_no_section_numbers(line: str, tmp_path: Path) -> None:
    """They open paragraphs too."""
    assert [block.kind for block in read(line, tmp_path)] == ["paragraph"]


def test_marks_below_a_section_sign_become_whole_numbers(tmp_path: Path) -> None:
    """So that "1910.157(e)(2)" can be asked for; roman marks stay items of what they belong to."""
    blocks = read(
        "\u00a7 1910.157 Portable fire extinguishers.\n\n(a) Scope and application. All of them.\n\n"
        "(b) Maintenance. (1) Check monthly, as (a) says.\n\n(2) Test when:\n\n(i) it is dented; or\n(ii) it leaks.\n\n"
        "(3)(i) Once a year.\n\n[45 FR 60708]\n",
        tmp_path,
    )

    assert [(block.kind, block.text) for block in blocks] == [
        ("heading", "\u00a7 1910.157 Portable fire extinguishers"),
        ("heading", "1910.157(a) Scope and application"),
        ("paragraph", "All of them."),
        ("heading", "1910.157(b) Maintenance"),
        ("heading", "1910.157(b)(1)"),
        ("paragraph", "Check monthly, as (a) says."),
        ("heading", "1910.157(b)(2)"),
        ("paragraph", "Test when:"),
        ("item", "(i) it is dented; or"),
        ("item", "(ii) it leaks."),
        ("heading", "1910.157(b)(3)"),
        ("item", "(i) Once a year."),
        ("paragraph", "[45 FR 60708]"),
    ]


def test_tables_drawn_with_bars_tabs_or_blanks_are_tables(tmp_path: Path) -> None:
    """Their caption may name the columns, and a note may follow."""
    bars, tabs, blanks = read(
        "Table L-1 (type | years)\nFoam | 5\nHalon | 12\n\n1 Unless it leaks.\n\nText.\n\n".replace("Text.\n\n", "")
        + "Model\tVolts\nA\t24\nB\t12\n\nModel      Volts    Amps\nFC-72      24       0.3\nFC-82      24       0.5\n",
        tmp_path,
    )

    assert bars.table == Table(
        ("type", "years"), (("Foam", "5"), ("Halon", "12")), "Table L-1", ("1 Unless it leaks.",)
    )
    assert tabs.table == Table(("Model", "Volts"), (("A", "24"), ("B", "12")))
    assert blanks.table == Table(("Model", "Volts", "Amps"), (("FC-72", "24", "0.3"), ("FC-82", "24", "0.5")))


def test_form_feeds_are_pages(tmp_path: Path) -> None:
    """Numbered as a viewer counts; reading can be taken up at any of them."""
    path = tmp_path / "page.txt"
    path.write_text("one\n\ftwo\n\fthree\n")

    assert [(page.number, page.blocks[0].text) for page in Plain().pages(path)] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
    ]
    assert [page.number for page in Plain().pages(path, 3)] == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "cp1251"])
def test_the_encoding_is_found(encoding: str, tmp_path: Path) -> None:
    """By its mark, by what fits, else by what is likeliest."""
    text = (
        "\u0418\u0441\u043f\u044b\u0442\u0430\u043d\u0438\u0435 \u043d\u0430\u0441\u043e\u0441\u0430"
        if encoding == "cp1251"
        else "J\u00e4hrliche Pr\u00fcfung der L\u00f6schanlage"
    )
    source = (text + ". ") * 12

    assert read(source.encode(encoding), tmp_path)[0].text.startswith(text)


def test_a_line_without_end_and_a_text_without_end_cost_the_same(tmp_path: Path) -> None:
    """Neither is held whole: the first part comes before the last line is read."""
    path = tmp_path / "page.txt"
    path.write_text("x" * (5 * LONGEST_LINE) + "\n" + "The pump shall start.\n\n" * 100_000)

    assert max(map(len, lines(path))) <= LONGEST_LINE
    first, second = islice(Plain().pages(path), 2)
    assert sum(len(block.text) for block in second.blocks) < 300_000
    assert first.number is None


def test_a_page_without_end_is_refused(tmp_path: Path) -> None:
    """Form feeds promise pages; one that never comes may not fill the memory."""
    path = tmp_path / "page.txt"
    path.write_text("one\f" + "The pump shall start.\n" * 100_000)

    with pytest.raises(IngestError, match="page 2 has more than"):
        list(Plain().pages(path))


def test_texts_are_made_plain() -> None:
    """Unseen signs go, blanks are single, figures keep their worth."""
    assert tidy("a\u00a0 b\tc\u200b\u00ad\x00d") == "a b cd"
    assert tidy("\ufb01re 10\u00b2 ft\u00b2 1\u00bd \u00bd \ud800") == "fire 10^2 ft2 1 1/2 1/2 ?"
    assert (raised("10", "2"), raised("m", "3"), raised("12 ft", "2"), raised("years", "1")) == ("^2", "3", "2", " [1]")


@pytest.mark.skipif(not REGULATION.exists(), reason="the shared regulation texts are not here")
def test_a_real_regulation_is_read_with_all_its_numbers_and_its_table() -> None:
    """29 CFR 1910.157."""
    (page,) = Plain().pages(REGULATION / "29cfr1910_157.txt")
    headings = [block.text for block in page.blocks if block.kind == "heading"]
    (table,) = (block.table for block in page.blocks if block.table)

    assert headings[0] == "\u00a7 1910.157 Portable fire extinguishers"
    assert [number for number in headings if number.startswith("1910.157(f)(")] == [
        f"1910.157(f)({number})" for number in range(1, 17)
    ]
    assert "1910.157(e) Inspection, maintenance and testing" in headings
    assert table.title == "Table L-1"
    assert ("Halon 1211", "12") in table.rows
    assert len(table.notes) == 1

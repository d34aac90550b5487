"""Sheets: every sheet a page, its tables found with title and header, values as they are shown."""

import io
import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from corpora.errors import IngestError
from corpora.ingest.figures import shown
from corpora.ingest.page import Block, Page, Table
from corpora.ingest.sheet import Separated, Sheet

MARCH = datetime.fromisoformat("2024-03-05")
AFTERNOON = datetime.fromisoformat("2024-03-05T14:07:09")


def book() -> tuple[openpyxl.Workbook, Worksheet]:
    """A workbook and its first sheet."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert isinstance(sheet, Worksheet)
    return made, sheet


def read(made: openpyxl.Workbook, tmp_path: Path) -> list[Page]:
    """The pages of a workbook."""
    path = tmp_path / "manual.xlsx"
    made.save(path)
    return list(Sheet().pages(path))


def separated(source: str | bytes, tmp_path: Path) -> list[Block]:
    """The blocks of a table of separated values."""
    path = tmp_path / "manual.csv"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return [block for page in Separated().pages(path) for block in page.blocks]


def test_every_sheet_is_a_page_under_its_name(tmp_path: Path) -> None:
    """An empty one is none."""
    made, first = book()
    first.title = "Pumps"
    first.append(["Model", "gpm"])
    first.append(["A", 500])
    second = made.create_sheet("Valves \u2013 all")
    second.append(["Model", "in"])
    second.append(["B", 4])
    made.create_sheet("Empty")

    pages = read(made, tmp_path)

    assert [page.label for page in pages] == ["Pumps", "Valves \u2013 all"]
    assert pages[0].blocks[0].table == Table(("Model", "gpm"), (("A", "500"),))


def test_the_header_is_found_below_titles_and_merged_cells_are_repeated(tmp_path: Path) -> None:
    """Two header rows become one name per column."""
    made, sheet = book()
    for row in (
        ["Acme price list"], ["Table 2: Electrical data"], ["Model", "Electrical", None], [None, "MCA", "MOP"],
        ["A", 12.5, 20], [None, 14, 25], ["B", "not rated", None],
    ):  # fmt: skip
        sheet.append(row)
    for span in ("A1:C1", "A2:C2", "A3:A4", "B3:C3", "A5:A6", "B7:C7"):
        sheet.merge_cells(span)
    ((paragraph, block),) = (page.blocks for page in read(made, tmp_path))

    assert paragraph == Block("paragraph", "Acme price list")
    assert block.table == Table(
        ("Model", "Electrical / MCA", "Electrical / MOP"),
        (("A", "12.5", "20"), ("A", "14", "25"), ("B", "not rated", "not rated")),
        "Table 2: Electrical data",
    )


def test_a_blank_row_ends_a_table_and_the_next_has_its_own_title_and_header(tmp_path: Path) -> None:
    """What follows without a header goes on under the last one."""
    made, sheet = book()
    for row in (
        ["Model", "Amps"], ["A", 1], [], ["B", 2], [], ["Valves"], ["Size", "Turns", "Maker"], [4, 14, "Acme"],
    ):  # fmt: skip
        sheet.append(row)
    tables = [block.table for page in read(made, tmp_path) for block in page.blocks]

    assert tables == [
        Table(("Model", "Amps"), (("A", "1"),)),
        Table(("Model", "Amps"), (("B", "2"),)),
        Table(("Size", "Turns", "Maker"), (("4", "14", "Acme"),), "Valves"),
    ]


def test_values_stand_as_they_are_shown(tmp_path: Path) -> None:
    """With the unit, percent sign and order of the date that their format gives them."""
    made, sheet = book()
    sheet.append(["Reading", "Pressure", "Drop", "Date"])
    sheet.append(["A", 1250, 0.125, MARCH])
    for cell, code in zip(sheet[2][1:], ('#,##0" psi"', "0.0%", "d-mmm-yy"), strict=True):
        cell.number_format = code
    (page,) = read(made, tmp_path)
    table = page.blocks[0].table

    assert table is not None
    assert table.rows == (("A", "1,250 psi", "12.5%", "5-Mar-24"),)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (24.0, "General", "24"),
        (0.1 + 0.2, "General", "0.3"),
        (-5.5, "0.00;(0.00)", "(5.50)"),
        (0, '0;-0;"none"', "none"),
        (3.14159, "0.0#", "3.14"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12.5, '0.0\\ "gpm"', "12.5 gpm"),
        (7, "000", "007"),
        (-5, '"$"0.00', "-$5.00"),
        (5, "[$\u20ac-407]0.00", "\u20ac5.00"),
        (1500, '0.0,"k"', "1.5k"),
        (0.5, "# ?/?", "0.5"),
        (True, "General", "TRUE"),
        ("text", "0.00", "text"),
        (None, "0.00", ""),
        (AFTERNOON, "yyyy-mm-dd hh:mm:ss", "2024-03-05 14:07:09"),
        (AFTERNOON, "h:mm AM/PM", "2:07 PM"),
        (MARCH, "mm/dd/yyyy", "03/05/2024"),
        (MARCH, 'd "de" mmmm yyyy', "5 de March 2024"),
        (date(2024, 1, 2), "m/d/yy", "1/2/24"),
        (time(9, 5), "h:mm", "9:05"),
        (timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
    ],
)
def test_number_formats(value: object, code: str, text: str) -> None:
    """The formats that data sheets use."""
    assert shown(value, code) == text


def test_a_formula_gives_the_value_that_was_saved_with_it(tmp_path: Path) -> None:
    """It is never computed here."""
    made, sheet = book()
    sheet.append(["Model", "Sum"])
    sheet.append(["A", "=1+1"])
    path = tmp_path / "manual.xlsx"
    made.save(path)
    changed(
        path, "xl/worksheets/sheet1.xml", (b"<v></v>", b"<v>2</v>"), (b"<v />", b"<v>2</v>"), (b"<v/>", b"<v>2</v>")
    )
    (page,) = Sheet().pages(path)

    assert page.blocks[0].table == Table(("Model", "Sum"), (("A", "2"),))


def test_strings_that_cells_share_are_looked_up(tmp_path: Path) -> None:
    """Excel writes every text once, in a part of its own."""
    made, sheet = book()
    sheet.append(["Model", "Amps"])
    sheet.append(["A", 1])
    path = tmp_path / "manual.xlsx"
    made.save(path)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>one</t></si>'
        "<si><r><t>MS-</t></r><r><rPr><b/></rPr><t>9200</t></r></si></sst>"
    )
    changed(path, "[Content_Types].xml", (b"</Types>", override.encode()), **{"xl/sharedStrings.xml": strings})
    changed(path, "xl/worksheets/sheet1.xml", (b't="inlineStr"><is><t>A</t></is>', b't="s"><v>1</v>'))
    (page,) = Sheet().pages(path)

    assert page.blocks[0].table == Table(("Model", "Amps"), (("MS-9200", "1"),))


def changed(path: Path, part: str, *changes: tuple[bytes, bytes], **added: str) -> None:
    """Change bytes of one part of a package, and add others."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for change in changes:
        parts[part] = parts[part].replace(*change)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {name: text.encode() for name, text in added.items()}).items():
            archive.writestr(name, content)
    path.write_bytes(held.getvalue())


def test_a_workbook_that_declares_entities_is_refused_by_the_part(tmp_path: Path) -> None:
    """Before any library parses it."""
    made, sheet = book()
    sheet.append(["a", "b"])
    path = tmp_path / "manual.xlsx"
    made.save(path)
    changed(path, "xl/workbook.xml", (b"<workbook", b'<!DOCTYPE s [<!ENTITY a "aaa">]><workbook'))

    for act in (lambda: Sheet().about(path), lambda: list(Sheet().pages(path))):
        with pytest.raises(IngestError, match=r"xl/workbook\.xml declares an entity"):
            act()


def test_a_part_that_swells_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    """A bomb in a workbook's clothes."""
    made, sheet = book()
    sheet.append(["a", "b"])
    path = tmp_path / "manual.xlsx"
    made.save(path)
    changed(path, "xl/worksheets/sheet1.xml", (b"</worksheet>", b" " * (40 << 20) + b"</worksheet>"))

    with pytest.raises(IngestError, match="as a trap does"):
        list(Sheet().pages(path))


def test_a_cell_at_the_far_end_costs_no_more_than_its_row(tmp_path: Path) -> None:
    """The last cell of a sheet would span seventeen thousand million cells."""
    made, sheet = book()
    sheet["A1"] = "a"
    sheet["XFD20000"] = "far"
    sheet["B20000"] = "near"
    sheet["A20000"] = "here"
    path = tmp_path / "manual.xlsx"
    made.save(path)
    merge = b'</sheetData><mergeCells><mergeCell ref="C1:XFD1048576"/></mergeCells>'
    changed(path, "xl/worksheets/sheet1.xml", (b"</sheetData>", merge))
    pages = list(Sheet().pages(path))

    assert [block.text or block.table for page in pages for block in page.blocks] == [
        "a",
        Table((), (("here", "near"),)),
    ]


def test_a_long_sheet_comes_in_parts_with_its_header_repeated(tmp_path: Path) -> None:
    """So that a sheet of any length is read in bounded memory, and can be taken up again."""
    path = tmp_path / "manual.csv"
    path.write_text("model,note\n" + "".join(f"FC-{n},{'x' * 100}\n" for n in range(9000)))

    pages = list(Separated().pages(path))
    tables = [block.table for page in pages for block in page.blocks if block.table]

    assert len(pages) > 3
    assert {table.header for table in tables} == {("model", "note")}
    assert [row[0] for table in tables for row in table.rows] == [f"FC-{n}" for n in range(9000)]
    assert list(Separated().pages(path, 3)) == pages[2:]


@pytest.mark.parametrize(
    "source",
    [
        "model,volts\nA,24\nB,12\n",
        "model;volts\nA;24\nB;12\n",
        "model\tvolts\r\nA\t24\r\nB\t12\r\n",
        "sep=|\nmodel|volts\nA|24\nB|12\n",
        '"model","volts"\n"A","24"\n"B","12"\n',
        "model,volts\nA,24\nB,12\n".encode("utf-16"),
    ],
)
def test_separated_values_in_any_dialect(source: str | bytes, tmp_path: Path) -> None:
    """The sign, the quotes and the encoding are found."""
    assert [block.table for block in separated(source, tmp_path)] == [
        Table(("model", "volts"), (("A", "24"), ("B", "12")))
    ]


def test_quoted_cells_hold_signs_and_line_ends(tmp_path: Path) -> None:
    """A note in a cell stays in it."""
    (block,) = separated('model,note\nA,"first, then\nsecond ""x"""\nB,\n', tmp_path)

    assert block.table == Table(("model", "note"), (("A", 'first, then second "x"'), ("B", "")))


def test_a_quote_that_never_closes_is_refused_by_line(tmp_path: Path) -> None:
    """It would make one cell of the rest of the file."""
    with pytest.raises(IngestError, match=r"manual\.csv: line \d+ breaks the table"):
        separated('model,note\nA,"' + "x,y\n" * 90_000, tmp_path)


def test_a_damaged_workbook_is_refused_by_name(tmp_path: Path) -> None:
    """Cut off, or broken within."""
    made, sheet = book()
    sheet.append(["a", "b"])
    path = tmp_path / "manual.xlsx"
    made.save(path)
    whole = path.read_bytes()

    path.write_bytes(whole[:-100])
    with pytest.raises(IngestError, match=r"manual\.xlsx"):
        list(Sheet().pages(path))

    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"):
        path.write_bytes(whole)
        changed(path, part, (b"</", b"<"))
        with pytest.raises(IngestError, match=r"manual\.xlsx"):
            list(Sheet().pages(path))

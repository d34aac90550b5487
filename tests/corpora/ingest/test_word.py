"""Word documents: headings as Word numbers them, lists, tables with merged cells, only what is seen."""

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from corpora.errors import IngestError
from corpora.ingest.numbering import figure
from corpora.ingest.page import Block, Table
from corpora.ingest.word import Word


def saved(document: Document, tmp_path: Path) -> Path:
    """Put a document on disk."""
    path = tmp_path / "manual.docx"
    document.save(str(path))
    return path


def read(document: Document, tmp_path: Path) -> list[Block]:
    """The blocks of a document."""
    return [block for page in Word().pages(saved(document, tmp_path)) for block in page.blocks]


def repacked(path: Path, part: str, change: tuple[bytes, bytes]) -> Path:
    """Change bytes of one part of a package."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert change[0] in parts[part]
    parts[part] = parts[part].replace(*change)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    path.write_bytes(held.getvalue())
    return path


def test_headings_lists_captions_and_tables_stand_in_document_order(tmp_path: Path) -> None:
    """A table comes where it stands, with its caption as title."""
    document = docx.Document()
    document.add_heading("Panel FC-72", 0)
    document.add_heading("Wiring", 1)
    document.add_paragraph("Use class B.")
    document.add_paragraph("Close the valve", "List Bullet")
    document.add_paragraph("twice", "List Bullet 2")
    document.add_paragraph("Table 1. Currents", "Caption")
    table = document.add_table(2, 3)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ["Model", "Amps", "Volts", "A", "0.3", "24"], strict=True
    ):
        cell.text = text
    document.add_paragraph("After it.")

    assert read(document, tmp_path) == [
        Block("heading", "Panel FC-72", 1),
        Block("heading", "Wiring", 1),
        Block("paragraph", "Use class B."),
        Block("item", "Close the valve", 1),
        Block("item", "twice", 1),
        Block("table", "", table=Table(("Model", "Amps", "Volts"), (("A", "0.3", "24"),), "Table 1. Currents")),
        Block("paragraph", "After it."),
    ]


def test_merged_cells_are_repeated_and_marked_header_rows_joined(tmp_path: Path) -> None:
    """Across and down, and both."""
    document = docx.Document()
    table = document.add_table(4, 3)
    texts = [["Model", "Electrical", ""], ["", "MCA", "MOP"], ["A", "12", "20"], ["", "14", "25"]]
    for row, line in zip(table.rows, texts, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(2, 0).merge(table.cell(3, 0))
    for row in table.rows[:2]:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))

    (block,) = read(document, tmp_path)

    assert block.table == Table(
        ("Model", "Electrical / MCA", "Electrical / MOP"), (("A", "12", "20"), ("A", "14", "25"))
    )


def test_the_numbers_that_word_counts_stand_in_front(tmp_path: Path) -> None:
    """Nobody types "14.2.3" in a manual's headings; it is still how they are asked for."""
    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="{3 if level == 0 else 1}"/><w:numFmt w:val="decimal"/>'
        f'<w:lvlText w:val="{".".join(f"%{n + 1}" for n in range(level + 1))}"/></w:lvl>'
        for level in range(3)
    )
    letters = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%1)"/></w:lvl>'
    numbering = document.part.numbering_part.element
    for place, text in enumerate((levels, letters)):
        numbering.insert(
            0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{90 + place}">{text}</w:abstractNum>')
        )
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{90 + place}"><w:abstractNumId w:val="{90 + place}"/></w:num>')
        )
    for style, level in (("Heading 1", 0), ("Heading 2", 1), ("Heading 3", 2)):
        document.styles[style].element.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>')
        )
    for text, level in (("Inspection", 1), ("General", 2), ("Valves", 2), ("Gauges", 3), ("Testing", 1), ("Flow", 2)):
        document.add_heading(text, level)
    for text in ("first", "second"):
        paragraph = document.add_paragraph(text)
        paragraph._p.get_or_add_pPr().append(
            parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="91"/></w:numPr>')
        )

    assert [(block.text, block.level) for block in read(document, tmp_path)] == [
        ("3 Inspection", 1), ("3.1 General", 2), ("3.2 Valves", 2), ("3.2.1 Gauges", 3),
        ("4 Testing", 1), ("4.1 Flow", 2), ("(a) first", 1), ("(b) second", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("count", "form", "text"),
    [
        (3, "decimal", "3"),
        (28, "lowerLetter", "bb"),
        (4, "upperLetter", "D"),
        (14, "lowerRoman", "xiv"),
        (7, "decimalZero", "07"),
    ],
)
def test_numbers_are_written_in_words_forms(count: int, form: str, text: str) -> None:
    """Letters start again doubled, as Word does it."""
    assert figure(count, form) == text


def test_a_style_of_the_house_is_a_heading_by_what_it_builds_on_or_its_outline(tmp_path: Path) -> None:
    """Makers have their own templates."""
    document = docx.Document()
    built = document.styles.add_style("Acme Chapter", WD_STYLE_TYPE.PARAGRAPH)
    built.base_style = document.styles["Heading 2"]
    outlined = document.styles.add_style("Acme Part", WD_STYLE_TYPE.PARAGRAPH)
    outlined.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="2"/>'))
    document.add_paragraph("one", built)
    document.add_paragraph("two", outlined)

    assert read(document, tmp_path) == [Block("heading", "one", 2), Block("heading", "two", 3)]


def test_only_what_is_seen_is_read(tmp_path: Path) -> None:
    """Deleted and hidden text is not; insertions, links, controls and text boxes are."""
    document = docx.Document()
    paragraph = document.add_paragraph("Seen ")
    paragraph.add_run("hidden").font.hidden = True
    paragraph.add_run("10")
    paragraph.add_run("2").font.superscript = True
    for xml in (
        f"<w:del {nsdecls('w')}><w:r><w:delText>deleted</w:delText></w:r></w:del>",
        f"<w:ins {nsdecls('w')}><w:r><w:t> inserted</w:t></w:r></w:ins>",
        f"<w:hyperlink {nsdecls('w')}><w:r><w:t> linked</w:t></w:r></w:hyperlink>",
        f"<w:r {nsdecls('w')}><w:instrText>HYPERLINK evil</w:instrText></w:r>",
        f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></w:pict>"
        "</w:r>",
    ):
        paragraph._p.append(parse_xml(xml))
    body = document.element.body
    body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>filled in</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert body[1].tag == qn("w:sdt")

    assert [block.text for block in read(document, tmp_path)] == ["Seen 10^2 inserted linked", "boxed", "filled in"]


def test_the_properties_say_what_the_document_is(tmp_path: Path) -> None:
    """Title, author, date, language."""
    document = docx.Document()
    document.core_properties.title = "FC-72"
    document.core_properties.author = "Acme"
    document.core_properties.language = "en-US"
    about = Word().about(saved(document, tmp_path))

    assert (about.title, about.author, about.language, about.pages) == ("FC-72", "Acme", "en-US", None)
    assert len(about.date) == 10


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><w:document'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><w:document'


@pytest.mark.parametrize("declared", [BOMB, OUTSIDE], ids=["bomb", "outside"])
def test_a_document_that_declares_entities_is_refused_by_the_part(declared: bytes, tmp_path: Path) -> None:
    """Before any library parses it."""
    path = repacked(saved(docx.Document(), tmp_path), "word/document.xml", (b"<w:document", declared))

    for act in (lambda: Word().about(path), lambda: list(Word().pages(path))):
        with pytest.raises(IngestError, match=r"manual\.docx: its part word/document\.xml declares an entity"):
            act()


def test_a_damaged_document_is_refused_by_name(tmp_path: Path) -> None:
    """Cut off, or broken within."""
    path = saved(docx.Document(), tmp_path)
    whole = path.read_bytes()

    path.write_bytes(whole[:-100])
    with pytest.raises(IngestError, match=r"manual\.docx"):
        list(Word().pages(path))

    path.write_bytes(whole)
    repacked(path, "word/document.xml", (b"</w:body>", b"</w:boby>"))
    with pytest.raises(IngestError, match=r"manual\.docx"):
        list(Word().pages(path))

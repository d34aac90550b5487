"""PDF files: reading order, headings, lists, what runs over pages, turned and scanned pages, files that are refused."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from corpora.errors import IngestError
from corpora.ingest.page import Block, Page
from corpora.ingest.pdf import Pdf

FIRST = "Alpha valves shall be inspected every week by a person who knows the system and its impairments. "
SECOND = "Beta pumps shall be run every month for as long as the standard says and the log shall be kept. "


def written(path: Path, fill: Callable[[FPDF], None], **options: str) -> list[Page]:
    """Write a document in Letter format and read it."""
    pdf = FPDF(options.get("orientation", "portrait"), "pt", "letter")
    pdf.set_margin(60)
    pdf.set_auto_page_break(auto=True, margin=70)
    pdf.set_font("helvetica", size=10)
    fill(pdf)
    pdf.output(str(path))
    return list(Pdf().pages(path))


def line(pdf: FPDF, text: str, size: float = 10, style: str = "") -> None:
    """A paragraph."""
    pdf.set_font("helvetica", style=style, size=size)  # type: ignore[arg-type]
    pdf.multi_cell(0, size * 1.25, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(size * 0.6)


def texts(page: Page, kind: str = "") -> list[str]:
    """The texts of a page's blocks of one kind, or of all."""
    return [block.text for block in page.blocks if not kind or block.kind == kind]


def test_two_columns_are_read_one_after_the_other_below_what_spans_them(tmp_path: Path) -> None:
    """A title over both columns comes first, then the left column, then the right."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, "Inspection of Water-Based Systems in Existing Buildings", 18, "B")
        pdf.set_font("helvetica", size=10)
        top = pdf.get_y()
        pdf.multi_cell(230, 12, FIRST * 6)
        pdf.set_xy(320, top + 4)
        pdf.multi_cell(230, 12, SECOND * 6)

    (page,) = written(tmp_path / "a.pdf", fill)

    assert [block.kind for block in page.blocks] == ["heading", "paragraph", "paragraph"]
    assert page.blocks[1].text == (FIRST * 6).strip()
    assert page.blocks[2].text == (SECOND * 6).strip()


def test_headings_have_the_level_that_their_number_bookmark_or_size_says(tmp_path: Path) -> None:
    """A dotted number goes before a bookmark, a bookmark before the size of the letters."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, "Chapter 13 Sprinkler Systems", 20, "B")
        line(pdf, FIRST * 3)
        line(pdf, "13.4.5 Dry valves", 11, "B")
        line(pdf, SECOND * 3)
        line(pdf, "Spare parts", 14, "B")
        line(pdf, FIRST * 3)
        for level, title in enumerate(("Manual", "Appendices", "Where to call")):
            pdf.start_section(title, level=level)
        line(pdf, "Where to call", 10)
        line(pdf, FIRST * 3)
        line(pdf, "This sentence in bold letters ends like a sentence.", 10, "B")

    (page,) = written(tmp_path / "a.pdf", fill)

    assert [(block.text, block.level) for block in page.blocks if block.kind == "heading"] == [
        ("Chapter 13 Sprinkler Systems", 1),
        ("13.4.5 Dry valves", 3),
        ("Spare parts", 2),
        ("Where to call", 3),
    ]


def test_items_of_lists_are_nested_as_they_are_indented(tmp_path: Path) -> None:
    """Bullets are dropped, numbers kept, a line that goes on belongs to its item."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, "Before opening the cabinet:")
        for left, text in (
            (70, "1. Notify the monitoring station."),
            (90, "\xb7 Write down the operator's name."),
            (90, "\xb7 Write down the time."),
            (70, "2. Switch the selector to off, and hang the tag on the handle of the"),
            (82, "selector where it is seen."),
        ):
            pdf.text(left, pdf.get_y() + 10, text)
            pdf.set_y(pdf.get_y() + 13)

    (page,) = written(tmp_path / "a.pdf", fill)

    assert [(block.text, block.level) for block in page.blocks if block.kind == "item"] == [
        ("1. Notify the monitoring station.", 1),
        ("Write down the operator's name.", 2),
        ("Write down the time.", 2),
        (
            "2. Switch the selector to off, and hang the tag on the handle of the selector where it is seen.",
            1,
        ),
    ]


def manual(pdf: FPDF, pages: int = 6) -> None:
    """Pages with a running title, a chapter on every other page, and page numbers."""
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.set_font("helvetica", size=8)
        pdf.text(60, 40, "Owner's Manual FTA1000" if number % 2 else f"Chapter {number // 3 + 1}. Operation")
        pdf.text(300, 760, f"P/N 51345 Rev C   {number}" if number % 2 else str(number))
        pdf.set_y(70)
        line(pdf, f"Part {number} begins", 14, "B")
        line(pdf, f"Page {number}. {FIRST * 12}")


def test_what_runs_over_pages_is_dropped(tmp_path: Path) -> None:
    """Neither running titles nor page numbers are text, though left and right pages differ and chapters change."""
    pages = written(tmp_path / "a.pdf", manual)

    assert len(pages) == 6
    for page in pages:
        assert [block.kind for block in page.blocks] == ["heading", "paragraph"]


def test_the_header_of_a_table_that_goes_on_is_no_running_title(tmp_path: Path) -> None:
    """A row that repeats at the top of pages stays where it stands close to what follows."""

    def fill(pdf: FPDF) -> None:
        pdf.set_margin(40)
        pdf.add_page()
        rows = [(f"D{place:03d}", f"Zone {place}") for place in range(90)]
        with pdf.table([("Address", "Zone"), *rows], line_height=18):
            pass

    pages = written(tmp_path / "a.pdf", fill)

    assert len(pages) == 3
    assert {page.blocks[0].table.header for page in pages if page.blocks[0].table} == {("Address", "Zone")}


def test_reading_can_begin_at_any_page(tmp_path: Path) -> None:
    """A page reads the same when it is the first to be read."""
    pages = written(tmp_path / "a.pdf", manual)

    assert list(Pdf().pages(tmp_path / "a.pdf", 4)) == pages[3:]


def test_hyphens_at_line_ends_and_ligatures_are_undone(tmp_path: Path) -> None:
    """A word that a line's end breaks is whole again; one that has a hyphen elsewhere keeps it."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        pdf.add_font("dejavu", fname=str(font()))
        pdf.set_font("dejavu", size=10)
        for text in (
            "The self-locking nut and its \ufb01xture need an inspec-",
            "tion each year, and every self-",
            "locking nut a ring of 1\u00bd in. for an area of 12 ft\u00b2.",
        ):
            pdf.text(60, pdf.get_y() + 10, text)
            pdf.set_y(pdf.get_y() + 13)

    (page,) = written(tmp_path / "a.pdf", fill)

    assert " ".join(texts(page)) == (
        "The self-locking nut and its fixture need an inspection each year, "
        "and every self-locking nut a ring of 1 1/2 in. for an area of 12 ft2."
    )


def font() -> Path:
    """A font with ligatures, or the test is left out."""
    found = next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None)
    if found is None:
        pytest.skip("needs the font DejaVu Sans (Debian: fonts-dejavu-core)")
    return found


def test_a_turned_page_is_read_and_its_boxes_are_where_it_shows_them(tmp_path: Path) -> None:
    """Rotation by the page, and text that runs up an upright page."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, FIRST)
        pdf.add_page()
        with pdf.rotation(90, 306, 396):
            pdf.text(200, 396, "Riser diagram of the north stair, all floors shown")

    written(tmp_path / "a.pdf", fill)
    turn(tmp_path / "a.pdf", 90)
    one, two = Pdf().pages(tmp_path / "a.pdf")
    (first,), (second,) = one.blocks, two.blocks

    assert (one.width, one.height) == (792, 612)
    assert first.text == FIRST.strip()
    assert first.box is not None
    # Turned clockwise, what stood at the top left stands at the top right, its lines running down.
    assert first.box[0] > 700
    assert first.box[3] - first.box[1] > 400
    assert (two.width, two.height) == (612, 792)
    assert second.text == "Riser diagram of the north stair, all floors shown"
    assert second.box is not None
    assert second.box[0] == pytest.approx(306, abs=10)
    assert second.box[3] == pytest.approx(396 + 106, abs=3)


def turn(path: Path, degrees: int) -> None:
    """Turn a document's first page."""
    import pypdfium2

    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        document[0].set_rotation(degrees)
        document.save(str(path))


def test_a_page_cut_to_its_crop_box_counts_from_there(tmp_path: Path) -> None:
    """Boxes are measured from the corner of what is displayed."""
    import pypdfium2

    written(tmp_path / "a.pdf", lambda pdf: (pdf.add_page(), pdf.text(100, 200, "Main drain test"))[0])
    with pypdfium2.PdfDocument((tmp_path / "a.pdf").read_bytes()) as document:
        document[0].set_cropbox(50, 0, 612, 692)
        document.save(str(tmp_path / "a.pdf"))
    (page,) = Pdf().pages(tmp_path / "a.pdf")

    assert (page.width, page.height) == (562, 692)
    assert page.blocks[0].box is not None
    assert page.blocks[0].box[0] == pytest.approx(50, abs=2)
    assert page.blocks[0].box[3] == pytest.approx(102, abs=3)


def test_bookmarks_and_page_labels_stand_with_their_pages(tmp_path: Path) -> None:
    """The outline names pages; a label is what is printed on the page."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page(label_style="r")
        pdf.start_section("Preface")
        line(pdf, FIRST)
        pdf.add_page(label_style="D")
        pdf.start_section("Operation")
        pdf.start_section("Starting", level=1)
        line(pdf, SECOND)

    one, two = written(tmp_path / "a.pdf", fill)

    assert (one.number, one.label, one.outline) == (1, "i", ((1, "Preface"),))
    assert (two.number, two.label, two.outline) == (2, "1", ((1, "Operation"), (2, "Starting")))


def test_captions_and_watermarks_are_told_from_the_text(tmp_path: Path) -> None:
    """A figure's caption is one; a sentence about a figure is none; a word printed aslant is not read."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, FIRST * 3)
        line(pdf, "Figure 3-2 Wiring of the relay module", 9, "I")
        line(pdf, "Figure 3-2 shows the wiring. " + SECOND * 2)
        with pdf.rotation(40, 300, 400):
            pdf.set_font("helvetica", size=60)
            pdf.text(150, 400, "DRAFT")

    (page,) = written(tmp_path / "a.pdf", fill)

    assert texts(page, "caption") == ["Figure 3-2 Wiring of the relay module"]
    assert len(texts(page, "paragraph")) == 2
    assert "DRAFT" not in " ".join(texts(page))


def scan(pdf: FPDF) -> None:
    """A page that is a picture, and a page of text."""
    from PIL import Image, ImageDraw

    picture = Image.new("L", (612, 792), 255)
    ImageDraw.Draw(picture).rectangle((100, 100, 300, 140), fill=0)
    pdf.add_page()
    pdf.image(picture, 0, 0, 612, 792)
    pdf.add_page()
    line(pdf, FIRST)


def test_a_scanned_page_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Tesseract a picture of a page has no blocks, and says why; the next page is read."""
    monkeypatch.setenv("PATH", str(tmp_path))

    one, two = written(tmp_path / "a.pdf", scan)

    assert (one.scanned, one.ocr, one.blocks) == (True, False, ())
    assert (two.scanned, texts(two)) == (False, [FIRST.strip()])


TESSERACT = """#!/bin/sh
case "$1" in --version) echo "tesseract 5.3.0"; exit 0;; esac
out="$2"
{status}
printf 'level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\t' > "$out.tsv"
printf 'word_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext\\n' >> "$out.tsv"
printf '5\\t1\\t1\\t1\\t1\\t1\\t300\\t600\\t150\\t50\\t96.5\\tMain\\n' >> "$out.tsv"
printf '5\\t1\\t1\\t1\\t1\\t2\\t480\\t600\\t120\\t50\\t91.0\\tdrain\\n' >> "$out.tsv"
printf '5\\t1\\t1\\t1\\t1\\t3\\t700\\t600\\t10\\t10\\t7.0\\t~\\n' >> "$out.tsv"
printf '5\\t1\\t2\\t1\\t1\\t1\\t300\\t900\\t150\\t50\\t88.0\\tClosed\\n' >> "$out.tsv"
"""


def pretend(folder: Path, status: str = "") -> None:
    """Put a program called tesseract into a folder."""
    program = folder / "tesseract"
    program.write_text(TESSERACT.format(status=status))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def test_a_scanned_page_is_recognised_where_tesseract_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What Tesseract writes becomes paragraphs with boxes in points; specks are left out."""
    pretend(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    one, _ = written(tmp_path / "a.pdf", scan)

    assert (one.scanned, one.ocr) == (True, True)
    assert one.blocks == (
        Block("paragraph", "Main drain", box=(72, 144, 144, 156)),
        Block("paragraph", "Closed", box=(72, 216, 108, 228)),
    )


def test_a_failing_recognition_names_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tesseract's own word is passed on."""
    pretend(tmp_path, "echo 'Failed loading language' >&2; exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    with pytest.raises(IngestError, match=r"page 1: recognising.*Failed loading language"):
        written(tmp_path / "a.pdf", scan)


def test_a_blank_page_is_no_scan(tmp_path: Path) -> None:
    """It holds nothing, and nothing is missing."""
    (page,) = written(tmp_path / "a.pdf", lambda pdf: pdf.add_page())

    assert (page.blocks, page.scanned, page.number) == ((), False, 1)


def test_a_document_says_what_it_is(tmp_path: Path) -> None:
    """Title, author, date, language and number of pages."""

    def fill(pdf: FPDF) -> None:
        pdf.set_title("Fire  Pump Controller")
        pdf.set_author("Ace Controls")
        pdf.set_lang("en-US")
        manual(pdf, 2)

    written(tmp_path / "a.pdf", fill)
    about = Pdf().about(tmp_path / "a.pdf")

    assert (about.title, about.author, about.language, about.pages) == (
        "Fire Pump Controller", "Ace Controls", "en-US", 2,
    )  # fmt: skip
    assert len(about.date) == 10


def locked(path: Path) -> None:
    """A file that asks for a password."""

    def fill(pdf: FPDF) -> None:
        pdf.set_encryption("owner", "user")
        pdf.add_page()

    pdf = FPDF()
    fill(pdf)
    pdf.output(str(path))


def cut(path: Path) -> None:
    """The first half of a file."""
    whole = FPDF()
    whole.add_page()
    whole.set_font("helvetica", size=10)
    whole.multi_cell(0, 10, FIRST * 100)
    content = bytes(whole.output())
    path.write_bytes(content[: len(content) // 2])


BAD: dict[str, tuple[Callable[[Path], object], str]] = {
    "locked": (locked, "locked with a password"),
    "cut": (cut, "cut short"),
    "empty": (lambda path: path.write_bytes(b""), "is empty"),
    "text": (lambda path: path.write_text("Dear all, please find attached"), "is no PDF"),
    "hollow": (lambda path: path.write_bytes(b"%PDF-1.7\n" + b"\0" * 900 + b"\nstartxref\n9\n%%EOF"), "is damaged"),
    "absent": (lambda path: None, "cannot be opened"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_that_cannot_be_read_is_refused_by_name(tmp_path: Path, case: str) -> None:
    """The message names the file, what is wrong and what to do, for both methods."""
    path = tmp_path / f"{case}.pdf"
    make, said = BAD[case]
    make(path)

    with pytest.raises(IngestError, match=f"{case}.pdf.*{said}"):
        Pdf().about(path)
    with pytest.raises(IngestError, match=f"{case}.pdf.*{said}"):
        list(Pdf().pages(path))


def test_pages_before_a_damaged_one_are_given(tmp_path: Path) -> None:
    """A page that cannot be read is named when its turn comes."""
    written(tmp_path / "a.pdf", lambda pdf: manual(pdf, 12))
    content = (tmp_path / "a.pdf").read_bytes()
    # The last page's object becomes something that is no page.
    place = content.rindex(b"/Type /Page\n")
    (tmp_path / "a.pdf").write_bytes(content[:place] + b"/Type /Pxge\n" + content[place + 12 :])
    numbers: list[int | None] = []

    with pytest.raises(IngestError, match=r"a.pdf: page 12 is damaged"):
        numbers.extend(page.number for page in Pdf().pages(tmp_path / "a.pdf"))
    assert numbers == list(range(1, 12))


def test_what_lies_far_off_the_page_is_not_read(tmp_path: Path) -> None:
    """Neither words that nobody sees nor lines beyond any number cost anything."""

    def fill(pdf: FPDF) -> None:
        pdf.add_page()
        line(pdf, FIRST)
        pdf.text(5000, 100, "unseen")
        pdf.text(1e12, 1e12, "unseen")
        pdf.line(-1e30, 50, 1e30, 50)
        pdf.rect(0, 0, 1e12, 1e12)

    (page,) = written(tmp_path / "a.pdf", fill)

    assert texts(page) == [FIRST.strip()]

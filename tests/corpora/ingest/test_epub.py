"""EPUB books: chapters in the order of the spine, each a page under its heading."""

import zipfile
from pathlib import Path

import pytest

from corpora.errors import IngestError
from corpora.ingest.epub import Epub
from corpora.ingest.page import About

CONTAINER = """<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>"""
BOOK = """<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>FC-72</dc:title><dc:creator>Acme</dc:creator>
<dc:language>en</dc:language><dc:date>2024-03-05T00:00:00Z</dc:date></metadata><manifest>
<item id="c2" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="c1" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="p" href="cover.png" media-type="image/png"/></manifest>
<spine><itemref idref="c1"/><itemref idref="p"/><itemref idref="c2"/></spine></package>"""
CHAPTER = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">
<head><title>x</title></head><body><h1>{0}</h1><p>Text of {0}.<script>no()</script></p></body></html>"""


def made(tmp_path: Path, **changes: str) -> Path:
    """A book of two chapters, with parts replaced or added."""
    path = tmp_path / "manual.epub"
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": BOOK,
        "OEBPS/text/one.xhtml": CHAPTER.format("One"),
        "OEBPS/text/two b.xhtml": CHAPTER.format("Two"),
    } | changes
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_chapters_come_in_the_order_of_the_spine(tmp_path: Path) -> None:
    """Each a page under its first heading; reading can be taken up at any."""
    pages = list(Epub().pages(made(tmp_path)))

    assert [(page.label, [block.text for block in page.blocks]) for page in pages] == [
        ("One", ["One", "Text of One."]),
        ("Two", ["Two", "Text of Two."]),
    ]
    assert list(Epub().pages(made(tmp_path), 2)) == pages[1:]


def test_the_record_says_what_the_book_is(tmp_path: Path) -> None:
    """Title, author, date, language."""
    assert Epub().about(made(tmp_path)) == About("FC-72", "Acme", "2024-03-05", "en")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OEBPS/book.opf": BOOK.replace("<package", '<!DOCTYPE p [<!ENTITY a "aa">]><package')}, "declares an entity"),
        (
            {
                "META-INF/container.xml": CONTAINER.replace(
                    "<cont", '<!DOCTYPE c [<!ENTITY a SYSTEM "file:///etc/passwd">]><cont', 1
                )
            },
            "declares an entity",
        ),
        ({"OEBPS/book.opf": BOOK.replace("text/one", "../../../etc/one")}, "lacks its part"),
        ({"OEBPS/book.opf": BOOK.replace("<itemref", "<other")}, "no chapters"),
        ({"OEBPS/book.opf": BOOK[:-20]}, "no well-formed XML"),
        (
            {
                "META-INF/encryption.xml": '<e xmlns="x"><EncryptionMethod Algorithm="http://www.w3.org/aes256-cbc"/></e>'
            },
            "locked by its seller",
        ),
    ],
    ids=["bomb", "outside", "climbing", "no chapters", "cut", "locked"],
)
def test_hostile_and_locked_books_are_refused_by_name(changes: dict[str, str], reason: str, tmp_path: Path) -> None:
    """The message names the book and what is wrong."""
    path = made(tmp_path, **changes)

    with pytest.raises(IngestError, match=rf"manual\.epub.*{reason}"):
        list(Epub().pages(path))


def test_veiled_fonts_lock_nothing(tmp_path: Path) -> None:
    """Many free books veil the fonts that they embed."""
    veil = '<e xmlns="x"><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/></e>'

    assert len(list(Epub().pages(made(tmp_path, **{"META-INF/encryption.xml": veil})))) == 2


def test_an_entity_in_a_chapter_is_left_as_it_stands(tmp_path: Path) -> None:
    """Chapters are read as HTML, which expands none of its own making."""
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    chapter = CHAPTER.format("One &x;").replace(
        "<!DOCTYPE html>", f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}">]>'
    )
    pages = list(Epub().pages(made(tmp_path, **{"OEBPS/text/one.xhtml": chapter})))

    assert "the secret" not in " ".join(block.text for page in pages for block in page.blocks)

"""Recognising files: the contents decide, and what cannot be read is named."""

import io
import os
import zipfile
from contextlib import suppress
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora.errors import IngestError
from corpora.ingest.limits import Limits
from corpora.ingest.sniff import delimiter, sniff

PROSE = "The panel draws its current from the supply.\n\nIt reports trouble, early or late, when the battery is low.\n"


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP of these parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return held.getvalue()


def word() -> bytes:
    """A Word document."""
    held = io.BytesIO()
    docx.Document().save(held)
    return held.getvalue()


def excel() -> bytes:
    """An Excel workbook."""
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    return held.getvalue()


FILES: dict[str, tuple[bytes, str]] = {
    "pdf": (b"%PDF-1.7\n...", "pdf"),
    "pdf behind a mail header": (b"\r\n\r\n%PDF-1.4\n", "pdf"),
    "html": (b"<!-- saved --><!DOCTYPE html><html><body><p>hi</p>", "html"),
    "fragment of html": (b"<div><p>hi</p></div>", "html"),
    "xhtml": (b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "html"),
    "markdown": (b"# Panel\n\nSee [the sheet](a.pdf).\n\n## Wiring\n", "markdown"),
    "markdown table": (b"| a | b |\n|---|---|\n| 1 | 2 |\n\n# More\n", "markdown"),
    "word": (word(), "docx"),
    "excel": (excel(), "xlsx"),
    "comma separated": (b"model,volts\nA,24\nB,12\nC,9\n", "csv"),
    "semicolons": (b"model;volts\nA;24,5\nB;12,0\nC;9,1\n", "csv"),
    "tabs": (b"model\tvolts\nA\t24\nB\t12\n", "csv"),
    "json": (b'{"model": "A", "volts": [24, 12]}', "json"),
    "json lines": (b'{"a": 1}\n{"a": 2}\n', "json"),
    "text that opens with a bracket": (b"[45 FR 60708, Sept. 12, 1980]\nas amended\n", "text"),
    "text": (PROSE.encode(), "text"),
    "text in utf-16": (PROSE.encode("utf-16"), "text"),
    "latin text": ("Pr\u00fcfung j\u00e4hrlich, \u00d6lstand pr\u00fcfen.\n\n".encode("cp1252") * 9, "text"),
    "epub": (zipped({"mimetype": b"application/epub+zip", "META-INF/container.xml": b"<a/>"}), "epub"),
    "zip": (zipped({"a.txt": b"hi"}), "zip"),
    "empty zip": (zipped({}), "zip"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_contents_tell_the_format_whatever_the_name_is(name: str, tmp_path: Path) -> None:
    """A file without an ending is still known."""
    content, expected = FILES[name]
    path = tmp_path / "manual"
    path.write_bytes(content)

    assert sniff(path).format == expected


@pytest.mark.parametrize("name", ["pdf", "word", "excel", "zip", "json", "html", "epub"])
def test_a_wrong_ending_is_read_for_what_it_is_and_remarked(name: str, tmp_path: Path) -> None:
    """The owner is told that the name promises something else."""
    content, expected = FILES[name]
    path = tmp_path / "manual.txt"
    path.write_bytes(content)

    found = sniff(path)

    assert found.format == expected
    assert "named .txt" in found.remark


@pytest.mark.parametrize(
    ("ending", "expected"), [(".md", "markdown"), (".txt", "text"), (".csv", "csv"), (".unknown", "text")]
)
def test_where_texts_shade_into_each_other_the_name_decides(ending: str, expected: str, tmp_path: Path) -> None:
    """Plain prose is valid Markdown, and a list of one column."""
    path = tmp_path / f"manual{ending}"
    path.write_text(PROSE)

    assert sniff(path).format == expected
    assert sniff(path).remark == ""


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\n", "nothing but blanks"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png"),
    "program": (b"MZ" + bytes(range(256)) * 4, "Windows"),
    "unknown": (bytes([1, 2, 3, 4, 0, 7]) * 40, "binary data"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
    "protected word": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(60),
        "protected by a password",
    ),
    "slides": (
        zipped({"[Content_Types].xml": b'<a b="application/vnd.x.presentationml.presentation.main+xml"/>'}),
        "PowerPoint",
    ),
    "macros": (zipped({"[Content_Types].xml": b'<a b="ms-word.document.macroEnabled.main+xml"/>'}), "macros"),
    "open document": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "OpenDocument"),
    "drawing": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "XML (<svg>)"),
    "truncated zip": (zipped({"a.txt": b"hi" * 99})[:60], "damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_by_name_and_reason(name: str, tmp_path: Path) -> None:
    """The message names the file and what is wrong."""
    content, reason = REFUSED[name]
    path = tmp_path / "manual.pdf"
    path.write_bytes(content)

    with pytest.raises(IngestError) as caught:
        sniff(path)

    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_a_pipe_a_folder_and_a_missing_file_are_refused_without_waiting(tmp_path: Path) -> None:
    """Opening a pipe would wait for ever."""
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", tmp_path, tmp_path / "missing"):
        with pytest.raises(IngestError, match=path.name):
            sniff(path)


def test_a_file_larger_than_the_limits_allow_is_refused(tmp_path: Path) -> None:
    """Before a byte of it is read."""
    path = tmp_path / "manual.txt"
    path.write_text("x" * 2000)

    with pytest.raises(IngestError, match=r"has 1.95 kB, more than 1 kB"):
        sniff(path, Limits(file_bytes=1024))


def test_an_archive_that_lists_too_much_is_refused_before_its_list_is_read(tmp_path: Path) -> None:
    """The list of contents is held whole, so its claimed size is looked at first."""
    path = tmp_path / "many.zip"
    content = bytearray(zipped({"a.txt": b"hi"}))
    content[-10:-6] = (1 << 30).to_bytes(4, "little")
    path.write_bytes(content)

    with pytest.raises(IngestError, match="split the archive"):
        sniff(path)


def test_the_sign_between_cells_is_found_among_others() -> None:
    """Commas within cells do not outvote semicolons between them."""
    assert delimiter("a;b;c\n1,5;2;x, y\n3,1;4;z\n") == ";"
    assert delimiter("a|b\n1|2\n") == "|"


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    opening=st.sampled_from(
        [b"", b"%PDF-", b"PK\3\4", b"PK\5\6", b"{", b"<", b"\xff\xfe", b"\xd0\xcf\x11\xe0", b"a,b\n"]
    ),
    rest=st.binary(max_size=300),
)
def test_any_bytes_are_told_or_refused(opening: bytes, rest: bytes, tmp_path: Path) -> None:
    """Recognition runs outside of the bounded process: it may raise nothing but its own error."""
    path = tmp_path / "any"
    path.write_bytes(opening + rest)

    with suppress(IngestError):
        sniff(path)

"""What a file is, told by what is in it; its name is only listened to where the contents fit several answers.

Decisions:
    PDF, ZIP and the documents in ZIPs are told by their own marks, here, since their variants decide what a reader can
    do; puremagic is asked only to name to people what is not read.
    Among texts, HTML and JSON are proved by their form. Markdown, tables of separated values and plain text shade into
    each other: there the file's name decides as long as the contents allow it.
"""

import csv
import json
import re
import stat
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args
from zipfile import BadZipFile, ZipFile

from corpora.errors import IngestError
from corpora.ingest.archive import opened
from corpora.ingest.limits import Limits, size
from corpora.ingest.plain import SAMPLE, encoding_of

Format = Literal["pdf", "html", "markdown", "docx", "xlsx", "csv", "json", "text", "epub", "zip"]
FORMATS: tuple[Format, ...] = get_args(Format)
NAMES: dict[Format, str] = {
    "pdf": "a PDF", "html": "HTML", "markdown": "Markdown", "docx": "a Word document", "xlsx": "an Excel workbook",
    "csv": "a table of separated values", "json": "JSON", "text": "plain text", "epub": "an EPUB book",
    "zip": "a ZIP archive",
}  # fmt: skip
"""Format to what to call it to people."""
ENDINGS: dict[str, Format] = {
    "pdf": "pdf", "html": "html", "htm": "html", "xhtml": "html", "md": "markdown", "markdown": "markdown",
    "docx": "docx", "xlsx": "xlsx", "csv": "csv", "tsv": "csv", "json": "json", "jsonl": "json", "ndjson": "json",
    "txt": "text", "text": "text", "epub": "epub", "zip": "zip",
}  # fmt: skip
"""File name's ending to the format that it promises."""
DELIMITERS = ",;\t|"

_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|p|h[1-6]|table|article|"
    r"section|main|ul|ol|span|center|font|base|link|script|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<\?xml|\s*<(?:svg|rss|feed|!DOCTYPE)\b", re.IGNORECASE)
_JSON = re.compile(r'\s*(?:\{\s*(?:"|\})|\[\s*(?:[\[{"\]\d-]|true|false|null))')
_MARKDOWN = re.compile(
    r"^(?:#{1,6}\s+\S|```|~~~|\s*\|?\s*:?-{3,}:?\s*\|)|\[[^\]\n]+\]\([^)\s]+\)|\*\*\S[^*\n]*\S\*\*", re.MULTILINE
)
_CONTROL = re.compile("[\0-\b\x0e-\x1a\x1c-\x1f]")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file turned out to be."""

    format: Format
    remark: str = ""
    """What its owner should know: that its name promises another format."""


def sniff(path: Path, limits: Limits | None = None) -> Sniffed:
    """Tell a file's format from its contents.

    Args:
        path: The file.
        limits: How large it may be.

    Raises:
        IngestError: It is empty, no ordinary file, too large, protected, damaged, or of a kind that is not read.
    """
    head = _head(path, (limits or Limits()).file_bytes)
    found = _format(head, path)
    promised = ENDINGS.get(path.suffix.lower().lstrip("."))
    if promised is None or promised == found:
        return Sniffed(found)
    return Sniffed(found, f"is named {path.suffix} but is {NAMES[found]}, and is read as one")


def is_archive(path: Path) -> bool:
    """Say whether a file is an archive of files rather than a document; False also when it is damaged."""
    try:
        return sniff(path).format == "zip"
    except IngestError:
        return False


def _head(path: Path, most: int) -> bytes:
    try:
        facts = path.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise IngestError(f"{path}: is no ordinary file; add the file itself")
        if facts.st_size == 0:
            raise IngestError(f"{path}: is empty; copy or download it again")
        if facts.st_size > most:
            raise IngestError(f"{path}: has {size(facts.st_size)}, more than {size(most)}; split it")
        with path.open("rb") as file:
            return file.read(SAMPLE)
    except OSError as error:
        raise IngestError(f"{path}: cannot be opened ({error.strerror}); check the file and its rights") from error


def _format(head: bytes, path: Path) -> Format:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zipped(path)
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        _refuse_old_office(path)
    encoding = encoding_of(head)
    text = head.decode(encoding, "replace").removeprefix("\ufeff")
    if not text.strip():
        raise IngestError(f"{path}: holds nothing but blanks; copy or download it again")
    if _is_binary(head, text, encoding):
        raise IngestError(f"{path}: is {_called(head)}; only {', '.join(FORMATS)} can be read")
    return _text(text, path, whole=len(head) < SAMPLE)


def _zipped(path: Path) -> Format:
    """Tell what a ZIP is by the parts in it."""
    with opened(path) as archive:
        names = set(archive.namelist())
        declared = _part(archive, "[Content_Types].xml", names) + _part(archive, "mimetype", names)
    if b"application/epub+zip" in declared or "META-INF/container.xml" in names:
        return "epub"
    if b"wordprocessingml.document.main" in declared:
        return "docx"
    if b"spreadsheetml.sheet.main" in declared:
        return "xlsx"
    for mark, name, want in (
        (b"macroEnabled", "an office document with macros", "save it without macros (DOCX or XLSX)"),
        (b"presentationml", "a PowerPoint presentation", "save it as PDF"),
        (b"opendocument", "an OpenDocument file", "save it as PDF, DOCX or XLSX"),
        (b"sheet.binary", "a binary Excel workbook", "save it as XLSX"),
    ):
        if mark in declared:
            raise IngestError(f"{path}: is {name}, which is not read; {want}")
    return "zip"


def _part(archive: ZipFile, name: str, names: set[str]) -> bytes:
    """Read the start of a part; nothing when it is missing or unreadable."""
    if name not in names:
        return b""
    try:
        with archive.open(name) as part:
            return part.read(SAMPLE)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        return b""


def _refuse_old_office(path: Path) -> None:
    with path.open("rb") as file:
        protected = _ENCRYPTED in file.read(1 << 22)
    if protected:
        raise IngestError(f"{path}: is protected by a password; save it without one and add it again")
    raise IngestError(f"{path}: is an office file of before 2007; save it as DOCX, XLSX or PDF")


def _is_binary(head: bytes, text: str, encoding: str) -> bool:
    start = text[:4096]
    if not encoding.startswith(("utf-16", "utf-32")) and b"\0" in head[:4096]:
        return True
    return len(_CONTROL.findall(start)) + start.count("\ufffd") > len(start) / 50


def _called(head: bytes) -> str:
    import puremagic

    try:
        best = puremagic.magic_string(head)[0]
    except (puremagic.PureError, ValueError):
        return "binary data of an unknown kind"
    return f"{best.name} ({best.mime_type})" if best.mime_type else str(best.name)


def _text(text: str, path: Path, *, whole: bool) -> Format:
    """Tell which text it is."""
    promised = ENDINGS.get(path.suffix.lower().lstrip("."))
    if _HTML.match(text) and not (promised == "markdown" and "<html" not in text[:2000].lower()):
        return "html"
    if _XML.match(text):
        root = re.search(r"<([A-Za-z][\w:.-]*)", text)
        raise IngestError(f"{path}: is XML (<{root[1] if root else '?'}>), which is not read; save it as HTML or PDF")
    if _is_json(text, whole=whole, promised=promised == "json"):
        return "json"
    if promised == "markdown" or (len(_MARKDOWN.findall(text)) >= 2 and promised != "csv"):
        return "markdown"
    if _is_separated(text, whole=whole, promised=promised == "csv"):
        return "csv"
    return "text"


def _is_json(text: str, *, whole: bool, promised: bool) -> bool:
    if not _JSON.match(text):
        return False
    if promised:
        return True
    for part in (text if whole else "", text.lstrip().split("\n", 1)[0]):
        try:
            if isinstance(json.loads(part), dict | list):
                return True
        except (ValueError, RecursionError):
            continue
    return not whole and text.lstrip().startswith(("{", "[{", "[\n"))


def widths(text: str, sign: str) -> Counter[int]:
    """Count how many lines a sign divides into how many cells; nothing when a cell has no end."""
    try:
        return Counter(len(row) for row in csv.reader(text.splitlines()[:200], delimiter=sign) if row)
    except csv.Error:
        return Counter()


def delimiter(text: str) -> str:
    """Give what separates a table's cells: the sign that divides the most lines into the same number of cells."""

    def even(sign: str) -> tuple[int, int]:
        return max(((times, width) for width, times in widths(text, sign).items() if width > 1), default=(0, 0))

    return max(DELIMITERS, key=even)


def _is_separated(text: str, *, whole: bool, promised: bool) -> bool:
    lines = [line for line in text.splitlines() if line.strip()]
    lines = (lines if whole else lines[:-1])[:200]
    counted = widths("\n".join(lines), delimiter(text))
    if promised or not counted:
        return promised
    width, times = counted.most_common(1)[0]
    # Lines of prose may hold two commas each; a table has short cells throughout and its rows end without a stop.
    stopped = sum(line.rstrip().endswith((".", "!", "?")) for line in lines) * 2 > len(lines)
    longest = max(map(len, lines))
    return width > 1 and len(lines) > 2 and times > 0.9 * len(lines) and longest < 60 * width and not stopped

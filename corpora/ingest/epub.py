"""EPUB books: the chapters in the order of the spine, each read as HTML."""

import posixpath
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import unquote
from zipfile import BadZipFile, ZipFile

from lxml import etree

from corpora.errors import IngestError
from corpora.ingest.blocks import parts, tidy
from corpora.ingest.html import blocks, parsed
from corpora.ingest.package import package
from corpora.ingest.page import About, Block, Page

MOST_CHAPTERS = 5000
LARGEST = 32 << 20
"""Bytes of one chapter, which is parsed whole."""

_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""How books veil their fonts, which are not read; any other way locks the text."""


class Epub:
    """Reader of EPUB."""

    def about(self, path: Path, /) -> About:
        """Read title, author, date and language from the book's own record."""
        with package(path) as archive:
            book = _book(archive, path)
        return book.about

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read each chapter as a page named after its first heading; a very long one as several."""
        return islice(_chapters(path), first - 1, None)


@dataclass(frozen=True, slots=True)
class _Book:
    """What a book says of itself."""

    about: About
    chapters: tuple[str, ...]
    """Parts in the order of reading."""


def _chapters(path: Path) -> Iterator[Page]:
    with package(path) as archive:
        for name in _book(archive, path).chapters:
            root = parsed(_part(archive, name, path), f"{path}: its chapter {name}")
            body = root.find(".//body")
            read = list(blocks(root if body is None else body, cleaned=False))
            yield from parts(read, label=_label(read))


def _label(read: list[Block]) -> str:
    return next((block.text[:120] for block in read if block.kind == "heading"), "")


def _part(archive: ZipFile, name: str, path: Path) -> bytes:
    """Read a part of the package; raises IngestError naming it."""
    try:
        with archive.open(name) as part:
            source = part.read(LARGEST + 1)
    except KeyError as error:
        raise IngestError(f"{path}: lacks its part {name}; download it again") from error
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise IngestError(f"{path}: its part {name} is damaged ({error}); download it again") from error
    if len(source) > LARGEST:
        raise IngestError(f"{path}: its part {name} has more than {LARGEST >> 20} MB; split it")
    return source


def _tree(archive: ZipFile, name: str, path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(_part(archive, name, path), parser)
    except (etree.LxmlError, ValueError) as error:
        raise IngestError(f"{path}: its part {name} is no well-formed XML ({error}); download it again") from error


def _book(archive: ZipFile, path: Path) -> _Book:
    _refuse_locked(archive, path)
    container = _tree(archive, "META-INF/container.xml", path)
    record = next((str(root.get("full-path")) for root in container.iter("{*}rootfile") if root.get("full-path")), "")
    root = _tree(archive, record, path)
    folder = posixpath.dirname(record)
    items = {
        str(item.get("id")): posixpath.normpath(posixpath.join(folder, unquote(str(item.get("href") or ""))))
        for item in root.iter("{*}item")
        if str(item.get("media-type")) in {"application/xhtml+xml", "text/html"}
    }
    spine = [str(item.get("idref")) for item in root.iter("{*}itemref")][:MOST_CHAPTERS]
    chapters = tuple(dict.fromkeys(items[name] for name in spine if name in items))
    if not chapters:
        raise IngestError(f"{path}: names no chapters to read; download it again")
    about = About(_said(root, "title"), _said(root, "creator"), _said(root, "date"), _said(root, "language"))
    return _Book(about, chapters)


def _said(root: etree._Element, name: str) -> str:
    found = next(root.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"), None)
    text = tidy("" if found is None else "".join(found.itertext()))
    return text[:10] if name == "date" else text[:400]


def _refuse_locked(archive: ZipFile, path: Path) -> None:
    if "META-INF/encryption.xml" not in archive.namelist():
        return
    root = _tree(archive, "META-INF/encryption.xml", path)
    if any(method.get("Algorithm") not in _FONTS for method in root.iter("{*}EncryptionMethod")):
        raise IngestError(f"{path}: is locked by its seller (DRM); get it as a PDF or without the lock")

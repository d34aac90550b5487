"""A document that is a ZIP of XML parts (DOCX, XLSX, EPUB), opened with its parts bounded and free of entities."""

import zlib
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from corpora.errors import IngestError
from corpora.ingest.archive import SMALL, opened
from corpora.ingest.limits import Limits, size

XML = (".xml", ".rels", ".opf", ".ncx", ".vml")
PROLOGUE = 1 << 16
"""Bytes within which a part's first element must stand."""


class _SeenError(Exception):
    """Ends a look at a part's prologue."""


def package(path: Path) -> ZipFile:
    """Open a document's package.

    Raises:
        IngestError: It is damaged, encrypted or too large, or a part declares an entity: no honest program writes
            one, and one is all it takes to fill the memory or to read another file.
    """
    archive = opened(path)
    try:
        _check(archive, path)
    except IngestError:
        archive.close()
        raise
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        archive.close()
        raise IngestError(f"{path}: is damaged ({error}); copy or download it again") from error
    return archive


def _check(archive: ZipFile, path: Path) -> None:
    limits = Limits()
    for info in archive.infolist():
        if info.flag_bits & 1:
            raise IngestError(f"{path}: is encrypted; save it without a password and add it again")
        if info.file_size > limits.member_bytes:
            raise IngestError(f"{path}: its part {info.filename} unpacks to {size(info.file_size)}; split the document")
        if info.file_size > SMALL and info.file_size > limits.ratio * max(info.compress_size, 1):
            raise IngestError(f"{path}: its part {info.filename} unpacks {limits.ratio}-fold and more, as a trap does")
        if info.filename.lower().endswith(XML) and info.file_size:
            with archive.open(info) as part:
                refuse_entities(part.read(PROLOGUE), f"{path}: its part {info.filename}")


def refuse_entities(prologue: bytes, name: str) -> None:
    """Look at the start of an XML file up to its first element; raises IngestError when it declares an entity."""
    parser = expat.ParserCreate()
    parser.EntityDeclHandler = _entity
    parser.StartElementHandler = _element
    try:
        parser.Parse(prologue, False)
    except _SeenError as seen:
        if seen.args:
            raise IngestError(f"{name} declares an entity, which could fill the memory or read other files") from None
        return
    except expat.ExpatError as error:
        raise IngestError(f"{name} is no well-formed XML ({error}); save the document again") from error
    raise IngestError(f"{name} holds no element in its first {size(len(prologue))}; save the document again")


def _entity(*_: object) -> None:
    raise _SeenError("entity")


def _element(*_: object) -> None:
    raise _SeenError

"""The stock: every document that was added to this box, as it came and as it was read.

documents/lock                    held by whoever adds or removes
documents/3f9c2a1b7d04e5f6/       one document, named by the hash of its file
    original.pdf                  the file as it came
    about.json                    `Document`
    passages.jsonl                what was read from it
    pages.txt                     a hash for each page that has text, by which repeated pages are told
    specs/3f9c2a1b7d04e5f6.json   specs that stand in its tables, unreviewed

The search index is made from this and can always be made again. A document is `reading` until all of it is in the
index; what a killed process left in that state is read again by the next one that adds.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from corpora import specs
from corpora.errors import IngestError, SpecError
from corpora.filters import Filter
from corpora.packs import passages
from corpora.passage import Passage
from corpora.revision import flush

DOCUMENTS = "documents"
"""Folder below the box's data."""
PACK = "documents"
"""Pack of what is added without saying which."""
ABOUT, PASSAGES, PAGES, SPECS, ORIGINAL = "about.json", "passages.jsonl", "pages.txt", "specs", "original"
INCOMING = ".incoming-"
GONE = ".gone-"
MODELS = 300
"""Records in one spec file, so that none grows beyond what is read."""

_ID = re.compile(r"[0-9a-f]{16}")


class Document(BaseModel):
    """One document of the stock."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    """First 16 digits of the SHA-256 of the file."""
    file: str
    """Name that it came under; within an archive or a folder, the path there."""
    source: str
    """Where it was got: a path or an address."""
    added: str
    """When, ISO 8601 in UTC."""
    format: str
    state: Literal["reading", "ready"] = "reading"
    pack: str = PACK
    title: str = ""
    edition: str = ""
    system: str = ""
    maker: str = ""
    model: str = ""
    language: str = ""
    pages: int = 0
    scanned: int = 0
    """Pages that are pictures, and could not be read."""
    guessed: int = 0
    """Pages whose text was recognised from a picture."""
    passages: int = 0
    specs: int = 0
    """Records of models that were read from its tables."""
    seconds: float = 0.0
    """What reading and indexing took."""
    problems: tuple[str, ...] = ()
    """What its owner should know, a sentence each."""

    @property
    def place(self) -> Filter:
        """Its passages and no others: no two documents of the stock share pack, title and edition."""
        return Filter(pack=self.pack, document=self.title, edition=self.edition)


class Stock:
    """The documents below one folder. Reading needs no lock; what changes it is called within `writing`."""

    def __init__(self, folder: Path) -> None:
        """Keep the folder, `<data>/documents`; it is made by the first document."""
        self.folder = folder

    def documents(self) -> tuple[Document, ...]:
        """Give every document, by when it was added; one whose `about.json` is damaged is left out."""
        return self.survey()[0]

    def survey(self) -> tuple[tuple[Document, ...], tuple[str, ...]]:
        """Give the documents, and a sentence for each that is damaged."""
        found: list[Document] = []
        problems: list[str] = []
        try:
            paths = sorted(self.folder.glob(f"*/{ABOUT}"))
        except OSError as error:
            return (), (f"{self.folder}: the documents cannot be read ({error.strerror or error})",)
        for path in paths:
            if _ID.fullmatch(path.parent.name):
                try:
                    found.append(_about(path))
                except IngestError as error:
                    problems.append(str(error))
        return tuple(sorted(found, key=lambda document: (document.added, document.id))), tuple(problems)

    def find(self, identity: str) -> Document | None:
        """Give one document, or None when there is none of that id. Raises `IngestError` when it is damaged."""
        path = self.place(identity) / ABOUT
        return _about(path) if _ID.fullmatch(identity) and path.exists() else None

    def document(self, identity: str) -> Document:
        """Give one document. Raises `IngestError` when there is none of that id."""
        found = self.find(identity)
        if found is None:
            raise IngestError(f"no document {identity} is on this box; `clara corpora documents` lists them")
        return found

    def place(self, identity: str) -> Path:
        """Give a document's folder."""
        return self.folder / identity

    def original(self, identity: str) -> Path:
        """Give the file as it came. Raises `IngestError` when it is not there."""
        self.document(identity)
        found = next(self.place(identity).glob(f"{ORIGINAL}*"), None)
        if found is None:
            raise IngestError(f"{self.place(identity)}: the original is missing; remove the document and add it again")
        return found

    def passages(self, document: Document) -> Iterator[Passage]:
        """Read the passages of a document that is ready. Raises `corpora.errors.PackError`."""
        return passages.read(self.place(document.id) / PASSAGES, document.pack)

    def specs(self) -> list[Path]:
        """Give the folders of the specs that were read from tables, for `specs.Specs.load`."""
        return [self.place(document.id) / SPECS for document in self.documents() if document.state == "ready"]

    def repeated(self, pages: Sequence[str], but: str) -> list[tuple[Document, int]]:
        """Give the documents that have more than half of these pages, too, and how many."""
        wanted = set(pages)
        shared = [(each, len(wanted & self._pages(each.id))) for each in self.documents() if each.id != but]
        return [(document, count) for document, count in shared if 2 * count > len(wanted)]

    def _pages(self, identity: str) -> set[str]:
        path = self.place(identity) / PAGES
        return set(path.read_text(encoding="ascii").split()) if path.exists() else set()

    @contextmanager
    def writing(self, *, wait: bool = True) -> Iterator[bool]:
        """Be the only one who changes the stock.

        Gives whether one is: without `wait`, False when another process is at it. Raises `IngestError` when the folder
        cannot be written, and with `wait` when another is at it.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise IngestError(f"{self.folder}: cannot be written ({error.strerror}); check its rights") from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(handle)
            if wait:
                raise IngestError(f"{self.folder}: another add is under way; try again when it is done") from error
            yield False
            return
        try:
            self._sweep()
            yield True
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Take away what killed processes left half copied or half removed."""
        for path in (*self.folder.glob(f"{INCOMING}*"), *self.folder.glob(f"{GONE}*")):
            shutil.rmtree(path)

    def take(self, path: Path, document: Document) -> tuple[Document, bool]:
        """Copy a file in, unless it is here; gives its document, with its id, and whether it was here before.

        Raises:
            IngestError: it cannot be copied.
        """
        fresh = self.folder / f"{INCOMING}{os.getpid()}"
        fresh.mkdir()
        try:
            with _disk(path):
                identity = _copied(path, fresh / f"{ORIGINAL}{_ending(document.file)}")
                here = self.find(identity)
                if here is not None:
                    return here, True
                taken = document.model_copy(update={"id": identity})
                _write(fresh / ABOUT, taken.model_dump_json(indent=1))
                flush(fresh)
                shutil.rmtree(self.place(identity), ignore_errors=True)
                fresh.rename(self.place(identity))
                flush(self.folder)
                return taken, False
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    def note(self, document: Document) -> None:
        """Keep what is known of a document now."""
        path = self.place(document.id) / ABOUT
        with _disk(path):
            fresh = path.with_name(f".{ABOUT}")
            _write(fresh, document.model_dump_json(indent=1))
            fresh.replace(path)
            flush(path.parent)

    def keep_pages(self, document: Document, pages: Iterable[str]) -> None:
        """Keep the hashes of a document's pages."""
        with _disk(path := self.place(document.id) / PAGES):
            _write(path, "\n".join(pages))

    def keep_specs(self, document: Document, records: Sequence[dict[str, object]]) -> int:
        """Keep the records that pass as specs; gives how many do."""
        folder = self.place(document.id) / SPECS
        good = [record for record in records if _is_sound(record, folder)]
        with _disk(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            for start in range(0, len(good), MODELS):
                name = f"{document.id}-{start // MODELS}.json" if start else f"{document.id}.json"
                some = {"models": good[start : start + MODELS]}
                _write(folder / name, json.dumps(some, ensure_ascii=False, indent=1))
        return len(good)

    def unique(self, document: Document) -> Document:
        """Give the document under a title that no other of its pack and edition has."""
        others = {each.place for each in self.documents() if each.id != document.id}
        for title in (document.title, f"{document.title} ({document.file})", f"{document.title} ({document.id})"):
            named = document.model_copy(update={"title": title})
            if named.place not in others:
                break
        return named

    def drop(self, document: Document) -> None:
        """Take a document away; its passages must be out of the index already, or go right after."""
        place, gone = self.place(document.id), self.folder / f"{GONE}{document.id}"
        with _disk(place):
            if place.exists():
                place.rename(gone)
                flush(self.folder)
            shutil.rmtree(gone, ignore_errors=True)


def _about(path: Path) -> Document:
    try:
        return Document.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise IngestError(f"{path}: is damaged; remove the folder and add {path.parent}'s original again") from error


def _copied(path: Path, target: Path) -> str:
    """Copy a file and give its name, made of what was copied."""
    digest = hashlib.sha256()
    with path.open("rb") as source, target.open("wb") as copy:
        while piece := source.read(1 << 20):
            digest.update(piece)
            copy.write(piece)
    flush(target)
    return digest.hexdigest()[:16]


def _ending(name: str) -> str:
    """Give a file's ending, harmless: readers of texts listen to it."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return found.group().lower() if found else ""


def _is_sound(record: dict[str, object], folder: Path) -> bool:
    try:
        specs.parse(json.dumps({"models": [record]}), folder)
    except SpecError:
        return False
    return True


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    flush(path)


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Turn what the file system raises into an `IngestError` that names the file."""
    try:
        yield
    except OSError as error:
        said = error.strerror or error
        raise IngestError(f"{path}: cannot be kept ({said}); check the disk's room and rights") from error

"""Adding: files into the stock and the search index, one after the other, each with a report.

A file is copied, read in a bounded process page by page, and its passages go into the index while the rest is still
read. A file that cannot be read is named and left out whole, and the others go on. Killed at any moment, the documents
before are whole; the one under way is searchable as far as it got, and is read again by the next that adds.
"""

import hashlib
import re
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpora.ahead import Ahead
from corpora.errors import IngestError
from corpora.filters import Filter
from corpora.ingest import chunk, worker
from corpora.ingest.archive import expand
from corpora.ingest.candidates import Candidate, Finder, as_json
from corpora.ingest.cells import located
from corpora.ingest.limits import Limits
from corpora.ingest.origin import Origin, opened
from corpora.ingest.page import About, Page
from corpora.ingest.sniff import sniff
from corpora.packs.passages import line
from corpora.passage import Passage
from corpora.stock import PASSAGES, Document, Stock

Published = Callable[[], None]
"""Told each time when what came so far can be found."""
Shelve = Callable[[Iterable[Passage], Collection[Filter | str], Published], None]
"""Adds passages to the search index and removes others: `Library.extend` with all but these settled."""
Told = Callable[[str, int, int], None]
"""Told which file is read, how many pages are done, and of how many; 0 when nobody knows."""

TELLING = 20
"""Words from which a page is long enough to tell whether it stands somewhere else, too."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of the documents; an empty field is read off their first pages."""

    pack: str
    title: str = ""
    edition: str = ""
    system: str = ""
    maker: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class File:
    """One file to be added."""

    name: str
    """To call it by."""
    path: Path | None
    """Where it lies until the next is asked for; None when it is refused."""
    source: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of one file."""

    name: str
    document: Document | None
    """None when it was refused."""
    problem: str = ""
    """Why it was refused, naming the file."""
    known: bool = False
    """It was here already, and nothing was done."""
    first: float = 0.0
    """Seconds from its turn until its first pages could be found."""


def files(paths: Iterable[Path], limits: Limits | None = None) -> Iterator[File]:
    """Give the files below folders and in archives, one at a time; hidden files and linked folders are passed over."""
    for path in paths:
        if path.is_dir():
            for each in sorted(_below(path)):
                yield from _unfolded(each, str(each.relative_to(path)), limits)
        else:
            yield from _unfolded(path, path.name, limits)


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from () if path.is_symlink() else _below(path)
        else:
            yield path


def _unfolded(path: Path, name: str, limits: Limits | None) -> Iterator[File]:
    """Give a file, or the files in it when it is an archive."""
    try:
        if sniff(path, limits).format != "zip":
            yield File(name, path, str(path.absolute()))
            return
        for member in expand(path, limits):
            within = f"{name}/{member.name}"
            refused = f"{within}: {member.refused}" if member.refused else ""
            yield File(within, member.path, f"{path.absolute()}/{member.name}", refused)
    except IngestError as error:
        yield File(name, None, str(path), str(error))


def unfinished(stock: Stock) -> Iterator[tuple[File, Wish]]:
    """Give the documents that a killed process was reading, and what was said of them."""
    for document in stock.documents():
        if document.state == "reading":
            wish = Wish(**{name: getattr(document, name) for name in Wish.__dataclass_fields__})
            try:
                yield File(document.file, stock.original(document.id), document.source), wish
            except IngestError as error:
                yield File(document.file, None, document.source, str(error)), wish


def add(
    stock: Stock, given: Iterable[File], wish: Wish, shelve: Shelve, told: Told, limits: Limits | None = None
) -> Iterator[Report]:
    """Add files, first those that a killed process left unfinished; to be called within `Stock.writing`.

    Yields:
        A report for each file, as soon as it is done.

    Raises:
        corpora.errors.LibraryError: the index cannot be written; the file under way is read again the next time.
    """
    for file, said in list(unfinished(stock)):
        yield _added(stock, file, said, shelve, told, limits or Limits())
    for file in given:
        yield _added(stock, file, wish, shelve, told, limits or Limits())


def remove(stock: Stock, identity: str, shelve: Shelve) -> Document:
    """Take a document off the box; to be called within `Stock.writing`. Raises `IngestError`, `LibraryError`."""
    document = stock.document(identity)
    if document.title:
        shelve((), [document.place], lambda: None)
    stock.drop(document)
    return document


def _added(stock: Stock, file: File, wish: Wish, shelve: Shelve, told: Told, limits: Limits) -> Report:
    if file.path is None:
        return Report(file.name, None, file.refused)
    try:
        document, here = stock.take(file.path, _fresh(file, file.path, wish, limits))
        if here and document.state == "ready":
            return Report(file.name, document, known=True)
        reading = _Reading(stock, document, limits, told)
        try:
            with Ahead(reading.passages()) as coming:
                shelve(coming, (), reading.published)
            return Report(file.name, reading.finished(), first=reading.first)
        except IngestError:
            remove(stock, document.id, shelve)
            raise
    except IngestError as error:
        return Report(file.name, None, str(error))


def _fresh(file: File, path: Path, wish: Wish, limits: Limits) -> Document:
    """Give what is known before a file is read. Raises `IngestError`."""
    found = sniff(path, limits)
    return Document(
        id="", file=file.name, source=file.source, added=datetime.now(UTC).isoformat(timespec="seconds"),
        format=found.format, problems=(found.remark,) if found.remark else (), pack=wish.pack, title=wish.title,
        edition=wish.edition, system=wish.system, maker=wish.maker, model=wish.model,
    )  # fmt: skip


@dataclass(slots=True)
class _Reading:
    """One document being read."""

    stock: Stock
    document: Document
    limits: Limits
    told: Told
    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    origin: Origin | None = None
    pages: int = 0
    scanned: int = 0
    guessed: int = 0
    count: int = 0
    hashes: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    found: list[Candidate] = field(default_factory=list)

    def passages(self) -> Generator[Passage, None, None]:
        """Give the passages as they are read, and keep them in the stock. Raises `IngestError`."""
        document = self.document
        self.remarks = [*document.problems]
        path = self.stock.original(document.id)
        with closing(worker.read(path, self.limits, name=document.file)) as items:
            about = next(items)
            assert isinstance(about, About)
            if cut := self.limits.cut(about):
                self.remarks.append(cut)
            origin, pages = opened(about, self._counted(items, about.pages or 0), self._origin())
            self.origin = origin = self._named(origin)
            with (self.stock.place(document.id) / PASSAGES).open("w", encoding="utf-8") as kept:
                for passage in chunk.passages(about, self._looked(pages, Finder(origin)), origin):
                    kept.write(line(passage))
                    self.count += 1
                    yield passage
        if self.count == 0:
            raise IngestError(f"{document.file}: {self._silent()}")

    def published(self) -> None:
        """Keep when the first pages could be found."""
        self.first = self.first or round(time.monotonic() - self.began, 2)

    def finished(self) -> Document:
        """Keep that the document is whole, with what was found in it."""
        assert self.origin is not None
        rows = located(self.found, self.stock.passages(self.document))
        records = as_json(self.found, self.origin, rows)["models"]
        self.stock.keep_pages(self.document, self.hashes)
        if self.scanned:
            self.remarks.append(f"{self.scanned} pages are pictures and were not read; install Tesseract to have them")
        self.remarks += self._repeats()
        self.document = self.document.model_copy(
            update={
                "state": "ready", "pages": self.pages, "scanned": self.scanned, "guessed": self.guessed,
                "passages": self.count, "specs": self.stock.keep_specs(self.document, records),
                "seconds": round(time.monotonic() - self.began, 2), "problems": tuple(dict.fromkeys(self.remarks)),
            }
        )  # fmt: skip
        self.stock.note(self.document)
        return self.document

    def _origin(self) -> Origin:
        said = self.document
        # A path on somebody's stick tells a technician nothing, and is nobody else's business.
        source = said.source if re.match("https?://", said.source) else said.file
        return Origin(
            id=said.id, pack=said.pack, title=said.title, edition=said.edition, system=said.system, maker=said.maker,
            model=said.model, source=source, file=Path(said.file).name,
        )  # fmt: skip

    def _named(self, origin: Origin) -> Origin:
        """Give the origin under a title of its own, and note it before anything is indexed under it."""
        read = {name: getattr(origin, name) for name in ("title", "edition", "maker", "model", "language")}
        self.document = self.stock.unique(self.document.model_copy(update=read))
        self.stock.note(self.document)
        return Origin(
            id=origin.id, pack=origin.pack, title=self.document.title, edition=origin.edition, system=origin.system,
            maker=origin.maker, model=origin.model, language=origin.language, source=origin.source, file=origin.file,
        )  # fmt: skip

    def _counted(self, items: Iterator[About | Page], total: int) -> Iterator[Page]:
        for item in items:
            if isinstance(item, Page):
                self.pages += 1
                self.scanned += item.scanned
                self.guessed += item.ocr
                self.hashes += hashed(item)
                self.told(self.document.file, self.pages, min(total, self.limits.pages))
                yield item

    def _looked(self, pages: Iterable[Page], finder: Finder) -> Iterator[Page]:
        for page in pages:
            self.found += finder.look(page)
            yield page

    def _repeats(self) -> Iterator[str]:
        twice = len(self.hashes) - len(set(self.hashes))
        if twice:
            yield f"{twice} pages repeat others of it"
        for document, count in self.stock.repeated(self.hashes, self.document.id) if self.hashes else ():
            yield f"{count} of its pages stand in {document.title} ({document.id}), too"

    def _silent(self) -> str:
        if self.scanned:
            return f"holds {self.scanned} pictures of pages and no text; install Tesseract, or add one with text"
        return "holds nothing that can be searched; check the file"


def hashed(page: Page) -> Sequence[str]:
    """Give a hash of what a page says; nothing when it says too little to tell."""
    cells = (cell for block in page.blocks if block.table for row in block.table.rows for cell in row)
    words = " ".join((*(block.text for block in page.blocks), *cells)).split()
    return [hashlib.blake2b(" ".join(words).encode(), digest_size=8).hexdigest()] if len(words) >= TELLING else []

"""Manuals: found on the box or on the web, taken in, or wished for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from appliance.manuals.here import Here, Shelves, here
from appliance.ports import Recorder
from appliance.reach import Link
from appliance.route import may_fetch
from corpora.adding import Report
from corpora.errors import CorpusError, FetchError, IngestError
from corpora.identifiers import asked_models
from corpora.packs.shelf import InstalledPack
from corpora.web.fetch import Fetched
from corpora.web.result import Result, best_first
from sync.operation import Operation
from sync.records import Wish

LONGEST = 300
"""Characters of what is wanted."""
TRIED = 3
"""Results tried for one wish before it waits for another day."""
NAMED = ("manual", "guide", "datasheet", "data sheet", "instruction", "handbook", "brochure", "documentation")


class Searches(Protocol):
    """A search of the web."""

    async def search(self, query: str, /) -> list[Result]:
        """Find pages and files. Raises `corpora.errors.FetchError`."""
        ...


class Fetches(Protocol):
    """The way from the web to the disk."""

    async def fetch(self, url: str, folder: Path, /) -> Fetched:
        """Fetch an address into a folder. Raises `corpora.errors.FetchError`."""
        ...


class Adds(Protocol):
    """The way from the disk into the library. Blocking: it is called in a thread."""

    def add(self, path: Path, source: str, /) -> Sequence[Report]:
        """Read a file, or each in an archive, into the library; `source` is its address.

        Raises `corpora.errors.CorpusError` when nothing can be added now.
        """
        ...


class Wishes(Protocol):
    """Reads the wishes."""

    def wishes(self, status: str | None = None) -> tuple[Wish, ...]:
        """Give those of a status, oldest first. Raises `sync.errors.StorageError`."""
        ...


@dataclass(frozen=True, slots=True)
class Web:
    """The way out of the box."""

    search: Searches | None
    """None: there is no key."""
    fetch: Fetches
    link: Link
    allowed: bool
    """The owner allows it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A manual that is in the library now."""

    url: str
    """Where it came from in the end."""
    documents: tuple[str, ...]
    """Titles."""
    passages: int
    problems: tuple[str, ...]
    """What its owner should know, a sentence each."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What became of one wish."""

    wish: Wish
    taken: Taken | None
    why: str = ""
    """Why it stays open, or what on the box answers it already."""


class Manuals:
    """Finds manuals. Its coroutines keep the event loop free."""

    def __init__(
        self,
        library: Callable[[], Shelves],
        packs: Callable[[], Iterable[InstalledPack]],
        web: Web,
        adds: Adds,
        recorder: Recorder,
        records: Wishes,
        scratch: Path,
    ) -> None:
        """Keep the parts; `scratch` is a folder for what is being fetched."""
        self._library = library
        self._packs = packs
        self._web = web
        self._adds = adds
        self._recorder = recorder
        self._records = records
        self._scratch = scratch

    def here(self, wanted: str) -> list[Here]:
        """Give what the box has. Raises `corpora.errors.LibraryError`."""
        return here(self._library(), self._packs(), wanted)

    async def closed(self) -> str:
        """Say why the web may not be asked now; empty when it may."""
        web = self._web
        if not web.allowed:
            return "the settings do not allow the web (policy.web)"
        if web.search is None:
            return "there is no key for the search (TAVILY_API_KEY)"
        await web.link.probe()
        if may_fetch(web.link.reach, allowed=web.allowed):
            return ""
        return "the link costs by the byte (policy.metered)" if web.link.reach.online else "there is no link"

    async def find(self, wanted: str) -> list[Result]:
        """Search the web, what names the model first. Raises `FetchError`; a silent server makes the link doubted."""
        if self._web.search is None:
            raise FetchError("there is no key for the search: set TAVILY_API_KEY")
        try:
            found = await self._web.search.search(query(wanted))
        except FetchError as error:
            if error.passing:
                self._web.link.doubt(str(error))
            raise
        return best_first(found, asked_models(wanted))

    async def take(self, result: Result) -> Taken:
        """Fetch a result and read it into the library. Raises `corpora.errors.CorpusError`."""
        try:
            self._scratch.mkdir(parents=True, exist_ok=True)
            scratch = TemporaryDirectory(dir=self._scratch, prefix="manual-")
        except OSError as error:
            raise FetchError(f"{self._scratch}: cannot be written ({error.strerror}); make room") from error
        with scratch as folder:
            fetched = await self._web.fetch.fetch(result.url, Path(folder))
            reports = await asyncio.to_thread(self._adds.add, fetched.path, fetched.url)
        return taken(fetched, reports)

    def wish(self, wanted: str, person: str) -> str:
        """Keep a wish, unless the very same is open, and give its id. Raises `sync.errors.SyncError`."""
        text = cut(wanted)
        for wish in self._records.wishes("open"):
            if wish.text.casefold() == text.casefold():
                return wish.id
        return self._recorder.record([Operation("wish", {"text": text}, actor=person)])[0]

    def wishes(self, status: str | None = "open") -> tuple[Wish, ...]:
        """Give the wishes, oldest first. Raises `sync.errors.SyncError`."""
        return self._records.wishes(status)

    def settle(self, wish: str, status: str, outcome: str, person: str = "") -> None:
        """Keep what became of a wish. Raises `sync.errors.SyncError`."""
        told = {"status": status, "outcome": outcome}
        self._recorder.record([Operation("wish", {"value": v}, wish, field, actor=person) for field, v in told.items()])

    async def grant(self) -> AsyncIterator[Granted]:
        """Fetch what was wished for, one after the other, as long as the web may be asked.

        For the courier when the link returns, and for `clara manuals fetch`.

        Raises:
            corpora.errors.LibraryError: the library cannot be read.
            sync.errors.SyncError: the wishes cannot be read, or what became of one cannot be kept.
        """
        for wish in self.wishes():
            if have := [one.title for one in await asyncio.to_thread(self.here, wish.text) if one.about]:
                self.settle(wish.id, "fetched", f"on the box: {have[0]}")
                yield Granted(wish, None, f"{have[0]} is on the box")
                continue
            if why := await self.closed():
                yield Granted(wish, None, why)
                continue
            granted = await self._granted(wish)
            if granted.taken:
                self.settle(wish.id, "fetched", granted.taken.url)
            yield granted

    async def _granted(self, wish: Wish) -> Granted:
        """Try the results that name the model, best first."""
        models = asked_models(wish.text)
        try:
            sure = [one for one in await self.find(wish.text) if one.names(models)]
        except FetchError as error:
            return Granted(wish, None, str(error))
        why = f'nothing found names the model; choose with: clara manuals find "{wish.text}"'
        for result in sure[:TRIED]:
            try:
                return Granted(wish, await self.take(result))
            except CorpusError as error:
                why = str(error)
        return Granted(wish, None, why)


def query(wanted: str) -> str:
    """Word a search: what is wanted, and that it is a manual."""
    text = cut(wanted)
    return text if any(word in text.lower() for word in NAMED) else f"{text} manual"


def cut(wanted: str) -> str:
    """Give what is wanted on one line, not too long."""
    return " ".join(wanted.split())[:LONGEST]


def taken(fetched: Fetched, reports: Sequence[Report]) -> Taken:
    """Sum up what the library made of a file. Raises `IngestError` when it made nothing of it."""
    documents = [report.document for report in reports if report.document]
    refused = [report.problem for report in reports if report.problem]
    if not documents:
        raise IngestError(f"{fetched.url}: {'; '.join(refused) or 'nothing could be read from it'}")
    known = ["it was on the box already"] if all(report.known for report in reports) else []
    remarks = [remark for document in documents for remark in document.problems]
    told = dict.fromkeys([*([fetched.remark] if fetched.remark else []), *known, *remarks, *refused])
    count = sum(document.passages for document in documents)
    return Taken(fetched.url, tuple(document.title for document in documents), count, tuple(told))

"""Manuals: found on the box or on the web, taken in, or wished for."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from appliance.manuals.alone import alone
from appliance.manuals.here import Here, Shelves, here
from appliance.manuals.outside import Closed, Web
from appliance.manuals.taken import Adds, Taken, taken
from appliance.manuals.tries import Tries
from appliance.manuals.wish import BusyError, Granted, Waiting, Wishes, chosen, is_passing, vain
from appliance.ports import Recorder
from corpora.errors import CorpusError, FetchError
from corpora.identifiers import asked_models
from corpora.packs.shelf import InstalledPack
from corpora.web.result import Result, best_first
from sync.operation import Operation
from sync.records import Wish

LONGEST = 300
"""Characters of what is wanted."""
TRIED = 3
"""Results tried for one wish before it waits for another day."""
NAMED = ("manual", "guide", "datasheet", "data sheet", "instruction", "handbook", "brochure", "documentation")


@dataclass(frozen=True, slots=True)
class Files:
    """Where manuals on demand keep things."""

    scratch: Path
    """Folder for what is being fetched."""
    lock: Path
    """Held by the process that grants wishes."""
    tries: Path
    """What was tried in vain."""

    @classmethod
    def below(cls, data: Path) -> "Files":
        """Give them for a box's data folder."""
        return cls(data / "incoming", data / "wishes" / "lock", data / "wishes" / "tries.json")


def every(_wish: Wish) -> bool:
    """Choose each wish."""
    return True


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
        files: Files,
    ) -> None:
        """Keep the parts."""
        self._library = library
        self._packs = packs
        self._web = web
        self._adds = adds
        self._recorder = recorder
        self._records = records
        self._files = files
        self.tries = Tries(files.tries)

    def here(self, wanted: str) -> list[Here]:
        """Give what the box has. Raises `corpora.errors.LibraryError`."""
        return here(self._library(), self._packs(), wanted)

    def waiting(self) -> Waiting:
        """Tell what waits, and why; asks no link. Raises `sync.errors.SyncError`."""
        wishes = {wish.id: wish for wish in self.wishes()}
        tried = sorted(self.tries.last(wishes).items(), key=lambda entry: entry[1].at)
        trouble = f"{wishes[tried[-1][0]].text}: {tried[-1][1].why}" if tried else ""
        return Waiting(len(wishes), self._web.told, self._web.forbidden is not None, trouble)

    async def closed(self) -> Closed | None:
        """Say why the web may not be asked now; None when it may."""
        return await self._web.closed()

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

    async def take(self, url: str) -> Taken:
        """Fetch an address and read it into the library. Raises `corpora.errors.CorpusError`."""
        try:
            self._files.scratch.mkdir(parents=True, exist_ok=True)
            scratch = TemporaryDirectory(dir=self._files.scratch, prefix="manual-")
        except OSError as error:
            problem = f"{self._files.scratch}: cannot be written ({error.strerror}); make room"
            raise FetchError(problem, passing=True) from error
        with scratch as folder:
            fetched = await self._web.fetch.fetch(url, Path(folder))
            reports = await asyncio.to_thread(self._adds.add, fetched.path, fetched.url)
        return taken(fetched, reports)

    def wish(self, wanted: str, person: str, chosen: str = "") -> str:
        """Keep a wish, unless the very same is open, and give its id; `chosen` is the address that was said yes to.

        Raises:
            sync.errors.SyncError: nothing was kept, or not what was chosen.
        """
        text = cut(wanted)
        same = (wish.id for wish in self._records.wishes("open") if wish.text.casefold() == text.casefold())
        wish = next(same, None) or self._recorder.record([Operation("wish", {"text": text}, actor=person)])[0]
        if chosen:
            self._recorder.record([Operation("wish", {"value": chosen}, wish, "outcome", actor=person)])
        return wish

    def wishes(self, status: str | None = "open") -> tuple[Wish, ...]:
        """Give the wishes, oldest first. Raises `sync.errors.SyncError`."""
        return self._records.wishes(status)

    def settle(self, wish: str, status: str, outcome: str, person: str = "") -> None:
        """Keep what became of a wish. Raises `sync.errors.SyncError`."""
        told = {"status": status, "outcome": outcome}
        self._recorder.record([Operation("wish", {"value": v}, wish, field, actor=person) for field, v in told.items()])

    async def grant(self, wants: Callable[[Wish], bool] = every) -> AsyncIterator[Granted]:
        """Fetch what was wished for, one after the other, as long as the web may be asked.

        For the box when the link returns, and for `clara manuals fetch`; `wants` chooses among the wishes.

        Raises:
            BusyError: another process is at it.
            corpora.errors.CorpusError: the library cannot be read, or this box's own files cannot be written.
            sync.errors.SyncError: the wishes cannot be read, or what became of one cannot be kept.
        """
        with alone(self._files.lock) as only:
            if not only:
                raise BusyError("another process is fetching the manuals now; try again when it is done", passing=True)
            for wish in self.wishes():
                if not wants(wish) or wish.id not in {still.id for still in self.wishes()}:
                    continue  # somebody dropped it while another was fetched
                granted = await self._tried(wish)
                self.tries.note(wish.id, granted.tried, {still.id for still in self.wishes()})
                yield granted

    async def _tried(self, wish: Wish) -> Granted:
        """Grant one wish, if that is possible now."""
        if not chosen(wish):
            have = next((one for one in await asyncio.to_thread(self.here, wish.text) if one.about), None)
            if have:
                self.settle(wish.id, "fetched", f"on the box: {have.title}")
                return Granted(wish, None, f"{have.title} is on the box", have=have)
        if closed := await self.closed():
            return Granted(wish, None, closed, self.tries.last([wish.id]).get(wish.id), closed=True)
        granted = await self._granted(wish)
        if granted.taken:
            self.settle(wish.id, "fetched", granted.taken.url)
        return granted

    async def _granted(self, wish: Wish) -> Granted:
        """Try the address that was chosen, then the results that name the model, best first."""
        first, trouble = chosen(wish), None
        if first:
            try:
                return Granted(wish, await self.take(first))
            except CorpusError as error:
                if is_passing(error):
                    return vain(wish, error)
                trouble = error
        try:
            sure = [one for one in await self.find(wish.text) if one.names(asked_models(wish.text))]
        except FetchError as error:
            return vain(wish, error)
        for result in [one for one in sure if one.url != first][:TRIED]:
            try:
                return Granted(wish, await self.take(result.url))
            except CorpusError as error:
                trouble = error
        none = FetchError(f'nothing found names the model; choose with: clara manuals find "{wish.text}"')
        return vain(wish, trouble or none)


def query(wanted: str) -> str:
    """Word a search: what is wanted, and that it is a manual."""
    text = cut(wanted)
    return text if any(word in text.lower() for word in NAMED) else f"{text} manual"


def cut(wanted: str) -> str:
    """Give what is wanted on one line, not too long."""
    return " ".join(wanted.split())[:LONGEST]

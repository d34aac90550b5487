"""Granting wishes beside the answering: in a thread of its own, for as long as the process stays.

Decisions:
    The link is asked only while a wish waits for it. A wish that waits for nothing else is tried within `LOOK_S` of its
    return; what was tried in vain waits as `tries` says, also over a restart.
    What goes wrong ends the round, never the thread, and is told by health until a later round goes well.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from appliance.manuals.manuals import Manuals
from appliance.manuals.tries import SOON_S, Try, due
from appliance.manuals.wish import BusyError, Granted, Waiting, chosen
from corpora.errors import CorpusError
from models.errors import ModelError
from sync.errors import SyncError
from sync.records import Wish

log = logging.getLogger(__name__)

LOOK_S = 20.0
"""Between two looks at whether a wish waits and, if one does, whether there is a link."""
NEWS = 5
"""Granted wishes that are kept for one person who says nothing."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a round works with."""

    manuals: Manuals
    stop: Callable[[], None]
    """Makes reading a file stop at its next page."""


class Granting:
    """Grants wishes in the background."""

    def __init__(self, doing: Doing) -> None:
        """Keep the parts; nothing runs until `start`."""
        self._doing = doing
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._ended = False
        self._round: tuple[asyncio.AbstractEventLoop, asyncio.Task[None]] | None = None
        self._ordered: set[str] = set()
        self._down = 0.0
        self._looked: AbstractSet[str] = frozenset()
        self._looked_at = 0.0
        self._news: defaultdict[str, deque[Granted]] = defaultdict(lambda: deque(maxlen=NEWS))
        self.trouble = ""
        """What ended the last round before its time; empty when it went well."""

    def start(self) -> None:
        """Look for wishes from now on. Starting twice is fine."""
        with self._lock:
            if self._thread is None and not self._ended:
                self._thread = threading.Thread(target=self._work, name="manuals", daemon=True)
                self._thread.start()

    def order(self, wish: str) -> None:
        """Try this wish now, whenever it was tried before."""
        with self._lock:
            self._ordered.add(wish)
        self._woken.set()
        self.start()

    def news(self, person: str) -> tuple[Granted, ...]:
        """Give what became of this person's wishes since the last call."""
        with self._lock:
            return tuple(self._news.pop(person, ()))

    def waiting(self) -> Waiting:
        """Tell what waits, and why. Raises `sync.errors.SyncError`."""
        waiting = self._doing.manuals.waiting()
        return replace(waiting, trouble=self.trouble or waiting.trouble)

    def close(self) -> None:
        """End: a download is dropped, and reading stops at the next page; the wish stays open. Twice is fine."""
        with self._lock:
            self._ended = True
            thread, running = self._thread, self._round
            if running:
                running[0].call_soon_threadsafe(running[1].cancel)
        self._doing.stop()
        self._woken.set()
        if thread is not None:
            thread.join()

    def _work(self) -> None:
        while not self._ended:
            self._woken.clear()
            try:
                if hopeful := self._hopeful():
                    asyncio.run(self._cancellable(hopeful))
                self.trouble = ""
            except BusyError:
                log.info("another process grants the wishes")  # what it can't grant it tells as we would
            except (CorpusError, ModelError, SyncError, OSError) as error:
                self.trouble = str(error)
                log.warning("wishes for manuals wait: %s", error)
            except asyncio.CancelledError:
                return
            except Exception as error:  # the outermost loop: a fault of ours ends a round, and health tells it
                self.trouble = f"{type(error).__name__}: {error}"
                log.exception("wishes for manuals wait")
            self._woken.wait(LOOK_S)

    def _hopeful(self) -> Mapping[str, Try | None]:
        """Give the wishes for which the link is worth asking, with the last try for each."""
        waiting = {wish.id for wish in self._doing.manuals.wishes()}
        last = self._doing.manuals.tries.last(waiting)
        return {wish: last.get(wish) for wish in waiting if self._due(wish, last.get(wish)) or last[wish].passing}

    def _due(self, wish: str, last: Try | None) -> bool:
        with self._lock:
            return wish in self._ordered or due(last, time.time(), self._down)

    async def _cancellable(self, hopeful: Mapping[str, Try | None]) -> None:
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._ended:
                return
            task = loop.create_task(self._grant(hopeful))
            self._round = loop, task
        try:
            await task
        finally:
            with self._lock:
                self._round = None

    async def _grant(self, hopeful: Mapping[str, Try | None]) -> None:
        """Grant what is due, and keep what the askers should hear.

        Without a link the box itself is looked through when a wish is new, and seldom after that.
        """
        if await self._doing.manuals.closed():
            self._down = time.time()
            if self._looked == hopeful.keys() and self._down - self._looked_at < SOON_S:
                return
            self._looked, self._looked_at = hopeful.keys(), self._down
        wishes = {wish for wish, last in hopeful.items() if self._due(wish, last)}

        def wants(wish: Wish) -> bool:
            return wish.id in wishes

        if wishes:
            async for one in self._doing.manuals.grant(wants):
                if not one.closed:
                    self._keep(one)

    def _keep(self, one: Granted) -> None:
        """Remember what is worth telling: what is here now, and what was promised and cannot be."""
        with self._lock:
            self._ordered.discard(one.wish.id)
            failed = bool(one.tried and not one.tried.passing and chosen(one.wish))
            if one.wish.actor and (one.taken or one.have or failed):
                self._news[one.wish.actor].append(one)

"""The cache: memory over `cache.db`, one computation per question at a time, valid only for the revisions it used."""

import asyncio
import hashlib
import json
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from cachetools import LRUCache

from sync.cachefile import CacheFile, Row

Value = TypeVar("Value")
DISK_FACTOR = 8
"""The file keeps this many times as many values of a kind as memory does."""


def to_json(value: Any) -> bytes:
    """Encode for the file. Raises TypeError or ValueError for what JSON cannot say."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@dataclass(frozen=True, slots=True)
class Codec:
    """How values of a kind lie in the file."""

    encode: Callable[[Any], bytes] = to_json
    decode: Callable[[bytes], Any] = json.loads
    """Raises ValueError, TypeError or KeyError for what an older program wrote; that counts as a miss."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of value is kept."""

    ttl_s: float
    """How long a value stays good."""
    negative_ttl_s: float
    """How long it stays known that there is nothing (None); 0: not kept."""
    size: int
    """Values in memory."""
    codec: Codec | None = field(default_factory=Codec)
    """None: this kind lives in memory alone."""


@dataclass(slots=True)
class Counters:
    """What happened to one kind since the start. A lookup counts once: as hit, miss or wait."""

    memory: int = 0
    """Hits in memory."""
    disk: int = 0
    """Hits in the file."""
    misses: int = 0
    """Computed."""
    waits: int = 0
    """Waited for another's computation."""
    evicted: int = 0
    """Left memory for want of room."""
    expired: int = 0
    """Found, but too old."""
    invalidated: int = 0
    """Found, but made from another revision."""
    failed: int = 0
    """Computations that raised."""


@dataclass(frozen=True, slots=True)
class Found:
    """A value from the cache; a None in it is the known absence of a value."""

    value: Any
    stored: float
    """Seconds since 1970."""
    used: Mapping[str, str]
    """Which revisions it was made from."""


@dataclass(slots=True)
class _Flight:
    """A computation under way, and how many wait for it."""

    task: asyncio.Task[Any]
    waiting: int = 0


def key_of(*parts: str) -> str:
    """Make one key of several texts; different parts never make the same key."""
    return json.dumps(parts, ensure_ascii=False)


class Cache:
    """Values by kind and key. Lookups are safe for threads; `get_or_compute` belongs to one event loop at a time.

    What it gives is the very object that was computed: hand in frozen values.
    """

    def __init__(
        self, path: Path | None, clock: Callable[[], float] = time.time, kinds: Mapping[str, Kind] | None = None
    ) -> None:
        """Open `path` (None: memory alone), deleting it first when it is damaged.

        `clock` gives seconds since 1970; a value from its future counts as expired.
        """
        self._clock = clock
        self._kinds = dict(kinds or {})
        self._memory: dict[str, LRUCache[bytes, Found]] = {
            name: LRUCache(kind.size) for name, kind in self._kinds.items()
        }
        self._counters = {name: Counters() for name in self._kinds}
        self._lock = threading.Lock()
        self._closed = False
        self._flights: dict[Any, _Flight] = {}
        self._file = CacheFile(path) if path else None
        # One thread writes: the event loop never waits for a disk.
        self._writer = ThreadPoolExecutor(1, "cache") if path else None

    def peek(self, kind: str, key: str, revisions: Mapping[str, str]) -> Found | None:
        """Look in memory, then in the file; None when there is no value good at `revisions`. Never computes."""
        return self._look(kind, _digest(key), revisions)

    def _look(self, kind: str, digest: bytes, revisions: Mapping[str, str]) -> Found | None:
        counters = self._counters[kind]
        with self._lock:
            found = self._memory[kind].get(digest)
            if found is not None:
                good = self._good(kind, found, revisions, counters)
                counters.memory += good
                return found if good else None
        found = self._from_file(kind, digest)
        if found is None:
            return None
        with self._lock:
            if not self._good(kind, found, revisions, counters):
                return None
            counters.disk += 1
            self._keep(kind, digest, found)
        return found

    def _good(self, kind: str, found: Found, revisions: Mapping[str, str], counters: Counters) -> bool:
        """Is it young enough and made from the current revisions?"""
        rule = self._kinds[kind]
        age = self._clock() - found.stored
        if not 0 <= age < (rule.negative_ttl_s if found.value is None else rule.ttl_s):
            counters.expired += 1
            return False
        if any(revisions.get(name) != revision for name, revision in found.used.items()):
            counters.invalidated += 1
            return False
        return True

    def _from_file(self, kind: str, digest: bytes) -> Found | None:
        codec = self._kinds[kind].codec
        row = self._file.get(kind, digest) if self._file and codec else None
        if row is None or codec is None:
            return None
        try:
            value = None if row.value is None else codec.decode(row.value)
        except (ValueError, TypeError, KeyError):
            return None
        return Found(value, row.stored, row.used)

    def _keep(self, kind: str, digest: bytes, found: Found) -> None:
        """Put into memory, counting whom it drives out."""
        memory = self._memory[kind]
        if digest not in memory and memory.currsize >= memory.maxsize:
            self._counters[kind].evicted += 1
        memory[digest] = found

    def put(self, kind: str, key: str, value: Any, used: Mapping[str, str]) -> None:
        """Keep a value that was made from the revisions `used`; None is kept as known absence."""
        self._put(kind, _digest(key), value, used)

    def _put(self, kind: str, digest: bytes, value: Any, used: Mapping[str, str]) -> None:
        rule = self._kinds[kind]
        if value is None and rule.negative_ttl_s <= 0:
            return
        found = Found(value, self._clock(), dict(used))
        raw = rule.codec.encode(value) if rule.codec and value is not None else None
        with self._lock:
            self._keep(kind, digest, found)
            if self._file is not None and self._writer is not None and rule.codec is not None and not self._closed:
                row = Row(found.stored, found.used, raw)
                self._writer.submit(self._file.put, kind, digest, row, rule.size * DISK_FACTOR)

    async def get_or_compute(
        self,
        kind: str,
        key: str,
        revisions: Mapping[str, str],
        compute: Callable[[], Awaitable[Value]],
        used: Callable[[Value], Mapping[str, str]] | None = None,
    ) -> Value:
        """Give the cached value, or compute it once however many ask.

        `revisions`: the current ones, by name. `used` tells from a value which of them it was made from (default: all),
        so that a value made from the corpus alone outlives a change of the records. A waiter that is cancelled or times
        out leaves the others alone; when the last one leaves, the computation is cancelled. What `compute` raises is
        raised to all that wait, and not kept.

        Raises:
            KeyError: `kind` was not named at the start.
        """
        digest = _digest(key)
        found = self._look(kind, digest, revisions)
        if found is not None:
            value: Value = found.value
            return value
        name = (asyncio.get_running_loop(), kind, digest, tuple(sorted(revisions.items())))
        flight = self._flights.get(name)
        if flight is None:
            self._counters[kind].misses += 1
            work = self._compute(kind, digest, dict(revisions), compute, used)
            flight = self._flights[name] = _Flight(asyncio.ensure_future(work))
            flight.task.add_done_callback(lambda task: self._ended(name, task))
        else:
            self._counters[kind].waits += 1
        outcome: Value = await self._wait(name, flight)
        return outcome

    async def _wait(self, name: Any, flight: _Flight) -> Any:
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting and not flight.task.done():
                # Out of the way at once, lest a newcomer joins a computation that is being cancelled.
                self._landed(name, flight.task)
                flight.task.cancel()

    def _ended(self, name: Any, task: asyncio.Task[Any]) -> None:
        self._landed(name, task)
        if not task.cancelled() and task.exception() is not None:
            self._counters[name[1]].failed += 1

    def _landed(self, name: Any, task: asyncio.Task[Any]) -> None:
        flight = self._flights.get(name)
        if flight is not None and flight.task is task:
            del self._flights[name]

    async def _compute(
        self,
        kind: str,
        digest: bytes,
        revisions: Mapping[str, str],
        compute: Callable[[], Awaitable[Value]],
        used: Callable[[Value], Mapping[str, str]] | None,
    ) -> Value:
        value = await compute()
        self._put(kind, digest, value, revisions if used is None or value is None else used(value))
        return value

    def clear(self, kind: str | None = None) -> None:
        """Forget everything, or one kind, in memory and in the file."""
        with self._lock:
            for name in self._memory if kind is None else (kind,):
                self._memory[name].clear()
            if self._file is None or self._writer is None or self._closed:
                return
            cleared = self._writer.submit(self._file.clear, kind)
        cleared.result()

    def stats(self) -> dict[str, Any]:
        """Give the counters per kind, what memory holds, and how the file does."""
        kinds = {
            name: {**asdict(counters), "held": len(self._memory[name])} for name, counters in self._counters.items()
        }
        file = self._file
        disk = {"recreated": file.recreated, "errors": file.errors, "trouble": file.trouble} if file else {}
        return {"kinds": kinds, "disk": disk}

    def close(self) -> None:
        """Write what waits and close the file. Closing twice is fine."""
        with self._lock:
            self._closed = True
        if self._writer is not None:
            self._writer.shutdown()
        if self._file is not None:
            self._file.close()


def _digest(key: str) -> bytes:
    """Give a key of fixed length for a text of any length."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()

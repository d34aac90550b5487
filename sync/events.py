"""Analytics events: the same outbox shape in `events.db`, written in batches of a second.

An event that was not flushed yet is lost when the process is killed; what people did never goes this way.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sync.entry import canonical
from sync.errors import SchemaError, StorageError
from sync.operation import Operation
from sync.outbox import Outbox

log = logging.getLogger(__name__)

EVENTS: Mapping[str, str] = {
    "boot": "A process started or stopped: which, version, why, seconds since the last.",
    "turn": "A question was answered: intent, rung, confidence, abstained, cached, timings in ms; no spoken words.",
    "gap": "A question the sources could not answer: intent, what was searched; the words are in the field's gap.",
    "step": "One look-up or calculation of a turn: name, ms, found, failed.",
    "hearing": "A recording was transcribed: engine, seconds of sound, ms, number of repairs.",
    "speech": "An answer was spoken: engine, characters, ms to the first sound, interrupted.",
    "model": "An engine was loaded, failed, was overtaken or unloaded: id, ms, reason.",
    "cache": "Counters of the cache over a while, per kind.",
    "record": "Operations were committed: count per kind, ms.",
    "nudge": "A nudge was offered, taken, put off or dismissed: type, priority.",
    "sync": "The way to the cloud: operations sent, acknowledged, fetched, refused, backlog.",
    "health": "A check changed its verdict: part, well or not, what to do.",
    "room": "A LiveKit server told of a room: what happened, room, device, track.",
}
"""The types of event and what their bodies tell. None carries a person's words or a customer's name."""


class Events:
    """Collects events in memory and commits them every `every_s` seconds, at `batch_size`, and on closing."""

    def __init__(
        self,
        path: Path,
        box_id: str,
        clock: Callable[[], float] = time.time,
        *,
        every_s: float = 1.0,
        batch_size: int = 64,
        most: int = 10_000,
        busy_ms: int = 5000,
    ) -> None:
        """Open or create `path`; `most` events wait at most while the file cannot be written, then the oldest go.

        Raises:
            StorageError: locked, damaged (left untouched), unwritable.
            SchemaError: written by a newer program.
        """
        self.path = path
        self.dropped = 0
        """Events that were given up because the file could not be written for long."""
        self.trouble = ""
        """Why the last flush failed; empty when it did not."""
        self._every_s, self._batch_size, self._most = every_s, batch_size, most
        self._waiting: deque[Operation] = deque()
        self._stirred = threading.Condition()
        self._flushing = threading.Lock()
        self._closing = False
        self._thread: threading.Thread | None = None
        self._outbox = Outbox(path, box_id, clock, busy_ms=busy_ms)

    def record(self, kind: str, body: Mapping[str, Any]) -> None:
        """Take an event; it is on disk within `every_s`.

        Raises:
            SchemaError: `kind` is none of `EVENTS`, the body is not JSON, or the events are closed.
        """
        if kind not in EVENTS:
            raise SchemaError(f"there is no event type {kind!r}; there are {', '.join(EVENTS)}")
        operation = Operation(kind=kind, body=dict(body))
        canonical(operation)
        with self._stirred:
            if self._closing:
                raise SchemaError(f"cannot record a {kind!r} event: {self.path} is closed")
            self._waiting.append(operation)
            if len(self._waiting) > self._most:
                self._waiting.popleft()
                self.dropped += 1
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="events", daemon=True)
                self._thread.start()
            if len(self._waiting) >= self._batch_size:
                self._stirred.notify()

    def flush(self) -> int:
        """Commit what waits and give how many. Raises `StorageError`; then they keep waiting."""
        with self._flushing:
            with self._stirred:
                batch = list(self._waiting)
                self._waiting.clear()
            try:
                self._outbox.append(batch)
            except StorageError as error:
                self.trouble = str(error)
                with self._stirred:
                    self._waiting.extendleft(reversed(batch))
                raise
            self.trouble = ""
            return len(batch)

    def _run(self) -> None:
        """Flush every `every_s`, sooner when a batch is full; a failure waits for the next time."""
        while True:
            with self._stirred:
                self._stirred.wait_for(lambda: self._closing or self._full(), self._every_s)
                if self._closing:
                    return
            try:
                self.flush()
            except StorageError as error:
                log.warning("events wait for the next flush: %s", error)
                time.sleep(self._every_s)

    def _full(self) -> bool:
        return len(self._waiting) >= self._batch_size

    def close(self) -> None:
        """Flush and close. Closing twice is fine. Raises `StorageError` (the file is closed)."""
        with self._stirred:
            self._closing = True
            self._stirred.notify()
        if self._thread is not None:
            self._thread.join()
        try:
            if self._waiting:
                self.flush()
        finally:
            self._outbox.close()

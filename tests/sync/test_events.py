"""Events: thirteen kinds, written in batches, never in the way."""

import threading
import time
from pathlib import Path

import apsw
import pytest

from sync.errors import SchemaError, StorageError
from sync.events import EVENTS, Events
from sync.outbox import Outbox


def written(path: Path) -> list[str]:
    """Give the kinds that lie in the file."""
    outbox = Outbox(path, "box-1")
    kinds = [entry.kind for entry in outbox.entries(limit=10_000)]
    outbox.close()
    return kinds


def until(done: object) -> None:
    """Wait at most five seconds for something to be so."""
    assert callable(done)
    end = time.monotonic() + 5
    while not done():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_there_are_thirteen_kinds_each_explained() -> None:
    """The seed claims twelve and never lists them; ours are data, and rooms are the thirteenth."""
    assert len(EVENTS) == 13
    assert {"turn", "gap", "cache", "model", "health"} <= EVENTS.keys()
    assert all(text.endswith(".") for text in EVENTS.values())


def test_an_event_is_on_disk_soon_and_the_rest_at_the_end(tmp_path: Path) -> None:
    """One flush by time, one by closing."""
    events = Events(tmp_path / "events.db", "box-1", every_s=0.02)
    events.record("turn", {"intent": "spec"})
    until(lambda: not events._waiting and events._outbox.last() == 1)
    events._every_s = 60
    events.record("gap", {})
    events.close()
    events.close()

    assert written(tmp_path / "events.db") == ["turn", "gap"]


def test_a_full_batch_does_not_wait_for_the_clock(tmp_path: Path) -> None:
    """At `batch_size` events the file is written at once."""
    events = Events(tmp_path / "events.db", "box-1", every_s=60, batch_size=5)
    for _ in range(5):
        events.record("step", {"ms": 1})

    until(lambda: events._outbox.last() == 5)
    events.close()


def test_an_unknown_kind_or_body_is_refused(tmp_path: Path) -> None:
    """A typing mistake is found where it is made."""
    events = Events(tmp_path / "events.db", "box-1")

    with pytest.raises(SchemaError, match="no event type 'trun'"):
        events.record("trun", {})
    with pytest.raises(SchemaError, match="not JSON"):
        events.record("turn", {"x": object()})
    events.close()
    with pytest.raises(SchemaError, match="is closed"):
        events.record("turn", {})


def test_while_the_file_cannot_be_written_events_wait_and_the_oldest_go(tmp_path: Path) -> None:
    """Nothing raises at the one who records; what was given up is counted, what waits is written in order later."""
    events = Events(tmp_path / "events.db", "box-1", every_s=60, batch_size=100, most=3, busy_ms=10)
    other = apsw.Connection(str(tmp_path / "events.db"))
    other.execute("BEGIN IMMEDIATE")
    for kind in ("boot", "turn", "step"):
        events.record(kind, {})
    with pytest.raises(StorageError, match="locked"):
        events.flush()
    assert "locked" in events.trouble
    events.record("gap", {})
    assert events.dropped == 1
    other.execute("ROLLBACK")
    other.close()

    assert events.flush() == 3
    assert not events.trouble
    events.close()
    assert written(tmp_path / "events.db") == ["turn", "step", "gap"]


def test_many_threads_record_without_loss(tmp_path: Path) -> None:
    """Eight threads, 100 events each."""
    events = Events(tmp_path / "events.db", "box-1", every_s=0.01)
    threads = [threading.Thread(target=lambda: [events.record("step", {"n": n}) for n in range(100)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events.close()

    assert len(written(tmp_path / "events.db")) == 800

"""The recorder: durable first, visible next, whole or not at all."""

import threading
from pathlib import Path

import apsw
import pytest

from sync.box import Projection
from sync.errors import StorageError
from sync.operation import Operation
from sync.outbox import Outbox
from sync.reader import Records
from sync.recorder import FieldRecorder


def note(text: str) -> Operation:
    """Make a note about the box."""
    return Operation("note", {"text": text}, "box")


def recorder(folder: Path) -> tuple[FieldRecorder, Outbox, Projection]:
    """Open a recorder on a folder."""
    outbox, box = Outbox(folder / "field.db", "box-1", busy_ms=20), Projection(folder / "box.db", busy_ms=20)
    return FieldRecorder(outbox, box), outbox, box


def test_what_the_outbox_has_and_the_projection_has_not_is_folded_at_the_start(tmp_path: Path) -> None:
    """A crash between the two files costs nothing."""
    outbox = Outbox(tmp_path / "field.db", "box-1")
    outbox.append([note("one"), note("two")])
    outbox.close()

    keeper, _, box = recorder(tmp_path)

    assert box.applied == 2
    keeper.record([note("three")])
    assert [one.text for one in Records(tmp_path / "box.db").notes("box")] == ["one", "two", "three"]
    keeper.close()


def test_trouble_with_the_projection_does_not_undo_what_is_recorded(tmp_path: Path) -> None:
    """The ids are given, the trouble is told, and the next record makes it good: nothing twice, nothing missing."""
    keeper, outbox, _ = recorder(tmp_path)
    other = apsw.Connection(str(tmp_path / "box.db"))
    other.execute("BEGIN IMMEDIATE")

    assert len(keeper.record([note("one")])) == 1
    assert "locked" in keeper.behind
    other.execute("ROLLBACK")
    other.close()
    keeper.record([note("two")])

    assert not keeper.behind
    assert len(outbox.entries()) == 2
    assert [one.text for one in Records(tmp_path / "box.db").notes("box")] == ["one", "two"]
    keeper.close()


def test_a_locked_outbox_records_nothing(tmp_path: Path) -> None:
    """The caller is told, and the projection does not show what is not durable."""
    keeper, _, box = recorder(tmp_path)
    other = apsw.Connection(str(tmp_path / "field.db"))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="locked"):
        keeper.record([note("one")])

    assert box.applied == 0
    other.close()
    keeper.close()


def test_threads_do_not_lose_each_others_operations(tmp_path: Path) -> None:
    """Eight threads at once: everything is there, once."""
    keeper, outbox, box = recorder(tmp_path)
    given: list[str] = []
    threads = [
        threading.Thread(target=lambda: [given.extend(keeper.record([note("x")])) for _ in range(15)]) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(given) == [entry.id for entry in outbox.entries()]
    assert 120 == box.applied == len(Records(tmp_path / "box.db").notes("box"))
    keeper.close()

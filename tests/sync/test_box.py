"""The projection: rebuildable, never blocked, refolded when the form changes."""

from datetime import date
from pathlib import Path

import apsw
import pytest

from sync.box import Projection
from sync.dataset import DEMO, load
from sync.errors import StorageError
from sync.operation import Operation
from sync.outbox import Outbox
from sync.reader import Records
from sync.storage import discard

TODAY = date(2026, 11, 22)
WORK = [
    Operation("reading", {"what": "pressure", "value": 52, "unit": "psi"}, "WW-GAUGE-1"),
    Operation("preference", {"value": "expert"}, "kim", "skill"),
    Operation("hologram", {"x": 1}),
    Operation("reading", {"what": "pressure", "value": "many"}),
    Operation("job-status", {"status": "completed"}, "WW-101-20261122"),
    Operation("turn", {"asked": "how often?"}),
    Operation("gap", {"question": "torque of QQQQ?"}),
]


def test_a_deleted_projection_is_rebuilt_with_equal_content(tmp_path: Path) -> None:
    """Generation and outbox give the same box.db again, to the row; the revision is the same too."""
    outbox = Outbox(tmp_path / "field.db", "box-1")
    outbox.append(WORK)
    contents, revisions = [], []
    for _ in range(2):
        box = Projection(tmp_path / "box.db")
        box.adopt(load(DEMO, TODAY))
        assert len(WORK) == box.catch_up(outbox)
        contents.append(box.content())
        revisions.append(Records(tmp_path / "box.db").revision)
        box.close()
        discard(tmp_path / "box.db")

    assert contents[0] == contents[1]
    assert revisions[0] == revisions[1]
    outbox.close()


def test_a_bad_operation_never_blocks_those_behind(tmp_path: Path) -> None:
    """Unknown and broken ones are set aside with the reason; all others are folded, and they stay in the outbox."""
    outbox, box = Outbox(tmp_path / "field.db", "box-1"), Projection(tmp_path / "box.db")
    outbox.append(WORK)

    box.catch_up(outbox)

    assert len(WORK) == box.applied
    assert [(seq, kind) for seq, _, kind, _ in box.skipped()] == [(3, "hologram"), (4, "reading")]
    assert "not known here" in box.skipped()[0][3]
    assert len(WORK) == len(outbox.entries())
    box.close()
    outbox.close()


def test_a_damaged_projection_is_thrown_away(tmp_path: Path) -> None:
    """box.db may be deleted: damage costs a rebuild, nothing else, and is told."""
    (tmp_path / "box.db").write_bytes(b"no database" * 1000)

    box = Projection(tmp_path / "box.db")

    assert "is damaged" in box.rebuilt
    assert box.applied == 0
    box.close()


def test_another_form_is_folded_anew_in_place(tmp_path: Path) -> None:
    """After an update, or its undoing, the file is emptied without being replaced under its readers."""
    Projection(tmp_path / "box.db").close()
    connection = apsw.Connection(str(tmp_path / "box.db"))
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    inode = (tmp_path / "box.db").stat().st_ino

    box = Projection(tmp_path / "box.db")

    assert "form 99" in box.rebuilt
    assert inode == (tmp_path / "box.db").stat().st_ino
    box.close()


def test_a_locked_projection_is_not_thrown_away(tmp_path: Path) -> None:
    """A lock is no damage: the error says what to do, the file stays."""
    Projection(tmp_path / "box.db").close()
    other = apsw.Connection(str(tmp_path / "box.db"))
    other.execute("BEGIN IMMEDIATE")
    inode = (tmp_path / "box.db").stat().st_ino

    with pytest.raises(StorageError, match="locked"):
        Projection(tmp_path / "box.db", busy_ms=20)

    assert inode == (tmp_path / "box.db").stat().st_ino
    other.close()


def test_folding_and_position_are_one_transaction(tmp_path: Path) -> None:
    """When there is no room, neither the rows nor the position move; later everything is folded once."""
    outbox, box = Outbox(tmp_path / "field.db", "box-1"), Projection(tmp_path / "box.db")
    outbox.append([Operation("note", {"text": "x" * 3000}) for _ in range(50)])
    pages = box._connection.pragma("page_count")
    box._connection.pragma("max_page_count", pages + 4)

    with pytest.raises(StorageError, match="disk is full"):
        box.catch_up(outbox)
    assert box.applied == 0
    assert box.content()["own"] == []

    box._connection.pragma("max_page_count", 100_000)
    assert box.catch_up(outbox) == 50
    assert len(box.content()["own"]) == 50
    box.close()
    outbox.close()


def test_the_same_generation_is_adopted_once(tmp_path: Path) -> None:
    """Adopting what is there already writes nothing."""
    box = Projection(tmp_path / "box.db")

    assert box.adopt(load(DEMO, TODAY))
    assert not box.adopt(load(DEMO, TODAY))
    assert box.adopt(load(DEMO, date(2026, 11, 23)))
    box.close()

"""The outbox: durable, append-only, chained; clear about what is wrong and never destructive."""

import threading
from pathlib import Path

import apsw
import pytest

from sync.errors import SchemaError, StorageError
from sync.operation import Operation
from sync.outbox import Chain, Outbox
from tests.fakes.clock import FakeClock


def notes(count: int, size: int = 1) -> list[Operation]:
    """Make some operations."""
    return [Operation("note", {"text": "x" * size, "n": number}, entity="A-1", actor="kim") for number in range(count)]


def test_operations_come_back_as_they_were_given(tmp_path: Path) -> None:
    """Ids in order, every column kept, the body as canonical JSON."""
    outbox = Outbox(tmp_path / "field.db", "box-1", FakeClock())
    operation = Operation("reading", {"b": 1, "a": "ü"}, "A-1", "value", "base", "kim", 3)

    ids = outbox.append([operation, *notes(2)])
    entries = outbox.entries()

    assert ids == [entry.id for entry in entries] == sorted(ids)
    first = entries[0]
    assert (
        first.kind, first.version, first.entity, first.field, first.base, first.actor,
    ) == ("reading", 3, "A-1", "value", "base", "kim")  # fmt: skip
    assert first.body == '{"a":"ü","b":1}'
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert outbox.last() == 3
    outbox.close()


def test_the_schema_is_the_frozen_one(tmp_path: Path) -> None:
    """Exactly the tables and columns of reference/sync.md section 7.1: central reads them for ever."""
    Outbox(tmp_path / "field.db", "box-1").close()

    connection = apsw.Connection(str(tmp_path / "field.db"))
    tables = {
        table: [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for (table,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
    }
    assert tables == {
        "op": ["seq", "id", "inc", "hlc", "kind", "v", "entity", "field", "base", "actor", "body"],
        "batch": ["n", "inc", "first_seq", "last_seq", "cnt", "sha256", "prev_sha"],
        "box": ["k", "v"],
    }
    connection.close()


def test_the_file_is_opened_for_keeps(tmp_path: Path) -> None:
    """WAL, FULL, no automatic checkpoint, deleted rows are zeroed."""
    outbox = Outbox(tmp_path / "field.db", "box-1")
    pragma = outbox._connection.pragma

    assert (
        pragma("journal_mode"), pragma("synchronous"), pragma("wal_autocheckpoint"), pragma("secure_delete"),
        pragma("busy_timeout"),
    ) == ("wal", 2, 0, 1, 5000)  # fmt: skip
    outbox.close()


def test_nothing_to_append_is_nothing_done(tmp_path: Path) -> None:
    """An empty list gives an empty list."""
    outbox = Outbox(tmp_path / "field.db", "box-1")

    assert outbox.append([]) == []
    assert outbox.last() == 0
    outbox.close()


def test_order_survives_a_restart_with_the_clock_set_back(tmp_path: Path) -> None:
    """Ids and stamps keep rising over a restart though the clock went back a day; the runs differ."""
    clock = FakeClock()
    first = Outbox(tmp_path / "field.db", "box-1", clock)
    first.append(notes(3))
    first.close()
    clock.move(-86_400)
    second = Outbox(tmp_path / "field.db", "box-1", clock)
    second.append(notes(2))
    clock.move(-86_400)
    second.append(notes(2))

    entries = second.entries()
    ids, stamps = [entry.id for entry in entries], [entry.hlc for entry in entries]

    assert ids == sorted(set(ids))
    assert stamps == sorted(set(stamps))
    assert len({entry.inc for entry in entries}) == 2
    second.close()


def test_a_batch_closes_when_it_is_full_or_old_or_at_the_end(tmp_path: Path) -> None:
    """By number, by age at the next append, and on closing; the chain holds over all."""
    clock = FakeClock()
    outbox = Outbox(tmp_path / "field.db", "box-1", clock, batch_size=4, batch_s=10)
    outbox.append(notes(3))
    assert Chain(0, 0, 3, "") == outbox.verify_chain()
    outbox.append(notes(2))
    assert Chain(1, 5, 0, "") == outbox.verify_chain()
    outbox.append(notes(1))
    clock.move(11)
    outbox.append(notes(1))
    assert Chain(2, 7, 0, "") == outbox.verify_chain()
    outbox.append(notes(1))
    outbox.close()

    again = Outbox(tmp_path / "field.db", "box-1", clock)
    assert Chain(3, 8, 0, "") == again.verify_chain()
    again.close()


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE op SET body = CAST('{}' AS BLOB) WHERE seq = 3",
        "UPDATE op SET actor = 'eve' WHERE seq = 3",
        "DELETE FROM op WHERE seq = 3",
        "UPDATE batch SET sha256 = 'f' WHERE n = 1",
        "DELETE FROM batch WHERE n = 1",
        "UPDATE op SET inc = 'other' WHERE seq = 3",
    ],
)
def test_a_changed_operation_breaks_the_chain(tmp_path: Path, harm: str) -> None:
    """Whatever is altered in a closed batch is found."""
    outbox = Outbox(tmp_path / "field.db", "box-1", batch_size=2)
    for _ in range(4):
        outbox.append(notes(2))
    assert not outbox.verify_chain().fault

    other = apsw.Connection(str(tmp_path / "field.db"))
    other.execute(harm)
    other.close()

    assert outbox.verify_chain().fault
    outbox.close()


def test_a_pruned_file_never_reuses_its_numbers(tmp_path: Path) -> None:
    """When acknowledged operations are gone, the next one goes on after the last batch."""
    outbox = Outbox(tmp_path / "field.db", "box-1", batch_size=2)
    outbox.append(notes(2))
    outbox._connection.execute("DELETE FROM op")

    outbox.append(notes(1))

    assert [entry.seq for entry in outbox.entries()] == [3]
    outbox.close()


def test_two_writers_take_turns(tmp_path: Path) -> None:
    """Two open outboxes on one file (a second command beside the box) interleave without loss, the chain holds."""
    clock = FakeClock()
    one = Outbox(tmp_path / "field.db", "box-1", clock, batch_size=5)
    two = Outbox(tmp_path / "field.db", "box-1", clock, batch_size=5)
    threads = [
        threading.Thread(target=lambda box=box: [box.append(notes(1)) for _ in range(40)])  # type: ignore[misc]
        for box in (one, two)
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [entry.id for entry in one.entries()]
    assert len(ids) == 160
    assert ids == sorted(set(ids))
    assert not one.verify_chain().fault
    one.close()
    two.close()


@pytest.mark.parametrize("body", [{"x": float("nan")}, {"x": object()}, {"x": "\ud800"}, {1: 1, "1": 2}])
def test_a_body_that_is_not_json_is_refused_whole(tmp_path: Path, body: dict[str, object]) -> None:
    """The error names the kind, and the good operation beside it is not written either."""
    outbox = Outbox(tmp_path / "field.db", "box-1")

    with pytest.raises(SchemaError, match="'note'"):
        outbox.append([*notes(1), Operation("note", body)])
    assert outbox.entries() == []
    outbox.close()


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    """A file of a later program's form is not touched; the message says what to do."""
    path = tmp_path / "field.db"
    Outbox(path, "box-1").close()
    connection = apsw.Connection(str(path))
    connection.execute("PRAGMA user_version = 2")
    connection.close()

    with pytest.raises(SchemaError, match=r"newer clara.*update this box"):
        Outbox(path, "box-1")


def test_another_boxs_file_is_refused(tmp_path: Path) -> None:
    """A copied disk must not go on as another box."""
    Outbox(tmp_path / "field.db", "box-1").close()

    with pytest.raises(StorageError, match="belongs to box 'box-1'"):
        Outbox(tmp_path / "field.db", "box-2")


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    """A file with somebody else's tables gets none of ours."""
    connection = apsw.Connection(str(tmp_path / "field.db"))
    connection.execute("CREATE TABLE theirs(x)")
    connection.close()

    with pytest.raises(SchemaError, match="some other program"):
        Outbox(tmp_path / "field.db", "box-1")


def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path) -> None:
    """Garbage, a torn file and a damaged page: named, with what to do, and not one byte changed."""
    path = tmp_path / "field.db"
    outbox = Outbox(path, "box-1")
    outbox.append(notes(200, 300))
    outbox.close()
    whole = path.read_bytes()
    torn = whole[: len(whole) // 2 + 100]
    scratched = whole[:8192] + b"\xff" * 3000 + whole[11192:]

    for damage in (b"not a database at all" * 300, torn, scratched):
        path.write_bytes(damage)
        with pytest.raises(StorageError, match=r"field\.db is damaged.*restore a backup"):
            Outbox(path, "box-1")
        assert damage == path.read_bytes()


def test_a_locked_file_says_so_and_works_afterwards(tmp_path: Path) -> None:
    """After the patience is over: a clear error, nothing written; the next append works."""
    outbox = Outbox(tmp_path / "field.db", "box-1", busy_ms=50)
    other = apsw.Connection(str(tmp_path / "field.db"))
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match=r"field\.db is locked by another program"):
        outbox.append(notes(1))
    other.execute("ROLLBACK")
    other.close()

    assert len(outbox.append(notes(1))) == 1
    assert len(outbox.entries()) == 1
    outbox.close()


def test_a_full_disk_loses_nothing_and_heals(tmp_path: Path) -> None:
    """No room: a clear error and not half an append; with room again the next append works and the chain holds."""
    outbox = Outbox(tmp_path / "field.db", "box-1", batch_size=3)
    outbox._connection.pragma("max_page_count", 20)
    done: list[str] = []

    def fill() -> None:
        for _ in range(100):
            done.extend(outbox.append(notes(2, 2000)))

    with pytest.raises(StorageError, match=r"disk is full.*nothing was written"):
        fill()
    assert done
    assert done == [entry.id for entry in outbox.entries()]

    outbox._connection.pragma("max_page_count", 100_000)
    done += outbox.append(notes(2, 2000))
    assert done == [entry.id for entry in outbox.entries()]
    assert not outbox.verify_chain().fault
    outbox.close()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A file where the folder should be: the path is in the message."""
    (tmp_path / "data").write_text("")

    with pytest.raises(StorageError, match="data"):
        Outbox(tmp_path / "data" / "field.db", "box-1")


def test_the_log_stays_small(tmp_path: Path) -> None:
    """With nobody replicating, the WAL is emptied in passing, and a reader in the way costs no waiting."""
    outbox = Outbox(tmp_path / "field.db", "box-1", checkpoint_pages=20)
    reader = apsw.Connection(str(tmp_path / "field.db"))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM op").fetchall()
    for _ in range(30):
        outbox.append(notes(1, 3000))
    assert (tmp_path / "field.db-wal").stat().st_size > 20 * 4096
    reader.execute("COMMIT")
    reader.close()
    for _ in range(30):
        outbox.append(notes(1, 3000))

    assert (tmp_path / "field.db-wal").stat().st_size < 30 * 4096
    outbox.close()


def test_paired_with_litestream_nobody_checkpoints(tmp_path: Path) -> None:
    """With `checkpoint_pages=0` the log is left whole, also on closing."""
    outbox = Outbox(tmp_path / "field.db", "box-1", checkpoint_pages=0)
    for _ in range(30):
        outbox.append(notes(1, 3000))
    outbox.close()

    assert (tmp_path / "field.db-wal").stat().st_size > 30 * 3000


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    """A second close does nothing, and an append afterwards is a clear error."""
    outbox = Outbox(tmp_path / "field.db", "box-1")
    outbox.close()
    outbox.close()

    with pytest.raises(StorageError, match="record 1 operation"):
        outbox.append(notes(1))

"""Opening databases."""

from pathlib import Path

import apsw
import pytest

from sync import storage
from sync.errors import StorageError


def test_the_library_is_new_enough() -> None:
    """The SQLite that we carry has no WAL-reset bug."""
    assert storage._number(apsw.sqlitelibversion()) >= storage.OLDEST


def test_an_old_library_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A box with an older SQLite does not start on synced files."""
    monkeypatch.setattr(storage, "OLDEST", 99_000_000)

    with pytest.raises(StorageError, match=r"older than 3\.51\.3"):
        storage.connect(tmp_path / "x.db")


def test_a_transaction_is_all_or_nothing(tmp_path: Path) -> None:
    """What raises inside leaves no trace, and the connection goes on working."""
    connection = storage.connect(tmp_path / "x.db")
    connection.execute("CREATE TABLE t(x)")

    def half() -> None:
        with storage.transaction(connection):
            connection.execute("INSERT INTO t VALUES(1)")
            connection.execute("INSERT INTO nowhere VALUES(1)")

    with pytest.raises(apsw.SQLError):
        half()

    assert connection.execute("SELECT count(*) FROM t").get == 0
    connection.close()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (apsw.BusyError("x"), "locked by another program"),
        (apsw.FullError("x"), "disk is full"),
        (apsw.NotADBError("x"), "is damaged"),
        (apsw.ReadOnlyError("x"), "check that folder and file belong to this user"),
        (apsw.IOError("x"), "check the disk"),
        (apsw.SQLError("no such table"), "no such table"),
    ],
)
def test_every_failure_says_what_to_do(error: apsw.Error, words: str) -> None:
    """The message names the attempt, the file and the remedy, and keeps the cause."""
    with pytest.raises(StorageError, match=words) as caught, storage.explained(Path("/data/x.db"), "read"):
        raise error

    assert str(caught.value).startswith("cannot read: /data/x.db ")
    assert error is caught.value.__cause__


def test_discarding_takes_the_companions_along(tmp_path: Path) -> None:
    """A leftover log must never meet a new file."""
    for name in ("x.db", "x.db-wal", "x.db-shm"):
        (tmp_path / name).write_text("x")

    storage.discard(tmp_path / "x.db")

    assert list(tmp_path.iterdir()) == []

"""The one place that opens databases: the right pragmas, a quick health check, foreign errors wrapped once.

Everything goes through apsw, which carries its own SQLite: 3.51.2 and older (Debian 12 ships 3.40.1) have a WAL-reset
bug that two checkpointing processes can hit, and Litestream beside us is the second one.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

import apsw

from sync.errors import SchemaError, StorageError

OLDEST = 3_051_003
"""SQLite 3.51.3, the first without the WAL-reset bug (reference/sync.md section 4.7)."""

Durability = Literal["FULL", "NORMAL"]
"""FULL: what is committed survives a power cut. NORMAL: the last commits may be lost, the file stays sound."""

_UNDO_ADVICE = "nothing was written; free some space and try again"
_DAMAGE_ADVICE = (
    "it is left as it is: copy it away together with its -wal file, then restore a backup, or rename it to start afresh"
)


def advice(error: apsw.Error) -> str:
    """Say what is wrong and what to do about it, in one clause."""
    match error:
        case apsw.BusyError() | apsw.LockedError():
            return "is locked by another program; stop it (does a second clara run?) and try again"
        case apsw.FullError():
            return f"has no room: the disk is full; {_UNDO_ADVICE}"
        case apsw.CorruptError() | apsw.NotADBError() | apsw.FormatError():
            return f"is damaged ({error}); {_DAMAGE_ADVICE}"
        case apsw.ReadOnlyError() | apsw.PermissionsError() | apsw.CantOpenError():
            return f"cannot be opened for writing ({error}); check that folder and file belong to this user"
        case apsw.IOError():
            return f"cannot be read or written ({error}); check the disk and its free space"
        case _:
            return f"refused the work ({error})"


@contextmanager
def explained(path: Path, attempt: str) -> Iterator[None]:
    """Turn an SQLite error into a `StorageError` that names the attempt, the file and the remedy."""
    try:
        yield
    except apsw.Error as error:
        raise StorageError(f"cannot {attempt}: {path} {advice(error)}") from error


@contextmanager
def transaction(connection: apsw.Connection) -> Iterator[None]:
    """All or nothing. SQLite's own errors pass through; wrap with `explained`."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk may have rolled back already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def connect(path: Path, durability: Durability = "FULL", *, busy_ms: int = 5000, check: bool = True) -> apsw.Connection:
    """Open `path` for reading and writing in WAL mode, creating it and its folder when absent.

    `busy_ms`: how long to wait for another program's lock. `check`: look for damage first (about 3 ms per MB).
    Checkpoints are left to the caller: automatic ones are off.

    Raises:
        StorageError: damaged (the file is left untouched), locked, unwritable; or SQLite is too old.
    """
    if _number(apsw.sqlitelibversion()) < OLDEST:
        raise StorageError(f"SQLite {apsw.sqlitelibversion()} is older than 3.51.3: install apsw 3.51.3 or newer")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"cannot make the folder of {path}: {error}") from error
    with explained(path, "open the database"):
        connection = apsw.Connection(str(path))
    try:
        with explained(path, "open the database"):
            _prepare(connection, durability, busy_ms, check=check)
    except BaseException:
        connection.close()
        raise
    return connection


def _number(version: str) -> int:
    """Give "3.54.1" as 3054001."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    return major * 1_000_000 + minor * 1_000 + patch


def _prepare(connection: apsw.Connection, durability: Durability, busy_ms: int, *, check: bool) -> None:
    """Check first, then set the pragmas: a damaged file must not be changed, not even by a closing checkpoint."""
    connection.set_busy_timeout(busy_ms)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
    if check:
        found = str(connection.execute("PRAGMA quick_check(1)").get)
        if found != "ok":
            raise apsw.CorruptError(found.splitlines()[-1])
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute(f"PRAGMA synchronous={durability}")
    connection.wal_autocheckpoint(0)
    connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0)


def require_version(connection: apsw.Connection, path: Path, known: int) -> int:
    """Give the file's user_version (0: new and empty), refusing one that a newer program wrote.

    Raises:
        SchemaError: the file is newer than this program.
    """
    with explained(path, "read the version"):
        found = int(connection.execute("PRAGMA user_version").get)
    if found > known:
        raise SchemaError(
            f"{path} was written by a newer clara (form {found}, this one knows {known}): update this box"
        )
    return found


def sqlite_version() -> tuple[int, ...]:
    """Give the version of the SQLite that opens the databases, such as (3, 54, 1)."""
    return tuple(int(part) for part in apsw.sqlitelibversion().split("."))


def truncate_wal(connection: apsw.Connection) -> bool:
    """Move the WAL into the database and empty it, without waiting for readers; say whether it worked.

    Call it only while no Litestream is attached to the file (reference/sync.md section 4.1).
    """
    patience = int(connection.execute("PRAGMA busy_timeout").get)
    connection.set_busy_timeout(0)
    try:
        with suppress(apsw.BusyError):
            connection.wal_checkpoint("main", apsw.SQLITE_CHECKPOINT_TRUNCATE)
            return True
        return False
    finally:
        connection.set_busy_timeout(patience)


def discard(path: Path) -> None:
    """Delete a database that may be deleted, with its companions. Raises `StorageError`."""
    for companion in _family(path):
        try:
            companion.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"cannot remove {companion} to build it anew: {error}") from error


def _family(path: Path) -> Sequence[Path]:
    """Companions first, so that a leftover WAL can never be taken for a new file's."""
    return [path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal", "")]

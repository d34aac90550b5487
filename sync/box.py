"""The projection `box.db`: the cloud's generation and this box's operations, folded; may be deleted and rebuilt.

Cloud rows and own rows lie side by side; a reader lays the own ones on top. So a new generation replaces the cloud rows
whole and no operation has to be folded again. The position `applied` is written in the same transaction as its effect.
"""

import json
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import apsw
from pydantic import TypeAdapter

from sync.entry import Entry
from sync.errors import SchemaError, StorageError
from sync.fold import FORM, QUIET, Added, fold
from sync.generation import Generation
from sync.outbox import Outbox
from sync.records import CLOUD
from sync.storage import connect, discard, explained, transaction, truncate_wal

log = logging.getLogger(__name__)

SCHEMA = f"""
CREATE TABLE cloud(kind TEXT, id TEXT, place INTEGER, body BLOB, PRIMARY KEY(kind, id)) WITHOUT ROWID;
CREATE TABLE own(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE register(kind TEXT, entity TEXT, field TEXT, hlc TEXT NOT NULL, seq INTEGER NOT NULL, value BLOB,
  PRIMARY KEY(kind, entity, field)) WITHOUT ROWID;
CREATE INDEX register_seq ON register(seq);
CREATE TABLE skipped(seq INTEGER PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL);
CREATE TABLE state(k TEXT PRIMARY KEY, v) WITHOUT ROWID;
PRAGMA user_version = {FORM};
"""
TABLES = ("cloud", "own", "register", "skipped")
_PAGES = 1000
"""WAL pages (4 MB) after which the projection empties its WAL."""


class Projection:
    """The one writer of `box.db`. Safe for threads."""

    def __init__(self, path: Path, *, busy_ms: int = 5000) -> None:
        """Open or build `path`; a damaged file or one of another form is emptied, to be folded anew.

        Raises:
            StorageError: locked, unwritable or out of room.
        """
        self.path = path
        self.rebuilt = ""
        """Why the file was emptied at this start, or empty."""
        self._busy_ms = busy_ms
        self._wal_pages = 0
        self._lock = threading.RLock()
        self._connection = self._open()

    def _open(self) -> apsw.Connection:
        try:
            connection = connect(self.path, "NORMAL", busy_ms=self._busy_ms)
        except StorageError as error:
            if not isinstance(error.__cause__, apsw.CorruptError | apsw.NotADBError | apsw.FormatError):
                raise
            log.warning("box.db is damaged and is built anew: %s", error)
            self.rebuilt = str(error)
            discard(self.path)
            connection = connect(self.path, "NORMAL", busy_ms=self._busy_ms)
        connection.set_wal_hook(self._committed)
        try:
            with explained(self.path, "open the projection"), transaction(connection):
                form = connection.execute("PRAGMA user_version").get
                if form != FORM:
                    self._recreate(connection)
                    self.rebuilt = f"it had form {form}, this program folds to form {FORM}" if form else self.rebuilt
        except BaseException:
            connection.close()
            raise
        return connection

    @staticmethod
    def _recreate(connection: apsw.Connection) -> None:
        """Drop whatever is there, in place: readers have the file open."""
        for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]:
            connection.execute(f'DROP TABLE "{name}"')
        connection.execute(SCHEMA)

    def _committed(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def adopt(self, generation: Generation) -> bool:
        """Replace everything head office owns; say whether anything changed. Raises `StorageError`."""
        digest = generation.digest()
        with self._lock:
            if self._state("generation") == digest:
                return False
            rows = list(_rows(generation))
            with explained(self.path, "adopt a generation"), transaction(self._connection):
                self._connection.execute("DELETE FROM cloud")
                self._connection.executemany("INSERT INTO cloud VALUES(?,?,?,?)", rows)
                self._set("generation", digest)
                self._set("demo", int(generation.demo))
            self._checkpoint()
        return True

    def catch_up(self, outbox: Outbox) -> int:
        """Fold every operation behind `applied`; give how many.

        If the outbox is not the one that was folded so far (restored, or its tail lost in a power cut), the own rows
        are dropped and all operations are folded again. Raises `StorageError`.
        """
        with self._lock:
            if not self._follows(outbox):
                log.warning(
                    "%s does not continue what %s holds: all operations are folded again", outbox.path, self.path
                )
                self.rebuilt = f"{outbox.path} is another outbox than before, or lost its end"
                self._forget()
            folded = 0
            while entries := outbox.entries(self.applied):
                self.apply(entries)
                folded += len(entries)
        return folded

    def _follows(self, outbox: Outbox) -> bool:
        """Is the last applied operation still the outbox's own, or pruned from it?"""
        applied = self.applied
        if applied == 0:
            return True
        if applied > outbox.last():
            return False
        return outbox.id_at(applied) in ("", self._state("applied_id"))

    def _forget(self) -> None:
        with explained(self.path, "drop the own rows"), transaction(self._connection):
            for table in ("own", "register", "skipped"):
                self._connection.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
            self._connection.execute("DELETE FROM state WHERE k IN ('applied', 'applied_id', 'changed')")
            self._set("refolds", int(self._state("refolds") or 0) + 1)

    def apply(self, entries: Sequence[Entry]) -> None:
        """Fold entries and move `applied`, in one transaction; a bad or unknown one is set aside with its reason.

        Raises `StorageError`; then nothing was folded.
        """
        if not entries:
            return
        with self._lock:
            with explained(self.path, "fold operations"), transaction(self._connection):
                for entry in entries:
                    self._fold(entry)
                last = max(entries, key=lambda entry: entry.seq)
                if last.seq > self.applied:
                    self._set("applied", last.seq)
                    self._set("applied_id", last.id)
            self._checkpoint()

    def _fold(self, entry: Entry) -> None:
        try:
            change = fold(entry)
        except SchemaError as error:
            self._connection.execute(
                "INSERT OR IGNORE INTO skipped VALUES(?,?,?,?)", (entry.seq, entry.id, entry.kind, str(error))
            )
            return
        if isinstance(change, Added):
            self._connection.execute(
                "INSERT OR IGNORE INTO own VALUES(?,?,?,?)",
                (entry.seq, entry.id, change.kind, _text({**change.body, "id": entry.id})),
            )
        else:
            self._connection.execute(
                "INSERT INTO register VALUES(?,?,?,?,?,?) ON CONFLICT DO UPDATE SET hlc = excluded.hlc,"
                " seq = excluded.seq, value = excluded.value WHERE excluded.hlc > hlc",
                (change.kind, change.entity, change.field, entry.hlc, entry.seq, _text(change.value)),
            )
        if entry.kind not in QUIET and entry.id > (self._state("changed") or ""):
            self._set("changed", entry.id)

    @property
    def applied(self) -> int:
        """Seq of the last operation that was folded, 0 when none was. Raises `StorageError`."""
        return int(self._state("applied") or 0)

    def skipped(self) -> list[tuple[int, str, str, str]]:
        """Give what could not be folded: seq, id, kind, reason. Raises `StorageError`."""
        with self._lock, explained(self.path, "read what was set aside"):
            return list(self._connection.execute("SELECT * FROM skipped ORDER BY seq"))

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Give every row that is content, for comparing two projections. Raises `StorageError`."""
        with self._lock, explained(self.path, "read the projection"):
            return {
                table: sorted(self._connection.execute(f"SELECT * FROM {table}"), key=repr)  # noqa: S608 - our own names
                for table in TABLES
            } | {"state": list(self._connection.execute("SELECT * FROM state WHERE k <> 'refolds' ORDER BY k"))}

    def _state(self, key: str) -> Any:
        with self._lock, explained(self.path, "read the projection"):
            return self._connection.execute("SELECT v FROM state WHERE k = ?", (key,)).get

    def _set(self, key: str, value: Any) -> None:
        self._connection.execute("INSERT OR REPLACE INTO state VALUES(?,?)", (key, value))

    def _checkpoint(self) -> None:
        if self._wal_pages >= _PAGES:
            with explained(self.path, "empty the write-ahead log"):
                truncate_wal(self._connection)

    def close(self) -> None:
        """Close the file. Closing twice is fine."""
        with self._lock:
            self._connection.close()


def _text(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _rows(generation: Generation) -> Iterator[tuple[str, str, int, bytes]]:
    """Give the rows of `cloud`."""
    for kind, records in generation.records.items():
        door = TypeAdapter[Any](CLOUD[kind])
        for place, record in enumerate(records):
            yield kind, record.id, place, door.dump_json(record)

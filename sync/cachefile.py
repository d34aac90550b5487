"""The cache's file `cache.db`: values by kind and key; it may be deleted at any time, and a damaged one is.

Nothing here raises: a cache that cannot be read is a miss, one that cannot be written forgets, and both are counted.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import apsw

from sync.errors import SyncError
from sync.storage import connect, discard, explained, require_version, transaction, truncate_wal

FORM = 1
SCHEMA = """
CREATE TABLE entry(kind TEXT, key BLOB, stored REAL NOT NULL, used TEXT NOT NULL, value BLOB, PRIMARY KEY(kind, key));
CREATE INDEX entry_age ON entry(kind, stored);
PRAGMA user_version = 1;
"""
_PAGES = 1000
"""WAL pages (4 MB) after which the file empties its WAL."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cached value as the file holds it."""

    stored: float
    """Seconds since 1970."""
    used: Mapping[str, str]
    """Which revisions the value was made from."""
    value: bytes | None
    """None: it is known that there is nothing."""


class CacheFile:
    """One SQLite file, `synchronous=NORMAL`. Safe for threads and for a second process.

    Two connections, so that a look-up never waits for a write; only a writing call repairs.
    """

    def __init__(self, path: Path) -> None:
        """Open or create `path`; a damaged or newer file is discarded and made anew."""
        self.path = path
        self.recreated = 0
        """How often a damaged file was thrown away."""
        self.errors = 0
        """Reads and writes that failed."""
        self.trouble = ""
        """What the last failure was, or empty; with no file at all the cache lives in memory alone."""
        self._wal_pages = 0
        self._damaged = False
        self._reading, self._writing = threading.Lock(), threading.Lock()
        self._reader: apsw.Connection | None = None
        self._writer: apsw.Connection | None = None
        self._open()

    def _open(self) -> None:
        """Open both connections; on damage once more with a new file; else live without."""
        try:
            self._connect()
        except SyncError as error:
            if isinstance(error.__cause__, apsw.BusyError | apsw.CantOpenError | apsw.ReadOnlyError | apsw.FullError):
                self._failed(error)
                return
            try:
                discard(self.path)
                self.recreated += 1
                self._connect()
            except SyncError as another:
                self._failed(another)

    def _connect(self) -> None:
        writer = connect(self.path, "NORMAL", busy_ms=250)
        try:
            writer.set_wal_hook(self._committed)
            if require_version(writer, self.path, FORM) == 0:
                with explained(self.path, "create the cache"), transaction(writer):
                    if writer.execute("PRAGMA user_version").get == 0:
                        writer.execute(SCHEMA)
            self._reader = connect(self.path, "NORMAL", busy_ms=50, check=False)
        except BaseException:
            writer.close()
            raise
        self._writer, self._damaged = writer, False

    def _committed(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def _failed(self, error: Exception) -> None:
        self.errors += 1
        self.trouble = str(error)
        if isinstance(error, apsw.CorruptError | apsw.NotADBError):
            self._damaged = True

    def get(self, kind: str, key: bytes) -> Row | None:
        """Give the row, None when there is none or the file fails."""
        with self._reading:
            if self._reader is None or self._damaged:
                return None
            try:
                query = "SELECT stored, used, value FROM entry WHERE kind = ? AND key = ?"
                row = self._reader.execute(query, (kind, key)).fetchone()
            except apsw.Error as error:
                self._failed(error)
                return None
        return Row(row[0], json.loads(row[1]), row[2]) if row else None

    def put(self, kind: str, key: bytes, row: Row, most: int) -> None:
        """Keep a row, and of its kind only the `most` newest."""
        with self._working() as writer:
            if writer is None:
                return
            with transaction(writer):
                writer.execute(
                    "INSERT OR REPLACE INTO entry VALUES(?,?,?,?,?)",
                    (kind, key, row.stored, json.dumps(dict(row.used)), row.value),
                )
                _trim(writer, kind, most)
            if self._wal_pages >= _PAGES:
                truncate_wal(writer)

    def clear(self, kind: str | None = None) -> None:
        """Forget everything, or one kind."""
        with self._working() as writer:
            if writer is None:
                return
            with transaction(writer):
                writer.execute("DELETE FROM entry WHERE ?1 IS NULL OR kind = ?1", (kind,))

    @contextmanager
    def _working(self) -> Iterator[apsw.Connection | None]:
        """Give the writing connection, on a new file if the old one turned out damaged; count what fails."""
        with self._writing:
            try:
                if self._damaged:
                    self._repair()
                yield self._writer
            except (apsw.Error, SyncError) as error:
                self._failed(error)

    def _repair(self) -> None:
        with self._reading:
            self._shut()
            discard(self.path)
            self.recreated += 1
            self._connect()

    def _shut(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    def close(self) -> None:
        """Close the file; afterwards it neither gives nor keeps."""
        with self._writing, self._reading:
            self._shut()


def _trim(writer: apsw.Connection, kind: str, most: int) -> None:
    """Drop the oldest rows of a kind beyond `most`."""
    surplus = writer.execute("SELECT count(*) - ? FROM entry WHERE kind = ?", (most, kind)).get
    if surplus > 0:
        writer.execute(
            "DELETE FROM entry WHERE rowid IN (SELECT rowid FROM entry WHERE kind = ? ORDER BY stored LIMIT ?)",
            (kind, surplus),
        )

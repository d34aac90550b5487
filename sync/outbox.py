"""An append-only outbox of operations in one SQLite file: `field.db` and `events.db`.

The physical schema is frozen for ever; everything evolves inside `body`, by kind and version.

Checkpoints: automatic ones are off. While no Litestream is attached the outbox empties its WAL itself (TRUNCATE) once
it holds `checkpoint_pages` pages, and on closing, so the WAL stays near 4 MB. With Litestream attached pass
`checkpoint_pages=0`: then nobody but Litestream checkpoints, not even the closing connection, and the pair rule of
reference/sync.md section 4.3 does the rest.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import apsw
from ulid import ULIDGenerator

from sync import hlc
from sync.entry import Entry, canonical, digest
from sync.errors import SchemaError, StorageError
from sync.operation import Operation
from sync.storage import connect, explained, require_version, transaction, truncate_wal

FORM = 1
"""user_version of the files this program writes."""
SCHEMA = """
CREATE TABLE op(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, inc TEXT NOT NULL, hlc TEXT NOT NULL,
  kind TEXT NOT NULL, v INTEGER NOT NULL, entity TEXT, field TEXT, base TEXT, actor TEXT, body BLOB NOT NULL);
CREATE TABLE batch(n INTEGER PRIMARY KEY, inc TEXT, first_seq INT, last_seq INT, cnt INT, sha256 TEXT, prev_sha TEXT);
CREATE TABLE box(k TEXT PRIMARY KEY, v);
PRAGMA user_version = 1;
"""
_COLUMNS = "seq, id, inc, hlc, kind, v, entity, field, base, actor, CAST(body AS TEXT)"
_INSERT = "INSERT INTO op(seq, id, inc, hlc, kind, v, entity, field, base, actor, body) VALUES(?,?,?,?,?,?,?,?,?,?,?)"


@dataclass(frozen=True, slots=True)
class Chain:
    """What a walk along the batches found."""

    batches: int
    """Sound ones, from the first."""
    operations: int
    """In sound batches."""
    open: int
    """Operations not yet in a batch."""
    fault: str
    """What is wrong with the first bad batch; empty when all are sound."""


@dataclass(frozen=True, slots=True)
class _Tail:
    """Where the file ends, read inside the transaction: another process may have written since."""

    seq: int
    stamp: hlc.Stamp | None
    inc: str
    batch: int
    sealed: int
    """Last seq that is in a batch."""
    sha: str


@dataclass(frozen=True, slots=True)
class _Batch:
    """A row of `batch`."""

    number: int
    inc: str
    first: int
    last: int
    count: int
    sha: str
    link: str
    """The previous batch's hash."""


class Outbox:
    """Append-only, durable, hash-chained. Safe for threads; a second process may append too (it waits its turn)."""

    def __init__(
        self,
        path: Path,
        box_id: str,
        clock: Callable[[], float] = time.time,
        *,
        batch_size: int = 64,
        batch_s: float = 10.0,
        busy_ms: int = 5000,
        checkpoint_pages: int = 1000,
    ) -> None:
        """Open or create `path`.

        `clock` gives seconds since 1970. A batch is closed when it holds `batch_size` operations or its first one is
        `batch_s` seconds old at an append. `busy_ms`: patience with another program's lock.

        Raises:
            StorageError: locked, damaged (left untouched), unwritable, or another box's file.
            SchemaError: written by a newer program.
        """
        self.path = path
        self.box_id = box_id
        self._clock = clock
        self._batch_size, self._batch_ms = batch_size, int(batch_s * 1000)
        self._checkpoint_pages = checkpoint_pages
        self._wal_pages = 0
        self._closed = False
        self._lock = threading.RLock()
        self._ids = ULIDGenerator()
        self.incarnation = str(self._ids.generate())
        self._connection = connect(path, busy_ms=busy_ms)
        try:
            self._open()
        except BaseException:
            self._connection.close()
            raise

    def _open(self) -> None:
        with explained(self.path, "open the outbox"):
            self._connection.execute("PRAGMA secure_delete=ON")
            self._connection.set_wal_hook(self._committed)
            if not self._checkpoint_pages:
                self._connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        if require_version(self._connection, self.path, FORM) == 0:
            self._create()
        with explained(self.path, "open the outbox"):
            owner = self._connection.execute("SELECT v FROM box WHERE k = 'box_id'").get
        if owner != self.box_id:
            raise StorageError(
                f"{self.path} belongs to box {owner!r}, this is {self.box_id!r}: move it away, or set the box id back"
            )

    def _create(self) -> None:
        with explained(self.path, "create the outbox"), transaction(self._connection):
            # Two first starts at once: the second finds the work done.
            if self._connection.execute("PRAGMA user_version").get == 0:
                tables = self._connection.execute("SELECT count(*) FROM sqlite_schema").get
                if tables:
                    raise SchemaError(f"{self.path} is some other program's database, not an outbox: move it away")
                self._connection.execute(SCHEMA)
                self._connection.execute("INSERT INTO box VALUES('box_id', ?), ('epoch', '')", (self.box_id,))

    def _committed(self, _connection: apsw.Connection, _name: str, pages: int) -> int:
        self._wal_pages = pages
        return apsw.SQLITE_OK

    def append(self, operations: Sequence[Operation]) -> list[str]:
        """Commit all or none, durably, and give their ULIDs in order.

        Raises:
            StorageError: locked, disk full, damaged; nothing was written.
            SchemaError: a body is not JSON; nothing was written.
        """
        bodies = [canonical(operation) for operation in operations]
        if not bodies:
            return []
        with self._lock:
            with explained(self.path, f"record {len(bodies)} operation(s)"), transaction(self._connection):
                entries = self._number(operations, bodies, self._tail())
                self._connection.executemany(_INSERT, [_row(entry) for entry in entries])
                self._seal_when_due(entries[-1])
            self._checkpoint()
        return [entry.id for entry in entries]

    def _tail(self) -> _Tail:
        """Read the end of the file, sealing what another run left open."""
        tail = self._read_tail()
        if tail.seq > tail.sealed and tail.inc != self.incarnation:
            self._seal(tail)
            tail = self._read_tail()
        return tail

    def _read_tail(self) -> _Tail:
        last = self._connection.execute("SELECT seq, hlc, inc FROM op ORDER BY seq DESC LIMIT 1").fetchone()
        batch = self._connection.execute("SELECT n, last_seq, sha256 FROM batch ORDER BY n DESC LIMIT 1").fetchone()
        number, sealed, sha = batch or (0, 0, "")
        seq, stamp, inc = last or (sealed, None, "")
        # A pruned file may be empty: its batches still say which numbers are taken.
        return _Tail(max(seq, sealed), hlc.parse(stamp) if stamp else None, inc, number, sealed, sha)

    def _number(self, operations: Sequence[Operation], bodies: Sequence[str], tail: _Tail) -> list[Entry]:
        """Give each operation its place, id and stamp."""
        stamp, entries = tail.stamp, []
        now = int(self._clock() * 1000)
        for offset, (operation, body) in enumerate(zip(operations, bodies, strict=True), start=1):
            if offset == 1 and stamp is not None and tail.inc != self.incarnation:
                stamp = hlc.resume(stamp, now, self.box_id)
            else:
                stamp = hlc.tick(stamp, now, self.box_id)
            entries.append(
                Entry(
                    tail.seq + offset,
                    str(self._ids.generate(stamp.ms)),
                    self.incarnation,
                    stamp.text(),
                    operation.kind,
                    operation.version,
                    operation.entity,
                    operation.field,
                    operation.base,
                    operation.actor,
                    body,
                )
            )
        return entries

    def _seal_when_due(self, last: Entry) -> None:
        tail = self._read_tail()
        first = self._connection.execute("SELECT hlc FROM op WHERE seq > ? ORDER BY seq LIMIT 1", (tail.sealed,)).get
        age = hlc.parse(last.hlc).ms - hlc.parse(first).ms
        if tail.seq - tail.sealed >= self._batch_size or age >= self._batch_ms:
            self._seal(tail)

    def _seal(self, tail: _Tail) -> None:
        """Close a batch over everything not yet in one."""
        entries = list(self._select("WHERE seq > ? ORDER BY seq", (tail.sealed,)))
        self._connection.execute(
            "INSERT INTO batch VALUES(?,?,?,?,?,?,?)",
            (
                tail.batch + 1, tail.inc, entries[0].seq, entries[-1].seq, len(entries),
                digest(tail.sha, entries), tail.sha,
            ),
        )  # fmt: skip

    def seal(self) -> None:
        """Close the open batch, if there is one, so that it can travel. Raises `StorageError`."""
        with self._lock, explained(self.path, "close a batch"), transaction(self._connection):
            tail = self._read_tail()
            if tail.seq > tail.sealed:
                self._seal(tail)

    def _checkpoint(self) -> None:
        if self._checkpoint_pages and self._wal_pages >= self._checkpoint_pages:
            with explained(self.path, "empty the write-ahead log"):
                truncate_wal(self._connection)

    def entries(self, after: int = 0, limit: int = 1000) -> list[Entry]:
        """Give up to `limit` entries whose seq is above `after`, in order. Raises `StorageError`."""
        with self._lock, explained(self.path, "read operations"):
            return list(self._select("WHERE seq > ? ORDER BY seq LIMIT ?", (after, limit)))

    def last(self) -> int:
        """Give the seq of the newest entry, 0 when there is none. Raises `StorageError`."""
        with self._lock, explained(self.path, "read operations"):
            return self._read_tail().seq

    def id_at(self, seq: int) -> str:
        """Give the id of the entry at `seq`, or empty. Raises `StorageError`."""
        with self._lock, explained(self.path, "read operations"):
            return self._connection.execute("SELECT id FROM op WHERE seq = ?", (seq,)).get or ""

    def _select(self, rest: str, values: tuple[Any, ...]) -> Iterator[Entry]:
        for row in self._connection.execute(f"SELECT {_COLUMNS} FROM op {rest}", values):  # noqa: S608 - our own words
            yield Entry(*row)

    def verify_chain(self) -> Chain:
        """Recompute every batch's count, hash and link. Raises `StorageError` only when the file cannot be read."""
        with self._lock, explained(self.path, "verify the batches"):
            batches = [_Batch(*row) for row in self._connection.execute("SELECT * FROM batch ORDER BY n")]
            previous, last, operations = "", 0, 0
            for index, batch in enumerate(batches):
                entries = list(self._select("WHERE seq BETWEEN ? AND ? ORDER BY seq", (batch.first, batch.last)))
                if fault := _fault(batch, entries, previous, last):
                    return Chain(index, operations, 0, f"batch {batch.number}: {fault}")
                previous, last, operations = batch.sha, batch.last, operations + batch.count
            loose = self._connection.execute("SELECT count(*) FROM op WHERE seq > ?", (last,)).get
            return Chain(len(batches), operations, int(loose), "")

    def close(self) -> None:
        """Close the open batch and the file. Closing twice is fine. Raises `StorageError` (the file is closed)."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
            try:
                self.seal()
                if self._checkpoint_pages:
                    with explained(self.path, "empty the write-ahead log"):
                        truncate_wal(self._connection)
            finally:
                self._connection.close()


def _row(entry: Entry) -> tuple[Any, ...]:
    """Give the columns of `op`, the body as a blob."""
    return (
        entry.seq, entry.id, entry.inc, entry.hlc, entry.kind, entry.version,
        entry.entity, entry.field, entry.base, entry.actor, entry.body.encode(),
    )  # fmt: skip


def _fault(batch: _Batch, entries: list[Entry], previous: str, last: int) -> str:
    """Say what is wrong with one batch that should follow hash `previous` and seq `last`, or give an empty text."""
    if batch.link != previous or batch.first != last + 1:
        return "does not follow the batch before"
    if len(entries) != batch.count:
        return f"holds {len(entries)} operations, not {batch.count}"
    if any(entry.inc != batch.inc for entry in entries):
        return "mixes two runs"
    return "" if digest(previous, entries) == batch.sha else "its operations were changed"

"""The search engine's tables: passages written once, then found by words, by exact numbers and by meaning.

The only module that knows LanceDB. A table is never changed after it was built, so a row's place is its name here.
"""

import platform
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import LibraryError
from corpora.passage import Passage

DIMENSIONS = 384
HELD_ROWS = 20_000
"""Up to here passages and vectors are held in memory, and meaning is compared with every row: half a millisecond,
where the engine needs four. From here on they stay on disk and the vectors get an approximate index."""
TABLE = "passages"
CACHE_BYTES = 64 << 20
COLUMNS = ("id", "pack", "document", "edition", "heading", "section", "page", "system", "text", "source")

Scores = dict[int, float]
Rows = dict[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row to be written."""

    passage: Passage
    indexed: str
    """What the full-text index reads: title, headings, section and text."""
    ident: str
    """Exact words: section, part and model numbers."""
    stems: str
    """Distinct stems of the indexed text, with a blank between."""


def preflight(machine: str, cpuinfo: Path = Path("/proc/cpuinfo")) -> None:
    """Refuse a processor on which importing the engine would kill the process. Raises `LibraryError`.

    Its x86-64 build executes AVX2 and FMA instructions without asking (lancedb issue 1018).
    """
    if machine not in {"x86_64", "AMD64"} or not cpuinfo.exists():
        return
    lines = (line for line in cpuinfo.read_text(encoding="utf-8").splitlines() if line.startswith("flags"))
    missing = {"avx2", "fma"} - set(next(lines, "avx2 fma").split())
    if missing:
        raise LibraryError(
            f"this processor lacks {' and '.join(sorted(missing))}, which the search engine needs: "
            "use a box with an Intel Haswell, AMD Zen or ARM64 processor or newer"
        )


@contextmanager
def engine(place: Path, attempt: str) -> Iterator[None]:
    """Turn what the engine raises into a `LibraryError` that says what was attempted."""
    try:
        yield
    except (RuntimeError, ValueError, OSError, KeyError) as error:
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise LibraryError(
            f"cannot {attempt} the search index in {place.parent} ({reason}): rebuild it with `clara corpora build`"
        ) from error


def session() -> Any:
    """Give the engine bounded caches, after making sure that it runs here."""
    preflight(platform.machine())
    import lancedb

    return lancedb.Session(index_cache_size_bytes=CACHE_BYTES, metadata_cache_size_bytes=CACHE_BYTES // 2)


def opened(place: Path) -> tuple[Callable[[Awaitable[Any]], Any], Any]:
    """Give what runs the engine's coroutines from any thread, and the table in `place`."""
    caches = session()
    import lancedb
    from lancedb import background_loop

    run: Callable[[Awaitable[Any]], Any] = background_loop.LOOP.run
    database = run(lancedb.connect_async(str(place.resolve()), session=caches))
    return run, run(database.open_table(TABLE))


def write(place: Path, entries: Sequence[Entry], vectors: NDArray[np.float32] | None, held: int = HELD_ROWS) -> None:
    """Write all rows and their indexes below `place`, which holds none yet. Raises `LibraryError`."""
    caches = session()
    import lancedb
    from lancedb.index import FTS, IvfSq

    words = FTS(base_tokenizer="simple", language="English", stem=True, remove_stop_words=True, ascii_folding=True)
    exact = FTS(base_tokenizer="whitespace", stem=False, remove_stop_words=False, max_token_length=80)
    with engine(place, "write"):
        table = lancedb.connect(str(place.resolve()), session=caches).create_table(TABLE, columns(entries, vectors))
        table.create_index("indexed", config=words)
        table.create_index("ident", config=exact)
        if vectors is not None and len(entries) > held:
            table.create_index("vector", config=IvfSq(distance_type="cosine"))
        # A millisecond, not zero: zero warns of other readers, and here nobody else knows the folder yet.
        table.optimize(cleanup_older_than=timedelta(milliseconds=1), delete_unverified=True)


def columns(entries: Sequence[Entry], vectors: NDArray[np.float32] | None) -> Any:
    """Give the rows as an Arrow table."""
    import pyarrow as pa

    table: dict[str, Any] = {"n": pa.array(range(len(entries)), pa.int32())}
    for name in COLUMNS:
        values = [getattr(entry.passage, name) for entry in entries]
        kind = {"heading": pa.list_(pa.string()), "page": pa.int32()}.get(name, pa.string())
        table[name] = pa.array([list(value) for value in values] if name == "heading" else values, kind)
    for name in ("indexed", "ident", "stems"):
        table[name] = pa.array([getattr(entry, name) for entry in entries], pa.string())
    if vectors is not None:
        table["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIMENSIONS)
    return pa.table(table)


class Index:
    """One revision's table, open for reading."""

    def __init__(self, place: Path, *, vectors: bool, held: int = HELD_ROWS) -> None:
        self._place = place
        with engine(place, "open"):
            # The engine's blocking calls hop between threads six times a query; its own loop, used directly, once.
            self._run, self._open_table = opened(place)
            self.count: int = self._run(self._table.count_rows())
            self._rows = self._column_table([*COLUMNS, "stems"]) if self.count <= held else None
            self._vectors = self._hold_vectors() if vectors and self._rows is not None else None
            self._systems = np.array(self._rows["system"].to_pylist()) if self._rows is not None else None
        # A first look-up in each index reads its files: damage shows now, and the first question is not slow.
        self.matches("valve", 1)
        self.exact(["valve"], 1)

    def close(self) -> None:
        """Let go of the engine's files; harmless when done twice."""
        if self._open_table is not None:
            self._open_table.close()
            self._open_table = None

    @property
    def _table(self) -> Any:
        """The engine's table; asked after its end, the engine itself would panic."""
        if self._open_table is None:
            raise LibraryError(f"the search index in {self._place.parent} was closed: open it again")
        return self._open_table

    def _column_table(self, wanted: Sequence[str]) -> Any:
        """Read some columns of every row into memory, in order."""
        table = self._run(self._table.query().select(["n", *wanted]).limit(self.count).to_arrow())
        return table.sort_by("n").combine_chunks()

    def _hold_vectors(self) -> NDArray[np.float32]:
        """Read the vectors into memory, in order."""
        flat = self._column_table(["vector"])["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
        return np.ascontiguousarray(flat.reshape(self.count, -1), dtype=np.float32)

    def matches(self, text: str, limit: int, system: str = "") -> Scores:
        """Give the best rows by BM25 over stemmed words, with their scores. Raises `LibraryError`."""
        return self._full_text("indexed", text, limit, system, "_score")

    def exact(self, words: Sequence[str], limit: int, system: str = "") -> dict[int, frozenset[str]]:
        """Give rows whose `ident` column has one of these very words, with all words of that column."""
        found = self._full_text("ident", " ".join(words), limit, system, "ident")
        return {row: frozenset(ident.split()) for row, ident in found.items()}

    def _full_text(self, column: str, text: str, limit: int, system: str, given: str) -> dict[int, Any]:
        """Give one column of the rows that match best."""
        with engine(self._place, "search"):
            query = self._table.query().nearest_to_text(text, columns=[column])
            wanted = list(dict.fromkeys(["n", "_score", given]))
            table = self._run(narrowed(query, system).select(wanted).limit(limit).to_arrow())
            return dict(zip(table["n"].to_pylist(), table[given].to_pylist(), strict=True))

    def nearest(self, vector: NDArray[np.float32], limit: int, system: str = "") -> list[int]:
        """Give the rows nearest in meaning, nearest first. Raises `LibraryError`."""
        if self._vectors is not None and self._systems is not None:
            # Not `@`: BLAS splits even this over threads, and on a busy box waits ten milliseconds for a core.
            cosines = np.vecdot(self._vectors, vector)
            if system:
                cosines = np.where(self._systems == system, cosines, -2.0)
            best = np.argsort(-cosines)[:limit]
            return [int(row) for row in best if cosines[row] > -2.0]
        with engine(self._place, "search"):
            query = self._table.query().nearest_to(vector).column("vector").distance_type("cosine")
            table = self._run(narrowed(query, system).select(["n", "_distance"]).limit(limit).to_arrow())
            return list(table["n"].to_pylist())

    def cosines(self, vector: NDArray[np.float32], rows: Sequence[int]) -> NDArray[np.float32]:
        """Give the cosines of a vector of unit length with these rows."""
        if self._vectors is not None:
            return np.asarray(np.vecdot(self._vectors[list(rows)], vector))
        read = self.read(rows, ("vector",))
        return np.array([np.dot(np.asarray(read[row]["vector"], np.float32), vector) for row in rows], np.float32)

    def read(self, rows: Sequence[int], wanted: Sequence[str]) -> Rows:
        """Give some columns of these rows. Raises `LibraryError`."""
        if not rows:
            return {}
        with engine(self._place, "read"):
            if self._rows is not None:
                table = self._rows.select(["n", *wanted]).take(list(rows))
            else:
                # The engine gives rows back in its own order, whatever was asked for.
                table = self._run(self._table.take_offsets(sorted(rows)).select(["n", *wanted]).to_arrow())
            return {row.pop("n"): row for row in table.to_pylist()}

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Give these rows as passages, in the order asked for. Raises `LibraryError`."""
        read = self.read(rows, COLUMNS)
        return [Passage(**{**read[row], "heading": tuple(read[row]["heading"])}) for row in rows]

    def find(self, column: str, value: str) -> list[int]:
        """Give the rows whose `column` is exactly `value`, in order. Raises `LibraryError`."""
        with engine(self._place, "search"):
            query = self._table.query().where(f"{column} = {quoted(value)}").select(["n"]).limit(self.count)
            return sorted(self._run(query.to_arrow())["n"].to_pylist())


def narrowed(query: Any, system: str) -> Any:
    """Keep a query to one system's rows, before ranking."""
    return query.where(f"system = {quoted(system)}") if system else query


def quoted(value: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"

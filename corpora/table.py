"""The search engine's table while it is written: rows appended and removed, indexes kept up, nothing kept for ever.

With `corpora.index`, which reads it, and `corpora.lance`, the only module that knows LanceDB. A table is written in a
folder that nobody reads yet, and never changed once it is read.

Decisions, measured on two cores with 20,000 and 100,000 rows:

- Rows wait outside the indexes until 500 are there or eight appends were made. The engine finds them all the same, by
  looking at each, for 5 ms a query; taking them in costs half a second, which a few rows aren't worth.
- Above `held` rows vectors are indexed as IVF_SQ: the engine's own choice, IVF_PQ, took 65 times as long to build and
  was slower and less exact. Vectors taken in later make a segment of their own, which costs a query 0.4 ms, so after
  some the index is built anew.
- Old versions of the engine's files go whenever rows are taken in, so files and bytes stay bounded.
"""

import platform
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from corpora.errors import LibraryError
from corpora.filters import Filter, clause, quoted, spelled
from corpora.lance import lancedb
from corpora.passage import Passage

DIMENSIONS = 384
HELD_ROWS = 20_000
"""Up to here passages and vectors are held in memory, and meaning is compared with every row: half a millisecond,
where the engine needs four. From here on they stay on disk and the vectors get an approximate index."""
TABLE = "passages"
CACHE_BYTES = 64 << 20
WAITING_ROWS = 500
WAITING_APPENDS = 8
"""Rows, and appends, that may wait outside the indexes."""
SEGMENTS = 8
ROWS_PER_SEGMENT = 25_000
"""Vector segments that are borne: this many, and one more for so many rows, for the larger the index, the dearer."""
ASKED = 500
"""Ids looked up, or rows read, at a time."""

LISTS = {"heading": "string", "links": "string", "box": "float64"}
NUMBERS = {"n": "int32", "page": "int32"}
COLUMNS = (
    "id", "pack", "document", "edition", "heading", "section", "page", "system", "text", "source",
    "language", "maker", "model", "box", "table", "links", "parent",
)  # fmt: skip
"""A passage's fields, each a column of its name."""
DERIVED = ("maker_key", "model_key", "indexed", "ident", "stems")
SCALARS = {
    "id": "BTREE", "parent": "BTREE", "document": "BTREE", "pack": "BITMAP", "system": "BITMAP", "edition": "BITMAP",
    "language": "BITMAP", "maker_key": "BITMAP", "model_key": "BITMAP",
}  # fmt: skip
"""Columns that rows are looked up by, with the kind of index each gets above `held` rows."""

Vectors = NDArray[np.float32]
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class Stored:
    """One row as it stands in the table."""

    entry: Entry
    place: int
    vector: Vectors | None


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
    return lancedb().Session(index_cache_size_bytes=CACHE_BYTES, metadata_cache_size_bytes=CACHE_BYTES // 2)


def passage_of(row: dict[str, Any]) -> Passage:
    """Make a passage of a row's columns."""
    lists = {name: tuple(row[name]) if row[name] is not None else None for name in LISTS}
    return Passage(**{name: row[name] for name in COLUMNS} | lists)


def arrow(entries: Sequence[Entry], places: Sequence[int], vectors: Vectors | None) -> Any:
    """Give rows as an Arrow table."""
    import pyarrow as pa

    table: dict[str, Any] = {"n": pa.array(places, pa.int32())}
    for name in COLUMNS:
        kind = pa.list_(getattr(pa, LISTS[name])()) if name in LISTS else getattr(pa, NUMBERS.get(name, "string"))()
        table[name] = pa.array([getattr(entry.passage, name) for entry in entries], kind)
    for name in ("maker", "model"):
        table[f"{name}_key"] = pa.array([spelled(getattr(entry.passage, name)) for entry in entries], pa.string())
    for name in ("indexed", "ident", "stems"):
        table[name] = pa.array([getattr(entry, name) for entry in entries], pa.string())
    if vectors is not None:
        table["vector"] = pa.FixedSizeListArray.from_arrays(pa.array(vectors.reshape(-1)), DIMENSIONS)
    return pa.table(table)


def unpacked(table: Any) -> Vectors:
    """Give an Arrow table's vectors as one array, shape (rows, 384)."""
    flat = table["vector"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, np.float32).reshape(-1, DIMENSIONS)


class Table:
    """The rows below one folder, open for writing by one process; nobody reads there yet."""

    def __init__(self, place: Path, *, vectors: bool) -> None:
        """Open what stands in `place`; the first `add` makes what doesn't. Raises `LibraryError`."""
        self._place = place
        self._vectors = vectors
        caches = session()
        with engine(place, "open"):
            self._database: Any = lancedb().connect(str(place.resolve()), session=caches)
            there = (place / f"{TABLE}.lance").is_dir()
            self._table: Any = self._database.open_table(TABLE) if there else None

    def add(self, entries: Sequence[Entry], places: Sequence[int], vectors: Vectors | None) -> None:
        """Append rows. Raises `LibraryError`."""
        rows = arrow(entries, places, vectors)
        with engine(self._place, "write"):
            if self._table is None:
                self._table = self._database.create_table(TABLE, rows)
            else:
                self._table.add(rows)

    def drop(self, ids: Sequence[str]) -> None:
        """Remove the rows with these ids. Raises `LibraryError`."""
        with engine(self._place, "write"):
            for some in pieces(ids):
                self._table.delete(f"id IN ({', '.join(map(quoted, some))})")

    def ids(self, keep: Filter) -> list[str]:
        """Give the ids of the passages that a filter lets through. Raises `LibraryError`."""
        return [row["id"] for row in self._rows(clause(keep.wanted()), ["id"]).to_pylist()]

    def find(self, ids: Sequence[str]) -> dict[str, Stored]:
        """Give the rows with these ids, by id. Raises `LibraryError`."""
        found: dict[str, Stored] = {}
        for some in pieces(ids):
            found |= {row.entry.passage.id: row for row in self._stored(f"id IN ({', '.join(map(quoted, some))})")}
        return found

    def stored(self, packs: Iterable[str]) -> Iterator[Stored]:
        """Give every row of these packs, in order. Raises `LibraryError`."""
        for pack in packs:
            places = sorted(self._rows(f"pack = {quoted(pack)}", ["n"])["n"].to_pylist())
            for some in pieces(places):
                rows = self._stored(f"n >= {some[0]} AND n <= {some[-1]} AND pack = {quoted(pack)}")
                yield from sorted(rows, key=lambda row: row.place)

    def _stored(self, where: str) -> list[Stored]:
        table = self._rows(where, ["n", *COLUMNS, "indexed", "ident", "stems", *(["vector"] if self._vectors else [])])
        vectors = unpacked(table) if self._vectors else None
        texts = table.drop_columns(["vector"]) if self._vectors else table
        return [
            Stored(
                Entry(passage_of(row), row["indexed"], row["ident"], row["stems"]),
                row["n"],
                vectors[number] if vectors is not None else None,
            )
            for number, row in enumerate(texts.to_pylist())
        ]

    def _rows(self, where: str, columns: Sequence[str]) -> Any:
        with engine(self._place, "read"):
            query = self._table.search()
            return (query.where(where) if where else query).select(list(columns)).limit(1 << 31).to_arrow()

    def settle(self, held: int, appends: int) -> int:
        """Take waiting rows into the indexes where they are many, and let the old files go. Raises `LibraryError`.

        Args:
            held: Rows above which vectors and columns get indexes.
            appends: Times that rows were added or removed since the last taking in, this one included.

        Returns:
            Times since the last taking in, from now on.
        """
        with engine(self._place, "write"):
            indexes = {index.name: index for index in self._table.list_indices()}
            large = self._table.count_rows() > held
            due = "indexed_idx" not in indexes or (large and "id_idx" not in indexes)
            if not due and appends < WAITING_APPENDS and self._waiting() <= WAITING_ROWS:
                return appends
            if "indexed_idx" not in indexes:
                self._index_words()
            if large:
                self._index_rows(indexes)
            # A millisecond, not zero: zero warns of other readers, and here nobody else knows the folder yet.
            self._table.optimize(cleanup_older_than=timedelta(milliseconds=1), delete_unverified=True)
        return 0

    def _waiting(self) -> int:
        return int(self._table.index_stats("indexed_idx").num_unindexed_rows)

    def _index_words(self) -> None:
        from lancedb.index import FTS

        words = FTS(base_tokenizer="simple", language="English", stem=True, remove_stop_words=True, ascii_folding=True)
        exact = FTS(base_tokenizer="whitespace", stem=False, remove_stop_words=False, max_token_length=80)
        self._table.create_index("indexed", config=words)
        self._table.create_index("ident", config=exact)

    def _index_rows(self, indexes: dict[str, Any]) -> None:
        from lancedb.index import Bitmap, BTree, IvfSq

        for column, kind in SCALARS.items():
            if f"{column}_idx" not in indexes:
                self._table.create_index(column, config=BTree() if kind == "BTREE" else Bitmap())
        most = SEGMENTS + self._table.count_rows() // ROWS_PER_SEGMENT
        if self._vectors and ("vector_idx" not in indexes or indexes["vector_idx"].num_segments > most):
            self._table.create_index("vector", config=IvfSq(distance_type="cosine"), replace=True)


def pieces(whole: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list into pieces that one query bears."""
    for start in range(0, len(whole), ASKED):
        yield whole[start : start + ASKED]

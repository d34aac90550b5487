"""The search engine's table while it is read: rows found by words, by exact numbers and by meaning.

With `corpora.table`, which writes it, and `corpora.lance`, the only module that knows LanceDB. A revision's table
never changes, so the engine's own row number is a row's name here; "n" tells the order.
"""

from asyncio import AbstractEventLoop, run_coroutine_threadsafe
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import LibraryError
from corpora.filters import EVERYTHING, Filter, clause, quoted
from corpora.lance import lancedb
from corpora.passage import Passage
from corpora.table import COLUMNS, HELD_ROWS, TABLE, Vectors, engine, passage_of, session, unpacked

KEPT = (*COLUMNS, "maker_key", "model_key", "stems")
"""Columns that are held in memory, where rows are."""

FAR = -2.0
"""Less than any cosine."""

Scores = dict[int, float]
Identified = dict[int, frozenset[str]]
"""Rows with the words of their `ident` column."""
Rows = dict[int, dict[str, Any]]


def opened(place: Path) -> tuple[AbstractEventLoop, Any]:
    """Give the event loop that runs the engine's coroutines, in a thread of its own, and the table in `place`."""
    caches = session()
    library = lancedb()
    from lancedb import background_loop

    loop: AbstractEventLoop = background_loop.LOOP.loop
    connecting = run_coroutine_threadsafe(library.connect_async(str(place.resolve()), session=caches), loop)
    return loop, run_coroutine_threadsafe(connecting.result().open_table(TABLE), loop).result()


@dataclass(frozen=True, slots=True)
class Known:
    """What a question is compared with in one row."""

    stems: frozenset[str]
    parent: str
    cosine: float


class Held:
    """Every row in memory, in order."""

    def __init__(self, table: Any, vectors: Vectors | None) -> None:
        """Keep an Arrow table that has `_rowid` and the columns `KEPT`, and vectors in its order."""
        self.rows = table
        self.vectors = vectors
        self.names: NDArray[np.int64] = table["_rowid"].to_numpy().astype(np.int64)
        self._places = {int(name): place for place, name in enumerate(self.names)}

    def places(self, rows: Sequence[int]) -> list[int]:
        """Give where these rows stand."""
        return [self._places[row] for row in rows]

    def having(self, wanted: Mapping[str, str]) -> NDArray[np.bool_]:
        """Say for each row whether it has these values."""
        import pyarrow.compute as pc

        mask = np.ones(len(self.names), np.bool_)
        for column, value in wanted.items():
            mask &= pc.equal(self.rows[column], value).to_numpy(zero_copy_only=False)
        return mask

    def nearest(self, vector: Vectors, limit: int, keep: Filter) -> list[int]:
        """Give the rows nearest in meaning, nearest first."""
        if self.vectors is None:
            return []
        # Not `@`: BLAS splits even this over threads, and on a busy box waits ten milliseconds for a core.
        cosines = np.vecdot(self.vectors, vector)
        if keep != EVERYTHING:
            cosines = np.where(self.having(keep.wanted()), cosines, FAR)
        some = np.argpartition(-cosines, limit)[:limit] if limit < len(cosines) else np.arange(len(cosines))
        best = some[np.argsort(-cosines[some], kind="stable")]
        return [int(row) for row in self.names[best[cosines[best] > FAR]]]


class Index:
    """One revision's table, open for reading."""

    def __init__(self, place: Path, *, vectors: bool, held: int = HELD_ROWS) -> None:
        """Open what stands in `place`. Raises `LibraryError`."""
        self._place = place
        with engine(place, "open"):
            # The engine's blocking calls hop between threads six times a query; its own loop, used directly, once.
            self._loop, self._open_table = opened(place)
            self.count: int = self._run(self._table.count_rows())
            self._held = self._hold(vectors=vectors) if self.count <= held else None
        # A first look-up in each index reads its files: damage shows now, and the first question is not slow.
        self.matches("valve", 1)()
        self.exact(["valve"], 1)

    def close(self) -> None:
        """Let go of the engine's files; harmless when done twice."""
        if self._open_table is not None:
            self._open_table.close()
            self._open_table = None

    def _run(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        """Wait for what one of the engine's coroutines gives."""
        return run_coroutine_threadsafe(coroutine, self._loop).result()

    @property
    def _table(self) -> Any:
        """The engine's table; asked after its end, the engine itself would panic."""
        if self._open_table is None:
            raise LibraryError(f"the search index in {self._place.parent} was closed: open it again")
        return self._open_table

    def _hold(self, *, vectors: bool) -> Held:
        """Read every row into memory."""
        wanted = ["n", *KEPT, *(["vector"] if vectors else [])]
        query = self._table.query().with_row_id().select(wanted).limit(self.count)
        table = self._run(query.to_arrow()).sort_by("n").combine_chunks()
        if not vectors:
            return Held(table, None)
        return Held(table.drop_columns(["vector"]), np.ascontiguousarray(unpacked(table)))

    def matches(self, text: str, limit: int, keep: Filter = EVERYTHING) -> Callable[[], Scores]:
        """Begin to look for the best rows by BM25 over stemmed words; called, the result gives them with their scores.

        So the engine can search while the question is embedded. Both calls raise `LibraryError`.
        """
        return self._full_text(text, "indexed", limit, clause(keep.wanted()), "_score")

    def exact(
        self, words: Sequence[str], limit: int, keep: Filter = EVERYTHING, having: Sequence[str] = ()
    ) -> Identified:
        """Give rows whose `ident` column has one of these very words, with all words of that column.

        `having` keeps to rows whose indexed text has all these pieces of text, in lower case. Raises `LibraryError`.
        """
        return self.naming(words, limit, keep, having)()

    def naming(
        self, words: Sequence[str], limit: int, keep: Filter = EVERYTHING, having: Sequence[str] = ()
    ) -> Callable[[], Identified]:
        """Begin to look for what `exact` gives, as `matches` does."""
        pieces = [f"lower(indexed) LIKE {quoted(f'%{piece}%')}" for piece in having]
        where = " AND ".join(filter(None, [clause(keep.wanted()), *pieces]))
        found = self._full_text(" ".join(words), "ident", limit, where, "ident")
        return lambda: {row: frozenset(ident.split()) for row, ident in found().items()}

    def _full_text(self, text: str, column: str, limit: int, where: str, given: str) -> Callable[[], dict[int, Any]]:
        """Begin to look for one column of the rows that match best."""
        with engine(self._place, "search"):
            query = self._table.query().nearest_to_text(text, columns=[column]).with_row_id()
            wanted = list(dict.fromkeys(["_score", given]))
            coroutine = (query.where(where) if where else query).select(wanted).limit(limit).to_arrow()
            begun = run_coroutine_threadsafe(coroutine, self._loop)

        def result() -> dict[int, Any]:
            with engine(self._place, "search"):
                table = begun.result()
                return dict(zip(table["_rowid"].to_pylist(), table[given].to_pylist(), strict=True))

        return result

    def nearest(self, vector: Vectors, limit: int, keep: Filter = EVERYTHING) -> list[int]:
        """Give the rows nearest in meaning, nearest first. Raises `LibraryError`."""
        if self._held is not None:
            return self._held.nearest(vector, limit, keep)
        with engine(self._place, "search"):
            query = self._table.query().nearest_to(vector).column("vector").distance_type("cosine").with_row_id()
            where = clause(keep.wanted())
            table = self._run((query.where(where) if where else query).select(["_distance"]).limit(limit).to_arrow())
            return list(table["_rowid"].to_pylist())

    def known(self, rows: Sequence[int], vector: Vectors | None) -> dict[int, Known]:
        """Give what is known of each row, its cosine with a vector of unit length among it. Raises `LibraryError`."""
        if not rows:
            return {}
        table = self._take(rows, ["stems", "parent", *(["vector"] if vector is not None else [])])
        names = table["_rowid"].to_pylist()
        if vector is None:
            cosines = [0.0] * len(names)
        elif self._held is not None and self._held.vectors is not None:
            cosines = np.vecdot(self._held.vectors[self._held.places(names)], vector).tolist()
        else:
            cosines = np.vecdot(unpacked(table), vector).tolist()
        stems = (frozenset(each.split()) for each in table["stems"].to_pylist())
        return dict(zip(names, map(Known, stems, table["parent"].to_pylist(), cosines), strict=True))

    def _take(self, rows: Sequence[int], wanted: Sequence[str]) -> Any:
        """Give some columns of these rows as an Arrow table, with `_rowid`; in memory without the vectors."""
        with engine(self._place, "read"):
            if self._held is not None:
                names = ["_rowid", *(name for name in wanted if name != "vector")]
                return self._held.rows.select(names).take(self._held.places(rows))
            # By the engine's row numbers: by offset the same rows take 160 ms in place of 4.
            return self._run(self._table.take_row_ids(list(rows)).with_row_id().select(list(wanted)).to_arrow())

    def read(self, rows: Sequence[int], wanted: Sequence[str]) -> Rows:
        """Give some columns of these rows. Raises `LibraryError`."""
        return {row.pop("_rowid"): row for row in self._take(rows, wanted).to_pylist()} if rows else {}

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """Give these rows as passages, in the order asked for. Raises `LibraryError`."""
        read = self.read(rows, COLUMNS)
        return [passage_of(read[row]) for row in rows]

    def ordered(self, rows: Sequence[int]) -> list[int]:
        """Give these rows in the order of their documents. Raises `LibraryError`."""
        read = self.read(rows, ("n",))
        return sorted(rows, key=lambda row: read[row]["n"])

    def find(self, wanted: Mapping[str, str]) -> list[int]:
        """Give the rows that have exactly these values, in order. Raises `LibraryError`."""
        if self._held is not None:
            return [int(row) for row in self._held.names[self._held.having(wanted)]]
        with engine(self._place, "search"):
            query, where = self._table.query(), clause(dict(wanted))
            query = (query.where(where) if where else query).with_row_id().select(["n"]).limit(self.count)
            table = self._run(query.to_arrow()).sort_by("n")
            return list(table["_rowid"].to_pylist())

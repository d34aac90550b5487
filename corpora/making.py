"""A revision of the search index in the making: rows put in and taken out, counted, and published in one step."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np

from corpora.embedding import Embed, embedded
from corpora.passage import Passage
from corpora.revision import FORMAT, Lease, Listed, Manifest, create, current, load, publish, share, sums, verify
from corpora.table import Entry, Table, Vectors


@dataclass(slots=True)
class Tally:
    """What a revision holds, counted while rows come and go."""

    frequency: Counter[str] = field(default_factory=Counter)
    listed: Counter[tuple[str, ...]] = field(default_factory=Counter)
    count: int = 0

    @classmethod
    def of(cls, manifest: Manifest) -> Self:
        """Go on counting where a revision's manifest ended."""
        listed = Counter({shelf(one): one.passages for one in manifest.documents})
        return cls(Counter(manifest.frequency), listed, manifest.count)

    def add(self, entries: Iterable[Entry], sign: int = 1) -> None:
        """Count rows in, or out again with a `sign` of -1."""
        for row in entries:
            self.count += sign
            self.listed[shelf(row.passage)] += sign
            for stem in row.stems.split():
                self.frequency[stem] += sign

    def documents(self) -> tuple[Listed, ...]:
        """Give the documents with their passages, by pack and title."""
        return tuple(
            Listed(**dict(zip(SHELF, place, strict=True)), passages=passages)
            for place, passages in sorted(self.listed.items())
            if passages > 0
        )


SHELF = ("pack", "document", "edition", "maker", "model", "language", "system")


def shelf(one: Passage | Listed) -> tuple[str, ...]:
    """Give where in the list of documents a passage is counted."""
    return tuple(getattr(one, name) for name in SHELF)


@dataclass(frozen=True, slots=True)
class Row:
    """A row to be written, with its vector where it is known already."""

    entry: Entry
    vector: Vectors | None = None


def vectors(rows: Sequence[Row], embed: Embed, told: Callable[[int], None]) -> Vectors:
    """Give the rows' vectors, embedding those that have none."""
    known = sum(row.vector is not None for row in rows)
    told(known)
    fresh = iter(
        embedded([row.entry.indexed for row in rows if row.vector is None], embed, lambda done: told(known + done))
    )
    return np.array([row.vector if row.vector is not None else next(fresh) for row in rows], np.float32)


@dataclass(frozen=True, slots=True)
class Basis:
    """The revision that a new one is made from."""

    place: Path
    manifest: Manifest
    table: Table


@contextmanager
def basis(folder: Path) -> Iterator[Basis]:
    """Give the current revision. Raises `LibraryError` when there is none that this program can read."""
    place, lease = current(folder)
    with closing(lease):
        stands = load(place)
        verify(place, stands, thoroughly=False)
        yield Basis(place, stands, Table(place, vectors=stands.vectors))


class Making:
    """A revision in the making, in a folder of its own that nobody reads."""

    def __init__(self, folder: Path, old: Basis | None, *, vectors: bool) -> None:
        """Begin with the rows of `old`, or with none. Use as a context: what isn't finished is taken away again."""
        self._old = old
        self._vectors = vectors
        self._done = False
        self._fresh = create(folder)
        self._lease = Lease(self._fresh)
        try:
            if old is not None:
                share(old.place, self._fresh)
            self.tally = Tally.of(old.manifest) if old is not None else Tally()
            self.after = old.manifest.after if old is not None else 0
            self._waiting = old.manifest.waiting if old is not None else 0
            self._table = Table(self._fresh, vectors=vectors)
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take away what was not finished."""
        self._lease.close()
        if not self._done:
            shutil.rmtree(self._fresh, ignore_errors=True)

    def drop(self, rows: Sequence[Entry]) -> None:
        """Take rows out."""
        self._table.drop([row.passage.id for row in rows])
        self.tally.add(rows, -1)

    def add(self, rows: Sequence[Row], embed: Embed | None, told: Callable[[int], None]) -> None:
        """Put rows in after all others, embedding those without a vector; `told` hears how many have one."""
        if rows:
            entries = [row.entry for row in rows]
            made = vectors(rows, embed, told) if self._vectors and embed is not None else None
            self._table.add(entries, range(self.after, self.after + len(rows)), made)
            self.after += len(rows)
            self.tally.add(entries)

    def finish(self, revision: str, base: str, probe: tuple[float, ...], held: int) -> None:
        """Bring the engine's indexes up to date and make this the current revision."""
        waiting = self._table.settle(held, self._waiting + 1)
        known = (self._old.manifest.files, self._old.place) if self._old is not None else ({}, None)
        stands = Manifest(
            format=FORMAT,
            revision=revision,
            base=base,
            count=self.tally.count,
            vectors=self._vectors,
            probe=probe,
            after=self.after,
            waiting=waiting,
            documents=self.tally.documents(),
            frequency={stem: number for stem, number in self.tally.frequency.items() if number > 0},
            files=sums(self._fresh, *known),
        )
        publish(self._fresh.parent, self._fresh, stands)
        self._done = True

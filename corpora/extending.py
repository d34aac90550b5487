"""Extending: passages added to the search index and taken from it, at the price of what is new.

The new revision shares the files of the one before; only what is new is embedded and written. What comes is published
in growing batches, so that the first pages of a long manual are found while the rest is still read. What goes, goes
with the last batch: whoever replaces a document is never left with neither. Killed at any moment, what was published
stays, and the same call again finishes the work.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from corpora.binding import Progress, Telling, entry
from corpora.embedding import Embed, alike, probed
from corpora.errors import LibraryError
from corpora.filters import Filter
from corpora.making import Basis, Making, Row, basis
from corpora.passage import Passage
from corpora.revision import POINTER, REBUILD, alone, disk, sweep
from corpora.table import Entry

FAR = 1 << 31
"""After all places."""
FIRST = 24
GROWTH = 4
LARGEST = 4096
"""Passages in the first batch, how many times more in each that follows, and at most."""
PATIENCE_S = 2.0
"""A first batch that is not full after so long is published as it is; each that follows waits twice as long."""


def extend(
    folder: Path,
    add: Iterable[Passage],
    remove: Collection[Filter | str],
    embed: Embed | None,
    progress: Progress,
    *,
    held: int,
    published: Callable[[], None],
) -> None:
    """Add passages to the current revision of `folder` and remove others, as `Library.extend` says."""
    told = Telling(progress, len(add) if isinstance(add, Collection) else None)
    with disk(folder, "write"), alone(folder):
        sweep(folder)
        extension = Extension(folder, embed, told, held)
        doomed = extension.chosen(remove)
        for batch in grown(add):
            some = {passage.id: passage for passage in batch}
            doomed -= some.keys()
            extension.publish(list(some.values()), [])
            published()
            told.before += len(batch)
            told(0)
        if doomed:
            extension.publish([], sorted(doomed))


def grown(add: Iterable[Passage], clock: Callable[[], float] = time.monotonic) -> Iterator[list[Passage]]:
    """Cut what comes into batches, each larger than the one before, and none waited for too long."""
    size, patience = FIRST, PATIENCE_S
    batch: list[Passage] = []
    began = clock()
    for passage in add:
        batch.append(passage)
        if len(batch) >= size or clock() - began > patience:
            yield batch
            size, patience = min(size * GROWTH, LARGEST), patience * 2
            batch, began = [], clock()
    if batch:
        yield batch


class Order:
    """Keeps the passages of each document in the order in which they come."""

    def __init__(self) -> None:
        """Begin with no document."""
        self._last: dict[tuple[str, str, str], int] = {}

    def stays(self, passage: Passage, place: int) -> bool:
        """Put a passage at this place, if that is after those of its document that came before."""
        document = (passage.pack, passage.document, passage.edition)
        after = place > self._last.get(document, -1)
        if after:
            self._last[document] = place
        return after


class Extension:
    """One extension of a library, published batch by batch."""

    def __init__(self, folder: Path, embed: Embed | None, told: Callable[[int], None], held: int) -> None:
        """Keep what every batch needs."""
        self._folder = folder
        self._embed = embed
        self._probe = probed(embed)
        self._told = told
        self._held = held
        self._order = Order()

    def chosen(self, remove: Collection[Filter | str]) -> set[str]:
        """Give the ids of what is to go, as it stands now. Raises `LibraryError`."""
        with self._basis() as old:
            if old is None:
                return set()
            doomed = set(old.table.find([identity for identity in remove if isinstance(identity, str)]))
            return doomed.union(*(old.table.ids(keep) for keep in remove if isinstance(keep, Filter)))

    def publish(self, batch: Sequence[Passage], doomed: Sequence[str]) -> None:
        """Make a revision with one batch more and the doomed less, unless that stands already.

        Raises `LibraryError`; whatever the embedder raises comes through.
        """
        with self._basis() as old:
            rows, gone = self._changes(batch, old)
            if old is not None:
                gone += [row.entry for row in old.table.find(doomed).values()]
                if len(gone) == old.manifest.count and not rows:
                    raise LibraryError(f"nothing would be left in the search index in {self._folder}: add a pack first")
            if not rows and not gone:
                return
            stands = old.manifest if old is not None else None
            probe = stands.probe if stands else self._probe
            with Making(self._folder, old, vectors=bool(probe)) as making:
                making.drop(gone)
                making.add(rows, self._embed, self._told)
                before, base = (stands.revision, stands.base) if stands else ("", "")
                making.finish(renamed(before, rows, gone), base, probe, self._held)
        sweep(self._folder)

    @contextmanager
    def _basis(self) -> Iterator[Basis | None]:
        """Give the current revision, None when there never was one; refuse one whose vectors are another embedder's."""
        if not (self._folder / POINTER).exists():
            yield None
            return
        with basis(self._folder) as old:
            if old.manifest.vectors and not alike(old.manifest.probe, self._probe):
                which = "another embedder than" if self._probe else "an embedder, and there is none"
                raise LibraryError(f"the search index in {self._folder} was built with {which} today's; {REBUILD}")
            yield old

    def _changes(self, batch: Sequence[Passage], old: Basis | None) -> tuple[list[Row], list[Entry]]:
        """Give the rows to be written, with the vectors that stay right, and those that they replace."""
        stored = old.table.find([passage.id for passage in batch]) if old is not None else {}
        rows: list[Row] = []
        replaced: list[Entry] = []
        for passage in batch:
            row = entry(passage)
            was = stored.get(passage.id)
            if was is None:
                self._order.stays(passage, FAR)
                rows.append(Row(row))
            elif was.entry != row or not self._order.stays(passage, was.place):
                self._order.stays(passage, FAR)
                rows.append(Row(row, was.vector if was.entry.indexed == row.indexed else None))
                replaced.append(was.entry)
        return rows, replaced


def renamed(before: str, rows: Sequence[Row], gone: Sequence[Entry]) -> str:
    """Give the name of a revision made from the one `before`: the same steps give the same name."""
    steps = (before, [row.entry.passage for row in rows], [row.passage.id for row in gone])
    return blake2b(repr(steps).encode(), digest_size=8).hexdigest()

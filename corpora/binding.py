"""Binding: passages made into a new revision of the search index, beside the old one.

Killed at any moment it leaves the old revision current.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

from corpora.embedding import Embed, alike, probed
from corpora.errors import LibraryError
from corpora.filters import spelled
from corpora.identifiers import ident_words
from corpora.making import Basis, Making, Row, basis
from corpora.passage import Passage
from corpora.revision import alone, current, disk, load, sweep, verify
from corpora.table import HELD_ROWS, Entry
from corpora.words import stems

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Told how many passages of how many are done."""

APPEND = 4096
"""Passages written at a time."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


def glued(passage: Passage) -> str:
    """Give the text that is searched: document, headings, section number and the passage itself."""
    title = f"{passage.document} {passage.edition}".strip()
    for name in (passage.model, passage.maker):
        if name and spelled(name) not in spelled(title):
            title = f"{name} {title}"
    path = " > ".join(part for part in (title, *passage.heading, passage.section) if part)
    return f"{path}\n{passage.text}"


def entry(passage: Passage) -> Entry:
    """Give the row of one passage; a section stands in all the sections around it, so their numbers cover it too."""
    text = glued(passage)
    idents = ident_words(passage.section, text)
    return Entry(
        passage=passage,
        indexed=text,
        ident=" ".join(idents),
        stems=" ".join(sorted(stems(text) | {word.lstrip("=<") for word in idents})),
    )


def standing(folder: Path, revision: str, *, vectors: bool) -> bool:
    """Say whether the current revision began with this one, and is undamaged."""
    try:
        with disk(folder, "read"):
            place, lease = current(folder)
            with closing(lease):
                stands = load(place)
                verify(place, stands, thoroughly=True)
    except LibraryError:
        return False
    return stands.base == revision and stands.vectors == vectors


def cut(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Cut what may be endless into lists."""
    whole = iter(rows)
    while some := list(islice(whole, size)):
        yield some


def others(old: Basis | None, packs: Collection[str], probe: tuple[float, ...]) -> Iterator[Row]:
    """Give the rows of all other packs, with their vectors where the same embedder made them of the same text."""
    if old is None:
        return
    same = alike(old.manifest.probe, probe)
    for was in old.table.stored(sorted({listed.pack for listed in old.manifest.documents} - set(packs))):
        row = entry(was.entry.passage)
        yield Row(row, was.vector if same and row.indexed == was.entry.indexed else None)


def bind(
    folder: Path,
    passages: Sequence[Passage],
    embed: Embed | None,
    revision: str,
    progress: Progress,
    *,
    held: int = HELD_ROWS,
) -> None:
    """Make `passages` the whole of their packs in a new revision of `folder`, unless it began with them already.

    Raises `LibraryError`; whatever `embed` raises comes through.
    """
    checked(passages)
    if standing(folder, revision, vectors=embed is not None):
        return
    probe = probed(embed)
    with disk(folder, "write"), alone(folder), ExitStack() as stack:
        try:
            old = stack.enter_context(basis(folder))
        except LibraryError:
            old = None  # nothing there that could be kept
        making = stack.enter_context(Making(folder, None, vectors=embed is not None))
        new = (Row(entry(passage)) for passage in passages)
        told = Telling(progress, len(passages))
        for some in cut(chain(new, others(old, {passage.pack for passage in passages}, probe)), APPEND):
            making.add(some, embed, told)
            told.before += len(some)
        making.finish(revision, revision, probe, held)
    with disk(folder, "write"):
        sweep(folder)
    progress(len(passages), len(passages))


@dataclass(slots=True)
class Telling:
    """Tells the progress of a work that is done batch by batch."""

    progress: Progress
    total: int | None
    """None when nobody knows."""
    before: int = 0
    """Done in earlier batches."""

    def __call__(self, done: int) -> None:
        """Tell that so many of this batch are embedded."""
        done += self.before
        self.progress(done if self.total is None else min(done, self.total), done if self.total is None else self.total)


def checked(passages: Sequence[Passage]) -> None:
    """Refuse to index nothing, or two passages under one id. Raises `LibraryError`."""
    if not passages:
        raise LibraryError("no passages to index: add a pack first")
    identity, times = Counter(passage.id for passage in passages).most_common(1)[0]
    if times > 1:
        raise LibraryError(f"{times} passages have the id {identity!r}: ids must be unique")

"""Binding: passages made into a new revision of the search index, beside the old one.

Killed at any moment it leaves the old revision current.
"""

import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import LibraryError
from corpora.identifiers import ident_words
from corpora.index import DIMENSIONS, HELD_ROWS, Entry, write
from corpora.passage import Passage
from corpora.revision import FORMAT, Lease, Listed, Manifest, create, current, disk, load, publish, sums, sweep, verify
from corpora.words import stems

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts to float32 (len(texts), 384)."""
Progress = Callable[[int, int], None]
"""Told how many passages of how many are done."""

BATCH = 64
"""Passages embedded at a time."""


def silent(done: int, total: int) -> None:
    """Report to nobody."""


def glued(passage: Passage) -> str:
    """Give the text that is searched: document, headings, section number and the passage itself."""
    title = f"{passage.document} {passage.edition}".strip()
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


def unit(vectors: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """Check what an embedder gave for `count` texts and bring each row to unit length. Raises `LibraryError`."""
    if vectors.shape != (count, DIMENSIONS) or not np.isfinite(vectors).all():
        raise LibraryError(f"the embedder gave {vectors.shape} for {count} texts, not finite ({count}, {DIMENSIONS})")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def embedded(entries: Sequence[Entry], embed: Embed, progress: Progress) -> NDArray[np.float32]:
    """Give every row's vector, batch by batch."""
    batches = []
    for start in range(0, len(entries), BATCH):
        texts = [entry.indexed for entry in entries[start : start + BATCH]]
        batches.append(unit(np.asarray(embed(texts), np.float32), len(texts)))
        progress(start + len(texts), len(entries))
    return np.concatenate(batches)


def checked(passages: Sequence[Passage]) -> None:
    """Refuse to index nothing, or two passages under one id. Raises `LibraryError`."""
    if not passages:
        raise LibraryError("no passages to index: add a pack first")
    identity, times = Counter(passage.id for passage in passages).most_common(1)[0]
    if times > 1:
        raise LibraryError(f"{times} passages have the id {identity!r}: ids must be unique")


def manifest(entries: Sequence[Entry], revision: str, files: dict[str, tuple[int, int]], *, vectors: bool) -> Manifest:
    """Say what a revision holds."""
    listed = Counter((row.passage.pack, row.passage.document, row.passage.edition) for row in entries)
    return Manifest(
        format=FORMAT,
        revision=revision,
        count=len(entries),
        vectors=vectors,
        documents=tuple(
            Listed(pack=pack, document=document, edition=edition, passages=passages)
            for (pack, document, edition), passages in sorted(listed.items())
        ),
        frequency=Counter(stem for row in entries for stem in row.stems.split()),
        files=files,
    )


def standing(folder: Path, revision: str, *, vectors: bool) -> bool:
    """Say whether the current revision is this one, undamaged."""
    try:
        with disk(folder, "read"):
            place, lease = current(folder)
            with closing(lease):
                held = load(place)
                verify(place, held, thoroughly=True)
    except LibraryError:
        return False
    return held.revision == revision and held.vectors == vectors


def bind(
    folder: Path,
    passages: Sequence[Passage],
    embed: Embed | None,
    revision: str,
    progress: Progress,
    *,
    held: int = HELD_ROWS,
) -> None:
    """Index `passages` and make that the current revision of `folder`, unless it is already.

    Raises `LibraryError`; whatever `embed` raises comes through.
    """
    checked(passages)
    if standing(folder, revision, vectors=embed is not None):
        return
    entries = [entry(passage) for passage in passages]
    vectors = embedded(entries, embed, progress) if embed is not None else None
    with disk(folder, "write"):
        fill(create(folder), entries, vectors, revision, held)
        sweep(folder)
    progress(len(passages), len(passages))


def fill(fresh: Path, entries: Sequence[Entry], vectors: NDArray[np.float32] | None, revision: str, held: int) -> None:
    """Write a whole revision into its folder and make it current, or take the folder away again."""
    try:
        with closing(Lease(fresh)):
            write(fresh, entries, vectors, held)
            publish(fresh.parent, fresh, manifest(entries, revision, sums(fresh), vectors=vectors is not None))
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise

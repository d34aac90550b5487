"""The library: every passage on the box, found by number, by words and by meaning.

Building and extending make a new revision beside the old one and swap them in one step; searching only reads, in as
many processes as like to.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from itertools import groupby
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpora.binding import Progress, bind, silent
from corpora.embedding import Embed, unit
from corpora.extending import extend
from corpora.filters import EVERYTHING, Filter
from corpora.fuse import HYBRID, LEXICAL, Evidence, share, sure
from corpora.identifiers import CUES, asked_models, asked_sections, canonical, marks, tiered
from corpora.index import Index
from corpora.passage import Hit, Passage, Stretch
from corpora.revision import Lease, Listed, Manifest, current, disk, load, merged, pointed, verify
from corpora.table import HELD_ROWS
from corpora.words import LONGEST_QUERY, Rarity, Term, chunks, coverage, standing, terms

POOL = 60
"""Candidates that each way of searching brings."""
NUMBERED = 400
"""Passages that may hold the number asked for."""


class Library:
    """The current revision, open for reading until `close`."""

    def __init__(self, place: Path, index: Index, manifest: Manifest, lease: Lease, embed: Embed | None = None) -> None:
        """Keep an open revision; `open` makes it."""
        self._place = place
        self._index = index
        self._manifest = manifest
        self._rarity = Rarity(manifest.count, manifest.frequency)
        self._lease = lease
        self._embed = embed

    @staticmethod
    def build(
        folder: Path,
        passages: Sequence[Passage],
        embed: Embed | None,
        revision: str,
        progress: Progress = silent,
        *,
        held: int = HELD_ROWS,
    ) -> None:
        """Index `passages` under the name `revision` and make that the current revision of `folder`.

        They become the whole of their packs; other packs, which `extend` brought, stay as they are. Does nothing when
        that revision, or one extended from it, stands there undamaged. The old one serves its readers to the last and
        is removed once none is left. Raises `LibraryError`; whatever `embed` raises comes through. Either way, and
        after a kill, the old revision stays current.
        """
        bind(folder, passages, embed, revision, progress, held=held)

    @staticmethod
    def extend(
        folder: Path,
        add: Iterable[Passage],
        remove: Collection[Filter | str] = (),
        embed: Embed | None = None,
        progress: Progress = silent,
        *,
        held: int = HELD_ROWS,
        published: Callable[[], None] = lambda: None,
    ) -> None:
        """Add passages to the current revision of `folder`, and remove others, at the price of what is new.

        Args:
            folder: Where the library is; made when there is none yet.
            add: Passages, a document's in its order; may be read lazily. One with a known id replaces that passage, and
                is embedded again only when what is searched of it differs. They are published in growing batches, the
                first within some seconds.
            remove: What goes: ids of passages, or filters that choose them ("this edition of this document"), as they
                stood before; none that `add` brings again. It goes with the last batch.
            embed: As for `build`; must be the same embedder.
            progress: Told after every few passages.
            held: As for `open`.
            published: Told each time when what came so far can be found.

        The old revision serves its readers to the last. After a kill the batches published stay, and the same call
        again does the rest. Waits while another process writes. Raises `LibraryError`; whatever `add` and `embed`
        raise comes through.
        """
        extend(folder, add, remove, embed, progress, held=held, published=published)

    @classmethod
    def open(cls, folder: Path, embed: Embed | None = None, *, held: int = HELD_ROWS) -> Self:
        """Open the current revision for reading. Raises `LibraryError` when it is missing, damaged or too new."""
        with disk(folder, "open"):
            place, lease = current(folder)
            try:
                stands = load(place)
                verify(place, stands, thoroughly=stands.count <= held)
                index = Index(place, vectors=stands.vectors, held=held)
            except BaseException:
                lease.close()
                raise
        return cls(place, index, stands, lease, embed)

    @staticmethod
    def held(folder: Path) -> tuple[Listed, ...]:
        """Give what `shelves` would of the current revision, without opening it. Raises `LibraryError`."""
        with disk(folder, "read"):
            place, lease = current(folder)
            with closing(lease):
                return load(place).documents

    def close(self) -> None:
        """Let go of the files; a build may then remove the revision."""
        self._index.close()
        self._lease.close()

    @property
    def revision(self) -> str:
        """Name of the revision that is open."""
        return self._manifest.revision

    @property
    def count(self) -> int:
        """Passages."""
        return self._manifest.count

    def documents(self) -> tuple[Listed, ...]:
        """Give every document with its number of passages, by pack and title."""
        return tuple(
            merged(list(shelves))
            for _, shelves in groupby(self.shelves(), lambda one: (one.pack, one.document, one.edition))
        )

    def shelves(self) -> tuple[Listed, ...]:
        """Give the same, but a document once for every system, maker, model and language that its passages have."""
        return self._manifest.documents

    def current(self) -> bool:
        """Say whether this still is the current revision; when not, `open` again gives the new one."""
        return pointed(self._place.parent) == self._place.name

    def passage(self, identity: str) -> Passage | None:
        """Give the passage with this id, or None."""
        rows = self._index.find({"id": identity})
        return self._index.passages(rows)[0] if rows else None

    def mentions(self, model: str) -> bool:
        """Say whether a passage names this model number, however it is spelled. Raises `LibraryError`."""
        readings = asked_models(model)
        return bool(readings and self._index.exact(readings, 1))

    def contents(self, keep: Filter, start: int = 0, limit: int = 50) -> Stretch:
        """Give what `keep` lets through, a document from its beginning, passages `start` (from 0) to `start + limit`.

        The whole order is looked up at each call, as numbers; only the passages given are read. Raises `LibraryError`.
        """
        rows = self._index.find(keep.wanted())
        first = max(start, 0)
        given = self._index.passages(rows[first : first + max(limit, 0)])
        return Stretch(tuple(given), first, len(rows))

    def section(self, number: str, standard: str = "", keep: Filter = EVERYTHING) -> list[Passage]:
        """Give the passages of one section, then those of the sections in it, each in the document's order.

        `standard` keeps to documents whose title or edition has all its words ("NFPA 25").
        """
        mark = marks(canonical(number))
        wanted = chunks(standard)
        found = self._index.exact([mark.own, mark.within], NUMBERED, keep, having=wanted)
        rows = sorted(self._index.ordered(list(found)), key=lambda row: mark.own not in found[row])
        return [
            passage
            for passage in self._index.passages(rows)
            if set(wanted) <= set(chunks(f"{passage.document} {passage.edition}"))
        ]

    def section_of(self, passage: Passage) -> list[Passage]:
        """Give all passages that share this one's parent, itself among them, in the document's order."""
        if not passage.parent:
            return [passage]
        wanted = {"parent": passage.parent} | within(passage).wanted()
        return self._index.passages(self._index.find(wanted)) or [passage]

    def linked(self, passage: Passage) -> list[Passage]:
        """Give the passages of the sections of the same document that this one's text refers to, in its order."""
        found = [each for number in passage.links for each in self.section(number, keep=within(passage))]
        return list({each.id: each for each in found if each.id != passage.id}.values())

    def search(
        self, query: str, limit: int = 8, keep: Filter = EVERYTHING, vector: NDArray[np.float32] | None = None
    ) -> list[Hit]:
        """Find passages for a question: those with the very number it names first, then by falling score.

        `keep` says which passages are looked at, before any ranking. `vector` is the question's vector, when the caller
        has it already; otherwise the embedder makes one, and without an embedder words alone decide. Raises
        `LibraryError`.
        """
        sections = asked_sections(query)
        words = [word for word in terms(query) if not (sections and word.surface[0] in CUES)]
        if not words or limit < 1:
            return []
        pool = max(POOL, limit)
        text = spoken(words, sections)
        matches = self._index.matches(text, pool, keep) if text else dict
        numbered = self._numbered(sections, asked_models(query), keep)
        # The engine searches for words and numbers while the question is embedded.
        meaning = self._meaning(query, vector)
        near = self._index.nearest(meaning, pool, keep) if meaning is not None else []
        tiers, lexical = numbered(), matches()
        rows = list(dict.fromkeys([*tiers, *lexical, *near]))
        hits = self._scored(rows, words, lexical, meaning)
        exact = {row: sure(hits[row].coverage) for row in tiers}
        score = {row: max(self._score(hits[row], meaning), exact.get(row, 0.0)) for row in rows}
        best = sorted(rows, key=lambda row: (tiers.get(row, 9), -score[row], row))[:limit]
        return [
            Hit(passage, score[row], hits[row].cosine, hits[row].coverage)
            for row, passage in zip(best, self._index.passages(best), strict=True)
        ]

    def by_words(self, query: str, limit: int) -> list[Passage]:
        """Give what full text alone finds, best first, to compare with. Raises `LibraryError`."""
        text = spoken(terms(query))
        found = self._index.matches(text, limit)() if text else {}
        return self._index.passages(sorted(found, key=lambda row: -found[row]))

    def by_meaning(self, query: str, limit: int) -> list[Passage]:
        """Give what vectors alone find, best first, to compare with. Raises `LibraryError`."""
        meaning = self._meaning(query, None)
        return self._index.passages(self._index.nearest(meaning, limit)) if meaning is not None else []

    def _meaning(self, query: str, vector: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        """Give the question's vector at unit length, or None when words alone must do."""
        if not self._manifest.vectors:
            return None
        if vector is None:
            if self._embed is None:
                return None
            vector = np.asarray(self._embed([query[:LONGEST_QUERY]]), np.float32)
        row: NDArray[np.float32] = unit(np.asarray(vector, np.float32).reshape(1, -1), 1)[0]
        return row

    def _numbered(self, sections: Sequence[str], models: Sequence[str], keep: Filter) -> Callable[[], dict[int, int]]:
        """Begin to look for rows that have the very number asked for: 0 are it, 1 stand in it, 2 name it."""
        numbers = [marks(section) for section in sections]
        asked = [word for mark in numbers for word in (mark.own, mark.within, mark.named)]
        if not asked and not models:
            return dict
        found = self._index.naming([*asked, *models], NUMBERED, keep)
        return lambda: tiered(found(), numbers, models)

    def _scored(
        self, rows: Sequence[int], words: Sequence[Term], lexical: dict[int, float], meaning: NDArray[np.float32] | None
    ) -> dict[int, Evidence]:
        """Give what speaks for each row."""
        known = self._index.known(rows, meaning)
        weighed = self._rarity.weighed(words)
        weight = sum(each for _, each in weighed)
        present = {name: standing(weighed, row.stems) for name, row in known.items()}
        around: dict[str, frozenset[int]] = {}
        for name, row in known.items():
            around[row.parent] = around.get(row.parent, frozenset()) | present[name]
        return {
            name: Evidence(
                bm25=share(lexical.get(name, 0.0), weight),
                cosine=row.cosine,
                coverage=coverage(weighed, present[name]),
                around=coverage(weighed, around[row.parent] if row.parent else present[name]),
            )
            for name, row in known.items()
        }

    @staticmethod
    def _score(evidence: Evidence, meaning: NDArray[np.float32] | None) -> float:
        """Give how surely a row is about the question."""
        return (LEXICAL if meaning is None else HYBRID).score(evidence)


def spoken(words: Sequence[Term], but: Collection[str] = ()) -> str:
    """Give the words of a question as the full-text index is asked for them."""
    return " ".join(piece for word in words for piece in word.surface if piece not in but)


def within(passage: Passage) -> Filter:
    """Keep to the document that a passage is of."""
    return Filter(pack=passage.pack, document=passage.document, edition=passage.edition)

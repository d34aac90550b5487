"""The library: every passage on the box, found by number, by words and by meaning.

Building makes a new revision beside the old one and swaps them in one step; searching only reads, in as many processes
as like to.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from corpora.binding import Embed, Progress, bind, silent, unit
from corpora.fuse import HYBRID, LEXICAL, Evidence, share, sure
from corpora.identifiers import CUES, asked_models, asked_sections, canonical, marks
from corpora.index import HELD_ROWS, Index
from corpora.passage import Hit, Passage
from corpora.revision import Lease, Listed, Manifest, current, disk, load, verify
from corpora.words import LONGEST_QUERY, Rarity, Term, chunks, coverage, terms

POOL = 60
"""Candidates that each way of searching brings."""
NUMBERED = 400
"""Passages that may hold the number asked for."""
COMMON = 12
"""A model number that more passages than this name is a word like others: it doesn't outrank the rest."""


class Library:
    """The current revision, open for reading until `close`."""

    def __init__(
        self, index: Index, manifest: Manifest, rarity: Rarity, lease: Lease, embed: Embed | None = None
    ) -> None:
        self._index = index
        self._manifest = manifest
        self._rarity = rarity
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

        Does nothing when that revision stands there undamaged. The old one serves its readers to the last and is
        removed once none is left. Raises `LibraryError`; whatever `embed` raises comes through. Either way, and after
        a kill, the old revision stays current.
        """
        bind(folder, passages, embed, revision, progress, held=held)

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
        return cls(index, stands, Rarity(stands.count, stands.frequency), lease, embed)

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
        return self._manifest.documents

    def passage(self, identity: str) -> Passage | None:
        """Give the passage with this id, or None."""
        rows = self._index.find("id", identity)
        return self._index.passages(rows)[0] if rows else None

    def section(self, number: str, standard: str = "") -> list[Passage]:
        """Give the passages of one section, then those of the sections in it, each in the document's order.

        `standard` keeps to documents whose title or edition has all its words ("NFPA 25").
        """
        mark = marks(canonical(number))
        found = self._index.exact([mark.own, mark.within], NUMBERED)
        rows = sorted(found, key=lambda row: (mark.own not in found[row], row))
        wanted = set(chunks(standard))
        return [
            passage
            for passage in self._index.passages(rows)
            if wanted <= set(chunks(f"{passage.document} {passage.edition}"))
        ]

    def search(
        self, query: str, limit: int = 8, system: str = "", vector: NDArray[np.float32] | None = None
    ) -> list[Hit]:
        """Find passages for a question: those with the very number it names first, then by falling score.

        `system` keeps to one system's passages. `vector` is the question's vector, when the caller has it already;
        otherwise the embedder makes one, and without an embedder words alone decide. Raises `LibraryError`.
        """
        sections = asked_sections(query)
        words = [word for word in terms(query) if not (sections and word.surface[0] in CUES)]
        if not words or limit < 1:
            return []
        meaning = self._meaning(query, vector)
        tiers = self._numbered(sections, asked_models(query), system)
        text = " ".join(piece for word in words for piece in word.surface if piece not in sections)
        lexical = self._index.matches(text, POOL, system) if text else {}
        near = self._index.nearest(meaning, POOL, system) if meaning is not None else []
        rows = list(dict.fromkeys([*tiers, *lexical, *near]))
        hits = self._scored(rows, words, lexical, meaning)
        exact = {row: sure(hits[row].coverage) for row in tiers}
        score = {row: max(self._score(hits[row], meaning), exact.get(row, 0.0)) for row in rows}
        best = sorted(rows, key=lambda row: (tiers.get(row, 9), -score[row], row))[:limit]
        return [
            Hit(passage, score[row], hits[row].cosine, hits[row].coverage)
            for row, passage in zip(best, self._index.passages(best), strict=True)
        ]

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

    def _numbered(self, sections: Sequence[str], models: Sequence[str], system: str) -> dict[int, int]:
        """Give the rows that have the very number asked for: 0 are it, 1 stand in it, 2 name it."""
        numbers = [marks(section) for section in sections]
        asked = [word for mark in numbers for word in (mark.own, mark.within, mark.named)]
        if not asked and not models:
            return {}
        found = self._index.exact([*asked, *models], NUMBERED, system)
        rare = {model for model in models if sum(model in ident for ident in found.values()) <= COMMON}
        tiers: dict[int, int] = {}
        for row, ident in found.items():
            if any(mark.own in ident for mark in numbers):
                tiers[row] = 0
            elif any(mark.within in ident for mark in numbers):
                tiers[row] = 1
            elif rare & ident or any(mark.named in ident for mark in numbers):
                tiers[row] = 2
        return tiers

    def _scored(
        self, rows: Sequence[int], words: Sequence[Term], lexical: dict[int, float], meaning: NDArray[np.float32] | None
    ) -> dict[int, Evidence]:
        """Give what speaks for each row."""
        if not rows:
            return {}
        read = self._index.read(rows, ("stems",))
        cosines = self._index.cosines(meaning, rows) if meaning is not None else np.zeros(len(rows), np.float32)
        weighed = self._rarity.weighed(words)
        weight = sum(each for _, each in weighed)
        return {
            row: Evidence(
                bm25=share(lexical.get(row, 0.0), weight),
                cosine=float(cosine),
                coverage=coverage(weighed, set(read[row]["stems"].split())),
            )
            for row, cosine in zip(rows, cosines, strict=True)
        }

    @staticmethod
    def _score(evidence: Evidence, meaning: NDArray[np.float32] | None) -> float:
        """Give how surely a row is about the question."""
        return (LEXICAL if meaning is None else HYBRID).score(evidence)

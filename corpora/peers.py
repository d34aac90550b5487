"""Other programs that search, over the same texts and vectors, for an evaluation to compare with; none is shipped.

Chroma ranks by vectors alone. For equal quality it gets a second leg, as its users give it one: BM25 over stemmed words
by bm25s, the two fused by reciprocal rank. Each is measured where it is installed.
"""

import importlib
import importlib.util
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from corpora.binding import glued
from corpora.embedding import Embed
from corpora.passage import Passage
from corpora.stem import stem

DEPTH = 60
"""How far HNSW looks, and how many passages each leg gives at least."""
RANK = 60
"""The constant of reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009)."""
Ranked = Callable[[str, int], Sequence[int]]
"""A question and how many, to the numbers of the passages, best first."""


def ways(place: Path, units: Sequence[Passage], embed: Embed) -> dict[str, Callable[[str, int], Sequence[str]]]:
    """Give the peers that are installed: a question and how many passages, to the passages' documents, best first."""
    if importlib.util.find_spec("chromadb") is None:
        return {}
    near = chroma(place, units, embed)
    found = {"Chroma": near}
    if importlib.util.find_spec("bm25s") is not None:
        found["Chroma and BM25 fused"] = fused(near, bm25([glued(each) for each in units]))

    def documents(way: Ranked) -> Callable[[str, int], Sequence[str]]:
        return lambda query, limit: list(dict.fromkeys(units[number].parent for number in way(query, limit)))

    return {name: documents(way) for name, way in found.items()}


def chroma(place: Path, units: Sequence[Passage], embed: Embed) -> Ranked:
    """Give Chroma, which is filled below `place`."""
    client = importlib.import_module("chromadb").PersistentClient(str(place))
    shelf = client.create_collection("passages", configuration={"hnsw": {"space": "cosine", "ef_search": DEPTH}})
    for start in range(0, len(units), 1000):
        texts = [glued(each) for each in units[start : start + 1000]]
        names = [str(number) for number in range(start, start + len(texts))]
        shelf.add(ids=names, embeddings=np.asarray(embed(texts), np.float32), documents=texts)

    def search(query: str, limit: int) -> list[int]:
        vector = np.asarray(embed([query]), np.float32)
        return list(map(int, shelf.query(query_embeddings=vector, n_results=min(limit, len(units)))["ids"][0]))

    return search


def bm25(texts: Sequence[str]) -> Ranked:
    """Give bm25s over stems."""
    library: Any = importlib.import_module("bm25s")

    def words(some: Sequence[str]) -> Any:
        return library.tokenize(
            list(some), stopwords="en", stemmer=lambda each: [*map(stem, each)], show_progress=False
        )

    index = library.BM25()
    index.index(words(texts), show_progress=False)

    def search(query: str, limit: int) -> list[int]:
        most = min(limit, len(texts))
        found, scores = index.retrieve(words([query]), k=most, show_progress=False)
        return [int(number) for number, score in zip(found[0], scores[0], strict=True) if score > 0]

    return search


def fused(*legs: Ranked) -> Ranked:
    """Fuse several by reciprocal rank."""

    def search(query: str, limit: int) -> list[int]:
        sums: defaultdict[int, float] = defaultdict(float)
        for leg in legs:
            for rank, number in enumerate(leg(query, max(limit, DEPTH)), 1):
                sums[number] += 1 / (RANK + rank)
        return sorted(sums, key=lambda number: -sums[number])[:limit]

    return search

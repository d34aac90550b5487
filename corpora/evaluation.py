"""Evaluation: how well the library finds what answers a question, how fast, and whether it knows when nothing does.

Everything is measured on an index built for it, through the same `Library.search` that answers on the box. Peers are
measured over the same texts and vectors in the same run: full text alone, vectors alone, and those of `peers`.
"""

import re
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from corpora import peers
from corpora.beir import Dataset, Doubt, auroc, doubts, ndcg, part, passages, read, recall, reciprocal_rank
from corpora.binding import Progress
from corpora.embedding import Embed
from corpora.fuse import EVEN
from corpora.library import Library
from corpora.passage import Passage

SHALLOW, DEEP = 60, 400
"""Passages asked for where the first ten documents count, and where the first hundred do."""
WARM = 5
"""Questions asked before the clock counts."""
Told = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""
Way = Callable[[str, int], Sequence[str]]
"""A question and how many passages, to the passages' documents, best first."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One way of searching, over all questions."""

    way: str
    ndcg_10: float
    recall_10: float
    recall_100: float
    mrr: float
    p50_ms: float
    p95_ms: float
    """One search that is answered from no cache, embedding the question included."""
    cpu_ms: float
    """Processor time of one, all threads of this process together, in the mean."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """Whether the best hit's score tells questions that the corpus answers from others."""

    corpus: str
    """Which part of the data set was searched; "" for all."""
    auroc: float
    auroc_near: float | None
    auroc_far: float | None
    """Against the unanswerable questions of one kind; None when none is labelled so."""
    accuracy: float
    """Share of right decisions at the threshold shipped."""
    passed: float
    """Share of answerable questions at or above it."""
    refused: float
    """Share of the others below it."""
    refused_near: float | None
    refused_far: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """All figures of one evaluation."""

    dataset: str
    documents: int
    passages: int
    questions: int
    build_s: float
    index_mb: float
    memory_mb: float
    """The most that this process had, the embedder and the peers included."""
    ways: tuple[Figures, ...]
    abstention: Abstention | None


def evaluate(
    folder: Path,
    embed: Embed | None,
    work: Path,
    *,
    peer: bool = False,
    abstention: Path | None = None,
    progress: Told = lambda _what, _done, _total: None,
) -> Report:
    """Measure the library on the data set in `folder`, with indexes built below `work`.

    Args:
        folder: A data set in the BEIR layout.
        embed: The embedder; without one, words alone are measured.
        work: An empty folder to build in.
        peer: Measure the peers too.
        abstention: A labelled abstention file.
        progress: Told how far it is.

    Raises:
        CorpusError: a file is missing or damaged, or the index can't be built.
    """
    dataset = read(folder)
    unsure = doubts(abstention) if abstention is not None else []
    units = passages(dataset.documents)
    began = time.perf_counter()
    Library.build(work / "index", units, embed, "evaluation", partial(progress, "indexing"))
    built = time.perf_counter() - began
    with closing(Library.open(work / "index", embed)) as library:
        ways: dict[str, Way] = {
            "library": lambda query, limit: parents([hit.passage for hit in library.search(query, limit)])
        }
        if peer:
            ways |= alone(library, embed) | (peers.ways(work / "chroma", units, embed) if embed is not None else {})
        figures = tuple(
            measure(name, way, dataset, partial(progress, f"asking the {name}")) for name, way in ways.items()
        )
    return Report(
        dataset=dataset.name,
        documents=len(dataset.documents),
        passages=len(units),
        questions=len(dataset.questions),
        build_s=built,
        index_mb=sum(path.stat().st_size for path in (work / "index").rglob("*") if path.is_file()) / 1e6,
        memory_mb=resident_mb(),
        ways=figures,
        abstention=told_apart(dataset, unsure, embed, work / "part") if unsure else None,
    )


def parents(found: Sequence[Passage]) -> list[str]:
    """Give the documents of passages, each where its first passage stands."""
    return list(dict.fromkeys(passage.parent for passage in found))


def alone(library: Library, embed: Embed | None) -> dict[str, Way]:
    """Give each leg of the library on its own."""
    ways: dict[str, Way] = {"full text alone": lambda query, limit: parents(library.by_words(query, limit))}
    if embed is not None:
        ways["vectors alone"] = lambda query, limit: parents(library.by_meaning(query, limit))
    return ways


def measure(name: str, way: Way, dataset: Dataset, progress: Progress) -> Figures:
    """Ask one way every question."""
    for query in list(dataset.questions.values())[:WARM]:
        way(query, SHALLOW)
    rows: list[tuple[float, ...]] = []
    for done, (number, query) in enumerate(dataset.questions.items(), 1):
        wanted = dataset.judged[number]
        began, busy = time.perf_counter(), time.process_time()
        first = way(query, SHALLOW)
        taken, spent = (time.perf_counter() - began) * 1000, (time.process_time() - busy) * 1000
        deep = way(query, DEEP)
        rows.append(
            (
                ndcg(first, wanted),
                recall(first, wanted, 10),
                recall(deep, wanted, 100),
                reciprocal_rank(first, wanted),
                taken,
                spent,
            )
        )
        progress(done, len(dataset.questions))
    table = np.array(rows)
    ndcg_10, recall_10, recall_100, mrr, _, spent = table.mean(axis=0).tolist()
    p50, p95 = np.percentile(table[:, 4], [50, 95]).tolist()
    return Figures(name, ndcg_10, recall_10, recall_100, mrr, p50, p95, spent)


def told_apart(dataset: Dataset, unsure: Sequence[Doubt], embed: Embed | None, place: Path) -> Abstention:
    """Ask every question of an abstention file, and compare the best hits' scores."""
    name, documents = part(dataset, [each.question for each in unsure if each.answerable])
    Library.build(place, passages(documents), embed, "abstention")
    with closing(Library.open(place, embed)) as library:
        best = [max((hit.score for hit in library.search(each.question)), default=0.0) for each in unsure]
    yes = [score for score, each in zip(best, unsure, strict=True) if each.answerable]
    no = {
        kind: [score for score, each in zip(best, unsure, strict=True) if not each.answerable and each.kind in kinds]
        for kind, kinds in {"near": {"near"}, "far": {"far"}, "": {each.kind for each in unsure}}.items()
    }
    return Abstention(
        corpus=name,
        auroc=auroc(yes, no[""]),
        auroc_near=auroc(yes, no["near"]) if no["near"] else None,
        auroc_far=auroc(yes, no["far"]) if no["far"] else None,
        accuracy=(sum(score >= EVEN for score in yes) + sum(score < EVEN for score in no[""])) / len(unsure),
        passed=share(yes, above=True) or 0.0,
        refused=share(no[""], above=False) or 0.0,
        refused_near=share(no["near"], above=False),
        refused_far=share(no["far"], above=False),
    )


def share(scores: Sequence[float], *, above: bool) -> float | None:
    """Give the share of scores at or above the threshold shipped, or below it; None of none."""
    return sum((score >= EVEN) is above for score in scores) / len(scores) if scores else None


def resident_mb() -> float:
    """Give the most memory that this process has had, in MB."""
    try:
        found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return int(found[1]) / 1024 if found else 0.0

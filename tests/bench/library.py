"""Figures of the library, by hand: `python -m tests.bench.library [MINILM FOLDER]`.

Speed of an uncached search at three sizes; ranking on the emanual set against full text alone; how well the score tells
questions the corpus can answer from those it cannot. Tuning looked at even questions only, so odd ones are the test;
`clara corpora eval` gives the figures over both. Without the folder the hashing embedder stands in: speed is the same,
quality is not.
"""

# ruff: noqa: T201 - printing figures is all it does

import json
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from corpora.beir import auroc, ndcg
from corpora.embedding import Embed
from corpora.library import Library
from corpora.passage import Passage
from tests.fakes.hashing import hashed

DATA = Path(__file__).parents[3] / "shared" / "data" / "retrieval"
CHUNK_WORDS = 60


def lines(path: Path) -> list[Any]:
    """Read a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cut(text: str) -> list[str]:
    """Cut a section into chunks of about 60 words at the ends of sentences."""
    chunks, words = [], []
    for sentence in re.split(r"(?<=[.!?]) +", text):
        if words and len(words) + len(sentence.split()) > CHUNK_WORDS:
            chunks.append(" ".join(words))
            words = []
        words += sentence.split()
    return [*chunks, " ".join(words)]


def manuals() -> list[Passage]:
    """Read the two manuals of the emanual set, chunk by chunk; an id is the section's with the chunk's number."""
    return [
        Passage(
            id=f"{row['_id']}#{number}",
            pack="emanual",
            document=f"{row['metadata']['manual']} manual",
            edition="",
            heading=(row["title"],),
            section="",
            page=None,
            system=row["metadata"]["manual"],
            text=text,
        )
        for row in lines(DATA / "emanual" / "corpus.jsonl")
        for number, text in enumerate(cut(row["text"]))
    ]


def judgements() -> dict[str, set[str]]:
    """Read which sections answer which question."""
    gold: dict[str, set[str]] = {}
    for line in (DATA / "emanual" / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        question, section, _ = line.split()
        gold.setdefault(question, set()).add(section)
    return gold


def gain(found: Sequence[str], wanted: set[str]) -> float:
    """Give nDCG@10 of chunk ids, a section standing where its first chunk stands."""
    sections = list(dict.fromkeys(identity.split("#")[0] for identity in found))
    return ndcg(sections, dict.fromkeys(wanted, 1))


def quality(embed: Embed, folder: Path) -> None:
    """Print nDCG@10 on emanual: full text alone, the library without an embedder, the library with it."""
    passages, gold = manuals(), judgements()
    questions = lines(DATA / "emanual" / "queries.jsonl")
    Library.build(folder, passages, embed, "emanual")
    with closing(Library.open(folder, embed)) as fused, closing(Library.open(folder)) as lexical:
        ways = {
            "full text alone": lambda query: [passage.id for passage in fused.by_words(query, 60)],
            "without embedder": lambda query: [hit.passage.id for hit in lexical.search(query, 60)],
            "fused": lambda query: [hit.passage.id for hit in fused.search(query, 60)],
        }
        for name, way in ways.items():
            gains = [gain(way(each["text"]), gold[each["_id"]]) for each in questions]
            print(f"nDCG@10 {name:18} tuning half {np.mean(gains[::2]):.3f}  other half {np.mean(gains[1::2]):.3f}")


def abstention(embed: Embed, folder: Path) -> None:
    """Print how the best hit's score separates the TV manual's questions from others."""
    Library.build(folder, [each for each in manuals() if each.system == "tv"], embed, "tv")
    questions = lines(DATA / "abstention_emanual_tv.jsonl")
    for name, embedder in (("fused", embed), ("without embedder", None)):
        with closing(Library.open(folder, embedder)) as library:
            best = [max((hit.score for hit in library.search(each["question"])), default=0.0) for each in questions]
        for half, part in (("tuning half", slice(0, None, 2)), ("other half", slice(1, None, 2)), ("all", slice(None))):
            rows = list(zip(best[part], questions[part], strict=True))
            yes = [score for score, each in rows if each["answerable"]]
            near = [score for score, each in rows if each["source"].startswith("near")]
            far = [score for score, each in rows if each["source"].startswith("far")]
            passed = [np.mean(np.array(scores) >= 0.5) for scores in (yes, near, far)]
            print(
                f"AUROC {name:16} {half:11} far {auroc(yes, far):.3f} near {auroc(yes, near):.3f}; at 0.5 pass: "
                f"answerable {passed[0]:.3f}, near {passed[1]:.3f} of {len(near)}, far {passed[2]:.3f} of {len(far)}"
            )


def speed(folder: Path) -> None:
    """Print p50 and p95 of an uncached search, the question's vector being at hand."""
    base = manuals()
    queries = [each["text"] for each in lines(DATA / "emanual" / "queries.jsonl")][:300]
    vectors = hashed(queries)
    for size, held in ((300, 20_000), (2_000, 20_000), (20_000, 20_000), (20_000, 0)):
        rows = [replace(base[n % len(base)], id=str(n), section=f"{n // 99}.{n % 99}.1") for n in range(size)]
        began = time.perf_counter()
        Library.build(folder / f"{size}{held}", rows, hashed, "speed", held=held)
        built = time.perf_counter() - began
        with closing(Library.open(folder / f"{size}{held}", held=held)) as library:
            plain = timed(library, queries, vectors)
            numbered = timed(library, [f"{query} section {n}.7.1" for n, query in enumerate(queries)], vectors)
        where = "in memory" if size <= held else "on disk"
        print(f"{size:6} rows {where:9} built in {built:5.1f} s; search {plain}; with a section number {numbered}")


def timed(library: Library, queries: Sequence[str], vectors: Any) -> str:
    """Search for each and say how long it took."""
    taken = []
    for query, vector in zip(queries, vectors, strict=True):
        began = time.perf_counter()
        library.search(query, vector=vector)
        taken.append((time.perf_counter() - began) * 1000)
    p50, p95 = np.percentile(taken[20:], [50, 95])
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms"


def main(embed: Embed) -> None:
    """Print all figures."""
    with tempfile.TemporaryDirectory() as folder:
        speed(Path(folder))
        quality(embed, Path(folder) / "emanual")
        abstention(embed, Path(folder) / "tv")


def chosen(arguments: Sequence[str]) -> Embed:
    """Give MiniLM from the folder named, or the stand-in."""
    if not arguments:
        return hashed
    from models.minilm import MiniLm

    embed: Embed = MiniLm(Path(arguments[0])).embed
    return embed


if __name__ == "__main__":
    main(chosen(sys.argv[1:]))

"""The library at 10,000, 100,000 and 500,000 passages: `python -m tests.bench.scale [--rows N…] [--minilm FOLDER]`.

Texts are sentences of the emanual set, shuffled into manuals of 400 passages with made-up makers, models, part names
and section numbers, so that words are as common and as rare as in a real library. Vectors are those of the sentences'
own chunks, each moved at random, so that they cluster as real ones do. For each size it prints how long building,
opening and extending take; speed and memory of uncached searches in a process of its own, the question embedded by
MiniLM where its folder is given; how many of the ten nearest the approximate index finds; and the same for Chroma with
the same vectors, where it is installed (`PYTHONPATH=/where/chromadb/is`).
"""

import argparse
import importlib.util
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

from corpora.filters import Filter
from corpora.library import Library
from corpora.passage import Passage
from tests.bench.library import manuals
from tests.fakes.hashing import hashed

SYLLABLES = ("ka", "lo", "mi", "ter", "von", "pas", "ru", "dex", "al", "in", "os", "ban", "qui", "sel", "tor", "ve")
SYSTEMS = ("fire alarm", "fire pump", "hydrant", "standpipe")
PER_MANUAL = 400
QUESTIONS = 200


def synthetic(count: int, seed: int = 1) -> Iterator[tuple[Passage, int]]:
    """Give passages, each with the number of the chunk whose meaning it has."""
    chosen = random.Random(seed)
    base = [each for each in manuals() if len(each.text.split()) > 8]
    for number in range(count):
        manual, place = divmod(number, PER_MANUAL)
        maker, model = product(manual)
        source = chosen.randrange(len(base))
        words = f"{base[source].text} {chosen.choice(base).text}".split()[: chosen.randint(40, 90)]
        for _ in range(len(words) // 12):
            rare = [SYLLABLES[min(int(chosen.paretovariate(0.6)) - 1, 15)] for _ in range(chosen.randint(2, 4))]
            words[chosen.randrange(len(words))] = "".join(rare)
        section = f"{place // 40 + 1}.{place % 40 // 8 + 1}.{place % 8 + 1}"
        text = " ".join(words)
        yield (
            Passage(
                id=f"{manual}/{place}", pack="customer", document=f"{maker} {model} manual", edition="",
                heading=base[source].heading, section=section, page=place // 3 + 1,
                system=SYSTEMS[manual % len(SYSTEMS)], text=text, maker=maker, model=model, language="en",
                parent=f"{manual}/{section[:3]}",
            ),
            source,
        )  # fmt: skip


def product(manual: int) -> tuple[str, str]:
    """Give maker and model of a manual."""
    chosen = random.Random(manual)
    maker = "".join(chosen.choices(SYLLABLES, k=3)).title()
    letters = chosen.choice("ABCDM") + chosen.choice("SXPT")
    return maker, f"{letters}-{chosen.randint(100, 9999)}{chosen.choice(('', 'U', 'LS'))}"


class Moved:
    """An embedder that moves each chunk's own vector at random, for texts that come in the order of `sources`."""

    def __init__(self, vectors: NDArray[np.float32], sources: Sequence[int]) -> None:
        self._vectors = vectors
        self._sources = sources
        self._next = -1
        self._chance = np.random.default_rng(2)

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give the next texts' vectors; the very first call is the library's probe."""
        if self._next < 0:
            self._next = 0
            return self._vectors[:1]
        sources = self._sources[self._next : self._next + len(texts)]
        self._next += len(texts)
        noise = self._chance.standard_normal((len(texts), self._vectors.shape[1])).astype(np.float32)
        moved = self._vectors[sources] + 0.6 * noise / np.sqrt(self._vectors.shape[1])
        return np.asarray(moved / np.linalg.norm(moved, axis=1, keepdims=True), np.float32)


def questions() -> list[str]:
    """Give questions as people ask them of these manuals."""
    lines = (Path(__file__).parents[3] / "shared/data/retrieval/emanual/queries.jsonl").read_text().splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    return [text for text in texts if 4 <= len(text.split()) <= 20][: QUESTIONS + 20]


def embedder(folder: str) -> object:
    """Give MiniLM from the folder named, or the stand-in."""
    if not folder:
        return hashed
    from models.minilm import MiniLm

    return MiniLm(Path(folder)).embed


def own(place: Path, minilm: str) -> dict[str, float]:
    """Search one library; in a process of its own, since memory is measured."""
    embed = embedder(minilm)
    began = time.perf_counter()
    with closing(Library.open(place, embed)) as library:
        opened = time.perf_counter() - began
        asked = questions()
        for query in asked[:20]:
            library.search(query)
        plain = timed(lambda number: library.search(asked[number]), asked)
        chosen = timed(lambda number: library.search(asked[number], keep=Filter(system="hydrant")), asked)
        numbered = timed(
            lambda number: library.search(
                f"what does section {number % 9 + 1}.2.{number % 7 + 1} of the {product(number % 20)[1]} say"
            ),
            asked,
        )
        right = sum(section_right(library, number) for number in range(20))
        most = resident_mb()
        recall = nearest_found(library, np.asarray(embed(asked[:60]), np.float32))
    return {"open s": opened, "sections right of 20": right, "recall": recall, "MB": most} | {
        f"{name} {share}": value
        for name, times in (("plain", plain), ("filtered", chosen), ("numbered", numbered))
        for share, value in zip(("p50", "p95"), np.percentile(times, [50, 95]).tolist(), strict=True)
    }


def section_right(library: Library, manual: int) -> bool:
    """Ask for one section of one manual."""
    maker, model = product(manual)
    first = library.search(f"what does section 3.4.5 of the {maker} {model} manual say", 1)[0].passage
    return first.section == "3.4.5" and first.model == model


def nearest_found(library: Library, vectors: NDArray[np.float32]) -> float:
    """Give the share of the truly nearest ten that the index finds among its first ten."""
    index = library._index
    if index._held is not None:
        return 1.0
    shares = []
    for vector in vectors:
        query = index._table.query().nearest_to(vector).column("vector").distance_type("cosine").with_row_id()
        exact = index._run(query.bypass_vector_index().select(["_distance"]).limit(10).to_arrow())
        shares.append(len(set(exact["_rowid"].to_pylist()) & set(index.nearest(vector, 10))) / 10)
    return float(np.mean(shares))


def timed(search: object, asked: Sequence[str]) -> list[float]:
    """Give the milliseconds of each search."""
    taken = []
    for number in range(20, len(asked)):
        began = time.perf_counter()
        search(number)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def chroma(place: Path, minilm: str) -> dict[str, float]:
    """Search the same vectors with Chroma, in a process of its own; vectors only, which is all it ranks by."""
    import chromadb

    embed = embedder(minilm)
    began = time.perf_counter()
    shelf = chromadb.PersistentClient(str(place)).get_collection("passages")
    asked = questions()

    def search(number: int) -> None:
        shelf.query(query_embeddings=np.asarray(embed([asked[number]]), np.float32), n_results=8)

    search(0)
    opened = time.perf_counter() - began
    for number in range(20):
        search(number)
    p50, p95 = np.percentile(timed(search, asked), [50, 95]).tolist()
    return {"open s": opened, "plain p50": p50, "plain p95": p95, "MB": resident_mb()}


def resident_mb() -> float:
    """Give the most memory that this process has had; the kernel's figure per process counts its parent's as well."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024


def fill_chroma(place: Path, passages: Sequence[Passage], embed: Moved) -> None:
    """Give Chroma the same texts and vectors."""
    import chromadb

    client = chromadb.PersistentClient(str(place))
    shelf = client.create_collection("passages", configuration={"hnsw": {"space": "cosine"}})
    embed(["probe"])
    for start in range(0, len(passages), 5000):
        some = passages[start : start + 5000]
        texts = [each.text for each in some]
        shelf.add(ids=[each.id for each in some], embeddings=embed(texts), documents=texts)


def megabytes(place: Path) -> float:
    """Give the size of a folder's files."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file()) / 1e6


def in_process(what: str, place: Path, minilm: str) -> dict[str, float]:
    """Measure in a fresh process."""
    command = [sys.executable, "-m", "tests.bench.scale", "--measure", what, str(place), "--minilm", minilm]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def measure(count: int, folder: Path, minilm: str, table: Table) -> None:
    """Build, search and extend a library of one size, and add the figures to the table."""
    pairs = list(synthetic(count))
    passages, sources = [each for each, _ in pairs], [source for _, source in pairs]
    base = [each for each in manuals() if len(each.text.split()) > 8]
    embed = embedder(minilm)
    vectors = np.asarray(embed([f"{each.heading[0]} {each.text}" for each in base]), np.float32)
    moved = Moved(vectors, sources)
    began = time.perf_counter()
    Library.build(folder / "own", passages, moved, "scale")
    figures = {"build s": time.perf_counter() - began} | in_process("own", folder / "own", minilm)
    figures["disk MB"] = megabytes(folder / "own")
    more = [(replaced, 0) for replaced, _ in islice(synthetic(count + 20, seed=9), count, None)]
    began = time.perf_counter()
    moved._next, moved._sources = -1, [source for _, source in more]
    Library.extend(folder / "own", [each for each, _ in more], embed=moved)
    figures["add 20 s"] = time.perf_counter() - began
    row(table, f"{count:,} Clara", figures)
    if importlib.util.find_spec("chromadb") is None:
        return
    began = time.perf_counter()
    fill_chroma(folder / "chroma", passages, Moved(vectors, sources))
    built = time.perf_counter() - began
    theirs = {"build s": built} | in_process("chroma", folder / "chroma", minilm)
    theirs["disk MB"] = megabytes(folder / "chroma")
    row(table, f"{count:,} Chroma", theirs)
    row(table, "Clara / Chroma", {name: figures[name] / theirs[name] for name in figures.keys() & theirs.keys()})


COLUMNS = (
    "build s", "open s", "plain p50", "plain p95", "filtered p95", "numbered p95", "sections right of 20", "recall",
    "MB", "disk MB", "add 20 s",
)  # fmt: skip


def row(table: Table, name: str, figures: dict[str, float]) -> None:
    """Add a line of figures."""
    table.add_row(name, *(f"{figures[column]:.2f}" if column in figures else "" for column in COLUMNS))


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 500_000])
    parser.add_argument("--minilm", default="")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--measure", nargs=2)
    given = parser.parse_args()
    if given.measure:
        what, place = given.measure
        figures = {"own": own, "chroma": chroma}[what](Path(place), given.minilm)
        sys.stdout.write(json.dumps(figures) + "\n")
        return
    table = Table("passages", *COLUMNS, title="search in ms, with embedding")
    for count in given.rows:
        with tempfile.TemporaryDirectory(dir=given.folder) as folder:
            measure(count, Path(folder), given.minilm, table)
        Console(width=200).print(table)


if __name__ == "__main__":
    main()

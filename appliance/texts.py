"""The texts on the box, opened for the turn: rows, passages, their questions and vectors, the library's index."""

import hashlib
import os
import re
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from io import BytesIO
from itertools import chain
from pathlib import Path

import numpy as np

from appliance.ear.again import Vocabulary
from appliance.engines import Engines
from appliance.installed import STARTER, Installed, load
from appliance.ports import Embedder
from appliance.turn import likeliest, passage_source, requirement_source
from appliance.turn.claims import claims
from appliance.turn.likeliest import Likeliest
from appliance.turn.match import Matcher, Thing, texts
from appliance.turn.meaning import Vector
from appliance.turn.passage_source import Known
from appliance.turn.record_match import Posed
from appliance.turn.requirement_source import RequirementSource
from appliance.turn.spec_source import SpecSource
from corpora import digest
from corpora.binding import standing
from corpora.errors import CorpusError
from corpora.library import Library
from corpora.passage import Passage
from corpora.questions import Questions
from corpora.requirements import Requirements
from corpora.specs import Specs
from corpora.stock import DOCUMENTS, Stock
from corpora.stocktaking import differences

BATCH = 64
"""Texts embedded between two reports of progress."""
Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""


def familiar(rows: Requirements, digests: Sequence[Passage] | None = None) -> frozenset[str]:
    """Give the identifiers of the texts that are no model's: "CO2" in a question is a gas, not an unknown device."""
    texts = [f"{row.statement} {' '.join(row.aliases)}" for row in rows.rows]
    texts += [passage.text for passage in (passages() if digests is None else digests)]
    named = {claim.text for text in texts for claim in claims(text) if claim.kind == "identifier"}
    return frozenset(named) | {word for text in texts for word in re.findall(r"\b[A-Z]{2,}\b", text)}


def vocabulary(rows: Requirements, questions: Questions, digests: Sequence[Passage] | None = None) -> Vocabulary:
    """Give the words that questions about the texts are likely made of."""
    asked = (questions.requirements, questions.passages, questions.properties)
    texts = [
        f"{row.statement} {row.component} {row.activity} {' '.join(row.aliases)} {row.caveat}" for row in rows.rows
    ]
    texts += [passage.text for passage in (passages() if digests is None else digests)]
    return Vocabulary([*texts, *chain(*chain(*(t.values() for t in asked)))])


def program(*rooms: str) -> str:
    """Give a name for this very program: a hash of the rooms that make its answers, or its index."""
    home = Path(__file__).parent
    files = sorted(path for room in rooms for path in (home / room).glob("*.*"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def passages() -> list[Passage]:
    """Read the starter pack's texts. Raises `corpora.errors.PackError`."""
    return digest.read_all(digest.shipped(), STARTER)


def open_library(
    data: Path, embedder: Embedder | None, engines: Engines, progress: Progress, installed: Installed | None = None
) -> Library:
    """Open the index of what is on the box, making it first when it is not there. Raises as `make_library`."""
    make_library(data, embedder, engines, progress, installed or load(data))
    return Library.open(data / "library", embedder.embed if embedder else None)


def make_library(
    data: Path, embedder: Embedder | None, engines: Engines, progress: Progress, installed: Installed
) -> None:
    """Make sure that there is an index of what is on the box.

    Another program, embedder or pack makes it anew; documents that it lacks are added, what nobody has is taken out.

    Raises:
        corpora.errors.CorpusError: it cannot be built or opened; an older one stands as it was.
        models.errors.ModelError: the embedder fails.
    """
    name = engines.state("embedding").name or "words"
    content = (name, installed.digests, installed.stamp, program("../corpora"))
    revision = hashlib.sha256(repr(content).encode()).hexdigest()[:16]
    folder, embed = data / "library", embedder.embed if embedder else None

    def tell(done: int, total: int) -> None:
        progress("indexing the texts", done, total)

    if not standing(folder, revision, vectors=embed is not None):
        Library.build(folder, list(installed.passages()), embed, revision, tell)
    stock = Stock(data / DOCUMENTS)
    if not differences(Library.held(folder), stock, installed.names):
        return
    with stock.writing(wait=False) as alone:
        found = differences(Library.held(folder), stock, installed.names)
        if alone and found:
            Library.extend(folder, found.passages(stock), found.strays, embed, tell)


def former_library(data: Path, embedder: Embedder | None) -> Library | None:
    """Open the index that an earlier program left; None when there is none that can be read."""
    try:
        return Library.open(data / "library", embedder.embed if embedder else None)
    except CorpusError:
        return None  # why there is no index of today's texts is kept already


class Vectors:
    """Makes vectors of texts, and keeps them on disk between starts."""

    def __init__(self, data: Path, embedder: Embedder | None, name: str, progress: Progress) -> None:
        """Keep under `data`; `name` tells one embedder's vectors from another's."""
        self._folder = data / "vectors"
        self._embedder = embedder
        self._name = name
        self._progress = progress

    def matcher(self, things: Sequence[Thing]) -> Matcher:
        """Weigh these things. Raises `models.errors.EngineError`."""
        return Matcher(things, self.of(texts(things)))

    def of(self, wanted: Sequence[str]) -> Vector | None:
        """Give the texts' vectors, shape (texts, 384); None without an embedder or texts."""
        if self._embedder is None or not wanted:
            return None
        key = hashlib.sha256(repr((self._name, list(wanted))).encode()).hexdigest()[:16]
        path = self._folder / f"{key}.npy"
        try:
            kept: Vector = np.load(BytesIO(path.read_bytes()))
            if kept.shape[0] == len(wanted):
                return kept
        except (OSError, ValueError):
            pass  # not kept yet, or damaged: made again below
        made: list[Vector] = []
        for start in range(0, len(wanted), BATCH):
            self._progress("learning the questions", start, len(wanted))
            made.append(np.asarray(self._embedder.embed(list(wanted[start : start + BATCH]))))
        vectors = np.concatenate(made)
        _keep_vectors(path, vectors)
        return vectors


def equipment_specs(equipment: Specs, questions: Questions, vectors: Vectors, familiar: Container[str]) -> SpecSource:
    """Give the source that looks models up; `familiar` are identifiers that name no unknown model, collapsed."""
    posed = questions.properties
    return SpecSource(equipment, Likeliest(posed, equipment, vectors.of(likeliest.texts(posed))), familiar)


def requirement_rows(rows: Requirements, questions: Questions, vectors: Vectors, *, meaning: bool) -> RequirementSource:
    """Give the source that ranks the rows."""
    matcher = vectors.matcher(requirement_source.things(rows, questions.requirements))
    return RequirementSource(rows, matcher, meaning=meaning)


def known(questions: Questions, vectors: Vectors, digests: Sequence[Passage] | None = None, *, meaning: bool) -> Known:
    """Give the passages whose questions are known."""
    texts = passages() if digests is None else digests
    found = [passage for passage in texts if passage.id in questions.passages]
    return Known(found, vectors.matcher(passage_source.things(found, questions.passages)), meaning=meaning)


def records_posed(questions: Questions, vectors: Vectors) -> Posed:
    """Give the questions that fields of records answer, and the rival ones that a datasheet answers."""
    rivals = [text for asked in questions.properties.values() for text in asked]
    return Posed(questions.records, vectors.of, rivals)


def _keep_vectors(path: Path, vectors: Vector) -> None:
    """Write vectors for the next start; a full disk only costs the next start a second."""
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("wb") as file:
            np.save(file, vectors)
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()

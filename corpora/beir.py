"""Data sets in the BEIR layout: documents, questions and which document answers which; and the measures over them.

    DATASET/corpus.jsonl      {"_id", "title", "text", "metadata"} on each line
    DATASET/queries.jsonl     {"_id", "text"}
    DATASET/qrels/test.tsv    query-id, corpus-id, score, under a line of heads; the only file there serves as well

The layout is Thakur and others', 2021; the measures are trec_eval's: gains are the scores themselves, discounted by
log2(rank + 1). They take a dozen lines; the libraries that have them bring a compiler or fifty megabytes along.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpora.errors import CorpusError
from corpora.passage import Passage

CHUNK_WORDS = 60
"""Words of a search unit, cut at the ends of sentences."""
LONGEST_WORDS = 120
"""Words of a sentence that is no more cut at its end only."""
Judged = dict[str, dict[str, int]]
"""Question to the documents that answer it, with how well."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a data set."""

    id: str
    title: str
    text: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dataset:
    """Documents and judged questions."""

    name: str
    documents: tuple[Document, ...]
    questions: Mapping[str, str]
    """Id to text, of those that have a judgement."""
    judged: Judged


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question of an abstention file."""

    question: str
    answerable: bool
    kind: str
    """"near" or "far", where the file says how far off an unanswerable question is."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Read a file of JSON lines. Raises `CorpusError`, naming the line."""
    try:
        with path.open(encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield row(line, f"{path}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(
            f"cannot read {path} ({error}): a data set has corpus.jsonl, queries.jsonl, qrels/"
        ) from error


def row(line: str, where: str) -> dict[str, Any]:
    """Read one line. Raises `CorpusError`."""
    try:
        value = json.loads(line)
    except ValueError as error:
        raise CorpusError(f"{where} is no JSON: mend or remove it") from error
    if not isinstance(value, dict):
        raise CorpusError(f"{where} is no JSON object: mend or remove it")
    return value


def field(value: Mapping[str, Any], name: str, path: Path) -> Any:
    """Give one field of a line. Raises `CorpusError`."""
    if name not in value:
        raise CorpusError(f"{path}: a line has no {name!r}, only {', '.join(value)}")
    return value[name]


def read(folder: Path) -> Dataset:
    """Read a data set. Raises `CorpusError`."""
    corpus, queries = folder / "corpus.jsonl", folder / "queries.jsonl"
    documents = tuple(
        Document(
            str(field(each, "_id", corpus)),
            str(each.get("title") or ""),
            str(each.get("text") or ""),
            {str(key): str(value) for key, value in (each.get("metadata") or {}).items()},
        )
        for each in lines(corpus)
    )
    judged = judgements(folder / "qrels")
    asked = {str(field(each, "_id", queries)): str(field(each, "text", queries)) for each in lines(queries)}
    questions = {identity: asked[identity] for identity in judged if identity in asked}
    if not documents or not questions:
        raise CorpusError(f"{folder} has no documents, or no question with a judgement")
    return Dataset(folder.name, documents, questions, judged)


def judgements(folder: Path) -> Judged:
    """Read what answers what, from test.tsv or the only file. Raises `CorpusError`."""
    found = sorted(folder.glob("*.tsv"))
    chosen = folder / "test.tsv" if folder / "test.tsv" in found or len(found) != 1 else found[0]
    judged: Judged = {}
    try:
        for line in chosen.read_text(encoding="utf-8").splitlines():
            question, document, score = line.split("\t")
            if score.strip().lstrip("-").isdigit() and int(score) > 0:
                judged.setdefault(question, {})[document] = int(score)
    except (OSError, ValueError) as error:
        raise CorpusError(f"cannot read {chosen} ({error}): three columns with tabs between are expected") from error
    return judged


def doubts(path: Path) -> list[Doubt]:
    """Read an abstention file: {"question", "answerable", "source"} on each line. Raises `CorpusError`.

    What stands before the colon of "source" (or of "kind") tells near from far.
    """
    found = [
        Doubt(
            str(field(each, "question", path)),
            bool(field(each, "answerable", path)),
            str(each.get("kind") or each.get("source") or "").partition(":")[0].strip().lower(),
        )
        for each in lines(path)
    ]
    if not any(each.answerable for each in found) or all(each.answerable for each in found):
        raise CorpusError(f"{path} needs answerable questions and others")
    return found


def cut(text: str, words: int = CHUNK_WORDS) -> list[str]:
    """Cut a text into search units of about so many words at the ends of sentences; a long sentence anywhere."""
    units: list[str] = []
    unit: list[str] = []
    for sentence in re.split(r"(?<=[.!?;:])\s+|\n+", text):
        said = sentence.split()
        if unit and len(unit) + len(said) > words:
            units.append(" ".join(unit))
            unit = []
        unit += said
        while len(unit) > LONGEST_WORDS:
            units.append(" ".join(unit[:words]))
            unit = unit[words:]
    return [*units, " ".join(unit)] if unit or not units else units


def passages(documents: Sequence[Document]) -> list[Passage]:
    """Give documents as passages under their titles; `parent` is the document."""
    return [
        Passage(
            id=f"{document.id}#{number}",
            pack="evaluation",
            document=document.title,
            edition="",
            heading=(),
            section="",
            page=None,
            system="",
            text=text,
            parent=document.id,
        )
        for document in documents
        for number, text in enumerate(cut(document.text))
    ]


def part(dataset: Dataset, questions: Sequence[str]) -> tuple[str, tuple[Document, ...]]:
    """Give the documents among which these questions have their answers, and what they have in common.

    An abstention file may be about one part of a data set ("manual = tv"), its unanswerable questions being those of
    another. Where the judgements say that all its answerable questions have their answers in documents with one value
    of some metadata, and others have another, those documents are the part; otherwise all are.
    """
    asked = set(questions)
    gold = {each for number, text in dataset.questions.items() if text in asked for each in dataset.judged[number]}
    answers = [document for document in dataset.documents if document.id in gold]
    for key in sorted({key for document in answers for key in document.metadata}):
        values = {document.metadata.get(key) for document in answers}
        kept = tuple(each for each in dataset.documents if each.metadata.get(key) in values)
        if len(values) == 1 and values != {""} and len(kept) < len(dataset.documents):
            return f"{key} = {values.pop()}", kept
    return "", dataset.documents


def ndcg(found: Sequence[str], wanted: Mapping[str, int], depth: int = 10) -> float:
    """Give the discounted gain of what was found, as a share of the best possible; 0 to 1."""
    gain = sum(wanted.get(each, 0) / math.log2(place + 2) for place, each in enumerate(found[:depth]))
    best = sorted(wanted.values(), reverse=True)[:depth]
    return gain / sum(score / math.log2(place + 2) for place, score in enumerate(best))


def recall(found: Sequence[str], wanted: Mapping[str, int], depth: int) -> float:
    """Give the share of what is wanted that stands among the first, 0 to 1."""
    return len(wanted.keys() & set(found[:depth])) / len(wanted)


def reciprocal_rank(found: Sequence[str], wanted: Mapping[str, int]) -> float:
    """Give one over the place of the first that is wanted; 0 when none is."""
    return next((1 / place for place, each in enumerate(found, 1) if each in wanted), 0.0)


def auroc(yes: Sequence[float], no: Sequence[float]) -> float:
    """Give the chance that a random answerable question scores above a random unanswerable one, ties half."""
    above = np.array(yes)[:, None] - np.array(no)[None]
    return float((above > 0).mean() + 0.5 * (above == 0).mean())

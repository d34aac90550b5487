"""Data sets in the BEIR layout, the measures over them, and an evaluation from end to end."""

import json
import math
from pathlib import Path

import pytest

from corpora.beir import CHUNK_WORDS, LONGEST_WORDS, auroc, cut, doubts, ndcg, part, passages, read, recall
from corpora.beir import reciprocal_rank as rank
from corpora.errors import CorpusError
from corpora.evaluation import evaluate
from tests.fakes.hashing import hashed

THINGS = ("pump", "valve", "gauge", "hose", "panel", "damper", "battery", "hydrant", "detector", "door")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small data set: ten things in each of two books; one book answers ten questions."""
    rows = [
        {"_id": f"{book}:{thing}", "title": f"{book} {thing}", "text": f"The {thing} of the {book} is {book}ish. " * 12,
         "metadata": {"book": book, "hierarchy": "" if book == "red" else thing}}
        for book in ("red", "blue") for thing in THINGS
    ]  # fmt: skip
    asked = [{"_id": f"q{number}", "text": f"what is the {thing} of red like"} for number, thing in enumerate(THINGS)]
    (tmp_path / "qrels").mkdir()
    write(tmp_path / "corpus.jsonl", rows)
    write(tmp_path / "queries.jsonl", [*asked, {"_id": "unjudged", "text": "nobody knows"}])
    lines = ["query-id\tcorpus-id\tscore", *(f"q{number}\tred:{thing}\t1" for number, thing in enumerate(THINGS))]
    (tmp_path / "qrels" / "test.tsv").write_text("\n".join([*lines, "q0\tblue:pump\t0"]))
    far = [{"question": f"who wrote {name}", "answerable": False, "source": "far: books"} for name in ("Emma", "Iliad")]
    near = [{"question": "what is the siren of red like", "answerable": False, "source": "near: nothing has it"}]
    known = [{"question": each["text"], "answerable": True, "source": "books"} for each in asked]
    write(tmp_path / "doubts.jsonl", [*known, *near, *far])
    return tmp_path


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))


def test_a_data_set_is_read_with_its_judged_questions_only(folder: Path) -> None:
    """Documents, the questions that have a judgement above nought, and which document answers which."""
    found = read(folder)

    assert len(found.documents) == 20
    assert list(found.questions) == [f"q{number}" for number in range(10)]
    assert found.judged["q0"] == {"red:pump": 1}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("corpus.jsonl", None, "corpus.jsonl"),
        ("corpus.jsonl", '{"_id": "a"}\n{broken', "line 2 is no JSON"),
        ("corpus.jsonl", "[1]", "no JSON object"),
        ("corpus.jsonl", '{"id": "a"}', "has no '_id', only id"),
        ("corpus.jsonl", "", "no documents"),
        ("queries.jsonl", '{"_id": "x", "text": "y"}', "no question"),
        ("qrels/test.tsv", "q0 red:pump 1", "three columns"),
        ("qrels/test.tsv", None, "test.tsv"),
    ],
)
def test_a_damaged_data_set_is_refused_by_name(folder: Path, name: str, content: str | None, message: str) -> None:
    """The message says which file and what is wrong."""
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)

    with pytest.raises(CorpusError, match=message):
        read(folder)


def test_an_abstention_file_needs_both_kinds(folder: Path) -> None:
    """Questions with and without an answer; near and far come from the label before the colon."""
    assert [each.kind for each in doubts(folder / "doubts.jsonl")][-3:] == ["near", "far", "far"]
    write(folder / "doubts.jsonl", [{"question": "a", "answerable": True}])
    with pytest.raises(CorpusError, match="needs answerable questions and others"):
        doubts(folder / "doubts.jsonl")


def test_abstention_is_measured_on_the_part_that_has_the_answers(folder: Path) -> None:
    """Where all answers stand in one book, the other is left out; a question about it would be answerable."""
    found = read(folder)

    name, documents = part(found, list(found.questions.values()))
    assert (name, len(documents)) == ("book = red", 10)
    assert part(found, ["never asked"]) == ("", found.documents)


def test_texts_are_cut_at_sentences_into_short_units() -> None:
    """Nothing is lost, no unit is long, and sentences stay whole while they are shorter than a unit."""
    text = " ".join(f"Sentence {number} has exactly seven words." for number in range(40)) + " word" * 500

    units = cut(text)
    assert " ".join(units).split() == text.split()
    assert max(len(unit.split()) for unit in units) <= LONGEST_WORDS
    assert all(unit.endswith(".") for unit in units[:3])
    assert len(units[0].split()) > CHUNK_WORDS - 7
    assert cut("") == [""]


def test_passages_know_their_document(folder: Path) -> None:
    """Every unit of a document has it as parent, and its title above it."""
    units = passages(read(folder).documents)

    assert len(units) > 20
    assert {each.parent for each in units if each.document == "red pump"} == {"red:pump"}
    assert len({each.id for each in units}) == len(units)


def test_measures_are_those_of_trec_eval() -> None:
    """Worked by hand: gains discounted by log2(rank + 1), against the best order there is."""
    wanted = {"a": 2, "b": 1}

    assert ndcg(["a", "b"], wanted) == 1
    assert ndcg(["x", "a", "b"], wanted) == pytest.approx((2 / math.log2(3) + 1 / 2) / (2 + 1 / math.log2(3)))
    assert ndcg(["x"] * 10 + ["a"], wanted) == 0
    assert recall(["x", "a"], wanted, 2) == 0.5
    assert recall(["x", "a"], wanted, 1) == 0
    assert (rank(["x", "a"], wanted), rank(["x"], wanted)) == (0.5, 0)
    assert auroc([2, 3], [1, 2]) == pytest.approx(0.875)


@pytest.mark.parametrize("embed", [hashed, None], ids=["with vectors", "words alone"])
def test_an_evaluation_measures_every_way_and_abstention(folder: Path, tmp_path: Path, embed: object) -> None:
    """A set that is easy scores high everywhere, and the score tells the answerable from the rest."""
    report = evaluate(folder, embed, tmp_path / "work", peer=True, abstention=folder / "doubts.jsonl")

    ways = {each.way: each for each in report.ways}
    assert {"library", "full text alone"} <= ways.keys()
    assert ("vectors alone" in ways) == (embed is not None)
    assert ways["library"].ndcg_10 > 0.9
    assert ways["library"].recall_10 == ways["library"].recall_100 == 1
    assert 0 < ways["library"].p50_ms <= ways["library"].p95_ms
    assert (report.documents, report.questions) == (20, 10)
    assert report.index_mb > 0
    assert report.memory_mb > 10
    assert report.abstention is not None
    assert report.abstention.corpus == "book = red"
    assert report.abstention.auroc_far == 1
    assert report.abstention.refused_far == 1
    assert report.abstention.accuracy > 0.7

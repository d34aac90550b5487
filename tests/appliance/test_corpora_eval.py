"""`clara corpora eval`: a data set made here, measured through the command that a person types."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.cli import main

THINGS = ("pump", "valve", "gauge", "hose", "panel", "damper", "battery", "hydrant", "detector", "door")
Clara = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clara(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clara:
    """Run `clara corpora eval` on a box without models; gives exit code, stdout and stderr."""
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "CLARA_SETTINGS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLARA_DATA", str(tmp_path / "data"))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(("corpora", "eval", *arguments))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    """Write JSON lines."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def asked(thing: str) -> str:
    """Ask for a thing."""
    return f"how is the {thing} of the annex kept"


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Ten documents, each of which answers one question."""
    folder = tmp_path / "annex"
    (folder / "qrels").mkdir(parents=True)
    texts = [f"The {thing} of the annex is kept in room {number}. " * 3 for number, thing in enumerate(THINGS)]
    write(folder / "corpus.jsonl", [
        {"_id": thing, "title": f"Annex {thing}", "text": text} for thing, text in zip(THINGS, texts, strict=True)
    ])  # fmt: skip
    write(folder / "queries.jsonl", [{"_id": f"q-{thing}", "text": asked(thing)} for thing in THINGS])
    judged = "".join(f"q-{thing}\t{thing}\t1\n" for thing in THINGS)
    (folder / "qrels" / "test.tsv").write_text(f"query-id\tcorpus-id\tscore\n{judged}")
    return folder


@pytest.fixture
def doubts(tmp_path: Path) -> Path:
    """Those questions, and two that no document answers."""
    strange = [{"question": text, "answerable": False, "source": "far: x"} for text in ("who wrote Emma", "best tango")]
    known = [{"question": asked(thing), "answerable": True} for thing in THINGS]
    return write(tmp_path / "doubts.jsonl", [*known, *strange])


def test_a_data_set_is_measured_for_a_program(clara: Clara, dataset: Path, doubts: Path) -> None:
    """One line of JSON: each way's figures, and whether the answerable were told from the others."""
    code, out, err = clara(str(dataset), "--abstention", str(doubts), "--peer", "--json")
    report = json.loads(out)

    assert (code, err, out.count("\n")) == (0, "", 1)
    assert (report["dataset"], report["documents"], report["questions"]) == ("annex", 10, 10)
    ways = {way["way"]: way for way in report["ways"]}
    assert set(ways) == {"library", "full text alone"}
    assert (ways["library"]["recall_10"], ways["library"]["ndcg_10"]) == (1, 1)
    assert (report["abstention"]["auroc"], report["abstention"]["auroc_near"]) == (1, None)


def test_a_person_gets_tables_and_is_told_that_words_alone_were_measured(
    clara: Clara, dataset: Path, doubts: Path
) -> None:
    """The figures on stdout, the remark beside them; without a file of doubts nothing is said of abstaining."""
    code, out, err = clara(str(dataset), "--abstention", str(doubts))

    assert code == 0
    assert "annex: 10 documents" in out
    assert "nDCG@10" in out
    assert "of the answerable" in out
    assert "clara models fetch" in err
    assert "of the answerable" not in clara(str(dataset))[1]


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (("corpus.jsonl", None), "corpus.jsonl"),
        (("corpus.jsonl", '{"_id": "a"'), "corpus.jsonl, line 1"),
        (("queries.jsonl", '{"_id": "q"}'), "'text'"),
        (("qrels/test.tsv", "q-pump pump 1"), "three columns"),
        (("../doubts.jsonl", '{"question": "x", "answerable": true}'), "answerable questions and others"),
        (("../doubts.jsonl", None), "doubts.jsonl"),
    ],
)
def test_what_cannot_be_read_is_1_and_one_line(
    clara: Clara, dataset: Path, doubts: Path, spoil: tuple[str, str | None], named: str
) -> None:
    """The file is named, and what is wrong with it; no figure is printed."""
    path = dataset / spoil[0]
    path.unlink() if spoil[1] is None else path.write_text(spoil[1])

    code, out, err = clara(str(dataset), "--abstention", str(doubts))

    assert (code, out) == (1, "")
    assert named in err
    assert err.rstrip().count("\n") <= 1  # what was measured by, and what is wrong


def test_no_data_set_is_bad_usage(clara: Clara) -> None:
    """The argument is named."""
    code, _, err = clara()

    assert code == 2
    assert "dataset" in err.lower()

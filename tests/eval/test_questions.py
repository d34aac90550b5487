"""The question sets themselves: apart, large enough, and true to the data."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from appliance.units import find
from tests.eval.figures import only_quantities, stands, tidy
from tests.eval.question import KINDS, Question, dated, later, load, ways
from tests.eval.standing import NowhereError, evidence, passages

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
SETS = {name: load(name, TODAY) for name in ("dev", "test", "held", "late")}
ALL = [question for questions in SETS.values() for question in questions]
LEAST = {
    "spec": 20, "requirement": 30, "passage": 15, "record": 20, "calculation": 15, "paraphrase": 15, "misheard": 15,
    "unanswerable": 40,
}  # fmt: skip
"""Fewest questions of each class in the test set."""
LEAST_HELD = {
    "spec": 15, "requirement": 30, "passage": 12, "record": 15, "calculation": 10, "paraphrase": 12, "misheard": 12,
    "unanswerable": 40,
}  # fmt: skip
"""The same for the set that was written after the tuning."""
LEAST_LATE = {
    "spec": 15, "requirement": 22, "passage": 10, "record": 14, "calculation": 10, "paraphrase": 10, "misheard": 9,
    "unanswerable": 30,
}  # fmt: skip
"""The same for the set that was written after held had been tuned on as well."""
EMPTY = set("the a an of is are do does i to for in on at my how what whats often".split())
SHOWN = (
    "What's the amp draw for Carrier 50TCQA06?",
    "How often is a dry pipe valve full-flow trip tested?",
    "Tell me about the customer at WeWork",
    "What flow does a K 5.6 head give at 15 psi?",
    "What is the torque of a QQQQ valve?",
)
"""The five that issue 2 says must be shown."""
ANSWERABLE = [question for question in ALL if not question.abstain]


def key(text: str) -> frozenset[str]:
    """The words that carry a question."""
    return frozenset(re.findall(r"[a-z0-9.-]+", text.lower().replace("'", ""))) - EMPTY


def nearly(ours: Sequence[Question], theirs: Sequence[Question]) -> list[tuple[str, str]]:
    """Pairs that ask the same thing in nearly the same words."""
    return [
        (one.text, other.text)
        for one in ours
        for other in theirs
        if one.note == other.note and len(key(one.text) & key(other.text)) / len(key(one.text) | key(other.text)) > 0.8
    ]


def test_ids_are_unique_and_name_their_set() -> None:
    """A miss is found by its id."""
    assert len({question.id for question in ALL}) == len(ALL)
    assert all(question.id.startswith(f"{name}-") for name, questions in SETS.items() for question in questions)


def test_the_sets_are_disjoint_in_their_words() -> None:
    """What thresholds were tuned on is no test."""
    seen = Counter(key(question.text) for question in ALL)

    assert [words for words, count in seen.items() if count > 1] == []


def test_no_test_question_is_nearly_a_dev_question() -> None:
    """Changing one word of a tuned question makes no new one, unless the word is what is asked for."""
    assert nearly(SETS["test"], SETS["dev"]) == []


def test_no_held_question_is_nearly_one_that_was_looked_at() -> None:
    """Dev and test were both seen while the product was tuned, so the held set may repeat neither."""
    assert nearly(SETS["held"], [*SETS["dev"], *SETS["test"]]) == []


def test_no_late_question_is_nearly_one_that_was_looked_at() -> None:
    """The three older sets were all seen while the product was tuned, so the late set may repeat none."""
    assert nearly(SETS["late"], [*SETS["dev"], *SETS["test"], *SETS["held"]]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_set_has_enough_of_each_class(kind: str) -> None:
    """Five percent of a class must be less than one question in it."""
    assert sum(question.kind == kind for question in SETS["test"]) >= LEAST[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_held_set_has_enough_of_each_class(kind: str) -> None:
    """A held-out figure of a handful of questions says little."""
    assert sum(question.kind == kind for question in SETS["held"]) >= LEAST_HELD[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_late_set_has_enough_of_each_class(kind: str) -> None:
    """A figure of a handful of questions says little."""
    assert sum(question.kind == kind for question in SETS["late"]) >= LEAST_LATE[kind]


def test_the_questions_of_the_issue_stand_in_the_test_set() -> None:
    """What must be shown is measured."""
    assert set(SHOWN) <= {question.text for question in SETS["test"]}


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_every_expected_figure_stands_in_the_data(question: Question) -> None:
    """An expectation that is wrong is worse than a missing one."""
    text = tidy(evidence(question.note, TODAY))

    for group in question.figures:
        assert any(stands(way, text) for way in group), f"{group} is not in {text!r}"
        for way in group:
            if find(way) and only_quantities(way) and not way.startswith("re:"):
                assert stands(way, text), f"{way} not in {text!r}"


@pytest.mark.parametrize("question", [one for one in ALL if one.note.startswith("passage:")], ids=lambda one: one.id)
def test_what_is_expected_of_a_passage_stands_in_no_other(question: Question) -> None:
    """The wrong passage must not pass for the right one."""
    right = {name.strip() for name in question.note.removeprefix("passage:").split(";")}
    others = {name: text for name, text in passages().items() if name not in right}

    alike = [name for name, text in others.items() if all(any(stands(w, text) for w in g) for g in question.figures)]
    assert alike == []


def test_no_measured_question_is_an_example_of_the_product() -> None:
    """An example that is the question itself would make the test a lookup; only the issue's own five are known."""
    product = " ".join(
        " ".join(re.findall(r"[a-z0-9]+", path.read_text(encoding="utf-8").lower()))
        for path in sorted((ROOT / "appliance").rglob("*"))
        if path.suffix in {".py", ".toml"}
    )
    measured = [one.text for name in ("test", "held", "late") for one in SETS[name] if one.text not in SHOWN]

    assert [text for text in measured if " ".join(re.findall(r"[a-z0-9]+", text.lower())) in product] == []


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_an_answerable_question_expects_something_and_a_source(question: Question) -> None:
    """A question that any answer passes measures nothing."""
    assert question.figures
    assert question.cites
    assert not question.honest


@pytest.mark.parametrize("question", ANSWERABLE, ids=lambda question: question.id)
def test_nothing_is_both_expected_and_forbidden(question: Question) -> None:
    """The data that answer a question break none of its bans, unless another edition or contrast stands there too."""
    only = [group[0] for group in question.figures if len(group) == 1 and not group[0].startswith("re:")]

    assert not [bad for bad in question.forbid for good in only if stands(bad, good)]


@pytest.mark.parametrize("question", [one for one in ALL if one.abstain], ids=lambda question: question.id)
def test_an_unanswerable_question_expects_no_figure(question: Question) -> None:
    """Nothing on the box answers it, and its note says why."""
    assert question.kind == "unanswerable"
    assert not question.figures
    assert not question.cites
    assert question.note.startswith("none:")
    assert len(question.note) > len("none:")


@pytest.mark.parametrize("question", [one for one in ALL if one.kind != "unanswerable"], ids=lambda one: one.id)
def test_only_the_unanswerable_abstain(question: Question) -> None:
    """The class and the flag say the same."""
    assert not question.abstain


@pytest.mark.parametrize("question", [one for one in ALL if one.note.startswith("spec:")], ids=lambda one: one.id)
def test_sample_data_is_asked_to_be_marked(question: Question) -> None:
    """A value of no checked source may not pass as a rating."""
    assert question.sample == evidence(question.note, TODAY).endswith("sample data")


def test_unknown_models_are_in_no_record() -> None:
    """A model one digit off must not exist after all."""
    asked = [one for one in ALL if one.abstain and "digit off" in one.note]
    known = {one.note.split(":")[1].split("/")[0] for one in ALL if one.note.startswith("spec:")}

    assert len(asked) >= 8
    for question in asked:
        real = question.note.split("off ")[1]
        assert real in known or real in {"SDV-4", "B500", "8196", "SCP-4"}
        assert real not in question.text


def test_a_note_that_points_at_nothing_is_refused() -> None:
    """A renamed row breaks its questions loudly."""
    with pytest.raises(NowhereError, match="no requirement row"):
        evidence("row:no-such-row", TODAY)


def test_a_due_date_is_computed_in_calendar_months() -> None:
    """A month's end stays a month's end, and every spelling is right."""
    assert later(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert ways("@-340d+1year", TODAY)[:2] == ("December 17, 2026", "2026-12-17")
    assert dated((("@65d", "soon"),), TODAY) == (("January 26, 2027", "2027-01-26", "January 26", "soon"),)

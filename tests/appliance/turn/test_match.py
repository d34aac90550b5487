"""Weighing: what speaks for a thing, and how surely it answers."""

from dataclasses import replace

import numpy as np
import pytest

from appliance.turn.match import Matcher, Thing, Weights, lead, sureness, texts
from appliance.turn.question import Question

WEIGHTS = Weights(
    nearest=5, second=2, itself=1, words=2, matched=0.1, core=1, unsaid=-0.1, system=-1, misnamed=-1, lead=0.4, bias=-6
)
THINGS = [
    Thing("The tamper switch is tested twice a year.", "valve tamper switch", "tamper switch", "tamper", ("Flip it?",)),
    Thing(
        "A smoke detector is tested yearly.", "fire alarm smoke detector", "smoke detector", "smoke", ("a", "b", "c")
    ),
    Thing("Wet pipe gauges are read monthly.", "wet pipe gauge", "gauge", "gauge"),
]


def question(text: str) -> Question:
    """A question about requirements."""
    return Question(text, text, "requirement")


def vectors() -> np.ndarray:
    """One axis for each thing, the second thing's questions near it, and one more for the first's question."""
    axes = np.eye(4, dtype=np.float32)
    return np.stack([axes[0], axes[1], axes[2], axes[3], axes[1], 0.8 * axes[1], 0.6 * axes[1]])


def test_texts_come_in_the_order_that_the_matcher_expects() -> None:
    """The things first, then all their questions."""
    assert texts(THINGS) == ["tamper", "smoke", "gauge", "Flip it?", "a", "b", "c"]


def test_the_nearest_and_next_nearest_question_count() -> None:
    """A thing without a second question, or without any, is far."""
    evidence = Matcher(THINGS, vectors()).evidence(question("x"), np.eye(4, dtype=np.float32)[1])

    assert evidence[:, 0].tolist() == pytest.approx([0.0, 1.0, -0.2])
    assert evidence[:, 1].tolist() == pytest.approx([-0.2, 0.8, -0.2])
    assert evidence[:, 2].tolist() == pytest.approx([0.0, 1.0, 0.0])


def test_without_an_embedder_words_decide() -> None:
    """A thing's questions lend it their words."""
    matcher = Matcher(THINGS, None)
    told = matcher.evidence(question("how often is the tamper switch tested"), None)
    flipped = matcher.evidence(question("flip it when"), None)

    assert told[:, 0].tolist() == pytest.approx([-0.2] * 3)
    assert told[0, 3] == pytest.approx(1.0)
    assert told[0, 3] > told[1, 3] > told[2, 3]
    assert flipped[0, 3] > 0 == flipped[1, 3]


def test_another_kind_and_another_doing_are_told() -> None:
    """Heat is not smoke, and looking is not testing."""
    matcher = Matcher(THINGS, None)

    assert matcher.evidence(question("how often are heat detectors tested"), None)[1, 8] == 1
    assert matcher.another_doing(question("how often is the tamper switch inspected")).tolist() == [True, True, True]
    assert matcher.another_doing(question("how often is the tamper switch tested"))[0] == np.False_


def test_only_the_best_gets_its_lead() -> None:
    """The lead is measured against the best about something else."""
    total = np.array([2.0, 1.5, -1.0])
    evidence = np.zeros((3, 9))
    weights = replace(WEIGHTS, bias=0.0)

    assert lead(total, ["a", "a", "b"]) == (0, 3.0)
    assert lead(total, ["a", "a", "a"]) == (0, 5.0)
    sure = sureness(evidence, weights, -total, ["a", "a", "b"])
    assert sure.tolist() == pytest.approx([1 / (1 + np.exp(-total_)) for total_ in (2.0 + 0.4 * 3.0, 1.5, -1.0)])


def test_nothing_to_weigh_is_no_fault() -> None:
    """A box without rows."""
    matcher = Matcher([], None)
    evidence = matcher.evidence(question("anything"), None)

    assert sureness(evidence, WEIGHTS, np.zeros(0), []).shape == (0,)

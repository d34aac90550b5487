"""What is wanted, by patterns alone; the nearest examples are tried where the embedder is."""

import pytest

from appliance.ear.utterance import Utterance
from appliance.turn.understand import WRITES, Understanding
from models.minilm import MiniLm
from tests.fakes.weights import embedded

PLAIN = Understanding(None)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("stop", "control"),
        ("never mind", "control"),
        ("Hello", "smalltalk"),
        ("Log a deficiency: corroded head in stairwell B", "deficiency"),
        ("Write up a leaking OS&Y valve", "deficiency"),
        ("static 62, residual 55 psi", "reading"),
        ("log a reading of 120 psi on the pump", "reading"),
        ("speak slower", "preference"),
        ("keep your answers short", "preference"),
        ("What jobs do I have today?", "jobs"),
        ("when is the next trip test due here?", "due"),
        ("What does section 13.4.5.2 say?", "section"),
        ("Who's the customer here?", "customer"),
        ("any special requirements at ABC?", "customer"),
        ("How do I test a smoke detector?", "howto"),
        ("walk me through a main drain test", "howto"),
        ("How often is a fire pump run?", "requirement"),
        ("What's the voltage of the 50TCQA06?", "spec"),
    ],
)
def test_patterns_decide_what_is_plain(text: str, intent: str) -> None:
    """By reading, without an engine."""
    question, meaning = PLAIN.understand(Utterance(text, text))

    assert question.intent == intent
    assert meaning.vector is None


@pytest.mark.parametrize(
    "text",
    [
        "What is the flow of a K 5.6 sprinkler at 15 psi?",
        "Is 120 psi too much for a standpipe hose valve?",
        "The gauge shows 45 psi, is that a problem?",
        "How do I record a deficiency?",
        "Battery for 0.3 amps standby and 2.4 amps alarm?",
    ],
)
def test_a_question_is_never_taken_for_an_order_to_write(text: str) -> None:
    """Nothing is recorded unless the words order it, with an engine or without."""
    question, _ = PLAIN.understand(Utterance(text, text))

    assert question.intent not in WRITES - {"deficiency"} or text.startswith("How do I record")


def test_references_are_read_out_of_the_question() -> None:
    """Standard, edition, section and model stand in their fields."""
    text = "What does NFPA 25, 2017 edition, section 13.4.5.2 say of the 50TCQA06?"
    question, _ = PLAIN.understand(Utterance(text, text))

    assert question.standards == ("NFPA 25",)
    assert question.editions == ("2017",)
    assert question.sections == ("13.4.5.2",)
    assert question.models == ("50TCQA06",)


def test_osha_is_known_by_its_part() -> None:
    """OSHA's rules stand in 29 CFR 1910."""
    question, _ = PLAIN.understand(Utterance("x", "How often does OSHA want extinguishers inspected?"))

    assert question.standards == ("29 CFR 1910",)


def test_the_nearest_examples_decide_the_rest_but_never_to_write() -> None:
    """With the embedder: other trades are out of scope, and likeness alone records nothing."""
    near = Understanding(MiniLm(embedded("all-minilm-l6-v2")))

    assert near.understand(Utterance("", "Tell me a funny joke about cats"))[0].intent == "outofscope"
    for text in ("gauge at 45 on the riser", "the head in the lobby is painted", "I like long talks"):
        assert near.understand(Utterance(text, text))[0].intent not in WRITES

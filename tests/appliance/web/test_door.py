"""The forms at the door carry everything that the values hold."""

from dataclasses import asdict, fields

import pytest
from pydantic import BaseModel, ValidationError

from appliance.check import Part
from appliance.turn.answer import Answer, Card, Citation
from appliance.web.door import AnswerReply, CardReply, CitationReply, Heard, PartReply, Question
from models.transcript import Transcript
from tests.fakes.box import AMPS


@pytest.mark.parametrize(
    ("form", "value", "added"),
    [
        (AnswerReply, Answer, set()),
        (CardReply, Card, set()),
        (CitationReply, Citation, {"text"}),
        (Heard, Transcript, set()),
        (PartReply, Part, set()),
    ],
)
def test_a_form_has_every_field_of_its_value(form: type[BaseModel], value: type, added: set[str]) -> None:
    """A field that is added to a value must not get lost on the way out."""
    assert set(form.model_fields) == {field.name for field in fields(value)} | added


def test_an_answer_goes_out_unchanged() -> None:
    """Value for value."""
    shown = AnswerReply.of(AMPS).model_dump()

    assert [citation.pop("text") for citation in shown["citations"]] == [one.text() for one in AMPS.citations]
    expected = asdict(AMPS)
    assert shown == expected | {
        "shown": [card | {"rows": list(card["rows"])} for card in expected["shown"]],
        "citations": list(expected["citations"]),
    }


def test_a_question_is_trimmed_and_frozen() -> None:
    """What came in is not changed behind the handler's back."""
    question = Question(text="  amp draw? ")

    assert question.text == "amp draw?"
    with pytest.raises(ValidationError):
        question.text = "other"  # type: ignore[misc]

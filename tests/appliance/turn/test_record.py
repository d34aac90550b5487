"""What the records say of a place, by words alone, through a whole turn."""

import pytest

from appliance.turn.answer import Answer
from sync.operation import Operation
from tests.fakes.turns import Bench


async def ask(desk: Bench, text: str) -> Answer:
    """Ask, and wait until it is recorded."""
    answer = await desk.turn.ask(text)
    await desk.turn.settle()
    return answer


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Where do I park at ABC?", "dock 4"),
        ("What response time did we promise ABC Manufacturing?", "480 minutes"),
        ("What's the serial number of the WeWork fire pump?", "DEMO-4AE12-118"),
        ("Which room is the jockey pump in at WeWork?", "pump room, level B2"),
        ("When is the standpipe flow test due at WeWork?", "is due on"),
        ("What was the suction pressure on the WeWork fire pump last time?", "62 psi"),
        ("Who manages the contract with ABC?", "Tom Becker"),
        ("What hazards are there at ABC?", "confined space"),
        ("How long is the gong test at ABC planned for?", "60 minutes"),
    ],
)
async def test_what_is_known_of_a_place_is_told(desk: Bench, text: str, said: str) -> None:
    """With the record as its source."""
    answer = await ask(desk, text)

    assert said in answer.said
    assert "record of" in answer.citations[0].text()


@pytest.mark.parametrize(
    "text",
    [
        "What's the Wi-Fi password at WeWork?",
        "What's the gate code at ABC?",
        "What's Bob Sanders' number over at ABC Manufacturing?",
        "Where's the deluge valve at ABC?",
        "What does the chief engineer at WeWork earn?",
    ],
)
async def test_what_no_record_has_is_not_made_of_another(desk: Bench, text: str) -> None:
    """A person, a thing or a figure that is not there: nothing near it is told instead."""
    assert (await ask(desk, text)).abstained


async def test_how_often_is_for_the_code(desk: Bench) -> None:
    """Not when it is due, though that is known."""
    answer = await ask(desk, "How often does the dock dry valve at ABC get a full-flow trip test?")

    assert "every 3 years" in answer.said
    assert "is due on" not in answer.said


async def test_what_is_overdue_is_only_what_is_past(desk: Bench) -> None:
    """Where nothing is, the next due date is not told as if it were late."""
    late, none = await ask(desk, "What's overdue at ABC?"), await ask(desk, "What's overdue at WeWork?")

    assert " was due on " in late.said
    assert " is due on " not in late.said
    assert none.abstained


async def test_safety_words_are_told_to_who_is_on_site(desk: Bench) -> None:
    """Asked for the access of "this site", the hazards of the job's site come along; from afar they do not."""
    here = await ask(desk, "How do I get access to this site?")
    afar = await ask(desk, "How do I get access to WeWork?")

    assert "480 volts" in here.said
    assert "480 volts" not in afar.said
    assert "Howard Street" in here.said
    assert "Howard Street" in afar.said


async def test_what_was_just_recorded_is_told(desk: Bench) -> None:
    """What is laid out of a place is laid out anew when its records change."""
    question = "What's the last static pressure of the riser 1 gauges at WeWork?"
    before = await ask(desk, question)
    body = {"site_id": "wework-sf", "what": "static pressure", "value": 139.0, "unit": "psi"}
    desk.recorder.record([Operation("reading", body, "WW-GAUGE-1", actor="technician")])

    assert "146 psi" in before.said
    assert "139 psi" in (await ask(desk, question)).said


async def test_an_answer_about_a_named_place_is_not_kept(desk: Bench) -> None:
    """It may hang on the day."""
    question = "When is the standpipe flow test due at WeWork?"
    await ask(desk, question)

    assert not (await ask(desk, question)).cached

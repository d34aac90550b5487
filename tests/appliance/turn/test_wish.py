"""Wishes about how the box answers: kept for who said them, in force at once, never at the cost of a warning."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.ear.ear import Ear
from appliance.field.manner import PLAIN, SPEEDS, VOLUMES, Length, Manner, manner, step
from appliance.turn import compose, wish
from appliance.turn.answer import Answer, Card, Citation
from appliance.turn.evidence import Fact
from appliance.turn.question import Question
from appliance.turn.rung import Rung
from appliance.turn.shorten import shortened, warns
from appliance.turn.understand import Understanding
from corpora.library import Library
from sync.operation import Operation
from tests.fakes.lexicon import lexicon
from tests.fakes.scripted import Scripted
from tests.fakes.turns import Bench, bench

DRAIN = "How do I do a main drain test?"
OFTEN = "How often is a dry pipe valve full-flow trip tested?"


def asked(text: str, person: str = "dana", length: Length = "normal") -> Question:
    """A question that was understood as a wish."""
    return Question(text, text, "preference", person=person, length=length)


async def ask(desk: Bench, text: str, person: str) -> Answer:
    """Ask, and wait until it is recorded."""
    answer = await desk.turn.ask(text, person)
    await desk.turn.settle()
    return answer


WISHES = [
    ("speak slower please", "speech_rate", 0.85),
    ("slower", "speech_rate", 0.85),
    ("a bit slower please", "speech_rate", 0.85),
    ("slow down", "speech_rate", 0.85),
    ("you're talking too fast", "speech_rate", 0.85),
    ("faster", "speech_rate", 1.2),
    ("speak a little faster", "speech_rate", 1.2),
    ("normal speed", "speech_rate", None),
    ("back to your normal speed please", "speech_rate", None),
    ("louder", "volume", 1.4),
    ("speak up", "volume", 1.4),
    ("turn it up", "volume", 1.4),
    ("you are too loud", "volume", 0.7),
    ("quieter please", "volume", 0.7),
    ("speak more quietly", "volume", 0.7),
    ("normal volume", "volume", None),
    ("keep your answers short", "length", "short"),
    ("shorter answers", "length", "short"),
    ("less detail please", "length", "short"),
    ("be brief", "length", "short"),
    ("more detail", "length", "long"),
    ("give me longer answers", "length", "long"),
    ("normal answers", "length", None),
    ("I'm new at this", "skill", "beginner"),
    ("I'm an apprentice", "skill", "beginner"),
    ("I am a journeyman", "skill", "expert"),
    ("call me Dana", "name", "Dana"),
]


@pytest.mark.parametrize(("text", "key", "value"), WISHES, ids=[text for text, _, _ in WISHES])
def test_a_wish_is_understood_and_kept_for_the_person(text: str, key: str, value: object) -> None:
    """One register per person and wish, whatever the ear makes of the words."""
    question, _ = Understanding(None).understand(Ear(lexicon()).hear(text), "dana")
    made = wish.preference(question, {})

    assert question.intent == "preference"
    assert made is not None
    [operation] = made.operations
    assert (operation.entity, operation.field, operation.body["value"]) == ("dana", key, value)


@pytest.mark.parametrize(
    "text",
    [
        "what is the normal speed of the pump", "how loud must a horn be", "is the fast response head quicker",
        "how do I turn the valve down", "what volume does the tank hold", "the pump is too loud",
        "how long is the annual test", "what is the normal volume of the priming tank",
        "why does the motor turn slower", "how do I slow down a hammering main", "is a louder horn allowed",
        "do I need more details on the tag", "explain the difference between wet and dry",
    ],
)  # fmt: skip
def test_a_question_is_no_wish(text: str) -> None:
    """Words like these are asked about more often than commanded."""
    question, _ = Understanding(None).understand(Ear(lexicon()).hear(text), "dana")

    assert question.intent != "preference"


def test_steps_go_on_from_what_is_in_force_and_end() -> None:
    """Slower twice is slower still; at the end the box says so and keeps what is."""
    once = wish.preference(asked("slower"), {"speech_rate": 0.85})
    last = wish.preference(asked("slower"), {"speech_rate": SPEEDS[0]})

    assert once is not None
    assert last is not None
    assert once.operations[0].body["value"] == 0.7
    assert last.operations[0].body["value"] == SPEEDS[0]
    assert "can't" in last.readback
    assert step(VOLUMES[-1], VOLUMES, up=True) is None


@pytest.mark.parametrize(
    ("kept", "expected"),
    [
        ({}, PLAIN),
        ({"speech_rate": 0.85, "volume": 1.4, "length": "short"}, Manner(0.85, 1.4, "short")),
        ({"speech_rate": "fast", "volume": True, "length": 3, "skill": []}, PLAIN),
        ({"speech_rate": 99, "volume": -1}, Manner(1.6, 1.0)),
        ({"speech_rate": float("nan")}, PLAIN),
        ({"skill": "beginner"}, Manner(length="long")),
        ({"skill": "expert"}, Manner(length="short")),
        ({"skill": "expert", "length": "normal"}, Manner()),
    ],
)
def test_what_is_kept_is_read_with_care(kept: Mapping[str, object], expected: Manner) -> None:
    """Unknown values count as none, figures stay in bounds, a length goes before a skill."""
    assert manner(kept) == expected


async def test_a_wish_is_in_force_at_once_for_who_said_it_and_for_nobody_else(desk: Bench) -> None:
    """Its own confirmation is already spoken so; others are answered as before."""
    wishes = {"slower": Manner(0.85), "louder": Manner(0.85, 1.4), "go slower": Manner(0.7, 1.4)}
    for text, expected in {**wishes, OFTEN: Manner(0.7, 1.4), "normal speed": Manner(volume=1.4)}.items():
        await ask(desk, text, "dana")

        assert desk.turn.manner("dana") == expected
        assert desk.turn.manner("kim") == PLAIN


async def test_short_answers_keep_statement_source_and_card(desk: Bench) -> None:
    """The details stay on the card, and the answer says so."""
    usual = await ask(desk, DRAIN, "dana")
    await ask(desk, "shorter answers", "dana")
    short = await ask(desk, DRAIN, "dana")

    assert len(short.said) < len(usual.said)
    assert short.said.split(". ")[0] == usual.said.split(". ")[0]
    assert compose.MORE in short.said
    assert short.said.count("That is from") == usual.said.count("That is from") == 1
    assert (short.citations, short.shown) == (usual.citations, usual.shown)


async def test_no_length_leaks_through_the_cache(desk: Bench) -> None:
    """Each gets an answer of their own length, asked again as the first time."""
    await ask(desk, "shorter answers", "dana")
    await ask(desk, "more detail", "lee")
    first = {person: (await ask(desk, DRAIN, person)).said for person in ("dana", "kim", "lee")}
    again = {person: await ask(desk, DRAIN, person) for person in ("kim", "lee", "dana")}

    assert all(answer.cached for answer in again.values())
    assert {person: answer.said for person, answer in again.items()} == first
    assert len(first["dana"]) < len(first["kim"]) <= len(first["lee"])
    await ask(desk, "normal answers", "dana")
    assert (await ask(desk, DRAIN, "dana")).said == first["kim"]


async def test_skill_changes_length_and_the_settings_speak_for_who_is_silent(desk: Bench) -> None:
    """An expert hears less, a beginner no less than usual."""
    await ask(desk, "I'm an expert", "dana")
    await ask(desk, "I'm an apprentice", "lee")
    said = {person: len((await ask(desk, DRAIN, person)).said) for person in ("dana", "kim", "lee")}

    assert said["dana"] < said["kim"] <= said["lee"]


async def test_rows_that_differ_by_edition_are_all_told(desk: Bench) -> None:
    """One of them alone would be another answer."""
    question = "At what age are dry sprinklers sample tested?"
    usual = await ask(desk, question, "dana")
    await ask(desk, "shorter answers", "dana")
    short = await ask(desk, question, "dana")

    for row in ("10 years", "15 years", "20 years"):
        assert row in usual.said
        assert row in short.said


def fact(statement: str, caveat: str = "", kind: str = "passage") -> Fact:
    """A fact with a card."""
    card = Card("All of it", (("text", statement),))
    return Fact("f", kind, statement, "", Citation("starter", "A manual"), 0.9, caveat, card)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "warning",
    [
        "Warning: the cylinder is pressurized.", "Do not open the door.", "Never work on it alone.",
        "Lock out the breaker first.", "There are 480 volts in the cabinet.", "Tell the fire department.",
        "The system is impaired meanwhile.", "Carbon dioxide suffocates.", "Wear gloves and goggles.",
        "Put the valve back in service.", "A fire watch is needed.", "You can't rely on the gauge.",
        "See that it will not ice a walkway.", "Confirm the restoration with the monitoring station.",
    ],
)  # fmt: skip
def test_a_warning_is_never_shortened_away(warning: str) -> None:
    """Wherever it stands, in a passage and in a caveat."""
    text = f"Open the drain. Read the gauge. Write it down. {warning} Close the drain."
    question = Question("how", "how", "howto", length="short")
    whole = compose.extract((fact(text),), question)
    short = shortened(whole, question)

    assert warns(warning)
    assert warning in short.said
    assert "Write it down." not in short.said
    assert short.clauses[0] == "Open the drain."
    assert short.cards == whole.cards


def test_caveats_stay_whatever_they_say() -> None:
    """They were put beside the statement because it must not be said without them."""
    caveat = "Other places follow their own code. One source alone says so."
    question = Question("how often", "how often", "requirement", length="short")
    short = shortened(compose.exact(question, (fact("It is tested yearly.", caveat, "requirement"),)), question)

    assert caveat in short.said
    assert "It is tested yearly." in short.said
    assert "That is from A manual." in short.said


def test_nothing_is_left_out_of_lists_and_abstentions() -> None:
    """Each job is part of the answer."""
    jobs = (fact("At 8 there is one.", kind="record"), fact("At 10 there is another.", kind="record"))
    question = Question("my jobs", "my jobs", "jobs", length="short")

    assert shortened(compose.exact(question, jobs), question).clauses[:2] == tuple(one.statement for one in jobs)


async def test_records_that_cannot_be_read_leave_the_usual_way(desk: Bench) -> None:
    """Then the box still answers."""
    desk.records.close()
    desk.records.path.unlink()
    desk.records.path.mkdir()

    assert desk.turn.manner("dana") == PLAIN


async def test_preferences_outlive_a_restart(tmp_path: Path, texts: Library) -> None:
    """They lie in the outbox."""
    before = bench(tmp_path, texts)
    await ask(before, "slower", "dana")
    before.cache.close()
    before.recorder.close()
    before.records.close()
    after = bench(tmp_path, texts)

    assert after.turn.manner("dana") == Manner(0.85)
    after.recorder.record([Operation("preference", {"value": None}, entity="dana", field="speech_rate")])
    assert after.turn.manner("dana") == PLAIN
    after.cache.close()
    after.recorder.close()
    after.records.close()


async def test_a_models_answer_is_shortened_too_and_its_warnings_are_not(desk: Bench) -> None:
    """The first sentence, and what warns, whoever worded it."""
    true = (
        "Write the static pressure down. Open the main drain slowly until it is fully open. "
        "Write the residual pressure down."
    )
    question = DRAIN
    desk.rungs["local"] = Rung("local", Scripted(true), 2.0)
    await ask(desk, "shorter answers", "dana")
    usual, short = await ask(desk, question, "kim"), await ask(desk, question, "dana")

    assert usual.rung == short.rung == "local"
    assert short.said.startswith(usual.said.split(". ")[0])
    assert "residual" in usual.said
    assert "residual" not in short.said
    assert "That is from" in short.said

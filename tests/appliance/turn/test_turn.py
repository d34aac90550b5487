"""One question in, one grounded answer out: the whole turn over the shipped data, and what it keeps."""

import asyncio

import pytest

from appliance.ear.errors import EarError
from appliance.turn.answer import Answer
from sync.errors import StorageError
from sync.operation import Operation
from tests.fakes.turns import Bench


async def ask(desk: Bench, text: str) -> Answer:
    """Ask, and wait until it is recorded."""
    answer = await desk.turn.ask(text)
    await desk.turn.settle()
    return answer


async def test_a_spec_value_is_said_with_its_source_and_marked_as_sample(desk: Bench) -> None:
    """The seed's example: 18.2 A, cited, marked sample data."""
    answer = await ask(desk, "What's the amp draw for Carrier 50TCQA06?")

    assert "18.2 A" in answer.said
    assert "sample data" in answer.said
    assert answer.citations[0].note == "sample data"
    assert (answer.intent, answer.rung, answer.abstained) == ("spec", "evidence", False)


@pytest.mark.parametrize("spoken", ["fifty T C Q A zero six", "50 tcqa-06", "fifty TCQA oh six"])
async def test_a_spoken_model_number_reaches_its_record(desk: Bench, spoken: str) -> None:
    """However it is spelled aloud, the model is found and the raw words are kept."""
    answer = await ask(desk, f"what is the amp draw of the carrier {spoken}")

    assert "50TCQA06" in answer.said
    assert "18.2 A" in answer.said
    assert spoken in answer.raw


async def test_a_requirement_is_said_with_edition_and_section(desk: Bench) -> None:
    """Every 3 years, by NFPA 25, 2017, section 13.4."""
    answer = await ask(desk, "How often is a dry pipe valve full-flow trip tested?")

    assert "every 3 years" in answer.said
    cited = answer.citations[0]
    assert (cited.document, cited.edition, cited.section) == ("NFPA 25", "2017", "13.4")


async def test_a_customer_is_found_by_name(desk: Bench) -> None:
    """The right record, with money, wishes and hazards."""
    answer = await ask(desk, "Tell me about the customer at WeWork")

    assert "$450,000" in answer.said
    assert "$45,000" in answer.said
    assert "$95,000" in answer.said
    assert "480 volts" in answer.said


async def test_a_calculation_names_its_formula(desk: Bench) -> None:
    """Q = K√P."""
    answer = await ask(desk, "What flow does a K 5.6 head give at 15 psi?")

    assert "21.7 gpm" in answer.said
    assert "Q = K√P" in answer.said


async def test_a_calculation_that_lacks_an_input_asks_for_it(desk: Bench) -> None:
    """Nothing is assumed."""
    answer = await ask(desk, "What size battery do I need for 0.4 A of standby?")

    assert answer.said == "What is the alarm current, in amps?"
    assert answer.abstained


async def test_an_unknown_model_ends_in_an_abstention_and_a_gap(desk: Bench) -> None:
    """A similar model's figure would be a guess."""
    answer = await ask(desk, "What is the torque of a QQQQ valve?")

    assert answer.abstained
    assert "My sources don't say" in answer.said
    assert not any(c.isdigit() for c in answer.said)
    assert [gap.question for gap in desk.records.gaps()] == [answer.asked]


async def test_a_property_that_the_record_lacks_is_not_guessed(desk: Bench) -> None:
    """The record of the right model does not give its weight: so the sources don't say."""
    answer = await ask(desk, "What is the refrigerant charge of the Carrier 50TCQA06?")

    assert answer.abstained
    assert "does not give its refrigerant charge" in answer.said


async def test_a_how_to_is_quoted_from_the_library(desk: Bench) -> None:
    """Without a language model the best passage speaks for itself."""
    answer = await ask(desk, "How do I do a main drain test?")

    assert answer.rung == "extractive"
    assert "static" in answer.said
    assert answer.citations[0].document


async def test_a_reading_is_committed_before_it_is_confirmed(desk: Bench) -> None:
    """Two figures, two fields, one unit said once."""
    answer = await ask(desk, "static sixty-two, residual fifty-five psi")

    kept = [entry.value() for entry in desk.outbox.entries() if entry.kind == "reading"]
    assert [(body["what"], body["value"], body["unit"]) for body in kept] == [
        ("static pressure", 62.0, "psi"),
        ("residual pressure", 55.0, "psi"),
    ]
    assert answer.said.startswith("Logged: static pressure 62 psi, residual pressure 55 psi")


async def test_a_deficiency_is_kept_in_the_technicians_words(desk: Bench) -> None:
    """What was said is what is kept, and its severity is asked for."""
    answer = await ask(desk, "Log a deficiency: corroded head in stairwell B")

    assert [d.description for d in desk.records.deficiencies() if "corroded" in d.description] == [
        "corroded head in stairwell B"
    ]
    assert "How severe" in answer.said


async def test_a_capture_that_cannot_be_kept_is_not_confirmed(desk: Bench) -> None:
    """A full disk refuses the reading; the box goes on answering."""

    def refuse(operations: list[Operation]) -> list[str]:
        raise StorageError("the disk is full")

    desk.recorder.record = refuse  # type: ignore[method-assign, assignment]

    with pytest.raises(StorageError, match="disk is full"):
        await desk.turn.ask("log static 62 psi")
    answer = await ask(desk, "What flow does a K 5.6 head give at 15 psi?")
    assert "21.7 gpm" in answer.said
    assert desk.turn.trouble == "the disk is full"


async def test_every_turn_is_recorded_with_what_it_used(desk: Bench) -> None:
    """Question, answer, rung, revisions and timings lie in the outbox."""
    answer = await ask(desk, "How often is a dry pipe valve full-flow trip tested?")

    [turn] = desk.records.turns(1)
    assert turn["said"] == answer.said
    assert turn["revisions"] == dict(answer.revisions)
    assert turn["timings"]["total"] > 0


async def test_a_second_asking_comes_from_the_cache(desk: Bench) -> None:
    """The same words, other capitals and spaces: the same answer, marked, with an identity of its own."""
    first = await ask(desk, "How often is a dry pipe valve full-flow trip tested?")
    second = await ask(desk, "how often  is a dry pipe valve FULL-flow trip tested?")

    assert second.cached
    assert second.said == first.said
    assert second.id != first.id


async def test_what_hangs_on_the_day_is_never_cached(desk: Bench) -> None:
    """Jobs, dues and customers are looked up each time."""
    await ask(desk, "What jobs do I have today?")

    assert not (await ask(desk, "What jobs do I have today?")).cached


async def test_many_at_a_time_are_answered_alike(desk: Bench) -> None:
    """Twenty questions at once."""
    said = await asyncio.gather(*(desk.turn.ask(f"What flow does a K 5.6 head give at {p} psi?") for p in range(7, 27)))

    assert len({answer.said for answer in said}) == 20


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_000])
async def test_nothing_and_far_too_much_are_refused(desk: Bench, text: str) -> None:
    """Empty text and 100 kB of it get a clear message."""
    with pytest.raises(EarError):
        await desk.turn.ask(text)


async def test_the_sites_edition_is_named_when_rules_differ(desk: Bench) -> None:
    """Dry sprinklers: 10, 15 or 20 years; all are told, each under its edition."""
    answer = await ask(desk, "At what age are dry sprinklers sample tested?")

    for edition, years in (("2017", "10 years"), ("2020", "15 years"), ("2023", "20 years")):
        assert edition in answer.said
        assert years in answer.said


async def test_a_named_edition_decides(desk: Bench) -> None:
    """Only that edition's figure is said."""
    answer = await ask(desk, "At what age are dry sprinklers sample tested in the 2020 edition of NFPA 25?")

    assert "15 years" in answer.said
    assert "20 years" not in answer.said


async def test_hits_and_misses_of_the_cache_are_counted(desk: Bench) -> None:
    """One computed, one from memory."""
    for _ in range(2):
        await ask(desk, "What flow does a K 5.6 head give at 15 psi?")

    counted = desk.cache.stats()["kinds"]["answer"]
    assert counted["memory"] == 1


async def test_one_question_asked_by_many_at_once_is_looked_up_once(desk: Bench) -> None:
    """One computes, the others wait; each hears it and has a turn of its own."""
    heard: list[str] = []
    question = "How often is a dry pipe valve full-flow trip tested?"

    answers = await asyncio.gather(*(desk.turn.ask(question, f"person {n}", heard.append) for n in range(3)))
    again = await asyncio.gather(*(desk.turn.ask(question, "same", heard.append) for _ in range(10)))

    assert len({answer.id for answer in (*answers, *again)}) == 13
    assert {answer.said for answer in again} == {answers[0].said}
    counted = desk.cache.stats()["kinds"]["answer"]
    assert (counted["misses"], counted["waits"] + counted["memory"]) == (4, 9)
    assert "".join(heard).count("every 3 years") >= 13


async def test_what_depends_on_where_one_is_stays_out_of_the_cache(desk: Bench) -> None:
    """What "here" means is another place tomorrow."""
    question = "How often are the gauges inspected here?"
    await ask(desk, question)

    assert not (await ask(desk, question)).cached


@pytest.mark.parametrize(
    "text", ["Who's the contact for the customer at Northwind Logistics?", "Tell me about the customer at Globex Foods"]
)
async def test_a_customer_that_is_not_on_the_box_is_never_answered_from_another(desk: Bench, text: str) -> None:
    """Meant by "the customer" is the one named, not the one whose job is under way."""
    answer = await ask(desk, text)

    assert answer.abstained
    assert "WeWork" not in answer.said
    assert "is in the records on this box" in answer.said

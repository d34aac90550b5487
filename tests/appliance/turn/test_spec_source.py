"""Specs found by what was asked, in the words people use; by words alone, since the suite has no embedder."""

import pytest

from appliance.ear.ear import Ear
from appliance.texts import Vectors, equipment_specs, familiar
from appliance.turn.found import Found
from appliance.turn.likeliest import unit_asked
from appliance.turn.spec_source import SpecSource, exactly, told, without
from appliance.turn.understand import Understanding
from appliance.wiring import lexicon
from corpora import questions, requirements, specs
from corpora.property import PROPERTIES, UNRECORDED
from corpora.spec import Spec
from corpora.specs import Specs
from sync.reader import Records
from tests.fakes.evidence import catalogue


def spec(model: str) -> Spec:
    """Give a shipped record."""
    found = catalogue().find(model)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> SpecSource:
    """The shipped records, weighed by words alone."""
    vectors = Vectors(tmp_path_factory.mktemp("vectors"), None, "", lambda _what, _done, _total: None)
    rows = requirements.shipped()
    return equipment_specs(Specs.load([specs.shipped()]), questions.shipped(), vectors, familiar(rows))


@pytest.fixture(scope="module")
def ear(tmp_path_factory: pytest.TempPathFactory) -> Ear:
    """An ear that knows the shipped models."""
    return Ear(lexicon(catalogue(), Records(tmp_path_factory.mktemp("records") / "box.db")))


def look(source: SpecSource, ear: Ear, text: str) -> Found:
    """Ask the source alone."""
    question, meaning = Understanding(None).understand(ear.hear(text))
    return source.look(question, meaning)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("What gauge wire do I pull to the SRT-10?", "spec:SRT-10:minimum circuit ampacity"),
        ("How much powder does a B500 take?", "spec:B500:agent charge"),
        ("How far off the fire do I stand with the B500's nozzle?", "spec:B500:discharge range"),
        ("how many D4120s can I link", "spec:D4120:interconnection limit"),
        ("the 909QT, what's it weigh", "spec:909-QT:weight"),
        ("How many turns shut an SOY6?", "spec:SOY-6:turns to close"),
        ("NFS2 3030, what batteries does it need", "spec:NFS2-3030:battery size"),
        ("How many gallons does the SDP-1500's tank hold?", "spec:SDP-1500:fuel tank"),
    ],
)
def test_blurted_questions_find_their_property(source: SpecSource, ear: Ear, asked: str, wanted: str) -> None:
    """Neither the property nor the model is said as the record says it."""
    assert wanted in [fact.id for fact in look(source, ear, asked).facts]


@pytest.mark.parametrize(
    "asked",
    [
        "What's the inrush of the 50TCQA06?",
        "What breaker goes on a 50TCQA06?",
        "What does the B500 cost?",
        "How long is the warranty on the B500?",
        "What torque do the SDV-4's bolts need?",
        "What oil pressure should I see on the SDP-1500?",
        "What's the stop pressure of the 8196?",
        "How much does the D4120 duct detector weigh?",
    ],
)
def test_what_the_record_lacks_is_not_answered_by_its_neighbour(source: SpecSource, ear: Ear, asked: str) -> None:
    """A current or pressure of another name would be a wrong answer."""
    found = look(source, ear, asked)

    assert not found.facts
    assert found.lacking


def test_an_abstention_names_what_was_asked_for(source: SpecSource, ear: Ear) -> None:
    """So that the technician hears that it was understood."""
    assert look(source, ear, "How hard does the 4AE12 kick at startup, locked rotor?").lacking == (
        "My record of the Peerless 4AE12 does not give its locked rotor amps."
    )


def test_an_interval_answers_only_a_question_about_time(source: SpecSource, ear: Ear) -> None:
    """Whether something must be done is no question of how often."""
    assert not look(source, ear, "Does the R-102 need to be serviced again?").facts
    assert look(source, ear, "How often must the R-102 be serviced?").facts


@pytest.mark.parametrize(
    ("chances", "wanted"),
    [
        ({"start pressure": 0.9, "stop pressure": 0.08}, ["start pressure"]),
        ({"start pressure": 0.5, "stop pressure": 0.4}, ["start pressure", "stop pressure"]),
        ({"churn pressure": 0.6, "start pressure": 0.3}, []),
        ({"start pressure": 0.2, "stop pressure": 0.01}, []),
    ],
)
def test_only_the_likeliest_is_told_or_two_that_are_near(chances: dict[str, float], wanted: list[str]) -> None:
    """What the record lacks counts too."""
    assert [value.name for value in told(spec("SJP-10"), chances)] == wanted


@pytest.mark.parametrize(
    ("model", "text", "wanted"),
    [
        ("SDV-4", "what does the SDV-4 dry valve weigh", "what does weigh"),
        ("4AE12", "Peerless 4 AE 12's speed", "speed"),
        ("D4120", "how many D4120s on a string", "how many on a string"),
        ("B500", "is the 2B500 heavy", "is the 2B500 heavy"),
    ],
)
def test_the_models_own_words_are_taken_out(model: str, text: str, wanted: str) -> None:
    """With its maker, and what it is when that stands beside it."""
    assert without(spec(model), text) == wanted


@pytest.mark.parametrize(
    ("model", "text", "wanted"),
    [
        ("8196", "what's the churn pressure when nothing moves", ["churn pressure"]),
        ("8196", "what is the voltage", ["voltage"]),
        ("8196", "what voltage has the controller got", []),
        ("8196", "what oil pressure should I see", []),
        ("SpectrAlert Advance", "which candela settings work at 12 volts", []),
    ],
)
def test_a_name_counts_as_exact_when_it_leaves_nothing_open(model: str, text: str, wanted: list[str]) -> None:
    """Several words are exact, one word only when it is all that is asked."""
    assert exactly(spec(model), text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("how many pounds does it hold", {"lb", "psi"}),
        ("how many cranks to shut it", {"turn"}),
        ("how many amp hours", {"Ah"}),
        ("how many volts per amp", {"V/A"}),
        ("how many of them can I link", set()),
        ("what does it weigh", set()),
    ],
)
def test_the_unit_asked_for_is_what_people_mean_by_it(text: str, wanted: set[str]) -> None:
    """Pounds on a gauge are psi."""
    assert unit_asked(text) == wanted


def test_every_property_says_what_it_answers() -> None:
    """And so does what no record gives, or its neighbours would answer for it."""
    assert questions.shipped().properties.keys() == PROPERTIES.keys() | UNRECORDED

"""Whatever the catalogue and the rules hold, said by the mouth and heard again by the ear.

Two proofs of different strength. In words, without sound, everything must come back exactly. In sound, espeak-ng's
speech goes through Moonshine tiny and the ear's repair: that tells whether what is said can be understood at all, and
no more, since one small recogniser is no technician. A few things that were always heard are held in the quick suite;
the slow one says everything, prints what was missed and holds the share that was measured.
"""

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

import pytest

from appliance import units
from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon
from appliance.mouth.speak import speak
from corpora import requirements, specs
from corpora.spec import Spec
from corpora.specs import Specs
from models.moonshine import Moonshine
from tests.fakes.recording import installed, voice

CATALOGUE = Specs.load([specs.shipped()])
ROWS = requirements.shipped().rows
IDENTIFIERS = frozenset(spec.model for spec in CATALOGUE.records)
VALUES = sorted({value.text for spec in CATALOGUE.records for value in spec.values if units.find(value.text)})
PLACES = sorted({row.section for row in ROWS if row.section})
STANDARDS = sorted({row.standard for row in ROWS if re.match(r"(?:NFPA|UL|29 CFR)[\d. A-Z]*$", row.standard)})
EDITIONS = sorted({row.edition for row in ROWS if re.search(r"\d{4}(?!-)", row.edition)})

Thing = TypeVar("Thing")


@pytest.fixture(scope="module")
def ear() -> Ear:
    """The box's own, without customers."""
    models = [(spec.model, spec.maker, spec.product) for spec in CATALOGUE.records]
    return Ear(Lexicon.build(models, CATALOGUE.makers(), []))


def quantities(text: str) -> list[tuple[float, str]]:
    """Every figure of a text with its unit."""
    return [(quantity.value, quantity.unit) for quantity in units.find(text)]


def place(section: str) -> str:
    """Name a section as an answer does."""
    return section if section.startswith("Table") else f"section {section}"


def model(spec: Spec) -> str:
    """Name a model as an answer does."""
    return f"Tell me about the {spec.maker} {speak(spec.model, IDENTIFIERS)}."


def test_every_identifier_comes_back_in_words(ear: Ear) -> None:
    """Each model of the catalogue, named beside its maker."""
    heard = {spec.model: ear.hear(model(spec)).text for spec in CATALOGUE.records}

    assert len(heard) > 40
    assert {name: text for name, text in heard.items() if f" {name}." not in text} == {}


def test_every_value_comes_back_in_words(ear: Ear) -> None:
    """Each value of the catalogue: the same figures with the same units."""
    heard = {text: ear.hear(f"it is {speak(text, IDENTIFIERS)} here").text for text in VALUES}

    assert len(heard) > 100
    assert {text: back for text, back in heard.items() if quantities(text) != quantities(back)} == {}


def test_every_unit_comes_back_in_words(ear: Ear) -> None:
    """Each unit that the box knows."""
    written = {unit: "$5" if unit == "$" else f"5 {unit}" for unit in units.UNITS}
    heard = {unit: ear.hear(f"it is {speak(text)} here").text for unit, text in written.items()}

    assert {unit: text for unit, text in heard.items() if quantities(text) != [(5.0, unit)]} == {}


def test_every_section_comes_back_in_words(ear: Ear) -> None:
    """Each section number of the requirement rows, letter for letter."""
    heard = {where: ear.hear(f"see {speak(place(where))} please").text for where in PLACES}

    assert len(heard) > 100
    assert {where: text for where, text in heard.items() if text != f"see {place(where)} please"} == {}


def test_every_standard_and_edition_comes_back_in_words(ear: Ear) -> None:
    """Which standard, and which years."""
    named = {name: ear.hear(f"see {speak(name)} please").text for name in STANDARDS}
    dated = {years: ear.hear(f"the {speak(f'{years} edition')} please").text for years in EDITIONS}

    assert len(named) > 10
    assert {name: text for name, text in named.items() if text != f"see {name} please"} == {}
    assert {y: text for y, text in dated.items() if re.findall(r"\d+", y) != re.findall(r"\d+", text)} == {}


@pytest.fixture(scope="module")
def hear(ear: Ear) -> Callable[[str], str]:
    """Say in espeak-ng's voice, recognise, repair."""
    recogniser, words = Moonshine(installed("moonshine-tiny-en")), ear.lexicon.words()

    def heard(said: str) -> str:
        recognised = recogniser.transcribe(voice(said), words).text
        return ear.hear(recognised).text if recognised.strip() else ""

    return heard


def one_of_each(things: Iterable[Thing], form: Callable[[Thing], str]) -> list[Thing]:
    """The first thing of each form."""
    first: dict[str, Thing] = {}
    for thing in things:
        first.setdefault(form(thing), thing)
    return list(first.values())


@pytest.mark.parametrize("where", ["13.4", "6.5.2", "Table 14.4.5", "14.3.1(15)"])
def test_sections_are_understood(hear: Callable[[str], str], where: str) -> None:
    """A few forms that were heard each time."""
    assert place(where).lower() in hear(f"See {speak(place(where))}.").lower()


@pytest.mark.parametrize("text", ["12 to 18 ft", "1500 gpm", "12 years"])
def test_values_are_understood(hear: Callable[[str], str], text: str) -> None:
    """A few values that were heard each time."""
    assert quantities(hear(f"The value is {speak(text)}.")) == quantities(text)


def report(what: str, heard: dict[str, str], good: Callable[[str, str], bool]) -> int:
    """Print what was missed, and give how many were understood."""
    missed = {said: back for said, back in heard.items() if not good(said, back)}
    print(f"{what}: {len(heard) - len(missed)} of {len(heard)} understood")  # noqa: T201 - for whoever runs it with -s
    for said, back in missed.items():
        print(f"  {said}: {back}")  # noqa: T201
    return len(heard) - len(missed)


@pytest.mark.slow
def test_how_many_identifiers_are_understood_in_sound(hear: Callable[[str], str]) -> None:
    """Every model; 22 of 43 in each of three runs."""
    heard = {spec.model: hear(model(spec)) for spec in CATALOGUE.records}

    assert report("models", heard, lambda said, back: said in back) >= 17


@pytest.mark.slow
def test_how_many_units_are_understood_in_sound(hear: Callable[[str], str]) -> None:
    """One value for each unit of the catalogue; 11 of 27 in each of three runs."""
    values = [value for spec in CATALOGUE.records for value in spec.values if value.text in VALUES]
    chosen = one_of_each(values, lambda value: value.unit)
    heard = {value.text: hear(f"The {value.name} is {speak(value.text, IDENTIFIERS)}.") for value in chosen}

    assert report("units", heard, lambda said, back: quantities(said) == quantities(back)) >= 8


@pytest.mark.slow
def test_how_many_section_forms_are_understood_in_sound(hear: Callable[[str], str]) -> None:
    """One of each form; 12 or 13 of 25."""
    chosen = one_of_each(PLACES, lambda where: re.sub(r"\d+", "9", where))
    heard = {where: hear(f"See {speak(place(where))}.") for where in chosen}

    assert report("sections", heard, lambda said, back: place(said).lower() in back.lower()) >= 11

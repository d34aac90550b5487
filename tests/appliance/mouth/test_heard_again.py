"""Whatever the catalogue and the rules hold, said by the mouth and heard again by the ear.

Two proofs of different strength. In words, without sound, everything must come back exactly. In sound, espeak-ng's
speech goes through Moonshine tiny and the ear's repair: that tells whether what is said can be understood at all, and
no more, since one small recogniser is no technician. A few things that were always heard are held in the quick suite;
the slow one says everything, prints what was missed and holds the share that was measured.
"""

import re

import pytest

from appliance import units
from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon
from appliance.mouth.speak import speak
from corpora import requirements, specs
from corpora.spec import Spec
from corpora.specs import Specs

CATALOGUE = Specs.load([specs.shipped()])
ROWS = requirements.shipped().rows
IDENTIFIERS = frozenset(spec.model for spec in CATALOGUE.records)
VALUES = sorted({value.text for spec in CATALOGUE.records for value in spec.values if units.find(value.text)})
PLACES = sorted({row.section for row in ROWS if row.section})
STANDARDS = sorted({row.standard for row in ROWS if re.match(r"(?:NFPA|UL|29 CFR)[\d. A-Z]*$", row.standard)})
EDITIONS = sorted({row.edition for row in ROWS if re.search(r"\d{4}(?!-)", row.edition)})


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

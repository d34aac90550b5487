"""Candidates: specs in a manual's tables, read only where nothing must be guessed."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.ingest.candidates import REVIEW, Candidate, Finder, as_json, in_table
from corpora.ingest.measure import Label, Measure, labelled, measured
from corpora.ingest.origin import Origin
from corpora.ingest.page import Block, Page, Table
from corpora.property import PROPERTIES
from corpora.specs import parse

ORIGIN = Origin("doc1", "site", title="50TCQ data", edition="2023", system="fire pump", maker="Carrier")
ROOFTOP = Table(
    ("Model", "Electrical / MCA", "MOCP (A)", "Supply voltage, VAC", "Airflow cfm", "Refrigerant", "Length (mm)"),
    (
        ("50TCQA06", "24", "30", "208", "1,600", "R-410A", "1800"),
        ("50TCQA07*", "27.5 A", "—", "N/A", "2,000", "R-32", "1800"),
        ("50TCQA08", "29", "35", "208/230", "2,400", "none", "1800"),
    ),
    "Table 3. Electrical data",
)


def facts(found: list[Candidate]) -> set[tuple[str, str, str]]:
    """Model, property and value as a nameplate shows it."""
    return {(one.model, one.name, json.dumps(one.measure.as_json(), ensure_ascii=False)) for one in found}


def test_rows_of_models_give_a_value_for_each_known_property() -> None:
    """Known columns with a unit are read; dashes, unknown columns and rows without a clear model are not."""
    assert facts(in_table(ROOFTOP, ORIGIN, 12)) == {
        ("50TCQA06", "minimum circuit ampacity", '{"unit": "A", "value": 24}'),
        ("50TCQA06", "maximum overcurrent protection", '{"unit": "A", "value": 30}'),
        ("50TCQA06", "voltage", '{"unit": "V", "text": "208 VAC", "value": 208}'),
        ("50TCQA06", "airflow", '{"unit": "cfm", "value": 1600}'),
        ("50TCQA06", "refrigerant", '{"text": "R-410A"}'),
        ("50TCQA08", "minimum circuit ampacity", '{"unit": "A", "value": 29}'),
        ("50TCQA08", "maximum overcurrent protection", '{"unit": "A", "value": 35}'),
        ("50TCQA08", "voltage", '{"unit": "V", "text": "208/230 VAC"}'),
        ("50TCQA08", "airflow", '{"unit": "cfm", "value": 2400}'),
    }


def test_a_candidate_names_its_cell() -> None:
    """Document, edition, page, table, row and column can be looked up."""
    first = in_table(ROOFTOP, ORIGIN, 12)[0]

    assert first.source == "50TCQ data 2023, page 12, Table 3, row 50TCQA06, column Electrical / MCA"
    assert first.condition == "Electrical"


def test_columns_of_models_are_read_too() -> None:
    """Rows are properties, a column says the units."""
    table = Table(
        ("Parameter", "Units", "MS-9050UD", "MS-9200UDLS"),
        (
            ("Standby current", "mA", "150", "250"),
            ("Operating temperature", "°F", "32 to 120", "32 - 120"),
            ("Weight", "kg", "4", "5"),
        ),
    )

    assert facts(in_table(table, ORIGIN, 3)) == {
        ("MS-9050UD", "standby current", '{"unit": "mA", "value": 150}'),
        ("MS-9200UDLS", "standby current", '{"unit": "mA", "value": 250}'),
        ("MS-9050UD", "operating temperature", '{"unit": "°F", "low": 32, "high": 120}'),
        ("MS-9200UDLS", "operating temperature", '{"unit": "°F", "low": 32, "high": 120}'),
    }


PLAIN = Table((), (("Voltage range:", "8.5 to 35 VDC"), ("Alarm current (mA)", "130"), ("Thread size", "3/4 in.")))


def test_names_and_values_belong_to_the_one_model_above_them() -> None:
    """The model stands in the title, else in the nearest heading that has one, else it is the document's."""
    expected = {"voltage", "alarm current", "thread size"}

    for origin, headings in (
        (Origin("d", "p", model="2WTA-B1"), ()),
        (ORIGIN, ("Detectors", "Model 2WTA-B1", "Ratings")),
    ):
        found = in_table(PLAIN, origin, 1, headings)
        assert {(one.model, one.name) for one in found} == {("2WTA-B1", name) for name in expected}


def test_without_one_model_there_is_no_candidate() -> None:
    """No model, or two, give none."""
    assert in_table(PLAIN, ORIGIN, 1) == []
    assert in_table(PLAIN, ORIGIN, 1, ("MS-9050UD and MS-9200UDLS",)) == []
    assert in_table(Table(("Size", "MCA"), (("06", "24"), ("07", "27"))), ORIGIN, 1) == []


def test_a_property_given_twice_with_different_figures_is_left_out() -> None:
    """Nothing tells which of the two holds; told apart by a condition both stay, but in no spec file."""
    twice = Table(("Model", "FLA", "Full load amps"), (("50TCQA06", "24", "25"),))
    apart = Table(("Model", "208 V / FLA", "460 V / FLA"), (("50TCQA06", "24", "12"),))

    assert in_table(twice, ORIGIN, 1) == []
    assert [one.condition for one in in_table(apart, ORIGIN, 1)] == ["208 V", "460 V"]
    assert as_json(in_table(apart, ORIGIN, 1), ORIGIN) == {"models": []}


def test_a_finder_carries_headings_over_pages() -> None:
    """The heading of an earlier page names the model of a table on a later one."""
    finder = Finder(ORIGIN)
    pages = [
        Page((Block("heading", "Model 2WTA-B1", 1),), 1),
        Page((Block("paragraph", "Ratings follow."), Block("table", "", table=PLAIN)), 2),
    ]

    found = [candidate for page in pages for candidate in finder.look(page)]

    assert {(one.model, one.page) for one in found} == {("2WTA-B1", 2)}


def test_a_spec_file_of_candidates_keeps_the_schema_and_is_unreviewed() -> None:
    """Beside the mark, a record is what `corpora.specs` reads; what has no maker is left out."""
    made = as_json(in_table(ROOFTOP, ORIGIN, 12), ORIGIN)
    marks = [record.pop("review") for record in made["models"]]
    specs = parse(json.dumps(made), Path("candidates.json"))

    assert set(marks) == {REVIEW}
    assert [(spec.maker, spec.model, spec.category) for spec in specs] == [
        ("Carrier", "50TCQA06", "fire pump"),
        ("Carrier", "50TCQA08", "fire pump"),
    ]
    assert specs[0].values[0].text == "24 A"
    assert as_json(in_table(ROOFTOP, Origin("d", "p"), 12), ORIGIN) == {"models": []}


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("MCA", ("minimum circuit ampacity", "A")),
        ("Full Load Amps", ("full load amps", "A")),
        ("Weight, lb", ("weight", "lb")),
        ("Flow (GPM)", ("flow", "gpm")),
        ("PSI", ("operating pressure", "psi")),
        ("Test pressure [psig]", ("test pressure", "psi")),
        ("Max. torque", None),
        ("Weight (kg)", None),
        ("Breaker panel location", None),
        ("", None),
    ],
)
def test_a_header_is_a_property_only_in_known_words(header: str, label: tuple[str, str] | None) -> None:
    """Unknown words and units that the property may not carry name none."""
    found = labelled(header)

    assert (found and (found.name, found.unit)) == label


@pytest.mark.parametrize(
    ("cell", "unit", "measure"),
    [
        ("175", "psi", Measure("psi", value=175)),
        ("175 psi (12.1 bar)", "", Measure("psi", value=175)),
        ("1,500 psig", "", Measure("psi", "1500 psig", value=1500)),
        ("100\u2013175", "psi", Measure("psi", low=100, high=175)),
        ("175", "", None),
        ("12 bar", "psi", None),
        ("175 to 100", "psi", None),
        ("about 175", "psi", None),
        ("-", "psi", None),
        ("see note 3", "psi", None),
    ],
)
def test_a_cell_is_a_value_only_with_a_figure_and_an_allowed_unit(
    cell: str, unit: str, measure: Measure | None
) -> None:
    """A figure without unit, with another unit or with words around it is none."""
    assert measured(cell, Label("pressure rating", unit, unit)) == measure


@settings(deadline=None)
@given(st.sampled_from(sorted(PROPERTIES)), st.text("0123456789.,-/ toAVpsi°F()*", max_size=20), st.data())
def test_whatever_is_read_fits_the_schema(name: str, cell: str, data: st.DataObject) -> None:
    """A value that is read from any cell is one that a spec file may have."""
    unit = data.draw(st.sampled_from(PROPERTIES[name].units))
    measure = measured(cell, Label(name, unit, unit))
    if measure is None:
        return
    value = measure.as_json() | {"name": name, "source": "page 1"}
    record = {"maker": "m", "model": "x1", "category": "other", "product": "p", "values": [value]}

    assert parse(json.dumps({"models": [record]}), Path("any.json"))

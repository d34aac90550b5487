"""Equipment specs: what is refused and why, how a model is found again, and that the shipped records hold together."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from corpora.errors import SpecError
from corpora.property import PROPERTIES, named
from corpora.spec import Spec
from corpora.specs import MAX_BYTES, SAMPLE, Specs, normal, read, shipped


def value(**changes: Any) -> dict[str, Any]:
    """A sound value, changed as asked; None takes a key away."""
    whole = {"name": "amp draw", "value": 4.5, "unit": "A", "source": "a test sheet"} | changes
    return {key: entry for key, entry in whole.items() if entry is not None}


def model(**changes: Any) -> dict[str, Any]:
    """A sound model, changed as asked."""
    whole = {"maker": "Acme", "model": "AX-1", "category": "hvac", "product": "fan", "values": [value()]} | changes
    return {key: entry for key, entry in whole.items() if entry is not None}


def write(folder: Path, name: str, *models: dict[str, Any]) -> Path:
    """A spec file of some models."""
    path = folder / name
    path.write_text(json.dumps({"models": list(models)}))
    return path


@pytest.fixture(scope="module")
def starter() -> Specs:
    """The records that travel with the package."""
    return Specs.load([shipped()])


BAD_VALUES = {
    "wrong type": (value(value="4.5"), "value"),
    "a boolean for a figure": (value(value=True), "value"),
    "unknown key": (value(volts=3), "volts"),
    "unknown property": (value(name="loudness of paint"), "unknown property"),
    "wrong unit": (value(unit="psi"), "carries A, not 'psi'"),
    "no unit": (value(unit=None), "carries A"),
    "unit where there is none": (value(name="refrigerant", value=None, text="R-410A lb", unit="lb"), "carries no unit"),
    "no source": (value(source=None), "source"),
    "empty source": (value(source=" "), "source"),
    "no figure": (value(value=None), "neither a figure nor a text"),
    "low without high": (value(value=None, low=1), "low and high"),
    "figure and range": (value(low=1, high=2), "low and high"),
    "range upside down": (value(value=None, low=3, high=2), "not below"),
    "text that says another figure": (value(text="45 A"), "does not say 4.5"),
    "text without the unit": (value(text="4.5"), "lacks the unit"),
    "sample source in a checked model": (value(source=SAMPLE), "exactly when"),
}

BAD_MODELS = {
    "unknown category": (model(category="toaster"), "category"),
    "no values": (model(values=[]), "values"),
    "unknown key": (model(year=1999), "year"),
    "no maker": (model(maker=None), "maker"),
    "model without letter or digit": (model(model="-/-"), "neither letter nor digit"),
    "a property twice": (model(values=[value(), value()]), "stands twice"),
    "checked source in a sample": (model(sample=True), "exactly when"),
    "notes that are no list": (model(notes="Clean it."), "notes"),
}

BAD_TEXTS = {
    "not JSON": ("{models: }", "not JSON"),
    "empty": ("", "not JSON"),
    "truncated": ('{"models": [{"maker": "Ac', "not JSON"),
    "a list": ("[]", "valid dictionary"),
    "no models": ('{"models": []}', "models"),
    "a key twice": ('{"models": [], "models": []}', "stands twice"),
    "not a number": (json.dumps({"models": [model(values=[value(value=float("nan"))])]}), "value"),
    "nested too deep": ("[" * 200_000, "not JSON"),
}


@pytest.mark.parametrize(("entry", "said"), BAD_VALUES.values(), ids=BAD_VALUES.keys())
def test_a_bad_value_is_refused_by_name(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    """The file and the fault stand in the message."""
    path = write(tmp_path, "bad.json", model(values=[entry]))

    with pytest.raises(SpecError, match=rf"(?s)bad\.json.*{re.escape(said)}"):
        read(path)


@pytest.mark.parametrize(("entry", "said"), BAD_MODELS.values(), ids=BAD_MODELS.keys())
def test_a_bad_model_is_refused_by_name(tmp_path: Path, entry: dict[str, Any], said: str) -> None:
    """The file and the fault stand in the message."""
    path = write(tmp_path, "bad.json", entry)

    with pytest.raises(SpecError, match=rf"(?s)bad\.json.*{re.escape(said)}"):
        read(path)


@pytest.mark.parametrize(("text", "said"), BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_a_bad_file_is_refused_by_name(tmp_path: Path, text: str, said: str) -> None:
    """A file that is no catalogue is named, whatever it holds."""
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(SpecError, match=rf"(?s)bad\.json.*{re.escape(said)}"):
        read(path)


def test_a_bad_file_does_not_keep_the_others_out(tmp_path: Path) -> None:
    """One refused file is one problem; the rest load."""
    write(tmp_path, "a.json", model())
    (tmp_path / "b.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "c.json").write_text(" " * (MAX_BYTES + 1))
    (tmp_path / "d.json").mkdir()
    write(tmp_path, "e.json", model(model="AX-2", values=[value(unit="V")]))
    write(tmp_path, "f.json", model(model="AX-3"))

    specs = Specs.load([tmp_path])

    assert [spec.model for spec in specs.records] == ["AX-1", "AX-3"]
    assert [re.findall(r"(\w)\.json", problem)[0] for problem in specs.problems] == ["b", "c", "d", "e"]


def test_an_absent_folder_holds_nothing(tmp_path: Path) -> None:
    """An owner without specs of his own is no problem."""
    specs = Specs.load([tmp_path / "absent"])

    assert specs.records == ()
    assert specs.problems == ()


def test_a_model_that_stands_twice_gets_the_later_file_refused(tmp_path: Path) -> None:
    """The later file is refused whole and both files are named."""
    write(tmp_path, "a.json", model())
    write(tmp_path, "b.json", model(model="AX-9"), model(model="ax 1"))

    specs = Specs.load([tmp_path])

    assert [spec.model for spec in specs.records] == ["AX-1"]
    assert "b.json" in specs.problems[0]
    assert "a.json" in specs.problems[0]


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_a_sample_gives_way_to_a_checked_record(tmp_path: Path, names: tuple[str, str]) -> None:
    """An owner's checked figures replace sample data, whichever file is read first."""
    write(tmp_path, f"{names[0]}.json", model(sample=True, values=[value(value=1.0, source=SAMPLE)]))
    write(tmp_path, f"{names[1]}.json", model())

    specs = Specs.load([tmp_path])
    found = specs.find("AX1")

    assert specs.problems == ()
    assert found is not None
    assert found.sample is False
    assert found.values[0].value == 4.5


def test_a_name_that_two_makers_share_needs_the_maker(tmp_path: Path) -> None:
    """An ambiguous model finds nothing rather than either."""
    write(tmp_path, "a.json", model(), model(maker="Bolt"), model(maker="Core", model="C-1", aliases=["AX-1"]))

    specs = Specs.load([tmp_path])
    bolt = specs.find("bolt ax-1")

    assert specs.find("AX-1") is None
    assert bolt is not None
    assert bolt.maker == "Bolt"


def test_a_models_own_name_goes_before_an_alias(tmp_path: Path) -> None:
    """An alias never hides another model."""
    write(tmp_path, "a.json", model(aliases=["AX-2"]), model(model="AX-2"))
    found = Specs.load([tmp_path]).find("ax2")

    assert found is not None
    assert found.model == "AX-2"


def test_a_value_is_printed_with_its_unit(tmp_path: Path) -> None:
    """Figures keep the digits that the file has."""
    entries = [
        value(),
        value(name="airflow", value=None, low=100, high=4000, unit="ft/min"),
        value(name="voltage drop factor", value=0.2, unit="V/A", text="0.20 V/A"),
        value(name="k-factor", value=5.6, unit=None),
        value(name="refrigerant", value=None, unit=None, text="R-410A"),
        value(name="nominal capacity", value=5.0, unit="tons"),
    ]
    (spec,) = read(write(tmp_path, "a.json", model(values=entries)))

    assert [entry.text for entry in spec.values] == [
        "4.5 A",
        "100 to 4000 ft/min",
        "0.20 V/A",
        "5.6",
        "R-410A",
        "5.0 tons",
    ]
    assert [(entry.value, entry.low, entry.high) for entry in spec.values[:2]] == [(4.5, None, None), (None, 100, 4000)]


def test_the_revision_follows_the_text(tmp_path: Path) -> None:
    """The same files give the same revision; another figure gives another."""
    write(tmp_path, "a.json", model())
    before = Specs.load([tmp_path]).revision
    again = Specs.load([tmp_path]).revision
    write(tmp_path, "a.json", model(values=[value(value=4.6)]))

    assert again == before
    assert Specs.load([tmp_path]).revision != before


def test_the_shipped_specs_load_without_a_problem(starter: Specs) -> None:
    """At least 26 models, and some in every category."""
    counts = Counter(spec.category for spec in starter.records)

    assert starter.problems == ()
    assert len(starter.records) >= 26
    assert counts.keys() >= {
        "hvac", "fire pump", "backflow", "sprinkler head", "panel", "detector", "extinguisher", "notification",
        "kitchen", "valve",
    }  # fmt: skip


def test_the_carrier_example_is_as_the_seed_has_it(starter: Specs) -> None:
    """50TCQA06: 5.0 tons, 230 V, 18.2 A and nothing more, marked sample data."""
    spec = starter.find("50TCQA06")

    assert spec is not None
    assert (spec.maker, spec.sample) == ("Carrier", True)
    assert [(entry.name, entry.text, entry.value, entry.source) for entry in spec.values] == [
        ("nominal capacity", "5.0 tons", 5.0, SAMPLE),
        ("voltage", "230 V", 230.0, SAMPLE),
        ("amp draw", "18.2 A", 18.2, SAMPLE),
    ]


@pytest.mark.parametrize("words", ["50tcqa-06", "50 TCQA 06", "50.TCQA/06", "Carrier 50TCQA06", "carrier 50 tcqa–06"])  # noqa: RUF001
def test_a_model_is_found_however_it_is_written(starter: Specs, words: str) -> None:
    """Capitals, dashes, spaces, dots and slashes do not matter; the maker may stand in front."""
    found = starter.find(words)

    assert found is not None
    assert found.model == "50TCQA06"


@pytest.mark.parametrize("words", ["QQQQ", "", "50TCQA0", "50TCQA066", "TCQA06", "48TC", "Trane 50TCQA06"])
def test_a_model_that_is_not_there_is_not_found(starter: Specs, words: str) -> None:
    """Nothing near is given for what was asked."""
    assert starter.find(words) is None


def test_every_value_has_a_source_and_a_sample_says_so(starter: Specs) -> None:
    """A figure is either sourced or marked as sample data."""
    for spec in starter.records:
        for entry in spec.values:
            assert entry.source
            assert (entry.source == SAMPLE) == spec.sample, f"{spec.model} {entry.name}"


def test_a_note_is_a_sentence_with_no_figure_of_its_own(starter: Specs) -> None:
    """One to five notes a model, and every figure in them stands in the record."""
    for spec in starter.records:
        assert 1 <= len(spec.notes) <= 5, spec.model
        for note in spec.notes:
            assert note.endswith("."), note
            assert len(note.split()) >= 6, note
            assert set(re.findall(r"\d+", note)) <= set(re.findall(r"\d+", facts(spec))), note


def facts(spec: Spec) -> str:
    """Everything that a record states, as one text."""
    return " ".join((spec.model, *(entry.text for entry in spec.values)))


def test_search_gives_the_nearest_and_nothing_for_nonsense(starter: Specs) -> None:
    """Words of maker, product and category count; unknown words give nothing."""
    assert starter.search("ansul kitchen wet chemical")[0].model == "R-102"
    assert starter.search("diesel pump", limit=1)[0].model == "SDP-1500"
    assert starter.search("zzz qqq") == []


def test_makers_are_listed_once(starter: Specs) -> None:
    """Each maker once, in order."""
    makers = starter.makers()

    assert list(makers) == sorted(set(makers))
    assert {"Carrier", "Kidde", "System Sensor"} <= set(makers)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("amps", "amp draw"),
        ("Amperage", "amp draw"),
        ("FLA", "full load amps"),
        ("full-load amps", "full load amps"),
        ("MCA", "minimum circuit ampacity"),
        ("breaker size", "maximum overcurrent protection"),
        ("RLA", "rated load amps"),
        ("k factor", "k-factor"),
        ("tonnage", "nominal capacity"),
        ("torque", None),
    ],
)
def test_a_propertys_other_names_lead_to_it(words: str, name: str | None) -> None:
    """Amp draw, FLA, RLA, MCA and fuse size stay apart."""
    assert named(words) == name


def test_every_property_is_lower_case_and_has_units() -> None:
    """The vocabulary keeps its form."""
    for name, entry in PROPERTIES.items():
        assert name == name.lower()
        assert entry.units
        assert all(words == words.lower() for words in entry.synonyms)


def test_normal_is_stable() -> None:
    """Bringing a name to its normal form twice changes nothing."""
    assert normal(normal("FTXS-12 WVJU/9")) == normal("ftxs12wvju9") == "ftxs12wvju9"

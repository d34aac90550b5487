"""What is kept of what the technician says."""

import pytest

from appliance.turn import capture
from appliance.turn.question import Question
from sync.records import Asset

ASSETS = (
    Asset("a1", "s", "riser 1 gauge", "wet sprinkler", "gauge"),
    Asset("a2", "s", "fire pump", "fire pump", "electric fire pump"),
)


def asked(text: str, intent: str = "reading") -> Question:
    """A question as understood."""
    return Question(text, text, intent, person="dana")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("static 62, residual 55 psi", [("static pressure", 62.0, "psi"), ("residual pressure", 55.0, "psi")]),
        ("Log 120 psi on the fire pump", [("pressure", 120.0, "psi")]),
        ("record battery voltage 26.8 volts", [("battery voltage", 26.8, "V")]),
        ("note a flow of 750 gpm at 88 psi", [("flow", 750.0, "gpm"), ("pressure", 88.0, "psi")]),
        ("put down 41 °F", [("temperature", 41.0, "°F")]),
    ],
)
def test_figures_land_under_their_names_with_units(text: str, kept: list[tuple[str, float, str]]) -> None:
    """A unit said once serves both; the kind comes from the unit when nobody names it."""
    made = capture.reading(asked(text), None, ASSETS)

    assert made is not None
    assert [(op.body["what"], op.body["value"], op.body["unit"]) for op in made.operations] == kept


def test_a_reading_finds_its_asset_when_it_is_named() -> None:
    """The one asset whose name stands in the words."""
    made = capture.reading(asked("log 120 psi on the fire pump"), None, ASSETS)

    assert made is not None
    assert {operation.entity for operation in made.operations} == {"a2"}
    assert "on the fire pump" in made.readback


def test_no_figure_is_no_reading() -> None:
    """Then the turn looks for an answer instead."""
    assert capture.reading(asked("log the pressure"), None, ASSETS) is None


@pytest.mark.parametrize(
    ("text", "words", "severity"),
    [
        ("Log a deficiency: corroded head in stairwell B", "corroded head in stairwell B", "unknown"),
        ("report an impairment on riser two", "impairment on riser two", "inoperable"),
        ("Write up a leaking OS&Y valve", "leaking OS&Y valve", "unknown"),
        ("note a minor problem: missing escutcheon", "minor problem: missing escutcheon", "suggested"),
    ],
)
def test_a_finding_is_kept_in_the_technicians_words(text: str, words: str, severity: str) -> None:
    """Severity is taken from the words, or asked for."""
    made = capture.deficiency(asked(text, "deficiency"), None, ASSETS)

    assert made is not None
    assert made.operations[0].body["description"] == words
    assert made.operations[0].body["severity"] == severity
    assert ("How severe" in made.readback) == (severity == "unknown")

"""Names of a place, left out of a question."""

import pytest

from appliance.field.place import without

NAMES = ["Acme Works Northside", "Acme Works", "Acme"]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Who's the boss over at Acme?", "Who's the boss?"),
        ("Which wall is the Acme gong on?", "Which wall is the gong on?"),
        ("Where's the key to Acme's gate?", "Where's the key to their gate?"),
        ("What does Acme Works pay us?", "What does they pay us?"),
        ("What's ACME WORKS paying us?", "What's they paying us?"),
        ("I'm at Acme and the gate is shut", "I'm and the gate is shut"),
        ("Where do I park?", "Where do I park?"),
    ],
)
def test_what_is_asked_stands_alone(text: str, bare: str) -> None:
    """With its preposition where nothing of the place follows."""
    assert without(text, NAMES) == bare


def test_without_names_nothing_is_left_out() -> None:
    """A place that has none."""
    assert without("Who's the boss at Acme?", []) == "Who's the boss at Acme?"

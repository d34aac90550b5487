"""Reading a calculation out of words."""

import pytest

from appliance.field.calculation import CalculationError
from appliance.turn.calculate import MissingInput, calculate


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("What flow does a K 5.6 head give at 15 psi?", 21.7, "gpm"),
        ("flow of a K8 sprinkler at 25 psi", 40.0, "gpm"),
        ("How much does a 5.6 head flow at 40 psi?", 35.4, "gpm"),
        ("How much pressure do I need for 25 gpm from a K 8 head?", 9.8, "psi"),
        ("what K-factor gives 30 gpm at 20 psi", 6.71, ""),
        ("What size battery for 0.42 A standby and 3.8 A alarm?", 12.48, "Ah"),
        ("battery for a voice panel, standby 0.42 amps, alarm 3.8 amps", 13.24, "Ah"),
        ("half an amp standby, 4 amps alarm for 15 minutes, what battery", 15.6, "Ah"),
        ("voltage drop on 300 ft of 14 gauge at 1.5 A", 2.76, "V"),
        ("How far can I run a NAC on 14 AWG with 2 amps?", 325, "ft"),
        ("friction loss of 100 gpm through 50 feet of 2.067 inch black steel wet pipe", 4.7, "psi"),
        ("friction loss for 100 gpm in 2.067 in pipe with C 120", 0.094, "psi/ft"),
        ("convert 100 psi to bar", 6.895, "bar"),
        ("what is 40 °F in celsius", 4.444, "°C"),
    ],
)
def test_a_calculation_is_found_and_done(text: str, value: float, unit: str) -> None:
    """Every input stands in the question."""
    result = calculate(text)

    assert result is not None
    assert (result.value, result.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("What is the flow of a K 5.6 head?", "At what pressure"),
        ("What size battery for 0.4 A of standby?", "alarm current"),
        ("voltage drop at 2 A on 14 gauge wire", "How long"),
        ("How far can I run a NAC with 2 amps?", "gauge"),
        ("friction loss of 100 gpm in black steel", "diameter"),
        ("friction loss of 100 gpm in a 2.067 inch pipe", "C-factor"),
    ],
)
def test_a_missing_input_is_asked_for(text: str, asked: str) -> None:
    """Nothing is assumed that the method does not give."""
    with pytest.raises(MissingInput, match=asked):
        calculate(text)


@pytest.mark.parametrize(
    "text",
    [
        "How often are K 5.6 heads tested?",
        "How often is the battery tested?",
        "What size battery does a panel need?",
        "Log static 62 psi",
        "What is the operating pressure of the Watts 909-QT?",
        "How long must emergency lights run?",
        "",
    ],
)
def test_other_questions_are_left_alone(text: str) -> None:
    """A figure or a word of the trade alone makes no calculation."""
    assert calculate(text) is None


def test_an_input_out_of_range_is_refused() -> None:
    """A pressure that no sprinkler sees."""
    with pytest.raises(CalculationError, match="99,999 psi"):
        calculate("flow of a K 5.6 head at 99999 psi")

"""Batteries and notification circuits against worked examples of their sources."""

import pytest

from appliance.field.calculation import CalculationError
from appliance.field.power import battery, longest_run, voltage_drop


def test_a_battery_follows_the_worked_example() -> None:
    """0.42 A and 3.8 A: 12.48 Ah with twenty percent (maker-label-studio's example)."""
    assert battery(0.42, 3.8).value == 12.48


def test_voice_systems_take_fifteen_minutes() -> None:
    """The alarm time is an input, never swapped."""
    assert battery(1, 4, minutes=15).value == 30.0
    assert battery(1, 4, minutes=5).value == 29.2


def test_the_longest_run_follows_the_maker_s_examples() -> None:
    """Kidde: 2 A, 20.4 V with 0.2 V/A; and 22.4 V without a drop of its own."""
    assert longest_run(2, 14).value == 325
    assert longest_run(2, 12, 22.4).value == 829


def test_a_drop_says_whether_the_last_appliance_still_works() -> None:
    """Sixteen volts decide."""
    assert "too low" in voltage_drop(2, 500, 14).statement
    assert "enough" in voltage_drop(0.5, 100, 14).statement


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: battery(-1, 1),
        lambda: battery(1, 1, hours=0),
        lambda: battery(1, 1, margin=9),
        lambda: voltage_drop(1, 100, 22),
        lambda: voltage_drop(0, 100, 14),
        lambda: longest_run(19, 14, 18),
    ],
)
def test_what_cannot_be_is_refused(attempt: object) -> None:
    """An unknown gauge, no current, or more drop than volts."""
    with pytest.raises(CalculationError):
        attempt()  # type: ignore[operator]

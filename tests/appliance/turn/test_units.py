"""Quantities in written text."""

import pytest

from appliance import units
from appliance.units import Quantity


def read(text: str) -> list[tuple[float, str]]:
    """Value and unit of each quantity."""
    return [(round(quantity.value, 6), quantity.unit) for quantity in units.find(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18.2 A", [(18.2, "A")]),
        ("18.2 amps", [(18.2, "A")]),
        ("130 mA", [(130, "mA")]),
        ("50 µA", [(50, "µA")]),
        ("20/23 mA", [(20, "mA"), (23, "mA")]),
        ("12/24 V", [(12, "V"), (24, "V")]),
        ("12 or 24 volt", [(12, "V"), (24, "V")]),
        ("15/75 cd", [(15, "cd"), (75, "cd")]),
        ("3/16 inch", [(0.1875, "in")]),
        ("2 1/2 in", [(2.5, "in")]),
        ("8.5 to 35 V", [(8.5, "V"), (35, "V")]),
        ("32-120 °F", [(32, "°F"), (120, "°F")]),
        ("-4 to 158 °F", [(-4, "°F"), (158, "°F")]),
        ("-40 °F", [(-40, "°F")]),
        ("between 32 °F and 130 °F", [(32, "°F"), (130, "°F")]),
        ("40 degrees Fahrenheit", [(40, "°F")]),
        ("1,250 psi (8,620 kPa)", [(1250, "psi"), (8620, "kPa")]),
        ("0.25 %/ft", [(0.25, "%/ft")]),
        ("0.25 percent per foot", [(0.25, "%/ft")]),
        ("0.20 V per ampere", [(0.2, "V/A")]),
        ("0.00307 ohm per foot", [(0.00307, "ohm/ft")]),
        ("750 gallons per minute", [(750, "gpm")]),
        ("every 3 years", [(3, "year")]),
        ("a 30-minute test", [(30, "min")]),
        ("annually", [(1, "year")]),
        ("semiannually", [(6, "month")]),
        ("semi-annually", [(6, "month")]),
        ("every other year", [(2, "year")]),
        ("once a year", [(1, "year")]),
        ("twice a year", [(6, "month")]),
        ("twice per year", [(6, "month")]),
        ("4 times a year", [(3, "month")]),
        ("once every 2 weeks", [(2, "week")]),
        ("2 times every 3 years", [(3, "year")]),
        ("1 drop per second", [(1, "s")]),
        ("1 drop per minute", [(1, "min")]),
        ("$450K", [(450_000, "$")]),
        ("$48,000 a year", [(48_000, "$"), (1, "year")]),
        ("$1.2 million", [(1_200_000, "$")]),
        ("24V DC", [(24, "V")]),
        ("3 in the shaft", []),
        ("5 a day", []),
        ("Type 1", []),
        ("Class A", []),
        ("1st", []),
        ("10.6.7.2.1", []),
        ("pass/fail", []),
        ("24/7", []),
        ("6/30/2028", []),
        ("November 23, 2026", []),
        ("a second sprinkler", []),
    ],
)
def test_a_quantity_is_read_with_its_unit(text: str, found: list[tuple[float, str]]) -> None:
    """Technicians' spellings are found, and nothing that only looks like one."""
    assert read(text) == found


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Quantity(36, "month", 0, 0), Quantity(3, "year", 0, 0), True),
        (Quantity(30, "day", 0, 0), Quantity(1, "month", 0, 0), False),
        (Quantity(90, "min", 0, 0), Quantity(1.5, "h", 0, 0), True),
        (Quantity(18.2, "A", 0, 0), Quantity(18.3, "A", 0, 0), False),
        (Quantity(18.2, "A", 0, 0), Quantity(18_200, "mA", 0, 0), True),
        (Quantity(75, "ft", 0, 0), Quantity(22.9, "m", 0, 0), True),
        (Quantity(75, "ft", 0, 0), Quantity(75, "m", 0, 0), False),
        (Quantity(40, "°F", 0, 0), Quantity(4.4, "°C", 0, 0), True),
        (Quantity(40, "°F", 0, 0), Quantity(40, "°C", 0, 0), False),
        (Quantity(1, "psi", 0, 0), Quantity(1, "A", 0, 0), False),
        (Quantity(5, "", 0, 0), Quantity(5, "A", 0, 0), False),
        (Quantity(0, "V", 0, 0), Quantity(0, "V", 0, 0), True),
    ],
)
def test_quantities_are_compared_as_quantities(one: Quantity, other: Quantity, same: bool) -> None:  # noqa: FBT001
    """Exactly in one unit, within 1 % when converted, never across dimensions."""
    assert units.same(one, other) is same
    assert units.same(other, one) is same


def test_what_measures_different_things_is_not_converted() -> None:
    """Pressure is no length."""
    with pytest.raises(ValueError, match="cannot be converted"):
        units.convert(1, "psi", "ft")

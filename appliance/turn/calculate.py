"""Reads a calculation out of a question and does it; the figures in the question are its inputs.

Decisions: a calculation is done only when every input it needs stands in the question; a missing one is asked for by
name, never assumed. The only defaults are those of the method itself (24 h and 5 min for a battery, the panel's
end-of-battery voltage), and they are said, as is every input that was taken.
"""

import re

from appliance import units
from appliance.field.calculation import Calculation
from appliance.turn import circuit, water
from appliance.turn.given import given

_CONVERT = re.compile(r"\b(?:convert|in|into|to)\s+(?P<unit>[A-Za-z°/]+(?:\s[a-z]+){0,3})\s*[?.]?$", re.IGNORECASE)
_READERS = (circuit.battery, water.friction, circuit.notification, water.orifice)


def calculate(text: str) -> Calculation | None:
    """Do the calculation that `text` asks for; None when it asks for none.

    Raises:
        MissingInput: an input is not in the question.
        CalculationError: an input is out of the range in which the formula holds.
    """
    if not any(char.isdigit() for char in text) and not units.find(text):
        return None
    figures = given(text)
    for read in _READERS:
        if (result := read(figures)) is not None:
            return result
    return conversion(text)


def conversion(text: str) -> Calculation | None:
    """Convert a quantity when the question asks for another unit of the same kind; None otherwise."""
    found, match = units.find(text), _CONVERT.search(text)
    if len(found) != 1 or not match or match.start() < found[0].end - 1:
        return None
    target = units.spelled(match["unit"])
    if not target or not found[0].unit or units.dimension(target) != units.dimension(found[0].unit):
        return None
    value = units.convert(found[0].value, found[0].unit, target)
    said = f"{value:.4g}" if abs(value) < 10_000 else f"{value:,.0f}"
    asked = text[found[0].start : found[0].end]
    return Calculation(
        "conversion", float(said.replace(",", "")), target, f"{found[0].unit} to {target}",
        (("given", found[0].value, found[0].unit),), "unit conversion", f"{asked} is {said} {target}.",
    )  # fmt: skip

"""One calculation with everything that stands behind its figure."""

import math
from dataclasses import dataclass


class CalculationError(Exception):
    """An input is out of the range in which the formula holds; the message is a full sentence."""


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result with its formula, inputs and source."""

    name: str
    value: float
    unit: str
    formula: str
    inputs: tuple[tuple[str, float, str], ...]
    """Name, value, unit."""
    source: str
    statement: str
    """The result in full sentences, inputs named."""
    caveat: str = ""


def within(name: str, value: float, unit: str, low: float, high: float) -> float:
    """Give `value` back when `low` <= value <= `high`.

    Raises:
        CalculationError: it is out of that range.
    """
    if not low <= value <= high:
        raise CalculationError(
            f"{name} of {figure(value)} {unit}".rstrip()
            + f" is out of the range that I can calculate with, {figure(low)} to {figure(high)} {unit}.".replace(
                " .", "."
            )
        )
    return value


def figure(value: float, digits: int = 4) -> str:
    """Write a number plainly, at most `digits` significant digits after the integer part is kept whole."""
    if not math.isfinite(value):
        return str(value)
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:,.0f}"

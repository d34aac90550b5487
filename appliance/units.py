"""Quantities in written text: a number with its unit, found, compared and converted.

"every 3 years", "annually", "18.2 A", "2 1/2 in", "30-125 psi", "0.25 %/ft", "twice a year" all become `Quantity`.
Calendar units (month, quarter, year) and clock units (second to week) are kept apart: thirty days are not a month.

Decisions: conversion factors come from pint, looked up once per unit and kept; the spelling of units is ours, because
pint knows neither "psig" nor "gallons per minute" as technicians write them.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

UNITS: dict[str, tuple[str, tuple[str, ...]]] = {
    "s": ("second", ("s", "sec", "secs", "second", "seconds")),
    "min": ("minute", ("min", "mins", "minute", "minutes")),
    "h": ("hour", ("h", "hr", "hrs", "hour", "hours")),
    "day": ("day", ("day", "days")),
    "week": ("week", ("week", "weeks", "wk")),
    "month": ("calendar", ("month", "months", "mo")),
    "quarter": ("calendar", ("quarter", "quarters")),
    "year": ("calendar", ("year", "years", "yr", "yrs")),
    "psi": ("psi", ("psi", "psig", "pounds per square inch", "p.s.i.", "lb/in2")),
    "kPa": ("kilopascal", ("kpa", "kilopascal", "kilopascals")),
    "bar": ("bar", ("bar", "bars")),
    "inHg": ("inHg", ("inhg", "in hg", "inches of mercury")),
    "inH2O": ("inH2O", ("in wc", "in w.c.", "inches of water", "inh2o")),
    "gpm": ("gallon/minute", ("gpm", "gallons per minute", "gallon per minute", "gal/min", "gallons a minute")),
    "L/min": ("liter/minute", ("l/min", "lpm", "liters per minute", "litres per minute")),
    "ft/min": ("foot/minute", ("ft/min", "fpm", "feet per minute")),
    "cfm": ("foot**3/minute", ("cfm", "cubic feet per minute")),
    "gal": ("gallon", ("gal", "gallon", "gallons")),
    "L": ("liter", ("l", "liter", "liters", "litre", "litres")),
    "in": ("inch", ("in", "in.", "inch", "inches", '"')),
    "ft": ("foot", ("ft", "ft.", "foot", "feet")),
    "mm": ("millimeter", ("mm", "millimeter", "millimeters", "millimetres")),
    "m": ("meter", ("m", "meter", "meters", "metre", "metres")),
    "km": ("kilometer", ("km", "kilometer", "kilometers")),
    "mi": ("mile", ("mi", "mile", "miles")),
    "sq ft": ("foot**2", ("sq ft", "sq. ft.", "square feet", "square foot", "ft2", "ft²")),
    "lb": ("pound", ("lb", "lbs", "pound", "pounds")),
    "oz": ("ounce", ("oz", "ounce", "ounces")),
    "kg": ("kilogram", ("kg", "kilogram", "kilograms")),
    "°F": ("degF", ("°f", "deg f", "degrees f", "degrees fahrenheit", "fahrenheit", "f")),
    "°C": ("degC", ("°c", "deg c", "degrees c", "degrees celsius", "celsius", "c")),
    "deg": ("degree", ("°", "deg", "degree", "degrees")),
    "V": ("volt", ("v", "volt", "volts", "vac", "vdc", "v ac", "v dc")),
    "A": ("ampere", ("a", "amp", "amps", "ampere", "amperes")),
    "mA": ("milliampere", ("ma", "milliamp", "milliamps", "milliampere", "milliamperes")),
    "µA": ("microampere", ("ua", "µa", "μa", "microamp", "microamps", "microamperes")),
    "ohm": ("ohm", ("ohm", "ohms", "Ω")),
    "ohm/ft": ("ohm/foot", ("ohm/ft", "ohms/ft", "ohms per foot", "ohm per foot", "Ω/ft")),
    "V/A": ("volt/ampere", ("v/a", "v per amp", "v per ampere", "volts per amp", "volt per amp", "volts per ampere")),
    "W": ("watt", ("w", "watt", "watts")),
    "kW": ("kilowatt", ("kw", "kilowatt", "kilowatts")),
    "hp": ("horsepower", ("hp", "horsepower")),
    "ton": ("refrigeration_ton", ("ton", "tons")),
    "BTU/h": ("BTU/hour", ("btu/h", "btuh", "btu per hour")),
    "Hz": ("hertz", ("hz", "hertz")),
    "rpm": ("revolution/minute", ("rpm", "revolutions per minute")),
    "Ah": ("ampere_hour", ("ah", "amp hours", "amp-hours", "amp hour", "ampere-hours", "ampere hours", "a·h")),
    "µF": ("microfarad", ("uf", "µf", "μf", "mfd", "microfarad", "microfarads")),
    "dBA": ("own:dBA", ("dba", "db(a)", "decibels a")),
    "dB": ("own:dB", ("db", "decibel", "decibels")),
    "%": ("percent", ("%", "percent", "per cent", "pct")),
    "%/ft": ("percent/foot", ("%/ft", "percent per foot")),
    "% RH": ("own:rh", ("% rh", "percent relative humidity", "percent rh")),
    "cd": ("candela", ("cd", "candela")),
    "fc": ("own:footcandle", ("fc", "foot-candle", "foot-candles", "footcandle", "footcandles", "foot candle")),
    "lux": ("lux", ("lux", "lx")),
    "psi/ft": ("psi/foot", ("psi/ft", "psi per foot", "pounds per square inch per foot")),
    "gpm/psi½": ("own:k", ("gpm/psi^0.5", "gpm/psi½", "gpm/√psi", "gpm/psi1/2", "gpm per root psi")),
    "gpm/ft²": ("gallon/minute/foot**2", ("gpm/ft2", "gpm/ft²", "gpm per square foot")),
    "$": ("own:dollar", ("$", "dollar", "dollars", "usd")),
}
"""Canonical unit to (pint expression, spellings). `own:` units convert to nothing; `calendar` units to months."""

MONTHS = {"month": 1.0, "quarter": 3.0, "year": 12.0}
ADVERBS: dict[str, tuple[float, str]] = {
    "daily": (1, "day"), "weekly": (1, "week"), "biweekly": (2, "week"), "monthly": (1, "month"),
    "bimonthly": (2, "month"), "quarterly": (1, "quarter"), "semiannual": (6, "month"), "semiannually": (6, "month"),
    "semi-annual": (6, "month"), "semi-annually": (6, "month"), "biannually": (6, "month"), "half-yearly": (6, "month"),
    "annual": (1, "year"), "annually": (1, "year"), "yearly": (1, "year"), "biennial": (2, "year"),
    "biennially": (2, "year"), "triennial": (3, "year"), "triennially": (3, "year"), "hourly": (1, "h"),
}  # fmt: skip
"""Words that are a whole interval by themselves."""

TO_NINETEEN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = (
    {word: float(n) for n, word in enumerate(TO_NINETEEN)}
    | {word: 10.0 * n for n, word in enumerate(TENS, start=2)}
    | {"half": 0.5}
)
_TEN = "|".join(TENS)
_ONES = "|".join(TO_NINETEEN[1:10])
_WORD = rf"(?:(?:{_TEN})[- ](?:{_ONES})|{'|'.join(sorted(WORDS, key=len, reverse=True))})"
_SPELLINGS = {spelling: unit for unit, (_, spellings) in UNITS.items() for spelling in spellings}
_UNIT = "|".join(re.escape(s) for s in sorted(_SPELLINGS, key=len, reverse=True))
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_NUMBER = rf"(?:{_FIGURE})\s+\d+\s?/\s?\d+|\d+\s?/\s?\d+(?![\d/])|(?:{_FIGURE})"
_AFTER = r"(?![A-Za-z0-9µμΩ])"
_MINUS = "-\u2212"
_DASH = r"\s?(?:-|\u2013|\u2014|to|through|and|or)\s?"
_ALTERNATIVES = re.compile(r"(\d+)\s?/\s?(\d+)")
_DENOMINATORS = frozenset({2, 3, 4, 5, 6, 8, 10, 16, 32, 64})
_LETTERS = frozenset("AVWFCL")
"""Units of one letter count only as capitals: "5 A" is a current, "5 a day" is none."""
_NOT_INCHES = re.compile(r"\s(?:the|an?|this|that|each|every|any|all|one|use|place|service|series|\d)\b", re.IGNORECASE)
"""After "3 in": then "in" is a preposition."""
QUANTITY = re.compile(
    rf"(?P<money>\$)\s?(?P<cash>{_FIGURE})\s?(?P<scale>[KkMm]\b|thousand\b|million\b)?"
    rf"|(?<![\w.])(?P<lsign>[{_MINUS}]?)(?P<low>{_NUMBER})(?P<dash>{_DASH})(?P<high>{_NUMBER})[\s-]?(?P<runit>{_UNIT}){_AFTER}"
    rf"|(?<![\w.,])(?<![A-Za-z]-)(?P<sign>[{_MINUS}+±]?)(?P<num>{_NUMBER})[\s-]?(?P<unit>{_UNIT}){_AFTER}"
    rf"|\b(?P<word>{_WORD})(?:\s(?:an?|of an?))?[\s-](?P<wunit>{_UNIT}){_AFTER}"
    r"|\b(?P<every>every other|every|each|(?:once|twice|\d+ times) (?:an?|per|each|every)|a|an|per)"
    r"\s(?P<eunit>hour|day|week|month|quarter|year|minute|(?:(?<=per\s)|(?<=every\s))second)\b"
    rf"|\b(?P<adverb>{'|'.join(sorted(ADVERBS, key=len, reverse=True))})\b",
    re.IGNORECASE,
)
_PLAIN = re.compile(rf"(?<![\w.,/])(?:(?P<num>{_NUMBER})(?![\w/]|\.\d|,\d)|\b(?P<word>{_WORD})\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, where it stands in a text."""

    value: float
    unit: str
    """Canonical, a key of `UNITS`; empty for a bare number."""
    start: int
    end: int


def number(text: str) -> float:
    """Read "2,500", "2 1/2", "1/8", "twenty-five" or "half"."""
    text = text.strip().lower().replace(",", "")
    if text in WORDS:
        return WORDS[text]
    if match := re.fullmatch(rf"({_TEN})[- ]({_ONES})", text):
        return WORDS[match[1]] + WORDS[match[2]]
    whole, _, fraction = text.rpartition(" ") if "/" in text and " " in text.replace(" /", "/") else ("", "", text)
    if "/" in fraction:
        top, bottom = fraction.replace(" ", "").split("/")
        if not whole and " " in top:
            whole, top = top.split()
        return (float(whole) if whole else 0.0) + (float(top) / float(bottom) if float(bottom) else 0.0)
    return float(text)


def _unit(spelling: str) -> str:
    """Give the canonical unit of a spelling; case tells "M" from "m" nowhere here, so it is folded."""
    return _SPELLINGS.get(spelling) or _SPELLINGS[spelling.lower()]


def find(text: str) -> list[Quantity]:
    """Find every number that carries a unit or is an interval, left to right."""
    found: list[Quantity] = []
    for match in QUANTITY.finditer(text):
        if not _preposition(match, text):
            found.extend(_read(match))
    return found


def _preposition(match: re.Match[str], text: str) -> bool:
    """Tell "3 in the shaft" and "five a day" from inches and amperes."""
    spelling = match["runit"] or match["unit"] or match["wunit"] or ""
    if spelling.upper() in _LETTERS and not spelling.isupper():
        return True
    return spelling.lower() == "in" and _NOT_INCHES.match(text, match.end()) is not None


def _read(match: re.Match[str]) -> list[Quantity]:
    part, (start, end) = match.groupdict(), match.span()
    if part["money"]:
        scale = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6}.get((part["scale"] or "").lower(), 1.0)
        return [Quantity(number(part["cash"]) * scale, "$", start, end)]
    if part["runit"]:
        unit = _unit(part["runit"])
        low = -number(part["low"]) if part["lsign"] else number(part["low"])
        return [
            Quantity(low, unit, start, match.end("low")),
            Quantity(number(part["high"]), unit, match.start("high"), end),
        ]
    if part["unit"]:
        return _counted(match)
    if part["wunit"]:
        return [Quantity(number(part["word"]), _unit(part["wunit"]), start, end)]
    if part["eunit"]:
        return [_every(part["every"].lower(), part["eunit"].lower(), start, end)]
    value, unit = ADVERBS[part["adverb"].lower()]
    return [Quantity(value, unit, start, end)]


def _counted(match: re.Match[str]) -> list[Quantity]:
    unit, (start, end) = _unit(match["unit"]), match.span()
    pair = _ALTERNATIVES.fullmatch(match["num"])
    if pair and not _fraction(*pair.groups()):
        middle = match.start("num") + pair.start(2)
        return [Quantity(number(pair[1]), unit, start, middle - 1), Quantity(number(pair[2]), unit, middle, end)]
    sign = -1.0 if match["sign"] and match["sign"] in _MINUS else 1.0
    return [Quantity(sign * number(match["num"]), unit, start, end)]


def _fraction(top: str, bottom: str) -> bool:
    """Tell 3/16 in from 12/24 V and 20/23 mA, which are two values."""
    return int(top) < int(bottom) and int(bottom) in _DENOMINATORS


def _every(how: str, unit: str, start: int, end: int) -> Quantity:
    """Read "every other year", "twice a year", "4 times a year", "once a month", "per hour"."""
    unit = {"hour": "h", "minute": "min", "second": "s"}.get(unit, unit)
    if how == "every other":
        return Quantity(2.0, unit, start, end)
    times = 2.0 if how.startswith("twice") else float(how.split(maxsplit=1)[0]) if how[0].isdigit() else 1.0
    if times > 1:
        return Quantity(12.0 / times, "month", start, end) if unit == "year" else Quantity(1 / times, unit, start, end)
    return Quantity(1.0, unit, start, end)


def bare(text: str) -> list[Quantity]:
    """Find the numbers that carry no unit; give it text from which quantities and references were blanked."""
    return [
        Quantity(number(match["num"] or match["word"]), "", *match.span())
        for match in _PLAIN.finditer(text)
        if match["num"] or match["word"].lower() not in {"one", "half"}  # "one of the": a pronoun more often than not
    ]


@cache
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


@cache
def _factor(unit: str) -> tuple[str, float, float]:
    """Give (dimension, factor, offset) so that base = value * factor + offset."""
    expression = UNITS[unit][0]
    if expression == "calendar":
        return "calendar", MONTHS[unit], 0.0
    if expression.startswith("own:"):
        return expression, 1.0, 0.0
    registry = _registry()
    zero = registry.Quantity(0.0, expression).to_base_units()
    one = registry.Quantity(1.0, expression).to_base_units()
    own = {"%": "percent", "deg": "angle", "rpm": "turning", "ton": "cooling", "%/ft": "obscuration"}
    return own.get(unit, str(zero.dimensionality)), one.magnitude - zero.magnitude, zero.magnitude


def warm() -> None:
    """Look every factor up now: the first needs a third of a second, in which pint reads its tables."""
    for unit in UNITS:
        _factor(unit)


def dimension(unit: str) -> str:
    """Name what a unit measures; two units of one dimension convert into each other."""
    return _factor(unit)[0] if unit else ""


def base(quantity: Quantity) -> float:
    """Give the value in its dimension's base unit."""
    _, factor, offset = _factor(quantity.unit)
    return quantity.value * factor + offset


def same(one: Quantity, other: Quantity) -> bool:
    """Tell whether two quantities say the same: exactly in one unit, within 1 % when converted."""
    if one.unit == other.unit:
        return abs(one.value - other.value) <= 1e-9 * max(1.0, abs(one.value))
    if not one.unit or not other.unit or dimension(one.unit) != dimension(other.unit):
        return False
    left, right = base(one), base(other)
    tolerance = 1e-9 if dimension(one.unit) == "calendar" else 0.01
    return abs(left - right) <= tolerance * max(abs(left), abs(right))


def convert(value: float, unit: str, target: str) -> float:
    """Convert `value` in `unit` to `target` (both canonical).

    Raises:
        ValueError: the two measure different things.
    """
    if dimension(unit) != dimension(target):
        raise ValueError(f"{unit} cannot be converted to {target}")
    _, factor, offset = _factor(target)
    return (base(Quantity(value, unit, 0, 0)) - offset) / factor


def spelled(text: str) -> str:
    """Give the canonical unit that `text` spells, or ""."""
    text = text.strip()
    return _SPELLINGS.get(text) or _SPELLINGS.get(text.lower(), "")


def numeric(text: str, quantity: Quantity) -> bool:
    """Tell "3 years" and "three years" from "annual" and "a year", which state no number."""
    return not re.match(r"(?:an?|each|every|per|once|twice)\b", text[quantity.start :], re.IGNORECASE) and (
        text[quantity.start : quantity.end].lower() not in ADVERBS
    )

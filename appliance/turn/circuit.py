"""Standby batteries and notification circuits, read out of a question."""

import re
from itertools import permutations

from appliance.field import power
from appliance.field.calculation import Calculation
from appliance.turn.given import Given
from appliance.units import Quantity

_BATTERY = re.compile(r"\bbatter(?:y|ies)\b|\bamp(?:ere)?[- ]?hours?\b|\bAh\b", re.IGNORECASE)
_SIZING = re.compile(r"\b(?:what|which|how (?:much|big|many|large)|siz(?:e|ing)|need|give me|pick)\b", re.IGNORECASE)
_STANDBY = re.compile(
    r"\bstand[- ]?by|\bquiescent|\bidl(?:e|es|ing)\b|\bsupervis\w+|\brest(?:ing)?\b|\bquiet\b|\bnormal(?:ly)?\b|"
    r"\bsitting\b|\bsleep\w*|\bnothing\b",
    re.IGNORECASE,
)
_ALARM = re.compile(
    r"(?<!fire )\balarm\w*(?! panel)|\bring(?:s|ing)?\b|\bsound(?:s|ing)\b|\bblast\w*|\bblar\w*|\bhowl\w*|\bscream\w*|"
    r"\b(?:going|goes|gone) off\b|\bfull load\b|\beverything\b",
    re.IGNORECASE,
)
_VOICE = re.compile(r"\bvoice|\bevac", re.IGNORECASE)
_PAIR = re.compile(
    r"(?<![\w.])(\d{2})(?:\s?h(?:ou)?rs?)?\s?(?:and|over|by|/)\s?(\d{1,2})(?![\w/]|\.\d|\s?(?:A|V|amp|volt|min))"
)
""""24 and 5": hours of standby and minutes of alarm, as battery sheets call it."""
_MILLI = re.compile(r"mA\b|milli", re.IGNORECASE)
_BEHIND = 3
"""Characters by which a label before its figure counts as farther: "0.4 A standby" is said sooner."""
_FAR = 30
_BOTH = 2
_NOMINAL_VOLTS = 24
_LONGEST_ALARM = 4
"""Hours; a time below is the alarm's, one from here on the standby's."""
_WIRE = re.compile(r"\b(?:nac|notification|horns?|strobes?|wire|circuit|awg|gauge|run|string|pull)\b", re.IGNORECASE)
_DROP = re.compile(
    r"\bdrop\w*|\blos(?:e|es|ing|s|t)\b|\bgone\b|\bleft\b|\bend[- ]of[- ]line\b|\bfar end\b|\bat the end\b|"
    r"\blast (?:device|horn|strobe|appliance|one)|\bhow many volts\b|\bwhat voltage\b",
    re.IGNORECASE,
)
_DROP_ITSELF = re.compile(r"\bdrop", re.IGNORECASE)
_RUN = re.compile(
    r"\b(?:how far|how long|longest|how many feet|max(?:imum)?(?:\s\w+)?\s(?:distance|length|run|feet|footage)|max run|"
    r"max out|distance|too long|too far|reach)\b",
    re.IGNORECASE,
)
_HOW_FAR = re.compile(r"\b(?:how (?:far|long)|longest)\b", re.IGNORECASE)
_EACH = re.compile(r"\b(?:each|apiece|a piece|per (?:device|horn|strobe|appliance|unit))\b", re.IGNORECASE)
_OF = re.compile(r"\b(?:of|on|in|over|through|with)\s$", re.IGNORECASE)
_ROUND = re.compile(
    r"\b(?:round trip|out and back|there and back|both ways|both conductors|total wire)\b", re.IGNORECASE
)
_SYSTEM = re.compile(
    r"\s?(?:dc\s)?(?:nac|panel|circuit|system|horn|strobe|supply|power|notification|device)", re.IGNORECASE
)
_RULE = re.compile(r"\b(?:why|often|worked|example|formula|optimistic|too small|slc|resistance|ohms?)\b", re.IGNORECASE)
"""Words of a question in which figures are no inputs."""


def battery(figures: Given) -> Calculation | None:
    """Size a standby battery from the two currents; 24 h and 5 min, 15 min for voice, unless times are given.

    Raises:
        appliance.turn.given.MissingInput: a current is missing.
        appliance.field.calculation.CalculationError: an input is out of range.
    """
    if not figures.all("A") or figures.all("AWG") or figures.says(_RULE):
        return None
    standby, alarm = _roles(figures)
    if not figures.says(_BATTERY) or ((standby is None or alarm is None) and not figures.says(_SIZING)):
        return None
    if standby is None:
        figures.lacks("What is the standby current, in amps?")
    elif alarm is None:
        figures.lacks("What is the alarm current, in amps?")
    else:
        hours, minutes = _times(figures)
        usual = 15.0 if _VOICE.search(figures.text) else 5.0
        margins = [1 + one / 100 for one in figures.values("%")]
        return power.battery(standby, alarm, hours or 24.0, minutes or usual, *margins[:1])
    return None


def _roles(figures: Given) -> tuple[float | None, float | None]:
    """Tell the standby from the alarm current by the words that stand nearest to each; None where no word tells."""
    currents = _currents(figures)
    if not (figures.says(_STANDBY) or figures.says(_ALARM)):
        return None, None
    if len(currents) == 1:
        quiet = _far(figures, currents[0], _STANDBY) <= _far(figures, currents[0], _ALARM)
        return (currents[0].value, None) if quiet else (None, currents[0].value)
    pairs = permutations(currents, 2)
    first, second = min(pairs, key=lambda two: _far(figures, two[0], _STANDBY) + _far(figures, two[1], _ALARM))
    near = (_far(figures, first, _STANDBY) < _FAR, _far(figures, second, _ALARM) < _FAR)
    # of two currents the one that no word labels is the other one; of three it may be neither
    return (first.value, second.value) if all(near) or (any(near) and len(currents) == _BOTH) else (None, None)


def _currents(figures: Given) -> list[Quantity]:
    """Give the currents; "0.42 amps standby and 3.8 in alarm" has one unit for both."""
    currents = figures.all("A")
    if len(currents) == 1 and not _MILLI.search(figures.text[currents[0].start : currents[0].end]):
        labels = (_STANDBY, _ALARM)
        currents += [one for one in figures.all("") if min(_far(figures, one, label) for label in labels) < _FAR / 2]
    return currents


def _far(figures: Given, quantity: Quantity, label: re.Pattern[str]) -> int:
    """Give how far a figure stands from the nearest of its labels, at most `_FAR`."""
    gaps = [
        match.start() - quantity.end if match.start() >= quantity.end else quantity.start - match.end() + _BEHIND
        for match in label.finditer(figures.rest)
    ]
    return min([gap for gap in gaps if gap >= 0], default=_FAR)


def _times(figures: Given) -> tuple[float, float]:
    """Give hours of standby and minutes of alarm, 0 where none is said."""
    hours, minutes = figures.values("h"), figures.values("min")
    if pair := _PAIR.search(figures.text):
        hours, minutes = hours or [float(pair[1])], minutes or [float(pair[2])]
    minutes += [60 * one for one in hours if one < _LONGEST_ALARM]
    return next((one for one in hours if one >= _LONGEST_ALARM), 0.0), next(iter(minutes), 0.0)


def notification(figures: Given) -> Calculation | None:
    """Work out the voltage drop over a length, or the longest run where none is given.

    Raises:
        appliance.turn.given.MissingInput: an input is missing.
        appliance.field.calculation.CalculationError: an input is out of range.
    """
    if not _about_wire(figures):
        return None
    gauges, lengths, current = _gauges(figures), figures.values("ft"), _total(figures)
    far = figures.says(_RUN) and not (lengths and (figures.says(_DROP) or not figures.says(_HOW_FAR)))
    if len(gauges) != 1:
        figures.lacks("What gauge is the wire?")
    elif current is None:
        figures.lacks("What is the total alarm current of the circuit, in amps?")
    elif far:
        return power.longest_run(current, int(gauges[0]), _source(figures))
    elif len(lengths) != 1 or _ROUND.search(figures.text):
        figures.lacks("How long is the circuit one way, in feet?")
    else:
        return power.voltage_drop(current, lengths[0], int(gauges[0]), _source(figures))
    return None


def _about_wire(figures: Given) -> bool:
    """Tell whether the drop or the reach of a circuit is asked for."""
    gauge, current, length = bool(_gauges(figures)), bool(figures.all("A")), bool(figures.all("ft"))
    if figures.says(_RULE) or figures.says(_BATTERY) or not (gauge or (current and figures.says(_WIRE))):
        return False
    if gauge and not (current or length):
        return figures.says(_RUN) or figures.says(_DROP_ITSELF)
    return figures.says(_RUN) or figures.says(_DROP) or (gauge and current and length)


def _gauges(figures: Given) -> list[float]:
    """Give the gauges; beside a current "300 feet of 18" and "on 18, max run" are too."""
    named = figures.values("AWG")
    if named or _EACH.search(figures.text) or not (figures.all("A") and (figures.all("ft") or figures.says(_RUN))):
        return named
    return [
        one.value
        for one in figures.all("")
        if one.value in power.OHMS_PER_FOOT and _OF.search(figures.text[: one.start])
    ]


def _total(figures: Given) -> float | None:
    """Give the current of the whole circuit: the one said, or so many appliances of so much each."""
    currents = figures.values("A")
    if len(currents) != 1:
        return None
    if not _EACH.search(figures.text):
        return currents[0]
    counts = [one for one in figures.values("") if one == int(one) and one > 0]
    return round(counts[0] * currents[0], 6) if len(counts) == 1 else None


def _source(figures: Given) -> float:
    """Give the source voltage: the one said, but 24 V before "panel" names the system, and 16 V is the appliance's."""
    said = [
        one.value
        for one in figures.all("V")
        if one.value != power.APPLIANCE_VOLTS
        and not (one.value == _NOMINAL_VOLTS and _SYSTEM.match(figures.text, one.end))
    ]
    return max(said, default=power.SOURCE_VOLTS)

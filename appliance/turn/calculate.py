"""Reads a calculation out of a question and does it; the figures in the question are its inputs.

Decisions: a calculation is done only when every input it needs stands in the question with its unit; a missing one is
asked for by name, never assumed. The only defaults are those of the method itself (24 h and 5 min for a battery, the
panel's end-of-battery voltage), and they are said.
"""

import re

from appliance import units
from appliance.field import hydraulics, power
from appliance.field.calculation import Calculation, CalculationError
from appliance.turn.claims import claims
from appliance.units import Quantity

_FRICTION = re.compile(r"\b(?:friction|hazen|loss (?:in|through|per|over|of)|pressure loss|losses)\b", re.IGNORECASE)
_BATTERY = re.compile(r"\bbatter(?:y|ies)\b|\bamp[- ]?hours?\b|\bAh\b", re.IGNORECASE)
_DROP = re.compile(
    r"\bvoltage drop|\b(?:voltage|volts)\b.{0,20}\b(?:lose|lost|loss|drop)|\bdrop(?:s|ped)?\b.{0,40}\b(?:gauge|awg)"
    r"|\bend[- ]of[- ]line voltage",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"\b(?:how far|how long|longest|max(?:imum)?)\b.{0,60}\b(?:nac|circuit|run|wire|loop|awg|gauge)", re.IGNORECASE
)
_NAC = re.compile(r"\b(?:nac|awg|gauge|notification (?:circuit|appliance)|horn|strobe|wire)", re.IGNORECASE)
_GAUGE = re.compile(r"\b(\d{2})[\s-]?(?:awg|gauge|ga)\b|(?:awg|gauge)\s?(\d{2})\b", re.IGNORECASE)
_C = re.compile(r"\bC(?:[- ]?factor|[- ]?value)?(?:\s(?:of|is))?[\s=]{1,3}(\d{2,3})\b")
_K = re.compile(r"\bK[- ]?factor\b|\bwhat k\b|\bwhich k\b|\bk do i need", re.IGNORECASE)
_HEAD = re.compile(r"(?<![\d.])(\d{1,2}\.\d)\s(?:sprinkler\s)?(?:heads?|sprinklers?)\b", re.IGNORECASE)
"""A head is often called by its K-factor alone: "a 5.6 head"; the answer says which K was taken."""
_CONVERT = re.compile(r"\b(?:convert|in|into|to)\s+(?P<unit>[A-Za-z°/]+(?:\s[a-z]+){0,3})\s*[?.]?$", re.IGNORECASE)
_STANDBY, _ALARM, _VOICE = (re.compile(p, re.IGNORECASE) for p in (r"stand[- ]?by|quiescent", r"\balarm", r"\bvoice"))


class MissingInput(Exception):  # noqa: N818 - not an error: a question back to the technician
    """The question is a calculation but lacks an input; the message asks for it in a full sentence."""


def calculate(text: str) -> Calculation | None:
    """Do the calculation that `text` asks for; None when it asks for none.

    Raises:
        MissingInput: an input is not in the question.
        CalculationError: an input is out of the range in which the formula holds.
    """
    for read in (_battery, _friction, _nac, _orifice, conversion):
        if (result := read(text)) is not None:
            return result
    return None


def _values(text: str, *names: str) -> list[Quantity]:
    """Find the quantities that measure what `names` (canonical units) measure, converted to the first of them."""
    kind = units.dimension(names[0])
    return [
        Quantity(round(units.convert(q.value, q.unit, names[0]), 6), names[0], q.start, q.end)
        for q in units.find(text)
        if q.unit and units.dimension(q.unit) == kind
    ]


def _k(text: str) -> float | None:
    found = [claim.quantity.value for claim in claims(text) if claim.text == "k" and claim.quantity]
    if found:
        return found[0]
    said = _HEAD.search(text)
    return float(said[1]) if said else None


def _orifice(text: str) -> Calculation | None:
    k, flows, pressures = _k(text), _values(text, "gpm"), _values(text, "psi")
    if k is not None and pressures and not flows:
        return hydraulics.flow(k, pressures[0].value)
    if k is not None and flows and not pressures:
        return hydraulics.pressure(k, flows[0].value)
    if k is None and flows and pressures and _K.search(text):
        return hydraulics.k_factor(flows[0].value, pressures[0].value)
    if k is not None and re.search(r"\b(?:flow|gpm|discharge|pressure|psi)\b", text, re.IGNORECASE):
        if re.search(r"\bminimum|listed|rated\b", text, re.IGNORECASE):
            return None
        raise MissingInput("At what pressure, in psi? Or for what flow, in gpm?")
    return None


def _friction(text: str) -> Calculation | None:
    flows = _values(text, "gpm")
    if not _FRICTION.search(text) or not flows:
        return None
    sizes = [q for q in _values(text, "in") if q.end - q.start and _spelled(text, q, ("in", "mm"))]
    lengths = [q for q in _values(text, "ft") if _spelled(text, q, ("ft", "m"))]
    if not sizes:
        raise MissingInput("What is the inside diameter of the pipe, in inches?")
    stated = _C.search(text)
    try:
        c = float(stated[1]) if stated else hydraulics.c_factor(text)
    except CalculationError as error:
        raise MissingInput(str(error)) from error
    return hydraulics.friction(flows[0].value, c, sizes[0].value, lengths[0].value if lengths else None)


def _spelled(text: str, quantity: Quantity, names: tuple[str, ...]) -> bool:
    """Tell whether a quantity was said in one of these units: pipe sizes come in inches, runs in feet."""
    return any(q.start == quantity.start and q.unit in names for q in units.find(text))


def _battery(text: str) -> Calculation | None:
    currents = _values(text, "A")
    if not _BATTERY.search(text) or not currents:
        return None
    standby = _beside(text, currents, _STANDBY)
    alarm = _beside(text, [q for q in currents if q != standby], _ALARM)
    if standby is None:
        raise MissingInput("What is the standby current, in amps?")
    if alarm is None:
        raise MissingInput("What is the alarm current, in amps?")
    hours = [q.value for q in units.find(text) if q.unit == "h"]
    minutes = [q.value for q in units.find(text) if q.unit == "min"]
    usual = 15.0 if _VOICE.search(text) else 5.0
    return power.battery(standby.value, alarm.value, hours[0] if hours else 24, minutes[0] if minutes else usual)


def _beside(text: str, currents: list[Quantity], label: re.Pattern[str]) -> Quantity | None:
    """Pick the current that stands nearest to its label, after it ("0.4 A standby") sooner than before it."""
    best: tuple[int, Quantity] | None = None
    for match in label.finditer(text):
        for quantity in currents:
            gap = match.start() - quantity.end if match.start() >= quantity.end else quantity.start - match.end() + 3
            if 0 <= gap <= 30 and (best is None or gap < best[0]):
                best = gap, quantity
    return best[1] if best else None


def _nac(text: str) -> Calculation | None:
    gauge, currents = _GAUGE.search(text), _values(text, "A")
    run, drop = _RUN.search(text), _DROP.search(text)
    if not (run or drop) or not _NAC.search(text) or not (gauge or currents):
        return None
    if not gauge:
        raise MissingInput("What gauge is the wire?")
    if not currents:
        raise MissingInput("What is the total alarm current of the circuit, in amps?")
    volts = [q.value for q in _values(text, "V")]
    lengths = _values(text, "ft")
    source = volts[0] if volts else power.SOURCE_VOLTS
    number = int(gauge[1] or gauge[2])
    if lengths and drop:
        return power.voltage_drop(currents[0].value, lengths[0].value, number, source)
    if drop and not run:
        raise MissingInput("How long is the circuit one way, in feet?")
    return power.longest_run(currents[0].value, number, source)


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
    given = text[found[0].start : found[0].end]
    return Calculation(
        "conversion", float(said.replace(",", "")), target, f"{found[0].unit} to {target}",
        (("given", found[0].value, found[0].unit),), "unit conversion", f"{given} is {said} {target}.",
    )  # fmt: skip

"""A column's words read as property, unit and condition, and a cell as the figure it prints."""

import re
from dataclasses import dataclass

from corpora.property import PROPERTIES, WORDS, named

_UNITS = {
    "A": "a amp amps ampere amperes adc aac a.", "mA": "ma milliamps milliamperes", "µA": "µa μa ua microamps",
    "V": "v volt volts vdc vac v.dc v.ac vrms", "Hz": "hz hertz", "hp": "hp bhp horsepower", "kW": "kw kilowatts",
    "psi": "psi psig lb/in2", "gpm": "gpm", "°F": "°f ºf degf deg.f f", "lb": "lb lbs lb. lbs. pounds",
    "in": 'in in. inch inches "', "Ah": "ah amp-hours a-h", "tons": "tons ton", "Btu/h": "btu/h btuh btu/hr",
    "rpm": "rpm r/min", "gal": "gal gal. gallon gallons", "dBA": "dba db(a)", "cd": "cd candela", "%": "% %rh",
    "cfm": "cfm", "ft/min": "ft/min fpm", "ft": "ft ft. feet", "s": "s sec sec. seconds", "oz": "oz oz. ounces",
    "µF": "µf μf uf mfd", "SEER": "seer", "SEER2": "seer2", "EER": "eer", "months": "months", "years": "years",
    "devices": "devices", "points": "points", "turns": "turns", "units": "units", "V/A": "v/a",
    "gpm/psi^0.5": "gpm/psi^0.5 gpm/psi½",
}  # fmt: skip
"""Unit as `property` writes it to the ways in which it is printed, lower case without blanks."""
_BY_PRINT = {way: unit for unit, ways in _UNITS.items() for way in ways.split()}
_OWN_UNIT = {"fla": "A", "mca": "A", "rla": "A", "lra": "A", "mocp": "A"}
"""Abbreviations that are currents by what they stand for."""

_TAIL = re.compile(r"(?P<name>.*?)\s*[(\[,]\s*(?P<unit>[^()\[\],]+)\s*[)\]]?\s*$", re.DOTALL)
_NOTE = re.compile(r"\s*(?:[*†‡§¹²³]+|\[\w\])$")
_NUMBER = r"[-+\u2212]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_CELL = re.compile(
    rf"(?P<low>{_NUMBER})(?P<unit1>\s*[^\d\s\u2013~-][^\d]*?)?"
    rf"(?:\s*(?:to|\u2013|-|~|\.\.\.)\s*(?P<high>{_NUMBER})(?P<unit2>\s*[^\d\s][^\d(]*)?)?(?:\s*\([^()]*\))?",
    re.IGNORECASE,
)
_FRACTION = re.compile(r"(?P<text>(?:\d+[- ])?\d+/\d+)\s*(?P<unit>\D*)")


@dataclass(frozen=True, slots=True)
class Label:
    """What a header says."""

    name: str
    """A name of `property.PROPERTIES`."""
    unit: str
    """As the property writes it; empty when the header says none."""
    printed: str = ""
    """The unit as the header prints it: "VDC"."""
    condition: str = ""
    """The rest of a header of several rows."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One value as a spec file has it."""

    unit: str
    text: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None

    def as_json(self) -> dict[str, object]:
        """Give its fields as they stand in a spec file, the empty ones left out."""
        fields = {"unit": self.unit, "text": self.text, "value": self.value, "low": self.low, "high": self.high}
        return {key: _whole(field) for key, field in fields.items() if field not in {"", None}}


def _whole(figure: object) -> object:
    return int(figure) if isinstance(figure, float) and figure.is_integer() else figure


def unit_of(text: str) -> str:
    """Give the unit that a text prints, as `property` writes it; empty when it is none.

    >>> unit_of("VDC"), unit_of("deg. F"), unit_of("kPa")
    ('V', '°F', '')
    """
    plain = re.sub(r"\s+", "", text).lower().replace("deg.f", "degf")
    return _BY_PRINT.get(plain, "")


def labelled(header: str, unit: str = "") -> Label | None:
    """Read a header as a property: "MCA (A)", "Supply voltage, VDC", "208/230-3-60 / MCA"; None when it names none.

    `unit` is what a column of units prints, and goes before the header's own.
    """
    for name, own, condition in _readings(_NOTE.sub("", header.strip().rstrip(":"))):
        found = named(name)
        if found is None:
            continue
        printed = unit or own or _own_unit(name)
        said = unit_of(printed)
        if printed and said not in PROPERTIES[found].units:
            return None
        return Label(found, said, printed, condition)
    return None


def _readings(header: str) -> list[tuple[str, str, str]]:
    """Give the ways of taking a header apart into name, unit and condition, the plainest first."""
    ways = [(header, "", "")]
    rows = header.split(" / ")
    if len(rows) > 1:
        ways.append((rows[-1], "", " / ".join(rows[:-1])))
    for name, _, condition in list(ways):
        tail = _TAIL.fullmatch(name)
        if tail and unit_of(tail["unit"]):
            ways.append((tail["name"], tail["unit"].strip(), condition))
        words = name.rsplit(None, 1)
        if len(words) == 2 and unit_of(words[1]):
            ways.append((words[0], words[1], condition))
    return ways


def _own_unit(name: str) -> str:
    """Give the unit that a name says by itself: "GPM", "MCA", "full load amps"."""
    last = name.split()[-1:]
    ends = last[0] if last and len(last[0]) > 2 and unit_of(last[0]) else ""
    return name if unit_of(name) else _OWN_UNIT.get(name.strip().lower(), ends)


def measured(cell: str, label: Label) -> Measure | None:
    """Read a cell as a value of a property; None when it is no figure, or has no unit that the property may carry."""
    text = " ".join(_NOTE.sub("", cell.strip()).split())
    units = PROPERTIES[label.name].units
    if units == (WORDS,):
        return _worded(text)
    if WORDS in units and not label.unit and re.fullmatch(_NUMBER, text):
        return Measure(WORDS, value=_figure(text))
    fraction = _FRACTION.fullmatch(text)
    if fraction:
        unit, printed = _unit(fraction["unit"], label, units)
        return Measure(unit, text=f"{fraction['text']} {printed}") if unit else None
    found = _CELL.fullmatch(text)
    return _ranged(found, label, units) if found else None


def _ranged(found: re.Match[str], label: Label, units: tuple[str, ...]) -> Measure | None:
    """Give one figure, or the two ends of a range."""
    unit, printed = _unit(found["unit2"] or found["unit1"] or "", label, units)
    if not unit or (found["unit1"] and found["unit2"] and unit_of(found["unit1"]) != unit):
        return None
    low, high = _figure(found["low"]), _figure(found["high"]) if found["high"] else None
    said = " to ".join(str(_whole(figure)) for figure in (low, high) if figure is not None)
    text = f"{said} {printed}" if printed != unit else ""
    if high is None:
        return Measure(unit, text, value=low)
    return Measure(unit, text, low=low, high=high) if low < high else None


def _unit(own: str, label: Label, units: tuple[str, ...]) -> tuple[str, str]:
    """Give the unit of a cell, its own before its column's, and as printed; empty when it may not be carried.

    What is printed is kept where it says more: "VDC" for a voltage, "psig" for a pressure.
    """
    printed = own.strip() or label.printed
    unit = unit_of(printed)
    if unit not in units:
        return "", ""
    return unit, printed if len(printed) > len(unit) and unit in printed and printed.isalpha() else unit


def _worded(text: str) -> Measure | None:
    """A property without unit keeps its words, when they are few and say something."""
    said = re.search(r"[^\W_]", text) is not None and text.lower() not in {"n/a", "na", "none", "tbd"}
    return Measure(WORDS, text=text) if said and len(text) <= 60 else None


def _figure(text: str) -> float:
    return float(text.replace(",", "").replace("\u2212", "-"))

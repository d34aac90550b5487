"""Quantities: a number, a fraction or a range, with its unit."""

import re
from collections.abc import Mapping

from appliance.mouth.letters import identifier
from appliance.mouth.numerals import DENOMINATORS, SIGNS, fraction, mixed, number
from appliance.mouth.piece import Piece, Rule, rule

UNITS: Mapping[str, tuple[str, str]] = {
    "psi": ("P S I", "P S I"),
    "psig": ("P S I G", "P S I G"),
    "gpm": ("gallon per minute", "gallons per minute"),
    "cfm": ("cubic foot per minute", "cubic feet per minute"),
    "rpm": ("revolution per minute", "revolutions per minute"),
    "fpm": ("foot per minute", "feet per minute"),
    "lpm": ("liter per minute", "liters per minute"),
    "ft": ("foot", "feet"),
    "ft\u00b2": ("square foot", "square feet"),
    "ft2": ("square foot", "square feet"),
    "ft\u00b3": ("cubic foot", "cubic feet"),
    "sq ft": ("square foot", "square feet"),
    "in": ("inch", "inches"),
    "inHg": ("inch of mercury", "inches of mercury"),
    "inH2O": ("inch of water", "inches of water"),
    "in. w.c.": ("inch of water column", "inches of water column"),
    "in w.c.": ("inch of water column", "inches of water column"),
    "in wc": ("inch of water column", "inches of water column"),
    "mi": ("mile", "miles"),
    "mm": ("millimeter", "millimeters"),
    "cm": ("centimeter", "centimeters"),
    "m": ("meter", "meters"),
    "m\u00b2": ("square meter", "square meters"),
    "m\u00b3": ("cubic meter", "cubic meters"),
    "km": ("kilometer", "kilometers"),
    "\u00b0F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "\u00b0C": ("degree Celsius", "degrees Celsius"),
    "deg F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "deg C": ("degree Celsius", "degrees Celsius"),
    "F": ("degree Fahrenheit", "degrees Fahrenheit"),
    "C": ("degree Celsius", "degrees Celsius"),
    "\u00b0": ("degree", "degrees"),
    "V": ("volt", "volts"),
    "mV": ("millivolt", "millivolts"),
    "kV": ("kilovolt", "kilovolts"),
    "VAC": ("volt A-C", "volts A-C"),
    "VDC": ("volt D C", "volts D C"),
    "V AC": ("volt A-C", "volts A-C"),
    "V DC": ("volt D C", "volts D C"),
    "A": ("amp", "amps"),
    "mA": ("milliamp", "milliamps"),
    "\u00b5A": ("microamp", "microamps"),
    "Ah": ("amp-hour", "amp-hours"),
    "AH": ("amp-hour", "amp-hours"),
    "mAh": ("milliamp-hour", "milliamp-hours"),
    "W": ("watt", "watts"),
    "kW": ("kilowatt", "kilowatts"),
    "VA": ("volt-amp", "volt-amps"),
    "kVA": ("kilovolt-amp", "kilovolt-amps"),
    "hp": ("horsepower", "horsepower"),
    "HP": ("horsepower", "horsepower"),
    "BTU": ("B T U", "B T U"),
    "Btu": ("B T U", "B T U"),
    "Hz": ("hertz", "hertz"),
    "kHz": ("kilohertz", "kilohertz"),
    "MHz": ("megahertz", "megahertz"),
    "dB": ("decibel", "decibels"),
    "dBA": ("D B A", "D B A"),
    "cd": ("candela", "candela"),
    "\u03a9": ("ohm", "ohms"),
    "\u2126": ("ohm", "ohms"),
    "k\u03a9": ("kilohm", "kilohms"),
    "ohm/ft": ("ohm per foot", "ohms per foot"),
    "ohms/ft": ("ohm per foot", "ohms per foot"),
    "\u00b5F": ("microfarad", "microfarads"),
    "\u03bcF": ("microfarad", "microfarads"),
    "\u03bcA": ("microamp", "microamps"),
    "fc": ("foot-candle", "foot-candles"),
    "lux": ("lux", "lux"),
    "% RH": ("percent relative humidity", "percent relative humidity"),
    "psi\u00bd": ("root P S I", "root P S I"),
    "psi^0.5": ("root P S I", "root P S I"),
    "ft-lb": ("foot-pound", "foot-pounds"),
    "ft-lbs": ("foot-pound", "foot-pounds"),
    "ft\u00b7lb": ("foot-pound", "foot-pounds"),
    "in-lb": ("inch-pound", "inch-pounds"),
    "in-lbs": ("inch-pound", "inch-pounds"),
    "AWG": ("A-W G", "A-W G"),
    '"': ("inch", "inches"),
    "\u2033": ("inch", "inches"),
    "%": ("percent", "percent"),
    "ppm": ("part per million", "parts per million"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "kg": ("kilogram", "kilograms"),
    "g": ("gram", "grams"),
    "gal": ("gallon", "gallons"),
    "L": ("liter", "liters"),
    "mL": ("milliliter", "milliliters"),
    "cc": ("cubic centimeter", "cubic centimeters"),
    "bar": ("bar", "bar"),
    "kPa": ("kilopascal", "kilopascals"),
    "MPa": ("megapascal", "megapascals"),
    "s": ("second", "seconds"),
    "sec": ("second", "seconds"),
    "ms": ("millisecond", "milliseconds"),
    "min": ("minute", "minutes"),
    "h": ("hour", "hours"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "mo": ("month", "months"),
    "yr": ("year", "years"),
    "yrs": ("year", "years"),
    "mph": ("mile per hour", "miles per hour"),
    "GB": ("gigabyte", "gigabytes"),
    "MB": ("megabyte", "megabytes"),
    "kB": ("kilobyte", "kilobytes"),
}
"""Unit as written to how one and several are said; what is written out ("5 year test") is said as it stands."""
ABBREVIATED = frozenset({"ft", "in", "min", "sec", "hr", "hrs", "lb", "lbs", "oz", "gal", "yr", "yrs", "mo", "sq ft"})
"""Units that may carry a full stop."""
ARTICLE = frozenset("aeiou")
NUMBER = (
    r"(?:\d+(?:,\d{3})*[ -]\d+[/\u2044]\d+|\d+[/\u2044]\d+|\d[\d,]*\s?[\u00bd\u00bc\u00be\u2153\u2154\u215b-\u215e]|"
    r"[\u00bd\u00bc\u00be\u2153\u2154\u215b-\u215e]|\d+(?:,\d{3})*(?:\.\d+)?|\.\d+)"
)
"""A number as it may be written: 2 1/2, 2-1/2, 1/8, 2½, ½, 2,500, 355.5, .25."""
NAMES = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
NOT_INCH = (
    r"(?!in\.?\s+(?:the|an?|this|that|these|those|each|every|all|any|some|our|your|their|its|total|case|order|place|"
    r"service|use|good|both|which|"
    r"with|accordance)\b|in\.?\s+(?:[A-Z]|\d))"
)
"""Behind these, "in" is a preposition: "5 in the riser room", "3 in 2017"."""
UNIT = rf"(?:{NOT_INCH}({NAMES})(?:/({NAMES}))?(?![\w\u00b0]|-\w|/[A-Za-z]))"
DASH = r"\s?(?:\u2013|\u2014|-|\u2212)\s?"
MINUS = r"(?:(?<![\w.)/])[-\u2212\u2013](?=[\d.]))"
END = r"(?!\w|-[A-Z]|/\d|\.\d)"
"""No identifier goes on behind the number."""
QUANTITY = (
    rf"({MINUS})?(?:(?<!\w)|(?<=\d[xX]))({NUMBER})"
    rf"(?:{DASH}({NUMBER}))?(?:\s?{UNIT}(\.)?|{END})(?!\d|/(?!\d|[A-Za-z]))"
)
FEET = r"(?<![\w.])(\d+)(?:['\u2032]| ft(?=-\d))(?:[ -]{0,2}(\d+(?:[ -]\d+/\d+)?)(?:[\"\u2033]| in\b\.?))?(?!\w)"
PLATE = r"(?<![\w./-])(\d{3})(?:[-/](\d{3}))?/([13])/([56]0)(?![\w/])"
HYPHENATED = rf"(?<![\w.])({NUMBER})(?:-to-({NUMBER}))?-((?:{NAMES})(?!\w)|[a-z][A-Za-z]*)(?!-?\d)(\.(?=\s+[a-z]))?"
WHOLE = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+")
SPLIT = re.compile(r"(\d[\d,]*)[\s-]+(\d+)[/\u2044](\d+)\Z|(\d+)[/\u2044](\d+)\Z")


def plain(figure: str) -> str:
    """Write a fraction sign out: 2½ as 2 1/2."""
    for sign, written in SIGNS.items():
        figure = figure.replace(sign, f" {written}")
    return figure.strip()


def amount(figure: str) -> str:
    """Read a number, mixed or not."""
    match = SPLIT.match(plain(figure))
    if match is None:
        return number(figure)
    if match[1]:
        return mixed(match[1], int(match[2]), int(match[3]))
    return fraction(int(match[4]), int(match[5]))


def partial(figure: str) -> bool:
    """Is the number a true fraction below one, so that its unit is said "of an inch"?"""
    match = SPLIT.match(plain(figure))
    return bool(match and match[4] and int(match[5]) in DENOMINATORS and int(match[4]) < int(match[5]))


def unit_name(figure: str, unit: str, per: str | None) -> str:
    """Name the unit in the number that `figure` asks for."""
    one, several = UNITS[unit]
    if partial(figure):
        said = f"of {'an' if one[0] in ARTICLE or unit in ('h', 'hr', 'hrs') else 'a'} {one}"
        said = one if one.isupper() or one == several else said
    else:
        said = one if figure in ("1", "1.0") else several
    return f"{said} per {UNITS[per][0]}" if per else said


def quantity(match: re.Match[str]) -> Piece:
    """Say a quantity."""
    minus, first, second, unit, per, stop = match.groups()
    if second and not unit and not rising(first, second):
        return Piece(numbered(first, second))
    if unit == '"' and quoted(match):
        unit = None
    said = ("minus " if minus else "") + (amount(first) if not unit else paired(first))
    if second:
        said += f" to {amount(second)}"
    if unit:
        said += f" {unit_name(second or first, unit, per)}"
    if stop and (unit not in ABBREVIATED or sentence_ends(match)):
        said += "."
    return Piece(said, figure=bool(unit))


def quoted(match: re.Match[str]) -> bool:
    """Does the mark behind the number close a quotation, so that it is no sign for inches?"""
    before = match.string[: match.start()]
    return len(re.findall(r'(?<![\d\u00bc-\u00be])"', before)) % 2 == 1


def rising(first: str, second: str) -> bool:
    """Can two numbers with a dash between be the ends of a range: "10-15", but neither "418087-12" nor "3/8-16"?"""
    if not (WHOLE.fullmatch(first) and WHOLE.fullmatch(second)):
        return not (re.fullmatch(r"\d+/\d+", first) and WHOLE.fullmatch(second))
    leads = len(second) > 1 and second.startswith("0") and "." not in second
    return not leads and float(first.replace(",", "")) < float(second.replace(",", ""))


def numbered(first: str, second: str) -> str:
    """Read a number of two parts that is no range: a document's, a thread's, a telephone's."""
    if "/" in first or len(first) < 3 or (len(first) == 4 and len(second) < 3):
        return f"{amount(first)} dash {amount(second)}"
    return identifier(f"{first}-{second}")


def paired(figure: str) -> str:
    """Read the number before a unit; 12/24 of "12/24 V" are two values and no fraction."""
    match = SPLIT.match(plain(figure))
    if match and match[4] and not partial(figure):
        return f"{number(match[4])} slash {number(match[5])}"
    return amount(figure)


def feet(match: re.Match[str]) -> Piece:
    """Say 5'-6" as "five feet six inches"."""
    if match[2] is None and re.search(r"(?:^|\s)['\u2018]\w", match.string[: match.start()]):
        return Piece(number(match[1]))
    said = f"{number(match[1])} {'foot' if match[1] == '1' else 'feet'}"
    if match[2]:
        said += f" {amount(match[2])} {'inch' if match[2] == '1' else 'inches'}"
    return Piece(said, figure=True)


def plate(match: re.Match[str]) -> str:
    """Say volts, phases and hertz of a nameplate, 208-230/3/60, without naming what is not written."""
    low, high, phases, hertz = match.groups()
    volts = f"{number(low)} to {number(high)}" if high else number(low)
    return f"{volts}, {number(phases)}, {number(hertz)}"


def sentence_ends(match: re.Match[str]) -> bool:
    """Does a sentence end where the match ends?"""
    rest = match.string[match.end() :]
    return not rest.strip() or bool(re.match(r"\s+[A-Z]|\s*\n", rest))


def hyphenated(match: re.Match[str]) -> str:
    """Say "30-minute", "1/2-in.", "5-to-10-year": the unit stays in the singular."""
    first, second, unit, _ = match.groups()
    name = UNITS[unit][0] if unit in UNITS else unit
    return f"{amount(first)}{f' to {amount(second)}' if second else ''} {name}"


RULES: tuple[Rule, ...] = (
    rule(PLATE, plate),
    rule(FEET, feet),
    rule(r"(?<![\w.])(\d+(?:\.\d+)?)\s?[xX]\s?(?=\d)", lambda match: f"{number(match[1])} by "),
    rule(r"(?<= in) x (?=\d)", lambda _: " by "),
    rule(r"(?<![\w:.])(\d{1,3}):(\d{1,4})(?![\w:])", lambda match: f"{number(match[1])} to {number(match[2])}"),
    rule(HYPHENATED, hyphenated),
    rule(QUANTITY, quantity),
)

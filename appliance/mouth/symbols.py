"""Signs, abbreviations and whatever else is not said as it is written."""

import re

from appliance.mouth.letters import identifier, letters
from appliance.mouth.numerals import SIGNS as FRACTIONS
from appliance.mouth.numerals import digits, fraction
from appliance.mouth.piece import Rule, rule

SIGNS = {
    "\u00b1": " plus or minus ",
    "+/-": " plus or minus ",
    "\u2265": " at least ",
    ">=": " at least ",
    "\u2264": " at most ",
    "<=": " at most ",
    ">": " more than ",
    "<": " less than ",
    "\u2248": " about ",
    "~": " about ",
    "\u2260": " is not ",
    "=": " equals ",
    "\u00d7": " times ",
    "\u00b7": " times ",
    "\u221a": " the square root of ",
    "+": " plus ",
    "\u2212": " minus ",
    "\u00f7": " divided by ",
    "^": " to the power ",
    "\u00b2": " squared ",
    "\u00b3": " cubed ",
    "\u2192": ", ",
    "\u00b0": " degrees ",
    "&": " and ",
    "@": " at ",
    "#": " number ",
    "%": " percent ",
    "\u2026": ".",
    " \u2014 ": ", ",
    " \u2013 ": ", ",
    "\u2014": ", ",
    "\u2013": ", ",
    " - ": ", ",
    "(": ", ",
    "[": ", ",
    "\u2019": "'",
    "\u201c": "",
    "\u201d": "",
    '"': "",
    "\u2122": "",
    "\u00ae": "",
}
SPELLED = (
    "AHJ|FDC|RPZ|RPZA|PIV|WPIV|PRV|NAC|SLC|IDC|FACP|FACU|EOL|ESFR|CMSA|DCDA|DCVA|HVAC|NFPA|UL|FM|CFR|IFC|IBC|NEC|"
    "AFFF|ITM|PSI|GPM|CFM|RPM|LED|AED|VAC|VDC|AC|DC|RTU|VFD|ATS|BMS|EMS|IT|PDF|USB|QR|API|UPS|RTD|CO|PPE|ERRCS|DACT|BDA|"
    "ABC|BC|AWG|NYC|USFA|GFCI|AFCI|MCA|MOCP|RLA|LRA|FLA|SEER|EER"
)
SAID = {
    "e.g.": "for example,",
    "i.e.": "that is,",
    "etc.": "and so on",
    "vs.": "versus",
    "vs": "versus",
    "approx.": "about",
    "max.": "maximum",
    "min.": "minimum",
    "24/7": "twenty-four seven",
    "Pkwy": "Parkway",
    "Blvd": "Boulevard",
    "Ave": "Avenue",
    "w/o": "without",
    "w/": "with ",
    "and/or": "and or",
    "OS&Y": "O S and Y",
    "psi": "P S I",
    "psig": "P S I G",
    "gpm": "gallons per minute",
    "dBA": "D B A",
    "CO2": "C O two",
    "FM-200": "F M two hundred",
    "HVAC": "H vac",
    "SEER": "seer",
    "a.m.": "A-M",
    "p.m.": "P M",
    "ft-lb": "foot-pounds",
    "in-lb": "inch-pounds",
    "sqrt": "square root of",
    "Hz": "hertz",
    "kHz": "kilohertz",
    "MHz": "megahertz",
    "UPS": "U P S",
}
"""Abbreviations and how they are said."""
FORMULA = r"\bK\s?(?:\u221a|\*\s?sqrt)\s?\(?([A-Z])\b\)?"
CODE = r"(?=[A-Za-z0-9./-]*\d)(?=[A-Za-z0-9./-]*[A-Za-z])[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*"
ABBREVIATIONS = "|".join(re.escape(text) for text in sorted(SAID, key=len, reverse=True))

FIRST: tuple[Rule, ...] = (
    rule(FORMULA, lambda match: f"K times the square root of {match[1]}"),
    rule(rf"(?<![\w/])(?:{ABBREVIATIONS})(?![\w])", lambda match: SAID[match[0]]),
    rule(r"\b[Nn]os?\.\s?(?=\d)", lambda _: "number "),
    rule(r"\bpp\.\s?(?=\d)", lambda _: "pages "),
    rule(r"\bp\.\s?(?=\d)", lambda _: "page "),
    rule(r"\b[Ff]igs?\.\s?(?=\d)", lambda _: "figure "),
    rule(r"\b[Rr]ev\.\s?(?=[\dA-Z])", lambda _: "revision "),
    rule(r"\b([1-4])/0(?= AWG\b)", lambda match: f"{digits(match[1])} aught"),
    rule(r"\bSt\b\.?(?=,|\s*$|\s+in\b)", lambda _: "Street"),
    rule(r"\bK-factor", lambda _: "K factor"),
)
"""Before any other rule."""
LAST: tuple[Rule, ...] = (
    rule(CODE, lambda match: identifier(match[0])),
    rule(rf"\b(?:{SPELLED})(s?)\b", lambda match: spelled(match[0], match[1])),
    rule(r"\b[BCDFGHJKLMNPQRSTVWXZ]{2,6}\b", lambda match: letters(match[0])),
    rule(r"(?<=[a-z\u03a9])\s?/\s?(?=1,?0{2,3}\b)", lambda _: " per "),
    rule(r"(?<=[A-Za-z])/(?=\d)", lambda _: ", "),
    rule(r"(?<=[\w)])\s?/\s?(?=[\w(])", lambda _: " or "),
    rule(r"(?<= )\(([a-zB-HJ-Z])\)(?= |[.,;]|$)", lambda match: f" {match[1].upper()}"),
    rule(r"\)(?=\s*[.,;:?!]|\s*$)", lambda _: ""),
    rule(r"[)\]]", lambda _: ", "),
    rule("|".join(re.escape(sign) for sign in sorted(SIGNS, key=len, reverse=True)), lambda match: SIGNS[match[0]]),
    rule(r"[*_`|\\{}]", lambda _: " "),
    rule(r"\d+", lambda match: digits(match[0])),
    rule("|".join(FRACTIONS), lambda match: fraction(*map(int, FRACTIONS[match[0]].split("/")))),
)
"""After all others."""


def spelled(text: str, plural: str) -> str:
    """Spell an acronym; its plural s stays a sound."""
    return letters(text[: len(text) - len(plural)]) + ("'s" if plural else "")

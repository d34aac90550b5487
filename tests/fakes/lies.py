"""Lies made from true sentences, one at a time: a figure, a unit, a reference, a bound or a negation is altered."""

import re
from collections.abc import Callable, Iterator

from appliance.turn.claims import claims

UNITS = {
    "hours": "minutes", "hour": "minute", "minutes": "seconds", "minute": "second", "seconds": "minutes",
    "years": "months", "year": "month", "months": "weeks", "month": "week", "days": "weeks", "day": "week",
    "weeks": "days", "psi": "kPa", "kPa": "psi", "feet": "inches", "ft": "in", "inches": "feet", "inch": "foot",
    "percent": "psi", "gpm": "psi", "°F": "°C", "mA": "A", "A": "mA", "V": "A", "tons": "lb", "lb": "oz", "m": "ft",
    "in": "ft", "Ah": "A", "µA": "mA", "gal": "lb", "hp": "kW", "rpm": "Hz", "cd": "V", "dBA": "V", "s": "h",
}  # fmt: skip
ADVERBS = ("weekly", "monthly", "quarterly", "semiannually", "annually")
NUMERAL = re.compile(r"(?<![\w.,/-])\d[\d,]*(?:\.\d+)?(?![\w/]|[.,]\d)")
POLAR = re.compile(r"\b(is|are|must|may|has|does|do|was|were)(\s(?:not|n't))?\s", re.IGNORECASE)
BOUNDS = {
    "at least": "at most", "at most": "at least", "more than": "less than", "less than": "more than",
    "no less than": "no more than", "not more than": "not less than", "within": "in more than", "or more": "or less",
    "or less": "or more", "or higher": "or lower",
}  # fmt: skip
Lie = Callable[[str], Iterator[str]]


def figures(text: str) -> Iterator[str]:
    """Alter one number that is no part of a reference or a name."""
    fixed = [c for c in claims(text) if c.kind not in {"quantity", "number"}]
    for match in NUMERAL.finditer(text):
        if any(c.start < match.end() and match.start() < c.end for c in fixed):
            continue
        value = match[0].replace(",", "")
        whole = value.partition(".")[0]
        for other in (f"{value}0", f"{int(whole) + 1}{value[len(whole) :]}", value[::-1], f"{value}.5", f"1{value}"):
            if other.count(".") < 2 and float(other) != float(value):
                yield text[: match.start()] + other + text[match.end() :]


def unit(text: str) -> Iterator[str]:
    """Alter one unit, the number staying."""
    for match in re.finditer(r"(?<=\d[\s-])([A-Za-z°µ]+)\b", text):
        if match[0] in UNITS:
            yield text[: match.start()] + UNITS[match[0]] + text[match.end() :]


def adverb(text: str) -> Iterator[str]:
    """Say another interval; what stands in brackets behind it goes."""
    for match in re.finditer(rf"\b({'|'.join(ADVERBS)})\b(?:\s\(every[^)]*\))?", text):
        for other in ADVERBS:
            if other != match[1]:
                yield text[: match.start()] + other + text[match.end() :]


def reference(text: str) -> Iterator[str]:
    """Alter the last digit of one section, standard or year."""
    for claim in claims(text):
        if claim.kind in {"section", "standard", "year", "page"}:
            said = text[claim.start : claim.end]
            found = re.search(r"\d(?=\D*$)", said)
            if found:
                other = str((int(found[0]) + 1) % 10)
                yield text[: claim.start] + said[: found.start()] + other + said[found.end() :] + text[claim.end :]


def negation(text: str) -> Iterator[str]:
    """Deny what is said, or affirm what is denied, at its first verb."""
    if (match := POLAR.search(text)) and not re.search(r"\b(?:no|not|never|without|unless|except)\b", text):
        yield text[: match.end(1)] + ("" if match[2] else " not") + text[match.end(1) + len(match[2] or "") :]
    elif match and match[2]:
        yield text[: match.start(2)] + text[match.end(2) :]
    if " exempt " in text:
        yield text.replace(" exempt ", " not exempt ")


def bound(text: str) -> Iterator[str]:
    """Turn one bound round."""
    for said, other in BOUNDS.items():
        for match in re.finditer(rf"\b{said}\b(?=[^.;]*\d)|(?<=\d)[^.;,]{{1,12}}\b{said}\b", text):
            if said in match[0] and not re.search(rf"\b(?:no|not)\s{said}$", text[: match.end()]):
                yield text[: match.start()] + match[0].replace(said, other) + text[match.end() :]


LIES: dict[str, Lie] = {
    "figure": figures, "unit": unit, "interval": adverb, "reference": reference, "negation": negation, "bound": bound,
}  # fmt: skip

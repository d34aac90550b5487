"""Dates, times and years."""

import re

from appliance.mouth.numerals import DIGITS, ordinal, whole, year
from appliance.mouth.piece import Rule, rule

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT = {month[:3]: month for month in MONTHS} | {"Sept": "September"}
NAME = "|".join((*MONTHS, *SHORT))
YEAR = r"(?:19|20)\d\d"
TIME = r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s?([AaPp])\.?[Mm]\b\.?|Z)?"
LISTED = (
    rf"(?=(?:,?\s+(?:and\s+|or\s+|to\s+)?{YEAR})*(?:\s+(?:and|or)\s+(?:later|earlier|newer|older))?\s+"
    r"(?:[Ee]ditions?|[Cc]odes?|[Vv]ersions?)\b)"
)


def date(month: int, day: str, years: str | None, otherwise: str) -> str:
    """Read a date; one that no calendar has is read as it stands."""
    if not 1 <= month <= 12 or not 1 <= int(day) <= 31:
        return " dash ".join(whole(str(int(figure))) for figure in re.findall(r"\d+", otherwise))
    said = f"{MONTHS[month - 1]} {ordinal(day)}"
    return f"{said}, {year(years)}" if years else said


def iso(match: re.Match[str]) -> str:
    """Read 2026-11-22, with its time if it has one."""
    said = date(int(match[2]), match[3], match[1], match[0][:10])
    return f"{said} at {clock(match[4], match[5], None)}" if match[4] else said


def clock(hours: str, minutes: str, half: str | None) -> str:
    """Read a time as it stands: "eight thirty A-M", "fourteen oh five", "nine o'clock"."""
    hour = whole(str(int(hours)))
    if minutes == "00":
        said = hour if half else f"{hour} o'clock" if 0 < int(hours) <= 12 else f"{hour} hundred"
    elif minutes.startswith("0"):
        said = f"{hour} oh {DIGITS[int(minutes[1])]}"
    else:
        said = f"{hour} {whole(minutes)}"
    return said + ({"a": " A-M", "p": " P M"}[half.lower()] if half else "")


def time(match: re.Match[str]) -> str:
    """Read a time, its seconds too."""
    said = clock(match[1], match[2], match[4])
    return f"{said} and {whole(str(int(match[3])))} seconds" if match[3] else said


def named(match: re.Match[str]) -> str:
    """Read "Nov 22, 2026"."""
    month = SHORT.get(match[1], match[1])
    return f"{month} {ordinal(match[2])}" + (f", {year(match[3])}" if match[3] else "")


RULES: tuple[Rule, ...] = (
    rule(rf"(?<![\w-])({YEAR})-(\d\d)-(\d\d)(?:[T ](\d\d):([0-5]\d)(?::[0-5]\d)?(?:Z|\b))?(?![\w-])", iso),
    rule(
        rf"(?<![\w/])(\d{{1,2}})/(\d{{1,2}})/({YEAR})(?![\w/])",
        lambda match: date(int(match[1]), match[2], match[3], match[0]),
    ),
    rule(
        r"(?<![\w/.-])(\d{1,2})/(\d{1,2})/(\d\d)(?![\w/-])",
        lambda match: date(int(match[1]), match[2], f"20{match[3]}", match[0]),
    ),
    rule(
        r"(?<![\w.:])(1[0-2]|[1-9])(?::([0-5]\d))?\s?([ap])\.?m\b\.?",
        lambda match: clock(match[1], match[2] or "00", match[3]),
    ),
    rule(rf"\b({NAME})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+({YEAR})\b(?!\s?[%\w]*psi))?", named),
    rule(rf"\b({NAME})\s+({YEAR})\b", lambda match: f"{SHORT.get(match[1], match[1])} {year(match[2])}"),
    rule(rf"(?<![\w:.]){TIME}(?![\w:])", time),
    rule(rf"(?<![\w.,])({YEAR})(?:[-\u2013]({YEAR}))?{LISTED}", lambda match: years(match[1], match[2])),
    rule(
        rf"\b([Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|[Yy]ear|[Ee]dition|[Mm]anufactured|[Bb]uilt|[Mm]ade|[Ii]nstalled)\s+({YEAR})"
        r"(?=[.;:?!)]*(?:\s+(?:and|or|the|it|they|this|that|was|were|is|but|by|at|for|to|with)\b|,?\s*$|,\s+[a-z]|[.;?!)]))(?!\.\d)",
        lambda match: f"{match[1]} {year(match[2])}",
    ),
    rule(r"\b((?:19|20)\d0)s\b", lambda match: decade(match[1])),
    rule(rf"\(({YEAR})\)", lambda match: f", {year(match[1])},"),
    rule(r"(?<![\w.,])(\d+)(?:st|nd|rd|th)\b", lambda match: ordinal(match[1])),
)


def decade(figure: str) -> str:
    """Read 1990 of "1990s" as "nineteen nineties"."""
    said = year(figure)
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def years(first: str, second: str | None) -> str:
    """Read one year or a span of years."""
    return f"{year(first)} to {year(second)}" if second else year(first)

"""Standards, sections, parts of the federal regulations, K-factors: numbers that name a place, not an amount."""

import re

from appliance.mouth.letters import bond, letters, suffix
from appliance.mouth.numerals import code, digits, dotted, number, whole, year
from appliance.mouth.piece import Rule, rule

BODIES = "NFPA|IFC|IBC|NEC|UL|ULC|FM|ASME|ASSE|ANSI|ASTM|AWWA|IEC|ISO|EN|NEMA|IEEE|MSFC"
SPELLED = frozenset(
    {"NFPA", "IFC", "IBC", "NEC", "UL", "ULC", "FM", "AWWA", "IEC", "ISO", "EN", "IEEE", "MSFC", "ASTM"}
)
"""Bodies that are spelled; the others are said as words."""
PLACE = r"\d+(?:[.-]\d+)*"
CLAUSES = r"((?:\s?\([A-Za-z0-9]{1,4}\))*)"
STANDARD = (
    rf"\b({BODIES})[ -]?(\d+)([A-Z]{{0,2}}(?![A-Za-z]))(?:-((?:19|20)\d\d)(?!\d)|\s?\(((?:19|20)\d\d)\))?"
    r"(?![\d])(?=(\s+(?:[Ss]ections?|[Tt]ables?|[Cc]hapters?|\u00a7))?)"
)
SECTION = (
    r"(?:\u00a7+\s*|\b([Ss]ections?|[Tt]ables?|[Cc]hapters?|[Pp]aragraphs?|[Aa]nnex|[Cc]lauses?|[Ss]ec\.)\s+)"
    rf"({PLACE}){CLAUSES}"
)
FEDERAL = rf"\b(\d+)\s?CFR\s+(?:[Pp]art\s+)?(\d{{1,4}})(?:\.(\d+))?{CLAUSES}"
PART = rf"\b(19(?:10|26))\.(\d{{1,4}})(?!\d){CLAUSES}"
DOTTED = rf"(?<![\w.-])(\d+(?:\.\d+){{2,}}|\d+-\d+(?:\.\d+){{2,}}|\d+-\d+-\d+){CLAUSES}(?![\w])"
ANNEX = rf"\b([A-Z])\.(\d+(?:\.\d+)*){CLAUSES}(?![\w.]\d)"
TABLE = r"\b([Tt]able|[Ff]igure|[Aa]ppendix)\s+([A-Z])-(\d+)\b"
RATING = (
    r"(?<![\w-])(?:(\d{1,2})-?A:)?(\d{1,3})-?(B)(?::(C))?\b(?!-)|"
    r"(?<![\w-])(\d{1,2})-?A(?::(C))?(?=:C\b|\s+(?:rated|rating))"
)
"""What an extinguisher is rated: 2-A:10-B:C."""
NAMED = (
    r"\b([Zz]one|[Pp]anel|[Cc]ircuit|[Rr]iser|[Rr]oom|[Ss]uite|[Uu]nit|[Ff]loor|[Bb]uilding|[Bb]ay|[Ll]oop|[Ss]tair(?:well)?|"
    r"[Cc]lass|[Tt]ype|[Gg]roup|[Dd]oor|[Bb]reaker|[Vv]alve|[Pp]ump)\s+(\d+)([A-Z])(?![\w-])"
)
"""Things with a number of their own: the A of "zone 3A" is no ampere."""
K = r"\bK[ -]?(\d+(?:\.\d+)?)(?![\w/])"


ROMAN = {"ii": "double I", "iii": "triple I"}
"""Small Roman figures that would be heard as two clauses."""


def clauses(text: str, name: str) -> str:
    """Read "(e)(3)" as "paragraph e three", "(15)" as "item fifteen"."""
    marks = re.findall(r"\(([A-Za-z0-9]+)\)", text)
    if not marks:
        return ""
    said = ""
    for mark in marks:
        one = ROMAN.get(mark) or (whole(mark) if mark.isdigit() else letters(mark) if mark.isalpha() else mixture(mark))
        said = bond(said, one) if said else one
    return f", {name if marks[0].isalpha() else 'item'} {said}"


def mixture(mark: str) -> str:
    """Read a clause of letters and figures, one by one."""
    return " ".join(digits(c) if c.isdigit() else c.upper() for c in mark)


def standard(match: re.Match[str]) -> str:
    """Read "NFPA 25" as "N F P A-twenty-five", "UL 864" as "U L eight sixty-four"."""
    body, figure, letter, edition, bracketed, followed = match.groups()
    name = letters(body) if body in SPELLED else body.title()
    said = bond(name, code(figure))
    for one in letter:
        said = suffix(said, one)
    if edition or bracketed:
        said += f", {year(edition or bracketed)}"
    return said + ("," if followed else "")


def section(match: re.Match[str]) -> str:
    """Read "section 14.3.1(15)" as "section fourteen point three point one, item fifteen"."""
    word, place, marks = match.groups()
    name = "section" if word is None or word.lower() == "sec." else word
    return f"{name} {dotted(place)}{clauses(marks, 'paragraph')}"


def federal(match: re.Match[str]) -> str:
    """Read "29 CFR 1910.157(e)(3)" as "twenty-nine C F R nineteen ten point one fifty-seven, paragraph E three"."""
    title, part, place, marks = match.groups()
    said = f"{whole(title)} C F R {code(part)}"
    return f"{said}{f' point {code(place)}' if place else ''}{clauses(marks, 'paragraph')}"


def part(match: re.Match[str]) -> str:
    """Read "1910.157" without its title."""
    return f"{code(match[1])} point {code(match[2])}{clauses(match[3], 'paragraph')}"


def rating(match: re.Match[str]) -> str:
    """Read "2-A:10-B:C" as "two A, ten B, C"."""
    ordinary, fuel, letter, electric, alone, _ = match.groups()
    said = [f"{whole(figure)} A" for figure in (ordinary, alone) if figure]
    said += [f"{whole(fuel)} {letter}"] if fuel else []
    return ", ".join([*said, *(["C"] if electric else [])])


RULES: tuple[Rule, ...] = (
    rule(FEDERAL, federal),
    rule(RATING, rating),
    rule(NAMED, lambda match: f"{match[1]} {suffix(code(match[2]), match[3])}"),
    rule(TABLE, lambda match: f"{match[1]} {bond(match[2], f'dash {whole(match[3])}')}"),
    rule(ANNEX, lambda match: bond(match[1], f"point {dotted(match[2])}") + clauses(match[3], "paragraph")),
    rule(STANDARD, standard),
    rule(SECTION, section),
    rule(r"\b([Pp]aragraphs?)\s?((?:\([A-Za-z0-9]{1,4}\))+)", lambda match: clauses(match[2], match[1])[2:]),
    rule(PART, part),
    rule(DOTTED, lambda match: dotted(match[1]) + clauses(match[2], "paragraph")),
    rule(K, lambda match: f"K {number(match[1])}"),
)

"""What a text claims that can be checked: figures with units, sections, standards, years, dates, identifiers, names."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from appliance import units
from appliance.turn.plain import MONTH_NAMES
from appliance.units import Quantity

Kind = Literal[
    "quantity",
    "number",
    "section",
    "standard",
    "year",
    "page",
    "class",
    "date",
    "clock",
    "phone",
    "identifier",
    "token",
    "name",
]
"""`identifier`: a model number. `token`: a rating, an address, or anything else with a digit that has no other kind."""
REFERENCES = frozenset({"section", "standard", "year", "page"})
"""Kinds that say where something stands."""
_PHONE = re.compile(r"\(?\b\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b")
_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_MONTH = "|".join(MONTH_NAMES)
_LONG = re.compile(
    rf"\b(?P<m1>{_MONTH})\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y1>(?:19|20)\d\d))?\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m2>{_MONTH})(?:,?\s+(?P<y2>(?:19|20)\d\d))?\b"
)
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)(?:\s?([ap])\.?m\.?)?\b|\b(\d{1,2})\s?([ap])\.?m\b", re.IGNORECASE)
_CFR = re.compile(r"\b(\d+)\s?CFR\s?(?:part\s|§\s?)?(\d+)(\.\d+)?((?:\s?\([A-Za-z0-9]{1,4}\))*)", re.IGNORECASE)
_STANDARD = re.compile(
    r"\b(?P<body>NFPA|UL|ANSI|ASME|UFC|NEC|FM|MSFC)\s?(?P<number>\d+[A-Z]?(?:-\d+)*?)(?:-(?P<year>(?:19|20)\d\d))?(?![\w.]*\d)",
)
_SECTION = re.compile(
    r"(?:\b(?:sections?|sec\.|tables?|chapters?|ch\.|paragraphs?|para\.|annex|clauses?|article)\s*|§+\s*)"
    r"(?P<named>[A-Z]-\d+|[A-Z]?\d+[A-Za-z]?(?:[.-]\d+)*(?:\.x)?(?:\s?\([A-Za-z0-9]{1,4}\))*|\([a-z0-9]+\)(?:\s?\([A-Za-z0-9]{1,4}\))*)"
    r"|(?<![\w.])(?P<dotted>\d+\.\d+\.(?:\d+|x)(?:\.\d+)*(?:\([A-Za-z0-9]{1,4}\))*)"
    r"|(?<![\w.])(?P<cfr>19(?:10|26)\.\d+(?:\s?\([A-Za-z0-9]{1,4}\))*)"
    r"|(?<![\w.])(?P<sub>\.1[56]\d(?:\s?\([A-Za-z0-9]{1,4}\))*)",
    re.IGNORECASE,
)
_KFACTOR = re.compile(
    r"\bK(?:[- ]?factor)?(?:\s+of)?[\s=-]{0,3}(\d+(?:\.\d+)?)\b(?!\.\d|\s?(?:V|A|mA|ohms?|volts?|amps?)\b)",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"(?<![\w.$])(?=[\w./-]*\d)(?=[\w./-]*[A-Za-z])[A-Za-z0-9]+(?:[-./][A-Za-z0-9]+)*(?!\w)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?://|www\.)\S+\w", re.IGNORECASE)
_RATING = re.compile(r"\b\d{1,2}-[ABK]\b(?::\d{1,3}-[ABK]\b)*(?::[A-DK]\b)*")
_DOCUMENT = re.compile(r"(?<![\w.-])\d{4,}-\d{1,4}(?![\w-])")
_ROMAN = re.compile(
    r"\b(?:[IVX]{2,}|[VX](?=\s(?:years?|months?|weeks?|days?|hours?|minutes?|seconds?|psi|percent|feet)\b))\b"
)
_PAGE = re.compile(r"\b(?:pages?|p\.)\s?(\d+)\b", re.IGNORECASE)
_CLASS = re.compile(
    r"\b(?P<what>(?i:class|type|level|group|grade|style|category|schedule))(?i:e?s)?[\s-]"
    r"(?P<which>(?:[A-Z]|[IVX]+|\d{1,2})(?:(?:,\s|\s(?:or|and|/)\s)(?:[A-Z]|[IVX]+|\d{1,2}))*)\b(?![.]?\d|[-\w%°])"
    r"|\b(?P<agent>(?i:halon|novec))\s?(?P<number>\d{3,4})\b"
)
"""What tells one kind of a thing from another: a class of extinguishers, a number of an agent."""
_LEFT = re.compile(r"[^\s;:()]*\d[^\s;:()]*")
_CODE = re.compile(r"\b(?=[A-Z]*[A-Z]{2})[A-Z]{2,}(?:-[A-Z0-9]+)+\b")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.IGNORECASE)
_COMPOUND = re.compile(
    r"\d+-(?:way|zone|loop|point|story|storey|step|inch|foot|wire|hour|minute|year|head|stage|pole)s?", re.IGNORECASE
)
_YEAR = re.compile(
    r"(?P<before>\b(?:before|prior to|earlier than)\s(?:the\s)?)?"
    r"(?<![\w.,/$-])(?P<year>19[4-9]\d|20[0-4]\d)(?![\w%°]|[.,]\d)"
)
_NAME = re.compile(r"(?<=[a-z ,;:)'\"] )[A-Z][a-z]{2,}(?:\s[A-Z][a-z]{2,})*|^[A-Z][a-z]+(?:\s[A-Z][a-z]{2,})+")

_FIGURED = frozenset(
    {_PHONE, _ISO, _LONG, _CLOCK, _CFR, _STANDARD, _PAGE, _DOCUMENT, _RATING, _KFACTOR, _IDENTIFIER, _YEAR, _LEFT}
)
"""Patterns that need a digit."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing said that the evidence must bear out."""

    kind: Kind
    text: str
    """In a canonical form; two claims of one kind agree when this is equal, quantities by `units.same`."""
    quantity: Quantity | None
    start: int
    end: int


def collapse(identifier: str) -> str:
    """Write an identifier as letters and digits alone, upper case."""
    return re.sub(r"[^A-Za-z0-9]", "", identifier).upper()


class _Reader:
    """Takes claims out of a text, blanking what has been understood so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text
        self.figured = any(char.isdigit() for char in text)
        self.found: list[Claim] = []

    def take(self, kind: Kind, text: str, start: int, end: int, quantity: Quantity | None = None) -> None:
        self.found.append(Claim(kind, text, quantity, start, end))
        self.blank(start, end)

    def blank(self, start: int, end: int) -> None:
        self.left = self.left[:start] + " " * (end - start) + self.left[end:]

    def each(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        if not self.figured and pattern in _FIGURED:
            return []
        return list(pattern.finditer(self.left))


def _references(reader: _Reader) -> None:
    for match in reader.each(_CFR):
        title, part, section, paragraphs = match.groups()
        reader.take("standard", f"{title} CFR {part}", *match.span())
        if section:
            reader.found.append(Claim("section", _section(part + section + paragraphs), None, *match.span()))
    for match in reader.each(_STANDARD):
        reader.take("standard", f"{match['body'].upper()} {match['number']}", *match.span())
        if match["year"]:
            reader.found.append(Claim("year", match["year"], None, *match.span()))
    for match in reader.each(_SECTION):
        reader.take("section", _section(match.group(match.lastgroup or 0)), *match.span())
    for match in reader.each(_PAGE):
        reader.take("page", match[1], *match.span())


def _section(text: str) -> str:
    return re.sub(r"\s", "", text).lower()


def _times(reader: _Reader) -> None:
    for match in reader.each(_PHONE):
        reader.take("phone", re.sub(r"\D", "", match[0]), *match.span())
    for match in reader.each(_ISO):
        reader.take("date", f"{int(match[1])}-{int(match[2])}-{int(match[3])}", *match.span())
    for match in reader.each(_LONG):
        month = MONTH_NAMES.index(match["m1"] or match["m2"]) + 1
        year = match["y1"] or match["y2"]
        reader.take("date", (f"{year}-" if year else "") + f"{month}-{int(match['d1'] or match['d2'])}", *match.span())
    for match in reader.each(_CLOCK):
        hour, half = int(match[1] or match[4]), (match[3] or match[5] or "").lower()
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        reader.take("clock", f"{hour}:{match[2] or '00'}", *match.span())


def _figures(reader: _Reader) -> None:
    for quantity in units.find(reader.left):
        reader.take("quantity", quantity.unit, quantity.start, quantity.end, quantity)


def _measure(word: str) -> bool:
    """Tell "24h" from a model number: the whole word is one figure with its unit."""
    return any((quantity.start, quantity.end) == (0, len(word)) for quantity in units.find(word))


def _classes(reader: _Reader) -> None:
    for match in reader.each(_CLASS):
        reader.blank(*match.span())
        for which in re.findall(r"[A-Z]+|\d+", match["which"] or match["number"]):
            what = (match["what"] or match["agent"]).lower()
            reader.found.append(Claim("class", f"{what} {which}", None, *match.span()))


def _identifiers(reader: _Reader) -> None:
    for pattern in (_ADDRESS, _RATING, _DOCUMENT, _ROMAN):
        for match in reader.each(pattern):
            reader.take("token", collapse(match[0]), *match.span())
    for match in reader.each(_KFACTOR):
        reader.take("number", "k", *match.span(), quantity=Quantity(float(match[1]), "", *match.span()))
    for pattern in (_IDENTIFIER, _CODE):
        for match in reader.each(pattern):
            word = match[0]
            if _ORDINAL.fullmatch(word) or _COMPOUND.fullmatch(word) or _measure(word):
                continue
            if len(collapse(word)) >= 2:
                reader.take("identifier", collapse(word), *match.span())


@lru_cache(maxsize=2_000)
def claims(text: str) -> tuple[Claim, ...]:
    """Find everything checkable in `text`, in order."""
    reader = _Reader(text)
    _references(reader)
    _times(reader)
    _classes(reader)
    _identifiers(reader)
    _figures(reader)
    for match in reader.each(_YEAR):
        reader.take("year", f"before {match['year']}" if match["before"] else match["year"], *match.span())
    for quantity in units.bare(reader.left):
        reader.take("number", "", quantity.start, quantity.end, quantity)
    for match in reader.each(_LEFT):  # a digit that nothing above understood must stand in the evidence as it is
        reader.take("token", collapse(match[0]), *match.span())
    for match in reader.each(_NAME):
        reader.take("name", match[0], *match.span())
    return tuple(sorted(reader.found, key=lambda claim: claim.start))

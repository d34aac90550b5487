"""What a question gives a calculation: its figures, each with its kind, and the words around them.

A kind is a canonical unit ("psi", "gpm", "A", "ft", "in", "V", "h", "min", "%"), or "K", "C", "AWG" for figures that
carry none, or "" for a bare number. Pounds are psi and gallons are gpm here: only calculations with water read them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from appliance import units
from appliance.turn.claims import claims
from appliance.units import Quantity

NOMINAL_K = frozenset({1.4, 1.9, 2.8, 4.2, 4.4, 5.6, 8.0, 11.2, 14.0, 16.8, 19.6, 22.4, 25.2, 28.0, 33.6})
"""K-factors of sprinklers as makers print them, gpm/psi^0.5."""
_MEANT = {
    "psi": "psi", "kPa": "psi", "bar": "psi", "gpm": "gpm", "L/min": "gpm", "A": "A", "mA": "A", "ft": "ft", "m": "ft",
    "in": "in", "mm": "in", "V": "V", "h": "h", "day": "h", "min": "min", "s": "min", "%": "%",
}  # fmt: skip
"""The unit in which a calculation takes a figure."""
_SAID = {"lb": "psi", "gal": "gpm"}
"""Units that mean another one where water is meant; the value stays."""
_GAUGE = re.compile(
    r"(?<![\w.])(\d{2})[\s-]?(?:awg|gauge|ga|wire|copper|solid|stranded|fpl[rp]?)\b"
    r"|(?:\bawg|\bgauge|\bga|\bnumber|\bno\.|#)\s?(\d{2})\b(?![.]\d)"
    r"|(?<![\w.])(1[02468])(?:[/-]2\b|\s2\s(?:wire|cable|fpl[rp]?)\b)",
    re.IGNORECASE,
)
_C = re.compile(r"\bC(?:[- ]?(?i:factor|value))?(?:\s(?:of|is|at))?[\s=]{0,3}(\d{2,3})\b(?![.]?\d)|\b(1[0-5]0)\sC\b")
_K = re.compile(
    r"(?<![\w.,/-])(\d{1,2}(?:\.\d{1,2})?)(?:[\s-][Kk]|K)\b(?![\w-]|\sohm)"
    r"|(?<![\w.,/-])(\d{1,2}\.\d)[\s-](?:(?:esfr|pendent|upright|sidewall|standard|sprinkler|spray)\s)?"
    r"(?:heads?|sprinklers?|orifices?|nozzles?|pendents?|uprights?|sidewalls?|esfrs?)\b"
    r"|\b(?:an?|that|this)\s(8|14|28)(?:\s(?:sprinkler\s)?(?:heads?|sprinkler|orifice))?(?=\s*(?:[,?!;]|\.(?!\d)|at\b|with\b|$))",
    re.IGNORECASE,
)
"""A head is often called by its K-factor alone: "a 5.6 head", "a 14 K", "an 8"; the answer says which K was taken."""
_STATE = re.compile(r"\s(?:alarm|stand|idle|fire|normal)", re.IGNORECASE)
"""After "3.8 in": then "in" is a preposition."""
_HOURS = re.compile(r"[- ]hour", re.IGNORECASE)
_CUT = re.compile(
    r"\b(?:point|dot)(?:\s(?:\d|oh|o|zero|one|two|three|four|five|six|seven|eight|nine))*\s?$", re.IGNORECASE
)
"""Before a figure of which the ear has left a part in words: "point one 5 amps" is no 5 A."""
_NO_INPUT = frozenset({"section", "standard", "year", "page", "class", "date", "clock", "phone", "identifier", "token"})
"""Kinds of claims whose figures are never inputs."""


class MissingInput(Exception):  # noqa: N818 - not an error: a question back to the technician
    """The question is a calculation but lacks an input; the message asks for it in a full sentence."""


@dataclass(frozen=True, slots=True)
class Given:
    """The figures of a question, and its words without them."""

    text: str
    rest: str
    """The text with every figure and its unit blanked: a unit that still stands here is asked for."""
    figures: tuple[Quantity, ...]
    model: bool
    """It names a model: what the calculation lacks may stand in that model's papers, so nothing is asked back."""

    def all(self, kind: str) -> list[Quantity]:
        """Give the figures of one kind, in order."""
        return [figure for figure in self.figures if figure.unit == kind]

    def values(self, kind: str) -> list[float]:
        """Give the values of one kind, each once."""
        return list(dict.fromkeys(figure.value for figure in self.all(kind)))

    def says(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether the words around the figures have this."""
        return pattern.search(self.rest) is not None

    def lacks(self, question: str) -> None:
        """Ask for a missing input, unless a model is named.

        Raises:
            MissingInput: always, but for a named model.
        """
        if not self.model:
            raise MissingInput(question)


def given(text: str) -> Given:
    """Read the figures of a question."""
    reader = _Reader(text)
    found = claims(text)
    reader.each(_GAUGE, "AWG")
    for claim in found:
        if claim.text == "k" and claim.quantity:
            reader.take("K", claim.quantity.value, claim.start, claim.end)
    reader.each(_K, "K")
    reader.each(_C, "C")
    taken = [(figure.start, figure.end) for figure in reader.found]
    named = [claim for claim in found if claim.kind in _NO_INPUT and not _within(claim.start, claim.end, taken)]
    for claim in named:
        reader.blank(claim.start, claim.end)
    for quantity in units.find(reader.rest):
        if not units.numeric(text, quantity) or (quantity.unit == "in" and _STATE.match(text, quantity.end)):
            continue
        if _CUT.search(text[: quantity.start]) or (quantity.unit == "A" and _HOURS.match(text, quantity.end)):
            reader.blank(quantity.start, quantity.end)
        else:
            reader.quantity(quantity)
    for quantity in units.bare(reader.rest):
        if not _CUT.search(text[: quantity.start]):
            reader.take("", quantity.value, quantity.start, quantity.end)
    figures = tuple(sorted(reader.found, key=lambda figure: figure.start))
    model = any(claim.kind == "identifier" for claim in named)
    return Given(text, reader.rest, figures, model)


def _within(start: int, end: int, places: Iterable[tuple[int, int]]) -> bool:
    return any(start < stop and begin < end for begin, stop in places)


class _Reader:
    """Takes figures out of a text and blanks them, so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self.rest = text
        self.found: list[Quantity] = []

    def each(self, pattern: re.Pattern[str], kind: str) -> None:
        for match in list(pattern.finditer(self.rest)):
            self.take(kind, float(match[match.lastindex or 0]), *match.span(match.lastindex or 0))
            if kind != "K":
                self.blank(*match.span())

    def take(self, kind: str, value: float, start: int, end: int) -> None:
        self.found.append(Quantity(value, kind, start, end))
        self.blank(start, end)

    def quantity(self, quantity: Quantity) -> None:
        unit = _SAID.get(quantity.unit, "")
        value = quantity.value
        if not unit and quantity.unit in _MEANT:
            unit = _MEANT[quantity.unit]
            value = round(units.convert(value, quantity.unit, unit), 6)
        if unit:
            self.take(unit, value, quantity.start, quantity.end)
        else:
            self.blank(quantity.start, quantity.end)

    def blank(self, start: int, end: int) -> None:
        self.rest = self.rest[:start] + " " * (end - start) + self.rest[end:]

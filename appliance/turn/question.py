"""A question as the turn understood it."""

from dataclasses import dataclass, field
from typing import Literal

from appliance.field.manner import Length
from appliance.field.place import Place

Intent = Literal[
    "spec", "requirement", "section", "howto", "calculation", "customer", "jobs", "due", "reading", "deficiency",
    "preference", "manual", "smalltalk", "control", "outofscope",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of thing the answer must contain."""

    name: str
    """In words, for an honest abstention: "interval", "temperature", "torque"."""
    dimensions: frozenset[str]
    """Units (keys of `units.UNITS`) of which one must stand in the answer; empty: no such demand."""
    known: bool = True
    """False for a property that no source of the starter pack ever gives ("torque", "price")."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, understood."""

    text: str
    """After repair by the ear."""
    raw: str
    intent: Intent
    models: tuple[str, ...] = ()
    """Identifiers in it that look like models, known or not."""
    standards: tuple[str, ...] = ()
    """"NFPA 25", "29 CFR 1910"…"""
    sections: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    """Years."""
    adopted: tuple[tuple[str, str], ...] = ()
    """Standard and year in force at the site that the question names."""
    place: str = ""
    """Names of that site and its customer."""
    at: Place | None = None
    """The place that the question names or points at; with the job that makes it "here" when it points."""
    asked: Asked | None = None
    person: str = ""
    length: Length = "normal"
    """How much of the answer its asker wants to hear."""
    tokens: tuple[str, ...] = field(default=())
    """Words of the text as they stand, for names."""

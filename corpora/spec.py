"""What a maker says of one model, value by value."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class SpecValue:
    """One property of a model."""

    name: str
    """In the field's words, lower case: "amp draw", "operating pressure", "k-factor"."""
    text: str
    """The value as it is printed, with unit: "18.2 A", "100 to 4000 ft/min", "R-410A"."""
    value: float | None
    """The number when there is just one."""
    low: float | None
    """Lower end of a range."""
    high: float | None
    """Upper end of a range."""
    unit: str
    """As printed: "A", "psi", "gpm", "°F"; empty when it has none."""
    source: str
    """Document that says so, or "sample data"."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One model's record."""

    maker: str
    model: str
    category: str
    """hvac, fire pump, backflow, sprinkler head, panel, detector, extinguisher, notification, kitchen, valve, other."""
    product: str
    """What it is, in a few words."""
    values: tuple[SpecValue, ...]
    notes: tuple[str, ...]
    """Maintenance notes and common issues, each a full sentence in our words."""
    aliases: tuple[str, ...]
    """Other names of the model."""
    sample: bool
    """True for data of no checked source: every answer must say so."""
    file: str
    """Which file it was read from."""
    review: Literal["", "unreviewed"] = ""
    """"unreviewed": read by a program from a table of a document, whose title is `product`; answers must say so."""

"""What a maker says of one model, value by value."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Cell(BaseModel):
    """Where in a document of the stock a value was read, so that its page can be opened."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    document: str
    """Id of the document in the stock."""
    page: int | None = None
    """None when the document has no pages."""
    passage: str = ""
    """Id of the passage that is the cell's row; empty when no passage is just that."""


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
    cell: Cell | None = None
    """The cell that it was read from by a program; None when a person wrote it down."""


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

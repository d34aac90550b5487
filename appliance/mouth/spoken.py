"""Words for an engine, with the places to stress."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """One text as it is said."""

    text: str
    """Words and pauses only: no digit, no unit sign, no mark-up."""
    emphasis: tuple[tuple[int, int], ...] = ()
    """Start and end in `text` of each figure with its unit; engines without emphasis ignore it."""

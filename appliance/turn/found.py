"""What one source gave for a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.turn.evidence import Fact
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.units import Quantity, bare, find, numeric, same


@dataclass(frozen=True, slots=True)
class Found:
    """Facts, best first, or why there are none."""

    facts: tuple[Fact, ...] = ()
    nearest: Fact | None = None
    """The nearest thing that was found but does not answer."""
    missing: str = ""
    """Why the source knows that nothing answers, a full sentence; it ends the search."""
    lacking: str = ""
    """What this source lacks though it knows the thing, a full sentence; said when no other source answers either."""
    searched: str = ""
    """What was looked through, in words; empty when this source had nothing to do with the question."""


NOTHING = Found()


class Source(Protocol):
    """One place where evidence may lie; looking needs milliseconds and no language model."""

    @property
    def revision(self) -> str:
        """Which state of the source is being looked through."""
        ...

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Look for what answers the question. Raises the source's own root error when it cannot be read."""
        ...


class Placed(Source, Protocol):
    """A source of what is known of places."""

    def warm(self) -> None:
        """Prepare for the places of today. Raises the source's own root error when it cannot be read."""
        ...


def figures(statement: str) -> tuple[Quantity, ...]:
    """Give every figure of a statement, with and without a unit."""
    return (*find(statement), *bare(statement))


def stated(asked: str) -> tuple[Quantity, ...]:
    """Give the figures that a question states."""
    return tuple(quantity for quantity in find(asked) if numeric(asked, quantity))


def borne(asked: Sequence[Quantity], had: Sequence[Quantity]) -> bool:
    """Tell whether one of the figures asked about is among those of a statement, or none was asked about."""
    return not asked or any(same(one, other) or one.value == other.value for one in asked for other in had)


def bears(asked: str, statement: str) -> bool:
    """Tell whether a statement has one of the figures that a question states, or the question states none."""
    return borne(stated(asked), figures(statement))

"""A rule of reading, and the piece of speech it gives."""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """What a rule makes of a match."""

    text: str
    figure: bool = False
    """A quantity: to be stressed."""
    passed: bool = False
    """Text that no rule knows, passed as it stands."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and how its match is said."""

    pattern: re.Pattern[str]
    say: Callable[[re.Match[str]], Piece]


def rule(pattern: str, say: Callable[[re.Match[str]], str | Piece], *, figure: bool = False) -> Rule:
    """Make a rule; `say` gives words, or a piece when it must decide about stress itself."""

    def piece(match: re.Match[str]) -> Piece:
        said = say(match)
        return said if isinstance(said, Piece) else Piece(said, figure)

    return Rule(re.compile(pattern), piece)

"""What was said, as understood, with everything that was changed kept beside it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Repair:
    """One change from what was heard to what was meant."""

    heard: str
    meant: str
    kind: str
    """model, maker, name, jargon, standard, or number."""
    score: float
    """0 to 1; 1.0: spelled or listed exactly so. Below 0.95 it was a guess by sound: name it in the answer."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing said."""

    raw: str
    """As it was typed or recognised."""
    text: str
    """As understood: names, models and jargon in their written form, numbers in digits."""
    repairs: tuple[Repair, ...] = ()
    ambiguous: tuple[str, ...] = ()
    """Lexicon entries that something heard is near to, but not near enough to pick: offer them in a question."""
    unknown: tuple[str, ...] = ()
    """Identifier-like words, as heard, that are near nothing in the lexicon."""

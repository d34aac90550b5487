"""What a recogniser heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """One word heard."""

    text: str
    confidence: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One recognised utterance."""

    text: str
    """Empty when nothing was said (silence, noise, or text the filters refused)."""
    engine: str
    """Which engine heard it, as the catalogue names it."""
    confidence: float
    """0 to 1: mean probability of what was written, 0.0 for no text; what to do with it is `appliance.ear.gate`'s."""
    seconds: float
    """Length of the audio."""
    words: tuple[Word, ...] = ()
    """Word by word, from engines that tell; empty from the others."""
    doubtful: tuple[str, ...] = ()
    """Names in the text that only one of two recognisers heard: to be read back before anything is done with them."""

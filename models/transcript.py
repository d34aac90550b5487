"""What a recogniser heard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transcript:
    """One recognised utterance."""

    text: str
    """Empty when nothing was said (silence, noise, or text the filters refused)."""
    engine: str
    """Which engine heard it, as the catalogue names it."""
    confidence: float
    """0 to 1; engines that give no score say 1.0 for text and 0.0 for none."""
    seconds: float
    """Length of the audio."""

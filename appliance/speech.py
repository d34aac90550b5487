"""Speaking an answer piece by piece: the next piece is made while one is played.

Decisions: one piece is made ahead and no more, so that who interrupts leaves little undone. Whoever stops listening
waits for nothing: the piece under way is finished in its thread and dropped. A cut within a sentence keeps a breath of
silence only, and ends in a comma, so that the voice does not fall as at the end of a sentence.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterable, Iterator

import numpy as np

from appliance.mouth.speak import speak
from appliance.ports import Synthesizer
from models.audio import Audio, Samples

BREATH_S = 0.12
"""Silence left behind a piece within a sentence."""
SILENT = 0.004
"""Amplitude below which it is silence."""
KNEE = 0.8
"""Amplitude from which a louder voice is rounded off, so that it never clips."""


async def pieces(
    voice: Synthesizer,
    clauses: Iterator[str],
    identifiers: Iterable[str] = (),
    speed: float = 1.0,
    volume: float = 1.0,
) -> AsyncGenerator[Audio, None]:
    """Speak clauses in order, one made ahead. Close it (`contextlib.aclosing`) to stop.

    Raises:
        models.errors.EngineError: the voice fails.
    """
    known, stopped = frozenset(identifiers), threading.Event()

    def make() -> Audio | None:
        """Make the next piece that sounds; None behind the last."""
        for clause in clauses:
            made = []
            for audio in voice.synthesize(said(clause, known), speed):
                if stopped.is_set():
                    return None
                made.append(audio)
            if made:
                sound = joined(made)
                return louder(sound if clause.endswith((".", "?", "!")) else trimmed(sound), volume)
        return None

    ahead = asyncio.create_task(asyncio.to_thread(make))
    try:
        while (piece := await ahead) is not None:
            ahead = asyncio.create_task(asyncio.to_thread(make))
            yield piece
    finally:
        stopped.set()
        ahead.cancel()
        if ahead.done() and not ahead.cancelled():
            ahead.exception()  # nobody waits for it any more


def said(clause: str, identifiers: frozenset[str]) -> str:
    """Give the words of a clause, with a comma where its sentence goes on."""
    words = speak(clause, identifiers)
    return f"{words}," if words[-1:].isalnum() else words


def joined(made: list[Audio]) -> Audio:
    """Join stretches of one rate; nothing said gives no samples."""
    if not made:
        return Audio(np.zeros(0, np.float32), 22_050)
    return made[0] if len(made) == 1 else Audio(np.concatenate([one.samples for one in made]), made[0].rate)


def trimmed(audio: Audio) -> Audio:
    """Leave a breath of the silence at the end."""
    loud = np.flatnonzero(np.abs(audio.samples) > SILENT)
    end = int(loud[-1]) + 1 + int(BREATH_S * audio.rate) if len(loud) else 0
    return Audio(audio.samples[:end], audio.rate)


def louder(audio: Audio, volume: float) -> Audio:
    """Make a sound louder or softer; what would clip is rounded off."""
    if volume == 1.0:
        return audio
    samples: Samples = audio.samples * np.float32(volume)
    over = np.abs(samples) > KNEE
    if over.any():
        room = np.float32(1 - KNEE)
        rounded = KNEE + room * np.tanh((np.abs(samples[over]) - KNEE) / room)
        samples[over] = np.copysign(rounded, samples[over])
    return Audio(samples.astype(np.float32), audio.rate)

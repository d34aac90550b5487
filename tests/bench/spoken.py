"""Sounds for `clara bench hearing`: sentences of technicians, voices to say them, and the noises around them.

The sentences were written for this bench: none comes from a pack's questions or from what the recogniser learns
(`tests/bench/test_hearing.py` sees to it). `MEASURED` is for figures alone, `FITTED` for fitting limits; they share
no sentence, and no voice.
"""

import functools
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.audio import Audio, Samples
from models.decode import RATE, resample
from models.espeak import Espeak

VOICES = ("en-us", "en-gb-x-rp", "en-us+f3", "en-us+Andy")
FIT_VOICES = ("en-us+m3", "en-us+f2")
WPM = 150
QUIET_S = 0.4
"""Before and after the words."""
SNRS = (20, 10, 5)
"""Decibels between the speech and the noise."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing to say."""

    said: str
    """As a person says it, letters apart; espeak-ng gets this."""
    meant: str
    """As it is to be understood."""
    model: str = ""
    """The model number that must come out, exactly."""


def read(kind: str) -> tuple[Sentence, ...]:
    """Read the sentences of one kind."""
    rows: list[dict[str, str]] = TOLD[kind]
    return tuple(Sentence(row["said"], row.get("meant", row["said"]), row.get("model", "")) for row in rows)


TOLD: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
MEASURED, FITTED, STRANGE = read("measured"), read("fitted"), read("strange")
ELSEWHERE: tuple[str, ...] = tuple(TOLD["elsewhere"])


@functools.cache
def voice(text: str, name: str) -> Audio:
    """Say `text` at 16 kHz with quiet around it."""
    pieces = list(Espeak(name, wpm=WPM).synthesize(text))
    spoken = resample(Audio(np.concatenate([piece.samples for piece in pieces]), pieces[0].rate), RATE)
    quiet = np.zeros(int(QUIET_S * RATE), np.float32)
    return Audio(np.concatenate([quiet, spoken.samples * 0.7, quiet]), RATE)


def hum(count: int, chance: np.random.Generator) -> Samples:
    """Give a generator: mains hum with harmonics that swells a little, and some rumble."""
    time = np.arange(count) / RATE
    tones = sum(
        np.sin(2 * np.pi * 60 * order * time + chance.uniform(0, 6)) / order for order in (1, 2, 3, 4, 6, 8, 12)
    )
    rumble = np.convolve(chance.standard_normal(count), np.ones(40) / 40, "same")
    return np.asarray(tones * (1 + 0.2 * np.sin(2 * np.pi * 1.7 * time)) + 2 * rumble, np.float32)


def siren(count: int, chance: np.random.Generator) -> Samples:
    """Give a wailing siren: a tone swept from 600 to 1500 Hz and back every four seconds, with its overtones."""
    time = np.arange(count) / RATE + chance.uniform(0, 4)
    phase = 2 * np.pi * np.cumsum(1050 - 450 * np.cos(2 * np.pi * time / 4)) / RATE
    return np.asarray(np.sin(phase) + 0.4 * np.sin(2 * phase) + 0.2 * np.sin(3 * phase), np.float32)


def drill(count: int, chance: np.random.Generator) -> Samples:
    """Give a hammer drill: broad noise beaten 45 times a second, whine of the motor, in bursts."""
    time = np.arange(count) / RATE
    beats = np.exp(-8 * ((time * 45) % 1.0))
    whine = 0.3 * np.sign(np.sin(2 * np.pi * 380 * time))
    bursts = 0.35 + 0.65 * ((time + chance.uniform(0, 3)) % 3.0 < 2.0)
    return np.asarray((chance.standard_normal(count) * beats + whine) * bursts, np.float32)


def babble(count: int, chance: np.random.Generator, talk: Sequence[Samples]) -> Samples:
    """Give six people talking at once, cut from `talk`."""
    mixed = np.zeros(count, np.float32)
    for place in chance.choice(len(talk), min(6, len(talk)), replace=False):
        line = talk[int(place)]
        mixed += np.roll(np.resize(line, count), int(chance.integers(len(line))))
    return mixed


def noises(talk: Sequence[Samples]) -> Mapping[str, Callable[[int, np.random.Generator], Samples]]:
    """Give every noise by name; `talk` is what the babble is made of."""
    return {"hum": hum, "siren": siren, "drill": drill, "babble": functools.partial(babble, talk=talk)}


def mixed(audio: Audio, noise: Samples, snr: float) -> Audio:
    """Add `noise` at `snr` decibels below the speech (its mean power where it is loud), and keep it from clipping."""
    loud = np.abs(audio.samples) > 0.02
    speech = float(np.mean(audio.samples[loud] ** 2)) if loud.any() else 1e-4
    power = float(np.mean(noise**2)) or 1.0
    both = audio.samples + noise * np.float32(np.sqrt(speech / power / 10 ** (snr / 10)))
    peak = float(np.abs(both).max())
    return Audio(np.asarray(both / max(1.0, peak), np.float32), audio.rate)

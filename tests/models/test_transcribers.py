"""What the appliance may expect of every recogniser, whichever engine is behind it."""

import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.audio import Audio
from models.decode import decode, resample
from models.errors import AudioError
from models.moonshine import Moonshine
from models.sphinx import Sphinx
from models.whisper import Whisper
from tests.fakes import tone_whisper
from tests.fakes.recording import voice

if TYPE_CHECKING:
    from appliance.ports import Transcriber

QUESTION = "How often is the tamper switch tested?"
NOISES: dict[str, Callable[[int], np.ndarray]] = {
    "silence": np.zeros,
    "hiss": lambda count: 0.05 * np.random.default_rng(0).standard_normal(count),
    "roar": lambda count: np.clip(0.3 * np.random.default_rng(1).standard_normal(count), -1, 1),
    "hum": lambda count: 0.2 * np.sin(2 * np.pi * 120 * np.arange(count) / 16_000),
    "horn": lambda count: (
        0.3 * np.sin(2 * np.pi * 3000 * np.arange(count) / 16_000) * (np.arange(count) % 16_000 < 8000)
    ),
    "click": lambda count: np.eye(1, count, count // 2)[0],
}
"""What a plant room sounds like when nobody speaks."""
RECORDING = Path(__file__).parents[1] / "recordings" / "trip-test.wav"
"""A question that ends in "tested"."""


@pytest.fixture(params=["whisper", "moonshine", "sphinx_of_questions"])
def transcriber(request: pytest.FixtureRequest) -> "Transcriber":
    """Every recogniser there is."""
    engine: Whisper | Moonshine | Sphinx = request.getfixturevalue(request.param)
    return engine


@functools.cache
def question() -> Audio:
    """A question that the real models understand."""
    return resample(voice(QUESTION), 16_000)


@functools.cache
def tone() -> Audio:
    """The same with the tone that the tone model hears."""
    audio = question()
    return Audio(np.clip(audio.samples * 0.7 + tone_whisper.tone(1, len(audio.samples)), -1, 1), 16_000)


def spoken(transcriber: "Transcriber") -> Audio:
    """The question as the recogniser at hand is to hear it; espeak-ng flutters, and Sphinx is sure of a recording."""
    if isinstance(transcriber, Sphinx):
        return decode(RECORDING)
    return tone() if isinstance(transcriber, Whisper) else question()


@pytest.mark.parametrize("noise", NOISES)
@pytest.mark.parametrize("words", [(), ("NFPA", "OS&Y", "tamper switch", "fire pump")])
def test_where_nobody_speaks_nothing_is_heard(transcriber: "Transcriber", noise: str, words: tuple[str, ...]) -> None:
    """Neither made-up text nor the words that were asked for come out of silence and noise."""
    sound = Audio(NOISES[noise](48_000).astype(np.float32), 16_000)

    heard = transcriber.transcribe(sound, words)

    assert (heard.text, heard.confidence) == ("", 0.0)
    assert heard.seconds == pytest.approx(3.0)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 48_000])
def test_speech_is_heard_at_any_rate(transcriber: "Transcriber", rate: int) -> None:
    """A telephone's and a studio's rate are both taken; the length is the sound's."""
    # The tone model's tones lie above what 8 kHz carries; it is only asked to take that rate.
    heard = transcriber.transcribe(resample(spoken(transcriber), rate))

    # Sphinx learned from sound of the full band.
    assert "tested" in heard.text or (rate == 8_000 and isinstance(transcriber, Whisper | Sphinx))
    assert heard.seconds == pytest.approx(spoken(transcriber).seconds, abs=0.01)


def test_text_has_an_engine_and_a_confidence(transcriber: "Transcriber") -> None:
    """Who heard it, and how sure: above zero, at most one."""
    heard = transcriber.transcribe(spoken(transcriber))

    assert heard.engine in {"tone-whisper", "moonshine-tiny-en", "sphinx"}
    assert 0.0 < heard.confidence <= 1.0
    assert heard.text == heard.text.strip()


def test_words_asked_for_are_taken(transcriber: "Transcriber") -> None:
    """However many there are, with odd ones among them."""
    words = ["tamper switch", "OS&Y", "50TCQA06", "", "  ", "Größe", "a,b", *(f"part {place}" for place in range(500))]

    assert "tested" in transcriber.transcribe(spoken(transcriber), words).text


def test_the_same_sound_gives_the_same_text(transcriber: "Transcriber") -> None:
    """No chance is involved."""
    assert transcriber.transcribe(spoken(transcriber)) == transcriber.transcribe(spoken(transcriber))


@pytest.mark.parametrize("samples", [[], [0.1, float("nan"), 0.1], [float("inf")] * 16_000])
def test_damaged_sound_is_an_error(transcriber: "Transcriber", samples: list[float]) -> None:
    """Sound that is empty or not finite is refused, not guessed at."""
    with pytest.raises(AudioError):
        transcriber.transcribe(Audio(np.array(samples, np.float32), 16_000))


def test_a_moment_of_sound_is_nothing(transcriber: "Transcriber") -> None:
    """A few samples are no speech and no error."""
    assert transcriber.transcribe(Audio(np.full(50, 0.1, np.float32), 16_000)).text == ""


def test_two_threads_hear_at_once(transcriber: "Transcriber") -> None:
    """Two people may speak to one box."""
    alone = transcriber.transcribe(spoken(transcriber))
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(transcriber.transcribe, [spoken(transcriber)] * 4))

    assert together == [alone] * 4

"""What the appliance may expect of every voice, whichever engine is behind it."""

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np
import pytest

from models.espeak import Espeak
from models.piper import Piper

if TYPE_CHECKING:
    from appliance.ports import Synthesizer

TWO = "The valve is tested every 3 years. See NFPA 25, section 13.4.5.2."


@pytest.fixture(params=["espeak", "piper"])
def synthesizer(request: pytest.FixtureRequest) -> "Synthesizer":
    """Every voice there is."""
    engine: Espeak | Piper = request.getfixturevalue(request.param)
    return engine


def seconds(synthesizer: "Synthesizer", text: str, speed: float = 1.0) -> float:
    """How long it speaks."""
    return sum(audio.seconds for audio in synthesizer.synthesize(text, speed))


def test_text_becomes_sound(synthesizer: "Synthesizer") -> None:
    """Mono float32 in range, at one rate, not silent."""
    for audio in synthesizer.synthesize(TWO):
        assert audio.samples.dtype == np.float32
        assert audio.samples.ndim == 1
        assert 0.05 < np.abs(audio.samples).max() <= 1.0
        assert audio.rate in {16_000, 22_050}
        assert audio.seconds > 0.3


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "...", "— ?!", "\x00"])
def test_nothing_to_say_is_no_sound(synthesizer: "Synthesizer", text: str) -> None:
    """Blanks and marks alone give no piece."""
    assert list(synthesizer.synthesize(text)) == []


def test_speed_changes_the_length(synthesizer: "Synthesizer") -> None:
    """Twice as fast is shorter, half as fast is longer."""
    fast, plain, slow = (seconds(synthesizer, TWO, speed) for speed in (2.0, 1.0, 0.5))

    assert fast < 0.7 * plain
    assert slow > 1.5 * plain


def test_sentences_come_one_by_one(synthesizer: "Synthesizer") -> None:
    """The first sentence sounds before the last is spoken; a section number is no sentence's end."""
    assert len(list(synthesizer.synthesize(TWO))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "50TCQA06 draws 18.2 A at 230 V, 60 Hz.", "½ in. \u00d7 3\u20444″, 21.7 gpm, \u221240 °F, ≥ 5 µm",
        "Größe, naïve, Ω, 水, 🔥 fire",
        "<speak>tag & more</speak> [[h@'loU]]", "a\x00b\x07c", "lone \ud83d half",
        "x" * 3000, "1" * 400, "¿Qué?", "ﬁ ﷺ",
    ],
)  # fmt: skip
def test_odd_text_is_spoken(synthesizer: "Synthesizer", text: str) -> None:
    """Figures, signs, other scripts, markup and broken characters neither fail nor stop the voice."""
    assert seconds(synthesizer, text, 2.0) > 0
    assert seconds(synthesizer, "It still speaks.") > 0.3


def test_closing_half_way_is_no_harm(synthesizer: "Synthesizer") -> None:
    """A listener who interrupts leaves the voice fit for the next answer."""
    pieces = iter(synthesizer.synthesize("One. Two. Three. Four."))
    next(pieces)
    del pieces

    assert seconds(synthesizer, "Five six.") > 0.3


def test_two_threads_speak_at_once(synthesizer: "Synthesizer") -> None:
    """Nobody's words end up in another's sound."""
    texts = ["The pump is tested weekly. It churns.", "No."] * 4
    alone = [seconds(synthesizer, text) for text in texts]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda text: seconds(synthesizer, text), texts))

    assert together == pytest.approx(alone, rel=0.01)


def test_both_voices_live_in_one_process(espeak: Espeak, piper: Piper) -> None:
    """Piper brings its own copy of espeak-ng; neither disturbs the other, even at once."""
    alone = seconds(espeak, TWO), seconds(piper, TWO)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(3):
            first, second = pool.submit(seconds, espeak, TWO), pool.submit(seconds, piper, TWO)
            assert (first.result(), second.result()) == pytest.approx(alone, rel=0.01)

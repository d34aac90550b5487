"""The gate: what nobody said is dropped, what is not certain is read back."""

import pytest

from appliance.ear.gate import NOISE, RUN, SURE, VOICE, judge, voiced
from models.transcript import Transcript


def heard(text: str = "how often is it tested", confidence: float = 1.0, doubtful: tuple[str, ...] = ()) -> Transcript:
    """A transcript."""
    return Transcript(text, "any", confidence, 2.0, doubtful=doubtful)


@pytest.mark.parametrize(
    ("transcript", "voice", "verdict"),
    [
        (heard(), 1.0, "take"),
        (heard(), None, "take"),
        (heard(confidence=SURE), 1.0, "take"),
        (heard(confidence=SURE - 0.01), 1.0, "read back"),
        (heard(confidence=NOISE), 1.0, "read back"),
        (heard(confidence=NOISE - 0.01), 1.0, "drop"),
        (heard(doubtful=("50TCQA06",)), 1.0, "read back"),
        (heard(), VOICE - 0.01, "drop"),
        (heard("", 0.0), 1.0, "drop"),
        (heard(" ... "), 1.0, "drop"),
        (heard("thank you for watching " * 4), 1.0, "drop"),
        (heard("I don't know the only thing that I will ever eat here. " * 3), 1.0, "drop"),
    ],
)
def test_verdicts(transcript: Transcript, voice: float | None, verdict: str) -> None:
    """Voice first, then the text, then how sure it is."""
    assert judge(transcript, voice) == verdict


def test_the_limits_are_in_order() -> None:
    """What is read back lies between what is dropped and what is taken."""
    assert 0 < NOISE < SURE < 1


@pytest.mark.parametrize(
    ("probabilities", "best"),
    [
        ([], 0.0),
        ([1.0], 1.0),
        ([0.0] * 50, 0.0),
        ([0.0] * 20 + [1.0] * RUN + [0.0] * 20, 1.0),
        ([0.0] * 20 + [1.0] + [0.0] * 20, 1 / RUN),
    ],
)
def test_a_click_is_no_voice(probabilities: list[float], best: float) -> None:
    """A run of windows counts, not one."""
    assert voiced(probabilities) == pytest.approx(best)

"""Whether what a recogniser wrote was said to the box, and whether it is sure enough to act upon.

Pure: a function of the recogniser's text and of how much the sound was like a voice. Who has a voice detector (the
conversation) hands in its probabilities; who has none (a recording sent over HTTP, where somebody pressed a button)
hands in nothing, and the text's own confidence decides.
"""

from collections.abc import Sequence
from typing import Literal

from models.repeats import looped
from models.transcript import Transcript

Verdict = Literal["drop", "read back", "take"]
RUN = 8
"""Windows of a voice detector that must sound like a voice together: 8 of 32 ms are a syllable or two."""
VOICE = 0.5
"""Mean probability of speech over the best run of windows, below which nobody spoke."""
LONGEST = 16
"""Words in the longest unit that is looked for as a loop: babble made a recogniser repeat one of eleven."""
NOISE = 0.45
"""Confidence below which the text is dropped: the highest limit, in steps of 0.05, below which no text was right."""
SURE = 0.8
"""Confidence below which the text is read back instead of acted upon: the lowest limit above which 85 % were right.

Both fitted by `python -m tests.bench.fit_hearing` on 20 sentences in two voices, clean and at 20, 10 and 5 dB (160
sounds; right: at most 15 % of the words wrong after repair), none of which `clara bench hearing` measures. Above 0.8:
13 of 15 right; below 0.45: 0 of 12.
"""


def voiced(probabilities: Sequence[float]) -> float:
    """Give the highest mean of `RUN` windows in a row: 0 to 1, 0 for no windows at all."""
    if not probabilities:
        return 0.0
    runs = range(max(1, len(probabilities) - RUN + 1))
    return max(sum(probabilities[at : at + RUN]) / min(RUN, len(probabilities)) for at in runs)


def judge(transcript: Transcript, voice: float | None = None) -> Verdict:
    """Say what to do with a transcript.

    Args:
        transcript: what a recogniser wrote.
        voice: what `voiced` gives for the same sound; None without a voice detector.
    """
    if not any(map(str.isalnum, transcript.text)) or looped(transcript.text, LONGEST):
        return "drop"
    if transcript.confidence < NOISE or (voice is not None and voice < VOICE):
        return "drop"
    return "read back" if transcript.confidence < SURE or transcript.doubtful else "take"

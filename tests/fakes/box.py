"""A box whose answers are written down beforehand: for the ways in, which only render what a box gives."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from appliance import check
from appliance.check import Part
from appliance.settings import Settings
from appliance.turn.answer import Answer, Card, Citation
from models.audio import Audio
from models.transcript import Transcript

AMPS = Answer(
    id="01JD0000000000000000000001",
    asked="What's the amp draw for Carrier 50TCQA06?",
    raw="whats the amp draw for carrier fifty tcqa oh six",
    intent="spec",
    said="The Carrier 50TCQA06 draws 18.2 A. This is sample data.",
    shown=(Card("Carrier 50TCQA06", (("amp draw", "18.2 A"), ("voltage", "230 V")), "sample data"),),
    citations=(
        Citation("specs", "Carrier 50TCQA06 record", quote="amp draw: 18.2 A", note="sample data"),
        Citation("starter", "NFPA 25", "2017", "13.4.5.2.2.2", 12),
    ),
    rung="evidence",
    confidence=0.97,
    abstained=False,
    revisions={"specs": "abc"},
    timings={"understand": 0.4, "gather": 2.1, "first": 2.8, "total": 3.25},
)
"""The answer that a fake box gives to everything."""
PARTS = (check.library(400), check.specs(26), check.requirements(150), check.voice("", "no weights"))
"""Able, though its voice is missing."""


class FakeBox:
    """Answers everything alike and remembers what it was asked."""

    def __init__(
        self,
        settings: Settings | None = None,
        answer: Answer = AMPS,
        parts: Sequence[Part] = PARTS,
        transcript: str = "amp draw for carrier fifty tcqa oh six",
        trouble: Mapping[str, Exception] | None = None,
    ) -> None:
        """`trouble`: method name to what it raises."""
        self.settings = settings or Settings()
        self.answer = answer
        self.parts_given = parts
        self.transcript = transcript
        self.trouble = dict(trouble or {})
        self.online = False
        self.asked: list[tuple[str, str]] = []
        self.recordings: list[bytes | Path] = []
        self.spoken = 0
        self.closed = False

    def parts(self) -> list[Part]:
        """How its parts do."""
        self.stumble("parts")
        return list(self.parts_given)

    async def ask(self, text: str, person: str = "", heard: Callable[[str], None] = lambda _: None) -> Answer:
        """Give the answer."""
        self.stumble("ask")
        self.asked.append((text, person))
        heard(self.answer.said)
        return self.answer

    async def hear(self, data: bytes | Path) -> Transcript:
        """Hear the same words in every recording."""
        self.stumble("hear")
        self.recordings.append(data)
        return Transcript(self.transcript, "fake", 1.0 if self.transcript else 0.0, 1.5)

    async def speak(self, answer: Answer) -> Audio:
        """Half a second of a soft tone."""
        self.stumble("speak")
        self.spoken += 1
        return Audio((0.1 * np.sin(np.arange(8000) * 0.17)).astype(np.float32), 16_000)

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def stumble(self, method: str) -> None:
        """Raise what was planned for a method."""
        if method in self.trouble:
            raise self.trouble[method]


class Opener:
    """Opens one fake box, as `wiring.open_box` would."""

    def __init__(self, box: FakeBox | None = None, trouble: Exception | None = None) -> None:
        """`trouble`: what opening raises."""
        self.box = box or FakeBox()
        self.trouble = trouble
        self.opened = 0

    @contextmanager
    def __call__(self, settings: Settings, progress: Callable[[str, int, int], None] | None = None) -> Iterator[Any]:
        """Hand out the box."""
        if self.trouble:
            raise self.trouble
        if progress:
            progress("loading the fake", 1, 1)
        self.opened += 1
        self.box.settings = settings
        yield self.box

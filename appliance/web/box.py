"""What the web face needs of the box; `wiring` hands in one that fits."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from appliance.check import Part
from appliance.settings import Settings
from appliance.turn.answer import Answer
from models.audio import Audio
from models.transcript import Transcript


class Box(Protocol):
    """Hears, answers, speaks and tells how it is."""

    @property
    def settings(self) -> Settings:
        """The owner's wishes."""
        ...

    @property
    def online(self) -> bool:
        """Is there a link?"""
        ...

    def parts(self) -> Sequence[Part]:
        """How every part does."""
        ...

    async def ask(self, text: str, person: str = "") -> Answer:
        """Answer a question; an empty person is the one of the settings."""
        ...

    async def hear(self, data: bytes | Path) -> Transcript:
        """Recognise a recording. Raises `models.errors.ModelError`."""
        ...

    async def speak(self, answer: Answer) -> Audio:
        """Say a whole answer. Raises `models.errors.ModelError`."""
        ...

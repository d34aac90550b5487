"""The spoken form of the latest answers, made when somebody asks for the sound."""

import asyncio
from collections import OrderedDict
from io import BytesIO

from appliance.turn.answer import Answer
from appliance.web.box import Box
from appliance.web.errors import Refusal
from appliance.web.gate import Gate
from models import wav

KEPT = 16
"""Answers whose sound may be asked for; ten spoken seconds are about 0.4 MB."""


class Sounds:
    """Offers answers to be heard and makes each one's sound once."""

    def __init__(self, box: Box, gate: Gate, kept: int = KEPT) -> None:
        self.box = box
        self.gate = gate
        self.kept = kept
        self.answers: OrderedDict[str, Answer] = OrderedDict()
        self.made: dict[str, asyncio.Task[bytes]] = {}

    def offer(self, answer: Answer) -> str:
        """Keep an answer and give the path of its sound; the oldest one beyond `kept` is dropped."""
        self.answers[answer.id] = answer
        while len(self.answers) > self.kept:
            dropped, _ = self.answers.popitem(last=False)
            if task := self.made.pop(dropped, None):
                task.cancel()
        return f"/v1/sound/{answer.id}.wav"

    async def wav(self, key: str) -> bytes:
        """Give an answer's sound as a WAV file; two who ask at once get the same one.

        Raises:
            Refusal: 404, when the answer is not (or no longer) kept.
            ModelError: no voice is installed, or it fails; the next asking tries again.
        """
        answer = self.answers.get(key)
        if answer is None:
            raise Refusal(404, f"no sound is kept for answer {key}", "ask the question again with ?speak=1")
        task = self.made.get(key)
        if task is None or (task.done() and (task.cancelled() or task.exception())):
            task = self.made[key] = asyncio.create_task(self.make(answer))
        return await asyncio.shield(task)

    async def make(self, answer: Answer) -> bytes:
        """Let the box say the answer."""
        async with self.gate.sounding:
            audio = await self.box.speak(answer)
        file = BytesIO()
        wav.write(file, [audio])
        return file.getvalue()

    async def aclose(self) -> None:
        """Stop what is still being made."""
        for task in self.made.values():
            task.cancel()
        await asyncio.gather(*self.made.values(), return_exceptions=True)

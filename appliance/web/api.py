"""The API: ask, hear the answer, say what is wrong with it, see how the box does."""

import asyncio

from aiohttp import web
from pydantic import BaseModel

from appliance.web.box import Box
from appliance.web.door import AnswerReply, AskReply, Health, Heard, Pulse, Question
from appliance.web.errors import Refusal
from appliance.web.gate import Gate
from appliance.web.library_forms import Thanks, Wrong
from appliance.web.paired import person_of
from appliance.web.reading import collected, read
from appliance.web.sounds import Sounds
from models.transcript import Transcript


class Api:
    """Handlers around one box."""

    def __init__(self, box: Box, gate: Gate, sounds: Sounds, version: str) -> None:
        self.box = box
        self.gate = gate
        self.sounds = sounds
        self.version = version

    async def ask(self, request: web.Request) -> web.Response:
        """`POST /v1/ask`: a typed question or a recording; `?speak=1` also offers the spoken answer."""
        async with self.gate.admit():
            asked = await read(request)
            heard = None if isinstance(asked, Question) else await self.hear(asked.data)
            text = asked.text if isinstance(asked, Question) else heard.text if heard else ""
            answer = await self.box.ask(text, person_of(request, asked.person))
        reply = AskReply(
            answer=AnswerReply.of(answer),
            heard=Heard.of(heard) if heard else None,
            sound=self.sounds.offer(answer) if request.query.get("speak") == "1" else None,
            online=self.box.online,
        )
        return replied(reply)

    async def hear(self, data: bytes) -> Transcript:
        """Recognise a recording, or refuse one in which nothing is said."""
        async with self.gate.sounding:
            heard = await self.box.hear(data)
        if not heard.text.strip():
            raise Refusal(422, "nothing was understood in the recording", "speak closer to the microphone, or type")
        return heard

    async def sound(self, request: web.Request) -> web.Response:
        """`GET /v1/sound/{id}.wav`: the spoken answer."""
        async with self.gate.admit():
            data = await self.sounds.wav(request.match_info["id"])
        return web.Response(body=data, content_type="audio/wav")

    async def wrong(self, request: web.Request) -> web.Response:
        """`POST /v1/answers/{id}/wrong`: records a gap; head office sees it when the box has a link."""
        async with self.gate.admit():
            told = await collected(request, Wrong, 'send {"question": "what was asked", "note": "what is wrong"}')
            gap = await self.box.wrong(
                request.match_info["id"], told.question, told.note, person_of(request, told.person)
            )
        return replied(Thanks(gap=gap))

    async def examine(self) -> Health:
        """Look at every part; the first look may load engines, so it is taken beside the work."""
        return Health.of(await asyncio.to_thread(self.box.parts), self.version, online=self.box.online)

    async def health(self, _: web.Request) -> web.Response:
        """`GET /v1/health`: every part of the box."""
        health = await self.examine()
        return replied(health, 200 if health.able else 503)

    async def pulse(self, _: web.Request) -> web.Response:
        """`GET /healthz`: can the box answer?"""
        health = await self.examine()
        pulse = Pulse(able=health.able, unwell=[part.name for part in health.parts if not part.well])
        return replied(pulse, 200 if health.able else 503)


def replied(model: BaseModel, status: int = 200) -> web.Response:
    """A reply as JSON."""
    return web.Response(status=status, text=model.model_dump_json(), content_type="application/json")

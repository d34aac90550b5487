"""One person's conversation with the box over a page, which outlives the sockets that it comes in by."""

import asyncio
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import WSMessage, WSMsgType, web

from appliance.journal import Waterfall
from appliance.web import wire
from appliance.web.box import Box
from appliance.web.door import AnswerReply
from appliance.web.outgoing import Outgoing
from appliance.web.pace import Pace
from appliance.web.wire import Closing, Code

if TYPE_CHECKING:
    from appliance.voice.conversation import Conversation, Event, Manner
    from appliance.voice.line import Loudspeaker, Microphone

log = logging.getLogger(__name__)
QUIET_S = 2.0
"""Silence that is heard after the microphone was closed, so that what was said is taken for whole."""
RATE = 16_000
"""Samples per second of what a page sends."""
ENDING = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR})


class Frame(Protocol):
    """A piece of sound from the voice."""

    @property
    def data(self) -> Any:
        """Its samples, int16."""
        ...

    @property
    def userdata(self) -> dict[str, Any]:
        """What begins with it."""
        ...


class Talk:
    """A conversation, and the page it is with."""

    def __init__(self, box: Box, person: str) -> None:
        """Keep who talks with what; `open` begins."""
        self.person = person
        self.sockets = 0
        """How many it has had."""
        self._box = box
        self._outgoing = Outgoing()
        self._pace = Pace()
        self._socket: web.WebSocketResponse | None = None
        self._conversation: Conversation | None = None
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._broken = asyncio.Event()
        self._ending: Closing | None = None
        self._replacing: asyncio.Task[None] | None = None

    @property
    def attached(self) -> bool:
        """Is the page there?"""
        return self._socket is not None

    async def open(self, manner: "Manner") -> None:
        """Begin to listen; `talks.load` has imported what this takes."""
        from appliance.voice.conversation import Conversation
        from appliance.voice.line import Loudspeaker, Microphone

        self._microphone, self._loudspeaker = Microphone(), Loudspeaker(self._sound, self._clear)
        self._conversation = Conversation(self._box, self.person, self._tell, manner)
        await self._conversation.start(self._microphone, self._loudspeaker)

    async def serve(self, socket: web.WebSocketResponse, got: int) -> None:
        """Converse over a socket until it ends, or a newer one takes its place.

        Raises:
            Closing: the socket is to be closed, and with any code but REPLACED the conversation is over.
        """
        former, self._socket = self._socket, socket
        self.sockets += 1
        if former is not None:
            # Its own handler sees the end of its socket; the newer one does not wait for a page that may be gone.
            former_closing = Closing(Code.REPLACED, "the conversation goes on in another window")
            self._replacing = asyncio.create_task(wire.close(former, former_closing))
        pouring = asyncio.create_task(self._outgoing.pour(socket, got))
        broken = asyncio.create_task(self._broken.wait())
        reading = asyncio.create_task(self._read(socket))
        works = (pouring, broken, reading)
        try:
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            if self._ending is not None:
                raise self._ending
            for work in works:
                if work.done():
                    work.result()
        except ConnectionError:
            log.info("a page was lost")
        finally:
            for work in works:
                work.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            if self._socket is socket:
                self._socket = None

    async def _read(self, socket: web.WebSocketResponse) -> None:
        """Take in what the page says until its socket ends."""
        while (message := await socket.receive()).type not in ENDING:
            if self._socket is not socket:
                return
            await self._take(message)

    async def _take(self, message: WSMessage) -> None:
        if message.type is WSMsgType.BINARY:
            self._hear(message.data)
        else:
            await self._do(wire.read(message.data))

    def _hear(self, data: bytes) -> None:
        if len(data) % 2:
            raise Closing(Code.UNREADABLE, "sound must be whole samples: int16, 16 kHz, mono")
        if not self._pace.admits(len(data) / 2 / RATE):
            raise Closing(Code.BREACH, "sound came faster than anyone speaks")
        if self._microphone is not None:
            self._microphone.push(data)

    async def _do(self, told: wire.Told) -> None:
        assert self._conversation is not None
        match told:
            case wire.Got():
                self._outgoing.got(told.n)
                if told.t == "ping" and self._socket is not None:
                    await self._socket.send_str(wire.told("pong", n=told.n))
            case wire.Typed():
                self._conversation.typed(told.text)
            case wire.Manner():
                self._conversation.take(told.manner)
            case wire.Order():
                await self._order(told.t, self._conversation)
            case wire.Hello():
                raise Closing(Code.UNREADABLE, "the page has greeted already")

    async def _order(self, order: str, conversation: "Conversation") -> None:
        assert self._microphone is not None
        match order:
            case "press":
                conversation.press()
            case "release":
                await self._microphone.drained()
                await conversation.release()
            case "quiet":
                self._microphone.push(bytes(2 * int(QUIET_S * RATE)))
            case "stop":
                conversation.stop()
            case "bye":
                raise Closing(Code.OVER, "the conversation is over")

    def _tell(self, event: "Event") -> None:
        """Pass on what happens; clauses go with their sound instead."""
        from appliance.voice import conversation

        match event:
            case conversation.Heard():
                self._add("heard", text=event.text, final=event.final)
            case conversation.State():
                self._add("state", name=event.name)
            case conversation.Answered():
                answer = AnswerReply.of(event.answer).model_dump(mode="json")
                self._add("answer", answer=answer, online=self._box.online)
            case Waterfall():
                self._add("waterfall", **asdict(event))
            case conversation.Failed():
                self._add("trouble", error=event.error)
                if event.deaf:
                    self._end(Closing(Code.BROKEN, event.error))

    def _add(self, kind: str, **fields: Any) -> None:
        try:
            self._outgoing.add(wire.told(kind, **fields))
        except Closing as closing:
            self._end(closing)

    def _end(self, closing: Closing) -> None:
        self._ending = self._ending or closing
        self._broken.set()

    async def _sound(self, frame: Frame) -> None:
        await self._outgoing.room()
        if clause := frame.userdata.get("clause"):
            self._add("clause", text=clause)
        self._outgoing.add(bytes(frame.data))

    async def _clear(self) -> None:
        self._add("clear")

    async def aclose(self, closing: Closing) -> None:
        """End it; a page that is there is told why."""
        self._end(closing)
        if self._conversation is not None:
            await self._conversation.aclose()
        if self._loudspeaker is not None:
            await self._loudspeaker.aclose()
        if self._replacing is not None:
            await self._replacing

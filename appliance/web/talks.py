"""Everyone who talks with the box by a page: `GET /v1/talk`, a WebSocket.

Decisions: a conversation belongs to the random key that its page made, and to the person who began it; it waits
`LINGER_S` for a page whose link broke, and then gives the very rest of the answer. The conversation's library takes
seconds to import, so that is done when the first one begins, or by `warm` once the box serves.
"""

import asyncio
import logging
from collections.abc import Coroutine
from http import HTTPStatus
from importlib import import_module
from typing import Any

from aiohttp import WSMsgType, web

from appliance.web import paired, wire
from appliance.web.box import Box
from appliance.web.door import PERSON
from appliance.web.errors import Refusal
from appliance.web.talk import Talk
from appliance.web.wire import Closing, Code

log = logging.getLogger(__name__)
MOST = 10
"""Conversations at once; a busy site has a handful of technicians."""
LINGER_S = 20.0
"""How long a conversation waits for a page whose link broke."""
GREETING_S = 10.0
"""How long a page may take for its first message."""
BEAT_S = 10.0
"""Between two pings; a page that answers none for half as long is gone."""
LEFT = frozenset({Code.OVER, Code.LEAVING, Code.UNREADABLE, 1009})
"""Codes of a socket's end after which nobody will come back: the page ended it, or broke the rules."""
NOT_A_SOCKET = HTTPStatus.UPGRADE_REQUIRED


class Talks:
    """The conversations of a box."""

    def __init__(self, box: Box, most: int = MOST, linger_s: float = LINGER_S) -> None:
        """`most`: conversations at once; `linger_s`: how long each waits for its page."""
        self._box = box
        self._most = most
        self._linger_s = linger_s
        self._talks: dict[str, Talk] = {}
        self._opening = asyncio.Lock()
        self._waits: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.Task[None]] = set()

    @property
    def count(self) -> int:
        """Conversations now."""
        return len(self._talks)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """`GET /v1/talk`: converse by sound."""
        socket = web.WebSocketResponse(heartbeat=BEAT_S, max_msg_size=wire.MESSAGE_BYTES, compress=False, timeout=2.0)
        if not socket.can_prepare(request).ok:
            raise Refusal(NOT_A_SOCKET, "this is a WebSocket", "open the box's page to talk", {"Upgrade": "websocket"})
        await socket.prepare(request)
        try:
            await self._converse(socket, person_of(request))
        except Closing as closing:
            await wire.close(socket, closing)
        return socket

    async def _converse(self, socket: web.WebSocketResponse, person: str) -> None:
        hello = await greeting(socket)
        if hello is None:
            return
        talk, resumed = await self._talk(hello, person)
        if talk is None:
            raise Closing(Code.BUSY, f"{self._most} people are talking to the box already; try again in a minute")
        try:
            await socket.send_str(wire.told("ready", resumed=resumed, online=self._box.online))
            await talk.serve(socket, hello.got if resumed else 0)
        except Closing as closing:
            if not talk.attached:  # else a newer socket has it
                self._drop(hello.key, talk, closing)
            raise
        except ConnectionError:
            log.info("a page was lost")
        finally:  # a handler whose connection is lost may also be cancelled
            if not talk.attached and socket.close_code in LEFT:
                self._drop(hello.key, talk, Closing(Code.OVER, "the page left"))
            elif not talk.attached:
                later(self._waits, self._expire(hello.key, talk))

    async def _talk(self, hello: wire.Hello, person: str) -> tuple[Talk | None, bool]:
        """Give the conversation of a page, and whether it is one that goes on; None when there are too many."""
        async with self._opening:
            talk = self._talks.get(hello.key)
            if talk is not None:
                if talk.person != person:
                    raise Closing(Code.FOREIGN, "this conversation is somebody else's")
                return talk, True
            if len(self._talks) >= self._most and not self._make_room():
                return None, False
            talk = self._talks[hello.key] = Talk(self._box, person)
            try:
                await asyncio.to_thread(load)
                await talk.open(hello.manner)
            except BaseException:
                self._talks.pop(hello.key, None)
                raise
            return talk, False

    def _make_room(self) -> bool:
        """End the conversation that waits longest for its page, when one does."""
        waiting = next((key for key, talk in self._talks.items() if not talk.attached), None)
        if waiting is not None:
            self._drop(waiting, self._talks[waiting], Closing(Code.BUSY, "others needed the box"))
        return waiting is not None

    async def _expire(self, key: str, talk: Talk) -> None:
        """End a conversation when its page does not come back in time."""
        left = talk.sockets
        await asyncio.sleep(self._linger_s)
        if not talk.attached and talk.sockets == left:
            self._drop(key, talk, Closing(Code.OVER, "the page did not come back"))

    def _drop(self, key: str, talk: Talk, closing: Closing) -> None:
        """Forget a conversation, and end it."""
        if self._talks.get(key) is talk:
            del self._talks[key]
            later(self._ends, talk.aclose(closing))

    async def aclose(self) -> None:
        """End every conversation."""
        for task in self._waits:
            task.cancel()
        for key, talk in list(self._talks.items()):
            self._drop(key, talk, Closing(Code.LEAVING, "the box is stopping; it will be back in a moment"))
        await asyncio.gather(*self._waits, *self._ends, return_exceptions=True)


def later(tasks: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
    """Do something in a task that is held until it is done."""
    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(tasks.discard)


def load() -> None:
    """Import what a conversation needs. Blocking, for seconds the first time."""
    for module in ("conversation", "line"):
        import_module(f"appliance.voice.{module}")


async def greeting(socket: web.WebSocketResponse) -> wire.Hello | None:
    """Take a page's first message; None when it leaves at once. Raises `Closing`."""
    try:
        async with asyncio.timeout(GREETING_S):
            message = await socket.receive()
    except TimeoutError as error:
        raise Closing(Code.BREACH, "the page did not greet") from error
    if message.type is WSMsgType.TEXT:
        told = wire.read(message.data)
        if isinstance(told, wire.Hello):
            return told
    elif message.type is not WSMsgType.BINARY:
        return None
    raise Closing(Code.UNREADABLE, 'the first message must be {"t": "hello", "key": …}')


def person_of(request: web.Request) -> str:
    """Who talks: the person of the device; where nobody is asked, the one that the request names."""
    return paired.person_of(request, request.query.get("person", "").strip()[:PERSON])

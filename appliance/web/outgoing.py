"""What the box tells one page: in order, numbered, and kept until the page says that it has it.

Decisions: counting by both sides lets a page that lost its socket have the very rest, without a gap or a repetition;
the same count is the back-pressure: sound waits while the page has not taken in what was sent before.
"""

import asyncio
from collections import deque

from aiohttp import web

from appliance.web.wire import Closing, Code

AHEAD = 40
"""Messages that may be under way before sound waits: 2 s of it, more than any link within a building takes."""
MOST = 1_000
"""Messages kept for a page that takes nothing in: about half an hour of partial transcripts."""


class Outgoing:
    """A queue towards a page that may be away for a while."""

    def __init__(self) -> None:
        self._kept: deque[str | bytes] = deque()
        self._first = 0
        """Number of the oldest that is kept."""
        self._sent = 0
        """How many were ever sent."""
        self._more = asyncio.Event()
        self._room = asyncio.Event()
        self._here: object = None
        """The pouring under way."""

    @property
    def count(self) -> int:
        """Messages so far."""
        return self._first + len(self._kept)

    def add(self, message: str | bytes) -> None:
        """Queue a message. Raises `Closing` when the page has taken in nothing for too long."""
        if len(self._kept) >= MOST:
            raise Closing(Code.BREACH, "the page does not take in what the box says")
        self._kept.append(message)
        self._more.set()
        self._weigh()

    def got(self, count: int) -> None:
        """The page has the first `count` messages. Raises `Closing` for what was never sent."""
        if count > self._sent:
            raise Closing(Code.BREACH, "the page claims to have what was never sent")
        while self._first < count:
            self._kept.popleft()
            self._first += 1
        self._weigh()

    async def room(self) -> None:
        """Wait until sound may follow: the page is there and keeps up."""
        await self._room.wait()

    async def pour(self, socket: web.WebSocketResponse, count: int) -> None:
        """Send what comes after the first `count` messages, until cancelled or the socket breaks.

        Raises:
            Closing: that rest is no longer kept.
            ConnectionError: the socket broke.
        """
        if count < self._first:
            raise Closing(Code.BREACH, "the page asks again for what it has had")
        self.got(count)
        mine = self._here = object()
        self._weigh()
        try:
            while True:
                self._more.clear()
                while count < self.count:
                    message = self._kept[count - self._first]
                    count += 1
                    self._sent = max(self._sent, count)
                    await (socket.send_str(message) if isinstance(message, str) else socket.send_bytes(message))
                await self._more.wait()
        finally:
            if self._here is mine:  # a newer socket may pour already
                self._here = None
                self._weigh()

    def _weigh(self) -> None:
        if self._here is not None and len(self._kept) < AHEAD:
            self._room.set()
        else:
            self._room.clear()

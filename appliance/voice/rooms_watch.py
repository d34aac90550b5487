"""The box's own presence in the rooms: it goes where its agent was asked for, and sends out who may not be there.

Decisions:
- No LiveKit agent worker: each of its jobs is a process of its own, which would load every engine again; and a thread
  per job would need the box's parts in a second event loop. The box joins as a participant, from its own loop.
- A ticket's room configuration asks for the agent by name (dispatch), and the server keeps that wish with the room. A
  webhook only says "look now"; what is done follows from the server's own lists, which are also looked at every few
  seconds. So a lost webhook costs seconds, and a restarted box finds its guests again.
- One conversation per room: the first guest has it; when they have gone, the next one. Everybody in the room hears it.
- A ticket outlives a revocation by up to ten minutes, since the server cannot be told; so who is in a room is compared
  with the list of people at every look, and sent out.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from appliance.voice.errors import NoRoomError, RoomError
from appliance.voice.rooms_values import Entitled, Guest, Member, Room

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""How often the rooms are looked at when nothing happens."""
AGAIN_S = 3.0
"""How long a room is left alone after a conversation in it failed."""
Converse = Callable[[str, Guest], Awaitable[str]]
"""Joins a room, talks with the guest until they have gone, and gives why it ended. Raises `RoomError`."""


class Doors(Protocol):
    """What the watch needs of the rooms; each raises `RoomError`."""

    async def rooms(self) -> list[Room]:
        """Give the open rooms."""
        ...

    async def members(self, room: str, /) -> list[Member]:
        """Give who is in a room, who came first first."""
        ...

    async def wanted(self, room: str, /) -> bool:
        """Was the agent asked into a room?"""
        ...

    async def remove(self, room: str, identity: str, /) -> None:
        """Send somebody out."""
        ...


class Watch:
    """Looks after the rooms of one server."""

    def __init__(self, doors: Doors, entitled: Entitled, converse: Converse, every_s: float = EVERY_S) -> None:
        """Keep the parts."""
        self._doors = doors
        self._entitled = entitled
        self._converse = converse
        self._every_s = every_s
        self._stirred = asyncio.Event()
        self._talks: dict[str, asyncio.Task[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why the last look failed; empty when it did not."""

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._run(), name="rooms")

    def stir(self) -> None:
        """Look now."""
        self._stirred.set()

    @property
    def talks(self) -> list[str]:
        """The rooms in which there is a conversation."""
        return sorted(self._talks)

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
                self.trouble = ""
            except RoomError as error:
                if str(error) != self.trouble:
                    log.warning("the rooms are not looked after: %s", error)
                self.trouble = str(error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._stirred.wait()
            self._stirred.clear()

    async def look(self) -> None:
        """Look once: send out, and join where a guest waits. Raises `RoomError`."""
        for room in await self._doors.rooms():
            with contextlib.suppress(NoRoomError):  # it ended while we looked
                await self._look_into(room.name)

    async def _look_into(self, room: str) -> None:
        guests = [member for member in await self._doors.members(room) if not member.agent]
        welcome = []
        for guest in guests:
            if self._entitled(guest.identity, room):
                welcome.append(guest)
            else:
                log.info("%s is sent out of room %s", guest.identity, room)
                await self._doors.remove(room, guest.identity)
        if welcome and room not in self._talks and await self._doors.wanted(room):
            first = Guest(welcome[0].identity, welcome[0].name, "")
            self._talks[room] = asyncio.create_task(self._talk(room, first), name=f"room {room}")

    async def _talk(self, room: str, guest: Guest) -> None:
        try:
            log.info("room %s: talking with %s", room, guest.identity)
            why = await self._converse(room, guest)
            log.info("room %s: %s", room, why)
        except RoomError as error:
            log.warning("room %s: %s", room, error)
            await asyncio.sleep(AGAIN_S)
        except Exception:
            log.exception("room %s: the conversation broke off", room)
            await asyncio.sleep(AGAIN_S)
        finally:
            del self._talks[room]
            self.stir()

    async def aclose(self) -> None:
        """End every conversation. Ending twice is fine."""
        tasks = [task for task in (self._task, *self._talks.values()) if task is not None]
        self._task = None
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

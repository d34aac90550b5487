"""The box's rooms as one part: the server, the keys, the watch and the conversations, begun and ended together."""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from appliance.people.entry import may_enter
from appliance.people.errors import PeopleError
from appliance.people.people import People
from appliance.settings import Settings
from appliance.voice.conversation import Answered, Conversation, Event
from appliance.voice.conversation import Box as Speaker
from appliance.voice.errors import RoomError
from appliance.voice.rooms import Rooms
from appliance.voice.rooms_hooks import Hooks
from appliance.voice.rooms_line import Attach, Line, join
from appliance.voice.rooms_place import FOLDER, configuration, place, program
from appliance.voice.rooms_server import ABSENT, Server, answers
from appliance.voice.rooms_values import Guest
from appliance.voice.rooms_watch import Watch
from sync.errors import SyncError
from sync.records import Job

log = logging.getLogger(__name__)

FIRST_S = 10.0
"""How long the server is waited for at the start."""


class Work(Protocol):
    """The records, as far as rooms are made of them."""

    def jobs(self) -> Sequence[Job]:
        """Give all jobs. Raises `sync.errors.SyncError`."""
        ...


class Box(Speaker, Protocol):
    """What rooms need of the box."""

    @property
    def settings(self) -> Settings:
        """The owner's wishes."""
        ...

    @property
    def records(self) -> Work:
        """The records."""
        ...

    def event(self, kind: str, body: Mapping[str, object]) -> None:
        """Leave an event."""
        ...


class Calls:
    """Rooms with the box in them."""

    def __init__(self, box: Box, people: People, host: str = "", attach: Attach | None = None) -> None:
        """Find the server and its keys.

        Args:
            box: What answers, hears and speaks.
            people: Who may enter.
            host: The page's address.
            attach: What talks over a line; default: a `Conversation`.

        Raises:
            RoomError: the settings name no usable server, or the keys cannot be had.
        """
        self._box = box
        self._people = people
        self.place = place(box.settings, host)
        self.rooms = Rooms(self.place)
        self._hooks = Hooks(self.place)
        self._server: Server | None = None
        self._attach = attach or self._talk
        self._watch = Watch(self.rooms, self.entitled, self._converse)

    async def begin(self, page: str) -> None:
        """Start the server and look after its rooms; `page`: the address at which this box's page is served.

        Raises:
            RoomError: the server cannot be started.
        """
        if self.place.own:
            settings = self._box.settings
            binary = program(settings)
            if binary is None:
                raise RoomError(ABSENT)
            told = configuration(settings, self.place, f"{page.rstrip('/')}/webhook")
            folder = settings.place.data / FOLDER
            self._server = Server(binary, folder, told, self.place.key, self.place.secret)
            await self._server.start()
            await self._answering(self._server)
        self._watch.start()

    async def _answering(self, server: Server) -> None:
        """Wait until the server answers; one that takes long is looked after all the same."""
        until = time.monotonic() + FIRST_S
        while not await asyncio.to_thread(answers, self.place):
            if time.monotonic() > until:
                log.warning("livekit-server does not answer yet: %s", server.trouble or server.last_line())
                return
            await asyncio.sleep(0.1)

    async def aclose(self) -> None:
        """End the conversations, then the server. Ending twice is fine."""
        await self._watch.aclose()
        if self._server is not None:
            await self._server.aclose()

    def jobs(self) -> Sequence[Job]:
        """Give the jobs that rooms may be for. Raises `sync.errors.SyncError`."""
        return self._box.records.jobs()

    def entitled(self, identity: str, room: str) -> bool:
        """May the device of this id be in this room, now? Raises `RoomError` when nobody can tell."""
        try:
            caller = self._people.device(identity)
            return caller is not None and may_enter(caller, room, self.jobs())
        except (PeopleError, SyncError) as error:
            raise RoomError(f"nobody can tell who may be in a room: {error}") from error

    def happened(self, body: bytes, signature: str) -> None:
        """Take a webhook: record it, and look at the rooms. Raises `ForgedError` or `ReplayError`."""
        told = self._hooks.receive(body, signature)
        facts = {"id": told.id, "what": told.what, "room": told.room, "device": told.identity, "track": told.track}
        self._box.event("room", {**facts, "at": told.at})
        self._watch.stir()

    def stir(self) -> None:
        """Look at the rooms now."""
        self._watch.stir()

    async def _converse(self, room: str, guest: Guest) -> str:
        ticket = self.rooms.agent_ticket(room, guest.identity)
        return await join(self.place.inside, ticket, guest.identity, self._attach)

    async def _talk(self, line: Line) -> None:
        """Talk over a line until cancelled."""
        caller = self._people.device(line.guest)
        name = caller.person.name if caller else self._box.settings.person.name
        conversation = Conversation(self._box, name, lambda event: line.tell(shown(event)))
        try:
            await conversation.start(line.ear, line.mouth)
            await asyncio.Event().wait()
        finally:
            await conversation.aclose()


def shown(event: Event) -> dict[str, Any]:
    """Give an event of a conversation as the guest's app gets it: its type, and its fields."""
    if isinstance(event, Answered):
        citations = [{**asdict(one), "text": one.text()} for one in event.answer.citations]
        return {"type": "answered", "answer": {**asdict(event.answer), "citations": citations}}
    return {"type": type(event).__name__.lower(), **asdict(event)}

"""Rooms over HTTP: tickets for technicians, looking and acting for managers, webhooks of the LiveKit server.

Decisions: a ticket needs a paired device on every page, on loopback too: whose it is, is its identity. What a body says
of name, identity, rights or time is not looked at. The paths are those of the system we replace, and `/v1/rooms`.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from aiohttp import web
from pydantic import BaseModel

from appliance.people.entry import job_of, job_room, may_enter, own_room
from appliance.people.people import Caller
from appliance.voice.errors import ForgedError, NoRoomError, ReplayError, RoomError
from appliance.voice.rooms_place import Place
from appliance.voice.rooms_values import Guest, Member, Room
from appliance.web.errors import Refusal
from appliance.web.paired import caller_of, manager_of
from appliance.web.reading import TEXT_BYTES, collect, collected
from appliance.web.rooms_forms import (
    Done,
    JobsTicket,
    JobTicket,
    Mute,
    OldTicket,
    ParticipantReply,
    ParticipantsReply,
    ParticipantTicket,
    RoomReply,
    RoomsReply,
    RoomTicket,
    Ticket,
)
from sync.records import Job

OFF = "rooms are switched off on this box"
ADVICE = "on the box: rooms.enabled = true in the settings, then clara up; until then POST /v1/ask"
HOOK_BYTES = 4 * TEXT_BYTES
"""Largest webhook."""


class Rooms(Protocol):
    """The rooms of a LiveKit server. All that is awaited raises `appliance.voice.errors.RoomError`."""

    def ticket(self, guest: Guest, room: str) -> str:
        """Give a token into a room."""
        ...

    async def rooms(self) -> list[Room]:
        """Give the open rooms."""
        ...

    async def room(self, name: str, /) -> Room:
        """Give one room."""
        ...

    async def members(self, room: str, /) -> list[Member]:
        """Give who is in a room."""
        ...

    async def member(self, room: str, identity: str, /) -> Member:
        """Give one of a room."""
        ...

    async def mute(self, room: str, identity: str, track: str = "", /) -> int:
        """Mute what somebody sends."""
        ...

    async def remove(self, room: str, identity: str, /) -> None:
        """Send somebody out."""
        ...

    async def close(self, room: str, /) -> None:
        """End a room."""
        ...


class Calls(Protocol):
    """Rooms with the box in them."""

    @property
    def place(self) -> Place:
        """Where the server is."""
        ...

    @property
    def rooms(self) -> Rooms:
        """Its rooms."""
        ...

    def jobs(self) -> Sequence[Job]:
        """Give the jobs that rooms may be for."""
        ...

    def happened(self, body: bytes, signature: str) -> None:
        """Take a webhook."""
        ...


class RoomsApi:
    """Handlers around the rooms."""

    def __init__(self, calls: Calls | None) -> None:
        """Keep the rooms; None when there are none."""
        self._calls = calls

    def register(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_post("/token/job", self.job_ticket)
        router.add_post("/clara-server/jobs/get-token", self.job_ticket)
        router.add_post("/token", self.room_ticket)
        router.add_post("/createToken", self.old_ticket)
        router.add_post("/webhook", self.hook)
        for top in ("/v1/rooms", "/rooms"):
            who = f"{top}/{{room}}/participants/{{identity}}"
            router.add_get(top, self.managed(self.list))
            router.add_get(f"{top}/{{room}}", self.managed(self.show))
            router.add_delete(f"{top}/{{room}}", self.managed(self.close))
            router.add_get(f"{top}/{{room}}/participants", self.managed(self.members))
            router.add_get(who, self.managed(self.member))
            router.add_delete(who, self.managed(self.remove))
            router.add_post(f"{who}/mute", self.managed(self.mute))

    @property
    def calls(self) -> Calls:
        """The rooms. Raises `Refusal`, 503, when there are none."""
        if self._calls is None:
            raise Refusal(503, OFF, ADVICE)
        return self._calls

    async def job_ticket(self, request: web.Request) -> web.Response:
        """`POST /token/job`: a ticket into the room of a job."""
        caller = caller_of(request)
        wish = await collected(request, JobTicket, 'send {"job_id": "the job\'s id"}')
        job = next((one for one in self.calls.jobs() if one.id == wish.job_id), None)
        if job is None:
            raise unknown(wish.job_id)
        room = self.entered(caller, job_room(job.id))
        ticket = self.ticket(caller, room)
        return replied(JobsTicket(**ticket.model_dump(), job_id=job.id))

    async def room_ticket(self, request: web.Request) -> web.Response:
        """`POST /token`: a ticket into a job's room, or one's own."""
        caller = caller_of(request)
        wish = await collected(request, RoomTicket, 'send {"room_name": "a job\'s id"}, or {} for your own room')
        room = self.entered(caller, wish.room_name) if wish.room_name else own_room(caller.person.id)
        return replied(self.ticket(caller, room))

    async def old_ticket(self, request: web.Request) -> web.Response:
        """`POST /createToken`: the oldest form of `/token`."""
        caller = caller_of(request)
        wish = await collected(request, OldTicket, 'send {"roomName": "a job\'s id"}')
        ticket = self.ticket(caller, self.entered(caller, wish.roomName))
        return replied(ParticipantTicket(server_url=ticket.server_url, participant_token=ticket.token))

    def entered(self, caller: Caller, named: str) -> str:
        """Give the room that is meant by its name or a job's id. Raises `Refusal`: 404 unknown, 403 not theirs."""
        jobs = self.calls.jobs()
        job = job_of(named, jobs)
        room = job_room(job.id) if job else named
        if may_enter(caller, room, jobs):
            return room
        if job is None:
            raise unknown(named)
        raise Refusal(403, f"job {job.id} is not yours", "ask a manager to give it to you, or talk in your own room")

    def ticket(self, caller: Caller, room: str) -> Ticket:
        """Make a ticket for a device."""
        guest = Guest(caller.device.id, caller.person.name, caller.person.id)
        token = self.calls.rooms.ticket(guest, room)
        return Ticket(server_url=self.calls.place.outside, token=token, room=room, identity=guest.identity)

    async def hook(self, request: web.Request) -> web.Response:
        """`POST /webhook`: the LiveKit server tells what happened."""
        body = await collect(request.content, HOOK_BYTES)
        try:
            self.calls.happened(body, request.headers.get("Authorization", ""))
        except ForgedError as error:
            raise Refusal(401, str(error), "only the box's LiveKit server may call this") from error
        except ReplayError as error:
            raise Refusal(409, str(error), "it was not taken again") from error
        return replied(Done(message="recorded"))

    def managed(
        self, handler: Callable[[web.Request, Rooms], Awaitable[BaseModel]]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        """Let a manager through, and say in HTTP what goes wrong with a room."""

        async def handle(request: web.Request) -> web.Response:
            manager_of(request)
            try:
                return replied(await handler(request, self.calls.rooms))
            except NoRoomError as error:
                raise Refusal(404, str(error), "GET /v1/rooms lists what there is") from error
            except RoomError as error:
                raise Refusal(503, str(error), "on the box: clara check") from error

        return handle

    async def list(self, _: web.Request, rooms: Rooms) -> RoomsReply:
        """`GET /v1/rooms`."""
        found = [RoomReply.of(room) for room in await rooms.rooms()]
        return RoomsReply(rooms=found, count=len(found))

    async def show(self, request: web.Request, rooms: Rooms) -> RoomReply:
        """`GET /v1/rooms/{room}`."""
        return RoomReply.of(await rooms.room(request.match_info["room"]))

    async def close(self, request: web.Request, rooms: Rooms) -> Done:
        """`DELETE /v1/rooms/{room}`."""
        await rooms.close(request.match_info["room"])
        return Done(message="the room is closed")

    async def members(self, request: web.Request, rooms: Rooms) -> ParticipantsReply:
        """`GET /v1/rooms/{room}/participants`."""
        found = [ParticipantReply.of(member) for member in await rooms.members(request.match_info["room"])]
        return ParticipantsReply(participants=found, count=len(found))

    async def member(self, request: web.Request, rooms: Rooms) -> ParticipantReply:
        """`GET /v1/rooms/{room}/participants/{identity}`."""
        return ParticipantReply.of(await rooms.member(request.match_info["room"], request.match_info["identity"]))

    async def remove(self, request: web.Request, rooms: Rooms) -> Done:
        """`DELETE /v1/rooms/{room}/participants/{identity}`."""
        await rooms.remove(request.match_info["room"], request.match_info["identity"])
        return Done(message="sent out of the room; revoke the device to keep it out")

    async def mute(self, request: web.Request, rooms: Rooms) -> Done:
        """`POST /v1/rooms/{room}/participants/{identity}/mute`."""
        advice = 'send {"muted": true}; nobody but its owner can unmute a microphone'
        wish = await collected(request, Mute, advice) if request.can_read_body else Mute()
        muted = await rooms.mute(request.match_info["room"], request.match_info["identity"], wish.trackSid)
        return Done(message="muted" if muted else "nothing was heard of them", tracks=muted)


def unknown(job: str) -> Refusal:
    """Refuse a room that no job is for."""
    return Refusal(
        404,
        f"there is no job {job!r} on this box",
        "clara jobs list on the box shows them; POST /token with {} is your own room",
    )


def replied(model: BaseModel) -> web.Response:
    """A reply as JSON."""
    return web.Response(text=model.model_dump_json(), content_type="application/json")

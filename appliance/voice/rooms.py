"""Rooms of a LiveKit server: tickets into them, who is in them, and what a manager may do there.

Decisions: a ticket is the least that a conversation needs: into one room, publish a microphone and nothing else,
subscribe, send data, for ten minutes, and no right to change one's own name or attributes. The ticket asks for the
agent by its name; the box takes that as the wish to be in the room (`rooms_watch`).
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from aiohttp import ClientError, ClientTimeout
from livekit import api
from livekit.protocol.agent_dispatch import RoomAgentDispatch
from livekit.protocol.models import ParticipantInfo, TrackInfo, TrackSource, TrackType
from livekit.protocol.models import Room as RoomInfo
from livekit.protocol.room import RoomConfiguration

from appliance.voice.errors import NoRoomError, RoomError
from appliance.voice.rooms_place import EMPTY_S, LEFT_S, MOST, Place
from appliance.voice.rooms_values import AGENT, Guest, Member, Room, Track

LIFE = timedelta(minutes=10)
"""Of a ticket. One who is in the room already may stay."""
PATIENCE_S = 5.0
"""How long the server may take to answer."""
MISSING = frozenset({api.TwirpErrorCode.NOT_FOUND})


class Rooms:
    """The rooms of one server."""

    def __init__(self, place: Place) -> None:
        """Keep where it is; nothing is asked before it is needed."""
        self.place = place

    def ticket(self, guest: Guest, room: str) -> str:
        """Give a token that lets a technician's device into a room, with the box's agent."""
        grants = api.VideoGrants(
            room_join=True,
            room=room,
            can_publish=True,
            can_publish_sources=["microphone"],
            can_subscribe=True,
            can_publish_data=True,
            can_update_own_metadata=False,
        )
        wish = RoomConfiguration(
            name=room,
            empty_timeout=EMPTY_S,
            departure_timeout=LEFT_S,
            max_participants=MOST,
            agents=[RoomAgentDispatch(agent_name=AGENT, metadata=room)],
        )
        token = self._token(guest.identity, guest.name, grants).with_attributes({"person": guest.person})
        return token.with_room_config(wish).to_jwt()

    def agent_ticket(self, room: str, guest: str) -> str:
        """Give the token by which the box itself enters a room, to talk with the guest of that identity."""
        grants = api.VideoGrants(
            room_join=True, room=room, can_publish=True, can_publish_sources=["microphone"], can_subscribe=True
        )
        return self._token(f"{AGENT}-{guest}", "Clara", grants).with_kind("agent").to_jwt()

    def _token(self, identity: str, name: str, grants: api.VideoGrants) -> api.AccessToken:
        token = api.AccessToken(self.place.key, self.place.secret).with_identity(identity).with_name(name)
        return token.with_ttl(LIFE).with_grants(grants)

    async def rooms(self, names: tuple[str, ...] = ()) -> list[Room]:
        """Give the open rooms, or those of them with these names. Raises `RoomError`, as all below."""
        async with self._server("list the rooms") as server:
            found = await server.room.list_rooms(api.ListRoomsRequest(names=names))
        return sorted(map(room_of, found.rooms), key=lambda room: room.name)

    async def room(self, name: str) -> Room:
        """Give one room. Raises `NoRoomError`."""
        for room in await self.rooms((name,)):
            return room
        raise NoRoomError(f"there is no open room {name!r}")

    async def members(self, room: str) -> list[Member]:
        """Give who is in a room, who came first first. Raises `NoRoomError`."""
        await self.room(room)
        async with self._server(f"look into room {room!r}") as server:
            found = await server.room.list_participants(api.ListParticipantsRequest(room=room))
        return sorted(map(member_of, found.participants), key=lambda member: (member.joined, member.identity))

    async def member(self, room: str, identity: str) -> Member:
        """Give one of a room. Raises `NoRoomError`."""
        for member in await self.members(room):
            if member.identity == identity:
                return member
        raise NoRoomError(f"nobody called {identity!r} is in room {room!r}")

    async def mute(self, room: str, identity: str, track: str = "") -> int:
        """Mute a member's track, or all that are heard, and give how many. Only its owner can unmute it."""
        member = await self.member(room, identity)
        heard = [one for one in member.tracks if one.kind == "audio" and not one.muted and track in {"", one.sid}]
        if track and track not in {one.sid for one in member.tracks}:
            raise NoRoomError(f"{identity!r} has no track {track!r}")
        async with self._server(f"mute {identity!r}") as server:
            for one in heard:
                wish = api.MuteRoomTrackRequest(room=room, identity=identity, track_sid=one.sid, muted=True)
                await server.room.mute_published_track(wish)
        return len(heard)

    async def remove(self, room: str, identity: str) -> None:
        """Send a member out. Raises `NoRoomError`."""
        async with self._server(f"remove {identity!r} from room {room!r}") as server:
            await server.room.remove_participant(api.RoomParticipantIdentity(room=room, identity=identity))

    async def close(self, room: str) -> None:
        """Send everybody out and end a room. Raises `NoRoomError`."""
        await self.room(room)
        async with self._server(f"close room {room!r}") as server:
            await server.room.delete_room(api.DeleteRoomRequest(room=room))

    async def wanted(self, room: str) -> bool:
        """Was the box's agent asked into a room, by the ticket that opened it?"""
        async with self._server(f"look into room {room!r}") as server:
            found = await server.agent_dispatch.list_dispatch(room)
        return any(one.agent_name == AGENT for one in found)

    @asynccontextmanager
    async def _server(self, doing: str) -> AsyncIterator[api.LiveKitAPI]:
        """Give the way to the server. Raises `RoomError` for what goes wrong there."""
        where = self.place
        patience = ClientTimeout(total=PATIENCE_S)
        try:
            # No failover: that is for LiveKit's cloud, and would try the same box again and again.
            async with api.LiveKitAPI(
                where.inside, where.key, where.secret, timeout=patience, failover=False
            ) as server:
                yield server
        except api.TwirpError as error:
            if error.code in MISSING:
                raise NoRoomError(f"cannot {doing}: there is none any more") from error
            raise RoomError(f"cannot {doing}: the LiveKit server says {error.code}: {error.message}") from error
        except (ClientError, TimeoutError, OSError) as error:
            raise RoomError(f"cannot {doing}: no LiveKit server answers at {where.inside}: see clara check") from error


def room_of(info: RoomInfo) -> Room:
    """Take over a room as the server tells it."""
    return Room(
        info.sid, info.name, info.empty_timeout, info.max_participants, moment(info.creation_time), info.metadata,
        info.num_participants,
    )  # fmt: skip


def member_of(info: ParticipantInfo) -> Member:
    """Take over a participant as the server tells it."""
    state = ParticipantInfo.State.Name(info.state).lower()
    return Member(
        info.sid, info.identity, info.name, state, info.metadata,
        datetime.fromtimestamp((info.joined_at_ms or 1000 * info.joined_at) / 1000, UTC),
        tuple(map(track_of, info.tracks)),
    )  # fmt: skip


def track_of(info: TrackInfo) -> Track:
    """Take over a track as the server tells it."""
    return Track(info.sid, TrackType.Name(info.type).lower(), TrackSource.Name(info.source).lower(), info.muted)


def moment(seconds: int) -> datetime:
    """Give a Unix time as a time."""
    return datetime.fromtimestamp(seconds, UTC)

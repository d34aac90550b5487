"""The forms of tickets and rooms; names are those of the system we replace and of LiveKit."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from appliance.voice.rooms_values import Member, Room, Track
from appliance.web.door import MODEL

ASKED = ConfigDict(extra="ignore", frozen=True, use_attribute_docstrings=True)
"""Apps of the system we replace also send names, identities, attributes, permissions and times: none of it counts."""
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class JobTicket(BaseModel):
    """A wish to enter the room of a job. Who enters is known from the device; other fields are not looked at."""

    model_config = ASKED

    job_id: Name


class RoomTicket(BaseModel):
    """A wish to enter a room. Who enters, and with which rights, is known from the device; other fields don't count."""

    model_config = ASKED

    room_name: Name | None = None
    """A job's id or its room; left out: one's own room."""


class OldTicket(BaseModel):
    """The oldest form of that wish."""

    model_config = ASKED

    roomName: Name  # noqa: N815 - the app's name for it


class Ticket(BaseModel):
    """The way into a room."""

    model_config = MODEL

    server_url: str
    """ws:// or wss:// address."""
    token: str
    """Good for ten minutes, for this device, for this room."""
    room: str
    identity: str
    """Of the device. Two who enter with it at once: the later one takes over, the earlier one is sent out."""


class JobsTicket(Ticket):
    """The way into the room of a job."""

    job_id: str


class ParticipantTicket(BaseModel):
    """The oldest form of the way into a room."""

    model_config = MODEL

    server_url: str
    participant_token: str


class TrackReply(BaseModel):
    """Something that is sent into a room."""

    model_config = MODEL

    sid: str
    type: str
    source: str
    muted: bool

    @classmethod
    def of(cls, track: Track) -> Self:
        """Show a track."""
        return cls(sid=track.sid, type=track.kind, source=track.source, muted=track.muted)


class ParticipantReply(BaseModel):
    """Somebody in a room."""

    model_config = MODEL

    sid: str
    identity: str
    name: str
    state: str
    metadata: str
    joinedAt: int  # noqa: N815
    """Unix seconds."""
    tracks: list[TrackReply]
    agent: bool
    """It is the box itself."""

    @classmethod
    def of(cls, member: Member) -> Self:
        """Show a member."""
        return cls(
            sid=member.sid,
            identity=member.identity,
            name=member.name,
            state=member.state,
            metadata=member.metadata,
            joinedAt=int(member.joined.timestamp()),
            tracks=[TrackReply.of(track) for track in member.tracks],
            agent=member.agent,
        )


class RoomReply(BaseModel):
    """A room that is open."""

    model_config = MODEL

    sid: str
    name: str
    emptyTimeout: int  # noqa: N815
    """Seconds."""
    maxParticipants: int  # noqa: N815
    creationTime: int  # noqa: N815
    """Unix seconds."""
    metadata: str
    numParticipants: int  # noqa: N815

    @classmethod
    def of(cls, room: Room) -> Self:
        """Show a room."""
        return cls(
            sid=room.sid,
            name=room.name,
            emptyTimeout=room.empty_timeout,
            maxParticipants=room.max_participants,
            creationTime=int(room.created.timestamp()),
            metadata=room.metadata,
            numParticipants=room.members,
        )


class RoomsReply(BaseModel):
    """The open rooms."""

    model_config = MODEL

    rooms: list[RoomReply]
    count: int


class ParticipantsReply(BaseModel):
    """Who is in a room."""

    model_config = MODEL

    participants: list[ParticipantReply]
    count: int


class Mute(BaseModel):
    """A wish that somebody be silent. Only they themselves can unmute."""

    model_config = MODEL

    trackSid: str = ""  # noqa: N815
    """Empty: everything they send."""
    muted: Literal[True] = True


class Done(BaseModel):
    """It was done."""

    model_config = MODEL

    success: bool = True
    message: str
    tracks: Annotated[int, Field(ge=0)] = 0
    """How many were muted."""

"""What is said of rooms: values that need no LiveKit library."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

AGENT = "clara"
"""Name of the agent, and what the identity of one begins with."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Who a ticket is for."""

    identity: str
    """Id of the device."""
    name: str
    person: str
    """Id of the person."""


@dataclass(frozen=True, slots=True)
class Track:
    """Something that is sent into a room."""

    sid: str
    kind: str
    """"audio", "video" or "data"."""
    source: str
    """"microphone", "camera" and so on."""
    muted: bool


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a room."""

    sid: str
    identity: str
    name: str
    state: str
    """"joining", "joined", "active" or "disconnected"."""
    metadata: str
    joined: datetime
    tracks: tuple[Track, ...]

    @property
    def agent(self) -> bool:
        """Is it the box itself?"""
        return self.identity.startswith(f"{AGENT}-")


@dataclass(frozen=True, slots=True)
class Room:
    """A room that is open."""

    sid: str
    name: str
    empty_timeout: int
    """Seconds."""
    max_participants: int
    created: datetime
    metadata: str
    members: int


Entitled = Callable[[str, str], bool]
"""May the guest of this identity be in this room? Raises `RoomError` when nobody can tell."""

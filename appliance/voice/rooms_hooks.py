"""Webhooks of the LiveKit server: signed by it, each taken once.

Decisions: the signature covers the body and says when it ends, five minutes later; ids are kept longer than that. What
was told before the box's start is refused too, since it does not know any more what it took then. The server sends
again only what met a 5xx, so a refused replay ends there.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from google.protobuf.json_format import ParseError
from jwt import PyJWTError
from livekit import api

from appliance.voice.errors import ForgedError, ReplayError
from appliance.voice.rooms_place import Place

LEEWAY = timedelta(seconds=10)
"""How much the clocks of server and box may differ."""
OLDEST_S = 600.0
"""Age at which a message is refused; ids are kept as long."""
MOST = 10_000
"""Ids kept at most."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened in a room."""

    id: str
    what: str
    """"room_started", "participant_joined", "track_published" and so on."""
    room: str
    identity: str
    """Of the participant, or empty."""
    track: str
    """Its source, or empty."""
    at: float
    """Unix seconds."""


class Hooks:
    """Takes the messages of one server."""

    def __init__(self, place: Place, clock: Callable[[], float] = time.time) -> None:
        """Keep the keys; `clock` gives Unix seconds."""
        self._receiver = api.WebhookReceiver(api.TokenVerifier(place.key, place.secret, leeway=LEEWAY))
        self._clock = clock
        self._since = int(clock())
        self._seen: OrderedDict[str, float] = OrderedDict()

    def receive(self, body: bytes, signature: str) -> Happened:
        """Check a message and give what happened.

        Raises:
            ForgedError: it is not signed by the server, or is not what it signed.
            ReplayError: it was taken before, is too old, or is from before the box's start.
        """
        try:
            event = self._receiver.receive(body.decode(), signature.removeprefix("Bearer ").strip())
        except (PyJWTError, ParseError, UnicodeDecodeError, ValueError) as error:
            raise ForgedError(f"this message is not signed by the box's LiveKit server: {error}") from error
        except Exception as error:
            if type(error) is not Exception:  # the library raises the bare class for a hash that does not fit
                raise
            raise ForgedError(f"this message is not what the LiveKit server signed: {error}") from error
        now = self._clock()
        if not event.id:
            raise ForgedError("this message has no id, so nobody can tell whether it came before")
        if event.created_at < max(self._since, now - OLDEST_S):
            raise ReplayError(f"message {event.id} is too old")
        self._forget(now)
        if event.id in self._seen:
            raise ReplayError(f"message {event.id} came before")
        self._seen[event.id] = now
        source = api.TrackSource.Name(event.track.source).lower() if event.HasField("track") else ""
        return Happened(
            event.id, event.event, event.room.name, event.participant.identity, source, float(event.created_at)
        )

    def _forget(self, now: float) -> None:
        """Drop ids whose messages would be refused for their age."""
        while self._seen and (len(self._seen) >= MOST or next(iter(self._seen.values())) < now - 2 * OLDEST_S):
            self._seen.popitem(last=False)

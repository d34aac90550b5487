"""A line through a LiveKit room: the box joins, listens to one guest's microphone and publishes its own voice.

Decisions: our own microphone and loudspeaker (`line`) stand at both ends, so a room, the page and the sound card behave
alike when they are interrupted; LiveKit's `RoomIO` would bring a second loudspeaker with other timing. Only the guest's
microphone is subscribed to. A guest who drops out has `GRACE_S` to come back to the same conversation, which covers a
lost radio cell and a second app that takes over with the same ticket.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from livekit import rtc

from appliance.voice.errors import RoomError
from appliance.voice.hearing import RATE as EAR_RATE
from appliance.voice.line import Loudspeaker, Microphone
from appliance.voice.speaking import RATE

log = logging.getLogger(__name__)

GRACE_S = 4.0
"""How long a guest who dropped out may take to come back."""
ENTER_S = 10.0
"""How long entering a room may take."""
QUEUE_MS = 1_000
"""Sound that may wait in WebRTC's own queue; the loudspeaker sends hardly ahead of time."""
FRAME_MS = 20
TOPIC = "clara"
"""Of the text that goes with the sound: what was heard, what is said, answers with their sources."""


@dataclass(slots=True)
class Line:
    """A guest at the other end."""

    ear: Microphone
    mouth: Loudspeaker
    guest: str
    """Identity of the guest's device."""
    room: rtc.Room
    _writing: set[asyncio.Task[None]] = field(default_factory=set)

    def tell(self, body: Mapping[str, Any]) -> None:
        """Send the guest, and nobody else, a JSON text beside the sound; it goes out in order, without waiting."""
        before = tuple(self._writing)
        task = asyncio.get_running_loop().create_task(self._write(json.dumps(body, default=str), before))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, text: str, before: tuple[asyncio.Task[None], ...]) -> None:
        if before:
            await asyncio.wait(before)
        if self.room.isconnected():
            await self.room.local_participant.send_text(text, topic=TOPIC, destination_identities=[self.guest])


Attach = Callable[[Line], Awaitable[None]]
"""Talks over a line until it is cancelled or has said all."""


async def join(url: str, ticket: str, guest: str, attach: Attach) -> str:
    """Join the room of `ticket`, talk with `guest` by `attach`, leave, and give why it ended.

    Args:
        url: ws:// or http:// address of the LiveKit server.
        ticket: Token that lets the box into one room (`Rooms.agent_ticket`).
        guest: Identity of the one to talk with.
        attach: Is given the line and cancelled when the guest has gone.

    Raises:
        RoomError: the room cannot be entered.
    """
    joined = _Joined(guest)
    try:
        await joined.enter(url, ticket)
        return await joined.talk(attach)
    finally:
        await joined.leave()


class _Joined:
    """The box in a room."""

    def __init__(self, guest: str) -> None:
        self._guest = guest
        self._room = rtc.Room()
        self._source = rtc.AudioSource(RATE, 1, queue_size_ms=QUEUE_MS)
        self._line = Line(Microphone(), Loudspeaker(self._source.capture_frame, self._clear, "room"), guest, self._room)
        self._hearing: dict[str, asyncio.Task[None]] = {}
        self._present, self._absent, self._over = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._absent.set()
        self._reason = "the box left"

    async def enter(self, url: str, ticket: str) -> None:
        """Connect, subscribe to the guest's microphone, publish the box's voice. Raises `RoomError`."""
        room = self._room
        room.on("participant_connected", self._came)
        room.on("participant_disconnected", self._went)
        room.on("track_published", self._offered)
        room.on("track_subscribed", self._heard)
        room.on("track_unsubscribed", self._unheard)
        room.on("disconnected", self._cut)
        try:
            # A server that goes away in between leaves the publishing without an answer.
            async with asyncio.timeout(ENTER_S):
                await room.connect(url.replace("http", "ws", 1), ticket, rtc.RoomOptions(auto_subscribe=False))
                track = rtc.LocalAudioTrack.create_audio_track("clara", self._source)
                options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE, dtx=True)
                await room.local_participant.publish_track(track, options)
        except (rtc.ConnectError, rtc.participant.PublishTrackError, TimeoutError) as error:
            raise RoomError(f"the box cannot enter the room: {error or 'nobody answers'}") from error
        for participant in room.remote_participants.values():
            self._came(participant)

    async def talk(self, attach: Attach) -> str:
        """Talk until the guest has gone, the room is over, or all is said."""
        talking = asyncio.ensure_future(attach(self._line))
        watching = [asyncio.create_task(self._until_gone()), asyncio.create_task(self._over.wait())]
        try:
            await asyncio.wait([talking, *watching], return_when=asyncio.FIRST_COMPLETED)
            if talking.done():
                talking.result()
                return "all was said"
            return self._reason
        finally:
            self._line.ear.end()
            for task in (talking, *watching):
                task.cancel()
            await asyncio.gather(talking, *watching, return_exceptions=True)

    async def leave(self) -> None:
        """Leave the room; what cannot be left any more is let go of."""
        for task in self._hearing.values():
            task.cancel()
        await asyncio.gather(*self._hearing.values(), return_exceptions=True)
        await self._line.mouth.aclose()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(GRACE_S):
                await self._room.disconnect()
        await self._source.aclose()

    async def _until_gone(self) -> None:
        while True:
            await self._absent.wait()
            try:
                async with asyncio.timeout(GRACE_S):
                    await self._present.wait()
            except TimeoutError:
                self._reason = "the guest has gone"
                return

    async def _clear(self) -> None:
        self._source.clear_queue()

    def _came(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._guest:
            self._present.set()
            self._absent.clear()
            for publication in participant.track_publications.values():
                self._offered(publication, participant)

    def _went(self, participant: rtc.RemoteParticipant) -> None:
        if participant.identity == self._guest:
            self._present.clear()
            self._absent.set()

    def _offered(self, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant) -> None:
        microphone = publication.source == rtc.TrackSource.SOURCE_MICROPHONE
        if participant.identity == self._guest and microphone and not publication.subscribed:
            publication.set_subscribed(True)

    def _heard(
        self, track: rtc.Track, publication: rtc.RemoteTrackPublication, participant: rtc.RemoteParticipant
    ) -> None:
        if participant.identity == self._guest:
            self._hearing[publication.sid] = asyncio.get_running_loop().create_task(self._listen(track))

    def _unheard(
        self, _track: rtc.Track, publication: rtc.RemoteTrackPublication, _participant: rtc.RemoteParticipant
    ) -> None:
        if task := self._hearing.pop(publication.sid, None):
            task.cancel()

    def _cut(self, reason: rtc.DisconnectReason.ValueType) -> None:
        if not self._over.is_set():
            self._reason = f"the room is over: {rtc.DisconnectReason.Name(reason).lower().replace('_', ' ')}"
            self._over.set()

    async def _listen(self, track: rtc.Track) -> None:
        """Give the guest's sound to the ear."""
        stream = rtc.AudioStream(track, sample_rate=EAR_RATE, num_channels=1, frame_size_ms=FRAME_MS)
        try:
            async for event in stream:
                self._line.ear.push(bytes(event.frame.data))
        finally:
            await stream.aclose()

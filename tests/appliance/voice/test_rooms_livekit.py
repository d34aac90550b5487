"""Rooms with the real LiveKit server over loopback: a phone that is LiveKit's own Python client, and the box."""

import asyncio
import contextlib
import json
import os
import signal
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientSession
from livekit import api, rtc
from numpy.typing import NDArray

from appliance.people.people import FILE, People
from appliance.settings import Settings
from appliance.voice.errors import NoRoomError
from appliance.voice.rooms_calls import Calls
from appliance.voice.rooms_line import TOPIC, Attach, Line
from appliance.voice.rooms_place import address, program
from appliance.voice.rooms_server import part
from appliance.web.server import serve
from models.decode import decode
from sync.records import Job
from tests.fakes.box import FakeBox
from tests.fakes.voices import Box as SpeakingBox
from tests.fakes.voices import Knowing, hush, speech
from tests.fakes.waiting import until

pytestmark = [
    pytest.mark.livekit,
    pytest.mark.skipif(
        program(Settings()) is None,
        reason="no livekit-server here: go install github.com/livekit/livekit-server/cmd/server@v1.13.5, then link "
        "~/go/bin/server to ~/go/bin/livekit-server",
    ),
    pytest.mark.skipif(
        address() == "127.0.0.1",
        reason="no network but loopback, which LiveKit's client does not use: ip link add lan type bridge; "
        "ip addr add 192.0.2.77/24 dev lan; ip link set lan up",
    ),
]
RATE = 16_000
Samples = NDArray[np.int16]
WAV = Path(__file__).parents[2] / "recordings" / "amp-draw.wav"
TONE_HZ = 440.0


class Records:
    """Two jobs."""

    def jobs(self) -> tuple[Job, ...]:
        """Sam's and Kim's."""
        return tuple(
            Job(
                name, "c", "s", "Inspection", "sprinkler_inspection", "scheduled", datetime.now(UTC), 60, technician=who
            )
            for name, who in (("job-1", "Sam"), ("job-2", "Kim"))
        )


@dataclass
class Agent:
    """Hears, and plays a tone."""

    begun: int = 0
    ended: int = 0
    heard: list[Samples] = field(default_factory=list)

    async def __call__(self, line: Line) -> None:
        """Talk."""
        self.begun += 1
        line.mouth.on_attached()
        line.tell({"type": "hello", "to": line.guest})
        tone = (9000 * np.sin(2 * np.pi * TONE_HZ * np.arange(24_000 * 2) / 24_000)).astype(np.int16)
        for start in range(0, len(tone), 2400):
            await line.mouth.capture_frame(rtc.AudioFrame(tone[start : start + 2400].tobytes(), 24_000, 1, 2400))
        line.mouth.flush()
        try:
            async for frame in line.ear:
                self.heard.append(np.frombuffer(frame.data, np.int16).copy())
        finally:
            self.ended += 1


class Phone:
    """A technician's app."""

    def __init__(self) -> None:
        self.room = rtc.Room()
        self.source = rtc.AudioSource(RATE, 1)
        self.heard: list[Samples] = []
        self.told: list[dict[str, Any]] = []
        self.why = ""
        self.muted = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.room.on("track_subscribed", lambda track, *_: self._do(self._listen(track)))
        self.room.on("disconnected", self._cut)
        self.room.on("track_muted", self._on_muted)
        self.room.register_text_stream_handler(TOPIC, lambda reader, _: self._do(self._read(reader)))

    def _do(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _cut(self, reason: Any) -> None:
        self.why = rtc.DisconnectReason.Name(reason)

    def _on_muted(self, participant: rtc.Participant, _: rtc.TrackPublication) -> None:
        self.muted |= participant.identity == self.room.local_participant.identity

    async def _listen(self, track: rtc.Track) -> None:
        async for event in rtc.AudioStream(track, sample_rate=RATE, num_channels=1):
            self.heard.append(np.frombuffer(event.frame.data, np.int16).copy())

    async def _read(self, reader: rtc.TextStreamReader) -> None:
        self.told.append(json.loads(await reader.read_all()))

    async def enter(self, ticket: Mapping[str, str]) -> None:
        """Connect and publish a microphone."""
        await self.room.connect(ticket["server_url"], ticket["token"])
        track = rtc.LocalAudioTrack.create_audio_track("microphone", self.source)
        options = rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_MICROPHONE)
        await self.room.local_participant.publish_track(track, options)

    async def say(self, samples: Samples) -> None:
        """Speak, in real time."""
        for start in range(0, len(samples), RATE // 50):
            piece = samples[start : start + RATE // 50]
            await self.source.capture_frame(rtc.AudioFrame(piece.tobytes(), RATE, 1, len(piece)))

    async def leave(self) -> None:
        """Hang up."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(3):
                await self.room.disconnect()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@dataclass
class House:
    """A box with its page, its rooms and its people."""

    url: str
    calls: Calls
    people: People
    settings: Settings
    events: list[Mapping[str, Any]]
    web: ClientSession
    phones: list[Phone] = field(default_factory=list)

    def device(self, who: str) -> dict[str, str]:
        """Pair a device; give its header."""
        token, _ = self.people.redeem(self.people.pair(who))
        return {"Authorization": f"Bearer {token}"}

    async def call(self, method: str, path: str, header: Mapping[str, str], **body: Any) -> dict[str, Any]:
        """Call the box."""
        async with self.web.request(method, self.url + path, headers=header, json=body or None) as reply:
            told: dict[str, Any] = await reply.json()
            assert reply.status == 200, told
            return told

    async def ticket(self, header: Mapping[str, str], job: str = "job-1") -> dict[str, Any]:
        """Get a ticket."""
        return await self.call("POST", "/token/job", header, job_id=job)

    async def phone(self, ticket: Mapping[str, str]) -> Phone:
        """Enter with a phone."""
        phone = Phone()
        self.phones.append(phone)
        await phone.enter(ticket)
        return phone

    def happened(self, what: str, device: str = "") -> bool:
        """Was it recorded?"""
        return any(event["what"] == what and event["device"] == device for event in self.events)


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def house(data: Path, box: Any, attach: Attach | None) -> AsyncIterator[House]:
    """Serve a box with rooms."""
    rooms = {"enabled": True, "port": free_port(), "tcp_port": free_port(), "udp_port": free_port()}
    settings = Settings.model_validate({"place": {"data": data}, "rooms": rooms})
    events: list[Mapping[str, Any]] = []
    box.settings, box.records, box.event = settings, Records(), lambda _, body: events.append(body)
    people = People(data / FILE)
    for name, role in (("Sam", "technician"), ("Kim", "technician"), ("Ada", "manager")):
        people.add(name, role)  # type: ignore[arg-type]
    calls = Calls(box, people, "127.0.0.1", attach)
    address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    stop = asyncio.Event()
    serving = asyncio.create_task(serve(box, "127.0.0.1", 0, address.set_result, stop, calls))
    await calls.begin(await address)
    async with ClientSession() as web:
        here = House((await address).rstrip("/"), calls, people, settings, events, web)
        await until(lambda: part(settings).well, 20)
        try:
            yield here
        finally:
            await asyncio.gather(*(phone.leave() for phone in here.phones))
            await calls.aclose()
            stop.set()
            await serving


@pytest.fixture
def agent() -> Agent:
    """What talks for the box."""
    return Agent()


@pytest.fixture
async def home(tmp_path: Path, agent: Agent) -> AsyncIterator[House]:
    """A box whose agent plays a tone."""
    async with house(tmp_path, FakeBox(), agent) as home:
        yield home


def pitch(pieces: list[Samples]) -> float:
    """The loudest frequency, Hz."""
    sound = np.concatenate(pieces).astype(np.float64)
    return float(np.argmax(np.abs(np.fft.rfft(sound))) * RATE / len(sound))


def likeness(heard: Samples, said: Samples) -> float:
    """How well one sound stands in another, 0 to 1."""
    a, b = heard.astype(np.float64), said.astype(np.float64)
    size = 1 << (len(a) + len(b)).bit_length()
    product = np.fft.irfft(np.fft.rfft(a, size) * np.conj(np.fft.rfft(b, size)), size)
    return float(product.max() / np.sqrt((a**2).sum() * (b**2).sum()))


def recorded() -> Samples:
    """A recorded question, 16 kHz."""
    audio = decode(WAV)
    assert audio.rate == RATE
    return (audio.samples * 32767).astype(np.int16)


async def test_a_technician_and_the_box_hear_each_other(home: House, agent: Agent) -> None:
    """Paired, let in, heard and answered; every step was told by a webhook and recorded."""
    header = home.device("sam")
    ticket = await home.ticket(header)
    phone = await home.phone(ticket)
    await until(lambda: agent.begun)
    said = recorded()
    await phone.say(np.concatenate([hush(0.3), said, hush(0.5)]))
    await until(lambda: sum(map(len, phone.heard)) > 2 * RATE)
    await until(lambda: sum(map(len, agent.heard)) > len(said))

    assert pitch(phone.heard) == pytest.approx(TONE_HZ, abs=3)
    assert likeness(np.concatenate(agent.heard), said) > 0.6
    await until(lambda: phone.told)
    assert phone.told == [{"type": "hello", "to": ticket["identity"]}]
    box = f"clara-{ticket['identity']}"
    for what, device in (("room_started", ""), ("participant_joined", ticket["identity"]),
                         ("track_published", ticket["identity"]), ("participant_joined", box)):  # fmt: skip
        await until(lambda what=what, device=device: home.happened(what, device))  # type: ignore[misc]
    assert len({event["id"] for event in home.events}) == len(home.events)

    await phone.leave()
    await until(lambda: agent.ended)
    await until(lambda: home.happened("participant_left", box))


async def test_a_manager_sees_mutes_removes_and_closes(home: House, agent: Agent) -> None:
    """Over the real API: muted at the phone, sent out with the reason, the room gone."""
    sam, ada = home.device("sam"), home.device("ada")
    ticket = await home.ticket(sam)
    phone = await home.phone(ticket)
    await until(lambda: agent.begun)
    people = "/v1/rooms/job-1/participants"
    who = f"{people}/{ticket['identity']}"

    assert [room["name"] for room in (await home.call("GET", "/v1/rooms", ada))["rooms"]] == ["job-1"]
    listed = (await home.call("GET", people, ada))["participants"]
    assert {(one["name"], one["agent"]) for one in listed} == {("Sam", False), ("Clara", True)}
    assert (await home.call("POST", f"{who}/mute", ada))["tracks"] == 1
    await until(lambda: phone.muted)
    assert (await home.call("GET", who, ada))["tracks"][0]["muted"]
    assert (await home.call("POST", f"{who}/mute", ada))["tracks"] == 0

    await home.call("DELETE", who, ada)
    await until(lambda: phone.why == "PARTICIPANT_REMOVED")
    again = await home.phone(await home.ticket(sam))
    await home.call("DELETE", "/v1/rooms/job-1", ada)
    await until(lambda: again.why == "ROOM_DELETED")
    assert (await home.call("GET", "/v1/rooms", ada))["count"] == 0


async def test_a_ticket_opens_one_room_and_nothing_else(home: House, agent: Agent) -> None:
    """Not another's, not a camera, not the server's own API; not when it is made up, changed, or old."""
    ticket = await home.ticket(home.device("sam"))
    where = home.calls.place
    minted = api.AccessToken(where.key, "t" * 40).with_identity("d1")
    foreign = minted.with_grants(api.VideoGrants(room_join=True, room="job-1")).to_jwt()
    old = api.AccessToken(where.key, where.secret).with_identity("d1").with_ttl(-timedelta(minutes=5))
    for token in (foreign, old.with_grants(api.VideoGrants(room_join=True, room="job-1")).to_jwt(), "x", ""):
        with pytest.raises(rtc.ConnectError):
            await home.phone({**ticket, "token": token})

    phone = await home.phone(ticket)
    camera = rtc.LocalVideoTrack.create_video_track("camera", rtc.VideoSource(64, 64))
    with pytest.raises((rtc.participant.PublishTrackError, TimeoutError)):  # the server does not answer such a wish
        async with asyncio.timeout(3):
            await phone.room.local_participant.publish_track(
                camera, rtc.TrackPublishOptions(source=rtc.TrackSource.SOURCE_CAMERA)
            )
    inside = await home.calls.rooms.member("job-1", ticket["identity"])
    assert [track.source for track in inside.tracks] == ["microphone"]
    async with api.LiveKitAPI(where.inside, token=ticket["token"], failover=False) as server:
        with pytest.raises(api.TwirpError) as caught:
            await server.room.list_rooms(api.ListRoomsRequest())
    assert caught.value.status in {401, 403}


async def inside(home: House, identity: str) -> bool:
    """Is somebody in the room of the first job?"""
    try:
        return identity in {member.identity for member in await home.calls.rooms.members("job-1")}
    except NoRoomError:
        return False


async def test_a_revoked_device_is_sent_out_and_stays_out(home: House, agent: Agent) -> None:
    """Though its ticket would still be good for minutes."""
    header = home.device("sam")
    ticket = await home.ticket(header)
    phone = await home.phone(ticket)
    await until(lambda: agent.begun)

    home.people.revoke(ticket["identity"])
    await until(lambda: phone.why == "PARTICIPANT_REMOVED", 12)
    await until(lambda: agent.ended)

    again = Phone()
    home.phones.append(again)
    with contextlib.suppress(rtc.ConnectError, rtc.participant.PublishTrackError, TimeoutError):
        async with asyncio.timeout(5):
            await again.enter(ticket)  # it may be out before it has published, and then nobody answers
    async with asyncio.timeout(12):
        while await inside(home, ticket["identity"]):  # noqa: ASYNC110 - the server is what is waited for
            await asyncio.sleep(0.1)
    assert not again.heard
    assert agent.begun == 1
    async with home.web.post(f"{home.url}/token/job", json={"job_id": "job-1"}, headers=header) as reply:
        assert reply.status == 401


async def test_of_two_phones_with_one_ticket_the_later_takes_over(home: House, agent: Agent) -> None:
    """The earlier one is told why; the conversation goes on with the later one."""
    ticket = await home.ticket(home.device("sam"))
    first = await home.phone(ticket)
    await until(lambda: agent.begun)
    second = await home.phone(ticket)
    await until(lambda: first.why == "DUPLICATE_IDENTITY")
    before = sum(map(len, agent.heard))
    tone = (9000 * np.sin(2 * np.pi * 700 * np.arange(RATE) / RATE)).astype(np.int16)
    await second.say(np.concatenate([tone, tone]))
    await until(lambda: sum(map(len, agent.heard)) > before + RATE)

    assert not second.why
    assert (agent.begun, agent.ended) == (1, 0)
    assert pitch(agent.heard[-40:]) == pytest.approx(700, abs=5)


async def test_a_server_that_is_killed_comes_back_and_so_does_the_box(home: House, agent: Agent) -> None:
    """With the same keys; a new ticket is not even needed."""
    ticket = await home.ticket(home.device("sam"))
    server = home.calls._server
    assert server is not None
    assert server._process is not None
    os.kill(server._process.pid, signal.SIGKILL)
    await until(lambda: server.starts == 2)
    await until(lambda: part(home.settings).well, 20)

    await home.phone(ticket)
    await until(lambda: agent.begun)


async def test_a_conversation_over_a_room(tmp_path: Path) -> None:
    """The real conversation at the other end: a question is heard, answered aloud and in words with its source."""
    question = "What is the amp draw of the unit"
    said = speech(question)
    box: Any = SpeakingBox(Knowing({question: said}, likeness=0.5))
    async with house(tmp_path, box, None) as home:
        phone = await home.phone(await home.ticket(home.device("sam")))
        answered: Callable[[], Any] = lambda: [one for one in phone.told if one["type"] == "answered"]  # noqa: E731
        await until(lambda: home.calls._watch.talks)
        await phone.say(hush(1.5))
        await phone.say(said)
        for _ in range(20):
            await phone.say(hush(0.5))
            loud = sum(int((np.abs(piece) > 500).sum()) for piece in phone.heard)
            if answered() and loud > RATE // 2:
                break

        assert box.asked[-1] == question
        assert "18.2 A" in answered()[0]["answer"]["said"]
        assert answered()[0]["answer"]["citations"][0]["text"]
        assert loud > RATE // 2

"""Tickets and rooms over HTTP, without a LiveKit server: the tickets are real ones."""

import time
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from livekit.api import TokenVerifier

from appliance.people.people import FILE, People
from appliance.settings import Settings
from appliance.voice.errors import ForgedError, NoRoomError, ReplayError, RoomError
from appliance.voice.rooms import Rooms
from appliance.voice.rooms_place import Place, place
from appliance.voice.rooms_values import Member, Room, Track
from appliance.web.server import build
from sync.records import Job
from tests.fakes.box import FakeBox

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
TIME = datetime(2026, 11, 22, 9, tzinfo=UTC)
TRACK = Track("TR_1", "audio", "microphone", muted=False)
SAM = Member("PA_1", "d1", "Sam", "active", "", TIME, (TRACK,))
ROOM = Room("RM_1", "job-1", 60, 12, TIME, "", 1)


def job(name: str, technician: str) -> Job:
    """A job of a technician."""
    return Job(name, "c", "s", "Inspection", "sprinkler_inspection", "scheduled", TIME, 60, technician=technician)


class KnownRooms(Rooms):
    """Makes tickets like the real ones; looks and acts in one room that is written down."""

    def __init__(self, where: Place) -> None:
        super().__init__(where)
        self.done: list[tuple[str, ...]] = []
        self.down = False

    async def rooms(self, names: tuple[str, ...] = ()) -> list[Room]:
        """The one."""
        if self.down:
            raise RoomError("no LiveKit server answers")
        return [ROOM] if not names or ROOM.name in names else []

    async def members(self, room: str) -> list[Member]:
        """Sam."""
        await self.room(room)
        return [SAM]

    async def mute(self, room: str, identity: str, track: str = "") -> int:
        """Remember it."""
        await self.member(room, identity)
        self.done.append(("mute", room, identity, track))
        return 1

    async def remove(self, room: str, identity: str) -> None:
        """Remember it."""
        if identity != SAM.identity:
            raise NoRoomError("nobody")
        self.done.append(("remove", room, identity))

    async def close(self, room: str) -> None:
        """Remember it."""
        self.done.append(("close", (await self.room(room)).name))


class KnownCalls:
    """Rooms of three jobs."""

    def __init__(self, where: Place) -> None:
        self.place = where
        self.rooms = KnownRooms(where)
        self.told: list[tuple[bytes, str]] = []
        self.trouble: RoomError | None = None

    def jobs(self) -> Sequence[Job]:
        """Sam's, Kim's, and one with an id that no room may have."""
        return (job("job-1", "Sam"), job("job-2", "Kim"), job("job 3/b", "Sam"))

    def happened(self, body: bytes, signature: str) -> None:
        """Remember it, or refuse it."""
        if self.trouble:
            raise self.trouble
        self.told.append((body, signature))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Rooms that a phone reaches by a front proxy."""
    rooms = {"enabled": True, "url": "wss://clara.local/rooms"}
    return Settings.model_validate({"place": {"data": tmp_path}, "rooms": rooms})


@pytest.fixture
def calls(settings: Settings) -> KnownCalls:
    """The rooms."""
    return KnownCalls(place(settings))


@pytest.fixture
async def client(settings: Settings, calls: KnownCalls) -> AsyncIterator[TestClient]:
    """A client of a page on loopback."""
    async with TestClient(TestServer(build(FakeBox(settings), "127.0.0.1", calls=calls))) as client:
        yield client


@pytest.fixture
def people(tmp_path: Path) -> People:
    """A technician and a manager."""
    people = People(tmp_path / FILE)
    people.add("Sam")
    people.add("Ada", "manager")
    return people


def device(people: People, who: str) -> tuple[dict[str, str], str]:
    """Pair a device; give its header and its id."""
    token, caller = people.redeem(people.pair(who))
    return {"Authorization": f"Bearer {token}"}, caller.device.id


async def problem(reply: ClientResponse, status: int) -> str:
    """Check that a reply is a problem with advice, and give its words."""
    body = await reply.json()
    assert reply.status == status, body
    assert body["advice"]
    return str(body["error"])


TICKETS = {
    "/token/job": ({"job_id": "job-1"}, {"server_url", "token", "room", "job_id", "identity"}),
    "/clara-server/jobs/get-token": ({"job_id": "job-1"}, {"server_url", "token", "room", "job_id", "identity"}),
    "/token": ({"room_name": "job-1"}, {"server_url", "token", "room", "identity"}),
    "/createToken": ({"roomName": "job-1"}, {"server_url", "participant_token"}),
}
GREEDY = {
    "participant_name": "Ada", "participant_identity": "root", "participant_metadata": "x", "participantName": "Ada",
    "participant_attributes": {"role": "manager"}, "ttl": "30d", "hidden": True,
    "permissions": {"roomAdmin": True, "roomCreate": True, "roomRecord": True, "hidden": True, "canPublish": True},
}  # fmt: skip
"""What an app may ask for and never gets."""


@pytest.mark.parametrize("path", TICKETS)
async def test_a_ticket_is_the_least_and_for_the_device_alone(
    client: TestClient, calls: KnownCalls, people: People, path: str
) -> None:
    """One room, a microphone, ten minutes, the device's identity, whatever the body asks for."""
    header, identity = device(people, "sam")
    body, shape = TICKETS[path]

    reply = await client.post(path, json={**body, **GREEDY}, headers=header)

    told = await reply.json()
    assert reply.status == 200, told
    assert set(told) == shape
    assert told["server_url"] == "wss://clara.local/rooms"
    claims = TokenVerifier(calls.place.key, calls.place.secret).verify(told.get("token") or told["participant_token"])
    grants = claims.video
    assert grants is not None
    assert (claims.identity, claims.name, claims.attributes, claims.metadata) == (
        identity,
        "Sam",
        {"person": "sam"},
        "",
    )
    assert (grants.room_join, grants.room, grants.can_publish_sources) == (True, "job-1", ["microphone"])
    assert not any([
        grants.room_admin, grants.room_create, grants.room_list, grants.room_record, grants.hidden, grants.recorder,
        grants.agent, grants.can_update_own_metadata, grants.ingress_admin, grants.destination_room,
    ])  # fmt: skip
    assert claims.room_config is not None
    assert [agent.agent_name for agent in claims.room_config.agents] == ["clara"]
    if "identity" in told:
        assert (told["identity"], told["room"]) == (identity, "job-1")


async def test_a_ticket_ends_after_ten_minutes(client: TestClient, people: People, calls: KnownCalls) -> None:
    """By its own claim."""
    import jwt

    header, _ = device(people, "sam")
    told = await (await client.post("/token/job", json={"job_id": "job-1", "ttl": "30d"}, headers=header)).json()

    claims = jwt.decode(told["token"], calls.place.secret, algorithms=["HS256"])
    assert claims["exp"] - time.time() == pytest.approx(600, abs=5)


@pytest.mark.parametrize("path", TICKETS)
async def test_without_a_device_there_is_no_ticket_even_on_loopback(client: TestClient, path: str) -> None:
    """Nor with a token that somebody made up."""
    for header in ({}, {"Authorization": "Bearer d123.abc"}):
        reply = await client.post(path, json=TICKETS[path][0], headers=header)
        assert "not paired" in await problem(reply, 401) or header


@pytest.mark.parametrize("path", TICKETS)
async def test_a_revoked_device_gets_no_ticket(client: TestClient, people: People, path: str) -> None:
    """At once."""
    header, identity = device(people, "sam")
    People(people.path).revoke(identity)

    assert "revoked" in await problem(await client.post(path, json=TICKETS[path][0], headers=header), 401)


@pytest.mark.parametrize("path", TICKETS)
async def test_another_ones_job_is_refused_and_a_manager_may_enter_all(
    client: TestClient, people: People, path: str
) -> None:
    """403 names the job; one that is not there is a 404."""
    sam, _ = device(people, "sam")
    ada, _ = device(people, "ada")
    key = next(iter(TICKETS[path][0]))

    assert "job-2 is not yours" in await problem(await client.post(path, json={key: "job-2"}, headers=sam), 403)
    assert "no job" in await problem(await client.post(path, json={key: "job-9"}, headers=sam), 404)
    assert (await client.post(path, json={key: "job-2"}, headers=ada)).status == 200


async def test_who_names_no_room_gets_their_own(client: TestClient, people: People) -> None:
    """And nobody else's."""
    header, _ = device(people, "sam")

    told = await (await client.post("/token", json={}, headers=header)).json()

    assert told["room"] == "clara-sam"
    await problem(await client.post("/token", json={"room_name": "clara-ada"}, headers=header), 404)


async def test_a_jobs_room_has_a_plain_name(client: TestClient, people: People) -> None:
    """The id comes back as it was; the room's name is one that a room may have."""
    header, _ = device(people, "sam")

    told = await (await client.post("/token/job", json={"job_id": "job 3/b"}, headers=header)).json()

    assert told["job_id"] == "job 3/b"
    assert told["room"].startswith("job-job-3-b-")
    again = await (await client.post("/token", json={"room_name": told["room"]}, headers=header)).json()
    assert again["room"] == told["room"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"job_id": ""}', b'{"job_id": 5}', b"{}"])
async def test_a_wish_that_is_wrong_is_refused(client: TestClient, people: People, body: bytes) -> None:
    """400 or 422, with what to send."""
    header, _ = device(people, "sam")
    reply = await client.post("/token/job", data=body, headers={**header, "Content-Type": "application/json"})

    assert reply.status in {400, 422}
    assert "job_id" in (await reply.json())["advice"]


@pytest.mark.parametrize("top", ["/v1/rooms", "/rooms"])
async def test_a_manager_looks_and_acts(client: TestClient, people: People, calls: KnownCalls, top: str) -> None:
    """In the shapes of the system we replace."""
    header, _ = device(people, "ada")

    async def got(method: str, path: str, **more: Any) -> Any:
        reply = await client.request(method, f"{top}{path}", headers=header, **more)
        assert reply.status == 200, await reply.text()
        return await reply.json()

    listed = await got("GET", "")
    assert listed["count"] == 1
    assert listed["rooms"][0] == await got("GET", "/job-1")
    assert set(listed["rooms"][0]) == {
        "sid", "name", "emptyTimeout", "maxParticipants", "creationTime", "metadata", "numParticipants"
    }  # fmt: skip
    members = (await got("GET", "/job-1/participants"))["participants"]
    assert members[0] == await got("GET", "/job-1/participants/d1")
    assert (members[0]["joinedAt"], members[0]["tracks"][0]["source"]) == (int(TIME.timestamp()), "microphone")
    assert (await got("POST", "/job-1/participants/d1/mute"))["tracks"] == 1
    await got("POST", "/job-1/participants/d1/mute", json={"trackSid": "TR_1", "muted": True})
    await got("DELETE", "/job-1/participants/d1")
    await got("DELETE", "/job-1")
    assert calls.rooms.done == [
        ("mute", "job-1", "d1", ""), ("mute", "job-1", "d1", "TR_1"), ("remove", "job-1", "d1"), ("close", "job-1")
    ]  # fmt: skip


async def test_what_is_not_there_is_a_404_and_a_server_that_is_down_a_503(
    client: TestClient, people: People, calls: KnownCalls
) -> None:
    """Never an empty list for a server that does not answer."""
    header, _ = device(people, "ada")
    for method, path in (("GET", "/job-7"), ("GET", "/job-1/participants/d9"), ("DELETE", "/job-7")):
        await problem(await client.request(method, f"/v1/rooms{path}", headers=header), 404)
    unmute = await client.post("/v1/rooms/job-1/participants/d1/mute", json={"muted": False}, headers=header)
    await problem(unmute, 422)

    calls.rooms.down = True
    assert "no LiveKit server" in await problem(await client.get("/v1/rooms", headers=header), 503)


@pytest.mark.parametrize("method", ["GET", "DELETE"])
async def test_a_technician_manages_nothing(client: TestClient, people: People, calls: KnownCalls, method: str) -> None:
    """Nor does somebody on loopback without a device."""
    header, _ = device(people, "sam")

    assert "manager" in await problem(await client.request(method, "/v1/rooms/job-1", headers=header), 403)
    await problem(await client.request(method, "/v1/rooms/job-1"), 401)
    assert not calls.rooms.done


async def test_a_hook_is_handed_on_and_refusals_are_told(client: TestClient, calls: KnownCalls) -> None:
    """401 for a forged one, 409 for one that came before."""
    reply = await client.post("/webhook", data=b"{}", headers={"Authorization": "sig"})
    assert (reply.status, calls.told) == (200, [(b"{}", "sig")])

    calls.trouble = ForgedError("not signed")
    await problem(await client.post("/webhook", data=b"{}"), 401)
    calls.trouble = ReplayError("came before")
    await problem(await client.post("/webhook", data=b"{}"), 409)
    await problem(await client.post("/webhook", data=b"x" * 100_000), 413)


async def test_a_box_without_rooms_says_so(settings: Settings, people: People) -> None:
    """After it has asked who calls."""
    header, _ = device(people, "sam")
    async with TestClient(TestServer(build(FakeBox(settings), "127.0.0.1"))) as client:
        await problem(await client.post("/token", json={}), 401)
        assert "switched off" in await problem(await client.post("/token", json={}, headers=header), 503)

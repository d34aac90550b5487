"""Rooms without a LiveKit server: where it is, its configuration, its webhooks, and the watch over its rooms."""

import asyncio
import base64
import json
import stat
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from livekit import api

from appliance.settings import Settings
from appliance.voice.errors import ForgedError, NoRoomError, ReplayError, RoomError
from appliance.voice.rooms import Rooms
from appliance.voice.rooms_hooks import OLDEST_S, Hooks
from appliance.voice.rooms_place import Place, configuration, place, program
from appliance.voice.rooms_server import Server, part
from appliance.voice.rooms_values import Guest, Member, Room
from appliance.voice.rooms_watch import Watch
from tests.fakes.waiting import until

TIME = datetime(2026, 11, 22, 9, tzinfo=UTC)
WHERE = Place("http://127.0.0.1:9", "ws://127.0.0.1:9", "key", "s" * 40, "127.0.0.1", "127.0.0.1", own=True)


def settings(folder: Path, **rooms: Any) -> Settings:
    """Settings with rooms."""
    return Settings.model_validate({"place": {"data": folder}, "rooms": {"enabled": True, **rooms}})


def test_keys_are_made_once_and_are_the_owners_alone(tmp_path: Path) -> None:
    """Mode 0600; a second start uses the same ones; two boxes never share any."""
    first, second = place(settings(tmp_path / "a")), place(settings(tmp_path / "a"))

    assert (first.key, first.secret) == (second.key, second.secret)
    assert len(first.secret) >= 32
    assert place(settings(tmp_path / "b")).secret != first.secret
    kept = tmp_path / "a" / "rooms" / "keys.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_keys_of_the_settings_go_before_made_ones(tmp_path: Path) -> None:
    """With a URL the box runs no server."""
    keys = {"livekit_url": "wss://rooms.example:7443/a", "livekit_key": "k", "livekit_secret": "s" * 32}
    where = place(Settings.model_validate({"place": {"data": tmp_path}, "rooms": {"enabled": True}, "keys": keys}))

    assert (where.own, where.inside, where.outside) == (
        False, "https://rooms.example:7443/a", "wss://rooms.example:7443/a"
    )  # fmt: skip
    assert not (tmp_path / "rooms").exists()


@pytest.mark.parametrize(
    "keys",
    [
        {"livekit_key": "k"},
        {"livekit_secret": "s"},
        {"livekit_url": "wss://a"},
        {"livekit_url": "a", "livekit_key": "k", "livekit_secret": "s"},
    ],
)
def test_half_a_set_of_keys_is_refused(tmp_path: Path, keys: dict[str, str]) -> None:
    """Rather than made up."""
    with pytest.raises(RoomError, match=r"keys\.livekit"):
        place(Settings.model_validate({"place": {"data": tmp_path}, "rooms": {"enabled": True}, "keys": keys}))


def test_damaged_keys_are_named(tmp_path: Path) -> None:
    """With what to do."""
    place(settings(tmp_path))
    (tmp_path / "rooms" / "keys.json").write_text("{")

    with pytest.raises(RoomError, match=r"keys\.json.*remove it"):
        place(settings(tmp_path))


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0", "192.0.2.7"])
def test_the_configuration_calls_no_other_network(tmp_path: Path, host: str) -> None:
    """No external address is looked for, and the only STUN server is the box."""
    chosen = settings(tmp_path, host=host)
    where = place(chosen)
    told = configuration(chosen, where, "http://127.0.0.1:8707/webhook")

    rtc = told["rtc"]
    assert rtc["use_external_ip"] is False
    assert where.node != "0.0.0.0"
    assert rtc.get("node_ip", where.node) == where.node
    assert ("node_ip" in rtc) == (host != "0.0.0.0") or where.node == "127.0.0.1"
    assert rtc["stun_servers"] == [f"{where.node}:7882"]
    assert told["turn"] == {"enabled": False}
    assert ("interfaces" in rtc) == (host == "127.0.0.1")
    assert where.secret not in json.dumps(told)
    assert told["webhook"] == {"api_key": where.key, "urls": ["http://127.0.0.1:8707/webhook"]}


def test_a_page_elsewhere_takes_the_server_along(tmp_path: Path) -> None:
    """The rooms listen where the page does, unless the settings say otherwise."""
    assert place(settings(tmp_path), "192.0.2.7").outside == "ws://192.0.2.7:7880"
    assert place(settings(tmp_path), "0.0.0.0").inside == "http://127.0.0.1:7880"
    assert place(settings(tmp_path, host="127.0.0.1"), "0.0.0.0").host == "127.0.0.1"
    assert place(settings(tmp_path, url="wss://clara.local/x"), "0.0.0.0").outside == "wss://clara.local/x"
    assert place(settings(tmp_path, node_ip="10.1.1.1"), "0.0.0.0").outside == "ws://10.1.1.1:7880"


def test_health_tells_what_is_wrong(tmp_path: Path) -> None:
    """Off is well; no program and no answer are not, each with advice."""
    assert part(Settings()).well
    absent = part(settings(tmp_path, server=tmp_path / "none"))
    assert (absent.well, "livekit-server" in absent.uses) == (False, True)

    silent = tmp_path / "livekit-server"
    silent.write_text("#!/bin/sh\n")
    silent.chmod(0o755)
    down = part(settings(tmp_path, server=silent, port=9))
    assert (down.well, "no LiveKit server answers" in down.uses, "server.log" in down.advice) == (False, True, True)
    assert program(settings(tmp_path, server=silent)) == silent


async def test_a_server_that_ends_is_started_again_and_what_it_said_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With a pause; stopping ends it for good, and no key stands on its command line."""
    monkeypatch.setattr("appliance.voice.rooms_server.FIRST_S", 0.01)
    program = tmp_path / "livekit-server"
    program.write_text(
        '#!/bin/sh\necho "$@" >> "$HOME/lines"\necho "$LIVEKIT_KEYS" >> "$HOME/keys"\necho boom\nexit 3\n'
    )
    program.chmod(0o755)
    server = Server(program, tmp_path / "rooms", {"port": 1}, "key", "secret")
    await server.start()
    await until(lambda: server.starts > 2)
    await server.aclose()
    starts = server.starts
    await asyncio.sleep(0.1)

    assert server.starts == starts
    assert "secret" not in (tmp_path / "rooms" / "lines").read_text()
    assert "key: secret" in (tmp_path / "rooms" / "keys").read_text()
    assert "ended with code 3: boom" in caplog.text


async def test_a_program_that_cannot_be_started_is_one_clear_message(tmp_path: Path, monkeypatch: Any) -> None:
    """Not a traceback."""
    monkeypatch.setattr("appliance.voice.rooms_server.shutil.which", lambda _: None)

    with pytest.raises(RoomError, match="cannot start"):
        await Server(tmp_path / "none", tmp_path / "rooms", {}, "k", "s").start()


async def test_a_server_that_does_not_answer_is_a_clear_error() -> None:
    """Never an empty list."""
    with pytest.raises(RoomError, match=r"no LiveKit server answers at http://127\.0\.0\.1:9"):
        await Rooms(WHERE).rooms()


def hook(where: Place = WHERE, at: float | None = None, **changed: Any) -> tuple[bytes, str]:
    """A webhook as the server makes it."""
    told = {"event": "participant_joined", "id": "EV_1", "createdAt": str(int(at or time.time())),
            "room": {"name": "job-1"}, "participant": {"identity": "d1"}, **changed}  # fmt: skip
    body = json.dumps(told).encode()
    token = api.AccessToken(where.key, where.secret).with_ttl(timedelta(minutes=5))
    return body, token.with_sha256(base64.b64encode(sha256(body).digest()).decode()).to_jwt()


def test_a_signed_message_is_taken_once() -> None:
    """The same one again is refused, whoever sends it."""
    hooks = Hooks(WHERE)
    told = hooks.receive(*hook())

    assert (told.what, told.room, told.identity, told.track) == ("participant_joined", "job-1", "d1", "")
    with pytest.raises(ReplayError, match="came before"):
        hooks.receive(*hook())
    assert hooks.receive(*hook(id="EV_2", track={"source": "MICROPHONE"})).track == "microphone"


@pytest.mark.parametrize("signature", ["", "x", "Bearer x"])
def test_a_message_without_the_servers_signature_is_refused(signature: str) -> None:
    """Whatever stands in its place."""
    with pytest.raises(ForgedError):
        Hooks(WHERE).receive(hook()[0], signature)


def test_a_message_that_was_changed_or_signed_by_others_is_refused() -> None:
    """The signature covers the body; a ticket of a technician is no signature; no id, no trust."""
    body, signature = hook()
    with pytest.raises(ForgedError, match="not what"):
        Hooks(WHERE).receive(body.replace(b"job-1", b"job-2"), signature)
    with pytest.raises(ForgedError):
        Hooks(WHERE).receive(*hook(replace(WHERE, secret="t" * 40)))
    with pytest.raises(ForgedError):
        Hooks(WHERE).receive(*hook(replace(WHERE, key="other")))
    with pytest.raises(ForgedError):
        Hooks(WHERE).receive(body, Rooms(WHERE).ticket(Guest("d1", "Sam", "sam"), "job-1"))
    with pytest.raises(ForgedError, match="no id"):
        Hooks(WHERE).receive(*hook(id=""))
    with pytest.raises(ForgedError):
        Hooks(WHERE).receive(b"\xff", signature)


def test_an_old_message_is_refused_also_after_a_restart() -> None:
    """A box that starts has forgotten what it took: nothing from before counts."""
    with pytest.raises(ReplayError, match="too old"):
        Hooks(WHERE).receive(*hook(at=time.time() - 3))

    later = time.time() + OLDEST_S + 5
    hooks = Hooks(WHERE)
    hooks._clock = lambda: later
    with pytest.raises(ReplayError, match="too old"):
        hooks.receive(*hook())


class KnownDoors:
    """A server's lists, written down."""

    def __init__(self, **rooms: list[str]) -> None:
        self.inside = rooms
        self.unwanted: set[str] = set()
        self.gone: list[tuple[str, str]] = []
        self.trouble: RoomError | None = None

    async def rooms(self) -> list[Room]:
        """The open ones."""
        if self.trouble:
            raise self.trouble
        return [Room("", name, 60, 12, TIME, "", len(members)) for name, members in self.inside.items()]

    async def members(self, room: str) -> list[Member]:
        """Who is inside."""
        if room not in self.inside:
            raise NoRoomError(room)
        return [Member("", name, name.upper(), "active", "", TIME, ()) for name in self.inside[room]]

    async def wanted(self, room: str) -> bool:
        """Was the agent asked for?"""
        return room not in self.unwanted

    async def remove(self, room: str, identity: str) -> None:
        """Send out."""
        self.inside[room].remove(identity)
        self.gone.append((room, identity))


class Talk:
    """Conversations that last until they are told to end."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, str]] = []
        self.end = asyncio.Event()
        self.trouble: Exception | None = None

    async def __call__(self, room: str, guest: Guest) -> str:
        """Talk."""
        self.begun.append((room, guest.identity))
        if self.trouble:
            raise self.trouble
        await self.end.wait()
        return "done"


async def test_the_box_goes_where_it_was_asked_and_a_guest_waits() -> None:
    """Once per room, to who came first; not into a room that nobody asked it into, nor where only it is."""
    doors, talk = KnownDoors(a=["d1", "d2"], b=["d3"], c=["clara-d4"]), Talk()
    doors.unwanted = {"b"}
    watch = Watch(doors, lambda *_: True, talk)
    for _ in range(3):
        await watch.look()
        await asyncio.sleep(0)

    assert talk.begun == [("a", "d1")]
    assert watch.talks == ["a"]
    await watch.aclose()
    assert watch.talks == []


async def test_the_next_guest_has_the_box_when_the_first_has_gone() -> None:
    """The end of a conversation is looked after at once."""
    doors, talk = KnownDoors(a=["d1", "d2"]), Talk()
    watch = Watch(doors, lambda *_: True, talk, every_s=60)
    watch.start()
    await until(lambda: talk.begun)
    doors.inside["a"].remove("d1")
    talk.end.set()
    await until(lambda: len(talk.begun) > 1)
    await watch.aclose()

    assert talk.begun[:2] == [("a", "d1"), ("a", "d2")]


async def test_who_may_not_be_there_is_sent_out_and_not_talked_with() -> None:
    """A ticket outlives its device; the watch does not let it."""
    doors, talk = KnownDoors(a=["d1", "d2"]), Talk()
    watch = Watch(doors, lambda identity, _: identity != "d1", talk)
    await watch.look()
    await asyncio.sleep(0)

    assert doors.gone == [("a", "d1")]
    assert talk.begun == [("a", "d2")]
    await watch.aclose()


async def test_nobody_is_sent_out_when_nobody_can_tell() -> None:
    """A damaged list of people ends no conversation; it begins none either, and is told."""
    doors, talk = KnownDoors(a=["d1"]), Talk()

    def unknown(*_: str) -> bool:
        raise RoomError("people.json is damaged")

    watch = Watch(doors, unknown, talk, every_s=0.01)
    watch.start()
    await asyncio.sleep(0.05)

    assert "damaged" in watch.trouble
    assert not doors.gone
    assert not talk.begun
    await watch.aclose()


async def test_a_server_that_comes_back_is_looked_after_again() -> None:
    """The watch outlives it."""
    doors, talk = KnownDoors(a=["d1"]), Talk()
    doors.trouble = RoomError("down")
    watch = Watch(doors, lambda *_: True, talk, every_s=0.01)
    watch.start()
    await asyncio.sleep(0.05)
    assert watch.trouble == "down"

    doors.trouble = None
    await until(lambda: talk.begun)
    assert not watch.trouble
    await watch.aclose()


async def test_a_conversation_that_breaks_off_is_begun_again_after_a_pause(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The other rooms notice nothing; the journal has the reason."""
    monkeypatch.setattr("appliance.voice.rooms_watch.AGAIN_S", 0.05)
    doors, talk = KnownDoors(a=["d1"]), Talk()
    talk.trouble = ValueError("the voice broke")
    watch = Watch(doors, lambda *_: True, talk, every_s=60)
    watch.start()
    await until(lambda: len(talk.begun) > 1)
    await watch.aclose()

    assert "the voice broke" in caplog.text

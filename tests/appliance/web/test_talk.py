"""The conversation's WebSocket over real sockets: what pages send, well-behaved and not."""

import asyncio
import gc
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from appliance.web import talks as module
from appliance.web.pace import BURST_S, Pace
from appliance.web.server import build
from appliance.web.talks import Talks
from appliance.web.wire import MESSAGE_BYTES, Code
from models.audio import Audio
from models.decode import decode
from models.errors import EngineError, NotInstalledError
from tests.fakes.box import AMPS, FakeBox

TestServer.__test__ = False  # type: ignore[attr-defined]
TestClient.__test__ = False  # type: ignore[attr-defined]
KEY = "0123456789abcdefghij"
SECOND = bytes(32_000)
QUESTION = Path(__file__).parents[2] / "recordings" / "amp-draw.wav"


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """The conversation's library is imported before anybody waits for it."""
    module.load()


@pytest.fixture
def box() -> FakeBox:
    """What answers."""
    return FakeBox()


@pytest.fixture
def talks(monkeypatch: pytest.MonkeyPatch) -> list[Talks]:
    """The conversations of the server, with room for two and little patience."""
    made: list[Talks] = []

    def make(box: FakeBox) -> Talks:
        made.append(Talks(box, most=2, linger_s=0.3))
        return made[-1]

    monkeypatch.setattr("appliance.web.server.Talks", make)
    return made


@pytest.fixture
async def client(box: FakeBox, talks: list[Talks]) -> AsyncIterator[TestClient]:
    """A client of a running server."""
    async with TestClient(TestServer(build(box, "127.0.0.1"))) as client:
        yield client


class Heard:
    """A page's end of a conversation: collects what the box says, and acknowledges it."""

    def __init__(self, socket: ClientWebSocketResponse, got: int = 0) -> None:
        self.socket = socket
        self.got = got
        self.messages: list[dict[str, Any]] = []
        self.sound = b""
        self.code = 0
        self.reason = ""

    async def until(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Read on until a message of a kind; "close" is the end of the socket, "sound" the next sound."""
        async with asyncio.timeout(10):
            while True:
                message = await self.socket.receive()
                if message.type is WSMsgType.BINARY:
                    self.sound += message.data
                    told = {"t": "sound"}
                elif message.type is WSMsgType.TEXT:
                    told = json.loads(message.data)
                    self.messages.append(told)
                else:
                    self.code, self.reason = self.socket.close_code or 0, str(message.extra or "")
                    assert kind == "close", (kind, self.code, self.reason)
                    return {}
                self.got += told["t"] not in {"ready", "pong"}
                if kind != "close":
                    await self.socket.send_json({"t": "got", "n": self.got})
                if told["t"] == kind and fields.items() <= told.items():
                    return told

    def told(self, kind: str) -> list[dict[str, Any]]:
        """Every message of a kind so far."""
        return [message for message in self.messages if message["t"] == kind]


async def come(client: TestClient, key: str = KEY, got: int = 0, **more: Any) -> Heard:
    """Open a socket and greet."""
    socket = await client.ws_connect("/v1/talk", params=more.pop("params", {}))
    await socket.send_json({"t": "hello", "key": key, "got": got, **more})
    heard = Heard(socket, got)
    await heard.until("ready")
    return heard


async def settled(talks: list[Talks], count: int = 0) -> None:
    """Wait until so many conversations are left."""
    async with asyncio.timeout(5):
        while talks[0].count != count or talks[0]._ends or talks[0]._waits:  # noqa: ASYNC110 - looked at from outside
            await asyncio.sleep(0.02)


async def say(heard: Heard, recording: Path = QUESTION) -> None:
    """Push a recorded question, with silence behind it."""
    sound = decode(recording)
    samples = np.interp(np.arange(0, len(sound.samples), sound.rate / 16_000), np.arange(len(sound.samples)),
                        sound.samples)  # fmt: skip
    data = (samples * 32767).astype("<i2").tobytes() + SECOND
    for start in range(0, len(data), 640):
        await heard.socket.send_bytes(data[start : start + 640])


def long(seconds: float = 4.0) -> FakeBox:
    """A box whose every answer lasts that long."""
    box = FakeBox()

    async def say(text: str) -> Audio:
        return Audio((0.1 * np.sin(np.arange(int(24_000 * seconds)) * 0.1)).astype(np.float32), 24_000)

    box.say = say  # type: ignore[method-assign]
    return box


async def test_a_typed_question_is_answered_by_text_sound_and_card(client: TestClient, box: FakeBox) -> None:
    """The clause comes with its sound, the answer with its card; the person is the request's."""
    heard = await come(client, params={"person": "Sam"})
    await heard.socket.send_json({"t": "typed", "text": "amp draw?"})
    await heard.until("state", name="speaking")
    await heard.until("state", name="listening")

    assert box.asked == [("amp draw?", "Sam")]
    assert heard.told("answer")[0]["answer"]["said"] == AMPS.said
    assert heard.told("answer")[0]["answer"]["shown"][0]["rows"][0] == ["amp draw", "18.2 A"]
    assert [one["text"] for one in heard.told("clause")] == [AMPS.said]
    assert len(heard.sound) == pytest.approx(24_000, rel=0.02)  # half a second of int16 at 24 kHz


async def test_a_spoken_question_is_heard_from_an_open_microphone(client: TestClient, box: FakeBox) -> None:
    """The detector finds the speech; what was recognised is told and answered."""
    heard = await come(client)
    await say(heard)
    final = await heard.until("heard", final=True)
    await heard.until("answer")

    assert final["text"] == box.transcript
    assert box.asked == [(box.transcript, "")]


async def test_a_held_button_is_a_turn_and_another_manner_may_follow(client: TestClient, box: FakeBox) -> None:
    """Nothing is answered before the button is let go; after that the microphone may be left open."""
    heard = await come(client, manner="push")
    await heard.socket.send_json({"t": "press"})
    await say(heard)
    await asyncio.sleep(0.8)
    assert box.asked == []
    await heard.socket.send_json({"t": "release"})
    await heard.until("answer")
    await heard.until("state", name="listening")

    await heard.socket.send_json({"t": "manner", "manner": "open"})
    await say(heard)
    await heard.until("answer")

    assert box.asked == [(box.transcript, "")] * 2


async def test_a_button_held_in_silence_does_not_spoil_the_next_turn(client: TestClient, box: FakeBox) -> None:
    """The session waits for no transcript of nothing."""
    heard = await come(client, manner="push")
    await heard.socket.send_json({"t": "press"})
    await heard.socket.send_bytes(bytes(16_000))
    await heard.socket.send_json({"t": "release"})
    await heard.socket.send_json({"t": "press"})
    await say(heard)
    await heard.socket.send_json({"t": "release"})
    await heard.until("answer")

    assert box.asked == [(box.transcript, "")]


async def test_a_page_that_lost_its_socket_gets_the_very_rest(talks: list[Talks]) -> None:
    """Nothing is missing and nothing comes twice, wherever the socket broke."""
    async with TestClient(TestServer(build(long(2.0), "127.0.0.1"))) as client:
        whole = await come(client, key="w" * 20)
        await whole.socket.send_json({"t": "typed", "text": "amp draw?"})
        await whole.until("state", name="speaking")
        await whole.until("state", name="listening")
        first = await come(client)
        await first.socket.send_json({"t": "typed", "text": "amp draw?"})
        for _ in range(6):
            await first.until("sound")
        first.socket._response.connection.transport.abort()  # type: ignore[union-attr]
        await asyncio.sleep(0.1)
        second = await come(client, got=first.got)
        assert second.messages[0]["resumed"]
        await second.until("state", name="listening")

        assert first.sound + second.sound == whole.sound
        kinds = [message["t"] for message in [*first.messages, *second.messages[1:]]]
        assert kinds.count("answer") == kinds.count("clause") == 1


async def test_the_conversation_of_a_page_that_stays_away_ends(client: TestClient, talks: list[Talks]) -> None:
    """After the time that it waits; who comes later begins anew."""
    heard = await come(client)
    heard.socket._response.connection.transport.abort()  # type: ignore[union-attr]
    await asyncio.sleep(0.1)
    assert talks[0].count == 1
    await settled(talks)

    again = await come(client, got=heard.got)
    assert not again.messages[0]["resumed"]


async def test_the_newer_of_two_sockets_has_the_conversation(client: TestClient, box: FakeBox) -> None:
    """The older is told so."""
    older = await come(client)
    newer = await come(client)
    await older.until("close")

    assert older.code == Code.REPLACED
    assert "another window" in older.reason
    await newer.socket.send_json({"t": "typed", "text": "amp draw?"})
    await newer.until("answer")


async def test_nobody_takes_over_the_conversation_of_another(client: TestClient) -> None:
    """The key alone is not enough."""
    sam = await come(client, params={"person": "Sam"})
    socket = await client.ws_connect("/v1/talk", params={"person": "Eve"})
    await socket.send_json({"t": "hello", "key": KEY})
    eve = Heard(socket)
    await eve.until("close")

    assert eve.code == Code.FOREIGN
    await sam.socket.send_json({"t": "ping", "n": 0})
    await sam.until("pong")


async def test_one_too_many_is_refused_and_the_others_talk_on(client: TestClient) -> None:
    """With the advice to come back; one who waits for a lost page makes room."""
    first, second = await come(client, key="a" * 20), await come(client, key="b" * 20)
    socket = await client.ws_connect("/v1/talk")
    await socket.send_json({"t": "hello", "key": "c" * 20})
    third = Heard(socket)
    await third.until("close")
    assert third.code == Code.BUSY
    assert "try again" in third.reason

    await first.socket.send_json({"t": "typed", "text": "amp draw?"})
    await first.until("answer")
    second.socket._response.connection.transport.abort()  # type: ignore[union-attr]
    await asyncio.sleep(0.1)
    await come(client, key="c" * 20)


@pytest.mark.parametrize(
    ("sent", "code", "words"),
    [
        ("no json", Code.UNREADABLE, "not understood"),
        ('{"t": "sing"}', Code.UNREADABLE, "not understood"),
        ('{"t": "typed", "text": ""}', Code.UNREADABLE, "text"),
        ('{"t": "typed", "text": 5}', Code.UNREADABLE, "text"),
        ('{"t": "press", "more": 1}', Code.UNREADABLE, "more"),
        ('{"t": "got", "n": 100000}', Code.BREACH, "never sent"),
        ('{"t": "hello", "key": "0123456789abcdefghij"}', Code.UNREADABLE, "greeted"),
        (b"\x01\x02\x03", Code.UNREADABLE, "whole samples"),
        (bytes(MESSAGE_BYTES + 2), 1009, ""),
        ("x" * (MESSAGE_BYTES + 1), 1009, ""),
    ],
)
async def test_bad_messages_close_the_socket_with_a_sentence(
    client: TestClient, talks: list[Talks], sent: str | bytes, code: int, words: str
) -> None:
    """The conversation is over, and nobody else notices."""
    other = await come(client, key="o" * 20)
    heard = await come(client)
    await (heard.socket.send_str(sent) if isinstance(sent, str) else heard.socket.send_bytes(sent))
    await heard.until("close")

    assert heard.code == code
    assert words in heard.reason
    await settled(talks, 1)
    await other.socket.send_json({"t": "typed", "text": "amp draw?"})
    await other.until("answer")


@pytest.mark.parametrize("first", ["", "[]", '{"t": "press"}', '{"t": "hello", "key": "short"}', b"\0\0"])
async def test_a_page_that_does_not_greet_is_turned_away(client: TestClient, talks: list[Talks], first: Any) -> None:
    """No conversation is begun for it."""
    socket = await client.ws_connect("/v1/talk")
    await (socket.send_str(first) if isinstance(first, str) else socket.send_bytes(first))
    heard = Heard(socket)
    await heard.until("close")

    assert heard.code == Code.UNREADABLE
    assert talks[0].count == 0


async def test_a_page_that_says_nothing_is_not_waited_for(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """An open socket alone costs no conversation."""
    monkeypatch.setattr(module, "GREETING_S", 0.1)
    heard = Heard(await client.ws_connect("/v1/talk"))
    await heard.until("close")

    assert heard.code == Code.BREACH


async def test_sound_ten_times_as_fast_as_speech_is_refused(client: TestClient) -> None:
    """A burst is borne, as after a lost link; a flood is not."""
    heard = await come(client)
    for _ in range(int(BURST_S) + 4):
        await heard.socket.send_bytes(SECOND)
    await heard.until("close")

    assert heard.code == Code.BREACH
    assert "faster" in heard.reason


def test_sound_at_the_speed_of_speech_is_never_refused() -> None:
    """An hour of it, from a clock that runs 2 % fast."""
    now = 0.0
    pace = Pace(lambda: now)
    for _ in range(60 * 60 * 50):
        now += 0.02
        assert pace.admits(0.0204)


async def test_a_page_that_takes_nothing_in_stops_the_sound(talks: list[Talks]) -> None:
    """What is under way to it is bounded, and it goes on when the page does."""
    async with TestClient(TestServer(build(long(8.0), "127.0.0.1"))) as client:
        heard = await come(client)
        await heard.socket.send_json({"t": "typed", "text": "amp draw?"})
        await asyncio.sleep(3.0)
        talk = next(iter(talks[0]._talks.values()))
        held = talk._outgoing.count

        await asyncio.sleep(0.3)
        assert talk._outgoing.count == held <= 45
        for _ in range(50):
            await heard.until("sound")


@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
async def test_pages_of_other_sites_may_not_talk(client: TestClient, origin: str) -> None:
    """The same rule as for every request; a browser sends Origin with every WebSocket."""
    reply = await client.get("/v1/talk", headers={
        "Origin": origin, "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    })  # fmt: skip

    assert reply.status == 403


async def test_a_foreign_host_name_may_not_talk(client: TestClient) -> None:
    """DNS rebinding ends at the door."""
    reply = await client.get("/v1/talk", headers={"Host": "rebound.example"})

    assert reply.status == 421


async def test_a_plain_request_is_told_that_this_is_a_websocket(client: TestClient) -> None:
    """Not a server error."""
    reply = await client.get("/v1/talk")

    assert reply.status == 426
    assert "WebSocket" in (await reply.json())["error"]


async def test_a_box_without_recogniser_says_so_when_spoken_to(client: TestClient, box: FakeBox) -> None:
    """With what to do; typed questions would still have been answered."""
    box.trouble["recognise"] = NotInstalledError("no recogniser is on this box: run `clara models fetch`")
    heard = await come(client)
    await say(heard)
    await heard.until("close")

    assert heard.code == Code.BROKEN
    assert "clara models fetch" in heard.reason


async def test_a_box_without_voice_answers_in_writing(client: TestClient, box: FakeBox) -> None:
    """The conversation goes on."""
    box.trouble["say"] = EngineError("no voice can be loaded")
    heard = await come(client)
    await heard.socket.send_json({"t": "typed", "text": "amp draw?"})
    while not (heard.told("trouble") and heard.told("answer")):
        await heard.until("trouble" if heard.told("answer") else "answer")
    await heard.socket.send_json({"t": "typed", "text": "and the voltage?"})
    await heard.until("answer")
    while len(heard.told("trouble")) < 2:
        await heard.until("trouble")

    assert [one["error"] for one in heard.told("trouble")] == ["no voice can be loaded"] * 2


LASTING = {
    "Talk", "Outgoing", "Conversation", "Brain", "Hearing", "Listening", "Thinking", "Voice", "Microphone",
    "Loudspeaker", "AgentSession", "AgentActivity", "VADStream", "WebSocketResponse",
}  # fmt: skip
"""Classes of which nothing may be left."""


@pytest.mark.slow
async def test_fifty_pages_come_ask_and_go_and_leave_nothing(
    client: TestClient, talks: list[Talks], box: FakeBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No task, no conversation and no object of one is left, whether a page said goodbye or was lost."""
    monkeypatch.setattr(module, "BEAT_S", 0.2)
    tasks, before = len(asyncio.all_tasks()), {id(one) for one in lasting()}
    for number in range(50):
        heard = await come(client, key=f"{number:020}")
        await heard.socket.send_json({"t": "typed", "text": "amp draw?"})
        await heard.until("sound")
        if number % 8:
            await heard.socket.send_json({"t": "bye"})
            await heard.until("close")
        else:
            heard.socket._response.connection.transport.abort()  # type: ignore[union-attr]
        await settled(talks)
    assert len(box.asked) == 50
    del heard
    client._websockets.clear()
    await asyncio.sleep(0.5)  # the last ping is due
    gc.collect()

    assert len(asyncio.all_tasks()) <= tasks
    assert [one for one in lasting() if id(one) not in before] == []


def lasting() -> list[object]:
    """What is left of conversations."""
    return [one for one in gc.get_objects() if type(one).__name__ in LASTING]

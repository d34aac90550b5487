"""The box with a dead, a lying and a living cloud, and with recordings that are none."""

import asyncio
import json
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr

from appliance import wiring
from appliance.box import Box
from appliance.check import Part
from appliance.cli import main
from appliance.settings import Gemini as Wishes
from appliance.settings import Place, Settings
from appliance.turn.answer import Answer
from models.gemini import Gemini
from tests.fakes.gemini import FakeGemini, Mode, fake_gemini
from tests.fakes.recording import film, record

HOW = "How do I test a smoke detector?"
SPEC = "What's the amp draw for Carrier 50TCQA06?"
TRUE = "Let the chamber clear, reset, and check that the detector stays normal."
"""Stands in the passage that answers `HOW`."""
SOON_S = 1.5
"""By then the next rung has answered, whatever the cloud does."""


@pytest.fixture(scope="module", autouse=True)
def imported() -> None:
    """Gemini's library takes two seconds to import, once in a process; no deadline here is about that."""
    Gemini("key", "gemini-3.8-flash")


@pytest.fixture
def silent() -> Iterator[str]:
    """A captive portal at its worst: connections are taken, and nothing is ever said."""
    with closing(socket.socket()) as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen(64)
        yield f"http://127.0.0.1:{mute.getsockname()[1]}"


def settings(data: Path, url: str) -> Settings:
    """A key, and a server that is not the provider's."""
    return Settings(place=Place(data=data), gemini=Wishes(key=SecretStr("key"), base_url=url))


def part(box: Box, name: str) -> Part:
    """How one part does."""
    return next(part for part in box.parts() if part.name == name)


async def timed(box: Box, question: str = HOW) -> tuple[Answer, float]:
    """Ask and give the seconds that the answer took."""
    start = time.perf_counter()
    answer = await box.ask(question)
    return answer, time.perf_counter() - start


@asynccontextmanager
async def cloud(data: Path, mode: Mode, *words: str) -> AsyncIterator[tuple[Box, FakeGemini]]:
    """A box whose Gemini behaves in a certain way."""
    async with fake_gemini(mode) as server:
        server.words = words or server.words
        with wiring.open_box(settings(data, server.url)) as box:
            try:
                yield box, server
            finally:
                await box.aclose()


async def test_a_living_cloud_words_the_answer_from_the_first_question_on(data: Path) -> None:
    """The very first question of a process finds the link known and the client ready."""
    async with cloud(data, "ok", *TRUE.replace(" ", " |").split("|")) as (box, server):
        answer, took = await timed(box)

        assert answer.rung == "gemini"
        assert answer.said.startswith(TRUE)
        assert answer.citations
        assert took < SOON_S
        assert len(server.requests) == 1
        assert part(box, "cloud model").well
        assert "online" in part(box, "cloud model").uses


async def test_what_the_evidence_gives_exactly_is_not_sent_to_the_cloud(data: Path) -> None:
    """A spec value is spoken as it stands."""
    async with cloud(data, "ok") as (box, server):
        answer, _ = await timed(box, SPEC)

        assert answer.rung == "evidence"
        assert not server.requests


@pytest.mark.parametrize(
    "lie",
    [
        "Wait 25 minutes before you reset.",
        "Do not notify the monitoring station.",
        "NFPA 72 section 99.1 asks for 500 psi.",
        "Test it every 7 years.",
    ],
)
async def test_a_lying_cloud_is_blocked_and_the_device_answers(data: Path, lie: str) -> None:
    """The guard stands behind Gemini too."""
    async with cloud(data, "ok", *lie.replace(" ", " |").split("|")) as (box, server):
        answer, took = await timed(box)

    assert server.requests
    assert answer.rung == "extractive"
    assert lie not in answer.said
    assert "smoke" in answer.said
    assert took < SOON_S


async def test_a_lie_after_a_true_sentence_is_not_said(data: Path) -> None:
    """What passed stands with its source; the rest is dropped."""
    words = f"{TRUE} Then wait 25 minutes."
    async with cloud(data, "ok", *words.replace(" ", " |").split("|")) as (box, _):
        answer, _ = await timed(box)

    assert answer.rung == "gemini"
    assert answer.said.startswith(TRUE)
    assert "25" not in answer.said


@pytest.mark.parametrize(
    "mode", ["hang", "hang mid-stream", "503", "429", "403", "drop mid-stream", "garbage", "blocked"]
)
async def test_a_sick_cloud_is_overtaken_in_time(data: Path, mode: Mode) -> None:
    """Whatever it does, the device has answered before a technician wonders."""
    async with cloud(data, mode) as (box, server):
        answer, took = await timed(box)

    assert server.requests
    assert answer.rung == "extractive"
    assert "smoke" in answer.said
    assert took < SOON_S


async def test_a_refused_key_is_told_by_health(data: Path) -> None:
    """The owner can mend it; silence would leave the box dull for ever."""
    async with cloud(data, "403") as (box, _):
        await box.ask(HOW)
        told, answering = part(box, "cloud model"), part(box, "answering")

    assert answering.uses.startswith("extractive answers now")
    assert not told.well
    assert "API key" in told.uses
    assert not told.essential


async def test_a_closed_port_costs_nothing(data: Path, closed: str) -> None:
    """Refused at once: no model is waited for, and no client is made."""
    with wiring.open_box(settings(data, closed)) as box:
        answer, took = await timed(box)
        assert answer.rung == "extractive"
        assert took < 0.7
        assert not box.online
        assert "refused" in part(box, "cloud model").uses
        assert part(box, "cloud model").well, "being offline is no illness"
        await box.aclose()


async def test_a_silent_listener_costs_one_budget_and_then_counts_as_offline(data: Path, silent: str) -> None:
    """The second question does not pay again."""
    with wiring.open_box(settings(data, silent)) as box:
        first, took = await timed(box)
        second, next_took = await timed(box, "How do I test a heat detector?")
        online = box.online
        await box.aclose()

    assert first.rung == second.rung == "extractive"
    assert took < SOON_S
    assert next_took < 0.5
    assert not online


async def test_closing_the_box_closes_geminis_connections(data: Path) -> None:
    """A box that is opened and closed all day holds no socket of the past."""
    async with cloud(data, "ok", TRUE) as (box, server):
        before = sockets()
        answer, _ = await timed(box)
        held = sockets()
        await box.aclose()
        await asyncio.sleep(0.05)

        assert answer.rung == "gemini"
        assert server.requests
        assert held > before
        assert sockets() <= before


def sockets() -> int:
    """How many sockets this process holds."""
    count = 0
    for path in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the folder's own handle is gone by now
            count += str(path.readlink()).startswith("socket:")
    return count


async def test_a_metered_link_is_left_alone(data: Path) -> None:
    """The owner pays by the byte."""
    async with fake_gemini("ok") as server:
        wishes = settings(data, server.url)
        wishes = wishes.model_copy(update={"policy": wishes.policy.model_copy(update={"metered": True})})
        with wiring.open_box(wishes) as box:
            answer, _ = await timed(box)
            await box.aclose()

    assert answer.rung == "extractive"
    assert not server.requests


def test_a_key_that_the_client_refuses_leaves_the_box_answering(
    data: Path, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong setting of the cloud's is not the device's trouble."""
    from models.errors import EngineError

    def refuse(*_: object) -> None:
        raise EngineError("cannot set up Gemini: no such model")

    monkeypatch.setattr("models.gemini.Gemini", refuse)
    with wiring.open_box(settings(data, closed), warm=True) as box:
        answer = asyncio.run(box.ask(SPEC))
        told = part(box, "cloud model")

    assert "18.2 A" in answer.said
    assert not told.well
    assert "cannot set up" in told.uses


# The command


Clara = Callable[..., tuple[int, str, str]]


@pytest.fixture
def clara(data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Clara:
    """Run the real command on the copied data; gives exit code, stdout and stderr."""
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL", "CLARA_SETTINGS", "CLARA_SPECS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLARA_DATA", str(data))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_the_command_answers_with_a_key_and_no_network(
    clara: Clara, closed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old system's environment names, and a cloud that is not there."""
    monkeypatch.setenv("GOOGLE_API_KEY", "key")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", closed)

    code, out, err = clara("ask", HOW, "--json")

    assert (code, err) == (0, "")
    assert json.loads(out)["answer"]["rung"] == "extractive"
    assert json.loads(out)["online"] is False


def hour(path: Path) -> None:
    """A WAV of an hour of silence; the file has holes and costs no room."""
    size = 3600 * 16_000 * 2
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 16_000, 32_000, 2, 16)
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", size + 36, b"WAVE") + form + struct.pack("<4sI", b"data", size))
    with path.open("r+b") as file:
        file.truncate(size + 44)


def promise(path: Path) -> None:
    """A header that promises an hour, and nothing behind it."""
    hour(path)
    with path.open("r+b") as file:
        file.truncate(44)


RECORDINGS: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (Path.touch, "empty"),
    "a text": (lambda path: path.write_text("How often is a dry pipe valve tested?\n" * 40), "no audio"),
    "a truncated wav": (lambda path: path.write_bytes(record("wav", 3.0)[:40_000]), "breaks off"),
    "an hour of sound": (hour, "longer than 120 s"),
    "an hour's header": (promise, "breaks off"),
    "a film without sound": (lambda path: path.write_bytes(film()), "video without sound"),
    "a folder": (Path.mkdir, "no such file"),
    "nothing": (lambda path: None, "no such file"),
}


@pytest.mark.parametrize("kind", RECORDINGS)
def test_what_is_no_recording_is_refused_in_one_line(clara: Clara, tmp_path: Path, kind: str) -> None:
    """Exit 1, nothing on stdout, no traceback; the line names the trouble."""
    make, message = RECORDINGS[kind]
    path = tmp_path / "question.wav"
    make(path)

    start = time.perf_counter()
    code, out, err = clara("ask", "--audio", str(path))

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert message in err
    assert time.perf_counter() - start < 5


def test_a_recording_without_a_recogniser_is_told_how_to_get_one(clara: Clara, tmp_path: Path) -> None:
    """Typing still works, and the line says so."""
    path = tmp_path / "question.wav"
    path.write_bytes(record("wav", 1.0))

    code, out, err = clara("ask", "--audio", str(path))

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "clara models fetch" in err
    assert "type the question" in err

"""`clara people`, `clara rooms`, and a box that is served with rooms."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import main, up
from appliance.cli.setup import Setup
from appliance.people.people import FILE, People
from appliance.settings import Settings
from tests.fakes.box import FakeBox

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line on an empty data folder and give exit code, stdout and stderr."""
    settings = Settings.model_validate({"place": {"data": tmp_path}, "rooms": {"enabled": True, "port": 9}})

    def run(*arguments: str, **changed: Any) -> tuple[int, str, str]:
        chosen = settings.model_copy(update=changed)
        code = main(arguments, replace(Setup(), read_settings=lambda: (chosen, {})))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_manager_adds_pairs_lists_and_revokes(run: Run, tmp_path: Path) -> None:
    """The printed code is good; what is listed holds no secret."""
    assert run("people", "add", "Sam Ortiz")[:2] == (
        0, "Sam Ortiz is a technician of this box. Next: clara people pair sam-ortiz\n"
    )  # fmt: skip
    assert run("people", "add", "Ada", "--role", "manager", "--json")[0] == 0
    code, out, _ = run(
        "people", "pair", "sam-ortiz", "--device", "van phone", "--json", "--address", "https://c.local/"
    )
    told = json.loads(out)
    assert (code, told["address"]) == (0, f"https://c.local/pair.html#{told['code']}")
    people = People(tmp_path / FILE)
    token, caller = people.redeem(told["code"])

    listed = json.loads(run("people", "list", "--json")[1])
    assert [device["name"] for device in listed["devices"]] == ["van phone"]
    assert not {"digest", "token"} & set(listed["devices"][0])
    assert "no device: clara people pair ada" in run("people", "list")[1]
    assert caller.device.id in run("people", "revoke", "Sam Ortiz")[1]
    assert people.check(token) is None
    assert "revoked" in run("people", "list")[1]


def test_a_pairing_for_a_person_to_read(run: Run) -> None:
    """The code, the address, and that phones cannot reach a page on loopback."""
    run("people", "add", "Sam")

    code, out, err = run("people", "pair", "sam")

    assert code == 0
    assert "good once and for ten minutes" in out
    assert "/pair.html#" in out
    assert "clara up --host" in err


@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (("people", "pair", "nobody"), 1, "nobody here is called 'nobody'"),
        (("people", "revoke", "d1"), 1, "nobody here is called 'd1'"),
        (("people", "add", ""), 1, "needs a name"),
        (("people", "add", "x", "--role", "boss"), 2, "boss"),
        (("rooms", "list"), 1, "no LiveKit server answers at http://127.0.0.1:9"),
        (("rooms", "mute", "job-1", "d1"), 1, "no LiveKit server answers"),
        (("rooms", "remove", "job-1", "d1"), 1, "no LiveKit server answers"),
        (("rooms", "close", "job-1"), 1, "no LiveKit server answers"),
        (("rooms", "show", "job-1"), 1, "no LiveKit server answers"),
    ],
)
def test_what_cannot_be_done_is_one_line(run: Run, arguments: tuple[str, ...], code: int, named: str) -> None:
    """With what to do."""
    given, out, err = run(*arguments)

    assert (given, out) == (code, "")
    assert named in err
    assert code == 2 or err.count("\n") == 1


def test_rooms_that_are_switched_off_say_so(run: Run) -> None:
    """And how to switch them on."""
    code, _, err = run("rooms", "list", rooms=Settings().rooms)

    assert code == 1
    assert "rooms.enabled = true" in err


def test_a_damaged_list_of_people_is_one_line(run: Run, tmp_path: Path) -> None:
    """Exit code 1, and nothing is written over it."""
    (tmp_path / FILE).write_text("{")

    code, _, err = run("people", "add", "Sam")

    assert code == 1
    assert "put it back from a backup" in err
    assert (tmp_path / FILE).read_text() == "{"


async def test_a_box_serves_its_page_when_its_rooms_cannot_be_had(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journal has the reason; the page is up."""
    rooms = {"enabled": True, "server": tmp_path / "none"}
    box: Any = FakeBox(Settings.model_validate({"place": {"data": tmp_path}, "rooms": rooms}))
    serving = asyncio.create_task(up.serve(box, "127.0.0.1", 0))
    async with asyncio.timeout(20):
        while "there are no rooms" not in caplog.text:  # noqa: ASYNC110 - the journal is what is waited for
            await asyncio.sleep(0.02)
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)

    assert "Clara is up: http://127.0.0.1" in capsys.readouterr().out
    assert "livekit-server" in caplog.text

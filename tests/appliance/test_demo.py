"""The demo: sets up what it can, says what it can't, and shows the rest."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from appliance.cli import main
from appliance.cli.demo import prepare_engine
from appliance.cli.screen import Screen
from appliance.cli.setup import Setup
from appliance.demo import CHECKOUT, QUESTIONS, NotBuiltError, build, build_command, spoken_place
from appliance.settings import trace
from models.decode import decode
from models.errors import NotInstalledError
from tests.fakes.box import AMPS, FakeBox, Opener
from tests.fakes.store import FakeStore


def machine(*programs: str) -> Callable[[str], str | None]:
    """A machine that has these programs."""
    return lambda name: f"/usr/bin/{name}" if name in programs else None


@pytest.mark.parametrize(
    ("environment", "programs", "uv"),
    [
        ({"UV": "/opt/uv"}, ("g++",), "/opt/uv"),
        ({}, ("uv", "c++"), "/usr/bin/uv"),
        ({"CXX": "/opt/gcc"}, ("uv",), "/usr/bin/uv"),
    ],
)
def test_the_language_engine_is_compiled_where_uv_and_a_compiler_are(
    environment: Mapping[str, str], programs: tuple[str, ...], uv: str
) -> None:
    """By the lock file, leaving alone what else is installed."""
    assert build_command(environment, CHECKOUT, machine(*programs)) == [uv, "sync", "--inexact", "--extra", "llm"]


@pytest.mark.parametrize(
    ("programs", "checkout", "named"),
    [
        (("uv",), CHECKOUT, "apt-get install g\\+\\+"),
        (("g++",), CHECKOUT, "pip install uv"),
        (("uv", "g++"), CHECKOUT / "absent", "clara-edge\\[llm\\]"),
    ],
)
def test_what_is_missing_for_it_is_named_with_the_remedy(programs: tuple[str, ...], checkout: Path, named: str) -> None:
    """A person learns what to install."""
    with pytest.raises(NotBuiltError, match=named):
        build_command({}, checkout, machine(*programs))


def test_a_machine_without_a_compiler_goes_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A clear message, and a box that still answers."""
    prepare_engine(Screen(), tmp_path, installed=False, which=machine("uv"))

    out = capsys.readouterr().out
    assert "there is no C++ compiler" in out
    assert "The box answers without it." in out


def test_compiling_tells_the_time_and_keeps_the_log(tmp_path: Path) -> None:
    """Success is silent, but for the seconds."""
    seconds: list[float] = []

    build([sys.executable, "-c", "print('compiled')"], tmp_path, tmp_path / "deep" / "log", seconds.append)

    assert seconds
    assert (tmp_path / "deep" / "log").read_text() == "compiled\n"


def test_compiling_that_fails_gives_the_last_words(tmp_path: Path) -> None:
    """And the place of the whole log."""
    script = "import sys; print('much'); print('error: no cmake'); sys.exit(3)"

    with pytest.raises(NotBuiltError, match=r"compiling failed: error: no cmake \(all of it: .*log\)"):
        build([sys.executable, "-c", script], tmp_path, tmp_path / "log", lambda _: None)


def test_the_spoken_answer_goes_where_it_can_be_written(tmp_path: Path) -> None:
    """The current folder first."""
    assert spoken_place(tmp_path, Path("/data")) == tmp_path / "clara-demo.wav"
    assert spoken_place(tmp_path / "absent", Path("/data")) == Path("/data/clara-demo.wav")


@pytest.fixture
def box() -> FakeBox:
    """What answers."""
    return FakeBox()


@pytest.fixture
def demo(box: FakeBox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[FakeStore], int]:
    """Run the demo in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(store: FakeStore) -> int:
        setup = Setup(
            read_settings=lambda: trace(None, {"CLARA_DATA": str(tmp_path / "data")}),
            open_box=Opener(box),
            open_store=lambda _: store,  # type: ignore[arg-type, return-value]
            load_records=lambda _settings, _folder: {"customer": 2},
            have_records=lambda _: False,
        )
        return main(["demo", "--no-llm"], setup)

    return run


def test_the_demo_asks_shows_speaks_and_says_how_to_go_on(
    demo: Callable[[FakeStore], int], box: FakeBox, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three questions by text, one by voice, a WAV, and the page's address."""
    code = demo(FakeStore())

    out = capsys.readouterr().out
    assert code == 0
    assert [text for text, _ in box.asked] == [*QUESTIONS, box.transcript]
    assert out.count(AMPS.said) == 4
    assert out.count("Source: NFPA 25") == 4
    assert decode(tmp_path / "clara-demo.wav").seconds == pytest.approx(0.5, abs=0.01)
    assert str(tmp_path / "clara-demo.wav") in out
    assert "uv run clara up" in out
    assert "http://127.0.0.1:8707/" in out
    assert box.settings.local.enabled is False


def test_the_demo_goes_on_without_a_link(
    demo: Callable[[FakeStore], int], box: FakeBox, capsys: pytest.CaptureFixture[str]
) -> None:
    """Models that can't be fetched are named; the questions are asked all the same."""
    box.trouble["speak"] = NotInstalledError("no voice is installed")

    code = demo(FakeStore(link=False))

    out = capsys.readouterr().out
    assert code == 0
    assert "small could not be fetched: cannot fetch small: there is no link" in out
    assert "not available: no voice is installed" in out
    assert len(box.asked) == len(QUESTIONS)


def test_a_second_run_fetches_nothing(demo: Callable[[FakeStore], int], capsys: pytest.CaptureFixture[str]) -> None:
    """What is here stays; no link is needed."""
    code = demo(FakeStore(installed=("small",), link=False))

    assert code == 0
    assert "small is here" in capsys.readouterr().out

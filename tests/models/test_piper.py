"""Piper: a voice is two files."""

import json
import shutil
from pathlib import Path

import pytest

from models.errors import EngineError, NotInstalledError
from models.piper import Piper


@pytest.fixture
def broken(toy_folder: Path, tmp_path: Path) -> Path:
    """A copy of the voice to be damaged."""
    return Path(shutil.copytree(toy_folder, tmp_path / "voice"))


def test_a_file_is_as_good_as_its_folder(toy_folder: Path) -> None:
    """Both name the voice."""
    assert len(list(Piper(toy_folder / "voice.onnx").synthesize("It speaks."))) == 1


def test_a_voice_that_is_not_there_is_named(tmp_path: Path) -> None:
    """The message says what to fetch."""
    with pytest.raises(NotInstalledError, match="clara models fetch amy"):
        Piper(tmp_path / "amy")


def test_settings_that_are_missing_are_named(broken: Path) -> None:
    """The network alone is no voice."""
    (broken / "voice.onnx.json").unlink()

    with pytest.raises(NotInstalledError, match=r"voice\.onnx\.json"):
        Piper(broken)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
def test_a_truncated_network_is_an_engine_error(broken: Path, share: float) -> None:
    """A download that broke off is told as such."""
    network = broken / "voice.onnx"
    network.write_bytes(network.read_bytes()[: int(network.stat().st_size * share)])

    with pytest.raises(EngineError, match="cannot load"):
        Piper(broken)


@pytest.mark.parametrize("settings", ["", "{", "[]", "{}", '{"audio": {}}'])
def test_damaged_settings_are_an_engine_error(broken: Path, settings: str) -> None:
    """Whatever stands in the JSON file, the error is ours."""
    (broken / "voice.onnx.json").write_text(settings)

    with pytest.raises(EngineError, match="cannot load"):
        Piper(broken)


def test_a_voice_that_would_fetch_dictionaries_is_refused(broken: Path) -> None:
    """Nothing is downloaded at the first word."""
    settings = broken / "voice.onnx.json"
    settings.write_text(json.dumps(json.loads(settings.read_text()) | {"phoneme_type": "pinyin"}))

    with pytest.raises(EngineError, match="pinyin"):
        Piper(broken)


def test_the_voices_own_pace_is_the_normal_one(broken: Path, piper: Piper) -> None:
    """A voice that was trained slow stays slow at speed 1."""
    settings = broken / "voice.onnx.json"
    given = json.loads(settings.read_text())
    given["inference"]["length_scale"] = 2.0
    settings.write_text(json.dumps(given))

    slow, plain = (next(iter(voice.synthesize("Close it."))).seconds for voice in (Piper(broken), piper))

    assert slow == pytest.approx(2 * plain, rel=0.01)

"""Engines for the tests of this folder: tiny valid models built once, and the box's own where they were fetched."""

import re
from pathlib import Path

import pytest

from corpora.questions import shipped
from models.espeak import Espeak
from models.moonshine import Moonshine
from models.piper import Piper
from models.sphinx import Sphinx
from models.whisper import Whisper
from tests.fakes import tone_whisper, toy_piper
from tests.fakes.recording import installed

WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")


@pytest.fixture(scope="session")
def tone_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Whisper that hears pilot tones."""
    return tone_whisper.build(tmp_path_factory.mktemp("models") / "tone-whisper")


@pytest.fixture(scope="session")
def toy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Piper voice that speaks in bursts of tones."""
    return toy_piper.build(tmp_path_factory.mktemp("models") / "toy-piper")


@pytest.fixture(scope="session")
def whisper(tone_folder: Path) -> Whisper:
    """Whisper on the tone model."""
    return Whisper(tone_folder)


@pytest.fixture(scope="session")
def moonshine() -> Moonshine:
    """Moonshine on the box's weights."""
    return Moonshine(installed("moonshine-tiny-en"))


@pytest.fixture(scope="session")
def sphinx_of_questions(tmp_path_factory: pytest.TempPathFactory) -> Sphinx:
    """Sphinx on a few hundred of the packs' questions."""
    tables = shipped().requirements.values()
    said = [" ".join(WORDS.findall(text.lower())) for asked in tables for text in asked]
    return Sphinx(
        tmp_path_factory.mktemp("sphinx"), "questions", lambda: [*said, "how often is the tamper switch tested"]
    )


@pytest.fixture(scope="session")
def piper(toy_folder: Path) -> Piper:
    """Piper with the toy voice."""
    return Piper(toy_folder)


@pytest.fixture(scope="session")
def espeak() -> Espeak:
    """espeak-ng's own voice."""
    return Espeak()

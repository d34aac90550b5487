"""Moonshine on the box's own weights."""

import csv
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from models.audio import Audio
from models.decode import decode, resample
from models.errors import EngineError, NotInstalledError
from models.moonshine import FILES, Moonshine
from tests.fakes.recording import installed, voice

SPEECH = Path(__file__).parents[3] / "shared" / "data" / "speech"
SAME = {"mister": "mr", "50%": "50 percent", "30": "thirty", "10": "ten", "5": "five", "3": "three", "50": "fifty"}
"""Two ways to write the same words."""


TERMS = (
    ("tell me about the customer at we work", "WeWork"),
    ("what is the amp draw for the carrier unit", "amp draw"),
    ("how often are kitchen hood systems inspected", "kitchen hood systems"),
    ("how often is a dry pipe valve full flow trip tested", "dry pipe valve"),
    ("how often is a backflow preventer tested", "backflow preventer"),
    ("how do I test a waterflow alarm", "waterflow alarm"),
)
"""Questions, and a domain word of each as it should be written."""


def plain(text: str) -> list[str]:
    """Words in one way of writing."""
    spaced = text.lower().replace("-", " ").replace("%", " percent")
    return [SAME.get(word, word) for word in re.findall(r"[a-z0-9']+", spaced)]


def errors(said: list[str], heard: list[str]) -> int:
    """Words inserted, left out and changed (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for place, word in enumerate(said, 1):
        before, row[0] = row[0], place
        for other, guess in enumerate(heard, 1):
            before, row[other] = row[other], min(row[other] + 1, row[other - 1] + 1, before + (word != guess))
    return row[-1]


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    """The message says which, and what to fetch."""
    for other in FILES:
        (tmp_path / other).touch()
    (tmp_path / name).unlink()

    with pytest.raises(NotInstalledError, match=f"{re.escape(name)}.*clara models fetch"):
        Moonshine(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_an_engine_error(tmp_path: Path, name: str) -> None:
    """A download that broke off is told as such, before the first question."""
    source = installed("moonshine-tiny-en")
    for other in FILES:
        (tmp_path / other).symlink_to(source / other)
    (tmp_path / name).unlink()
    (tmp_path / name).write_bytes((source / name).read_bytes()[:100_000])

    with pytest.raises(EngineError, match="clara models verify"):
        Moonshine(tmp_path)


def test_real_recordings_are_understood(moonshine: Moonshine) -> None:
    """Word error rate on every second of the project's recordings, which never change."""
    if not SPEECH.is_dir():
        pytest.skip("../shared/data/speech is not there")
    wrong = total = 0
    with (SPEECH / "transcripts.tsv").open() as file:
        for row in list(csv.DictReader(file, delimiter="\t"))[::2]:
            said = plain(row["transcript"])
            wrong += errors(said, plain(moonshine.transcribe(decode(SPEECH / row["file"])).text))
            total += len(said)

    assert wrong / total < 0.18


def test_words_asked_for_are_heard(moonshine: Moonshine) -> None:
    """Domain words that plain listening misses are found when they were asked for."""
    words = [word for _, word in TERMS]
    plain_hits = asked_hits = 0
    for question, word in TERMS:
        sound = voice(question)
        plain_hits += word.lower() in moonshine.transcribe(sound).text.lower()
        asked_hits += word.lower() in moonshine.transcribe(sound, words).text.lower()

    assert asked_hits > plain_hits


def test_words_that_were_not_said_stay_out(moonshine: Moonshine) -> None:
    """Leaning is not inventing: other words asked for leave a plain question as it was."""
    sound = voice("what jobs do I have today")
    words = ["dry pipe valve", "OS&Y", "50TCQA06", "kitchen hood", "WeWork", "backflow preventer"]

    assert moonshine.transcribe(sound, words).text == moonshine.transcribe(sound).text


def test_a_long_recording_is_heard_to_its_end(moonshine: Moonshine) -> None:
    """What is longer than a chunk is cut at its pauses, and nothing is lost."""
    one = voice("who is the contact at the main street building", quiet_s=0.6)
    long = Audio(np.tile(one.samples, 9), one.rate)

    heard = moonshine.transcribe(long)

    assert long.seconds > 30
    assert len(re.findall(r"contact", heard.text)) >= 8


def test_the_engine_is_named_as_its_folder(tmp_path: Path) -> None:
    """The catalogue's name of the weights is the engine's name in every transcript."""
    copy = shutil.copytree(installed("moonshine-tiny-en"), tmp_path / "other-name")

    assert Moonshine(copy).transcribe(voice("hello")).engine == "other-name"


def test_silence_after_speech_that_was_cut_off_is_silence(moonshine: Moonshine) -> None:
    """The voice detector's memory of one recording does not reach into the next ("You", it used to hear)."""
    question = resample(voice("How often is the tamper switch tested?", quiet_s=0.0), 16_000)
    cut = Audio(question.samples[: len(question.samples) // 2], 16_000)

    assert moonshine.transcribe(cut).text
    assert moonshine.transcribe(Audio(np.zeros(48_000, np.float32), 16_000)).text == ""

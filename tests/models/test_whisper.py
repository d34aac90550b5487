"""Whisper: local files only, silence before it, doubt after it."""

import functools
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from models.audio import Audio
from models.decode import resample
from models.errors import EngineError, NotInstalledError
from models.repeats import looped
from models.whisper import PROMPT_TOKENS, Whisper, credible, leaked
from tests.fakes import tone_whisper
from tests.fakes.recording import voice


@dataclass(frozen=True, slots=True)
class Segment:
    """The part of faster-whisper's segment that the filters read."""

    text: str = "close the valve"
    no_speech_prob: float = 0.1
    avg_logprob: float = -0.3


@functools.cache
def spoken(sentence: int) -> Audio:
    """Speech with a sentence's tone in it."""
    audio = resample(voice("What do you want to know about this building?"), 16_000)
    return Audio(np.clip(audio.samples * 0.7 + tone_whisper.tone(sentence, len(audio.samples)), -1, 1), 16_000)


@pytest.mark.parametrize("sentence", [0, 1, 2])
@pytest.mark.parametrize("beam", [1, 5])
def test_the_real_path_runs_on_a_valid_model(tone_folder: Path, sentence: int, beam: int) -> None:
    """Features, voice detector, prompt, decoding and scores are faster-whisper's own."""
    heard = Whisper(tone_folder, beam).transcribe(spoken(sentence), ["NFPA", "OS&Y"])

    assert heard.text == tone_whisper.SENTENCES[sentence]
    assert heard.confidence > 0.9


def test_a_tone_without_a_voice_never_reaches_the_model(whisper: Whisper) -> None:
    """The voice detector stands first: the tone alone would give text."""
    assert whisper.transcribe(Audio(tone_whisper.tone(1, 48_000), 16_000), ["tamper switch"]).text == ""
    assert whisper._segments(tone_whisper.tone(1, 48_000), "")[0].text.strip() == tone_whisper.SENTENCES[1]


def test_a_loop_is_dropped(whisper: Whisper) -> None:
    """A sentence over and over is what Whisper says to noise."""
    sound = spoken(3)

    assert whisper._segments(sound.samples, "")[0].text.strip() == tone_whisper.SENTENCES[3]
    assert whisper.transcribe(sound).text == ""


@pytest.mark.parametrize("name", ["base.en", "Systran/faster-whisper-tiny"])
def test_a_name_on_a_hub_is_refused(name: str) -> None:
    """Nothing is downloaded behind anybody's back."""
    with pytest.raises(NotInstalledError, match="clara models fetch"):
        Whisper(Path(name))


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_missing_file_is_named(tone_folder: Path, tmp_path: Path, name: str) -> None:
    """Without tokenizer.json the library would ask a hub for one."""
    folder = Path(shutil.copytree(tone_folder, tmp_path / "copy"))
    (folder / name).unlink()

    with pytest.raises(NotInstalledError, match=name):
        Whisper(folder)


@pytest.mark.parametrize("name", ["model.bin", "tokenizer.json"])
def test_a_truncated_file_is_an_engine_error(tone_folder: Path, tmp_path: Path, name: str) -> None:
    """A download that broke off is told as such."""
    folder = Path(shutil.copytree(tone_folder, tmp_path / "copy"))
    (folder / name).write_bytes((folder / name).read_bytes()[:1000])

    with pytest.raises(EngineError, match="clara models verify"):
        Whisper(folder)


def test_the_prompt_holds_whole_words_most_wanted_first(whisper: Whisper) -> None:
    """Whisper takes 223 tokens before the text; the toy tokenizer makes one of each character."""
    words = [f"word{place:02}" for place in range(100)]

    kept = whisper._hotwords(words)

    assert kept == words[: PROMPT_TOKENS // len(" word00")]
    assert whisper._hotwords(["", " ", "NFPA", "NFPA"]) == ["NFPA"]


def test_a_distilled_model_is_not_prompted(tone_folder: Path, tmp_path: Path) -> None:
    """A prompt makes it cut short or loop."""
    distilled = Whisper(Path(shutil.copytree(tone_folder, tmp_path / "distil-small.en")))

    assert distilled.transcribe(spoken(1), ["x" * 300]).text == tone_whisper.SENTENCES[1]
    assert not distilled._prompted


@pytest.mark.parametrize(
    ("segment", "kept"),
    [
        (Segment(), True),
        (Segment(no_speech_prob=0.9, avg_logprob=-0.4), True),
        (Segment(no_speech_prob=0.3, avg_logprob=-1.2), True),
        (Segment(no_speech_prob=0.7, avg_logprob=-1.1), False),
        (Segment(no_speech_prob=0.0, avg_logprob=-1.6), False),
        (Segment(text="you you you you you"), False),
    ],
)
def test_what_was_made_up_is_dropped(segment: Segment, kept: bool) -> None:  # noqa: FBT001 - a table's column
    """No speech and doubt together, hopeless doubt alone, or a loop."""
    assert credible(segment) is kept


@pytest.mark.parametrize(
    ("text", "leak"),
    [
        ("NFPA OS&Y tamper switch", True),
        ("nfpa, OS&Y, tamper switch, fire pump.", True),
        ("OS&Y tamper switch fire pump", True),
        ("NFPA OS&Y", False),
        ("tamper switch", False),
        ("how often is the NFPA tamper switch tested", False),
        ("", False),
    ],
)
def test_words_that_leak_from_the_prompt_are_known(text: str, leak: bool) -> None:  # noqa: FBT001 - a table's column
    """Three in the prompt's order and nothing else: nobody speaks like that."""
    assert leaked(text, ["NFPA", "OS&Y", "tamper switch", "fire pump"]) is leak


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("thank you thank you thank you", True),
        ("you you you you you", True),
        ("so the pump is on. so the pump is on. so the pump is on.", True),
        ("call five five five one two three four", False),
        ("5 5 5 5 5", False),
        ("Q Q Q Q valve", False),
        ("no no it is the second valve on the left", False),
        ("very very very dry", False),
        ("how often is it tested", False),
        ("", False),
    ],
)
def test_loops_are_known_from_speech(text: str, loop: bool) -> None:  # noqa: FBT001 - a table's column
    """Numbers and letters may repeat; words that do nothing else were never said."""
    assert looped(text) is loop

"""Engines on damaged weights: named, left out, and something else stands in."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance import wiring
from appliance.box import Box
from appliance.check import Part
from appliance.engines import FAST_ENOUGH, Engines, Hardware, pace, proven
from appliance.settings import Place, Settings
from models import catalogue
from models.audio import Audio
from models.catalogue import Model
from models.errors import EngineError, ModelError
from models.store import Store
from models.transcript import Transcript
from tests.fakes.weights import embedded

RECORDING = Path(__file__).parents[1] / "recordings" / "amp-draw.wav"
SPEC = "What's the amp draw for Carrier 50TCQA06?"
HOW = "How do I test a smoke detector?"
EMBEDDER, RECOGNISER, LANGUAGE = "all-minilm-l6-v2", "moonshine-tiny-en", "smollm2-135m"


def link(data: Path, model: str) -> Path:
    """Put an embedded model into a data folder, linked file by file, so that one can be spoiled."""
    folder = data / "models" / model
    folder.mkdir(parents=True)
    for path in embedded(model).iterdir():
        (folder / path.name).symlink_to(path, target_is_directory=path.is_dir())
    return folder


def own(path: Path) -> Path:
    """Make a linked file the test's own."""
    real = path.resolve()
    path.unlink()
    shutil.copyfile(real, path)
    return path


def shorten(path: Path) -> None:
    """A third of the file is gone."""
    os.truncate(own(path), path.stat().st_size * 2 // 3)


def scramble(path: Path) -> None:
    """The right size, but a stretch at the start is noise."""
    with own(path).open("r+b") as file:
        file.write(os.urandom(200_000))


def erase(path: Path) -> None:
    """The file is gone."""
    path.unlink()


def ask(box: Box, question: str) -> str:
    """Ask and give what is said."""

    async def go() -> str:
        answer = await box.ask(question)
        await box.aclose()
        return answer.said

    return asyncio.run(go())


def part(box: Box, name: str) -> Part:
    """How one part does."""
    return next(part for part in box.parts() if part.name == name)


@pytest.mark.parametrize("spoil", [shorten, scramble, erase])
def test_a_damaged_embedder_leaves_the_words(data: Path, spoil: Callable[[Path], None]) -> None:
    """Full-text search alone; the part says which file is wrong and what mends it."""
    folder = link(data, EMBEDDER)
    (folder / "int8").unlink()  # nothing converted earlier stands in
    spoil(folder / "model.safetensors")

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        assert "18.2 A" in ask(box, SPEC)
        assert "smoke" in ask(box, HOW)
        embedder, library = part(box, "embedder"), part(box, "library")

    assert not embedder.well
    assert EMBEDDER in embedder.uses
    assert "full-text search alone" in embedder.uses
    assert "clara models" in embedder.advice
    assert library.well


@pytest.mark.slow
def test_a_damaged_conversion_is_made_anew_from_the_originals(data: Path) -> None:
    """What is derived is not worth a complaint."""
    folder = link(data, EMBEDDER)
    converted = folder / "int8"
    real = converted.resolve()
    converted.unlink()
    shutil.copytree(real, converted)
    os.truncate(converted / "model.bin", 1_000)

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        assert part(box, "embedder").well
    assert (converted / "model.bin").stat().st_size == (real / "model.bin").stat().st_size


@pytest.mark.parametrize("spoil", [shorten, scramble, erase])
def test_a_damaged_recogniser_refuses_sound_and_answers_text(data: Path, spoil: Callable[[Path], None]) -> None:
    """A clear error for a recording; typing goes on."""
    spoil(link(data, RECOGNISER) / "decoder_model_merged.ort")

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        with pytest.raises(ModelError, match="recogniser"):
            asyncio.run(box.hear(RECORDING))
        assert "18.2 A" in ask(box, SPEC)
        recogniser = part(box, "recogniser")

    assert not recogniser.well
    assert RECOGNISER in recogniser.uses


@pytest.mark.parametrize("spoil", [shorten, scramble, erase])
def test_a_damaged_language_model_is_left_out(data: Path, spoil: Callable[[Path], None]) -> None:
    """Answers come from the evidence; the part says why."""
    pytest.importorskip("llama_cpp")
    spoil(link(data, LANGUAGE) / "SmolLM2-135M-Instruct.Q4_1.gguf")

    with wiring.open_box(Settings(place=Place(data=data)), warm=True) as box:
        assert "smoke" in ask(box, HOW)
        model = part(box, "language model")

    assert not model.well
    assert LANGUAGE in model.uses
    assert "clara models" in model.advice


@pytest.mark.slow
def test_whole_models_are_well_and_hear_and_answer(data: Path) -> None:
    """The same box without damage, lest the tests above prove nothing."""
    link(data, EMBEDDER)
    link(data, RECOGNISER)
    with wiring.open_box(Settings(place=Place(data=data))) as box:
        heard = asyncio.run(box.hear(RECORDING))
        assert "18.2 A" in ask(box, heard.text)
        parts = {part.name: part for part in box.parts()}

    for name in ("embedder", "recogniser", "voice", "library"):
        assert parts[name].well, parts[name]


def test_without_a_models_folder_everything_typed_is_answered(data: Path) -> None:
    """A box that never fetched anything."""
    with wiring.open_box(Settings(place=Place(data=data))) as box:
        assert "18.2 A" in ask(box, SPEC)
        with pytest.raises(ModelError, match="clara models fetch"):
            asyncio.run(box.hear(RECORDING))
        parts = {part.name: part for part in box.parts()}

    assert "none is installed" in parts["embedder"].uses
    assert "none is installed" in parts["recogniser"].uses
    assert parts["voice"].uses == "espeak-ng"


def test_a_file_in_the_models_folders_place_is_no_models(data: Path) -> None:
    """Whatever lies there, the box opens."""
    (data / "models").write_text("mine")

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        assert "18.2 A" in ask(box, SPEC)
        assert not part(box, "embedder").well


class Broken:
    """An embedder whose weights are damaged."""

    def embed(self, texts: list[str]) -> np.ndarray:
        """Give no numbers."""
        return np.full((len(texts), 384), np.nan, np.float32)


def test_an_embedder_that_makes_no_numbers_counts_as_not_loaded() -> None:
    """Damaged weights load like others; what they say must not decide an answer."""
    with pytest.raises(EngineError, match="verify"):
        proven(Broken())  # type: ignore[arg-type]


def test_a_lesser_engine_stands_in_and_the_better_ones_trouble_is_told(tmp_path: Path) -> None:
    """A damaged Piper voice: espeak-ng speaks, and health says what is wrong."""
    known = catalogue.load()
    voice = next(model for model in known.models if model.role == "tts")
    folder = tmp_path / voice.id
    folder.mkdir()
    (folder / voice.files[0].name).write_bytes(b"half")
    engines = Engines(Store(tmp_path, known), known, Hardware(cores=8, ram_mb=16_000, flags=None))

    assert engines.synthesizer() is not None

    state = engines.state("tts")
    assert state.name == "espeak-ng"
    assert voice.id in state.trouble


def test_closing_twice_is_fine(tmp_path: Path) -> None:
    """By the box and by whoever is careful."""
    engines = Engines(Store(tmp_path, catalogue.load()), catalogue.load(), Hardware(2, 4_000, None))

    engines.close()
    engines.close()

    assert engines.synthesizer() is not None


class Listener:
    """A recogniser that takes its time, by a clock of the test's own."""

    def __init__(self, clock: list[float], takes: float) -> None:
        self._clock = clock
        self._takes = takes

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Take `takes` seconds for each second."""
        del words
        self._clock[0] += self._takes * audio.seconds
        return Transcript("tested", "listener", 1.0, audio.seconds)


@pytest.mark.parametrize("takes", [0.05, 0.4, 2.0])
def test_the_pace_of_a_recogniser_is_its_time_for_a_second_of_speech(takes: float) -> None:
    """Measured on speech, not on silence."""
    clock = [0.0]

    assert pace(Listener(clock, takes), lambda: clock[0]) == pytest.approx(takes)


class Heavy(Engines):
    """Engines whose larger recogniser is as quick as the test wants."""

    quick: bool

    def _load(self, model: Model) -> Any:
        sleep = 0.0 if self.quick else FAST_ENOUGH
        return Sleeper(sleep) if model.tier == "standard" else super()._load(model)


class Sleeper:
    """A recogniser that sleeps for a share of what it hears, and a little."""

    def __init__(self, share: float) -> None:
        self._share = share

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Sleep."""
        del words
        time.sleep(1.1 * self._share * audio.seconds)
        return Transcript("", "sleeper", 0.0, audio.seconds)


@pytest.mark.parametrize(("quick", "name"), [(True, "whisper-small-en"), (False, RECOGNISER)])
def test_a_recogniser_that_cannot_keep_up_gives_way(data: Path, *, quick: bool, name: str) -> None:
    """The better one is used where this machine carries it, else the quick one; slowness is no trouble."""
    link(data, RECOGNISER)
    known = catalogue.load()
    large = known.find("whisper-small-en")
    (data / "models" / large.id).mkdir()
    for file in large.files:
        with (data / "models" / large.id / file.name).open("wb") as whole:
            whole.truncate(file.bytes)
    engines = Heavy(Store(data / "models", known), known, Hardware(cores=8, ram_mb=16_000, flags=None))
    engines.quick = quick

    assert engines.transcriber() is not None

    assert engines.state("stt").name == name
    assert not engines.state("stt").trouble


def test_the_box_hears_names_with_a_second_ear(data: Path) -> None:
    """Its own models and customers, learned once."""
    link(data, RECOGNISER)

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        heard = asyncio.run(box.hear(RECORDING))
        doubtful = replace(heard, text="the Carrier 50TCQA06", doubtful=("50TCQA06",))
        ask = box.read_back(doubtful)
        asyncio.run(box.aclose())

    assert heard.engine == f"{RECOGNISER}+sphinx"
    assert ask is not None
    assert ask.question == "the Carrier 50TCQA06, packaged rooftop unit?"
    assert len(list((data / "sphinx").iterdir())) == 1


def test_without_its_second_ear_the_first_one_hears(data: Path) -> None:
    """Where its words cannot be kept; health says so."""
    link(data, RECOGNISER)
    (data / "sphinx").write_text("mine")

    with wiring.open_box(Settings(place=Place(data=data))) as box:
        assert asyncio.run(box.hear(RECORDING)).engine == RECOGNISER
        recogniser = part(box, "recogniser")
        asyncio.run(box.aclose())

    assert "Sphinx cannot keep its words" in recogniser.uses

"""Engines on damaged weights: named, left out, and something else stands in."""

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from appliance import wiring
from appliance.box import Box
from appliance.check import Part
from appliance.engines import Engines, Hardware, proven
from appliance.settings import Place, Settings
from models import catalogue
from models.errors import EngineError, ModelError
from models.store import Store
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

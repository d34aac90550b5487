"""Piper as a voice: natural speech from a small network; one ONNX file and one JSON file to a voice."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from models import network
from models.audio import Audio
from models.errors import EngineError, NotInstalledError
from models.sentences import sentences

SPOKEN = ("espeak", "text")
"""Ways to phonemes that need nothing fetched; Piper's others download dictionaries at their first use."""


class Piper:
    """Speaks with a Piper voice. Safe to call from several threads."""

    def __init__(self, path: Path) -> None:
        """Load the voice from `path`, its .onnx file or a folder with one, the settings beside it as .onnx.json.

        Raises `NotInstalledError` when a file is missing, `EngineError` when one cannot be loaded.
        """
        voice = _voice(path)
        settings = voice.with_name(f"{voice.name}.json")
        if not settings.is_file():
            raise NotInstalledError(f"Piper needs {settings} beside {voice}: run clara models fetch {path.stem}")
        self._voice = _load(voice, settings)

    def synthesize(self, text: str, speed: float = 1.0) -> Iterator[Audio]:
        """Speak `text` a sentence at a time. Raises `EngineError` when the network fails."""
        from piper import SynthesisConfig

        # The voice's own pace is the normal one; some voices are set slower or faster than 1.
        config = SynthesisConfig(length_scale=self._voice.config.length_scale / min(2.0, max(0.5, speed)))
        for sentence in sentences(text.replace("[[", "[ [")):
            yield from self._speak(sentence, config)

    def _speak(self, sentence: str, config: Any) -> Iterator[Audio]:
        """Speak one sentence, which Piper may cut further."""
        try:
            chunks = list(self._voice.synthesize(sentence, syn_config=config))
        except network.failures() as error:
            raise EngineError(f"Piper failed on a sentence of {len(sentence)} characters: {error}") from error
        for chunk in chunks:
            samples = np.asarray(chunk.audio_float_array, dtype=np.float32).reshape(-1)
            if len(samples):
                yield Audio(samples, chunk.sample_rate)


def _voice(path: Path) -> Path:
    """Find the voice's network."""
    voice = next(iter(sorted(path.glob("*.onnx"))), path) if path.is_dir() else path
    if not voice.is_file():
        raise NotInstalledError(f"Piper finds no voice at {path}: run clara models fetch {path.stem}")
    return voice


def _load(voice: Path, settings: Path) -> Any:
    """Load network and settings."""
    network.hush()
    from piper import PiperVoice

    try:
        loaded = PiperVoice.load(voice, settings)
    except network.failures() as error:
        raise EngineError(
            f"Piper cannot load {voice} ({error}): run clara models verify {voice.parent.name}"
        ) from error
    kind = str(getattr(loaded.config.phoneme_type, "value", loaded.config.phoneme_type))
    if kind not in SPOKEN:
        raise EngineError(
            f"Piper's voice {voice} finds its phonemes by {kind!r}, which needs the network: choose another"
        )
    return loaded

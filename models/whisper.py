"""Whisper as a recogniser (faster-whisper): better ears for a box with a faster processor; local files only."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models import network
from models.audio import Audio, Samples
from models.decode import RATE, ready
from models.errors import EngineError, NotInstalledError
from models.repeats import looped
from models.transcript import Transcript

FILES = ("model.bin", "tokenizer.json")
"""Without tokenizer.json faster-whisper would fetch one from a hub."""
PROMPT_TOKENS = 223
"""Whisper's limit for what may stand before the text: half of 448, less one for the mark that opens it."""
NO_SPEECH, UNSURE, HOPELESS = 0.6, -1.0, -1.5
"""Above the first and below the second nobody spoke; below the third (mean log-probability) it is a guess."""
LEAK = 3
"""This many domain words in the prompt's own order, and nothing else, were never said: the prompt leaked."""


class Whisper:
    """Hears with a Whisper model converted for CTranslate2. Safe to call from several threads."""

    def __init__(self, path: Path, beam: int = 1, threads: int = 2) -> None:
        """Load the model from the folder `path`, whose name is the engine's name.

        Args:
            path: a folder; names of models on a hub are refused.
            beam: 1 (fast) to 5 (careful).
            threads: processor threads.

        Raises `NotInstalledError` when the folder or a file of it is missing, `EngineError` when it cannot be loaded.
        """
        missing = [name for name in FILES if not (path / name).is_file()]
        if missing:
            message = f"Whisper needs a folder with {', '.join(missing)} at {path}: run clara models fetch {path.name}"
            raise NotInstalledError(message)
        self._name = path.name
        self._beam = min(5, max(1, beam))
        self._model = _load(path, threads)
        # A distilled Whisper truncates or loops when it is prompted (SYSTRAN/faster-whisper#1356).
        self._prompted = "distil" not in path.name

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Hear `audio`, expecting `words`; confidence is the mean probability of a token.

        Raises `AudioError` for sound that is empty or damaged, `EngineError` when the engine fails.
        """
        sound = ready(audio, RATE)
        hotwords = self._hotwords(words) if self._prompted else []
        try:
            speech = _speech(sound.samples)
            segments = self._segments(speech, " ".join(hotwords)) if len(speech) else []
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"Whisper failed on {sound.seconds:.1f} s of sound: {error}") from error
        kept = [one for one in segments if credible(one) and not leaked(one.text, hotwords)]
        tokens = sum(len(one.tokens) for one in kept)
        mean = sum(one.avg_logprob * len(one.tokens) for one in kept) / tokens if tokens else 0.0
        text = " ".join(one.text.strip() for one in kept)
        return Transcript(text, self._name, min(1.0, math.exp(mean)) if text else 0.0, sound.seconds)

    def _segments(self, speech: Samples, hotwords: str) -> list[Any]:
        """Decode what the voice detector kept."""
        segments, _ = self._model.transcribe(
            speech,
            language="en",
            beam_size=self._beam,
            # One temperature: no second, random try, so the same sound always gives the same text.
            temperature=0.0,
            condition_on_previous_text=False,
            no_speech_threshold=NO_SPEECH,
            log_prob_threshold=UNSURE,
            without_timestamps=True,
            hotwords=hotwords or None,
        )
        return list(segments)

    def _hotwords(self, words: Sequence[str]) -> list[str]:
        """Give as many of `words` as the prompt holds, most wanted first, none cut in two."""
        kept: list[str] = []
        room = PROMPT_TOKENS
        for word in dict.fromkeys(word.strip() for word in words if word.strip()):
            room -= len(self._model.hf_tokenizer.encode(f" {word}", add_special_tokens=False).ids)
            if room < 0:
                break
            kept.append(word)
        return kept


def credible(segment: Any) -> bool:
    """Say whether a segment (no_speech_prob, avg_logprob, text) was said, rather than made up."""
    silent = segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNSURE
    return not silent and segment.avg_logprob >= HOPELESS and not looped(segment.text)


def leaked(text: str, hotwords: Sequence[str]) -> bool:
    """Say whether `text` is nothing but `LEAK` or more hotwords in the order in which they were prompted."""
    said = _plain(text)
    return any(
        said in _plain(" ".join(hotwords[start:])) and said.startswith(_plain(" ".join(hotwords[start : start + LEAK])))
        for start in range(len(hotwords) - LEAK + 1)
    )


def _plain(text: str) -> str:
    """Lower case, single blanks, nothing but letters and digits."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split())


def _load(path: Path, threads: int) -> Any:
    """Load the model in 8-bit integers where the processor can, else in 32-bit floats."""
    network.hush()
    import ctranslate2
    from faster_whisper import WhisperModel

    kind = "int8" if "int8" in ctranslate2.get_supported_compute_types("cpu") else "float32"
    try:
        json.loads((path / "tokenizer.json").read_bytes())
        return WhisperModel(str(path), device="cpu", compute_type=kind, cpu_threads=threads, local_files_only=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"Whisper cannot load {path} ({error}): run clara models verify {path.name}") from error


def _speech(samples: Samples) -> Samples:
    """Keep what the voice detector bundled with faster-whisper (Silero, on onnxruntime) takes for speech.

    Prompted words leak into the text of silence, so silence never reaches the model.
    """
    from faster_whisper.vad import VadOptions, collect_chunks, get_speech_timestamps

    spans = get_speech_timestamps(samples, VadOptions(min_silence_duration_ms=1000, speech_pad_ms=300))
    return np.concatenate(collect_chunks(samples, spans)[0])

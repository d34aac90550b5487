"""Sphinx as a recogniser: a small n-gram decoder that knows only the words of this box, and how sure it is of each.

pocketsphinx with its US English acoustic model; the language model comes from sentences (see `sphinx_grammar`).
What is said in other words becomes words of this box all the same, so the confidence decides whether to believe it.
"""

import math
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from models.audio import Audio, Samples
from models.decode import RATE, ready
from models.errors import EngineError
from models.sphinx_grammar import grammar
from models.transcript import Transcript, Word

PIECE = RATE // 10
"""Samples given at once: the library holds Python's lock while it works on them, and the voice must go on."""
FLOOR = 40.0
"""Noise added, in steps of 16 bits: the acoustic model never heard digital silence (measured: half the errors)."""
OPTIONS: dict[str, Any] = {"fwdflat": False, "maxhmmpf": 3000, "maxwpf": 10, "loglevel": "FATAL"}
"""One pass and a bounded search. The second pass (fwdflat) heard 46 of 64 models instead of 42, at 1.6 times the work,
all of it under Python's lock after the last word."""
FILLERS = ("<", "[", "+")
FEWEST = 2
"""Words below which nothing was heard: noise becomes a single word, of which the decoder is sure."""
UNSURE = 0.5
"""Mean probability of a word below which all of it is dropped: other words, or noise, forced into this box's."""


class Sphinx:
    """Hears with pocketsphinx. Safe to call from several threads, one after the other."""

    def __init__(
        self, folder: Path, revision: str, sentences: Callable[[], Sequence[str]], limit: float = UNSURE
    ) -> None:
        """Load the decoder; the language model is made under `folder` the first time, some seconds of work.

        Args:
            folder: where language models are kept.
            revision: which sentences they are; the same revision always means the same sentences.
            sentences: gives what people say, lower case words with single blanks; called when the model must be made.
            limit: mean word probability below which nothing was heard.

        Raises `EngineError` when nothing can be kept in `folder` or the decoder cannot be loaded.
        """
        from pocketsphinx import Config, Decoder, get_model_path  # type: ignore[import-untyped]

        made = grammar(folder, revision, sentences)
        try:
            config = Config(hmm=get_model_path("en-us/en-us"), lm=str(made.language), dict=str(made.words), **OPTIONS)
            self._decoder = Decoder(config)
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"Sphinx cannot load its words from {made.words.parent}: {error}") from error
        self._limit = limit
        self._turn = threading.Lock()

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Hear `audio`; `words` are passed over: what it listens for is settled. Confidence is the mean of its words'.

        Raises `AudioError` for sound that is empty or damaged, `EngineError` when the library fails.
        """
        del words
        sound = ready(audio, RATE)
        heard = self._hear(sound.samples)
        confidence = math.fsum(word.confidence for word in heard) / len(heard) if heard else 0.0
        if confidence < self._limit or len(heard) < FEWEST:
            return Transcript("", "sphinx", 0.0, sound.seconds)
        return Transcript(" ".join(word.text for word in heard), "sphinx", confidence, sound.seconds, heard)

    def _hear(self, samples: Samples) -> tuple[Word, ...]:
        """Decode one utterance."""
        noise = np.random.default_rng(0).standard_normal(len(samples)) * FLOOR
        pcm = np.clip(samples * 32767 + noise, -32768, 32767).astype(np.int16)
        with self._turn:
            decoder = self._decoder
            try:
                # The features adapt to the speaker; what was heard before must not matter.
                decoder.reinit_feat()
                decoder.start_utt()
                for start in range(0, len(pcm), PIECE):
                    decoder.process_raw(pcm[start : start + PIECE].tobytes(), False, False)
                decoder.end_utt()
                return self._words() if decoder.hyp() else ()
            except RuntimeError as error:
                raise EngineError(f"Sphinx failed on {len(samples) / RATE:.1f} s of sound: {error}") from error

    def _words(self) -> tuple[Word, ...]:
        """Read the words of the utterance, each with its posterior probability."""
        return tuple(
            Word(segment.word.partition("(")[0], min(1.0, segment.prob))
            for segment in self._decoder.seg()
            if not segment.word.startswith(FILLERS)
        )

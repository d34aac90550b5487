"""What the appliance needs of the outside, as Protocols: a noun with one verb each.

The leaves satisfy these without importing them; the type checker proves the fit in `wiring`.
"""

from collections.abc import AsyncGenerator, Iterator, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.audio import Audio
from models.prompt import Piece, Prompt
from models.transcript import Transcript
from sync.operation import Operation


class Transcriber(Protocol):
    """Speech to text. Blocking: call it in a thread."""

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Hear `audio`; `words` are domain words to listen for, most wanted first, used where the engine can.

        Raises `models.errors.AudioError` for sound out of bounds, `EngineError` when the engine fails.
        """
        ...


class Synthesizer(Protocol):
    """Text to speech. Blocking: call it in a thread."""

    def synthesize(self, text: str, speed: float = 1.0) -> Iterator[Audio]:
        """Speak `text` piece by piece, a sentence at a time; `speed` 0.5 to 2.0, 1.0 is normal.

        Raises `models.errors.EngineError` when the engine fails.
        """
        ...


class Embedder(Protocol):
    """Text to vectors. Blocking, a few milliseconds a query."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give float32 of shape (len(texts), 384), rows of unit length.

        Raises `models.errors.EngineError`.
        """
        ...


class LanguageModel(Protocol):
    """Words from a prompt. Closing the generator (`contextlib.aclosing`) stops the work."""

    def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Stream the answer. Raises `models.errors.EngineError` when it cannot start or breaks off."""
        ...


class Recorder(Protocol):
    """The one way in for what people did."""

    def record(self, operations: Sequence[Operation]) -> list[str]:
        """Commit all or none, durably, and give their ids (ULIDs) in order.

        Raises `sync.errors.StorageError`, or `SchemaError` for a body that is not JSON.
        """
        ...

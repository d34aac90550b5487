"""What a question means, as a vector: made once, when somebody first asks for it."""

import numpy as np
from numpy.typing import NDArray

from appliance.ports import Embedder

Vector = NDArray[np.float32]


class Meaning:
    """One text and its vector. A look-up by model number never asks, and saves the milliseconds."""

    def __init__(self, embedder: Embedder | None, text: str) -> None:
        """Keep the text; nothing is embedded yet."""
        self._embedder = embedder
        self._text = text
        self._vector: Vector | None = None

    @property
    def vector(self) -> Vector | None:
        """The vector, shape (384,), unit length; None without an embedder. Raises `models.errors.EngineError`."""
        if self._vector is None and self._embedder is not None:
            self._vector = self._embedder.embed([self._text])[0]
        return self._vector

    def of(self, text: str) -> "Meaning":
        """Give the meaning of another wording."""
        return Meaning(self._embedder, text)

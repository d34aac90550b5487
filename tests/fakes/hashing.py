"""An embedder without weights: the words of a text, hashed into 384 bins."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpora.words import stems


def hashed(texts: Sequence[str]) -> NDArray[np.float32]:
    """Give float32 (len(texts), 384) of unit length; texts that share words are near each other."""
    rows = np.zeros((len(texts), 384), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for word in stems(text):
            row[zlib.crc32(word.encode()) % 384] += 1
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

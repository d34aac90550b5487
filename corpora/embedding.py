"""Meaning of texts as vectors, made by an embedder that is handed in: checked, batched, told from another."""

from collections.abc import Callable, Sequence

import numpy as np

from corpora.errors import LibraryError
from corpora.table import DIMENSIONS, Vectors

Embed = Callable[[Sequence[str]], Vectors]
"""Texts to float32 (len(texts), 384)."""
BATCH = 64
"""Passages embedded at a time."""
PROBE = "The control valve is inspected weekly."
"""Whose vector tells one embedder from another."""
ALIKE = 0.99
"""Cosine from which two vectors of that sentence are one embedder's, on whatever processor."""


def unit(vectors: Vectors, count: int) -> Vectors:
    """Check what an embedder gave for `count` texts and bring each row to unit length. Raises `LibraryError`."""
    if vectors.shape != (count, DIMENSIONS) or not np.isfinite(vectors).all():
        raise LibraryError(f"the embedder gave {vectors.shape} for {count} texts, not finite ({count}, {DIMENSIONS})")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0), dtype=np.float32)


def embedded(texts: Sequence[str], embed: Embed, progress: Callable[[int], None]) -> Vectors:
    """Give every text's vector, batch by batch; `progress` is told how many are done."""
    made = [np.empty((0, DIMENSIONS), np.float32)]
    for start in range(0, len(texts), BATCH):
        some = texts[start : start + BATCH]
        made.append(unit(np.asarray(embed(some), np.float32), len(some)))
        progress(start + len(some))
    return np.concatenate(made)


def probed(embed: Embed | None) -> tuple[float, ...]:
    """Give what tells this embedder from another; nothing for none."""
    return tuple(unit(np.asarray(embed([PROBE]), np.float32), 1)[0].tolist()) if embed is not None else ()


def alike(one: Sequence[float], other: Sequence[float]) -> bool:
    """Say whether two probes are of one embedder."""
    return bool(one) and bool(other) and float(np.dot(np.array(one), np.array(other))) >= ALIKE

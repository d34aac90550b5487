"""Sound to a WAV file: 16-bit PCM, written as the pieces come."""

import wave
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np

from models.audio import Audio
from models.errors import AudioError


def write(target: Path | BinaryIO, pieces: Iterable[Audio]) -> float:
    """Write `pieces` one after the other and give the length in seconds.

    A path is replaced only once the whole file stands. Raises `AudioError` when there is no piece, when the pieces'
    rates differ, and when the file cannot be written.
    """
    if not isinstance(target, Path):
        return _write(target, pieces)
    part = target.with_name(f".{target.name}.part")
    try:
        with part.open("wb") as file:
            seconds = _write(file, pieces)
        part.replace(target)
    except OSError as error:
        raise AudioError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        part.unlink(missing_ok=True)
    return seconds


def _write(file: BinaryIO, pieces: Iterable[Audio]) -> float:
    """Write to an open file: the first piece decides the rate."""
    stream = iter(pieces)
    first = next(stream, None)
    if first is None:
        raise AudioError("cannot write a WAV file: there is no sound to write")
    frames = 0
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(first.rate)
        for piece in chain((first,), stream):
            if piece.rate != first.rate:
                raise AudioError(f"cannot write one WAV file: pieces at {first.rate} Hz and at {piece.rate} Hz")
            out.writeframes(pcm(piece))
            frames += len(piece.samples)
    return frames / first.rate


def pcm(audio: Audio) -> bytes:
    """Give the samples as 16-bit little-endian integers."""
    return (np.clip(audio.samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()

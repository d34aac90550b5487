"""Recordings as phones make them, and voices to record: sound in any container, and where a box keeps its models."""

import os
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from models.audio import Audio
from models.espeak import Espeak

KINDS = {
    "wav": ("wav", "pcm_s16le", 44_100, "stereo"),
    "telephone": ("wav", "pcm_s16le", 8_000, "mono"),
    "flac": ("flac", "flac", 48_000, "stereo"),
    "ogg": ("ogg", "libopus", 48_000, "mono"),
    "webm": ("webm", "libopus", 48_000, "mono"),
    "m4a": ("ipod", "aac", 44_100, "stereo"),
    "mp3": ("mp3", "libmp3lame", 44_100, "mono"),
}
"""Name to container, codec, rate and layout."""


def record(kind: str, seconds: float, loud: float = 0.3) -> bytes:
    """Give a tone of 440 Hz as a file of that kind."""
    container, codec, rate, layout = KINDS[kind]
    sound = (loud * np.sin(2 * np.pi * 440 * np.arange(int(rate * seconds)) / rate)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.repeat(sound[np.newaxis], 1 + (layout == "stereo"), 0), "fltp", layout)
    frame.sample_rate = rate
    target = BytesIO()
    with av.open(target, "w", format=container) as box:
        stream = box.add_stream(codec, rate=rate, layout=layout)
        fifo = av.AudioFifo()
        for part in av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate).resample(frame):
            fifo.write(part)
        size = stream.codec_context.frame_size or 1024
        for part in fifo.read_many(size, partial=True):
            box.mux(stream.encode(part))
        box.mux(stream.encode(None))
    return target.getvalue()


def film() -> bytes:
    """Give a video without sound."""
    target = BytesIO()
    with av.open(target, "w", format="mp4") as box:
        stream = box.add_stream("mpeg4", rate=10)
        stream.width = stream.height = 32
        for _ in range(10):
            box.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        box.mux(stream.encode(None))
    return target.getvalue()


def voice(text: str, quiet_s: float = 0.4) -> Audio:
    """Give `text` as espeak-ng says it, with silence around it."""
    pieces = list(Espeak(wpm=150).synthesize(text))
    quiet = np.zeros(int(quiet_s * pieces[0].rate), np.float32)
    return Audio(np.concatenate([quiet, *(piece.samples for piece in pieces), quiet]), pieces[0].rate)


def installed(model: str) -> Path:
    """Give the folder of a model in the box's store; skip the test when it was not fetched."""
    import platformdirs

    data = Path(os.environ.get("CLARA_DATA") or platformdirs.user_data_path("clara"))
    folder = data / "models" / model
    if not folder.is_dir():
        pytest.skip(f"{model} is not in {folder.parent}: run clara models fetch {model}")
    return folder

"""Recordings to sound: whatever container a phone records becomes mono float32, within bounds."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from models.audio import Audio, Samples
from models.errors import AudioError

RATE = 16_000
"""Samples per second that every recogniser here takes."""
LONGEST_S = 120.0
"""Longest recording taken, in seconds: a question, not a meeting."""
FORMATS = "aac,aiff,amr,caf,flac,matroska,mov,mp3,ogg,w64,wav"
"""Demuxers that may open a recording; playlists (HLS, concat) stay out: they make FFmpeg open other files and URLs."""
TELLING = ("flac", "matroska", "mov", "wav")
"""Formats whose header says how long the recording is; in the others FFmpeg guesses it from the bit rate."""
SLACK = 0.95
"""A recording with less than this share of what its header promises is called truncated."""


def decode(data: bytes | Path, rate: int = RATE, longest_s: float = LONGEST_S) -> Audio:
    """Decode a recording of any rate and channels to mono float32 at `rate`.

    Silence is allowed. Decoding stops as soon as `longest_s` is passed, so an hour-long file costs no more than a
    file of that length. Raises `AudioError` for an empty file, one that is no audio or has no audio stream, one that
    breaks off, and one that is too long.
    """
    import av

    _refuse_empty(data)
    _refuse_part_of_wav(data)
    try:
        with av.open(
            BytesIO(data) if isinstance(data, bytes) else str(data), options={"format_whitelist": FORMATS}
        ) as box:
            _refuse_without_sound(box)
            _refuse_length(_promised(box), longest_s)
            samples = _read(box, rate, longest_s)
            _refuse_part(len(samples) / rate, _promised(box))
    except av.FFmpegError as error:
        message = f"cannot decode {_name(data)}: it is no audio, or it is damaged ({error.strerror}); record it again"
        raise AudioError(message) from error
    except OSError as error:
        raise AudioError(f"cannot read {_name(data)}: {error.strerror or error}") from error
    if not len(samples):
        raise AudioError(f"cannot decode {_name(data)}: it holds no sound; record it again")
    return ready(Audio(samples, rate), rate)


def ready(audio: Audio, rate: int = RATE) -> Audio:
    """Check `audio` and bring it to `rate`, as every recogniser does with what it is given.

    Raises `AudioError` for sound that is empty, not mono, or holds a sample that is not a finite number.
    """
    if audio.rate <= 0 or audio.samples.ndim != 1:
        raise AudioError(f"sound must be mono at a positive rate, not {audio.samples.ndim}-d at {audio.rate} Hz")
    if not len(audio.samples):
        raise AudioError("the sound is empty: nothing was recorded")
    if not np.isfinite(audio.samples).all():
        raise AudioError("the sound holds samples that are not finite numbers: the recording is damaged")
    return resample(audio, rate)


def resample(audio: Audio, rate: int) -> Audio:
    """Give `audio` at `rate`, float32, clipped to [-1, 1] (FFmpeg's resampler)."""
    samples = np.clip(audio.samples, -1.0, 1.0).astype(np.float32, copy=False)
    if audio.rate == rate:
        return Audio(samples, rate)
    import av

    frame = av.AudioFrame.from_ndarray(samples[np.newaxis, :], format="fltp", layout="mono")
    frame.sample_rate = audio.rate
    resampler = av.AudioResampler(format="fltp", layout="mono", rate=rate)
    parts = [part.to_ndarray()[0] for given in (frame, None) for part in resampler.resample(given)]
    return Audio(np.clip(np.concatenate(parts), -1.0, 1.0), rate)


def _refuse_empty(data: bytes | Path) -> None:
    """Say that a file is missing or empty before a decoder says something less clear."""
    if isinstance(data, Path) and not data.is_file():
        raise AudioError(f"cannot read {data}: there is no such file")
    if not (data.stat().st_size if isinstance(data, Path) else len(data)):
        raise AudioError(f"cannot decode {_name(data)}: it is empty; record it again")


def _name(data: bytes | Path) -> str:
    """How a message calls the recording."""
    return str(data) if isinstance(data, Path) else "the recording"


def _refuse_part_of_wav(data: bytes | Path) -> None:
    """Say that a WAV file is shorter than its header promises, which FFmpeg passes over."""
    if isinstance(data, Path):
        with data.open("rb") as file:
            head = file.read(8)
        size = data.stat().st_size
    else:
        head, size = data[:8], len(data)
    promised = int.from_bytes(head[4:8], "little") + 8
    # Who writes to a pipe does not know the size and promises as much as the field holds.
    if head.startswith(b"RIFF") and size < SLACK * promised and promised < 2**31 - 2**16:
        raise AudioError(f"{_name(data)} breaks off after {size} of {promised} bytes: send or record it again")


def _refuse_without_sound(box: Any) -> None:
    """Say that a container has no audio stream."""
    if not box.streams.audio:
        found = "video without sound" if box.streams.video else "no stream that can be played"
        raise AudioError(f"cannot hear the recording: it holds {found}")


def _refuse_length(seconds: float, longest_s: float) -> None:
    """Say that a recording is too long."""
    if seconds > longest_s:
        raise AudioError(f"the recording is longer than {longest_s:g} s: ask in one short question")


def _refuse_part(heard_s: float, promised_s: float) -> None:
    """Say that a recording is shorter than its header promises."""
    if heard_s < SLACK * promised_s:
        message = f"the recording breaks off after {heard_s:.1f} s of {promised_s:.1f} s: send or record it again"
        raise AudioError(message)


def _promised(box: Any) -> float:
    """Give the length in seconds that a header states, 0 when it states none."""
    import av

    if not box.format.name.startswith(TELLING):
        return 0.0
    stream = box.streams.audio[0]
    if stream.duration:
        return float(stream.duration * stream.time_base)
    return float(box.duration or 0) / av.time_base


def _read(box: Any, rate: int, longest_s: float) -> Samples:
    """Decode the first audio stream of an open container, up to the limit."""
    parts: list[Samples] = []
    heard = 0
    for part in _parts(box, box.streams.audio[0], rate):
        parts.append(part)
        heard += len(part)
        _refuse_length(heard / rate, longest_s)
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _parts(box: Any, stream: Any, rate: int) -> Iterator[Samples]:
    """Give the stream's sound as mono float32 at `rate`, frame by frame: the channels' mean, which cannot overflow."""
    import av

    resampler = av.AudioResampler(format="fltp", rate=rate)
    for frame in box.decode(stream):
        for part in resampler.resample(frame):
            yield part.to_ndarray().mean(axis=0, dtype=np.float32)
    for part in resampler.resample(None):
        yield part.to_ndarray().mean(axis=0, dtype=np.float32)

"""The session's voice: clauses in, sound out, with the clause that it says on the first frame of it."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from typing import Literal

import numpy as np
from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, tts
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS
from livekit.agents.utils import shortuuid
from numpy.typing import NDArray

from models.audio import Audio
from models.errors import ModelError

RATE = 24_000
"""Samples per second of everything that is said."""
FRAME = RATE // 20
"""Samples of a frame: 50 ms."""
CLAUSE = "clause"
"""Key in a frame's userdata: the text that begins with it."""
Pieces = Callable[[str], AsyncGenerator[Audio, None]]


class Voice(tts.TTS[Literal["metrics_collected"]]):
    """Adapter from our voice to LiveKit's."""

    def __init__(self, pieces: Pieces) -> None:
        """Keep what speaks a text, piece by piece."""
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.pieces = pieces

    @property
    def model(self) -> str:
        """Its name in the session's metrics."""
        return "on the box"

    @property
    def provider(self) -> str:
        """Whose it is."""
        return "clara"

    def synthesize(self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS) -> "Said":
        """Speak a whole text."""
        return Said(tts=self, input_text=text, conn_options=conn_options)

    async def frames(self, text: str) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Speak a clause, its beginning while the rest is made. Raises `APIConnectionError`, as a session wants it."""
        said = {CLAUSE: text}
        try:
            async with aclosing(self.pieces(text)) as pieces:
                async for audio in pieces:
                    for frame in cut(at_rate(audio)):
                        frame.userdata.update(said)
                        said = {}
                        yield frame
        except ModelError as error:
            raise APIConnectionError(str(error), retryable=False) from error

    async def stream_of(self, text: AsyncIterable[str]) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Speak clauses as they come."""
        async for clause in text:
            if clause.strip():
                async with aclosing(self.frames(clause.strip())) as frames:
                    async for frame in frames:
                        yield frame


class Said(tts.ChunkedStream):
    """A whole text, spoken."""

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        voice = self._tts
        assert isinstance(voice, Voice)
        output_emitter.initialize(request_id=shortuuid("say_"), sample_rate=RATE, num_channels=1, mime_type="audio/pcm")
        async for frame in voice.frames(self._input_text):
            output_emitter.push(bytes(frame.data))
        output_emitter.flush()


def at_rate(audio: Audio) -> NDArray[np.int16]:
    """Give sound as int16 at `RATE`."""
    samples = (np.clip(audio.samples, -1.0, 1.0) * 32767.0).astype(np.int16)
    if audio.rate == RATE or not len(samples):
        return samples
    resampler = rtc.AudioResampler(audio.rate, RATE, quality=rtc.AudioResamplerQuality.HIGH)
    frames = resampler.push(rtc.AudioFrame(samples.tobytes(), audio.rate, 1, len(samples))) + resampler.flush()
    return np.frombuffer(b"".join(bytes(frame.data) for frame in frames), np.int16)


def cut(samples: NDArray[np.int16]) -> list[rtc.AudioFrame]:
    """Cut sound into frames."""
    pieces = [samples[start : start + FRAME] for start in range(0, len(samples), FRAME)]
    return [rtc.AudioFrame(piece.tobytes(), RATE, 1, len(piece)) for piece in pieces]


def thinking() -> NDArray[np.int16]:
    """Give the thinking sound: two soft low notes, a third of a second, -30 dB."""
    t = np.arange(RATE // 6) / RATE
    shape = np.sin(np.pi * t / t[-1]) ** 2
    notes = np.concatenate([shape * np.sin(2 * np.pi * pitch * t) for pitch in (330.0, 392.0)])
    return (notes * 32767 * 10 ** (-30 / 20)).astype(np.int16)

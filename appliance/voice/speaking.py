"""The session's voice: clauses in, sound out, with the clause that it says on the first frame of it."""

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
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
Say = Callable[[str], Awaitable[Audio]]


class Voice(tts.TTS[Literal["metrics_collected"]]):
    """Adapter from our voice to LiveKit's."""

    def __init__(self, say: Say) -> None:
        """Keep what speaks a text."""
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=RATE, num_channels=1)
        self.say = say

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

    async def frames(self, text: str) -> list[rtc.AudioFrame]:
        """Speak a clause. Raises `APIConnectionError`, as the session wants it."""
        try:
            audio = await self.say(text)
        except ModelError as error:
            raise APIConnectionError(str(error), retryable=False) from error
        pieces = cut(at_rate(audio))
        if pieces:
            pieces[0].userdata[CLAUSE] = text
        return pieces

    async def stream_of(self, text: AsyncIterable[str]) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Speak clauses as they come."""
        async for clause in text:
            if clause.strip():
                for frame in await self.frames(clause.strip()):
                    yield frame


class Said(tts.ChunkedStream):
    """A whole text, spoken."""

    async def _run(self, output_emitter: tts.AudioEmitter) -> None:
        voice = self._tts
        assert isinstance(voice, Voice)
        output_emitter.initialize(request_id=shortuuid("say_"), sample_rate=RATE, num_channels=1, mime_type="audio/pcm")
        for frame in await voice.frames(self._input_text):
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

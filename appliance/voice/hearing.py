"""The session's recogniser: our own, which hears whole stretches, made to hear while somebody speaks.

A voice detector of its own finds where speech begins. While it lasts it is heard again now and then for a partial
transcript; once the speaker has been silent for a tenth of a second it is heard at once, so that the transcript is
ready when the pause is long enough to be the end. How long that is hangs on what was said: somebody who spells a model
number, or stops at "for the", has not finished. Until then it stays one stretch, heard as a whole.
"""

import asyncio
import contextlib
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from livekit import rtc
from livekit.agents import APIConnectionError, APIConnectOptions, LanguageCode, stt, vad
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr
from livekit.agents.utils import AudioBuffer, combine_frames
from numpy.typing import NDArray

from appliance.ear.gate import judge, voiced
from models.audio import Audio
from models.errors import AudioError, ModelError
from models.transcript import Transcript

log = logging.getLogger(__name__)

RATE = 16_000
"""Samples per second that the recogniser and the voice detector take."""
BEFORE_S, LONGEST_S = 0.6, 45.0
"""Sound kept from before speech began, and the longest stretch heard at once."""
SETTLED_S = 0.1
"""Silence after which a stretch is heard, in case it is the end."""
PARTIAL_S = 0.9
"""Speech between two partial transcripts, at least; more where hearing takes long."""
WINDOW = 512
"""Samples that the voice detector judges at once."""
JUDGED_S = 2.0
"""How long a button that was let go waits for the voice detector."""
VOICED = 0.5
"""Probability of the voice detector that counts as speech."""
Recognise = Callable[[Audio], Awaitable[Transcript]]
Samples = NDArray[np.int16]


@dataclass(slots=True)
class Told:
    """When and what was heard last, for the turn's waterfall."""

    ended: float = 0.0
    """Unix time of the last sample of speech."""
    transcribed: float = 0.0
    transcripts: deque[Transcript] = field(default_factory=lambda: deque(maxlen=8))
    """The last that went to the session, whole or in part."""

    def heard(self, text: str) -> Transcript | None:
        """Give the last transcript with this text."""
        return next((one for one in reversed(self.transcripts) if one.text == text), None)


class Hearing(stt.STT[Literal["metrics_collected"]]):
    """Adapter from our recogniser to LiveKit's."""

    def __init__(
        self,
        recognise: Recognise,
        detector: vad.VAD,
        ignored: Callable[[str], bool],
        crowded: Callable[[], bool],
        patience: Callable[[str], float] | None,
    ) -> None:
        """Keep the parts.

        Args:
            recognise: Hears a stretch.
            detector: Finds speech.
            ignored: Tells which transcripts are not for the session.
            crowded: Tells whether others are being heard now, so that a partial transcript would cost them time.
            patience: Gives the seconds of silence after which this transcript is whole; None when a button tells.
        """
        super().__init__(capabilities=stt.STTCapabilities(streaming=True, interim_results=True, manual_flush=True))
        self.recognise = recognise
        self.detector = detector
        self.ignored = ignored
        self.crowded = crowded
        self.patience = patience
        self.told = Told()

    @property
    def model(self) -> str:
        """Its name in the session's metrics."""
        return "on the box"

    @property
    def provider(self) -> str:
        """Whose it is."""
        return "clara"

    def stream(
        self,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,  # noqa: ARG002 - the session's signature
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
    ) -> "Listening":
        """Begin to listen."""
        return Listening(self, conn_options)

    async def _recognize_impl(
        self,
        buffer: AudioBuffer,
        *,
        language: NotGivenOr[str] = NOT_GIVEN,  # noqa: ARG002 - the session's signature
        conn_options: APIConnectOptions,  # noqa: ARG002
    ) -> stt.SpeechEvent:
        """Hear a finished stretch. Raises `APIConnectionError`, as the session wants it."""
        frame = combine_frames(buffer) if isinstance(buffer, list) else buffer
        heard = await self.hear(np.frombuffer(frame.data, np.int16), frame.sample_rate)
        return event(stt.SpeechEventType.FINAL_TRANSCRIPT, heard)

    async def hear(self, samples: Samples, rate: int = RATE) -> Transcript:
        """Recognise samples; what cannot be used as sound is nothing heard. Raises `APIConnectionError`."""
        try:
            return await self.recognise(Audio(samples.astype(np.float32) / 32768.0, rate))
        except AudioError as error:
            log.info("a stretch of sound was not used: %s", error)
            return Transcript("", "", 0.0, len(samples) / rate)
        except ModelError as error:
            raise APIConnectionError(str(error), retryable=False) from error


@dataclass(slots=True)
class _Stretch:
    """Sound since just before somebody began to speak."""

    pieces: list[Samples] = field(default_factory=list)
    length: int = 0
    speaking: bool = False
    voiced: int = 0
    """Samples up to the last that was speech."""
    likely: list[float] = field(default_factory=list)
    """Probabilities of speech, a window each, since it began."""
    behind: int = 0
    """Samples that the detector has not judged yet: sound may come in a burst."""

    def add(self, piece: Samples) -> int:
        """Add sound; gives how many of the oldest samples were dropped for it."""
        self.pieces.append(piece)
        self.behind += len(piece)
        self.length += len(piece)
        before = self.length
        most = LONGEST_S * RATE if self.speaking else min(BEFORE_S * RATE + self.behind, LONGEST_S * RATE)
        while self.length - len(self.pieces[0]) > most:
            gone = len(self.pieces.pop(0))
            self.length -= gone
            self.voiced = max(0, self.voiced - gone)
        return before - self.length

    def samples(self) -> Samples:
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.int16)

    def rest(self) -> "_Stretch":
        """Give the stretch that begins when this one ends."""
        tail = self.samples()[max(0, self.seen - int(BEFORE_S * RATE)) :]
        return _Stretch([tail], len(tail), behind=self.behind)

    @property
    def seen(self) -> int:
        return self.length - self.behind

    @property
    def silent_s(self) -> float:
        return (self.seen - self.voiced) / RATE


@dataclass(slots=True)
class _Heard:
    """A hearing under way or done, and how much of the stretch it covers."""

    upto: int
    task: asyncio.Task[Transcript]
    settled: bool
    """It was begun in a silence, so it may be the last."""


class Listening(stt.RecognizeStream):
    """One listening session."""

    def __init__(self, hearing: Hearing, conn_options: APIConnectOptions) -> None:
        """Begin; frames come from the session."""
        super().__init__(stt=hearing, conn_options=conn_options, sample_rate=RATE)
        self._hearing = hearing
        self._stretch = _Stretch()
        self._heard: list[_Heard] = []
        self._took_s = 0.0
        self._done = asyncio.Event()
        """A hearing has ended."""
        self._pushed = 0
        self._progress = asyncio.Event()
        """The detector has judged some more."""

    async def _run(self) -> None:
        detector, self._pushed = self._hearing.detector.stream(), 0
        self._stretch.behind = 0
        feeding = asyncio.create_task(self._feed(detector))
        works = (feeding, asyncio.create_task(self._watch(detector)), asyncio.create_task(self._finish()))
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for work in done:
                work.result()
            if feeding in done:
                detector.end_input()
                await works[1]
        finally:
            for task in (*works, *(heard.task for heard in self._heard)):
                task.cancel()
            await asyncio.gather(*works, return_exceptions=True)
            await detector.aclose()

    async def _feed(self, detector: vad.VADStream) -> None:
        """Take in what the session hears, until it ends."""
        async for item in self._input_ch:
            if isinstance(item, rtc.AudioFrame):
                gone = self._stretch.add(np.frombuffer(bytes(item.data), np.int16))
                for heard in self._heard:
                    heard.upto -= gone
                self._pushed += item.samples_per_channel
                detector.push_frame(item)
            elif self._hearing.patience is None:  # a button was let go
                await self._judged()
                await self._end()

    async def _watch(self, detector: vad.VADStream) -> None:
        async for happened in detector:
            self._stretch.behind = self._pushed - happened.samples_index
            self._progress.set()
            if happened.type == vad.VADEventType.START_OF_SPEECH:
                if not self._stretch.speaking:
                    self._event_ch.send_nowait(stt.SpeechEvent(type=stt.SpeechEventType.START_OF_SPEECH))
                self._stretch.speaking = True
                self._stretch.voiced = self._stretch.seen
            elif happened.type == vad.VADEventType.INFERENCE_DONE and self._stretch.speaking:
                self._stretch.likely.append(happened.probability)
                if happened.probability >= VOICED:
                    self._stretch.voiced = self._stretch.seen
                self._consider()
                if self._over():
                    await self._end()

    async def _judged(self) -> None:
        """Wait until the detector has judged all that was said while the button was held."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(JUDGED_S):
                while self._stretch.behind >= WINDOW:
                    self._progress.clear()
                    await self._progress.wait()

    async def _finish(self) -> None:
        """End a stretch whose silence was over before it was heard: sound may come in a burst, and then none."""
        while True:
            await self._done.wait()
            self._done.clear()
            if self._over():
                await self._end()

    def _consider(self) -> None:
        """Begin to hear what was said so far when that is worth it now."""
        stretch, last = self._stretch, self._heard[-1] if self._heard else None
        done = last.upto if last else 0
        if stretch.silent_s >= SETTLED_S:
            if done < stretch.voiced or (last and not last.settled and not last.task.done()):
                self._begin(settled=True)
        elif self._hearing.crowded():
            return
        elif (last is None or last.task.done()) and stretch.length - done >= max(PARTIAL_S, 3 * self._took_s) * RATE:
            self._begin(settled=False)

    def _over(self) -> bool:
        """Tell whether the speaker has been silent for long enough after what was heard."""
        last, patience = self._heard[-1] if self._heard else None, self._hearing.patience
        if patience is None or last is None or last.upto < self._stretch.voiced or not last.task.done():
            return False
        return self._stretch.silent_s >= patience("" if last.task.exception() else last.task.result().text)

    def _begin(self, *, settled: bool) -> _Heard:
        heard = _Heard(self._stretch.length, asyncio.create_task(self._hear(self._stretch.samples())), settled)
        self._heard = [*(earlier for earlier in self._heard if not earlier.task.done()), heard]
        heard.task.add_done_callback(lambda _: self._tell(heard))
        return heard

    async def _hear(self, samples: Samples) -> Transcript:
        start = time.perf_counter()
        heard = await self._hearing.hear(samples)
        self._took_s = time.perf_counter() - start
        return heard

    def _tell(self, heard: _Heard) -> None:
        """Pass a partial transcript on, unless a newer one or the end overtook it."""
        self._done.set()
        if heard.task.cancelled() or heard.task.exception() or not self._heard or heard is not self._heard[-1]:
            return
        transcript = heard.task.result()
        if not self._meant(transcript, self._stretch):
            return
        self._hearing.told.transcripts.append(transcript)
        self._event_ch.send_nowait(event(stt.SpeechEventType.INTERIM_TRANSCRIPT, transcript))
        if heard.settled and heard.upto >= self._stretch.voiced:
            self._event_ch.send_nowait(event(stt.SpeechEventType.PREFLIGHT_TRANSCRIPT, transcript))

    async def _end(self) -> None:
        """Finish the stretch, once: with the last hearing when it covers all that was said, else with a new one."""
        told, stretch = self._hearing.told, self._stretch
        if not stretch.speaking:
            self._nothing()
            return
        told.ended = time.time() - stretch.silent_s
        last = self._heard[-1] if self._heard else None
        if last is None or last.upto < stretch.voiced:
            last = self._begin(settled=True)
        self._heard = []
        self._stretch = stretch.rest()
        try:
            transcript = await asyncio.shield(last.task)
        except asyncio.CancelledError:
            last.task.cancel()
            raise
        self._event_ch.send_nowait(stt.SpeechEvent(type=stt.SpeechEventType.END_OF_SPEECH))
        if self._meant(transcript, stretch):
            told.transcribed = time.time()
            told.transcripts.append(transcript)
            self._event_ch.send_nowait(event(stt.SpeechEventType.FINAL_TRANSCRIPT, transcript))
        else:
            self._nothing()

    def _nothing(self) -> None:
        """Say that there is nothing: a session whose button was let go waits for a transcript."""
        if self._hearing.patience is None:
            self._event_ch.send_nowait(event(stt.SpeechEventType.FINAL_TRANSCRIPT, Transcript("", "", 0.0, 0.0)))

    def _meant(self, transcript: Transcript, stretch: _Stretch) -> bool:
        """Tell whether somebody spoke, and to the box."""
        said = judge(transcript, voiced(stretch.likely)) != "drop"
        return said and not self._hearing.ignored(transcript.text)


def event(kind: stt.SpeechEventType, heard: Transcript) -> stt.SpeechEvent:
    """Give a transcript as the session takes it."""
    said = stt.SpeechData(language=LanguageCode("en"), text=heard.text, confidence=heard.confidence)
    return stt.SpeechEvent(type=kind, alternatives=[said])

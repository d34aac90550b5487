"""People who speak to a conversation, a recogniser that knows them, and a line that keeps what it plays.

The speech is real (espeak-ng), so that the real voice detector hears speech; only the recogniser is told what is said.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from livekit import rtc
from numpy.typing import NDArray

from appliance.journal import Journal, Waterfall
from appliance.turn.answer import Answer
from appliance.voice.conversation import Answered, Conversation, Event, Heard, Manner, State
from appliance.voice.line import Loudspeaker, Microphone
from models.audio import Audio
from models.espeak import Espeak
from models.transcript import Transcript
from tests.fakes.box import AMPS

RATE = 16_000
Samples = NDArray[np.int16]


def speech(text: str) -> Samples:
    """Give a text spoken, 16 kHz int16, silence at both ends cut off."""
    pieces = list(Espeak().synthesize(text))
    audio = np.concatenate([piece.samples for piece in pieces])
    pcm = (audio * 32767).astype(np.int16)
    resampler = rtc.AudioResampler(pieces[0].rate, RATE)
    frames = resampler.push(rtc.AudioFrame(pcm.tobytes(), pieces[0].rate, 1, len(pcm))) + resampler.flush()
    pcm = np.frombuffer(b"".join(bytes(frame.data) for frame in frames), np.int16)
    loud = np.flatnonzero(np.abs(pcm) > 300)
    return pcm[loud[0] : loud[-1]]


def hush(seconds: float, seed: int = 0) -> Samples:
    """Give a quiet room."""
    return (np.random.default_rng(seed).standard_normal(int(seconds * RATE)) * 8).astype(np.int16)


class Knowing:
    """A recogniser that knows recordings: whichever stands in the sound, whole or begun, is what was said."""

    def __init__(self, said: Mapping[str, Samples], confidence: float = 0.9, likeness: float = 0.9) -> None:
        """Keep text to recording; `likeness`: correlation from which a recording is found, 1 for the same samples."""
        self._likeness = likeness
        self._said = said
        self._confidence = confidence
        self.heard: list[str] = []

    async def __call__(self, audio: Audio) -> Transcript:
        """Find the recordings that stand in the sound, in order; like a real one, not in the event loop."""
        return await asyncio.to_thread(self._find, audio)

    def _find(self, audio: Audio) -> Transcript:
        sound = (audio.samples * 32767).astype(np.float64)
        found = sorted(
            (place, text if whole else " ".join(text.split()[: max(1, len(text.split()) // 2)]))
            for text, recording in self._said.items()
            for place, whole in [_where(sound, recording.astype(np.float64), self._likeness)]
            if place >= 0
        )
        text = " ".join(text for _, text in found)
        self.heard.append(text)
        return Transcript(text, "knowing", self._confidence if text else 0.0, audio.seconds)


def _where(sound: NDArray[np.float64], recording: NDArray[np.float64], least: float) -> tuple[int, bool]:
    """Give where a recording's beginning stands in the sound (-1: nowhere), and whether its end does, too."""
    places = [_match(sound, part, least) for part in (recording[: RATE // 4], recording[-RATE // 4 :])]
    return places[0], places[1] >= 0


def _match(sound: NDArray[np.float64], part: NDArray[np.float64], least: float) -> int:
    if len(sound) < len(part):
        return -1
    size = 1 << int(np.ceil(np.log2(len(sound) + len(part))))
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(part, size)), size)[
        : len(sound) - len(part) + 1
    ]
    sums = np.concatenate([[0.0], np.cumsum(sound**2)])
    energy = sums[len(part) :] - sums[: -len(part)]
    likeness = product / np.sqrt(np.maximum(energy, 1.0) * (part**2).sum())
    best = int(np.argmax(likeness))
    return best if likeness[best] > least else -1


@dataclass
class Box:
    """A box that gives written answers, slowly when told to."""

    recogniser: Knowing
    clauses: tuple[str, ...] = ("The Carrier 50TCQA06 draws 18.2 A.", "This is sample data.")
    slow_s: float = 0.0
    clause_s: float = 1.5
    """How long a clause sounds."""
    identifiers: Collection[str] = ("50TCQA06",)
    asked: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    """Questions whose answers were kept."""
    dropped: int = 0
    journal: Journal = field(default_factory=Journal)

    async def ask(
        self,
        text: str,
        person: str = "",
        heard: Callable[[str], None] = lambda _: None,
        *,
        sure: Callable[[], Awaitable[object]] | None = None,
    ) -> Answer:
        """Answer, and keep it once it is sure."""
        self.asked.append(text)
        try:
            await asyncio.sleep(self.slow_s)
            for clause in self.clauses:
                heard(clause)
            if sure is not None:
                await sure()
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        self.kept.append(text)
        return AMPS

    async def recognise(self, audio: Audio) -> Transcript:
        """Hear."""
        return await self.recogniser(audio)

    async def pieces(self, text: str, person: str = "") -> AsyncGenerator[Audio, None]:
        """Speak: a tone."""
        t = np.arange(int(self.clause_s * 22_050)) / 22_050
        yield Audio((0.2 * np.sin(2 * np.pi * 300 * t)).astype(np.float32), 22_050)

    def acts(self, text: str) -> bool:
        """Tell whether something would be kept."""
        return text.startswith("Log")

    def crowded(self) -> bool:
        """Tell whether others are being heard."""
        return False

    def unfinished(self, text: str) -> bool:
        """Tell whether more will come."""
        return text.endswith(" the")


@dataclass
class Scene:
    """A conversation, what happened in it and when (seconds since its start)."""

    box: Any
    """This module's, or a real one."""
    manner: Manner = "open"
    happened: list[tuple[float, Event]] = field(default_factory=list)
    played: list[tuple[float, int, float]] = field(default_factory=list)
    """When a frame went out, its samples, its loudness."""
    cleared: list[float] = field(default_factory=list)
    marks: dict[str, float] = field(default_factory=dict)
    """Moments that a script wants to remember."""

    def now(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    async def play(self, script: Callable[["Scene"], Awaitable[None]]) -> "Scene":
        """Have the conversation."""
        self._start = time.monotonic()

        async def send(frame: rtc.AudioFrame) -> None:
            loudness = float(np.abs(np.frombuffer(frame.data, np.int16)).max(initial=0))
            self.played.append((self.now(), len(frame.data), loudness))

        async def clear() -> None:
            self.cleared.append(self.now())

        self.microphone, self.loudspeaker = Microphone(), Loudspeaker(send, clear)
        self.talk = Conversation(self.box, "tech", lambda event: self.happened.append((self.now(), event)), self.manner)
        await self.talk.start(self.microphone, self.loudspeaker)
        try:
            await script(self)
        finally:
            await self.talk.aclose()
            await self.loudspeaker.aclose()
        return self

    async def hear(self, *sounds: Samples) -> float:
        """Speak into the microphone in real time; gives when the last sound ended."""
        for sound in sounds:
            begun = time.monotonic()
            for start in range(0, len(sound), 320):
                self.microphone.push(sound[start : start + 320].tobytes())
                await asyncio.sleep(max(0.0, begun + (start + 320) / RATE - time.monotonic()))
        return self.now()

    async def quiet(self, seconds: float, until: Callable[["Scene"], bool] = lambda _: False) -> float:
        """Say nothing, for so long or until something is so; gives when that was."""
        begun = self.now()
        while self.now() - begun < seconds and not until(self):
            await self.hear(hush(0.1, int(self.now() * 10)))
        return self.now()

    def said(self) -> list[str]:
        """Give the final transcripts."""
        return [event.text for _, event in self.happened if isinstance(event, Heard) and event.final]

    def states(self) -> list[str]:
        """Give the states in order."""
        return [event.name for _, event in self.happened if isinstance(event, State)]

    def answers(self) -> int:
        """Give how many answers were whole."""
        return sum(isinstance(event, Answered) for _, event in self.happened)

    def waterfalls(self) -> list[Waterfall]:
        """Give the waterfalls."""
        return [event for _, event in self.happened if isinstance(event, Waterfall)]

    def sounded(self, begin: float = 0.0, end: float = 99.0) -> float:
        """Give the seconds of answer (not of silence) that went out between two moments."""
        return sum(size / 24_000 for moment, size, loud in self.played if begin <= moment < end and loud > 3000)

"""A line between a person and the conversation: sound in, sound out.

`Microphone` takes frames from anywhere. `Loudspeaker` gives frames out no faster than they are heard, so that what was
not sent yet can be held back: a pause, and an end by interruption, take effect within `AHEAD_S`.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

from livekit import rtc
from livekit.agents.voice.io import AudioInput, AudioOutput, AudioOutputCapabilities

from appliance.voice.hearing import RATE as EAR_RATE
from appliance.voice.speaking import RATE

AHEAD_S = 0.15
"""Sound sent before it is due, so that a late packet is not heard."""
QUEUE_S = 30.0
"""Sound that may wait to be heard by the recogniser; older sound is dropped."""
Send = Callable[[rtc.AudioFrame], Awaitable[None]]


class Microphone(AudioInput):
    """Sound that somebody pushes."""

    def __init__(self, rate: int = EAR_RATE) -> None:
        """`rate`: samples per second of what is pushed, mono int16."""
        super().__init__(label="microphone")
        self._rate = rate
        self._frames: deque[rtc.AudioFrame] = deque()
        self._waiting = asyncio.Event()
        self._empty = asyncio.Event()
        self._ended = False
        self._queued_s = 0.0
        self.dropped_s = 0.0
        """Sound that came faster than it could be heard."""

    def push(self, data: bytes) -> None:
        """Add sound: int16, little-endian. Raises ValueError for half a sample."""
        if len(data) % 2:
            raise ValueError("half a sample")
        if not data or self._ended:
            return
        frame = rtc.AudioFrame(data, self._rate, 1, len(data) // 2)
        self._frames.append(frame)
        self._empty.clear()
        self._queued_s += frame.duration
        while self._queued_s > QUEUE_S:
            gone = self._frames.popleft()
            self._queued_s -= gone.duration
            self.dropped_s += gone.duration
        self._waiting.set()

    async def drained(self) -> None:
        """Wait until all that was pushed has been taken."""
        if self._frames:
            await self._empty.wait()

    def end(self) -> None:
        """No more sound will come."""
        self._ended = True
        self._waiting.set()

    async def __anext__(self) -> rtc.AudioFrame:
        """Give the next frame; ends after `end`."""
        while not self._frames:
            self._empty.set()
            if self._ended:
                raise StopAsyncIteration
            self._waiting.clear()
            await self._waiting.wait()
        frame = self._frames.popleft()
        self._queued_s -= frame.duration
        return frame


class Loudspeaker(AudioOutput):
    """Sound for somebody, sent as it is due."""

    def __init__(self, send: Send, clear: Callable[[], Awaitable[None]], label: str = "loudspeaker") -> None:
        """`send` takes a frame to be heard soon; `clear` drops what was sent and not heard yet."""
        super().__init__(label=label, capabilities=AudioOutputCapabilities(pause=True), sample_rate=RATE)
        self._send = send
        self._clear = clear
        self._frames: deque[rtc.AudioFrame] = deque()
        self._signals: deque[rtc.AudioFrame] = deque()
        self._change = asyncio.Event()
        self._whole = False
        """The segment has been flushed: what is queued is all of it."""
        self._open = False
        self._held = False
        self._drop = False
        """What was sent and not heard yet is to be dropped."""
        self._sent: deque[tuple[float, rtc.AudioFrame]] = deque()
        """The last frames that were sent, with when each will have been heard."""
        self._played_s = 0.0
        self._pump: asyncio.Task[None] | None = None

    def on_attached(self) -> None:
        """Begin to send."""
        super().on_attached()
        if self._pump is None:
            self._pump = asyncio.create_task(self._run(), name="loudspeaker")

    async def aclose(self) -> None:
        """Stop sending. Closing twice is fine."""
        if self._pump is not None:
            self._pump.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pump
            self._pump = None

    async def capture_frame(self, frame: rtc.AudioFrame) -> None:
        """Take a frame of the answer, sooner than it is heard."""
        await super().capture_frame(frame)
        if not self._open:
            self._open, self._whole, self._played_s = True, False, 0.0
        self._frames.append(frame)
        self._change.set()

    def flush(self) -> None:
        """The segment is complete."""
        super().flush()
        self._whole = True
        self._change.set()

    def clear_buffer(self) -> None:
        """Stop now: the rest of the segment is never heard."""
        self._frames.clear()
        self._unheard()
        if self._open:
            self._finish(interrupted=True)
        self._held, self._drop = False, True
        self._change.set()

    def pause(self) -> None:
        """Be silent, keeping the rest; what was sent and not heard yet is part of it."""
        super().pause()
        if not self._held:
            self._frames.extendleft(reversed(self._unheard()))
            self._held, self._drop = True, True
            self._change.set()

    def resume(self) -> None:
        """Go on."""
        super().resume()
        self._held = False
        self._change.set()

    def signal(self, frames: Sequence[rtc.AudioFrame]) -> None:
        """Sound a signal that is no part of an answer, unless one is being heard."""
        if not self._open and not self._held:
            self._signals.extend(frames)
            self._change.set()

    def _finish(self, *, interrupted: bool) -> None:
        self._open = False
        self.on_playback_finished(playback_position=self._played_s, interrupted=interrupted)

    def _unheard(self) -> list[rtc.AudioFrame]:
        """Give the frames that were sent and are not heard yet, as if they had not been sent."""
        now = time.monotonic()
        back = [frame for end, frame in self._sent if end - frame.duration > now]
        self._sent.clear()
        self._played_s -= sum(frame.duration for frame in back)
        return back

    async def _run(self) -> None:
        due = 0.0
        while True:
            if self._drop:
                self._drop, due = False, 0.0
                await self._clear()
            elif self._signals:
                await self._send(self._signals.popleft())
            elif not self._held and self._frames:
                due = max(due, time.monotonic())
                wait = due - AHEAD_S - time.monotonic()
                if wait <= 0:
                    due = await self._next(due)
                else:
                    await self._pause_for(wait)
            elif self._open and self._whole and not self._held:
                await self._rest(due)
            else:
                await self._pause_for(None)

    async def _next(self, due: float) -> float:
        """Send a frame; gives when it will have been heard."""
        frame = self._frames.popleft()
        if not self._played_s:
            self.on_playback_started(created_at=time.time())
        self._played_s += frame.duration
        self._sent.append((due + frame.duration, frame))
        while self._sent[0][0] < time.monotonic():
            self._sent.popleft()
        await self._send(frame)
        return due + frame.duration

    async def _rest(self, due: float) -> None:
        """Wait until the last frame has been heard; then the segment is finished."""
        wait = due - time.monotonic()
        if wait > 0 and await self._pause_for(wait):
            return
        if self._open and self._whole and not self._frames:
            self._finish(interrupted=False)

    async def _pause_for(self, seconds: float | None) -> bool:
        """Wait (None: as long as it takes), or until something changes; gives whether it did."""
        self._change.clear()
        try:
            async with asyncio.timeout(seconds):
                await self._change.wait()
        except TimeoutError:
            return False
        return True

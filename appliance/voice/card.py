"""The box's own microphone and speaker, through the programs of its sound system.

Decisions: programs, not a library: `arecord` and `aplay` (alsa-utils) are on every image, PipeWire's `pw-record` and
`pw-play` take their place by a line in the settings, and a driver that hangs hangs a process, not the box. What the
speaker says is taken out of what the microphone hears by WebRTC's echo canceller, which comes with LiveKit.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Sequence

import numpy as np
from livekit import rtc
from numpy.typing import NDArray

from appliance.voice.hearing import RATE as EAR_RATE
from appliance.voice.line import Loudspeaker, Microphone
from appliance.voice.speaking import RATE

RECORD = ("arecord", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(EAR_RATE), "--buffer-time=200000")
PLAY = ("aplay", "-q", "-t", "raw", "-f", "S16_LE", "-c", "1", "-r", str(RATE), "--buffer-time=120000")
TEN_MS = EAR_RATE // 100
"""Samples that the echo canceller takes at once."""


class CardError(Exception):
    """The microphone or the speaker cannot be used; the message says which program failed and what it said."""


class Card:
    """A microphone and a loudspeaker, as pair of audio input and output for a conversation."""

    def __init__(self, record: Sequence[str] = RECORD, play: Sequence[str] = PLAY) -> None:
        """Keep the programs.

        Args:
            record: Writes int16 mono sound of 16 kHz to its standard output.
            play: Plays int16 mono sound of 24 kHz from its standard input.
        """
        self._record_with = record
        self._play_with = play
        self.microphone = Microphone()
        self.loudspeaker = Loudspeaker(self._send, self._clear)
        self._canceller = rtc.AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=True
        )
        self._down = rtc.AudioResampler(RATE, EAR_RATE)
        self._played = np.zeros(0, np.int16)
        self._player: asyncio.subprocess.Process | None = None
        self._recorder: asyncio.subprocess.Process | None = None
        self._mute = ""
        """Why nothing can be played any more."""

    async def run(self) -> None:
        """Record until cancelled. Raises `CardError` when either program ends or cannot be started."""
        self._player = await _started(self._play_with, stdin=asyncio.subprocess.PIPE)
        try:
            self._recorder = recorder = await _started(self._record_with, stdout=asyncio.subprocess.PIPE)
            try:
                assert recorder.stdout is not None
                while data := await _whole(recorder.stdout, 2 * 2 * TEN_MS):
                    self.microphone.push(self._cleaned(data))
                raise CardError(self._mute or await _reason(recorder, self._record_with))
            finally:
                await _ended(recorder)
        finally:
            self.microphone.end()
            player, self._player = self._player, None
            await _ended(player)

    def _cleaned(self, data: bytes) -> bytes:
        """Take out of the microphone's sound what the speaker says."""
        samples = np.frombuffer(data, np.int16)
        clean = []
        for start in range(0, len(samples) - TEN_MS + 1, TEN_MS):
            frame = _frame(samples[start : start + TEN_MS])
            self._canceller.process_stream(frame)
            clean.append(bytes(frame.data))
        return b"".join(clean)

    async def _send(self, frame: rtc.AudioFrame) -> None:
        """Play a frame; when the program has ended, end the recording, too, so that `run` says why."""
        self._remember(frame)
        player = self._player
        if player is None or player.stdin is None:
            return
        try:
            player.stdin.write(bytes(frame.data))
            await player.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            self._mute = self._mute or await _reason(player, self._play_with)
            if self._recorder is not None:
                await _ended(self._recorder)

    def _remember(self, frame: rtc.AudioFrame) -> None:
        """Tell the canceller what is played."""
        heard = [np.frombuffer(bytes(each.data), np.int16) for each in self._down.push(frame)]
        self._played = np.concatenate([self._played, *heard])
        while len(self._played) >= TEN_MS:
            self._canceller.process_reverse_stream(_frame(self._played[:TEN_MS]))
            self._played = self._played[TEN_MS:]

    async def _clear(self) -> None:
        """Let the little that the program still holds sound; it is less than 120 ms."""


def _frame(samples: NDArray[np.int16]) -> rtc.AudioFrame:
    return rtc.AudioFrame(bytearray(samples.tobytes()), EAR_RATE, 1, len(samples))


async def _started(
    command: Sequence[str], stdin: int | None = None, stdout: int | None = None
) -> asyncio.subprocess.Process:
    try:
        return await asyncio.create_subprocess_exec(
            *command, stdin=stdin, stdout=stdout, stderr=asyncio.subprocess.PIPE, start_new_session=True
        )
    except OSError as error:
        raise CardError(f"{command[0]} cannot be started ({error.strerror}): install alsa-utils") from error


async def _whole(stream: asyncio.StreamReader, size: int) -> bytes:
    """Read exactly `size` bytes; fewer, without half a sample, at the end."""
    try:
        return await stream.readexactly(size)
    except asyncio.IncompleteReadError:
        return b""


async def _reason(process: asyncio.subprocess.Process, command: Sequence[str]) -> str:
    """Say why a program ended."""
    told = b""
    if process.stderr is not None:
        with contextlib.suppress(TimeoutError):
            told = await asyncio.wait_for(process.stderr.read(2_000), 1.0)
    lines = told.decode(errors="replace").strip().splitlines()
    return f"{command[0]} has ended: {lines[-1] if lines else 'it said nothing'}; see `arecord -l` for what there is"


async def _ended(process: asyncio.subprocess.Process) -> None:
    """Make sure that a program is gone, with those that it started: one of them could hold its pipes open."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    await process.wait()

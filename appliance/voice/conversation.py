"""One person's conversation with the box, whatever way the sound comes in."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from livekit import rtc
from livekit.agents import Agent, AgentSession, APIError, CloseReason, ModelSettings, StopResponse, inference, llm, stt
from livekit.agents.voice.events import AgentEvent, EventTypes
from livekit.agents.voice.io import AudioInput, AudioOutput

from appliance.ear.gate import judge
from appliance.journal import Journal, Waterfall
from appliance.mouth.letters import identifier
from appliance.turn.answer import Answer
from appliance.voice import control
from appliance.voice.brain import Ask, Brain, Doubt
from appliance.voice.hearing import Hearing
from appliance.voice.line import Loudspeaker
from appliance.voice.speaking import CLAUSE, Voice, cut, thinking
from models.audio import Audio
from models.transcript import Transcript

END_S, UNFINISHED_S, DICTATION_S = 0.35, 1.1, 1.6
"""Silence that ends a turn, that ends one whose last words want others after them, and that ends one in dictation."""
PAUSE_S = 0.25
"""Silence that ends a stretch of speech."""
THINKING_S, AGAIN_S = 0.75, 1.5
"""Silence after a turn's end before the first thinking sound, and between two; a pause went before that end."""
BARGE_S = 0.12
"""Speech over an answer that pauses it."""
RESUME_S = 1.2
"""Silence after which a paused answer goes on when nothing was said over it."""
Manner = Literal["open", "push"]
"""An open microphone, or a button that is held while one speaks."""
_DETECTION: Mapping[Manner, Literal["vad", "manual"]] = {"open": "vad", "push": "manual"}
"""What tells the session that a turn is over."""


class Box(Protocol):
    """What a conversation needs of the box."""

    @property
    def ask(self) -> Ask:
        """Answers a question."""
        ...

    @property
    def journal(self) -> Journal:
        """What keeps the times of turns."""
        ...

    @property
    def identifiers(self) -> Collection[str]:
        """Models as they are written."""
        ...

    def unfinished(self, text: str) -> bool:
        """Tell whether somebody who says this will say more."""
        ...

    def acts(self, text: str) -> bool:
        """Tell whether something would be kept for whoever says this."""
        ...

    def crowded(self) -> bool:
        """Tell whether the recogniser is busy."""
        ...

    async def recognise(self, audio: Audio) -> Transcript:
        """Hear. Raises `models.errors.ModelError`."""
        ...

    def pieces(self, text: str, person: str = "") -> AsyncGenerator[Audio, None]:
        """Speak as a person wants it, piece by piece. Raises `models.errors.ModelError`."""
        ...


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person said, so far or finally."""

    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """A clause whose sound begins now."""

    text: str


@dataclass(frozen=True, slots=True)
class State:
    """What the box does now."""

    name: str
    """"listening", "thinking", "speaking"."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A whole answer, with its cards and citations."""

    answer: Answer


@dataclass(frozen=True, slots=True)
class Failed:
    """A part of the box failed; nothing that was confirmed is lost."""

    error: str
    deaf: bool
    """Nothing more will be heard: the conversation is over."""


Event = Heard | Saying | State | Answered | Waterfall | Failed


@dataclass(slots=True)
class _Marks:
    """Unix times of the turn under way."""

    question: str = ""
    ended: float = 0.0
    transcribed: float = 0.0
    endpoint: float = 0.0
    clause: float = 0.0
    sound: float = 0.0
    answer: Answer | None = None
    told: bool = False

    def after(self, moment: float) -> float | None:
        """Milliseconds after the end of speech."""
        return round((moment - self.ended) * 1000, 1) if moment and self.ended else None


class Conversation:
    """A session of LiveKit Agents around the box."""

    def __init__(
        self,
        box: Box,
        person: str,
        tell: Callable[[Event], None],
        manner: Manner = "open",
        *,
        cancel_echo: bool = False,
    ) -> None:
        """Build it; `tell` gets what happens, as it happens.

        Args:
            box: What answers, hears and speaks.
            person: Who speaks.
            tell: Called in the event loop; must not block.
            manner: How the end of a turn is known.
            cancel_echo: Leave the first seconds of an answer uninterruptible while an echo canceller learns.
        """
        self._box = box
        self._tell = tell
        self._marks = _Marks()
        self._mouth: AudioOutput | None = None
        self._asking = False
        """The last clause was a question: "yes" is an answer to it, and no nod."""
        self._waiting: asyncio.Task[None] | None = None
        detector = inference.VAD(model="silero", min_silence_duration=PAUSE_S)
        self._hearing = Hearing(
            box.recognise, detector, self._ignored, box.crowded, self._patience if manner == "open" else None
        )
        self._brain = Brain(box.ask, person, self._spelled, self._answered, self._doubt)
        self._session = _Session(
            stt=self._hearing,
            vad=detector,
            llm=self._brain,
            tts=Voice(lambda text: box.pieces(text, person)),
            turn_handling={
                "turn_detection": _DETECTION[manner],
                "endpointing": {"mode": "fixed", "min_delay": 0.0, "max_delay": DICTATION_S},
                "interruption": {
                    "mode": "vad", "min_duration": BARGE_S, "min_words": 0, "resume_false_interruption": True,
                    "false_interruption_timeout": RESUME_S,
                },
                "preemptive_generation": {"enabled": True, "preemptive_tts": True},
            },
            tts_text_transforms=None,
            user_away_timeout=None,
            aec_warmup_duration=3.0 if cancel_echo else None,
            session_close_transcript_timeout=0.0,
        )  # fmt: skip
        self._manner = manner
        self._session.on("user_input_transcribed", self._on_transcript)
        self._session.on("agent_state_changed", lambda changed: tell(State(changed.new_state)))
        self._session.on("error", self._on_error)
        self._session.on("close", self._on_close)

    async def start(self, ear: AudioInput, mouth: AudioOutput) -> None:
        """Begin to listen at `ear` and to speak at `mouth`."""
        mouth.on("playback_started", lambda started: self._sounded(started.created_at))
        self._mouth = mouth
        self._session.input.audio, self._session.output.audio = ear, mouth
        await self._session.start(agent=_Clara(self))
        if self._manner == "push":
            self._session.input.set_audio_enabled(False)

    async def _wait(self, marks: "_Marks") -> None:
        """Let the person hear that the answer is being looked for, until it sounds."""
        await asyncio.sleep(THINKING_S)
        while marks is self._marks and not marks.sound and isinstance(self._mouth, Loudspeaker):
            self._mouth.signal(cut(thinking()))
            await asyncio.sleep(AGAIN_S)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def take(self, manner: Manner) -> None:
        """Go over to another manner; an answer under way is broken off."""
        self._manner = manner
        self._session.interrupt()
        self._session.clear_user_turn()
        self._hearing.patience = self._patience if manner == "open" else None
        self._session.update_options(turn_detection=_DETECTION[manner])
        self._session.input.set_audio_enabled(manner == "open")

    async def aclose(self) -> None:
        """End it. An answer under way is broken off; what was confirmed is kept."""
        self._stop_waiting()
        await self._session.aclose()

    def press(self) -> None:
        """The button is held: listen, and be silent."""
        self._session.interrupt()
        self._session.clear_user_turn()
        self._session.input.set_audio_enabled(True)

    async def release(self) -> None:
        """The button was let go: the turn is over."""
        self._session.input.set_audio_enabled(False)
        self._session.commit_user_turn(transcript_timeout=5.0, stt_flush_duration=0.0)

    def stop(self) -> None:
        """Break the answer off."""
        self._session.interrupt()

    def typed(self, text: str) -> None:
        """Begin to answer by sound what was typed."""
        self._session.interrupt()
        self._brain.confirm(text)
        self._marks = _Marks(question=text, ended=time.time())
        self._session.generate_reply(user_input=text)

    def _ignored(self, text: str) -> bool:
        """Tell whether the session shall not hear of a transcript: one who listens to an answer says "okay"."""
        paused = self._session.agent_state == "speaking" or self._session.current_speech is not None
        return paused and not self._asking and control.backchannel(text)

    def _patience(self, text: str) -> float:
        """Give the seconds of silence after which an utterance is whole."""
        if control.command(text) is not None:
            return END_S
        if control.dictating(text):
            return DICTATION_S
        return UNFINISHED_S if self._box.unfinished(text) else END_S

    def _on_transcript(self, happened: Any) -> None:
        self._tell(Heard(happened.transcript, bool(happened.is_final)))

    def _on_error(self, happened: Any) -> None:
        error = happened.error
        if not getattr(error, "recoverable", False):
            self.failed(getattr(error, "error", error), deaf=isinstance(error, stt.STTError))

    def _on_close(self, happened: Any) -> None:
        if happened.reason is CloseReason.ERROR:
            self._tell(Failed("too much failed in a row", deaf=True))

    def failed(self, error: object, *, deaf: bool = False) -> None:
        """A part of the box failed."""
        self._tell(Failed(error.message if isinstance(error, APIError) else str(error), deaf))

    def turned(self, text: str) -> None:
        """The speaker has finished. Raises `StopResponse` when there is nothing to answer."""
        told, clause = self._hearing.told, self._marks.clause
        self._marks = _Marks(question=text, ended=told.ended, transcribed=told.transcribed, endpoint=time.time())
        if clause > told.ended:  # made ahead, while the pause was waited out
            self._marks.clause = clause
        if not text.strip() or control.command(text) is control.Command.STOP:
            self._brain.unsure = ""
            raise StopResponse
        self._brain.confirm(text)
        self._stop_waiting()
        self._waiting = asyncio.create_task(self._wait(self._marks))

    def saying(self, clause: str) -> None:
        """A clause goes to the voice."""
        if not self._marks.clause:
            self._marks.clause = time.time()
        self._asking = clause.endswith("?")
        self._tell(Saying(clause))

    def _doubt(self, text: str) -> Doubt | None:
        """Tell what is to be read back of a text that was just heard."""
        heard = self._hearing.told.heard(text)
        if heard is None or judge(heard) != "read back":
            return None
        acts = self._box.acts(text)
        if acts:
            return Doubt(f"I heard: {text.rstrip(' .?!')}. Is that right?", acts=True)
        named = [name for name in heard.doubtful if name in text]
        return Doubt(f"I understood {' and '.join(named)}.", acts=False) if named else None

    def _spelled(self, text: str) -> str:
        found = [name for name in self._box.identifiers if name and name in text]
        return " ".join(f"{identifier(name)}." for name in sorted(found, key=text.index))

    def _answered(self, answer: Answer) -> None:
        self._marks.answer = answer
        self._tell(Answered(answer))
        self._waterfall()

    def _sounded(self, moment: float) -> None:
        self._stop_waiting()
        if not self._marks.sound:
            self._marks.sound = moment
            self._waterfall()

    def _waterfall(self) -> None:
        """Tell when what happened, once all of it has."""
        marks = self._marks
        if marks.told or marks.answer is None or not marks.sound:
            return
        marks.told = True
        evidence = marks.answer.timings.get("gather")
        fall = Waterfall(
            marks.question,
            marks.ended,
            marks.after(marks.transcribed),
            marks.after(marks.endpoint),
            evidence,
            marks.after(marks.clause),
            marks.after(marks.sound),
            marks.answer.id,
        )
        self._box.journal.spoke(fall)
        self._tell(fall)


class _Session(AgentSession[Any]):
    """The library's session, without its record of every event: a microphone may stay open for a day."""

    def emit(self, event: EventTypes, arg: AgentEvent) -> None:
        """Tell the listeners, and forget it."""
        super(AgentSession, self).emit(event, arg)


class _Clara(Agent):
    """The session's agent: where the session asks what to do, it asks the conversation."""

    def __init__(self, conversation: Conversation) -> None:
        """Keep the conversation."""
        super().__init__(instructions="")
        self._conversation = conversation

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:  # noqa: ARG002
        """The person has finished speaking."""
        self._conversation.turned(new_message.text_content or "")

    async def tts_node(
        self,
        text: AsyncIterable[str],
        model_settings: ModelSettings,  # noqa: ARG002 - the session's signature
    ) -> AsyncGenerator[rtc.AudioFrame, None]:
        """Speak clause by clause."""
        voice = self.session.tts
        assert isinstance(voice, Voice)
        try:
            async for frame in voice.stream_of(text):
                if clause := frame.userdata.get(CLAUSE):
                    self._conversation.saying(clause)
                yield frame
        except APIError as error:
            self._conversation.failed(error)

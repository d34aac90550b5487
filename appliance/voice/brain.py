"""The session's "language model": hands what was said to the turn and streams its clauses back.

The session asks before the turn has surely ended. The answer is made then, but nothing is kept or done until
`confirm` says that the speaker has really finished; an answer that is thrown away before that never happened.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from livekit.agents import APIConnectOptions, llm
from livekit.agents.types import DEFAULT_API_CONNECT_OPTIONS, NOT_GIVEN, NotGivenOr
from livekit.agents.utils import shortuuid

from appliance.ear.errors import EarError
from appliance.turn.answer import Answer
from appliance.turn.consent import consent
from appliance.voice.control import Command, command, words
from sync.errors import SyncError

log = logging.getLogger(__name__)

NOTHING_YET = "I haven't said anything yet."
NO_IDENTIFIER = "There was no model number in that."
LEFT = "All right, I leave it."
LOST = "That could not be kept, so please write it down: {}."
Clause = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What to say before acting on words that were not heard for certain."""

    question: str
    acts: bool
    """Something would be done or kept: it waits for a yes. Else it is only named before the answer."""


class Ask(Protocol):
    """What answers a question; `Box.ask`."""

    async def __call__(
        self, text: str, person: str = "", heard: Clause = ..., *, sure: Callable[[], Awaitable[object]] | None = None
    ) -> Answer:
        """Give the answer, its clauses as they become final; nothing is kept before `sure` returns."""
        ...


class Brain(llm.LLM[Literal["metrics_collected"]]):
    """Adapter from the turn to LiveKit's language model."""

    def __init__(
        self,
        ask: Ask,
        person: str,
        spell: Callable[[str], str],
        answered: Callable[[Answer], None],
        doubt: Callable[[str], Doubt | None],
    ) -> None:
        """Keep the parts.

        Args:
            ask: What answers.
            person: Who asks.
            spell: Spells the identifiers of a text.
            answered: Is told of every answer.
            doubt: Tells what is to be read back of what was heard; None when it was heard for certain.
        """
        super().__init__()
        self.doubt = doubt
        self.unsure = ""
        """What was read back and waits for a yes."""
        self.ask = ask
        self.person = person
        self.spell = spell
        self.answered = answered
        self.said = ""
        """The last whole answer, for "repeat that"."""
        self._confirmed = ""
        self._waiting: list[tuple[str, asyncio.Event]] = []

    @property
    def model(self) -> str:
        """Its name in the session's metrics."""
        return "turn"

    @property
    def provider(self) -> str:
        """Whose it is."""
        return "clara"

    def confirm(self, text: str) -> None:
        """The speaker has finished, and this is what was said."""
        self._confirmed = words(text)
        for said, go in self._waiting:
            if said == self._confirmed:
                go.set()

    async def confirmed(self, text: str) -> None:
        """Wait until `confirm` was called for this text."""
        if words(text) == self._confirmed:
            return
        waiting = (words(text), asyncio.Event())
        self._waiting.append(waiting)
        try:
            await waiting[1].wait()
        finally:
            self._waiting.remove(waiting)

    def chat(
        self,
        *,
        chat_ctx: llm.ChatContext,
        tools: list[llm.Tool] | None = None,
        conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS,
        parallel_tool_calls: NotGivenOr[bool] = NOT_GIVEN,  # noqa: ARG002 - the session's signature
        tool_choice: NotGivenOr[llm.ToolChoice] = NOT_GIVEN,  # noqa: ARG002
        extra_kwargs: NotGivenOr[dict[str, Any]] = NOT_GIVEN,  # noqa: ARG002
    ) -> "Thinking":
        """Begin to answer the last thing that the person said."""
        return Thinking(self, chat_ctx=chat_ctx, tools=tools or [], conn_options=conn_options)


class Thinking(llm.LLMStream):
    """One answer."""

    async def _run(self) -> None:
        brain = self._llm
        assert isinstance(brain, Brain)
        text, identity = asked(self._chat_ctx), shortuuid("turn_")

        def say(clause: str) -> None:
            delta = llm.ChoiceDelta(role="assistant", content=f"{clause} ")
            self._event_ch.send_nowait(llm.ChatChunk(id=identity, delta=delta))

        match command(text):
            case Command.REPEAT:
                say(brain.said or NOTHING_YET)
            case Command.SPELL:
                say(brain.spell(brain.said) or NO_IDENTIFIER)
            case Command.STOP:
                return
            case None:
                await self._reply(brain, text, say)

    async def _reply(self, brain: Brain, text: str, say: Clause) -> None:
        """Answer, unless what would be done was not heard for certain: that is read back, and done on a yes."""
        unsure, doubt = brain.unsure, brain.doubt(text)
        if unsure or (doubt is not None and doubt.acts):
            await brain.confirmed(text)
        brain.unsure = ""
        agreed = consent(text) if unsure else None
        if agreed is False:
            say(LEFT)
        elif agreed:
            await self._answer(brain, unsure, say, text)
        elif doubt is not None and doubt.acts:
            brain.unsure, brain.said = text, doubt.question
            say(doubt.question)
        else:
            if doubt is not None:
                say(doubt.question)
            await self._answer(brain, text, say, text)

    async def _answer(self, brain: Brain, text: str, say: Clause, spoken: str) -> None:
        """Ask; `spoken` is what the person said, which is another text when it was a yes."""
        try:
            answer = await brain.ask(text, brain.person, say, sure=lambda: brain.confirmed(spoken))
        except EarError as error:
            say(f"{error}.")
        except SyncError as error:
            log.error("a capture was not kept: %s", error)  # noqa: TRY400 - the sentence says it all
            say(LOST.format(error))
        else:
            brain.said = answer.said
            brain.answered(answer)


def asked(context: llm.ChatContext) -> str:
    """Give the last thing that the person said."""
    for item in reversed(context.items):
        if isinstance(item, llm.ChatMessage) and item.role == "user":
            return item.text_content or ""
    return ""

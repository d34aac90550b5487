"""What a page and the box tell each other in a conversation, and the codes that end one.

A page sends JSON texts, one form of `Told` each, and binary messages: int16 little-endian mono sound at 16 kHz. The box
sends JSON texts and binary messages: int16 mono sound at 24 kHz. Everything after "ready" but "pong" is counted by both
sides, so that a page which lost its socket can ask for the rest.
"""

import contextlib
import json
from enum import IntEnum
from typing import Annotated, Any, Literal

from aiohttp import web
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter, ValidationError

from appliance.web.door import MODEL

MESSAGE_BYTES = 1 << 15
"""Longest message: a second of sound, or a long typed question."""
TEXT = 2_000
"""Longest typed question, in characters."""

REASON = 123
"""Most bytes of a reason that RFC 6455 lets a closing frame carry."""


class Code(IntEnum):
    """Why the box closes a conversation's socket. 1009, a message beyond `MESSAGE_BYTES`, comes from aiohttp."""

    OVER = 1000
    """The page said goodbye."""
    LEAVING = 1001
    """The box stops."""
    UNREADABLE = 1003
    """Neither a form of `Told` nor whole samples."""
    BREACH = 1008
    """Sound faster than anyone speaks, no greeting in time, answers that are never taken in."""
    REPLACED = 4000
    """The same page, or one with its key, came in again: the newer socket has the conversation."""
    BUSY = 4001
    """As many as the box can take are talking to it."""
    BROKEN = 4002
    """The box can't hear or can't converse; the reason says why."""
    FOREIGN = 4003
    """The conversation belongs to somebody else."""


class Closing(Exception):  # noqa: N818 - it is an answer to the page, not always a fault
    """The socket is to be closed with a code and a sentence."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Hello(BaseModel):
    """The first message."""

    model_config = MODEL

    t: Literal["hello"]
    key: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]{16,64}$")]
    """Random, made by the page: who has it, has the conversation."""
    got: Annotated[int, Field(ge=0)] = 0
    """How many messages of the conversation have arrived so far."""
    manner: Literal["open", "push"] = "open"
    """An open microphone, or a button that is held."""


class Manner(BaseModel):
    """The way to talk changes; an answer under way is broken off."""

    model_config = MODEL

    t: Literal["manner"]
    manner: Literal["open", "push"]


class Order(BaseModel):
    """The button is held, or let go; the microphone was closed; be silent; the conversation is over."""

    model_config = MODEL

    t: Literal["press", "release", "quiet", "stop", "bye"]


class Typed(BaseModel):
    """A question that was typed, to be answered by sound."""

    model_config = MODEL

    t: Literal["typed"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT)]


class Got(BaseModel):
    """How many messages have arrived; a "ping" wants a "pong" back."""

    model_config = MODEL

    t: Literal["got", "ping"]
    n: Annotated[int, Field(ge=0)]


Told = Hello | Manner | Order | Typed | Got
_TOLD: TypeAdapter[Told] = TypeAdapter(Annotated[Told, Field(discriminator="t")])


def read(text: str) -> Told:
    """Understand a text message. Raises `Closing`."""
    try:
        return _TOLD.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Closing(Code.UNREADABLE, f"not understood: {f'{where}: ' if where else ''}{first['msg']}") from error


def told(kind: str, **fields: Any) -> str:
    """A text message of the box."""
    return json.dumps({"t": kind, **fields}, ensure_ascii=False, separators=(",", ":"))


async def close(socket: web.WebSocketResponse, closing: Closing) -> None:
    """Close a socket, with as much of the reason as fits into its last frame."""
    reason = closing.reason.encode()[:REASON].decode(errors="ignore").encode()
    with contextlib.suppress(ConnectionError):
        await socket.close(code=closing.code, message=reason)

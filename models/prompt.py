"""What a language model is asked and what it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Tool:
    """A function the model may call."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    """JSON Schema of the arguments (an object schema)."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """The model wants a tool run."""

    id: str
    name: str
    arguments: Mapping[str, Any]
    signature: bytes = b""
    """Opaque provider token that must come back with the result (Gemini's thought signature)."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What the tool gave, handed back to the model."""

    call: ToolCall
    content: str


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the conversation."""

    role: Literal["user", "assistant"]
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    results: tuple[ToolResult, ...] = ()


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything a model is given for one answer."""

    system: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = field(default=())
    max_tokens: int = 160
    temperature: float = 0.0
    search: bool = False
    """May the provider search the web for the answer? Then no tools are offered beside it."""


@dataclass(frozen=True, slots=True)
class Borne:
    """Part of an answer that, as the provider says, a web page bears out."""

    text: str
    """The words of the answer."""
    title: str
    """Of the page, or its domain."""
    url: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One streamed part of a model's answer: text, a tool call, or what ends it, never two of them."""

    text: str = ""
    call: ToolCall | None = None
    cut: bool = False
    """The answer ran into its limit of tokens: what stands open is half a sentence."""
    borne: tuple[Borne, ...] = ()
    """What of the answer so far pages of the web bear out."""

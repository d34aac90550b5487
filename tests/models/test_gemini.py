"""Gemini's real client against a small server that speaks its wire format."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from models.errors import EngineError
from models.gemini import Gemini
from models.prompt import Message, Piece, Prompt, Tool, ToolResult
from tests.fakes.gemini import SIGNATURE, FakeGemini, Mode, fake_gemini

pytestmark = pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning")
"""google-genai 3.3 derives from aiohttp's session, which aiohttp 3.14 discourages."""

LOOK_UP = Tool(
    "look_up",
    "Look a requirement up.",
    {"type": "object", "properties": {"question": {"type": "string"}}, "required": ["question"]},
)
ASK = Prompt("Answer from the evidence.", (Message("user", "How often is a trip test due?"),), max_tokens=40)
ASK_WITH_TOOL = Prompt(ASK.system, ASK.messages, (LOOK_UP,))


@asynccontextmanager
async def connected(
    mode: Mode = "ok", model: str = "gemini-3.8-flash", timeout_s: float = 5.0
) -> AsyncIterator[tuple[FakeGemini, Gemini]]:
    """A server in some mode and a client of it."""
    async with fake_gemini(mode) as fake:
        gemini = Gemini("a-secret-key", model, fake.url, timeout_s)
        try:
            yield fake, gemini
        finally:
            await gemini.aclose()


async def collect(gemini: Gemini, prompt: Prompt) -> list[Piece]:
    """The whole answer."""
    return [piece async for piece in gemini.generate(prompt)]


async def test_an_answer_comes_in_pieces() -> None:
    """Text is streamed as it arrives, in order."""
    async with connected() as (_, gemini):
        assert [piece.text for piece in await collect(gemini, ASK)] == ["Every ", "three ", "years."]


async def test_the_request_carries_all_that_the_prompt_says() -> None:
    """System instruction, conversation, limits and tools reach the wire; the key travels in its header alone."""
    async with connected() as (fake, gemini):
        talk = (Message("user", "Hello"), Message("assistant", "Good day."), *ASK.messages)
        await collect(gemini, Prompt(ASK.system, talk, (LOOK_UP,), max_tokens=40))

    [request] = fake.requests
    assert request.body["systemInstruction"]["parts"] == [{"text": ASK.system}]
    assert [(line["role"], line["parts"][0]["text"]) for line in request.body["contents"]] == [
        ("user", "Hello"),
        ("model", "Good day."),
        ("user", "How often is a trip test due?"),
    ]
    [declared] = request.body["tools"][0]["functionDeclarations"]
    assert declared["name"] == "look_up"
    assert LOOK_UP.parameters in declared.values()
    assert request.headers["x-goog-api-key"] == "a-secret-key"
    assert "a-secret-key" not in request.path


@pytest.mark.parametrize(
    ("model", "thinking", "tokens", "temperature"),
    [
        ("gemini-3.8-flash", {"thinkingLevel": "LOW"}, 40 + 1024, None),
        ("gemini-2.5-flash", {"thinkingBudget": 0}, 40, 0.0),
        ("gemini-2.5-pro", {"thinkingBudget": 128}, 40 + 128, 0.0),
        ("gemini-2.0-flash", None, 40, 0.0),
    ],
)
async def test_a_model_thinks_as_little_as_it_allows(
    model: str, thinking: dict[str, object] | None, tokens: int, temperature: float | None
) -> None:
    """Thinking is off or least, its tokens never eat the answer's, and a temperature goes only where it may."""
    async with connected(model=model) as (fake, gemini):
        await collect(gemini, ASK)

    config = fake.requests[0].body["generationConfig"]
    sent = config.get("thinkingConfig")
    # The server takes both spellings, and the client sends either.
    assert (sent and {key.replace("_l", "L").replace("_b", "B"): value for key, value in sent.items()}) == thinking
    assert config["maxOutputTokens"] == tokens
    assert config.get("temperature") == temperature


async def test_an_answer_at_its_limit_says_so() -> None:
    """What stands open at the end is half a sentence; whoever speaks it must know."""
    async with connected("too long") as (_, gemini):
        *pieces, last = await collect(gemini, ASK)

    assert "".join(piece.text for piece in pieces) == "Every three years."
    assert last == Piece(cut=True)


async def test_a_redirect_is_not_followed() -> None:
    """The key's header would go to a stranger."""
    async with connected("redirect") as (fake, gemini):
        with pytest.raises(EngineError):
            await collect(gemini, ASK)

    assert not fake.strangers


async def test_what_a_search_found_comes_with_the_page_that_bears_it_out() -> None:
    """Google's search goes out alone; words, title and address come back."""
    async with connected() as (fake, gemini):
        pieces = await collect(gemini, Prompt("", ASK.messages, (LOOK_UP,), search=True))

    assert fake.requests[0].body["tools"] == [{"googleSearch": {}}]
    [borne] = [borne for piece in pieces for borne in piece.borne]
    assert (borne.text, borne.title) == ("Every three years.", "example.com")
    assert borne.url.startswith("https://")


async def test_thoughts_are_not_spoken() -> None:
    """What the model thinks aloud is no part of the answer."""
    async with connected("thoughts") as (_, gemini):
        assert "".join(piece.text for piece in await collect(gemini, ASK)) == "Every three years."


async def test_a_tool_call_goes_out_and_its_result_comes_back_sealed() -> None:
    """A call keeps its id and thought signature on the way back; without the seal Gemini 3 refuses the result."""
    async with connected("tool") as (fake, gemini):
        [piece] = await collect(gemini, ASK_WITH_TOOL)
        assert piece.call is not None
        assert (piece.call.id, piece.call.name, piece.text) == ("fc-1", "look_up", "")
        assert piece.call.arguments == {"question": "How often is a trip test due?"}
        talk = (
            *ASK.messages,
            Message("assistant", calls=(piece.call,)),
            Message("user", results=(ToolResult(piece.call, "3 years"),)),
        )
        answer = await collect(gemini, Prompt(ASK.system, talk, (LOOK_UP,)))

    assert "".join(piece.text for piece in answer) == "The tool says 3 years"
    called, returned = (line["parts"][0] for line in fake.requests[1].body["contents"][1:])
    assert called["functionCall"]["id"] == returned["functionResponse"]["id"] == "fc-1"
    assert called["thoughtSignature"] in {"c2VhbCBvZiB0aGUgdGhvdWdodA==", SIGNATURE.decode()}


async def test_an_id_that_gemini_did_not_give_is_not_sent_to_it() -> None:
    """Calls without an id get one for our own use only."""
    async with connected("unnamed tool") as (fake, gemini):
        [piece] = await collect(gemini, ASK_WITH_TOOL)
        assert piece.call is not None
        assert piece.call.id
        talk = (
            *ASK.messages,
            Message("assistant", calls=(piece.call,)),
            Message("user", results=(ToolResult(piece.call, "3 years"),)),
        )
        await collect(gemini, Prompt(ASK.system, talk, (LOOK_UP,)))

    assert "id" not in fake.requests[1].body["contents"][1]["parts"][0]["functionCall"]


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("429", "quota"),
        ("403", "gemini.key"),
        ("404", "gemini.model"),
        ("500", "trouble"),
        ("503", "trouble"),
        ("blocked", "PROHIBITED_CONTENT"),
        ("unsafe", "SAFETY"),
        ("cut short", "broke off"),
        ("garbage", "cannot be read"),
        ("drop mid-stream", "Gemini"),
        ("portal", "portal"),
        ("redirect", "captive portal"),
    ],
)
async def test_every_refusal_is_an_engine_error_at_once(mode: Mode, says: str) -> None:
    """Whatever Gemini does, the turn hears one kind of error that says what to do, with no hidden second try."""
    async with connected(mode) as (fake, gemini):
        with pytest.raises(EngineError, match=says) as caught:
            await collect(gemini, ASK)

    assert len(fake.requests) == 1
    assert "a-secret-key" not in str(caught.value)


@pytest.mark.parametrize("mode", ["hang", "hang mid-stream"])
async def test_silence_is_bounded(mode: Mode) -> None:
    """A server that says nothing, at once or after its first word, is given up after the time that was set."""
    async with connected(mode, timeout_s=0.3) as (_, gemini):
        started = time.monotonic()
        with pytest.raises(EngineError, match=r"silent for 0\.3 s"):
            await collect(gemini, ASK)

    assert 0.25 < time.monotonic() - started < 3


async def test_slow_is_not_silent() -> None:
    """An answer that drips for longer than the longest silence still comes whole."""
    async with connected("drip", timeout_s=0.4) as (fake, gemini):
        fake.words, fake.drip_s = tuple("abcdef"), 0.1
        assert "".join(piece.text for piece in await collect(gemini, ASK)) == "abcdef"


async def test_the_listeners_own_time_is_not_silence() -> None:
    """Speaking a piece may take long; the model is not blamed for it."""
    async with connected(timeout_s=0.2) as (_, gemini):
        heard = 0
        async for _ in gemini.generate(ASK):
            heard += 1
            await asyncio.sleep(0.25 if heard == 1 else 0)
        assert heard == 3


async def test_a_refused_connection_fails_at_once() -> None:
    """No server: an error now, not after the client's own 1 to 10 s of sleep."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        gemini = Gemini("k", "gemini-3.8-flash", f"http://127.0.0.1:{reserved.getsockname()[1]}")
        started = time.monotonic()
        with pytest.raises(EngineError, match="connection to Gemini failed"):
            await collect(gemini, ASK)
        await gemini.aclose()

    assert time.monotonic() - started < 0.9


async def test_closing_the_iterator_hangs_up() -> None:
    """An answer that nobody wants any more is not paid for: the server sees the connection go."""
    async with connected("drip") as (fake, gemini):
        fake.words = ("word ",) * 1000
        async with aclosing(gemini.generate(ASK)) as pieces:
            async for _ in pieces:
                break
        await asyncio.wait_for(fake.gone.wait(), 2)


async def test_cancelling_the_listener_hangs_up() -> None:
    """A cancelled task leaves no request running."""
    async with connected("hang") as (fake, gemini):
        task = asyncio.create_task(collect(gemini, ASK))
        await asyncio.sleep(0.2)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(fake.gone.wait(), 2)


async def test_a_prompt_that_asks_nothing_gets_nothing() -> None:
    """Nothing asked, nothing answered, no request made."""
    async with connected() as (fake, gemini):
        assert await collect(gemini, Prompt("system", (Message("user", ""),))) == []
    assert fake.requests == []

"""One contract for every language model: the port as the turn relies on it."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

import pytest

from models.errors import EngineError
from models.gemini import Gemini
from models.llama import Llama
from models.prompt import Message, Piece, Prompt
from tests.fakes.gemini import fake_gemini
from tests.fakes.weights import embedded

pytestmark = [
    pytest.mark.filterwarnings("ignore:Inheritance class AiohttpClientSession:DeprecationWarning"),
    pytest.mark.parametrize("engine", ["gemini", "llama"]),
]

ASK = Prompt("Be brief.", (Message("user", "Name three parts of a sprinkler system."),), max_tokens=16)


@asynccontextmanager
async def running(engine: str, *, broken: bool = False) -> AsyncIterator[Gemini | Llama]:
    """A working engine, or one whose every answer fails."""
    if engine == "llama":
        pytest.importorskip("llama_cpp", reason="llama.cpp is not compiled here (uv sync --extra llm)")
        llama = Llama(embedded("smollm2-135m"), threads=1, context=8 if broken else 512)
        try:
            yield llama
        finally:
            llama.close()
        return
    async with fake_gemini("503" if broken else "ok") as fake:
        gemini = Gemini("key", "gemini-3.8-flash", fake.url)
        try:
            yield gemini
        finally:
            await gemini.aclose()


async def listen(model: Gemini | Llama, prompt: Prompt) -> list[Piece]:
    """All pieces of an answer."""
    return [piece async for piece in model.generate(prompt)]


async def test_an_answer_is_a_stream_of_text_or_calls(engine: str) -> None:
    """Every piece carries text, a call or the mark that it was cut off; never two of them, never none."""
    async with running(engine) as model:
        pieces = await listen(model, ASK)

    assert len(pieces) > 1
    assert all(bool(piece.text) + (piece.call is not None) + piece.cut == 1 for piece in pieces)


async def test_a_closed_answer_leaves_the_model_ready(engine: str) -> None:
    """Breaking off after the first piece costs the next question nothing."""
    async with running(engine) as model:
        async with aclosing(model.generate(ASK)) as pieces:
            first = await anext(pieces)
        again = await listen(model, ASK)

    assert first == again[0]


async def test_nothing_asked_is_nothing_answered(engine: str) -> None:
    """Prompts without a word in them end at once, whether they hold no line or an empty one."""
    async with running(engine) as model:
        assert await listen(model, Prompt("system", ())) == []
        assert await listen(model, Prompt("", (Message("user", ""),))) == []


async def test_failure_is_an_engine_error(engine: str) -> None:
    """Whatever goes wrong while answering, the turn hears one kind of error, each time it asks."""
    async with running(engine, broken=True) as model:
        for _ in range(2):
            with pytest.raises(EngineError):
                await listen(model, ASK)

"""Gemini, the language model in the cloud: streamed, with tools, and no hidden waiting."""

import asyncio
import re
import warnings
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from models.errors import EngineError
from models.prompt import Borne, Message, Piece, Prompt, ToolCall

if TYPE_CHECKING:
    from google.genai import types

TOTAL_S = 120.0
"""Longest whole answer; the silence between two pieces is bounded by the constructor's `timeout_s`."""
THOUGHTS = 1024
"""Tokens granted beside the answer's own where a model cannot be kept from thinking: they count as output."""
ENDS_WELL = {"STOP", "MAX_TOKENS"}
_PAGE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)
UNNAMED = "unnamed-"
"""Begins the ids we give to calls that came without one; those are not sent back."""


class Gemini:
    """A client of the Gemini API for one model. One per process; many answers may run at a time."""

    def __init__(self, key: str, model: str, base_url: str = "", timeout_s: float = 10.0) -> None:
        """Keep the connection's settings; connects to nothing.

        Args:
            key: API key.
            model: Such as gemini-3.8-flash.
            base_url: Another server that speaks the same; empty: Google's.
            timeout_s: Longest silence, before the first piece or between two.

        Raises:
            EngineError: the client refuses its settings.
        """
        with warnings.catch_warnings():
            # A docstring of google-genai 3.3 has an invalid escape: a warning whenever it is first compiled.
            warnings.simplefilter("ignore")
            from google import genai
            from google.genai import types

        options = types.HttpOptions(
            base_url=base_url or None,
            timeout=int(TOTAL_S * 1000),
            # Left out, the client sleeps 1 to 10 s after a refused connection and tries again; the next rung of
            # the ladder would long have answered.
            retry_options=types.HttpRetryOptions(attempts=1),
            # A redirect is a captive portal's doing; followed, it would carry the key's header to a stranger.
            async_client_args={"allow_redirects": False},
        )
        try:
            self._client = genai.Client(vertexai=False, api_key=key, http_options=options)
        except ValueError as error:
            raise EngineError(f"cannot set up Gemini: {error}") from error
        self._model = model
        self._timeout_s = timeout_s

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Stream the answer; closing the iterator drops the connection. A prompt that asks nothing gets nothing.

        Raises:
            EngineError: Gemini refuses, is silent for too long, breaks off, or cannot be reached.
        """
        contents = [content for message in prompt.messages for content in _contents(message)]
        if not contents:
            return
        with _wrapped(self._model, self._timeout_s):
            async with asyncio.timeout(self._timeout_s):
                stream = await self._client.aio.models.generate_content_stream(
                    model=self._model, contents=list(contents), config=_config(self._model, prompt)
                )
        calls, end = 0, ""
        try:
            while True:
                # The deadline stands around the wait alone: what the listener does with a piece is his own time.
                response = await _next(stream, self._model, self._timeout_s)
                if response is None:
                    break
                end = _end(response) or end
                for piece in _pieces(response, calls):
                    calls += piece.call is not None
                    yield piece
                if borne := tuple(_borne(response)):
                    yield Piece(borne=borne)
        finally:
            await _hang_up(stream, self._model)
        if end == "MAX_TOKENS":
            yield Piece(cut=True)
        if end not in ENDS_WELL:
            raise EngineError(f"Gemini's answer {f'was stopped: {end}' if end else 'broke off before its end'}")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aio.aclose()
        self._client.close()


async def _next(
    stream: AsyncIterator["types.GenerateContentResponse"], model: str, timeout_s: float
) -> "types.GenerateContentResponse | None":
    """Wait for the next response; None: there is no more."""
    with _wrapped(model, timeout_s):
        async with asyncio.timeout(timeout_s):
            return await anext(stream, None)


async def _hang_up(stream: AsyncIterator["types.GenerateContentResponse"], model: str) -> None:
    """Drop the connection of an answer that nobody listens to any more.

    The client has no call for it, and its own clean-up waits for the garbage collector; but a wait that is cancelled
    lets go at once. So: use up what has arrived, and cancel the wait for more.
    """
    with suppress(EngineError):
        while await _next(stream, model, 0) is not None:
            pass


@contextmanager
def _wrapped(model: str, timeout_s: float) -> Iterator[None]:
    """Turn every failure of the client into ours."""
    import aiohttp
    from google.genai import errors

    try:
        yield
    except TimeoutError as error:
        raise EngineError(f"Gemini was silent for {timeout_s:g} s") from error
    except errors.APIError as error:
        raise EngineError(_refusal(error.code, error.message or error.status or "", model)) from error
    except (aiohttp.ClientConnectionError, OSError) as error:
        raise EngineError(f"the connection to Gemini failed: {error or type(error).__name__}") from error
    except (aiohttp.ClientError, ValueError) as error:
        if _PAGE.search(str(error)):
            raise EngineError("a web page came instead of Gemini's answer: a captive portal? Sign in to it") from error
        raise EngineError(f"Gemini's answer broke off or cannot be read: {error or type(error).__name__}") from error


def _refusal(code: int, said: str, model: str) -> str:
    if code == 429:
        return f"Gemini's quota is used up or its rate limit reached (429): {said}"
    if code in {401, 403}:
        return f"Gemini refuses the API key ({code}): {said}; check gemini.key in the settings"
    if code == 404:
        return f"Gemini does not know the model {model} (404): {said}; check gemini.model in the settings"
    if 300 <= code < 400:
        return f"something on the way redirects what is sent to Gemini ({code}): a captive portal? Sign in to it"
    if code >= 500:
        return f"Gemini has trouble of its own ({code}): {said}"
    return f"Gemini refuses the request ({code}): {said}"


def _tools(declarations: list["types.FunctionDeclaration"], *, search: bool) -> "types.ToolListUnion | None":
    """Google's search alone where it is asked for: before Gemini 3 the two together are refused."""
    from google.genai import types

    if search:
        return [types.Tool(google_search=types.GoogleSearch())]
    return [types.Tool(function_declarations=declarations)] if declarations else None


def _config(model: str, prompt: Prompt) -> "types.GenerateContentConfig":
    from google.genai import types

    declarations = [
        types.FunctionDeclaration(
            name=tool.name, description=tool.description, parameters_json_schema=dict(tool.parameters)
        )
        for tool in prompt.tools
    ]
    config = types.GenerateContentConfig(
        system_instruction=prompt.system or None,
        max_output_tokens=prompt.max_tokens,
        temperature=prompt.temperature,
        tools=_tools(declarations, search=prompt.search),
        # Whatever asks again on its own is off: the turn decides what is worth another request.
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        automatic_continuation=False,
    )
    if model.startswith("gemini-2.5-flash"):
        config.thinking_config = types.ThinkingConfig(thinking_budget=0)
    elif model.startswith("gemini-2.5"):
        # The least that 2.5 Pro accepts.
        config.thinking_config = types.ThinkingConfig(thinking_budget=128)
        config.max_output_tokens = prompt.max_tokens + 128
    elif not model.startswith(("gemini-1", "gemini-2")):
        # From 3 on thinking cannot be switched off. "low" is the least that every model takes: 3.7 and 3.8 Flash
        # answer "minimal" with a 400. Their makers ask to leave the temperature alone: low ones make them loop.
        # https://docs.cloud.google.com/gemini-enterprise-agent-platform/models/guides/gemini-3-8-flash
        config.thinking_config = types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW)
        config.max_output_tokens = prompt.max_tokens + THOUGHTS
        config.temperature = None
    return config


def _contents(message: Message) -> Iterator["types.Content"]:
    """A line of the conversation as Gemini's contents: the results of tools speak with the user's voice."""
    from google.genai import types

    parts = [types.Part(text=message.text)] if message.text else []
    for call in message.calls:
        wanted = types.FunctionCall(id=_id(call), name=call.name, args=dict(call.arguments))
        parts.append(types.Part(function_call=wanted, thought_signature=call.signature or None))
    for result in message.results:
        given = types.FunctionResponse(id=_id(result.call), name=result.call.name, response={"output": result.content})
        parts.append(types.Part(function_response=given))
    if parts:
        yield types.Content(role="model" if message.role == "assistant" else "user", parts=parts)


def _id(call: ToolCall) -> str | None:
    return None if not call.id or call.id.startswith(UNNAMED) else call.id


def _pieces(response: "types.GenerateContentResponse", calls: int) -> Iterator[Piece]:
    candidate = response.candidates[0] if response.candidates else None
    for part in (candidate and candidate.content and candidate.content.parts) or ():
        if part.function_call and part.function_call.name:
            wanted = part.function_call
            call = ToolCall(
                wanted.id or f"{UNNAMED}{calls}",
                part.function_call.name,
                wanted.args or {},
                part.thought_signature or b"",
            )
            calls += 1
            yield Piece(call=call)
        elif part.text and not part.thought:
            yield Piece(text=part.text)


def _borne(response: "types.GenerateContentResponse") -> Iterator[Borne]:
    """Give what pages bear out; the metadata comes with the last responses of a stream, for the whole text."""
    candidate = response.candidates[0] if response.candidates else None
    found = candidate.grounding_metadata if candidate else None
    pages = [chunk.web for chunk in (found and found.grounding_chunks) or ()]
    for support in (found and found.grounding_supports) or ():
        text = support.segment.text if support.segment else None
        for place in support.grounding_chunk_indices or ():
            page = pages[place] if 0 <= place < len(pages) else None
            if text and page and page.uri:
                yield Borne(text, page.title or page.uri, page.uri)


def _end(response: "types.GenerateContentResponse") -> str:
    """Why the answer ends here, in Gemini's word; empty when it goes on."""
    if response.prompt_feedback and response.prompt_feedback.block_reason:
        return str(response.prompt_feedback.block_reason.value)
    candidate = response.candidates[0] if response.candidates else None
    return str(candidate.finish_reason.value) if candidate and candidate.finish_reason else ""

"""A small server that speaks Gemini's wire format on loopback, and misbehaves when told to."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

Mode = Literal[
    "ok", "tool", "unnamed tool", "thoughts", "blocked", "unsafe", "cut short", "garbage", "429", "403", "404", "500",
    "503", "hang", "hang mid-stream", "drop mid-stream", "drip", "byte by byte", "portal", "redirect", "too long",
]  # fmt: skip

SIGNATURE = b"seal of the thought"
PAGE = "<html><body>Welcome to the hotel. <a href='/accept'>Sign in</a></body></html>"
WEB = {"uri": "https://example.com/redirect/1", "title": "example.com"}
"""What a search finds."""
REFUSALS = {
    "429": "RESOURCE_EXHAUSTED",
    "403": "PERMISSION_DENIED",
    "404": "NOT_FOUND",
    "500": "INTERNAL",
    "503": "UNAVAILABLE",
}


@dataclass
class Request:
    """What arrived."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


@dataclass
class FakeGemini:
    """The server: set `mode`, look at `requests`."""

    mode: Mode = "ok"
    words: tuple[str, ...] = ("Every ", "three ", "years.")
    drip_s: float = 0.05
    """Wait between two events of a slow answer."""
    requests: list[Request] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when a client hung up during an answer."""
    url: str = ""
    byte_s: float = 1.0
    """Wait between two bytes of "byte by byte"."""
    strangers: list[dict[str, str]] = field(default_factory=list)
    """Headers of those who followed a redirect."""
    _runner: web.AppRunner | None = None
    _site: web.TCPSite | None = None

    async def open(self) -> None:
        """Listen, on the same port as before."""
        assert self._runner is not None
        self._site = web.TCPSite(self._runner, "127.0.0.1", int(self.url.rpartition(":")[2]) if self.url else 0)
        await self._site.start()
        self.url = "http://{}:{}".format(*self._runner.addresses[0][:2])

    async def refuse(self) -> None:
        """Listen no more: new connections are refused, and kept ones closed."""
        assert self._site is not None
        assert self._runner is not None
        await self._site.stop()
        for connection in list(self._runner.server.connections if self._runner.server else ()):
            if connection.transport is not None:
                connection.transport.close()

    async def _welcome(self, request: web.Request) -> web.Response:
        self.strangers.append(dict(request.headers))
        return web.Response(text=PAGE, content_type="text/html")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Request(request.path_qs, dict(request.headers), body))
        if status := REFUSALS.get(self.mode):
            error = {"code": int(self.mode), "message": f"told to say {status}", "status": status}
            return web.json_response({"error": error}, status=int(self.mode))
        if self.mode == "portal":
            return web.Response(text=PAGE, content_type="text/html")
        if self.mode == "redirect":
            raise web.HTTPFound(f"{self.url}/welcome")
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        try:
            if self.mode == "hang":
                await asyncio.sleep(3600)
            await response.prepare(request)
            await self._stream(request, response, body)
        except (asyncio.CancelledError, ConnectionResetError):
            self.gone.set()
            raise
        return response

    async def _stream(self, request: web.Request, response: web.StreamResponse, body: dict[str, Any]) -> None:
        events = self._events(body)
        for number, event in enumerate(events):
            if number == 1 and self.mode == "hang mid-stream":
                await asyncio.sleep(3600)
            if number == 1 and self.mode == "drop mid-stream":
                assert request.transport is not None
                request.transport.close()
                return
            if number == 1 and self.mode == "cut short":
                break
            if self.mode == "drip":
                await asyncio.sleep(self.drip_s)
            text = "{not json" if number == 1 and self.mode == "garbage" else json.dumps(event)
            await self._write(response, f"data: {text}\r\n\r\n".encode())
        await response.write_eof()

    async def _write(self, response: web.StreamResponse, data: bytes) -> None:
        if self.mode != "byte by byte":
            await response.write(data)
            return
        for byte in data:
            await response.write(bytes([byte]))
            await asyncio.sleep(self.byte_s)

    def _events(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        if self.mode == "blocked":
            return [{"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}}]
        parts = self._parts(body)
        events = [_event([part]) for part in parts]
        ends = {"unsafe": "SAFETY", "too long": "MAX_TOKENS"}
        events[-1]["candidates"][0]["finishReason"] = ends.get(self.mode, "STOP")
        if any("google_search" in tool or "googleSearch" in tool for tool in body.get("tools", ())):
            events[-1]["candidates"][0]["groundingMetadata"] = self._found()
        return events

    def _found(self) -> dict[str, Any]:
        """The first sentence is borne out by a page, what follows is the model's own."""
        first = "".join(self.words).partition(". ")[0].rstrip(".") + "."
        segment = {"startIndex": 0, "endIndex": len(first.encode()), "text": first}
        support = {"segment": segment, "groundingChunkIndices": [0]}
        return {"groundingChunks": [{"web": WEB}], "groundingSupports": [support], "webSearchQueries": ["query"]}

    def _parts(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        last = body["contents"][-1]["parts"][-1]
        if "functionResponse" in last:
            return [{"text": "The tool says "}, {"text": last["functionResponse"]["response"]["output"]}]
        if self.mode in {"tool", "unnamed tool"}:
            declared = body["tools"][0]["functionDeclarations"][0]["name"]
            call = {"name": declared, "args": {"question": last["text"]}}
            if self.mode == "tool":
                call["id"] = "fc-1"
            return [{"functionCall": call, "thoughtSignature": base64.b64encode(SIGNATURE).decode()}]
        thought = [{"text": "Let me think.", "thought": True}] if self.mode == "thoughts" else []
        return [*thought, *({"text": word} for word in self.words)]


def _event(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "index": 0}],
        "usageMetadata": {"promptTokenCount": 7, "candidatesTokenCount": 3, "totalTokenCount": 10},
    }


@asynccontextmanager
async def fake_gemini(mode: Mode = "ok") -> AsyncIterator[FakeGemini]:
    """Run the server for the length of the block."""
    fake = FakeGemini(mode)
    app = web.Application()
    for version in ("v1", "v1beta"):
        app.router.add_post(f"/{version}/models/{{model}}:streamGenerateContent", fake._answer)
    app.router.add_get("/welcome", fake._welcome)
    fake._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await fake._runner.setup()
    try:
        await fake.open()
        yield fake
    finally:
        await fake._runner.cleanup()

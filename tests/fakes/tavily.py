"""A small server that speaks Tavily's wire format on loopback, and misbehaves when told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from aiohttp.test_utils import TestServer

Mode = Literal[
    "ok", "hang", "drip", "garbage", "a list", "no results", "huge", "drop", "400", "401", "429", "432", "500"
]
REFUSALS = {
    "400": "Query is too long.",
    "401": "Unauthorized: missing or invalid API key.",
    "429": "Your request has been blocked due to excessive requests.",
    "432": "This request exceeds your plan's set usage limit.",
    "500": "Internal Server Error",
}


def row(url: str, title: str = "A manual", content: str = "", score: float = 0.5) -> dict[str, Any]:
    """One result as Tavily writes it."""
    return {"url": url, "title": title, "content": content, "score": score, "raw_content": None}


@dataclass
class FakeTavily:
    """The server: set `mode` and `rows`, look at `requests`."""

    mode: Mode = "ok"
    rows: list[Any] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def _search(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.mode in REFUSALS:
            return web.json_response({"detail": {"error": REFUSALS[self.mode]}}, status=int(self.mode))
        if self.mode in {"hang", "drip", "drop"}:
            return await self._misbehave(request)
        if self.mode == "garbage":
            return web.Response(text="<html>Sign in to the hotel's network</html>", content_type="text/html")
        if self.mode == "a list":
            return web.json_response([1, 2, 3])
        if self.mode == "huge":
            return web.json_response({"results": [row("https://example.com/", content="x" * (3 << 20))]})
        answer = {
            "query": body["query"], "follow_up_questions": None, "answer": None, "images": [],
            "results": self.rows, "response_time": 0.8, "request_id": "7a1b",
        }  # fmt: skip
        if self.mode == "no results":
            del answer["results"]
        return web.json_response(answer)

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        if self.mode == "hang":
            await asyncio.sleep(60)
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
        await response.prepare(request)
        while self.mode == "drip":
            await response.write(b" ")
            await asyncio.sleep(0.02)
        await response.write(b'{"results": [')
        assert request.transport is not None
        request.transport.close()
        return response


@asynccontextmanager
async def serving(fake: FakeTavily | None = None) -> AsyncIterator[FakeTavily]:
    """Run the server on a free port."""
    fake = fake or FakeTavily()
    app = web.Application()
    app.router.add_post("/search", fake._search)
    async with TestServer(app, host="127.0.0.1") as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake

"""A small server that speaks the wire format of Firecrawl's second version on loopback, and misbehaves when told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web
from aiohttp.test_utils import TestServer

Mode = Literal[
    "ok", "hang", "garbage", "a list", "unsuccessful", "empty", "pdf", "gone", "401", "402", "408", "429", "500"
]
REFUSALS = {
    "401": "Unauthorized: Invalid token",
    "402": "Payment Required: Insufficient credits",
    "408": "Request Timeout",
    "429": "Rate limit exceeded",
    "500": "An unexpected error occurred",
}
PAGE = "Tighten the terminals to 9 inch-pounds.\n\n| wire | torque |\n|---|---|\n| 12 AWG | 9 in-lb |\n"


@dataclass
class FakeFirecrawl:
    """The server: set `mode`, look at `requests`."""

    mode: Mode = "ok"
    markdown: str = PAGE
    title: str = "NFS2-3030 Installation"
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    url: str = ""

    async def _scrape(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(body)
        self.keys.append(request.headers.get("Authorization", ""))
        if self.mode in REFUSALS:
            return web.json_response({"success": False, "error": REFUSALS[self.mode]}, status=int(self.mode))
        if self.mode == "hang":
            await asyncio.sleep(60)
        if self.mode == "garbage":
            return web.Response(text="<html>Sign in</html>", content_type="text/html")
        if self.mode == "a list":
            return web.json_response([])
        if self.mode == "unsuccessful":
            return web.json_response({"success": False, "error": "no such site"})
        return web.json_response({"success": True, "data": self._document(body["url"])})

    def _document(self, url: str) -> dict[str, Any]:
        about = {
            "title": self.title, "language": "en", "sourceURL": url, "url": url, "scrapeId": "01a",
            "statusCode": 404 if self.mode == "gone" else 200,
            "contentType": "application/pdf" if self.mode == "pdf" else "text/html; charset=utf-8",
            "proxyUsed": "basic", "cacheState": "miss", "creditsUsed": 1,
        }  # fmt: skip
        return {"markdown": "" if self.mode == "empty" else self.markdown, "metadata": about}


@asynccontextmanager
async def serving(fake: FakeFirecrawl | None = None) -> AsyncIterator[FakeFirecrawl]:
    """Run the server on a free port."""
    fake = fake or FakeFirecrawl()
    app = web.Application()
    app.router.add_post("/v2/scrape", fake._scrape)
    async with TestServer(app, host="127.0.0.1") as server:
        fake.url = str(server.make_url("")).rstrip("/")
        yield fake

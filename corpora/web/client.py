"""The HTTP client that all requests of this room go through, but for Firecrawl's, which makes its own."""

import ssl
from collections.abc import AsyncIterator
from functools import cache

import certifi
import httpx

from corpora.errors import FetchError

AGENT = "clara-edge"
"""What robots.txt calls us."""
QUIET_S = 20.0
"""Wait for a connection, and for each next piece of an answer."""


def client(most: int | None = None) -> httpx.AsyncClient:
    """Give a client that follows no redirect by itself.

    `most`: bytes that an answer may have; None: the caller counts. The environment's proxies are not used: whether
    there is a link was found out without them too.
    """
    trust = _trust()
    return httpx.AsyncClient(
        transport=httpx.AsyncHTTPTransport(verify=trust) if most is None else Capped(most, verify=trust),
        headers={"User-Agent": f"{AGENT} (manuals for fire-life-safety technicians)", "Accept-Encoding": "identity"},
        timeout=QUIET_S,
        trust_env=False,
    )


@cache
def _trust() -> ssl.SSLContext:
    """Trust the system's roots and certifi's; reading them takes longer than a connection."""
    trust = ssl.create_default_context()
    trust.load_verify_locations(certifi.where())
    return trust


class Capped(httpx.AsyncHTTPTransport):
    """Breaks an answer off that is larger than it may be."""

    def __init__(self, most: int, verify: ssl.SSLContext) -> None:
        super().__init__(verify=verify)
        self._most = most

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and count what comes back. Raises `FetchError`."""
        response = await super().handle_async_request(request)
        if response.headers.get("content-encoding", "identity") != "identity":
            await response.aclose()
            raise FetchError(f"{request.url.host}: answers packed, which it was asked not to do", passing=True)
        assert isinstance(response.stream, httpx.AsyncByteStream)
        response.stream = _Counted(response.stream, self._most, request.url.host)
        return response


class _Counted(httpx.AsyncByteStream):
    """An answer's bytes, up to a number of them."""

    def __init__(self, inner: httpx.AsyncByteStream, most: int, host: str) -> None:
        self._inner = inner
        self._most = most
        self._host = host

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for piece in self._inner:
            count += len(piece)
            if count > self._most:
                raise FetchError(f"{self._host}: answers with more than {self._most:,} bytes", passing=True)
            yield piece

    async def aclose(self) -> None:
        await self._inner.aclose()

"""Facts about the link: can the language model's server be reached, and how fast.

A probe opens and closes a connection; it is made only when the owner allows the cloud and a key is set. What a probe
said is believed for a while; unknown counts as offline.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

from appliance.route import Reach

BELIEVED_S = 20.0
"""How long a probe's word is taken."""
PATIENCE_S = 1.0
"""How long a probe may take before the link counts as down."""
GEMINI = "https://generativelanguage.googleapis.com"
"""Where the provider listens when the settings name no other."""


class Link:
    """The way to one server."""

    def __init__(self, url: str, *, metered: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the address; an empty one is never probed and always offline."""
        parts = urlsplit(url) if url else None
        self._host = parts.hostname if parts else None
        self._port = (parts.port or (443 if parts.scheme == "https" else 80)) if parts else 0
        self._metered = metered
        self._clock = clock
        self._said = Reach(online=False, metered=metered)
        self._at = -BELIEVED_S
        self._probing: asyncio.Task[None] | None = None

    @property
    def reach(self) -> Reach:
        """What the last probe said; starts a new one beside the work when that was long ago."""
        if self._host and self._clock() - self._at >= BELIEVED_S and self._probing is None:
            with suppress(RuntimeError):  # no event loop runs: then there is nothing to answer either
                self._probing = asyncio.get_running_loop().create_task(self.probe())
        return self._said

    async def probe(self) -> None:
        """Ask the link itself, and keep what it said."""
        if not self._host:
            return
        start = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_S):
                _, writer = await asyncio.open_connection(self._host, self._port)
        except (OSError, TimeoutError):
            self._said = Reach(online=False, metered=self._metered)
        else:
            took = (time.perf_counter() - start) * 1000
            writer.close()
            self._said = Reach(online=True, metered=self._metered, latency_ms=round(took, 1))
        self._at = self._clock()
        self._probing = None

    async def aclose(self) -> None:
        """Stop probing."""
        if self._probing is not None:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing

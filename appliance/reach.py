"""Facts about the link: can the language model's server be reached, and how fast.

A probe opens and closes a connection; it is made only when the owner allows the cloud and a key is set. What a probe
said is believed for a while; unknown counts as offline, and so does a link over which nothing came back.
"""

import asyncio
import socket
import threading
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
        self._host = (parts.hostname or "") if parts else ""
        self._port = (parts.port or (443 if parts.scheme == "https" else 80)) if parts else 0
        self._metered = metered
        self._clock = clock
        self._said = Reach(online=False, metered=metered)
        self._at: float | None = None
        self._probing: asyncio.Task[None] | None = None
        self.trouble = ""
        """Why the link counts as down; empty when it is up or nobody asked."""

    @property
    def known(self) -> bool:
        """Was it ever asked? True for a link that leads nowhere: there is nothing to ask."""
        return not self._host or self._at is not None

    @property
    def reach(self) -> Reach:
        """What the last probe said; starts a new one beside the work when that was long ago."""
        if self._host and (self._at is None or self._clock() - self._at >= BELIEVED_S):
            with suppress(RuntimeError):  # no event loop runs: then there is nothing to answer either
                self._start()
        return self._said

    async def probe(self) -> None:
        """Ask the link itself, and keep what it said; those who ask at the same time share one probe."""
        if self._host:
            await asyncio.shield(self._start())

    def doubt(self, reason: str) -> None:
        """Count the link as down for a while: something was sent over it, and nothing of use came back."""
        self._keep(Reach(online=False, metered=self._metered), reason)

    async def aclose(self) -> None:
        """Stop probing."""
        if self._probing is not None:
            self._probing.cancel()
            with suppress(asyncio.CancelledError):
                await self._probing

    def _start(self) -> asyncio.Task[None]:
        loop = asyncio.get_running_loop()
        if self._probing is None or self._probing.done() or self._probing.get_loop() is not loop:
            self._probing = loop.create_task(self._ask())
        return self._probing

    async def _ask(self) -> None:
        start = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await _knock(self._host, self._port)
        except (OSError, ValueError) as error:
            reason = str(error) or f"no answer within {PATIENCE_S:g} s"
            self._keep(Reach(online=False, metered=self._metered), f"{self._host}:{self._port}: {reason}")
        else:
            took = (time.perf_counter() - start) * 1000
            self._keep(Reach(online=True, metered=self._metered, latency_ms=round(took, 1)), "")

    def _keep(self, said: Reach, trouble: str) -> None:
        self._said, self.trouble, self._at = said, trouble, self._clock()


async def _knock(host: str, port: int) -> None:
    """Open and close a connection. Raises OSError, or ValueError for a name that can be none.

    In a thread that nobody waits for: where packets are swallowed, looking a name up takes half a minute, and the event
    loop's own threads would hold the program up until then.
    """
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()

    def tell(error: Exception | None) -> None:
        if not ended.done():
            ended.set_result(None) if error is None else ended.set_exception(error)

    def knock() -> None:
        fault: Exception | None = None
        try:
            socket.create_connection((host, port), PATIENCE_S).close()
        except (OSError, ValueError) as error:
            fault = error
        with suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(tell, fault)

    threading.Thread(target=knock, name="probe", daemon=True).start()
    await ended

"""How many requests the box works on at once; the rest wait a little or are told to come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from appliance.web.errors import Refusal


class Gate:
    """Admits a bounded number of requests, and fewer of them to the recogniser and the voice."""

    def __init__(self, admitted: int = 16, sounding: int = 2) -> None:
        """`admitted`: requests under way, waiting ones included; `sounding`: recognitions and syntheses at once."""
        self.free = admitted
        self.sounding = asyncio.Semaphore(sounding)

    @asynccontextmanager
    async def admit(self) -> AsyncIterator[None]:
        """Count a request in and out.

        Raises:
            Refusal: 503, when as many as allowed are under way.
        """
        if not self.free:
            raise Refusal(503, "the box is busy", "ask again in a few seconds", {"Retry-After": "3"})
        self.free -= 1
        try:
            yield
        finally:
            self.free += 1

"""How fast sound may come in: as people speak, with a burst for what a page held back while its link was gone."""

import time
from collections.abc import Callable

BURST_S, RATE = 15.0, 1.25
"""Seconds of sound that may come at once, and how much faster than time the rest may come: clocks differ a little."""


class Pace:
    """A bucket of seconds that fills with time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds."""
        self._clock = clock
        self._left = BURST_S
        self._seen = clock()

    def admits(self, seconds: float) -> bool:
        """Take that much sound out of the bucket; False when it came too fast."""
        now = self._clock()
        self._left = min(BURST_S, self._left + (now - self._seen) * RATE)
        self._seen = now
        if seconds > self._left:
            return False
        self._left -= seconds
        return True

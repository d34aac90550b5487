"""Trust in the cloud model: after a failed answer it is doubted, and trials beside the work find out when it is well.

Decisions:
- While it is doubted no person's question is sent to it: only a trial of our own may fail.
- A trial is a whole answer, not a handshake: a server that accepts connections and then stalls, drips or answers with
  a portal's page would pass anything less.
- The pauses between trials double, up to ten seconds: a server that comes back is used again within half a minute.
  After ten minutes without a question they are a minute long, and the next question ends the pause it falls into.
- Who fails again soon after a good trial must pass two in a row next time, then three (hysteresis): a cloud that only
  ever answers trials costs fewer and fewer questions their first half second.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

from models.errors import ModelError

FIRST_S = 1.0
"""Pause before the first trial."""
LONGEST_S = 10.0
"""Longest pause while somebody works with the box."""
QUIET_S, QUIET_PAUSE_S = 600.0, 60.0
"""Without a question for so long, the pause is so long."""
RELAPSE_S = 60.0
"""Failing within this time of a return is a relapse."""
MOST_TRIALS = 3
"""Good trials in a row that are asked for at most."""
FAILURES = (OSError, ModelError)
"""What a trial may raise; TimeoutError is an OSError."""


class Trust:
    """Whether one model may be asked, and why not."""

    def __init__(
        self,
        trial: Callable[[], Awaitable[None]],
        first_s: float = FIRST_S,
        longest_s: float = LONGEST_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Trust at first. `trial` asks the model something of no consequence, and raises one of `FAILURES`."""
        self._trial = trial
        self._first_s, self._longest_s = first_s, longest_s
        self._clock = clock
        self._since: float | None = None
        self._returned: float | None = None
        self._asked = clock()
        self._needed = 1
        self._mending: asyncio.Task[None] | None = None
        self._wake: asyncio.Event | None = None
        self.reason = ""
        """Why it is doubted, or empty."""

    @property
    def well(self) -> bool:
        """May it be asked?"""
        return self._since is None

    @property
    def doubted_s(self) -> float:
        """For how many seconds it has been doubted."""
        return 0.0 if self._since is None else self._clock() - self._since

    def report(self, trouble: str) -> None:
        """Take in how an answer went: what was wrong with it, or nothing."""
        if trouble:
            self.doubt(trouble)
        elif self.well:
            self._needed = 1

    def doubt(self, reason: str) -> None:
        """Ask it no more until a trial goes well."""
        self.reason = reason
        if self._since is None:
            self._since = self._clock()
            relapsed = self._returned is not None and self._since - self._returned < RELAPSE_S
            self._needed = min(self._needed + 1, MOST_TRIALS) if relapsed else 1
        self._try()

    def look(self) -> bool:
        """Say whether it may be asked now; somebody wants to know, so trials are no longer put off."""
        quiet, self._asked = self._quiet(), self._clock()
        if quiet and self._wake is not None:
            self._wake.set()
        self._try()
        return self.well

    async def aclose(self) -> None:
        """End the trials."""
        if self._mending is not None:
            self._mending.cancel()
            with suppress(asyncio.CancelledError):
                await self._mending

    def _try(self) -> None:
        """Let trials run beside the work, in the event loop of this moment; without one the next look does it."""
        with suppress(RuntimeError):
            loop = asyncio.get_running_loop()
            idle = self._mending is None or self._mending.done() or self._mending.get_loop() is not loop
            if not self.well and idle:
                self._mending = loop.create_task(self._mend())

    async def _mend(self) -> None:
        wake = self._wake = asyncio.Event()
        failures, good = 0, 0
        while good < self._needed:
            with suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), self._pause(failures))
            wake.clear()
            try:
                await self._trial()
            except FAILURES as error:
                self.reason = str(error) or type(error).__name__
                failures, good = failures + 1, 0
            else:
                failures, good = 0, good + 1
        self._since, self.reason, self._returned = None, "", self._clock()

    def _pause(self, failures: int) -> float:
        if self._quiet():
            return QUIET_PAUSE_S
        return float(min(self._first_s * 2 ** min(failures, 10), self._longest_s))

    def _quiet(self) -> bool:
        return self._clock() - self._asked >= QUIET_S

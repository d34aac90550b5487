"""The race: rungs answer side by side, the best one that is in time speaks, and the late ones are dropped.

Decisions:
- A better rung has its budget for itself: what a lesser one has ready meanwhile is kept back. Past its budget it goes
  on competing until somebody has a sentence, so that being late by a moment loses nothing.
- The next rung starts when all before it are out or past their budget; one that may start early starts at once.
- Dropping waits for nobody: an engine that needs long to stop does not hold up the one that speaks.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress

from appliance.turn.question import Question
from appliance.turn.rung import FAILURES, Look, Rung, Spoken, speak

log = logging.getLogger(__name__)

LATEST_S = 1.2
"""By then somebody speaks: where no model has a sentence, the sources themselves."""


class Contestant:
    """A rung under way; its sentences wait here until it may speak."""

    def __init__(self, rung: Rung, question: Question, spoken: Spoken, look: Look, changed: asyncio.Event) -> None:
        """Start. `changed` is set whenever it has something new."""
        self.rung = rung
        self.spoken = spoken
        self.trouble = ""
        """Why it broke off or gave nothing; empty when it said all it had to say."""
        self.ready = False
        """Has it a sentence?"""
        self.over = False
        self.until = 0.0
        """Loop time at which its budget ends."""
        self._changed = changed
        self._waiting = asyncio.Queue[str | None]()
        self.task = asyncio.get_running_loop().create_task(self._run(question, look))

    def passed(self, now: float) -> bool:
        """Is it no longer waited for?"""
        return self.over or now >= self.until

    async def told(self) -> AsyncIterator[str]:
        """Give its sentences as they come; raises what the rung was not expected to raise."""
        while (sentence := await self._waiting.get()) is not None:
            yield sentence
        await self.task

    def drop(self, now: float) -> None:
        """Stop it without waiting; one that had its time and said nothing is reported as late."""
        if not self.over and not self.ready and now >= self.until and not self.spoken.rounds:
            self.trouble = f"no sentence within {self.rung.budget_s:g} s"
            self.rung.report(self.trouble)
        self.task.cancel()

    async def _run(self, question: Question, look: Look) -> None:
        try:
            async with aclosing(speak(self.rung, question, self.spoken, look)) as sentences:
                async for sentence in sentences:
                    self.ready = True
                    self._waiting.put_nowait(sentence)
                    self._changed.set()
        except FAILURES as error:
            self.trouble = str(error) or type(error).__name__
            log.info("%s gave way: %s", self.rung.name, self.trouble)
        finally:
            self.over = True
            self._waiting.put_nowait(None)
            self._changed.set()
        self.rung.report(self.trouble)


Begin = Callable[[Rung, asyncio.Event], Contestant]
"""Starts a rung."""


async def race(rungs: Sequence[Rung], begin: Begin, latest_s: float = LATEST_S) -> tuple[Contestant | None, list[str]]:
    """Let rungs run, best first, and give the one that speaks and why the better ones don't; None: nobody is in time.

    All others are dropped, also when the race itself is called off.
    """
    now = asyncio.get_running_loop().time
    waiting, running, changed = deque(rungs), list[Contestant](), asyncio.Event()
    winner: Contestant | None = None
    end = now() + latest_s
    try:
        while winner is None:
            changed.clear()
            while waiting and now() < end and (waiting[0].early or all(one.passed(now()) for one in running)):
                running.append(begin(waiting[0], changed))
                running[-1].until = min(now() + waiting.popleft().budget_s, end)
            winner = _best(running, now())
            left = [one.until for one in running if not one.passed(now())]
            if winner is not None or not left:
                break
            with suppress(TimeoutError):
                async with asyncio.timeout_at(min(left)):
                    await changed.wait()
    finally:
        for one in running:
            if one is not winner:
                one.drop(now())
    return winner, [f"{one.rung.name}: {one.trouble}" for one in running if one is not winner and one.trouble]


def _best(running: Sequence[Contestant], now: float) -> Contestant | None:
    """Give the first that has a sentence, unless one before it still has time."""
    for one in running:
        if one.ready:
            return one
        if not one.passed(now):
            return None
    return None

"""The ladder: the language models of this box, and which of them to try now."""

import asyncio
import os
import threading
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from appliance.engines import Engines
from appliance.reach import Link
from appliance.route import Way, Wish, choose
from appliance.settings import Settings
from appliance.trust import Trust
from appliance.turn.rung import IDLE_S, Rung, measure
from models.errors import ModelError
from models.prompt import Message, Prompt

if TYPE_CHECKING:
    from models.gemini import Gemini

KNOCK_S = 0.3
"""How long the first question of a warm box waits to know the link; later ones never wait."""
CORES_FOR_BOTH = 4
"""With so many the local model starts beside Gemini; with fewer it would take the cores that the turn itself needs."""
TRIAL = Prompt("Answer with one word.", (Message("user", "Say: ready."),), max_tokens=8)
"""What a doubted Gemini is asked: it says nothing of anybody, and costs next to nothing."""


class Ladder:
    """The rungs of this box."""

    def __init__(self, settings: Settings, engines: Engines, link: Link) -> None:
        """Keep the parts; Gemini joins when there is a key and a link, the local model when it was warmed."""
        self._settings = settings
        self._engines = engines
        self._link = link
        self._meeting = threading.Lock()
        self._gemini: Gemini | None = None
        self._refused = ""
        self.trust = Trust(self._trial)
        """In Gemini."""
        self.rungs: dict[Way, Rung] = {}
        self.slow = ""
        """Why the local model is left out, or empty."""

    @property
    def cloud(self) -> bool:
        """Does the owner allow Gemini, and is there a key?"""
        return self._settings.policy.cloud and bool(self._settings.gemini.key.get_secret_value())

    @property
    def online(self) -> bool:
        """Can Gemini's server be reached, and was its last answer well?"""
        return self._link.reach.online and self.trust.well

    @property
    def trouble(self) -> str:
        """Why Gemini could not be set up, or is doubted though the link is up; empty when all is well."""
        return self._refused or (self.trust.reason if self._link.reach.online else "")

    def choose(self) -> tuple[Way, ...]:
        """Give the rungs to try for a question, best first."""
        reach = self._link.reach
        if self.cloud and self._link.known and not reach.online and not reach.metered:
            self.trust.doubt(self._link.trouble)
        trusted = self.trust.look()
        return choose(reach, Wish(cloud="gemini" in self.rungs and trusted, local="local" in self.rungs))

    def now(self) -> tuple[Way, ...]:
        """Tell which rungs would be tried at this moment, best first; asks nobody, for health."""
        cloud = self.cloud and not self._refused and self.trust.well
        return choose(self._link.reach, Wish(cloud=cloud, local="local" in self.rungs))

    async def ready(self) -> None:
        """Know the link before the first question, and have Gemini's client once it leads somewhere."""
        if not self.cloud:
            return
        if not self._link.known:
            with suppress(TimeoutError):
                async with asyncio.timeout(None if self._gemini is None else KNOCK_S):
                    await self._link.probe()
        if self._link.reach.online and "gemini" not in self.rungs:
            await asyncio.to_thread(self.meet)

    def meet(self) -> None:
        """Set Gemini up (2 s for its library, once); one that refuses its settings is left out, with the reason."""
        with self._meeting:
            if self._gemini is not None or self._refused or not self.cloud:
                return
            from models.gemini import Gemini

            wishes = self._settings.gemini
            try:
                self._gemini = Gemini(wishes.key.get_secret_value(), wishes.model, wishes.base_url)
            except ModelError as error:
                self._refused = str(error)
                return
            budget = wishes.budget_ms / 1000
            report, search = self.trust.report, wishes.search
            self.rungs["gemini"] = Rung("gemini", self._gemini, budget, tools=True, search=search, report=report)

    def warm(self) -> None:
        """Load all engines; the local language model joins the ladder when it answers within its budget here."""
        self.meet()
        for load in (self._engines.transcriber, self._engines.synthesizer):
            load()
        model = self._engines.language_model() if self._settings.local.enabled else None
        if model is None:
            return
        budget = self._settings.local.budget_ms / 1000
        took = measure(model)
        if took > budget:
            self.slow = f"left out of the ladder: {took:.1f} s to its first sentence here, {budget:.1f} s are allowed"
        else:
            early = len(os.sched_getaffinity(0)) >= CORES_FOR_BOTH
            self.rungs["local"] = Rung("local", model, budget, early=early)

    async def aclose(self) -> None:
        """End the trials, and close Gemini's connections."""
        await self.trust.aclose()
        if self._gemini is not None:
            await self._gemini.aclose()

    async def _trial(self) -> None:
        """Have Gemini answer something of no consequence as fast as an answer must be. Raises `trust.FAILURES`."""
        await self._link.probe()
        if not self._link.reach.online:
            raise ConnectionError(self._link.trouble)
        if self._gemini is None:
            await asyncio.to_thread(self.meet)
        if self._gemini is None:
            return
        budget = self._settings.gemini.budget_ms / 1000
        async with aclosing(self._gemini.generate(TRIAL)) as stream:
            try:
                async with asyncio.timeout(budget):
                    await anext(stream, None)
                async with asyncio.timeout(IDLE_S):
                    async for _ in stream:
                        pass
            except TimeoutError as error:
                raise TimeoutError(f"no answer within {budget:g} s, on trial") from error

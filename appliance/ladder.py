"""The ladder: the language models of this box, and which of them to try now."""

import asyncio
import threading
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING

from appliance.engines import Engines
from appliance.ports import LanguageModel
from appliance.reach import Link
from appliance.route import Way, Wish, choose
from appliance.settings import Settings
from appliance.turn.rung import Rung, measure
from models.errors import ModelError
from models.prompt import Piece, Prompt

if TYPE_CHECKING:
    from models.gemini import Gemini


class Watched:
    """A model behind a link: when an answer does not even begin, the link is doubted for a while."""

    def __init__(self, model: LanguageModel, link: Link) -> None:
        """Keep both."""
        self._model = model
        self._link = link
        self.trouble = ""
        """Why the last answer failed, or empty."""

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Stream the answer. Raises `models.errors.ModelError`."""
        began, trouble = False, "no answer came in time"
        try:
            async with aclosing(self._model.generate(prompt)) as stream:
                async for piece in stream:
                    began, trouble = True, ""
                    yield piece
        except ModelError as error:
            trouble = str(error)
            raise
        finally:
            self.trouble = trouble
            if not began:
                self._link.doubt(trouble)


class Ladder:
    """The rungs of this box."""

    def __init__(self, settings: Settings, engines: Engines, link: Link) -> None:
        """Keep the parts; Gemini joins when there is a key and a link, the local model when it was warmed."""
        self._settings = settings
        self._engines = engines
        self._link = link
        self._meeting = threading.Lock()
        self._gemini: Gemini | None = None
        self._watched: Watched | None = None
        self._refused = ""
        self.rungs: dict[Way, Rung] = {}
        self.slow = ""
        """Why the local model is left out, or empty."""

    @property
    def cloud(self) -> bool:
        """Does the owner allow Gemini, and is there a key?"""
        return self._settings.policy.cloud and bool(self._settings.gemini.key.get_secret_value())

    @property
    def trouble(self) -> str:
        """Why Gemini could not be set up, or its last answer failed; empty when all is well."""
        return self._refused or (self._watched.trouble if self._watched else "")

    def choose(self) -> tuple[Way, ...]:
        """Give the rungs to try, best first."""
        return choose(self._link.reach, Wish(cloud="gemini" in self.rungs, local="local" in self.rungs))

    async def ready(self) -> None:
        """Know the link before the first question, and have Gemini's client once it leads somewhere."""
        if not self.cloud:
            return
        if not self._link.known:
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
            self._watched = Watched(self._gemini, self._link)
            self.rungs["gemini"] = Rung("gemini", self._watched, wishes.budget_ms / 1000, tools=True)

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
            self.rungs["local"] = Rung("local", model, budget)

    async def aclose(self) -> None:
        """Close Gemini's connections."""
        if self._gemini is not None:
            await self._gemini.aclose()

"""Why turns take as long as they do: `/metrics` for Prometheus, `/v1/turns` for managers."""

from aiohttp import web
from pydantic import BaseModel

from appliance.journal import Journal, Waterfall


class TurnTimes(BaseModel):
    """When what happened in a spoken turn, milliseconds after the end of speech."""

    question: str
    ended: float
    """When the speech ended, Unix time in seconds."""
    steps: dict[str, float]
    evidence: float | None
    answer: str

    @classmethod
    def of(cls, fall: Waterfall) -> "TurnTimes":
        """Give the times of one turn."""
        return cls(
            question=fall.question, ended=fall.ended, steps=fall.steps(), evidence=fall.evidence, answer=fall.answer
        )


class Turns(BaseModel):
    """The last spoken turns, newest first."""

    turns: list[TurnTimes]


class Why:
    """Handlers around one journal."""

    def __init__(self, journal: Journal) -> None:
        """Keep the journal."""
        self._journal = journal

    def register(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/metrics", self.metrics)
        router.add_get("/v1/turns", self.turns)

    async def metrics(self, _: web.Request) -> web.Response:
        """`GET /metrics`: counts and histograms as Prometheus reads them."""
        return web.Response(
            body=self._journal.metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    async def turns(self, _: web.Request) -> web.Response:
        """`GET /v1/turns`: the waterfalls of the last spoken turns."""
        told = Turns(turns=[TurnTimes.of(fall) for fall in self._journal.turns()])
        return web.Response(text=told.model_dump_json(), content_type="application/json")

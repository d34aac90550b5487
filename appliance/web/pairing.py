"""Pairing a device: a one-time code in, a device's token or cookie out."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import BaseModel, StringConstraints

from appliance.people.errors import CodeError, PeopleError
from appliance.people.people import Caller, People
from appliance.web.door import MODEL
from appliance.web.errors import Refusal
from appliance.web.paired import COOKIE, caller_of
from appliance.web.reading import collected

WRONG, WITHIN_S = 10, 60.0
"""So many wrong codes in so many seconds, then nobody pairs for the rest of them: a code has 40 bits."""


class Pairing(BaseModel):
    """A device that wants to be paired."""

    model_config = MODEL

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    """What `clara people pair` showed."""
    keep: Literal["token", "cookie"] = "token"
    """How the device keeps it: an app gets the token, a browser a cookie that its pages cannot read."""


class Paired(BaseModel):
    """Who a device belongs to."""

    model_config = MODEL

    person: str
    role: Literal["technician", "manager"]
    device: str
    """Its name."""
    id: str
    """Its id, which is also its identity in rooms."""
    expires: datetime
    token: str = ""
    """Shown once, and only to one who asked to keep it: send it as `Authorization: Bearer …`."""

    @classmethod
    def of(cls, caller: Caller, token: str = "") -> "Paired":
        """Show a caller to themselves."""
        person, device = caller.person, caller.device
        return cls(
            person=person.name, role=person.role, device=device.name, id=device.id, expires=device.expires, token=token
        )


class PairingApi:
    """Handlers around the list of people."""

    def __init__(self, people: People, clock: Callable[[], float] = time.monotonic) -> None:
        """Keep the list."""
        self.people = people
        self._clock = clock
        self._wrong: deque[float] = deque(maxlen=WRONG)

    def register(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_post("/v1/pair", self.pair)
        router.add_get("/v1/me", self.me)

    async def pair(self, request: web.Request) -> web.Response:
        """`POST /v1/pair`: take a pairing."""
        wish = await collected(request, Pairing, 'send {"code": "ABCD-1234"}')
        if len(self._wrong) == WRONG and self._clock() - self._wrong[0] < WITHIN_S:
            raise Refusal(429, "too many wrong codes", "wait a minute", {"Retry-After": f"{WITHIN_S:.0f}"})
        try:
            token, caller = await asyncio.to_thread(self.people.redeem, wish.code)
        except CodeError as error:
            self._wrong.append(self._clock())
            raise Refusal(403, str(error), "on the box: clara people pair NAME shows a new one") from error
        except PeopleError as error:
            raise Refusal(503, str(error), "on the box: clara people list") from error
        reply = Paired.of(caller, token if wish.keep == "token" else "")
        response = web.Response(text=reply.model_dump_json(), content_type="application/json")
        if wish.keep == "cookie":
            life = caller.device.expires - caller.device.paired
            response.set_cookie(
                COOKIE, token, max_age=int(life.total_seconds()), path="/", httponly=True, samesite="Strict",
                secure=request.secure or request.headers.get("X-Forwarded-Proto", "") == "https",
            )  # fmt: skip
        return response

    async def me(self, request: web.Request) -> web.Response:
        """`GET /v1/me`: whose device this is."""
        return web.Response(text=Paired.of(caller_of(request)).model_dump_json(), content_type="application/json")

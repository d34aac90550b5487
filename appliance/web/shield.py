"""What stands around every request: who may call, what a browser may do with the reply, problems as JSON."""

import logging
import socket
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from appliance.ear.errors import EarError
from appliance.web.door import Problem
from appliance.web.errors import Refusal
from appliance.web.hosts import host_allowed, origin_allowed
from corpora.errors import CorpusError
from models.errors import AudioError, ModelError, NotInstalledError
from sync.errors import SyncError

log = logging.getLogger(__name__)
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
}
"""On every reply."""
ADVICE = {
    HTTPStatus.NOT_FOUND: "GET /openapi.json lists what there is",
    HTTPStatus.METHOD_NOT_ALLOWED: "GET /openapi.json lists what there is",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "send less",
}
"""For refusals that aiohttp itself makes."""


async def protect(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that tell a browser what it may do; a reply of the API is never kept."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


def callers(bound: str) -> Middleware:
    """Refuse a Host that is not this box's, and pages of other sites."""
    machine = socket.gethostname()
    names = (machine, f"{machine}.local")

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if not host_allowed(request.headers.get("Host", ""), bound, names):
            return problem(421, "this box does not go by that name", "call it by its address")
        if not origin_allowed(request.headers.get("Origin"), request.headers.get("Host", "")):
            return problem(403, "pages of other sites may not call the box", "open the box's own page")
        return await handler(request)

    return check


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what was raised into a problem: the one outermost loop of a request."""
    try:
        return await handler(request)
    except Refusal as refusal:
        return problem(refusal.status, refusal.error, refusal.advice, refusal.headers)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        advice = ADVICE.get(HTTPStatus(error.status), "GET /openapi.json says what is taken")
        allow = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return problem(error.status, error.reason.lower(), advice, allow)
    except (EarError, ModelError, CorpusError, SyncError) as error:
        return trouble(error, request)
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return problem(500, "the box made a mistake", "ask again; its journal says more")


def trouble(error: EarError | ModelError | CorpusError | SyncError, request: web.Request) -> web.Response:
    """Say what failed inside the box, or was wrong with a recording."""
    if isinstance(error, AudioError):
        return problem(422, str(error), "record the question again, or type it")
    if isinstance(error, EarError):
        return problem(422, str(error), "ask one short question")
    log.warning("%s %s failed: %s", request.method, request.path, error)
    return problem(
        503, str(error), f"on the box: clara {'models fetch' if isinstance(error, NotInstalledError) else 'check'}"
    )


def problem(status: int, error: str, advice: str, headers: dict[str, str] | None = None) -> web.Response:
    """A problem as JSON."""
    body = Problem(error=error, advice=advice).model_dump_json()
    return web.Response(status=status, text=body, content_type="application/json", headers=headers)

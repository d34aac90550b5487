"""Who calls: the person whose paired device a request comes from, and which requests need one.

Decisions: a page on loopback asks nobody, as a demo does, unless a front proxy's header shows that the caller is
elsewhere. Everywhere else only health, pairing, the description of the API, signed webhooks and the page's own files
are open. A cookie is for browsers (HttpOnly, SameSite=Strict, so no other page can use it), a bearer token for apps.
"""

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from appliance.people.errors import PeopleError
from appliance.people.people import Caller, People
from appliance.web.assets import FILES
from appliance.web.errors import Refusal
from appliance.web.hosts import bound_to_loopback

COOKIE = "clara_device"
CALLER = web.RequestKey("clara.caller", Caller)
"""Where a request carries who calls, if a paired device does."""
OPEN = frozenset({"/healthz", "/v1/health", "/v1/pair", "/webhook", "/openapi.json", *FILES})
"""Paths that need no device."""
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Headers that a proxy adds: then the caller is not on this machine."""
LONGEST = 200
"""Longest token that is looked at, in characters."""
PAIR = "/pair.html"
ADVICE = "pair this device: on the box, clara people pair NAME, then open /pair.html and type the code"


def devices(people: People, bound: str, *, always: bool) -> Middleware:
    """Find out who calls, and refuse strangers on a server bound to `bound`; `always`: on loopback too."""
    trusting = bound_to_loopback(bound) and not always

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        token = token_of(request)
        try:
            caller = people.check(token) if token else None
        except PeopleError as error:
            if request.path not in OPEN:
                raise Refusal(503, str(error), "on the box: clara people list") from error
            caller = None
        if caller is not None:
            request[CALLER] = caller
        local = trusting and not any(header in request.headers for header in FORWARDED)
        if caller is None and not local:
            if request.path == "/":
                raise web.HTTPSeeOther(PAIR)
            if request.path not in OPEN:
                raise stranger(token)
        return await handler(request)

    return check


def token_of(request: web.Request) -> str:
    """Give the token that a request brings; an app's goes before a browser's."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip() if kind.lower() == "bearer" else request.cookies.get(COOKIE, "")
    return token if len(token) <= LONGEST else ""


def stranger(token: str = "") -> Refusal:
    """Refuse one whose device is not known."""
    why = "this device's pairing has ended or was revoked" if token else "this device is not paired with the box"
    return Refusal(401, why, ADVICE, {"WWW-Authenticate": 'Bearer realm="clara"'})


def caller_of(request: web.Request) -> Caller:
    """Give who calls. Raises `Refusal`, 401, when no paired device does."""
    caller: Caller | None = request.get(CALLER)
    if caller is None:
        raise stranger(token_of(request))
    return caller


def manager_of(request: web.Request) -> Caller:
    """Give the manager who calls. Raises `Refusal`: 401 as `caller_of`, 403 for a technician."""
    caller = caller_of(request)
    if not caller.manager:
        raise Refusal(403, "only a manager may do that", "ask a manager, or on the box: clara rooms")
    return caller


def person_of(request: web.Request, named: str) -> str:
    """Give who asks: the device's person, else, on a page that asks nobody, the one who was named."""
    caller = request.get(CALLER)
    return caller.person.name if caller is not None else named

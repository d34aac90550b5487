"""The web server: routes to handlers, and serving until told to stop."""

import asyncio
import logging
import ssl
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.metadata import version

from aiohttp import web

from appliance.people.people import FILE, People
from appliance.settings import Settings
from appliance.web import assets, openapi, paired, shield
from appliance.web.api import Api
from appliance.web.box import Box
from appliance.web.certificates import Authority, Certificates
from appliance.web.errors import WebError
from appliance.web.gate import Gate
from appliance.web.library import LibraryApi
from appliance.web.pairing import PairingApi
from appliance.web.rooms_api import Calls, RoomsApi
from appliance.web.sounds import Sounds
from appliance.web.talks import Talks, load
from appliance.web.trust import Trust, plain
from appliance.web.why import Why

log = logging.getLogger(__name__)
RENEW_S = 600.0
"""Between two looks at the certificate: an address may change at any time."""


def build(
    box: Box,
    host: str,
    gate: Gate | None = None,
    calls: Calls | None = None,
    people: People | None = None,
    trust: Authority | None = None,
) -> web.Application:
    """Give the application around a box, for a server bound to `host`.

    Args:
        box: What answers.
        host: Where it listens.
        gate: How much it does at once.
        calls: Its rooms, if there are any.
        people: Who may call.
        trust: Whom its phones shall trust.
    """
    people = people or people_of(box.settings)
    gate = gate or Gate()
    sounds = Sounds(box, gate)
    release = version("clara-edge")
    api = Api(box, gate, sounds, release)
    app = web.Application(
        middlewares=[
            shield.problems,
            shield.callers(host),
            paired.devices(people, host, always=box.settings.web.paired == "always"),
        ]
    )
    app.on_response_prepare.append(shield.protect)

    async def close(_: web.Application) -> None:
        await sounds.aclose()

    talks = Talks(box)

    async def hang_up(_: web.Application) -> None:
        await talks.aclose()

    app.on_shutdown.append(hang_up)
    app.on_cleanup.append(close)
    described = openapi.document(release)

    async def describe(_: web.Request) -> web.Response:
        return web.json_response(described)

    app.router.add_post("/v1/ask", api.ask)
    app.router.add_get(r"/v1/sound/{id:[0-9A-Za-z]{1,40}}.wav", api.sound)
    app.router.add_post("/v1/answers/{id:[0-9A-Za-z]{1,40}}/wrong", api.wrong)
    app.router.add_get("/v1/talk", talks.socket)
    LibraryApi(box).register(app.router)
    PairingApi(people).register(app.router)
    RoomsApi(calls).register(app.router)
    Why(box.journal).register(app.router)
    app.router.add_get("/v1/health", api.health)
    app.router.add_get("/healthz", api.pulse)
    app.router.add_get("/openapi.json", describe)
    if trust is not None:
        Trust(trust).register(app.router)
    for path, asset in assets.load().items():
        app.router.add_get(path, asset.serve)
    return app


def people_of(settings: Settings) -> People:
    """Give the list of people of a box."""
    return People(settings.place.data / FILE, settings.web.pairing_days)


@dataclass(frozen=True, slots=True)
class Secure:
    """Serving by TLS: the certificates, and the port without TLS that leads to it."""

    certificates: Certificates
    plain_port: int


async def serve(
    box: Box,
    host: str,
    port: int,
    ready: Callable[[str], None],
    stop: asyncio.Event,
    calls: Calls | None = None,
    secure: Secure | None = None,
) -> None:
    """Serve on `host` and `port` (0: any free one) until `stop` is set; `ready` gets the page's address.

    Raises:
        WebError: nothing can be served there.
    """
    async with AsyncExitStack() as stack:
        app = build(box, host, calls=calls, trust=secure.certificates.authority if secure else None)
        bound = await listen(stack, app, host, port, secure.certificates.context if secure else None)
        if secure is not None:
            leading = plain(secure.certificates.authority, host, bound)
            await listen(stack, leading, host, secure.plain_port, None)
            stack.push_async_callback(ended, asyncio.create_task(renewing(secure.certificates)))
        ready(address(host, bound, secure=secure is not None))
        # A conversation's library takes seconds to import: nobody waits for it once the box is up.
        stack.push_async_callback(ended, asyncio.create_task(asyncio.to_thread(load)))
        await stop.wait()


async def listen(
    stack: AsyncExitStack, app: web.Application, host: str, port: int, context: ssl.SSLContext | None
) -> int:
    """Serve an application until the stack is closed, and give its port. Raises `WebError`."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, host, port, ssl_context=context).start()
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or error
        raise WebError(f"cannot serve on {host} port {port}: {why}; choose others with --host and --port") from error
    return int(runner.addresses[0][1])


async def renewing(certificates: Certificates) -> None:
    """Keep the certificate good, for ever: a month before its end, or when the box has another address."""
    while True:
        await asyncio.sleep(RENEW_S)
        try:
            if await asyncio.to_thread(certificates.renew):
                log.info("the certificate was made anew")
        except WebError as error:
            log.error("%s", error)  # noqa: TRY400 - the sentence says it all; it is tried again


async def ended(task: asyncio.Task[None]) -> None:
    """End a task."""
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def address(host: str, port: int, *, secure: bool = False) -> str:
    """The page's address as a person on this machine types it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
    shown = f"[{shown}]" if ":" in shown and not shown.startswith("[") else shown
    return f"http{'s' if secure else ''}://{shown}:{port}/"

"""The web server: routes to handlers, and serving until told to stop."""

import asyncio
from collections.abc import Callable
from importlib.metadata import version

from aiohttp import web

from appliance.web import assets, openapi, shield
from appliance.web.api import Api
from appliance.web.box import Box
from appliance.web.errors import WebError
from appliance.web.gate import Gate
from appliance.web.library import LibraryApi
from appliance.web.sounds import Sounds
from appliance.web.talks import Talks


def build(box: Box, host: str, gate: Gate | None = None) -> web.Application:
    """Give the application around a box, for a server bound to `host`."""
    gate = gate or Gate()
    sounds = Sounds(box, gate)
    release = version("clara-edge")
    api = Api(box, gate, sounds, release)
    app = web.Application(middlewares=[shield.problems, shield.callers(host)])
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
    app.router.add_get("/v1/health", api.health)
    app.router.add_get("/healthz", api.pulse)
    app.router.add_get("/openapi.json", describe)
    for path, asset in assets.load().items():
        app.router.add_get(path, asset.serve)
    return app


async def serve(box: Box, host: str, port: int, ready: Callable[[str], None], stop: asyncio.Event) -> None:
    """Serve on `host` and `port` (0: any free one) until `stop` is set; `ready` gets the page's address.

    Raises:
        WebError: nothing can be served there.
    """
    runner = web.AppRunner(build(box, host), access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, UnicodeError) as error:
            why = getattr(error, "strerror", None) or error
            raise WebError(
                f"cannot serve on {host} port {port}: {why}; choose others with --host and --port"
            ) from error
        ready(address(host, runner.addresses[0][1]))
        await stop.wait()
    finally:
        await runner.cleanup()


def address(host: str, port: int) -> str:
    """The page's address as a person on this machine types it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "": "127.0.0.1"}.get(host, host)  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown and not shown.startswith("[") else f"http://{shown}:{port}/"

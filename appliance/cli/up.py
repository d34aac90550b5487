"""`clara up`: the box, serving its page and its API, and its rooms where the settings want them."""

import asyncio
import logging
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.settings import Settings
    from appliance.voice.rooms_calls import Calls
    from appliance.web.server import Secure

log = logging.getLogger(__name__)


def up(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on; default: web.host of the settings.")] = "",
    port: Annotated[int, typer.Option(min=-1, max=65535, help="0: any free one; default: web.port.")] = -1,
    *,
    tls: Annotated[bool, typer.Option("--tls", help="Serve by TLS under the box's own authority.")] = False,
) -> None:
    """Serve the page and the API until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    setup = given(context)
    settings = setup.settings
    bound = host or settings.web.host
    secure = certified(settings, bound) if tls or settings.web.tls else None
    with session(setup, settings, Screen(), warm=True) as (box, runner):
        runner.run(serve(box, bound, settings.web.port if port < 0 else port, secure))


def certified(settings: "Settings", host: str) -> "Secure":
    """Get the box's certificates ready, and say how a phone comes to trust them. Raises `WebError`."""
    from appliance.web.certificates import Certificates
    from appliance.web.server import Secure

    certificates = Certificates(settings.place.data / "tls", host)
    typer.echo(f"For each phone, once: http://<this box>:{settings.web.plain_port}/trust")
    typer.echo(f"Fingerprint of its authority (SHA-256): {certificates.authority.fingerprint}")
    typer.echo(f"The page may be called by: {', '.join(certificates.names)}")
    return Secure(certificates, settings.web.plain_port)


async def serve(box: "Box", host: str, port: int, secure: "Secure | None" = None) -> None:
    """Serve until SIGTERM; Ctrl-C cancels."""
    from appliance.web.server import serve as serve_web

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    calls = rooms(box, host)
    beginning: set[asyncio.Task[None]] = set()

    def ready(address: str) -> None:
        typer.echo(f"Clara is up: {address}")
        if calls is not None:
            beginning.add(asyncio.create_task(begin(calls, address)))

    try:
        await serve_web(box, host, port, ready, stop, calls, secure)
    finally:
        for task in beginning:
            task.cancel()
        await asyncio.gather(*beginning, return_exceptions=True)
        if calls is not None:
            await calls.aclose()


def rooms(box: "Box", host: str) -> "Calls | None":
    """The rooms, where the settings want them; the box serves without them when they cannot be had."""
    if not box.settings.rooms.enabled:
        return None
    from appliance.voice.errors import RoomError
    from appliance.voice.rooms_calls import Calls
    from appliance.web.server import people_of

    try:
        return Calls(box, people_of(box.settings), host)
    except RoomError as error:
        log.error("there are no rooms: %s", error)  # noqa: TRY400 - the sentence says it all
        return None


async def begin(calls: "Calls", address: str) -> None:
    """Start the rooms; health tells what is wrong with them."""
    from appliance.voice.errors import RoomError

    try:
        await calls.begin(address)
    except RoomError as error:
        log.error("there are no rooms: %s", error)  # noqa: TRY400
    else:
        typer.echo(f"Rooms are up: {calls.place.outside}")

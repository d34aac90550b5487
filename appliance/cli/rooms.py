"""`clara rooms`: who talks with the box over its LiveKit server, and ending that."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.voice.rooms import Rooms

app = typer.Typer(help="Rooms: conversations over WebRTC.", no_args_is_help=True)
Room = Annotated[str, typer.Argument(help="The room's name.")]
Identity = Annotated[str, typer.Argument(help="The identity, as clara rooms show has it.")]
Result = TypeVar("Result")


def do(context: typer.Context, what: "Callable[[Rooms], Awaitable[Result]]") -> Result:
    """Do something with the box's rooms."""
    settings = given(context).settings
    if not settings.rooms.enabled:
        raise Failure("rooms are switched off: set rooms.enabled = true in the settings, then clara up")
    from appliance.voice.rooms import Rooms
    from appliance.voice.rooms_place import place

    async def run() -> Result:
        return await what(Rooms(place(settings)))

    return asyncio.run(run())


@app.command("list")
def show_all(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the open rooms."""
    screen = Screen(as_json=as_json)
    found = do(context, lambda rooms: rooms.rooms())
    if as_json:
        screen.json([asdict(room) for room in found])
        return
    rows = [(room.name, str(room.members), f"{room.created.astimezone():%H:%M:%S}") for room in found]
    screen.table(("room", "members", "since"), rows, numbers=("members",))


@app.command()
def show(context: typer.Context, room: Room, *, as_json: AsJson = False) -> None:
    """List who is in a room."""
    screen = Screen(as_json=as_json)
    found = do(context, lambda rooms: rooms.members(room))
    if as_json:
        screen.json([asdict(member) for member in found])
        return
    rows = [
        (member.identity, member.name, member.state, f"{member.joined.astimezone():%H:%M:%S}",
         ", ".join(f"{track.source}{' (muted)' if track.muted else ''}" for track in member.tracks))
        for member in found
    ]  # fmt: skip
    screen.table(("identity", "name", "state", "since", "sends"), rows)


@app.command()
def mute(context: typer.Context, room: Room, identity: Identity, *, as_json: AsJson = False) -> None:
    """Mute everything that somebody sends; only they can unmute."""
    screen = Screen(as_json=as_json)
    count = do(context, lambda rooms: rooms.mute(room, identity))
    if as_json:
        screen.json({"muted": count})
    else:
        screen.say(f"Muted {count} track{'s' if count != 1 else ''} of {identity}.")


@app.command()
def remove(context: typer.Context, room: Room, identity: Identity, *, as_json: AsJson = False) -> None:
    """Send somebody out of a room; clara people revoke keeps them out."""
    screen = Screen(as_json=as_json)
    do(context, lambda rooms: rooms.remove(room, identity))
    if as_json:
        screen.json({"removed": identity})
    else:
        screen.say(f"{identity} was sent out of {room}.")


@app.command()
def close(context: typer.Context, room: Room, *, as_json: AsJson = False) -> None:
    """Send everybody out of a room, and end it."""
    screen = Screen(as_json=as_json)
    do(context, lambda rooms: rooms.close(room))
    if as_json:
        screen.json({"closed": room})
    else:
        screen.say(f"{room} is closed.")

"""`clara people`: who works with the box, and with which devices."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import segno
import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.people.people import People
    from appliance.settings import Settings

app = typer.Typer(help="People and their paired devices.", no_args_is_help=True)
Who = Annotated[str, typer.Argument(help="Name or id, as clara people list shows it.")]


def people_of(settings: "Settings") -> "People":
    """The list of people."""
    from appliance.people.people import FILE, People

    return People(settings.place.data / FILE, settings.web.pairing_days)


@app.command("list")
def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List people and their devices."""
    screen = Screen(as_json=as_json)
    book = people_of(given(context).settings).book
    if as_json:
        screen.json(
            {
                "people": [person.model_dump(mode="json") for person in book.people],
                "devices": [device.model_dump(mode="json", exclude={"digest"}) for device in book.devices],
            }
        )
        return
    rows = []
    for person in book.people:
        devices = [device for device in book.devices if device.person == person.id]
        rows += [
            (person.name, person.role, device.name, device.id, state(device.revoked, device.expires))
            for device in devices
        ] or [(person.name, person.role, "", "", f"no device: clara people pair {person.id}")]
    screen.table(("person", "role", "device", "id", "state"), rows)


def state(revoked: datetime | None, expires: datetime) -> str:
    """How a device stands."""
    if revoked is not None:
        return f"revoked {revoked.astimezone():%d %b %Y %H:%M}"
    return f"good until {expires.astimezone():%d %b %Y}"


@app.command()
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name, as the jobs have it.")],
    role: Annotated[Literal["technician", "manager"], typer.Option(help="Managers see and do more.")] = "technician",
    *,
    as_json: AsJson = False,
) -> None:
    """Add a person."""
    screen = Screen(as_json=as_json)
    person = people_of(given(context).settings).add(name, role)
    if as_json:
        screen.json(person.model_dump(mode="json"))
    else:
        screen.say(f"{person.name} is a {person.role} of this box. Next: clara people pair {person.id}")


@app.command()
def pair(
    context: typer.Context,
    who: Who,
    device: Annotated[str, typer.Option(help="What the device is called.")] = "phone",
    address: Annotated[str, typer.Option(help="The page's address as the phone reaches it; default: found out.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Show a code, and a QR code, that pairs one device within ten minutes."""
    screen = Screen(as_json=as_json)
    settings = given(context).settings
    code = people_of(settings).pair(who, device)
    link = f"{(address or page(settings)).rstrip('/')}/pair.html#{code}"
    if as_json:
        screen.json({"code": code, "address": link, "minutes": 10})
        return
    segno.make(link, error="m").terminal(compact=True)
    screen.say(f"Code {code}, good once and for ten minutes.")
    screen.say(f"Open {link}")
    if not address and settings.web.host in {"127.0.0.1", "::1", "localhost"}:
        screen.remark("The settings let the page listen on this machine alone; phones need: clara up --host 0.0.0.0")


def page(settings: "Settings") -> str:
    """The page's address in the box's network."""
    from appliance.voice.rooms_place import address, bracketed, wildcard

    host = settings.web.host
    return f"http://{bracketed(address() if wildcard(host) else host)}:{settings.web.port}"


@app.command()
def revoke(
    context: typer.Context,
    who: Annotated[str, typer.Argument(help="A device's id, or a person: then all their devices.")],
    *,
    as_json: AsJson = False,
) -> None:
    """End a pairing, at once and for good."""
    screen = Screen(as_json=as_json)
    gone = people_of(given(context).settings).revoke(who)
    if as_json:
        screen.json({"revoked": [device.id for device in gone]})
        return
    for device in gone:
        screen.say(f"Revoked: {device.name} ({device.id})")
    if not gone:
        screen.say("Nothing was paired; open codes, if any, are void.")

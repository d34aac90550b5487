"""`clara check`: is every part well, and what to do if not."""

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given


def check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Say how every part does, and what to do."""
    from appliance.check import able
    from appliance.web.door import Health

    screen = Screen(as_json=as_json)
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, runner):
        runner.run(box.link.probe())
        parts = box.parts()
        online = box.online
    if as_json:
        screen.json(Health.of(parts, release(), online=online).model_dump())
    else:
        rows = [(mark(part.well, part.essential), part.name, part.uses, part.advice) for part in parts]
        screen.table(("", "part", "uses", "what to do"), rows)
    if not able(parts):
        ill = [part.name for part in parts if part.essential and not part.well]
        raise Failure(f"the box can't answer safely: {', '.join(ill) or 'no parts'} not well")


def mark(well: bool, essential: bool) -> str:  # noqa: FBT001 - two facts of one part, as a table has them
    """How a part does, in a word."""
    return "well" if well else "NOT WELL" if essential else "missing"


def release() -> str:
    """This program's version."""
    from importlib.metadata import version

    return version("clara-edge")

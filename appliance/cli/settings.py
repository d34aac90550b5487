"""`clara settings`: what the owner wishes."""

import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

app = typer.Typer(help="Settings.", no_args_is_help=True)


@app.callback()
def noun() -> None:
    """Keep `show` a verb below the noun while it is the only one."""


@app.command()
def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Show the effective settings, secrets masked, and where each was set."""
    screen = Screen(as_json=as_json)
    settings, origins = given(context).read_settings()
    tree = settings.model_dump(mode="json")
    rows = [
        (f"{section}.{key}", value, origins.get(f"{section}.{key}", "default"))
        for section, keys in tree.items()
        for key, value in keys.items()
    ]
    if as_json:
        screen.json({"settings": tree, "origins": {name: origin for name, _, origin in rows}})
    else:
        screen.table(("setting", "value", "set by"), [(name, shown(value), origin) for name, value, origin in rows])


def shown(value: object) -> str:
    """A value as an owner writes it."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)

"""`clara sync`: records coming in."""

from pathlib import Path
from typing import Annotated

import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

app = typer.Typer(help="Records: loading them.", no_args_is_help=True)


@app.callback()
def noun() -> None:
    """Keep `load` a verb below the noun while it is the only one."""


@app.command()
def load(
    context: typer.Context,
    folder: Annotated[Path | None, typer.Argument(help="A data set: dataset.json and its lists.")] = None,
    *,
    demo: Annotated[bool, typer.Option("--demo", help="The invented customers that ship with the program.")] = False,
    as_json: AsJson = False,
) -> None:
    """Load a records data set; it takes the place of the one before."""
    if (folder is None) != demo:
        raise typer.BadParameter("give either a folder or --demo", param_hint="FOLDER")
    screen = Screen(as_json=as_json)
    setup = given(context)
    loaded = setup.load_records(setup.settings, folder)
    if as_json:
        screen.json(dict(loaded))
    else:
        screen.table(("records", "number"), [(kind, str(count)) for kind, count in loaded.items()], ("number",))

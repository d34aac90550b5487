"""`clara models`: the weights on this box."""

from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson, Quiet
from appliance.cli.screen import Screen
from appliance.cli.setup import given

if TYPE_CHECKING:
    from models.store import Entry, Store

app = typer.Typer(help="Models: which are known, which are here.", no_args_is_help=True)
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="As `clara models list` names them.")]


@app.command("list")
def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List every known model and whether it is here."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    entries = setup.open_store(setup.settings).entries()
    if as_json:
        screen.json([as_dict(entry) for entry in entries])
        return
    rows = [
        (model.id, model.role, model.tier, size(model.bytes), model.licence, "yes" if entry.installed else "no")
        for entry in entries
        for model in (entry.model,)
    ]
    screen.table(("model", "role", "tier", "size", "licence", "installed"), rows, numbers=("size",))


@app.command()
def fetch(context: typer.Context, ids: Ids = None, *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Fetch models, going on where an earlier fetch stopped; without an id, the whole embedded tier."""
    screen = Screen(as_json=as_json, quiet=quiet)
    setup = given(context)
    store = setup.open_store(setup.settings)
    fetched = bring(screen, store, ids or embedded(store))
    if as_json:
        screen.json(fetched)


def embedded(store: "Store") -> list[str]:
    """Ids of the embedded tier."""
    return [entry.model.id for entry in store.entries() if entry.model.tier == "embedded"]


def bring(screen: Screen, store: "Store", ids: list[str]) -> dict[str, str]:
    """Fetch models one after the other, with progress; gives each one's folder."""
    folders: dict[str, str] = {}
    for name in ids:
        with screen.progress() as progress:
            folders[name] = str(store.fetch(name, progress))
        screen.remark(f"{name} is here: {folders[name]}")
    return folders


@app.command()
def verify(context: typer.Context, ids: Ids = None, *, as_json: AsJson = False) -> None:
    """Read every byte of models and prove it by its hash; without an id, of all that are here."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    store = setup.open_store(setup.settings)
    names = ids or [entry.model.id for entry in store.entries() if entry.installed]
    problems: dict[str, list[str]] = {}
    with screen.progress() as progress:
        for number, name in enumerate(names):
            progress("verifying", number, len(names))
            problems[name] = store.verify(name)
    if as_json:
        screen.json(problems)
    else:
        screen.table(("model", "state"), [(name, "; ".join(found) or "well") for name, found in problems.items()])
    if bad := [name for name, found in problems.items() if found]:
        raise Failure(f"{', '.join(bad)}: damaged; mend with clara models fetch {' '.join(bad)}")


@app.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `clara models list` names them.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Take models off the disk."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    store = setup.open_store(setup.settings)
    for name in ids:
        store.remove(name)
        screen.remark(f"{name} is removed")
    if as_json:
        screen.json({"removed": ids})


def as_dict(entry: "Entry") -> dict[str, object]:
    """A model for a program."""
    model = entry.model
    return {
        "id": model.id,
        "role": model.role,
        "tier": model.tier,
        "bytes": model.bytes,
        "licence": model.licence,
        "installed": entry.installed,
        "note": model.note,
    }


def size(count: int) -> str:
    """Bytes for people."""
    return f"{count / 1e6:,.1f} MB"

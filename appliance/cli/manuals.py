"""`clara manuals`: finding a manual on the box or on the web, and the wishes for those that are still to come."""

import asyncio
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson, PersonName
from appliance.cli.screen import Screen
from appliance.cli.setup import Progress, given

if TYPE_CHECKING:
    from appliance.manuals.here import Here
    from appliance.manuals.manuals import Manuals
    from appliance.manuals.taken import Taken
    from appliance.manuals.wish import Granted
    from corpora.web.result import Result

app = typer.Typer(help="Manuals: found on the box or on the web.", no_args_is_help=True)


@dataclass(slots=True)
class Found:
    """What came of looking for a manual."""

    wanted: str
    here: "list[Here]"
    closed: str = ""
    """Why the web was not asked, or did not answer."""
    results: "tuple[Result, ...]" = ()
    taken: "Taken | None" = None
    wish: str | None = None
    """Id of the wish that was kept."""


@app.command()
def find(
    context: typer.Context,
    wanted: Annotated[str, typer.Argument(help='What is wanted: "manual for the Notifier NFS2-3030".')],
    person: PersonName = "",
    take: Annotated[int | None, typer.Option(min=1, metavar="NUMBER", help="Add the result of this number.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Add the best result without asking.")] = False,
    web: Annotated[bool, typer.Option("--web", help="Ask the web even when the box has it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look for a manual on the box, then on the web; without a link the wish is kept until there is one."""
    screen, setup = Screen(as_json=as_json), given(context)
    settings = setup.settings
    if not wanted.strip():
        raise typer.BadParameter("say what is wanted", param_hint="WANTED")
    relay = Relay()
    with asyncio.Runner() as runner, setup.open_manuals(settings, relay.tell) as manuals:
        with screen.progress() as relay.to:
            found = Found(wanted, manuals.here(wanted))
            if web or take or not any(one.about for one in found.here):
                runner.run(search(manuals, found, person or settings.person.name))
        show(screen, found)
        if chosen := chosen_of(found, take, yes=yes) or (None if as_json else asked(found)):
            screen.remark(f"fetching {chosen.url}")
            with screen.progress() as relay.to:
                found.taken = runner.run(manuals.take(chosen.url))
    if as_json:
        screen.json(asdict(found))
    elif found.taken:
        screen.say(told(found.taken))


class Relay:
    """Passes progress on to whoever shows it now: no bar stands on the screen while a person is asked."""

    def __init__(self) -> None:
        self.to: Progress = silent

    def tell(self, what: str, done: int, total: int) -> None:
        """Pass it on."""
        self.to(what, done, total)


def silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


async def search(manuals: "Manuals", found: Found, person: str) -> None:
    """Ask the web; when it may not or can't be asked, keep the wish."""
    from corpora.errors import FetchError

    found.closed = await manuals.closed() or ""
    try:
        found.results = () if found.closed else tuple(await manuals.find(found.wanted))
    except FetchError as error:
        found.closed = str(error)
    if found.closed:
        found.wish = manuals.wish(found.wanted, person)


def show(screen: Screen, found: Found) -> None:
    """Print what there is, the web's results numbered."""
    if screen.as_json:
        return
    for one in found.here:
        name = " ".join(part for part in (one.title, one.edition) if part)
        screen.say(f"{'On this box' if one.about else 'Named on this box'}: {name} ({one.pack})")
    rows = [(str(number), one.title, one.host, one.kind) for number, one in enumerate(found.results, 1)]
    if rows:
        screen.table(("", "title", "host", "type"), rows, numbers=("",))
    elif found.wish:
        screen.say(f"The web was not asked: {found.closed}. The wish is kept, and fetched when that has changed.")
    elif not found.here:
        screen.say("Nothing was found, neither on this box nor on the web.")


def chosen_of(found: Found, take: int | None, *, yes: bool) -> "Result | None":
    """The result that the options choose, if they choose one."""
    from corpora.identifiers import asked_models

    if take and found.results:
        if take > len(found.results):
            raise Failure(f"there is no result {take}: {len(found.results)} were found")
        return found.results[take - 1]
    if not (yes and found.results):
        return None
    models = asked_models(found.wanted)
    if models and not found.results[0].names(models):
        raise Failure("no result names the model that was asked for; look at them, and choose one with --take NUMBER")
    return found.results[0]


def asked(found: Found) -> "Result | None":
    """The result that a person at the terminal chooses."""
    if not (found.results and sys.stdin.isatty()):
        return None
    number = typer.prompt("Add which one to the library? (0: none)", type=int, default=0, err=True)
    return found.results[number - 1] if 1 <= number <= len(found.results) else None


@app.command()
def wishes(
    context: typer.Context,
    drop: Annotated[str, typer.Option(metavar="ID", help="Wish for this one no longer.")] = "",
    *,
    every: Annotated[bool, typer.Option("--all", help="Those too that were granted or dropped.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the manuals that are wished for."""
    screen, setup = Screen(as_json=as_json), given(context)
    with setup.open_manuals(setup.settings, silent) as manuals:
        if drop:
            if drop not in {wish.id for wish in manuals.wishes()}:
                raise Failure(f"no wish {drop} is open; `clara manuals wishes` lists them")
            manuals.settle(drop, "dropped", "", setup.settings.person.name)
        found = manuals.wishes(None if every else "open")
    if as_json:
        screen.json([asdict(wish) for wish in found])
    elif found:
        rows = [(one.id, one.text, f"{one.at:%Y-%m-%d}", one.actor, one.status, one.outcome) for one in found]
        screen.table(("id", "wanted", "since", "by", "state", "outcome"), rows)
    else:
        screen.remark("no manual is wished for")


@app.command()
def fetch(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Fetch what is wished for; only what names the very model is taken unasked."""
    screen, setup = Screen(as_json=as_json), given(context)
    with (
        asyncio.Runner() as runner,
        screen.progress() as progress,
        setup.open_manuals(setup.settings, progress) as manuals,
    ):
        granted = runner.run(granting(manuals, screen))
    if as_json:
        screen.json([asdict(one) for one in granted])
    elif not granted:
        screen.remark("no manual is wished for")


async def granting(manuals: "Manuals", screen: Screen) -> "list[Granted]":
    """Grant the wishes, telling of each as it is done."""
    done = []
    async for one in manuals.grant():
        done.append(one)
        if not screen.as_json:
            screen.say(f"{one.wish.text}: {told(one.taken) if one.taken else one.why}")
    return done


def told(taken: "Taken") -> str:
    """What was added, in a line, and what its owner should know below it."""
    lines: list[Any] = [f"{', '.join(taken.documents)}: {taken.passages} passages, from {taken.url}", *taken.problems]
    return "\n".join(lines)

"""`clara chat`: questions one after the other."""

import asyncio
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from appliance.cli.ask import LONGEST
from appliance.cli.failure import one_line
from appliance.cli.options import AsJson, PersonName, Quiet
from appliance.cli.reply import as_dict, show
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.box import Box
    from appliance.turn.answer import Answer

ENDINGS = {"exit", "quit", "bye"}


def chat(context: typer.Context, person: PersonName = "", *, as_json: AsJson = False, quiet: Quiet = False) -> None:
    """Ask line after line, until "exit" or Ctrl-D. With --json, one line of JSON for each question."""
    screen = Screen(as_json=as_json, quiet=quiet)
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, runner):
        for line in lines(screen):
            reply(screen, box, runner, line, person)


def lines(screen: Screen) -> Iterator[str]:
    """What is typed, until the end."""
    asking = sys.stdin.isatty() and not screen.as_json
    while True:
        if asking:
            typer.echo("? ", nl=False, err=True)
        line = sys.stdin.readline()
        if not line or line.strip().lower() in ENDINGS:
            return
        if line.strip():
            yield line.strip()


def reply(screen: Screen, box: "Box", runner: asyncio.Runner, line: str, person: str) -> None:
    """Answer one line; what fails is told and the next line is waited for."""
    from appliance.ear.errors import EarError
    from corpora.errors import CorpusError
    from models.errors import ModelError
    from sync.errors import SyncError

    try:
        if len(line) > LONGEST:
            tell(screen, f"the question is longer than {LONGEST:,} characters")
            return
        answer = runner.run(ask(box, line, person))
    except (EarError, ModelError, CorpusError, SyncError) as error:
        tell(screen, str(error))
        return
    if screen.as_json:
        screen.json(as_dict(answer, None, None, online=box.online))
    else:
        show(screen, answer)
        screen.say()


async def ask(box: "Box", line: str, person: str) -> "Answer":
    """Ask, and let the record of it start on its way before the loop rests at the prompt."""
    answer = await box.ask(line, person)
    await asyncio.sleep(0)
    return answer


def tell(screen: Screen, trouble: str) -> None:
    """Say what failed, where the reader looks."""
    if screen.as_json:
        screen.json({"error": trouble})
    else:
        typer.echo(f"clara: {one_line(trouble)}", err=True)

"""The tree of commands."""

from typing import Annotated

import typer

from appliance.cli import (
    chat,
    check,
    corpora,
    demo,
    gaps,
    jobs,
    manuals,
    measure,
    models,
    people,
    rooms,
    settings,
    sync,
    talk,
    up,
)
from appliance.cli.ask import ask


def version(value: bool) -> None:  # noqa: FBT001 - typer calls it
    """Print the version and end."""
    if value:
        typer.echo(check.release())
        raise typer.Exit


def root(
    *,
    _: Annotated[bool, typer.Option("--version", callback=version, is_eager=True, help="Print the version.")] = False,
) -> None:
    """Clara: ask about equipment, codes, customers and jobs; every answer names its source."""


def program() -> typer.Typer:
    """Give the whole tree."""
    # Plain help: the decorated one takes as long to import as everything else together.
    tree = typer.Typer(
        no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None
    )
    tree.callback()(root)
    for verb in (ask, chat.chat, talk.talk, up.up, demo.demo, check.check):
        tree.command()(verb)
    for noun, name in (
        (models, "models"),
        (corpora, "corpora"),
        (jobs, "jobs"),
        (gaps, "gaps"),
        (sync, "sync"),
        (manuals, "manuals"),
        (people, "people"),
        (rooms, "rooms"),
        (settings, "settings"),
    ):
        tree.add_typer(noun.app, name=name)
    tree.add_typer(measure.app, name="bench")
    tree.command("eval", context_settings=measure.PASSING)(measure.evaluate)
    return tree

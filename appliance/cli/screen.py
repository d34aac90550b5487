"""What is printed: results to stdout, progress and remarks to stderr, plain where nobody looks."""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from appliance.cli.setup import Progress

if TYPE_CHECKING:
    from rich.console import Console

FIRST_S, BETWEEN_S = 2.0, 10.0
"""Seconds before the first plain line of progress of a thing, and between two."""


class Screen:
    """One command's output."""

    def __init__(self, *, as_json: bool = False, quiet: bool = False) -> None:
        """`as_json`: the result is JSON and nothing else is printed; `quiet`: only the result is."""
        self.as_json = as_json
        self.quiet = quiet

    def json(self, value: Any) -> None:
        """Print a result as one line of JSON."""
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))

    def say(self, text: str = "", style: str = "") -> None:
        """Print a text as it is: nothing in it is taken for markup or a terminal's command."""
        console().print(clean(text), style=style or None, markup=False, highlight=False, emoji=False, soft_wrap=True)

    def remark(self, text: str) -> None:
        """Say beside the result what is going on; not in JSON, not when quiet."""
        if not (self.as_json or self.quiet):
            typer.echo(clean(text), err=True)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str] = ()) -> None:
        """Print a table; `numbers`: heads of the columns that are set to the right."""
        from rich import box
        from rich.table import Table
        from rich.text import Text

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for head in heads:
            table.add_column(head, justify="right" if head in numbers else "left", overflow="fold")
        for row in rows:
            table.add_row(*(Text(clean(cell)) for cell in row))
        wide(table) if not sys.stdout.isatty() else console().print(table)

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Give something to tell progress to: bars for a person, lines for a log, nothing for a program."""
        if self.as_json or self.quiet:
            yield lambda _what, _done, _total: None
        elif sys.stderr.isatty():
            with bars() as tell:
                yield tell
        else:
            yield Lines().tell


class Lines:
    """Progress as plain lines: none before two seconds have gone by, and then seldom."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.said = clock()
        self.what = ""

    def tell(self, what: str, done: int, total: int) -> None:
        """Print a line when a thing takes long, seldom after that, and the end of what was spoken of."""
        now = self.clock()
        wait = BETWEEN_S if what == self.what else FIRST_S
        if now - self.said < wait and not (what == self.what and done == total):
            return
        self.what, self.said = "" if done == total else what, now
        share = f" {100 * done // total} %" if total else ""
        typer.echo(f"{clean(what)}{share}", err=True)


@contextmanager
def bars() -> Iterator[Progress]:
    """Progress as bars on stderr that go away when all is done."""
    from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=console(stderr=True), transient=True) as shown:

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = shown.add_task(clean(what), total=total or None)
            shown.update(tasks[what], completed=done, total=total or None)

        yield tell


def console(*, stderr: bool = False) -> "Console":
    """A rich console on today's stdout or stderr."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, emoji=False)


def wide(table: Any) -> None:
    """Print a table for a program or a file: no line is folded to a terminal's width."""
    from rich.console import Console

    Console(width=400, highlight=False, emoji=False, no_color=True).print(table)


def clean(text: str) -> str:
    """Without what a terminal would obey: control characters other than line break and tab."""
    return "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text)

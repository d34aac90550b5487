"""`clara corpora add`, `documents`, `remove`: a customer's own manuals, taken in, listed and taken off again."""

import os
import re
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.setup import given

if TYPE_CHECKING:
    from corpora.adding import File, Report, Wish
    from corpora.stock import Document

COLUMNS = ("file", "id", "format", "pages", "passages", "scanned", "first s", "seconds", "pages/s", "remark")
NUMBERS = ("pages", "passages", "scanned", "first s", "seconds", "pages/s")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (add, documents, remove):
        app.command()(command)


def add(
    context: typer.Context,
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|URL]...", help="Files, folders, ZIPs, web addresses; none: finish a killed add."),
    ] = None,
    title: Annotated[str, typer.Option(help="What people call the document; default: as its first page says.")] = "",
    edition: Annotated[str, typer.Option(help='"2023", "Rev B"; default: as its first page says.')] = "",
    system: Annotated[str, typer.Option(help='Which system it is about, such as "fire pump".')] = "",
    maker: Annotated[str, typer.Option(help="Whose product it is about.")] = "",
    model: Annotated[str, typer.Option(help="Which product it is about.")] = "",
    pack: Annotated[str, typer.Option(help="Under which name to keep them together.")] = "documents",
    *,
    as_json: AsJson = False,
) -> None:
    """Take documents in: PDF, HTML, Markdown, DOCX, XLSX, CSV, JSON, text, EPUB, ZIP of these."""
    from appliance.stocking import open_shelf
    from corpora import adding

    screen, settings = Screen(as_json=as_json), given(context).settings
    wish = wished(title, edition, system, maker, model, pack)
    reports: list[Report] = []
    pace = Pace()
    try:
        with ExitStack() as stack:
            progress = stack.enter_context(screen.progress())
            shelf = stack.enter_context(open_shelf(settings, progress))
            if pack in shelf.packs:
                raise Failure(f"{pack} is an installed pack's name; give another to --pack")
            stack.enter_context(shelf.stock.writing())
            found = files(what or (), Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clara-"))))
            for report in adding.add(shelf.stock, found, wish, shelf.shelve, progress):
                reports.append(report)
                pace.note(report)
    finally:
        tell(screen, reports, pace)
    bad = [report.problem for report in reports if report.document is None]
    if bad:
        raise Failure(f"{len(bad)} of {len(reports)} files could not be added: {'; '.join(bad)}")
    if not reports:
        raise Failure(f"no file is in {', '.join(what)}" if what else "no add was left unfinished; give it a PATH")


def documents(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List the documents that were added, with their ids."""
    from corpora.stock import DOCUMENTS, Stock

    screen = Screen(as_json=as_json)
    found, problems = Stock(given(context).settings.place.data / DOCUMENTS).survey()
    if as_json:
        screen.json({"documents": [one.model_dump() for one in found], "problems": problems})
    elif found:
        rows = [
            (one.id, one.title, one.edition, one.format, str(one.pages), str(one.passages), state(one)) for one in found
        ]
        heads = ("id", "title", "edition", "format", "pages", "passages", "remark")
        screen.table(heads, rows, numbers=("pages", "passages"))
    elif not problems:
        screen.remark("no document was added yet: clara corpora add PATH")
    if problems:
        raise Failure("; ".join(problems))


def remove(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="As `clara corpora documents` lists it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Take a document off the box, its original included."""
    from appliance.stocking import open_shelf
    from corpora import adding

    screen = Screen(as_json=as_json)
    with screen.progress() as progress, open_shelf(given(context).settings, progress) as shelf, shelf.stock.writing():
        gone = adding.remove(shelf.stock, identity, shelf.shelve)
    if as_json:
        screen.json({"removed": gone.id, "title": gone.title})
    else:
        screen.say(f"{gone.title or gone.file} is off the box.")


def wished(title: str, edition: str, system: str, maker: str, model: str, pack: str) -> "Wish":
    """What a person says of the documents, checked."""
    from corpora.adding import Wish
    from corpora.requirement import SYSTEMS

    if system and system not in SYSTEMS:
        raise Failure(f"{system!r} is no known system; take one of {', '.join(SYSTEMS)}")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", pack):
        raise Failure(f"{pack!r} is no name for a pack; take small letters, figures and hyphens")
    return Wish(pack, title, edition, system, maker, model)


def files(what: Sequence[str], incoming: Path) -> Iterator["File"]:
    """Give the files of paths and addresses, one at a time; what is fetched lies in `incoming` until it is added."""
    from corpora import adding

    for one in what:
        if one.lower().startswith(("http://", "https://")):
            yield from fetched(one, incoming)
        else:
            yield from adding.files([Path(one)])


def fetched(url: str, incoming: Path) -> Iterator["File"]:
    """Give the file behind an address, or those in the archive behind it."""
    import asyncio

    from corpora import adding
    from corpora.errors import FetchError
    from corpora.web.address import checked, reached
    from corpora.web.fetch import Fetched, Fetcher

    async def fetch() -> Fetched:
        try:
            await reached(checked(url), private=False)
        except FetchError:
            # Whoever types an address of the own network means it; a page of the web that leads there does not.
            return await Fetcher(private=True).fetch(url, incoming)
        return await Fetcher().fetch(url, incoming)

    try:
        got = asyncio.run(fetch())
    except FetchError as error:
        yield adding.File(url, None, url, str(error))
        return
    for file in adding.files([got.path]):
        yield replace(file, source=got.url)
    got.path.unlink(missing_ok=True)


@dataclass(slots=True)
class Pace:
    """How fast documents came in, in seconds since this process began."""

    pages: int = 0
    first: float = 0.0
    """When the first pages could be found."""
    last: float = 0.0
    """When the last could."""

    def note(self, report: "Report") -> None:
        """Count a file in that was added just now."""
        if report.document and not report.known:
            self.last = age()
            self.first = self.first or self.last - report.document.seconds + report.first
            self.pages += report.document.pages

    def __str__(self) -> str:
        """Say it."""
        said = f"first pages searchable after {self.first:.1f} s, all {self.pages} after {self.last:.1f} s"
        return f"{said}: {self.pages / self.last:.1f} pages/s, the start of the command included"


def age() -> float:
    """Give the seconds since this process began, as the kernel has it: imports are counted."""
    began = int(Path("/proc/self/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[19])
    return time.clock_gettime(time.CLOCK_BOOTTIME) - began / os.sysconf("SC_CLK_TCK")


def tell(screen: Screen, reports: Sequence["Report"], pace: Pace) -> None:
    """Show what became of each file."""
    if screen.as_json:
        screen.json([summary(report) for report in reports])
        return
    if reports:
        screen.table(COLUMNS, [row(report) for report in reports], numbers=NUMBERS)
    if pace.pages:
        screen.say(str(pace))
    if any(report.document and report.document.specs and not report.known for report in reports):
        screen.remark("a running box has the texts by now; the models in tables it has, unreviewed, once started again")


def row(report: "Report") -> tuple[str, ...]:
    """One line of the table."""
    one = report.document
    if one is None:
        return (report.name, "", "", "", "", "", "", "", "", f"refused: {report.problem}")
    if report.known:
        return (report.name, one.id, one.format, "", "", "", "", "", "", f"is here already: {one.title}")
    pace = f"{one.pages / one.seconds:.1f}" if one.seconds else ""
    figures = (str(one.pages), str(one.passages), str(one.scanned), f"{report.first:.1f}", f"{one.seconds:.1f}", pace)
    return (report.name, one.id, one.format, *figures, state(one))


def state(document: "Document") -> str:
    """What to know of a document beyond its figures."""
    read = ["half read: `clara corpora add` finishes it"] if document.state == "reading" else []
    specs = [f"{document.specs} models in tables"] if document.specs else []
    return "; ".join([*read, *specs, *document.problems])


def summary(report: "Report") -> dict[str, object]:
    """One file for a program."""
    known = report.document.model_dump() if report.document else {}
    return {"name": report.name, "problem": report.problem, "known": report.known, "first": report.first, **known}

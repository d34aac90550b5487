"""`clara corpora read`: a document of the library from its beginning, headings and passages in order."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from appliance.cli.failure import Failure
from appliance.cli.narrow import narrowed
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

if TYPE_CHECKING:
    from appliance.settings import Settings
    from corpora.filters import Filter
    from corpora.passage import Passage
    from corpora.revision import Listed


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(read)


def read(
    context: typer.Context,
    what: Annotated[
        str, typer.Argument(metavar="ID|TITLE", help="As `clara corpora documents` or `clara corpora list` has it.")
    ],
    edition: Annotated[str, typer.Option(help="Which edition of it.")] = "",
    pack: Annotated[str, typer.Option(help="Which pack's, when two have one of that title.")] = "",
    start: Annotated[int, typer.Option(min=1, metavar="NUMBER", help="The first passage to give.")] = 1,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many passages at most.")] = 100,
    *,
    as_json: AsJson = False,
) -> None:
    """Read a document of the library in its order, a hundred passages at a time."""
    screen, setup = Screen(as_json=as_json), given(context)
    with session(setup, setup.settings, screen) as (box, _):
        keep = kept(setup.settings, box.library.shelves(), what, edition, pack)
        stretch = box.library.contents(keep, start - 1, limit)
    if not stretch.total:
        raise Failure(f"{what} is not in the index yet: `clara corpora add` without a path finishes what was left")
    if start > stretch.total:
        raise Failure(f"there is no passage {start}: it has {stretch.total}")
    if as_json:
        screen.json(asdict(stretch))
        return
    show(screen, stretch.passages)
    end = stretch.start + len(stretch.passages)
    if end < stretch.total:
        screen.remark(f"{end} of {stretch.total} passages; --start {end + 1} goes on")


def kept(settings: "Settings", shelves: "Sequence[Listed]", what: str, edition: str, pack: str) -> "Filter":
    """Give the filter for one document, by its id in the stock or its title. Raises `Failure`."""
    from corpora.stock import DOCUMENTS, Stock

    added = Stock(settings.place.data / DOCUMENTS).find(what)
    if added is not None:
        own = {"edition": added.edition, "pack": added.pack}
        if wrong := [name for name, said in (("edition", edition), ("pack", pack)) if said not in {"", own[name]}]:
            raise Failure(f"{what} is of the {wrong[0]} {own[wrong[0]]!r}; leave --{wrong[0]} out")
        return added.place
    keep = narrowed(shelves, {"document": what, "edition": edition, "pack": pack})
    packs = sorted({one.pack for one in shelves if one.document == keep.document})
    if keep.pack is None and len(packs) > 1:
        raise Failure(f"{keep.document} is in {len(packs)} packs; say which with --pack: {', '.join(packs)}")
    return keep


def show(screen: Screen, passages: "Sequence[Passage]") -> None:
    """Print passages, each heading where it begins, and the edition where they differ by it."""
    several = len({one.edition for one in passages}) > 1
    above: tuple[str, ...] = ()
    for one in passages:
        if one.heading != above:
            screen.say(" > ".join(one.heading) or one.document, "bold")
            above = one.heading
        place = [one.edition] if several and one.edition else []
        place += [f"§{one.section}"] if one.section else []
        place += [f"page {one.page}"] if one.page is not None else []
        screen.say(f"  [{', '.join(place)}] {one.text}\n" if place else f"  {one.text}\n")

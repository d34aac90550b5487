"""`clara corpora`: the texts on this box."""

from dataclasses import asdict
from typing import Annotated

import typer

from appliance.cli import corpora_eval, corpora_read, documents, packs
from appliance.cli.narrow import narrowed
from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

app = typer.Typer(help="Texts: what is on the box, and searching it.", no_args_is_help=True)
documents.register(app)
packs.register(app)
corpora_eval.register(app)
corpora_read.register(app)


@app.command("list")
def show(context: typer.Context, *, as_json: AsJson = False) -> None:
    """List every document, and how many passages it has."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, _):
        documents = box.library.documents()
    if as_json:
        screen.json([document.model_dump() for document in documents])
        return
    rows = [(one.pack, one.document, one.edition, str(one.passages)) for one in documents]
    screen.table(("pack", "document", "edition", "passages"), rows, numbers=("passages",))


@app.command()
def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(help="Words or a section number.")],
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many passages at most.")] = 8,
    system: Annotated[str, typer.Option(help='Keep to one system, such as "fire pump".')] = "",
    maker: Annotated[str, typer.Option(help="Keep to one maker's texts.")] = "",
    model: Annotated[str, typer.Option(help="Keep to one product's, however its number is written.")] = "",
    edition: Annotated[str, typer.Option(help='Keep to one edition, such as "2017" or "Rev B".')] = "",
    language: Annotated[str, typer.Option(help='Keep to one language, such as "en".')] = "",
    pack: Annotated[str, typer.Option(help="Keep to one pack.")] = "",
    document: Annotated[str, typer.Option(help="Keep to one document, by its title.")] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Search the passages, best first."""
    from corpora.filters import EVERYTHING

    screen = Screen(as_json=as_json)
    wanted = {
        "system": system, "maker": maker, "model": model, "edition": edition, "language": language, "pack": pack,
        "document": document,
    }  # fmt: skip
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, _):
        keep = narrowed(box.library.shelves(), wanted) if any(wanted.values()) else EVERYTHING
        hits = box.library.search(query, limit, keep)
    if as_json:
        screen.json([asdict(hit) for hit in hits])
        return
    for hit in hits:
        passage = hit.passage
        place = " > ".join((passage.document, *passage.heading))
        screen.say(f"{hit.score:.2f}  {place}" + (f"  §{passage.section}" if passage.section else ""), "bold")
        screen.say(f"      {passage.text}\n")
    if not hits:
        screen.remark("nothing found")


@app.command()
def build(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Index the texts anew."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    with screen.progress() as progress:
        passages = setup.build_library(setup.settings, progress)
    if as_json:
        screen.json({"passages": passages})
    else:
        screen.say(f"{passages} passages are indexed.")

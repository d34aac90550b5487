"""`clara gaps`: questions that the sources did not answer, and answers that somebody called wrong, for an analyst."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

if TYPE_CHECKING:
    from sync.reader import Records

app = typer.Typer(help="What the box did not know, and what was wrong.", no_args_is_help=True)


@app.command("list")
def show(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many at most.")] = 100,
    *,
    wrong: Annotated[bool, typer.Option("--wrong", help="Only answers that somebody called wrong.")] = False,
    as_json: AsJson = False,
) -> None:
    """List them, the latest first, each with what was answered where that is known."""
    screen, setup = Screen(as_json=as_json), given(context)
    with session(setup, setup.settings, screen) as (box, _):
        found = listed(box.records, limit, wrong=wrong)
    if as_json:
        screen.json(found)
        return
    rows = [
        (f"{one['at']:%Y-%m-%d %H:%M}", one["actor"], one["question"], remark(one), one["said"], one["id"])
        for one in found
    ]
    if rows:
        screen.table(("at", "who", "question", "what is wrong", "answer", "id"), rows)
    else:
        screen.remark(
            "no answer was called wrong" if wrong else "every question was answered, and nothing called wrong"
        )


def listed(records: "Records", limit: int, *, wrong: bool) -> list[dict[str, Any]]:
    """Give gaps, the latest first, each with the answer's words."""
    gaps = [gap for gap in reversed(records.gaps()) if gap.answer or not wrong][:limit]
    said = records.said({gap.answer for gap in gaps if gap.answer})
    return [asdict(gap) | {"said": said.get(gap.answer, "")} for gap in gaps]


def remark(gap: dict[str, Any]) -> str:
    """Say why it is here."""
    return (gap["note"] or "(no note)") if gap["answer"] else "the sources do not say"

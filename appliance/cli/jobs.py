"""`clara jobs`: the work that is planned."""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import typer

from appliance.cli.options import AsJson
from appliance.cli.screen import Screen
from appliance.cli.session import session
from appliance.cli.setup import given

app = typer.Typer(help="Jobs.", no_args_is_help=True)
Status = Literal["scheduled", "en_route", "in_progress", "completed", "cancelled"]


def day_of(text: str) -> date:
    """`today`, `tomorrow` or a date, 2026-11-22."""
    today = datetime.now().astimezone().date()
    if text in {"today", "tomorrow"}:
        return today + timedelta(days=text == "tomorrow")
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter("write today, tomorrow or a date such as 2026-11-22") from error


@app.command("list")
def show(
    context: typer.Context,
    day: Annotated[date | None, typer.Option(parser=day_of, metavar="DAY", help="today, tomorrow, 2026-11-22.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only jobs in this state.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List the jobs, first one first."""
    screen = Screen(as_json=as_json)
    setup = given(context)
    with session(setup, setup.settings, screen) as (box, _):
        jobs = box.records.jobs(day, status)
        names = {customer.id: customer.name for customer in box.records.customers()}
        demo = box.records.demo
    if as_json:
        screen.json([asdict(job) | {"demo": demo} for job in jobs])
        return
    rows = [
        (f"{job.starts:%a %d %b %H:%M}", names.get(job.customer_id, ""), job.title, job.status, job.priority, job.id)
        for job in jobs
    ]
    screen.table(("starts", "customer", "job", "status", "priority", "id"), rows)
    if demo:
        screen.remark("These are demo records: people and figures are invented.")

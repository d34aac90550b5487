"""`clara eval`: ask the project's own questions, grade the answers, exit 1 below the goals.

`python -m tests.eval [--set SET] [--class spec] [--json]`. The box is the real one in a temporary data folder with the
models of the usual store and the demo records; it never asks the cloud.
"""

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from rich.console import Console

from appliance import wiring
from appliance.turn.answer import Answer
from tests.eval.demo import demo_box
from tests.eval.grade import grade
from tests.eval.question import KINDS, Question, load
from tests.eval.report import Outcome, Report, as_json, tell

SETS = {
    "dev": "for tuning",
    "test": "the goals are for this one",
    "held": "written after dev and test were tuned on",
    "late": "written after those three",
    "practice_a": "blurted: specs, records, calculations, misheard; for tuning",
    "practice_b": "in the hardest slang: requirements, texts; for tuning",
    "fresh": "blurted, never tuned on",
}
"""Question sets, and what each is worth."""
Ask = Callable[[str], Awaitable[Answer]]


async def run(ask: Ask, questions: Iterable[Question], today: date | None = None) -> Report:
    """Ask every question, one after the other, and grade what comes back; `today` is the box's day."""
    day, outcomes = today or wiring.today(), []
    for question in questions:
        answer = await ask(question.text)
        outcomes.append(Outcome(question, answer, grade(question, answer, day)))
    return Report(tuple(outcomes))


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="clara eval", description="Answer the project's own questions.")
    parser.add_argument("--set", choices=SETS, default="test", help="; ".join(f"{k}: {v}" for k, v in SETS.items()))
    parser.add_argument("--class", dest="kind", choices=KINDS, help="only this class")
    parser.add_argument("--local", action="store_true", help="with the language model of the box")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    return parser.parse_args(given)


async def evaluate(wanted: argparse.Namespace) -> Report:
    """Open the box and ask."""
    today = wiring.today()
    questions = [one for one in load(wanted.set, today) if wanted.kind in {None, one.kind}]
    async with demo_box(local=wanted.local) as box:
        return await run(box.ask, questions, today)


def main(given: list[str] | None = None) -> int:
    """Run and report; 0 when every goal is reached, else 1."""
    wanted = arguments(given)
    report = asyncio.run(evaluate(wanted))
    if wanted.json:
        json.dump(as_json(report), sys.stdout, indent=2, ensure_ascii=False)
        sys.stdout.write("\n")
    else:
        tell(report, Console(width=None if sys.stdout.isatty() else 120))
    return 0 if report.good else 1

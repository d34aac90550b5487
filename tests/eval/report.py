"""What a run of questions came to, per class and as a whole, and how it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from appliance.turn.answer import Answer
from tests.eval.grade import Grade
from tests.eval.question import KINDS, Question

GOALS = {"accuracy": 0.95, "abstained": 0.95, "cited": 0.95}
"""Least shares: right among the answerable, abstained among the unanswerable, cited among the answered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, its answer and the grade."""

    question: Question
    answer: Answer
    grade: Grade


@dataclass(frozen=True, slots=True)
class Report:
    """All outcomes."""

    outcomes: tuple[Outcome, ...]

    def of(self, kind: str) -> "Report":
        """Keep to one class."""
        return Report(tuple(outcome for outcome in self.outcomes if outcome.question.kind == kind))

    @property
    def answerable(self) -> list[Outcome]:
        """Those that a source answers."""
        return [outcome for outcome in self.outcomes if not outcome.question.abstain]

    @property
    def unanswerable(self) -> list[Outcome]:
        """Those that no source answers."""
        return [outcome for outcome in self.outcomes if outcome.question.abstain]

    @property
    def accuracy(self) -> float:
        """Share of right answers among the answerable; 1.0 when there are none."""
        return share([outcome.grade.right for outcome in self.answerable])

    @property
    def abstained(self) -> float:
        """Share of the unanswerable that were rightly left open."""
        return share([outcome.grade.right for outcome in self.unanswerable])

    @property
    def cited(self) -> float:
        """Share of right citations among the answerable that were answered."""
        return share([outcome.grade.cited for outcome in self.answerable if not outcome.grade.abstained])

    @property
    def ungrounded(self) -> int:
        """Number of figures that stand in no source."""
        return sum(len(outcome.grade.ungrounded) for outcome in self.outcomes)

    @property
    def misses(self) -> list[Outcome]:
        """Everything that was not as it should be."""
        return [outcome for outcome in self.outcomes if outcome.grade.why]

    @property
    def good(self) -> bool:
        """Tell whether every goal is reached."""
        reached = all(getattr(self, name) >= goal for name, goal in GOALS.items())
        return bool(self.outcomes) and reached and self.ungrounded == 0


def share(flags: Sequence[bool]) -> float:
    """Give the share of True; 1.0 of nothing."""
    return sum(flags) / len(flags) if flags else 1.0


def as_json(report: Report) -> dict[str, Any]:
    """Give everything for `--json`."""
    return {
        "good": report.good,
        "goals": GOALS | {"ungrounded": 0},
        "all": _figures(report),
        "classes": {kind: _figures(report.of(kind)) for kind in KINDS if report.of(kind).outcomes},
        "misses": [_miss(outcome) for outcome in report.misses],
    }


def _figures(report: Report) -> dict[str, float]:
    return {
        "questions": len(report.outcomes),
        "accuracy": round(report.accuracy, 4),
        "abstained": round(report.abstained, 4),
        "cited": round(report.cited, 4),
        "ungrounded": report.ungrounded,
    }


def _miss(outcome: Outcome) -> dict[str, Any]:
    question, answer = outcome.question, outcome.answer
    return {
        "id": question.id,
        "asked": question.text,
        "understood": answer.asked,
        "intent": answer.intent,
        "said": answer.said,
        "citations": [citation.text() for citation in answer.citations],
        "abstained": answer.abstained,
        "expected": expected(question),
        "why": outcome.grade.why,
    }


def expected(question: Question) -> str:
    """What a right answer has, in one line."""
    if question.abstain:
        return f"to abstain ({question.note.removeprefix('none:')})"
    figures = " and ".join("/".join(group) for group in question.figures)
    return f"{figures} by {' '.join('/'.join(group) for group in question.cites)} ({question.note})"


def tell(report: Report, console: Console) -> None:
    """Print the table per class and every miss."""
    table = Table("class", "questions", "right", "abstained", "cited", "ungrounded", title="clara eval")
    for kind in KINDS:
        if (part := report.of(kind)).outcomes:
            table.add_row(kind, *_cells(part))
    table.add_row("all", *_cells(report), style="bold")
    table.add_row("goal", "", "95 %", "95 %", "95 %", "0")
    console.print(table)
    for outcome in report.misses:
        _tell_miss(outcome, console)
    console.print("Every goal is reached." if report.good else "Below the goals.")


def _cells(report: Report) -> tuple[str, ...]:
    right = percent(report.accuracy) if report.answerable else "-"
    abstained = percent(report.abstained) if report.unanswerable else "-"
    cited = percent(report.cited) if report.answerable else "-"
    return str(len(report.outcomes)), right, abstained, cited, str(report.ungrounded)


def percent(part: float) -> str:
    """Write a share: "97.5 %"."""
    return f"{part * 100:.1f} %"


def _tell_miss(outcome: Outcome, console: Console) -> None:
    row = _miss(outcome)
    console.print(f"\n{row['id']}: {row['why']}", style="bold", markup=False, highlight=False)
    for label in ("asked", "understood", "intent", "said", "citations", "expected"):
        if label != "understood" or row["understood"] != row["asked"]:
            console.print(f"  {label}: {row[label]}", markup=False, highlight=False)

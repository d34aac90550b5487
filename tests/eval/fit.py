"""`python -m tests.eval.fit`: fit the weights of `appliance.turn.match` to questions whose answers are known.

Positive pairs are a tuning question and the row or passage that its note names; negative pairs are that question and
the other things that look nearest, and every near miss with what looks nearest to it. The held-out sets take no part.
Prints the weights to be written down in the sources, and how many questions the best thing answers at 0.5.
"""

import asyncio
import re
import sys
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console

from appliance import wiring
from appliance.box import Box
from appliance.turn import passage_source, requirement_source
from appliance.turn.match import Weights, lead
from tests.eval.demo import demo_box
from tests.eval.question import Question, load
from tests.eval.question import near as near_misses

TUNING = ("dev", "test", "held", "late", "practice_a", "practice_b")
ELSEWHERE = frozenset({
    "jobs", "due", "reading", "deficiency", "preference", "smalltalk", "control", "outofscope", "customer",
})  # fmt: skip
"""Intents that never look into the texts."""
CANDIDATES = 15
"""Things that look nearest to a question, for its pairs."""
RIDGE = 1e-4
HEED = 0.3
"""How much a question of practice_b counts, which is in far harder slang than most people talk."""
SIGNS = np.array([1, 1, 1, 1, 1, 1, -1, -1, -1])
"""Which way round each kind of evidence counts."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One question against all things of a kind."""

    asked: str
    evidence: Floats
    against: Floats
    allowed: NDArray[np.bool_]
    subjects: Sequence[Hashable]
    right: NDArray[np.bool_]
    """Which things answer; none for a question without an answer."""
    heed: float
    """How much it counts."""


def cases(box: Box, questions: Sequence[Question], *, words: bool) -> dict[str, list[Case]]:
    """Weigh every question against the rows and against the passages; `words`: as a box without an embedder does."""
    parts = box.turn._parts
    rows, library = parts.sources.requirements, parts.sources.library
    assert isinstance(rows, requirement_source.RequirementSource)
    assert isinstance(library, passage_source.PassageSource)
    known = library._known
    assert known is not None
    found: dict[str, list[Case]] = {"rows": [], "passages": []}
    for one in questions:
        question, meaning = parts.understanding.understand(parts.ear.hear(one.text))
        question = box.turn._placed(question)
        if question.intent in ELSEWHERE or (one.abstain and question.models):
            continue
        kind, names = _named(one)
        vector = None if words else meaning.vector
        heed = HEED if one.id.startswith("prb") else 1.0
        subjects = {row.subject for row in rows.rows if kind == "row" and row.id in names}
        right_rows = np.array([row.subject in subjects for row in rows.rows])
        right_passages = np.array([kind == "passage" and _place(p.id, p.heading) in names for p in known._passages])
        if one.abstain or right_rows.any():
            allowed = np.array([rows._allowed(row, question) for row in rows.rows])
            evidence = rows._matcher.evidence(question, vector)
            found["rows"].append(
                Case(one.text, evidence, rows.against(question), allowed, rows._subjects, right_rows, heed)
            )
        if one.abstain or right_passages.any():
            allowed = np.array([passage_source._allowed(p, question) for p in known._passages])
            evidence = known._matcher.evidence(question, vector)
            found["passages"].append(
                Case(one.text, evidence, known.against(question), allowed, known._subjects, right_passages, heed)
            )
    return found


def _named(one: Question) -> tuple[str, set[str]]:
    kind, _, rest = one.note.partition(":")
    return ("", set()) if one.abstain else (kind, {part.strip() for part in re.split(r"[,;]", rest)})


def _place(identity: str, heading: Sequence[str]) -> str:
    """Name a passage as the notes do: "valves.md/Trim"."""
    return f"{identity.split('/')[1]}.md/{heading[0] if heading else ''}"


def fit(given: Sequence[Case]) -> Weights:
    """Fit by Newton's method, with a ridge; evidence that would count the wrong way round is left out."""
    pairs, answers, heed = [], [], []
    for case in given:
        looks = set(np.argsort(-case.evidence[:, 0])[:CANDIDATES]) | set(np.argsort(-case.evidence[:, 3])[:CANDIDATES])
        chosen = [p for p in looks | set(np.flatnonzero(case.right)) if case.allowed[p] and not case.against[p]]
        pairs.append(case.evidence[chosen])
        answers.append(case.right[chosen])
        heed.append(np.full(len(chosen), case.heed))
    x, y, share = np.concatenate(pairs), np.concatenate(answers).astype(float), np.concatenate(heed)
    spread = x.std(0) + 1e-6
    used = np.ones(len(SIGNS), bool)
    while True:
        column = np.zeros(len(SIGNS))
        w = _logistic(np.column_stack([x[:, used] / spread[used], np.ones(len(x))]), y, share / share.sum(), RIDGE)
        column[used] = w[:-1] / spread[used]
        wrong = used & (column * SIGNS < 0)
        if not wrong.any():
            return _calibrated(given, column, w[-1])
        used &= ~wrong


def _logistic(design: Floats, y: NDArray[Any], share: Floats, ridge: float) -> Floats:
    """Give the weights of a logistic regression whose rows count by `share`; the last column is the bias."""
    w = np.zeros(design.shape[1])
    penalty = np.diag([ridge] * (len(w) - 1) + [0.0])
    for _ in range(60):
        p = 1 / (1 + np.exp(-design @ w))
        hessian = (design * (share * p * (1 - p))[:, None]).T @ design + penalty
        w += np.linalg.solve(hessian, design.T @ (share * (y - p)) - penalty @ w)
    return w


def _calibrated(given: Sequence[Case], column: Floats, bias: float) -> Weights:
    """Stretch and shift the sum, and weigh the lead, so that at 0.5 the best thing answers as likely as not.

    The pairs hold far more wrong things than right ones; what is decided is whether the best one may be told. Questions
    with and without an answer count the same altogether.
    """
    best, ahead, right = _best(given, column, bias)
    no = _unanswerable(given)
    heed = np.array([case.heed for case in given])
    share = np.where(no, 0.5 * heed / heed[no].sum(), 0.5 * heed / heed[~no].sum())
    slope, led, shift = _logistic(np.column_stack([best, ahead, np.ones(len(best))]), right, share, 0.0)
    return Weights(*(round(float(value), 2) for value in (*column * slope, led, bias * slope + shift)))


def _unanswerable(given: Sequence[Case]) -> NDArray[np.bool_]:
    return np.array([not case.right.any() for case in given])


def _best(given: Sequence[Case], column: Floats, bias: float) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Give the sum of each question's best thing, how far it leads, and whether it is right."""
    best, ahead, right = [], [], []
    for case in given:
        total = np.where(case.allowed, case.evidence @ column + bias - case.against, -99.0)
        place, led = lead(total, case.subjects)
        best.append(total[place])
        ahead.append(led)
        right.append(bool(case.right[place]))
    return np.array(best), np.array(ahead), np.array(right)


def tell(name: str, given: Sequence[Case], weights: Weights, console: Console) -> None:
    """Print the weights, and what they do at several thresholds."""
    console.print(f"[bold]{name}[/bold]: {weights}")
    best, ahead, good = _best(given, weights.column, weights.bias)
    sure, no = 1 / (1 + np.exp(-best - weights.lead * ahead)), _unanswerable(given)
    console.print(
        f"  {(~no).sum()} questions, {good[~no].mean():.3f} with the right thing first; {no.sum()} near misses"
    )
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        answered = (good & (sure >= least))[~no].mean()
        console.print(f"  from {least}: {answered:.3f} answered rightly, {(sure < least)[no].mean():.3f} abstained")


async def main(leave: str = "") -> None:
    """Fit to all tuning sets but `leave`, and tell how the weights do on that one, or on what they were fitted to.

    "words" in place of a set: fit what a box without an embedder has.
    """
    console, today = Console(width=120), wiring.today()
    words, leave = leave == "words", leave.removeprefix("words")
    async with demo_box() as box:
        given = [one for name in TUNING if name != leave for one in load(name, today)] + near_misses()
        fitted = cases(box, given, words=words)
        judged = cases(box, load(leave, today), words=words) if leave else fitted
    for name, found in fitted.items():
        tell(name, judged[name], fit(found), console)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

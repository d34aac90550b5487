"""Figures of the guard, by hand: `python -m tests.bench.guard`.

Clauses a second and microseconds per clause with 8 facts, on the statements of all rows reworded by one word, so that
none passes word for word. Cold: every cache emptied before each clause, as for the first answer about something. Warm:
evidence and clause were seen before. Building a guard is told apart, since it is built once per sentence that a model
says.
"""

# ruff: noqa: T201 - printing figures is all it does

import random
import time
from collections.abc import Callable

import numpy as np

from appliance.turn import bearing, claims, ground, plain, polarity, words
from appliance.turn.guard import Guard
from tests.fakes.evidence import Pair, of_row, pair, rows

FACTS = 8
CLAUSES = 200
MODULES = (bearing, claims, ground, plain, polarity, words)


def empty() -> None:
    """Empty every cache that the guard keeps of texts; stems and unit factors stay, as they do in a running box."""
    for module in MODULES:
        for thing in vars(module).values():
            if hasattr(thing, "cache_clear") and thing is not words.stem:
                thing.cache_clear()


def scenes() -> list[tuple[list[Pair], str]]:
    """A row's statement in other words, beside seven rows of its own system."""
    chance = random.Random(7)
    every = rows().rows
    found = []
    for row in chance.sample(every, CLAUSES):
        near = [other for other in every if other.system == row.system and other.id != row.id]
        others = (near + list(every))[: FACTS - 1]
        facts = [pair(of_row(each)) for each in (row, *others)]
        found.append((facts, f"Yes, {row.statement[0].lower()}{row.statement[1:]}"))
    return found


def told(name: str, taken: list[float]) -> None:
    """Print clauses a second and the percentiles."""
    p50, p95 = np.percentile(np.array(taken) * 1e6, [50, 95])
    print(f"{name:32} {len(taken) / sum(taken):8.0f} a second   p50 {p50:7.0f} µs   p95 {p95:7.0f} µs")


def timed(work: Callable[[], object]) -> float:
    """Seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    """Print all figures."""
    all_scenes = scenes()
    for facts, clause in all_scenes:  # imports, unit factors and stems, which a running box has
        Guard(facts).check(clause)
    cold: dict[str, list[float]] = {"build": [], "check": []}
    warm: dict[str, list[float]] = {"build": [], "check": []}
    for facts, clause in all_scenes:
        empty()
        for taken in (cold, warm):
            built: list[Guard] = []
            taken["build"].append(timed(lambda facts=facts, built=built: built.append(Guard(facts, "how often"))))  # type: ignore[misc]
            taken["check"].append(timed(lambda clause=clause, built=built: built[0].check(clause)))  # type: ignore[misc]
    for name, taken in (("cold", cold), ("warm", warm)):
        told(f"{name}: build, {FACTS} facts", taken["build"])
        told(f"{name}: check one clause", taken["check"])


if __name__ == "__main__":
    main()

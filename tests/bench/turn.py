"""`clara bench turn`: how long each step of a turn takes, and what the box weighs, on this machine.

`python -m tests.bench.turn [--rounds 3] [--json]`. Fixed questions, asked without a language model in a box started
afresh each round, as `clara up` starts it: the first time nothing is cached, the second time what may be cached is.
Memory is read in a process of its own, with every engine loaded, once without and once with the language model.
"""

import argparse
import asyncio
import json
import math
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from appliance.turn.answer import Answer
from tests.eval.demo import demo_box

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "spec": (
        "What's the amp draw for Carrier 50TCQA06?",
        "What's the churn pressure of the Peerless 8196?",
        "What refrigerant is in the Lennox EL16XC1?",
        "What's the alarm current of the System Sensor 2W-B?",
        "What battery size does the NFS2-3030 take?",
        "What airflow does the D4120 duct detector work in?",
        "what is the amp draw for carrier fifty T C Q A zero six",
    ),
    "requirement": (
        "How often is a dry pipe valve full-flow trip tested?",
        "How often are the gauges on a wet pipe system inspected?",
        "How often does a fire pump need a flow test?",
        "How often are fire doors inspected?",
        "How long is the annual emergency lighting test?",
        "How often should the tempers which be tested?",
        "How often is a carbon dioxide extinguisher hydrostatically tested?",
    ),
    "passage": (
        "How do I do a main drain test?",
        "How do I reset a dry pipe valve after a trip?",
        "How do I test a smoke detector?",
        "What's the difference between a single and a double interlock preaction system?",
        "How do I keep a fire watch?",
        "The fire pump doesn't start, what do I check?",
    ),
    "record": (
        "Tell me about the customer at WeWork",
        "Who's the maintenance manager at ABC Manufacturing?",
        "What opportunities do we have at WeWork?",
        "What jobs do I have today?",
        "When is the standpipe flow test due at WeWork?",
    ),
    "calculation": (
        "What flow does a K 5.6 head give at 15 psi?",
        "What pressure do I need to get 30 gpm from a K 5.6 sprinkler?",
        "What size battery do I need for 0.42 amps standby and 3.8 amps alarm?",
        "How far can I run a NAC with 1.5 amps on 14 AWG?",
    ),
    "abstention": (
        "What is the torque of a QQQQ valve?",
        "What's the amp draw of the Carrier 50TCQA07?",
        "How high above the floor is a manual pull station mounted?",
        "What's the capital of France?",
        "Who is the contact at Acme Plastics?",
    ),
}
WARM_UP = (
    "How often is a standpipe flow tested?",
    "Who is my contact at WeWork?",
    "What K-factor is the Viking VK302?",
)
"""Asked before anything is timed, so that nothing is loaded while it is."""
ENGINES = {"embedder", "recogniser", "voice", "language model"}
GOALS = {
    "spec look-up, p95": (2.0, "ms"), "uncached turn, p95": (40.0, "ms"), "cached turn, p95": (1.0, "ms"),
    "memory with the language model": (900.0, "MB"),
}  # fmt: skip
"""At most; from issue 2."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question, timed."""

    kind: str
    answer: Answer
    again: bool
    """Asked for the second time in this box."""
    wall_ms: float
    """From the call to the whole answer."""


async def ask(rounds: int) -> list[Sample]:
    """Ask every question twice in a fresh box, `rounds` times."""
    samples = []
    for _ in range(rounds):
        async with demo_box(warm=True) as box:
            for text in WARM_UP:
                await box.ask(text)
            for again in (False, True):
                for kind, texts in QUESTIONS.items():
                    for text in texts:
                        start = time.perf_counter()
                        answer = await box.ask(text)
                        samples.append(Sample(kind, answer, again, (time.perf_counter() - start) * 1e3))
    return samples


def spread(values: Iterable[float]) -> dict[str, float]:
    """Give number, p50 and p95 (nearest rank) of milliseconds; nothing for no values."""
    ranked = sorted(values)
    if not ranked:
        return {"n": 0}
    low, high = (ranked[math.ceil(part * len(ranked)) - 1] for part in (0.5, 0.95))
    return {"n": len(ranked), "p50": round(low, 3), "p95": round(high, 3)}


def steps(samples: Sequence[Sample]) -> dict[str, dict[str, float]]:
    """Give the spread of every step that the answers time themselves."""
    names = dict.fromkeys(name for sample in samples for name in sample.answer.timings)
    return {name: spread(s.answer.timings[name] for s in samples if name in s.answer.timings) for name in names}


def memory(*, local: bool) -> dict[str, Any]:
    """Read in a fresh process what the box holds resident with all engines loaded, MB (10^6 bytes)."""
    given = [sys.executable, "-m", "tests.bench.turn", "--weigh", "local" if local else "plain"]
    told = subprocess.run(given, capture_output=True, text=True, check=True).stdout
    weighed: dict[str, Any] = json.loads(told.splitlines()[-1])
    return weighed


async def weigh(*, local: bool) -> dict[str, Any]:
    """Load everything, ask a question of each kind, and read this process's own memory."""
    async with demo_box(local=local) as box:
        loaded = {part.name: part.uses for part in box.parts() if part.well and part.name in ENGINES}
        for texts in QUESTIONS.values():
            await box.ask(texts[0])
        return {"resident": resident("VmRSS"), "peak": resident("VmHWM"), "engines": loaded}


def resident(field: str) -> float:
    """Read a line of /proc/self/status in MB."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith(f"{field}:")).split()[1]) * 1024 / 1e6


def machine() -> dict[str, Any]:
    """Say on what this ran, and what else ran: a busy machine makes slow turns."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return {
        "cpu": model or platform.machine(),
        "cores": os.cpu_count(),
        "load": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
    }


def measure(rounds: int) -> dict[str, Any]:
    """Do all of it."""
    before = machine()
    samples = asyncio.run(ask(rounds))
    first = [sample for sample in samples if not sample.again]
    cached = [sample for sample in samples if sample.answer.cached]
    found: dict[str, Any] = {
        "machine": before | {"load after": machine()["load"]},
        "rounds": rounds,
        "steps": steps(first),
        "turns": {kind: spread(s.wall_ms for s in first if s.kind == kind) for kind in QUESTIONS},
        "first clause": {
            kind: spread(s.answer.timings["first"] for s in first if s.kind == kind and "first" in s.answer.timings)
            for kind in QUESTIONS
        },
        "uncached": spread(s.wall_ms for s in first),
        "cached": spread(s.wall_ms for s in cached),
        "never cached": sorted({s.kind for s in samples} - {s.kind for s in cached}),
        "spec look-up": spread(s.answer.timings["gather"] for s in first if s.kind == "spec"),
        "memory": {"plain": memory(local=False), "with the language model": memory(local=True)},
    }
    found["goals"] = goals(found)
    return found


def goals(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Set the figures against what the issue asks for."""
    got = {
        "spec look-up, p95": found["spec look-up"].get("p95"),
        "uncached turn, p95": found["uncached"].get("p95"),
        "cached turn, p95": found["cached"].get("p95"),
        "memory with the language model": round(found["memory"]["with the language model"]["resident"], 1),
    }
    return {
        name: {"goal": goal, "unit": unit, "got": got[name], "reached": got[name] is not None and got[name] < goal}
        for name, (goal, unit) in GOALS.items()
    }


def tell(found: Mapping[str, Any], console: Console) -> None:
    """Print it for people."""
    box = found["machine"]
    console.print(
        f"{box['cpu']}, {box['cores']} cores, Python {box['python']}, load {box['load']} before, "
        f"{box['load after']} after; {found['rounds']} rounds",
        markup=False, highlight=False,
    )  # fmt: skip
    for title, rows in (
        ("steps of an uncached turn, ms", found["steps"]),
        ("whole uncached turn by kind, ms", found["turns"]),
        ("first clause by kind, ms", found["first clause"]),
        ("all", {"uncached": found["uncached"], "cached": found["cached"], "spec look-up": found["spec look-up"]}),
    ):
        table = Table("", "n", "p50", "p95", title=title, title_justify="left")
        for name, row in rows.items():
            table.add_row(name, *(str(row.get(column, "-")) for column in ("n", "p50", "p95")))
        console.print(table)
    console.print(f"never cached: {', '.join(found['never cached']) or 'none'}")
    for name, held in found["memory"].items():
        console.print(f"memory, {name}: {held['resident']:.0f} MB resident, {held['peak']:.0f} MB at most")
        console.print(f"  loaded: {held['engines']}", markup=False, highlight=False)
    table = Table("goal", "at most", "got", "", title="goals", title_justify="left")
    for name, row in found["goals"].items():
        table.add_row(
            name, f"{row['goal']:g} {row['unit']}", f"{row['got']}", "reached" if row["reached"] else "MISSED"
        )
    console.print(table)


def main(given: list[str] | None = None) -> int:
    """Measure and report; the exit code is 0, because a busy machine is no fault."""
    parser = argparse.ArgumentParser(prog="clara bench turn", description="Time every step of a turn.")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 101), metavar="N", help="1 to 100")
    parser.add_argument("--weigh", choices=("plain", "local"), help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    wanted = parser.parse_args(given)
    if wanted.weigh:
        sys.stdout.write(json.dumps(asyncio.run(weigh(local=wanted.weigh == "local"))) + "\n")
        return 0
    found = measure(wanted.rounds)
    if wanted.json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        tell(found, Console(width=None if sys.stdout.isatty() else 120))
    return 0


if __name__ == "__main__":
    sys.exit(main())

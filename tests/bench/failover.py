"""`clara bench failover`: what a technician hears while Gemini's server misbehaves, and how soon it is used again.

`python -m tests.bench.failover [--rounds 3] [--outage 4] [--local] [--json]`. A warm box, as `clara up` starts it, with
the real client against a server on loopback that speaks Gemini's wire format. Each round and mode: the server is well,
then falls ill; one question strikes the fault, one follows while it is doubted; after the outage the server is well
again, and the time is taken until a question would go to it, which a question then proves. Answers are never cached.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from rich.console import Console
from rich.table import Table

from appliance import settings as wishes
from appliance import wiring
from appliance.box import Box
from appliance.settings import Gemini, Local, Place, Settings
from tests.bench.turn import machine, spread
from tests.fakes.gemini import FakeGemini, Mode, fake_gemini

QUESTION = "How do I test a smoke detector?"
ANSWER = "Let the chamber clear, reset, and check that the detector stays normal. "
MORE = "Tell the monitoring station before and after."
"""Stand in the passage that answers the question, or near it; the guard judges them as in a van."""
MODES: Mapping[str, Mode] = {
    "well": "ok", "stalled": "hang", "a byte a second": "byte by byte", "drops mid-stream": "drop mid-stream",
    "stalls mid-stream": "hang mid-stream", "ends early": "cut short", "429": "429", "500": "500", "503": "503",
    "403": "403", "refused": "ok", "portal's page": "portal", "portal's redirect": "redirect",
}  # fmt: skip
FIRST_S, BACK_S = 1.5, 30.0
"""Goals: the first clause at most, and back on Gemini at most; from issue 4."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One mode, once."""

    mode: str
    struck_s: float
    """To the first clause of the question that met the fault."""
    doubted_s: float
    """To the first clause of the next one."""
    rungs: tuple[str, str, str]
    """Who answered both, and who answered after the recovery."""
    back_s: float
    """From the recovery until a question would go to Gemini."""


@asynccontextmanager
async def warm_box(url: str, *, local: bool) -> AsyncIterator[Box]:
    """Open a warm box whose Gemini lives at `url`."""
    usual = wishes.load().place.data / "models"
    with tempfile.TemporaryDirectory(prefix="clara-failover-") as folder:
        data = Path(folder)
        if usual.is_dir():
            (data / "models").symlink_to(usual, target_is_directory=True)
        cloud = Gemini(key=SecretStr("key"), base_url=url)
        with wiring.open_box(
            Settings(place=Place(data=data), gemini=cloud, local=Local(enabled=local)), warm=True
        ) as box:
            try:
                yield box
            finally:
                await box.aclose()


async def ask(box: Box) -> tuple[float, str]:
    """Ask and give the seconds to the first clause, and who answered."""
    box.turn._parts.cache.clear()
    heard: list[float] = []
    start = time.perf_counter()
    answer = await box.ask(QUESTION, heard=lambda _: heard.append(time.perf_counter() - start))
    return heard[0], answer.rung


async def back(box: Box, within_s: float) -> float:
    """Wait until a question would go to Gemini, and give the seconds that took."""
    start = time.perf_counter()
    while "gemini" not in box._ladder.now() and time.perf_counter() - start < within_s:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return time.perf_counter() - start


async def once(box: Box, server: FakeGemini, mode: str, outage_s: float) -> Sample:
    """Let the server be ill for a while."""
    await back(box, 2 * BACK_S)
    await ask(box)
    server.mode = MODES[mode]
    if mode == "refused":
        await server.refuse()
    start = time.perf_counter()
    struck, first = await ask(box)
    doubted, second = await ask(box)
    if mode != "well":
        await asyncio.sleep(max(0.0, outage_s - (time.perf_counter() - start)))
    if mode == "refused":
        await server.open()
    server.mode = "ok"
    took = await back(box, 2 * BACK_S)
    _, third = await ask(box)
    return Sample(mode, struck, doubted, (first, second, third), took)


async def run(rounds: int, outage_s: float, *, local: bool) -> list[Sample]:
    """Do every mode so many times."""
    samples = []
    async with fake_gemini() as server:
        server.words = (ANSWER + MORE[:9], MORE[9:])
        async with warm_box(server.url, local=local) as box:
            await ask(box)
            for _ in range(rounds):
                for mode in MODES:
                    samples.append(await once(box, server, mode, outage_s))  # noqa: PERF401 - one after the other
    return samples


def measure(rounds: int, outage_s: float, *, local: bool) -> dict[str, Any]:
    """Do all of it."""
    before = machine()
    samples = asyncio.run(run(rounds, outage_s, local=local))
    modes = {mode: rows(samples, mode) for mode in MODES}
    ill = [sample for sample in samples if sample.mode != "well"]
    firsts = spread(value * 1e3 for sample in ill for value in (sample.struck_s, sample.doubted_s))
    backs = spread(sample.back_s for sample in ill)
    return {
        "machine": before | {"load after": machine()["load"]},
        "rounds": rounds,
        "outage s": outage_s,
        "modes": modes,
        "goals": {
            "first clause, p95": {"goal": FIRST_S, "got": round(firsts["p95"] / 1e3, 3)},
            "first clause, slowest": {"goal": FIRST_S, "got": round(max(max(s.struck_s, s.doubted_s) for s in ill), 3)},
            "back on Gemini, p95": {"goal": BACK_S, "got": round(backs["p95"], 3)},
            "back on Gemini, slowest": {"goal": BACK_S, "got": round(max(s.back_s for s in ill), 3)},
        },
    }


def rows(samples: Sequence[Sample], mode: str) -> dict[str, Any]:
    """Give the spreads of one mode: first clauses in ms, the way back in s."""
    mine = [sample for sample in samples if sample.mode == mode]
    return {
        "struck ms": spread(sample.struck_s * 1e3 for sample in mine),
        "doubted ms": spread(sample.doubted_s * 1e3 for sample in mine),
        "back s": spread(sample.back_s for sample in mine),
        "rungs": sorted({" > ".join(sample.rungs) for sample in mine}),
    }


def tell(found: Mapping[str, Any], console: Console) -> None:
    """Print it for people."""
    box = found["machine"]
    console.print(
        f"{box['cpu']}, {box['cores']} cores, load {box['load']} before, {box['load after']} after; "
        f"{found['rounds']} rounds, outages of {found['outage s']:g} s",
        markup=False, highlight=False,
    )  # fmt: skip
    columns = ("struck ms", "doubted ms", "back s")
    heads = [f"{column} {part}" for column in columns for part in ("p50", "p95")]
    table = Table(
        "server", *heads, "rungs: struck > doubted > after", title="first clause, way back", title_justify="left"
    )
    for mode, row in found["modes"].items():
        figures = [f"{row[column][part]:.1f}" for column in columns for part in ("p50", "p95")]
        table.add_row(mode, *figures, ", ".join(row["rungs"]))
    console.print(table)
    goals = Table("goal", "at most", "got", "", title="goals", title_justify="left")
    for name, row in found["goals"].items():
        goals.add_row(
            name, f"{row['goal']:g} s", f"{row['got']} s", "reached" if row["got"] <= row["goal"] else "MISSED"
        )
    console.print(goals)


def main(given: list[str] | None = None) -> int:
    """Measure and report; the exit code is 0, because a busy machine is no fault."""
    parser = argparse.ArgumentParser(prog="clara bench failover", description="Gemini's server in every bad mood.")
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 101), metavar="N", help="1 to 100")
    parser.add_argument("--outage", type=float, default=4.0, metavar="S", help="how long each lasts, seconds")
    parser.add_argument("--local", action="store_true", help="with the local language model on the ladder")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    wanted = parser.parse_args(given)
    found = measure(wanted.rounds, wanted.outage, local=wanted.local)
    if wanted.json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        tell(found, Console(width=None if sys.stdout.isatty() else 160))
    return 0


if __name__ == "__main__":
    sys.exit(main())

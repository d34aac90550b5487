"""`clara bench speech`: how soon an answer sounds, and how much of real time its sound takes to make.

`python -m tests.bench.speech [--rounds 10] [--json]`. Every voice of this machine (espeak-ng, and each Piper voice that
is installed) says fixed answers, once at a time: in clauses, as the box speaks, and whole, as a file is made. First
sound counts from the answer's text to its first samples: cutting, finding the words, and making the first piece. The
real-time factor is seconds of work for one second of sound. Both are given in wall time and in processor time; the
second bears a busy machine.
"""

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from rich.console import Console
from rich.table import Table

from appliance import settings as wishes
from appliance import speech
from appliance.mouth.clauses import clauses, words
from appliance.mouth.speak import speak
from appliance.ports import Synthesizer
from appliance.wiring import load_specs, open_store
from models import catalogue
from models.errors import ModelError
from models.espeak import Espeak
from tests.bench.turn import machine, spread

ANSWERS: Mapping[str, str] = {
    "short": "The Carrier 50TCQA06 has an amp draw of 18.2 A. These figures are sample data, nobody has checked them.",
    "rule": (
        "A dry pipe valve is trip tested at full flow every 3 years, with the quick-opening device in service. That is "
        "from NFPA 25, 2017 edition, section 13.4.4.2.2.2. Other editions may differ, so ask which one is adopted."
    ),
    "long": (
        "To do a main drain test: Tell the monitoring station. Write the static pressure down. Open the main drain "
        "slowly until it is fully open. Let the flow settle and write the residual pressure down. Close the drain "
        "slowly, so that no water hammer damages the pipe. Write down how long the pressure takes to return. Compare "
        "static and residual pressure with the last test; if the residual has dropped by 10 %, look for a valve "
        "that is partly closed. Put the account back in service. That is from the wet pipe digest, section 4."
    ),
}
"""Answers of 1 or 2, of 3 and of 9 sentences."""


def voices() -> Iterator[tuple[str, Synthesizer]]:
    """Load every voice that is on this machine."""
    yield "espeak-ng", Espeak()
    store = open_store(wishes.load())
    for model in catalogue.load().models:
        if model.role == "tts" and store.installed(model.id):
            from models.piper import Piper

            yield model.id, Piper(store.path(model.id))


async def once(voice: Synthesizer, text: str, identifiers: frozenset[str]) -> dict[str, float]:
    """Say an answer in clauses and whole; milliseconds, seconds of sound."""
    words.cache_clear()  # no answer was cut before
    wall, cpu = time.perf_counter(), time.process_time()
    first: dict[str, float] = {}
    sound = 0.0
    async with aclosing(speech.pieces(voice, clauses(text, identifiers), identifiers)) as made:
        async for piece in made:
            if not first:
                first = {"first": (time.perf_counter() - wall) * 1e3, "first cpu": (time.process_time() - cpu) * 1e3}
            sound += piece.seconds
    whole_wall, whole_cpu = time.perf_counter(), time.process_time()
    told = {
        **first,
        "sound s": sound,
        "factor": (whole_wall - wall) / sound,
        "factor cpu": (whole_cpu - cpu) / sound,
    }
    whole = sum(audio.seconds for audio in voice.synthesize(speak(text, identifiers)))
    told |= {"whole": (time.perf_counter() - whole_wall) * 1e3, "whole cpu": (time.process_time() - whole_cpu) * 1e3}
    return told | {"whole factor cpu": (time.process_time() - whole_cpu) / whole}


async def repeated(
    voice: Synthesizer, text: str, identifiers: frozenset[str], rounds: int
) -> dict[str, dict[str, float]]:
    """Say an answer several times, once before the clock runs, and give the spread of every figure."""
    await once(voice, text, identifiers)
    samples = [await once(voice, text, identifiers) for _ in range(rounds)]
    return {name: figures([sample[name] for sample in samples]) for name in samples[0]}


def figures(values: Sequence[float]) -> dict[str, float]:
    """Give the spread; small factors keep their figures, which `spread` rounds to thousandths."""
    return {name: value / 1e3 if name != "n" else value for name, value in spread(v * 1e3 for v in values).items()}


def measure(rounds: int) -> dict[str, Any]:
    """Do all of it."""
    identifiers = frozenset(spec.model for spec in load_specs(wishes.load()).records)
    before = machine()
    told = {
        name: {kind: asyncio.run(repeated(voice, text, identifiers, rounds)) for kind, text in ANSWERS.items()}
        for name, voice in voices()
    }
    return {"machine": before | {"load after": machine()["load"]}, "rounds": rounds, "voices": told}


def tell(found: Mapping[str, Any], console: Console) -> None:
    """Print it for people."""
    box = found["machine"]
    console.print(
        f"{box['cpu']}, {box['cores']} cores, Python {box['python']}, load {box['load']} before, "
        f"{box['load after']} after; {found['rounds']} rounds",
        markup=False, highlight=False,
    )  # fmt: skip
    for name, answers in found["voices"].items():
        table = Table("answer", "sound, s", "first, ms", "first p95", "cpu", "whole, ms", "cpu", "factor", "cpu",
                      title=name, title_justify="left")  # fmt: skip
        for kind, row in answers.items():
            table.add_row(
                kind, f"{row['sound s']['p50']:.1f}", f"{row['first']['p50']:.1f}", f"{row['first']['p95']:.1f}",
                f"{row['first cpu']['p50']:.1f}", f"{row['whole']['p50']:.1f}", f"{row['whole cpu']['p50']:.1f}",
                f"{row['factor']['p50']:.4f}", f"{row['factor cpu']['p50']:.4f}",
            )  # fmt: skip
        console.print(table)
    if len(found["voices"]) == 1:
        console.print("no Piper voice is installed: clara models fetch brings one")


def main(given: list[str] | None = None) -> int:
    """Measure and report; the exit code is 1 only when a voice cannot be used."""
    parser = argparse.ArgumentParser(prog="clara bench speech", description="Time how answers are spoken.")
    parser.add_argument("--rounds", type=int, default=10, choices=range(1, 1001), metavar="N", help="1 to 1000")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    wanted = parser.parse_args(given)
    try:
        found = measure(wanted.rounds)
    except ModelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if wanted.json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        tell(found, Console(width=None if sys.stdout.isatty() else 120))
    return 0


if __name__ == "__main__":
    sys.exit(main())

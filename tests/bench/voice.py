"""`clara bench voice`: how soon the box speaks after somebody has finished, on this machine.

`python -m tests.bench.voice [--rounds 4] [--json]`. The recordings of `tests/recordings` are played into the microphone
of a real conversation in real time; the loudspeaker keeps what comes out and when. The end of speech is the recording's
last loud sample, whatever the box believes. Answers need no language model. Then: how soon an answer is silent when
somebody speaks over it, what listening to a quiet room costs, and how ten people at once do.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from appliance.box import Box
from models.audio import Audio
from models.decode import decode
from tests.bench.turn import machine, resident, spread
from tests.eval.demo import demo_box
from tests.fakes.voices import RATE, Samples, Scene, hush, speech

RECORDINGS = Path(__file__).parents[1] / "recordings"
PEOPLE = 10
IDLE_S = 20.0
LONG_QUESTION = "wework"
"""Recording whose answer is long enough to be interrupted."""
GOALS = {
    "first sound, p50": (800.0, "ms"), "first sound, p95": (1300.0, "ms"), "silence after barge-in, p95": (250.0, "ms"),
    "idle listening": (15.0, "% of a core"),
}  # fmt: skip
"""At most; from issue 4."""
STEPS = ("transcript", "endpoint", "clause", "sound")


def recorded(path: Path) -> Samples:
    """Read a recording, 16 kHz int16, from its first loud sample to its last."""
    audio = decode(path)
    assert audio.rate == RATE
    pcm = (audio.samples * 32767).astype(np.int16)
    loud = np.flatnonzero(np.abs(pcm) > 300)
    return pcm[loud[0] : loud[-1]]


async def asked(box: Box, question: Samples, delay_s: float = 0.0) -> tuple[Scene, float]:
    """Play a question to a new conversation; gives it, over, and when the speech ended."""
    ended = 0.0

    async def script(scene: Scene) -> None:
        nonlocal ended
        ended = await scene.hear(hush(0.5), question)
        await scene.quiet(15.0, lambda scene: scene.answers() > 0 and scene.sounded(ended) > 0.5)

    await asyncio.sleep(delay_s)
    return await Scene(box).play(script), ended


def first(scene: Scene, ended: float) -> float | None:
    """Give the milliseconds from the end of speech to the first sound of the answer."""
    return next(((moment - ended) * 1e3 for moment, _, loud in scene.played if moment > ended and loud > 300), None)


async def interrupted(box: Box, question: Samples, word: Samples) -> float | None:
    """Speak over an answer; gives the milliseconds from the first sample of it to silence."""
    over = 0.0

    async def script(scene: Scene) -> None:
        nonlocal over
        ended = await scene.hear(hush(0.5), question)
        await scene.quiet(15.0, lambda scene: scene.sounded(ended) > 1.0)
        over = scene.now()
        await scene.hear(word)
        await scene.quiet(1.0)

    scene = await Scene(box).play(script)
    return next(((moment - over) * 1e3 for moment in scene.cleared if moment > over), None)


async def idle(box: Box) -> float:
    """Give the share of a core, %, that an open microphone in a quiet room costs, its feeding included."""
    spent = 0.0

    async def script(scene: Scene) -> None:
        nonlocal spent
        await scene.quiet(2.0)
        start, begun = time.process_time(), time.monotonic()
        await scene.quiet(IDLE_S)
        spent = (time.process_time() - start) / (time.monotonic() - begun) * 100

    await Scene(box).play(script)
    return spent


async def factors(box: Box, sounds: Sequence[Samples]) -> dict[str, float]:
    """Give seconds of work per second of sound, hearing and speaking."""
    heard = spoken = 0.0
    for sound in sounds:
        start = time.perf_counter()
        await box.recognise(Audio(sound.astype(np.float32) / 32768, RATE))
        heard += time.perf_counter() - start
    start = time.perf_counter()
    audio = await box.say("The Carrier 50TCQA06 has an amp draw of 18.2 A. This is sample data, not a checked rating.")
    spoken = time.perf_counter() - start
    return {
        "recogniser": round(heard / sum(len(sound) / RATE for sound in sounds), 3),
        "voice": round(spoken / audio.seconds, 3),
    }


async def measure(rounds: int, console: Console) -> dict[str, Any]:
    """Do all of it."""
    found: dict[str, Any] = {"machine": machine(), "rounds": rounds}
    questions = {path.stem: recorded(path) for path in sorted(RECORDINGS.glob("*.wav"))}
    word = speech("Stop, that will do")
    async with demo_box(warm=True) as box:
        found["real-time factors"] = await factors(box, list(questions.values()))
        await asked(box, questions[LONG_QUESTION])
        scenes: list[tuple[Scene, float]] = []
        before, begun = time.process_time(), time.monotonic()
        for number in range(rounds):
            console.print(f"round {number + 1} of {rounds}")
            scenes += [await asked(box, question) for question in questions.values()]
        found["talking, % of a core"] = round((time.process_time() - before) / (time.monotonic() - begun) * 100, 1)
        sounds = [first(*scene) for scene in scenes]
        found["silent"] = sounds.count(None)
        found["first sound"] = spread(sound for sound in sounds if sound is not None)
        falls = [fall for scene, _ in scenes for fall in scene.waterfalls()]
        found["steps"] = {
            step: spread(value for fall in falls if (value := getattr(fall, step)) is not None) for step in STEPS
        }
        console.print("speaking over answers")
        barged = [await interrupted(box, questions[LONG_QUESTION], word) for _ in range(max(3, rounds))]
        found["not silenced"] = barged.count(None)
        found["silence after barge-in"] = spread(each for each in barged if each is not None)
        console.print("listening to a quiet room")
        found["idle, % of a core"] = round(await idle(box), 1)
        console.print(f"{PEOPLE} people at once")
        crowd = await asyncio.gather(
            *(asked(box, list(questions.values())[number % len(questions)], number * 0.4) for number in range(PEOPLE))
        )
        heard = [first(*scene) for scene in crowd]
        found["at once"] = {"silent": heard.count(None), **spread(each for each in heard if each is not None)}
        found["memory"] = {"resident MB": round(resident("VmRSS")), "peak MB": round(resident("VmHWM"))}
    found["swapped"] = resource.getrusage(resource.RUSAGE_SELF).ru_nswap
    found["goals"] = goals(found)
    return found


def goals(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Set the figures against what the issue asks for."""
    got = {
        "first sound, p50": found["first sound"].get("p50"),
        "first sound, p95": found["first sound"].get("p95"),
        "silence after barge-in, p95": found["silence after barge-in"].get("p95"),
        "idle listening": found["idle, % of a core"],
    }
    return {
        name: {"goal": goal, "unit": unit, "got": got[name], "reached": got[name] is not None and got[name] <= goal}
        for name, (goal, unit) in GOALS.items()
    }


def tell(found: dict[str, Any], console: Console) -> None:
    """Print it for people."""
    box = found["machine"]
    console.print(f"{box['cpu']}, {box['cores']} cores, load {box['load']} before", markup=False, highlight=False)
    table = Table("ms after the end of speech", "n", "p50", "p95")
    for name, row in {**found["steps"], "first sound, measured outside": found["first sound"]}.items():
        table.add_row(name, *(str(row.get(column, "-")) for column in ("n", "p50", "p95")))
    for name in ("silence after barge-in", "at once"):
        label = f"first sound, {PEOPLE} people at once" if name == "at once" else f"{name} (from its first sample)"
        table.add_row(label, *(str(found[name].get(column, "-")) for column in ("n", "p50", "p95")))
    console.print(table)
    for name in ("real-time factors", "talking, % of a core", "idle, % of a core", "memory"):
        console.print(f"{name}: {found[name]}", markup=False, highlight=False)
    console.print(f"no sound: {found['silent']} alone, {found['at once']['silent']} at once")
    console.print(f"not silenced: {found['not silenced']}")
    table = Table("goal", "at most", "got", "")
    for name, row in found["goals"].items():
        table.add_row(
            name, f"{row['goal']:g} {row['unit']}", str(row["got"]), "reached" if row["reached"] else "MISSED"
        )
    console.print(table)


def main(given: list[str] | None = None) -> int:
    """Measure and report; the exit code is 0, because a busy machine is no fault."""
    parser = argparse.ArgumentParser(prog="clara bench voice", description="Time conversations by sound.")
    parser.add_argument("--rounds", type=int, default=4, choices=range(1, 51), metavar="N", help="1 to 50")
    parser.add_argument("--json", action="store_true", help="machine-readable")
    wanted = parser.parse_args(given)
    found = asyncio.run(measure(wanted.rounds, Console(stderr=True)))
    if wanted.json:
        sys.stdout.write(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    else:
        tell(found, Console(width=None if sys.stdout.isatty() else 120))
    return 0


if __name__ == "__main__":
    sys.exit(main())

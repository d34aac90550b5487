"""`clara bench hearing`: how well and how fast the box hears, with each recogniser and with their combination.

`python -m tests.bench.hearing [--voices N] [--sentences N] [--noise-minutes N] [--recordings FOLDER] [--json]`.

Word errors over real recordings (a folder with `transcripts.tsv`; left out, with the reason, where there is none) and
over sentences of technicians in several voices, clean and in noise, before and after the ear's repair; model numbers
exactly right, asked back or wrong; turns taken on noise alone; and processor and wall time for a second of sound.
Limits are fitted elsewhere (`tests.bench.fit_hearing`), on other sentences in other voices.
"""

import argparse
import csv
import json
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from appliance import settings, wiring
from appliance.ear.ear import Ear
from appliance.ear.gate import judge, voiced
from appliance.ear.lexicon import Lexicon
from appliance.ear.readback import read_back
from appliance.ear.two import combine
from appliance.sayings import sayings
from corpora import questions, specs
from models.audio import Audio
from models.decode import RATE, decode
from models.moonshine import Moonshine
from models.sphinx import Sphinx
from models.transcript import Transcript
from sync import dataset
from tests.bench import spoken
from tests.bench.score import errors, words
from tests.bench.spoken import MEASURED, SNRS, STRANGE, VOICES, Sentence
from tests.bench.turn import machine

RECORDINGS = Path("/work/shared/data/speech")
CHUNK_S = 10
"""Length of one stretch of noise."""
WINDOW = 512
"""Samples to one probability of the voice detector."""
ALONE, SECOND, BOTH = "moonshine", "sphinx", "both"
WAYS = (ALONE, SECOND, BOTH)
LOUDNESS = (0.05, 0.2, 0.6)
"""Peaks at which noise alone is given."""


@dataclass(frozen=True, slots=True)
class Case:
    """One sound with what was said in it."""

    group: str
    """recordings, clean, 20 dB, …"""
    noise: str
    sentence: Sentence
    audio: Audio


@dataclass(slots=True)
class Tally:
    """What one way of hearing made of the cases of one group."""

    said: int = 0
    wrong: int = 0
    repaired: int = 0
    """Word errors after the ear's repair."""
    models: int = 0
    exact: int = 0
    """Model numbers in the text after repair, and nothing to ask."""
    asked: int = 0
    """Those that a single read-back asks for rightly."""
    mistaken: int = 0
    """Another model in the text, unasked."""
    verdicts: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def row(self) -> dict[str, Any]:
        """Give it in shares."""
        share = 100 / max(1, self.said)
        row: dict[str, Any] = {"words": self.said, "wer": round(self.wrong * share, 1)}
        row |= {"wer repaired": round(self.repaired * share, 1), "verdicts": dict(self.verdicts)}
        if self.models:
            row |= {
                "models": self.models, "exact": self.exact, "read back": self.asked, "mistaken": self.mistaken,
                "found": round(100 * (self.exact + self.asked) / self.models, 1),
            }  # fmt: skip
        return row


class Hearing:
    """The recognisers of a box with the shipped texts and the demo's customers."""

    def __init__(self, folder: Path) -> None:
        """Load them; Sphinx's language model is made in `folder`."""
        equipment = specs.Specs.load([specs.shipped()])
        records = dataset.load(dataset.DEMO, date(2026, 11, 1)).records
        names = [str(row.name) for kind in ("customer", "contact", "site") for row in records[kind]]
        models = [(spec.model, spec.maker, spec.product) for spec in equipment.records]
        self.lexicon = Lexicon.build(models, equipment.makers(), names)
        self.ear = Ear(self.lexicon)
        self.learned = sayings(questions.shipped(), self.lexicon)
        self._words = self.lexicon.words()
        store = wiring.open_store(settings.load())
        self._moonshine = Moonshine(store.path("moonshine-tiny-en"))
        self._sphinx = Sphinx(folder, "bench", lambda: self.learned, limit=0.0)
        self.seconds = 0.0
        self.cpu: dict[str, float] = dict.fromkeys(WAYS, 0.0)
        self.wall: dict[str, float] = dict.fromkeys(WAYS, 0.0)

    def hear(self, audio: Audio) -> dict[str, Transcript]:
        """Hear one sound in every way."""
        self.seconds += audio.seconds
        free = self._timed(ALONE, lambda: self._moonshine.transcribe(audio, self._words))
        domain = self._timed(SECOND, lambda: self._sphinx.transcribe(audio))
        both = self._timed(BOTH, lambda: combine(free, domain, self.lexicon) if free.text else free)
        return {ALONE: free, SECOND: domain, BOTH: both}

    def _timed(self, way: str, work: Any) -> Transcript:
        wall, cpu = time.perf_counter(), time.process_time()
        heard: Transcript = work()
        self.cpu[way] += time.process_time() - cpu
        self.wall[way] += time.perf_counter() - wall
        return heard

    def pace(self) -> dict[str, dict[str, float]]:
        """Give the seconds of work to a second of sound; both together hear with each and combine."""
        cpu = self.cpu | {BOTH: sum(self.cpu.values())}
        wall = self.wall | {BOTH: sum(self.wall.values())}
        long = max(1e-9, self.seconds)
        return {way: {"cpu": round(cpu[way] / long, 3), "wall": round(wall[way] / long, 3)} for way in WAYS}


def recordings(folder: Path) -> Iterator[Case]:
    """Give what people really said."""
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            said = Sentence(row["transcript"], row["transcript"])
            yield Case("recordings", "", said, decode(folder / row["file"]))


def synthesised(
    sentences: Sequence[Sentence], voices: Sequence[str], *, levels: bool = True, seed: int = 1
) -> Iterator[Case]:
    """Give every sentence in every voice, clean and in noise, one kind of noise after the other.

    `levels`: at each level of noise; else at one of them, in turn.
    """
    chance = np.random.default_rng(seed)
    talk = [spoken.voice(one.said, voices[place % len(voices)]).samples for place, one in enumerate(sentences)]
    kinds = spoken.noises(talk)
    names = list(kinds)
    for place, (sentence, voice) in enumerate((s, v) for s in sentences for v in voices):
        clean = spoken.voice(sentence.said, voice)
        yield Case("clean", "", sentence, clean)
        for turn, snr in enumerate(SNRS):
            if not levels and turn != (place + place // len(voices)) % len(SNRS):
                continue
            # Not the same noise for the same voice.
            name = names[(place + place // len(voices) + turn) % len(names)]
            noise = kinds[name](len(clean.samples), chance)
            yield Case(f"{snr} dB", name, sentence, spoken.mixed(clean, noise, snr))


def strange(voices: Sequence[str]) -> Iterator[Case]:
    """Give models that no box has."""
    for sentence in STRANGE:
        for voice in voices:
            yield Case("strange models", "", sentence, spoken.voice(sentence.said, voice))


def silence(minutes: float, voices: Sequence[str], seed: int = 2) -> Iterator[tuple[str, Audio]]:
    """Give noise alone and silence, in stretches, each kind as long as the others, at several levels."""
    chance = np.random.default_rng(seed)
    talk = [spoken.voice(one.said, voices[place % len(voices)]).samples for place, one in enumerate(MEASURED)]
    kinds = dict(spoken.noises(talk))
    count = CHUNK_S * RATE
    for place in range(round(minutes * 60 / CHUNK_S)):
        name = [*kinds, "silence"][place % (len(kinds) + 1)]
        noise = kinds[name](count, chance) if name in kinds else np.zeros(count, np.float32)
        loud = LOUDNESS[place // (len(kinds) + 1) % len(LOUDNESS)]
        yield name, Audio(np.asarray(noise / max(1e-9, float(np.abs(noise).max())) * loud, np.float32), RATE)


def voice_of(audio: Audio) -> float:
    """Ask LiveKit's voice detector, as the conversation does."""
    from livekit.local_inference import VAD

    pcm = (np.clip(audio.samples, -1, 1) * 32767).astype(np.int16)
    detector = VAD()
    return voiced([detector.predict(pcm[at : at + WINDOW]) for at in range(0, len(pcm) - WINDOW + 1, WINDOW)])


def count(tally: Tally, case: Case, heard: Transcript, hearing: Hearing) -> None:
    """Add what was heard in one case."""
    said = words(case.sentence.meant)
    utterance = hearing.ear.hear(heard.text) if heard.text.strip() else None
    text = utterance.text if utterance else ""
    tally.said += len(said)
    tally.wrong += errors(said, words(heard.text))
    tally.repaired += errors(said, words(text))
    tally.verdicts[judge(heard)] += 1
    if not case.sentence.model:
        return
    tally.models += 1
    ask = read_back(utterance, hearing.lexicon, heard.doubtful) if utterance else None
    if ask:
        tally.asked += ask.models == (case.sentence.model,)
    else:
        tally.exact += case.sentence.model in text
        others = {entry.text for entry in hearing.lexicon.entries if entry.kind == "model"} - {case.sentence.model}
        tally.mistaken += any(other in text for other in others if other not in case.sentence.model)


def noise_turns(sounds: Iterable[tuple[str, Audio]], hearing: Hearing) -> dict[str, dict[str, int]]:
    """Count what is taken, and read back, of sounds in which nobody speaks to the box."""
    found: dict[str, dict[str, int]] = {}
    for name, audio in sounds:
        heard = hearing.hear(audio)[BOTH]
        row = found.setdefault(name, {"stretches": 0, "text": 0, "read back": 0, "take": 0, "take without VAD": 0})
        row["stretches"] += 1
        row["text"] += bool(heard.text)
        verdict = judge(heard, voice_of(audio))
        if verdict != "drop":
            row[verdict] += 1
        row["take without VAD"] += judge(heard) == "take"
    return found


def measure(given: argparse.Namespace, console: Console) -> dict[str, Any]:
    """Do all of it."""
    voices, sentences = VOICES[: given.voices], MEASURED[: given.sentences]
    before = machine()
    with tempfile.TemporaryDirectory() as folder:
        hearing = Hearing(Path(folder))
        cases = [*synthesised(sentences, voices, levels=not given.brief), *strange(voices)]
        missing = (
            "" if (given.recordings / "transcripts.tsv").is_file() else f"no transcripts.tsv in {given.recordings}"
        )
        cases += [] if missing else recordings(given.recordings)
        tallies: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
        told = [{"group": c.group, "noise": c.noise, "said": c.sentence.meant} for c in cases]
        for case, line in zip(track(cases, "hearing", console=console), told, strict=True):
            for way, heard in hearing.hear(case.audio).items():
                line[way] = heard.text
                for group in (case.group, f"{case.group}, {case.noise}" if case.noise else ""):
                    if group:
                        count(tallies[group][way], case, heard, hearing)
        pace = hearing.pace()
        sounds = list(silence(given.noise_minutes, voices))
        noise = noise_turns(track(sounds, "noise alone", console=console), hearing)
    return {
        "machine": before | {"load after": machine()["load"]},
        "voices": voices,
        "sentences": len(sentences),
        "brief": given.brief,
        "recordings": missing or str(given.recordings),
        "groups": {group: {way: tally.row() for way, tally in ways.items()} for group, ways in tallies.items()},
        "seconds of work to a second of sound": pace,
        "noise alone": {"minutes": given.noise_minutes, "kinds": noise},
        "heard": told,
    }


def tell(found: Mapping[str, Any], console: Console) -> None:
    """Print it for people."""
    box = found["machine"]
    console.print(f"{box['cpu']}, {box['cores']} cores, load {box['load']} before, {box['load after']} after")
    console.print(f"{found['sentences']} sentences in {', '.join(found['voices'])}; recordings: {found['recordings']}")
    columns = ("wer", "wer repaired", "models", "exact", "read back", "mistaken", "found")
    table = Table("", "", *columns, "take / read back / drop", title="word errors and model numbers, %")
    for group, ways in found["groups"].items():
        for way, row in ways.items():
            verdicts = " / ".join(str(row["verdicts"].get(one, 0)) for one in ("take", "read back", "drop"))
            table.add_row(group, way, *(str(row.get(name, "")) for name in columns), verdicts)
    console.print(table)
    table = Table("", "cpu", "wall", title="seconds of work to a second of sound")
    for way, row in found["seconds of work to a second of sound"].items():
        table.add_row(way, str(row["cpu"]), str(row["wall"]))
    console.print(table)
    names = ("stretches", "text", "read back", "take", "take without VAD")
    table = Table("", *names, title=f"{found['noise alone']['minutes']:g} minutes of noise alone")
    for kind, row in found["noise alone"]["kinds"].items():
        table.add_row(kind, *(str(row[name]) for name in names))
    console.print(table)


def main(given: list[str] | None = None) -> int:
    """Measure and report; the exit code is 0, for figures are no fault."""
    parser = argparse.ArgumentParser(prog="clara bench hearing", description="How well and how fast the box hears.")
    parser.add_argument("--voices", type=int, default=len(VOICES), choices=range(1, len(VOICES) + 1), metavar="N")
    parser.add_argument(
        "--sentences", type=int, default=len(MEASURED), choices=range(1, len(MEASURED) + 1), metavar="N"
    )
    parser.add_argument("--noise-minutes", type=float, default=10.0, metavar="N", help="noise alone; default 10")
    parser.add_argument("--brief", action="store_true", help="each sound at one level of noise instead of all three")
    parser.add_argument("--recordings", type=Path, default=RECORDINGS, help="a folder with transcripts.tsv")
    parser.add_argument("--json", action="store_true", help="the figures, and all that was heard, as JSON")
    chosen = parser.parse_args(given)
    found = measure(chosen, Console(stderr=True))
    if chosen.json:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")
    else:
        tell(found, Console())
    return 0


if __name__ == "__main__":
    sys.exit(main())

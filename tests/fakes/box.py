"""A box whose answers are written down beforehand: for the ways in, which only render what a box gives."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from appliance import check
from appliance.check import Part
from appliance.journal import Journal
from appliance.settings import Settings
from appliance.turn.answer import Answer, Card, Citation
from corpora.filters import EVERYTHING, Filter
from corpora.passage import Hit, Passage, Stretch
from corpora.revision import Listed
from corpora.stock import Document
from models.audio import Audio
from models.transcript import Transcript
from sync.records import Customer, Gap, Job

AMPS = Answer(
    id="01JD0000000000000000000001",
    asked="What's the amp draw for Carrier 50TCQA06?",
    raw="whats the amp draw for carrier fifty tcqa oh six",
    intent="spec",
    said="The Carrier 50TCQA06 draws 18.2 A. This is sample data.",
    shown=(Card("Carrier 50TCQA06", (("amp draw", "18.2 A"), ("voltage", "230 V")), "sample data"),),
    citations=(
        Citation("specs", "Carrier 50TCQA06 record", quote="amp draw: 18.2 A", note="sample data"),
        Citation("starter", "NFPA 25", "2017", "13.4.5.2.2.2", 12),
    ),
    rung="evidence",
    confidence=0.97,
    abstained=False,
    revisions={"specs": "abc"},
    timings={"understand": 0.4, "gather": 2.1, "first": 2.8, "total": 3.25},
)
"""The answer that a fake box gives to everything."""
PARTS = (check.library(400), check.specs(26), check.requirements(150), check.voice("", "no weights"))
"""Able, though its voice is missing."""


JOB = Job(
    "job-1", "wework", "site-1", "Annual sprinkler inspection", "sprinkler_inspection", "scheduled",
    datetime(2026, 11, 23, 8, 30, tzinfo=UTC), 120,
)  # fmt: skip
PASSAGE = Passage(
    "p1", "starter", "Dry pipe systems", "2017", ("Testing",), "13.4.5", None, "dry sprinkler", "Trip it."
)


GAPS = (
    Gap("g-1", "torque of QQQQ?", datetime(2026, 11, 21, 9, 0, tzinfo=UTC), actor="Sam"),
    Gap(
        "g-2", AMPS.asked, datetime(2026, 11, 22, 9, 0, tzinfo=UTC), actor="Sam", answer=AMPS.id,
        note="the plate says 20 A",
    ),
)  # fmt: skip


class FakeRecords:
    """One customer with one job; one question without an answer, and one answer called wrong."""

    demo = True

    def jobs(self, day: date | None = None, status: str | None = None) -> tuple[Job, ...]:
        """The job, if it is of that day and state."""
        fits = day in {None, JOB.starts.date()} and status in {None, JOB.status}
        return (JOB,) if fits else ()

    def customers(self) -> tuple[Customer, ...]:
        """The customer."""
        return (Customer("wework", "WeWork", "123 Main St, San Francisco"),)

    def gaps(self) -> tuple[Gap, ...]:
        """Both, oldest first."""
        return GAPS

    def said(self, turns: Collection[str]) -> dict[str, str]:
        """What the box answers to everything."""
        return dict.fromkeys(turns, AMPS.said)


class FakeLibrary:
    """One document with one passage, found by its words."""

    def documents(self) -> tuple[Listed, ...]:
        """The document."""
        return (Listed(pack="starter", document="Dry pipe systems", edition="2017", passages=1),)

    def shelves(self) -> tuple[Listed, ...]:
        """The document again, and what it is about."""
        return tuple(one.model_copy(update={"system": PASSAGE.system}) for one in self.documents())

    def passage(self, identity: str) -> Passage | None:
        """The passage."""
        return PASSAGE if identity == PASSAGE.id else None

    def contents(self, keep: Filter, start: int = 0, limit: int = 50) -> Stretch:
        """The passage alone."""
        return Stretch((PASSAGE,)[start : start + limit], start, 1)

    def section_of(self, passage: Passage) -> list[Passage]:
        """The passage alone."""
        return [passage]

    def section(self, number: str, standard: str = "") -> list[Passage]:
        """The passage, for its number."""
        return [PASSAGE] if number == PASSAGE.section else []

    def search(self, query: str, limit: int = 8, keep: Filter = EVERYTHING) -> list[Hit]:
        """The passage, for those who ask for it."""
        return [Hit(PASSAGE, 0.9, 0.8, 1.0)] if "trip" in query and keep.system in {None, PASSAGE.system} else []


class FakeStock:
    """Holds no files."""

    def documents(self) -> tuple[Document, ...]:
        """None."""
        return ()

    def find(self, identity: str) -> Document | None:
        """None."""
        return None

    def original(self, identity: str) -> Path:
        """Never called, since there is none."""
        raise AssertionError(identity)


class FakeLink:
    """Leads nowhere."""

    async def probe(self) -> None:
        """Find nothing out."""


class FakeBox:
    """Answers everything alike and remembers what it was asked."""

    def __init__(
        self,
        settings: Settings | None = None,
        answer: Answer = AMPS,
        parts: Sequence[Part] = PARTS,
        transcript: str = "amp draw for carrier fifty tcqa oh six",
        trouble: Mapping[str, Exception] | None = None,
    ) -> None:
        """`trouble`: method name to what it raises."""
        self.settings = settings or Settings()
        self.answer = answer
        self.parts_given = parts
        self.transcript = transcript
        self.trouble = dict(trouble or {})
        self.online = False
        self.link = FakeLink()
        self.library = FakeLibrary()
        self.stock = FakeStock()
        self.records = FakeRecords()
        self.journal = Journal()
        self.asked: list[tuple[str, str]] = []
        self.identifiers = frozenset({"50TCQA06"})
        self.recognised: list[float] = []
        self.recordings: list[bytes | Path] = []
        self.gaps: list[tuple[str, str, str]] = []
        self.spoken = 0
        self.closed = False

    def parts(self) -> list[Part]:
        """How its parts do."""
        self.stumble("parts")
        return list(self.parts_given)

    async def ask(
        self,
        text: str,
        person: str = "",
        heard: Callable[[str], None] = lambda _: None,
        *,
        sure: Callable[[], Awaitable[object]] | None = None,
    ) -> Answer:
        """Give the answer."""
        self.stumble("ask")
        if sure is not None:
            await sure()
        self.asked.append((text, person))
        heard(self.answer.said)
        return self.answer

    def acts(self, text: str) -> bool:
        """Nothing is ever kept."""
        return False

    def crowded(self) -> bool:
        """Nobody else is heard."""
        return False

    async def pieces(self, text: str, person: str = "") -> AsyncGenerator[Audio, None]:
        """Say anything in one piece."""
        yield await self.say(text)

    def unfinished(self, text: str) -> bool:
        """Nobody ever says more."""
        return False

    async def recognise(self, audio: Audio) -> Transcript:
        """Hear the same words in any sound."""
        self.stumble("recognise")
        self.recognised.append(audio.seconds)
        return Transcript(self.transcript, "fake", 1.0 if self.transcript else 0.0, audio.seconds)

    async def wrong(self, answer: str, question: str, note: str, person: str = "") -> str:
        """Remember it."""
        self.stumble("wrong")
        self.gaps.append((answer, question, note))
        return "01JD0000000000000000000002"

    async def hear(self, data: bytes | Path) -> Transcript:
        """Hear the same words in every recording."""
        self.stumble("hear")
        self.recordings.append(data)
        return Transcript(self.transcript, "fake", 1.0 if self.transcript else 0.0, 1.5)

    async def speak(self, answer: Answer) -> Audio:
        """Half a second of a soft tone."""
        self.stumble("speak")
        self.spoken += 1
        return Audio((0.1 * np.sin(np.arange(8000) * 0.17)).astype(np.float32), 16_000)

    async def say(self, text: str) -> Audio:
        """Say anything like everything else."""
        self.stumble("say")
        return await self.speak(self.answer)

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True

    def stumble(self, method: str) -> None:
        """Raise what was planned for a method."""
        if method in self.trouble:
            raise self.trouble[method]


class Opener:
    """Opens one fake box, as `wiring.open_box` would."""

    def __init__(self, box: FakeBox | None = None, trouble: Exception | None = None) -> None:
        """`trouble`: what opening raises."""
        self.box = box or FakeBox()
        self.trouble = trouble
        self.opened = 0

    @contextmanager
    def __call__(
        self, settings: Settings, progress: Callable[[str, int, int], None] | None = None, *, warm: bool = False
    ) -> Iterator[Any]:
        """Hand out the box."""
        if self.trouble:
            raise self.trouble
        if progress:
            progress("loading the fake", 1, 1)
        self.opened += 1
        self.box.settings = settings
        yield self.box

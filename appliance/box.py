"""The box: hears, answers, speaks, and tells how it is. Built by `wiring`; the ways in use nothing else."""

import asyncio
import os
import platform
import shutil
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from appliance import check, speech
from appliance.check import Part
from appliance.current import Current
from appliance.ear.readback import ReadBack, read_back
from appliance.engines import Engines
from appliance.field.manner import Manner
from appliance.journal import Journal
from appliance.ladder import Ladder
from appliance.manuals.granting import Granting
from appliance.mouth.clauses import clauses
from appliance.mouth.speak import speak as spoken
from appliance.ports import Recorder, Synthesizer
from appliance.reach import Link
from appliance.settings import Settings
from appliance.turn.answer import Answer
from appliance.turn.turn import Heard, Sure, Turn, ignore
from corpora.stock import Stock
from models.audio import Audio
from models.errors import NotInstalledError
from models.store import Store
from models.transcript import Transcript
from sync.errors import SyncError
from sync.operation import Operation
from sync.reader import Records

if TYPE_CHECKING:
    from corpora.library import Library

SLOWEST, FASTEST = 0.5, 2.0
"""Speeds that every voice takes."""
ASKERS = 64
"""Answers of which it is known who asked; more than are kept to be heard."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What building the box found out, for its health."""

    specs: int
    refused_specs: tuple[str, ...]
    requirements: int
    sqlite: tuple[int, ...]
    packs: tuple[str, ...]
    refused_packs: tuple[str, ...]
    troubles: Callable[[], Mapping[str, str]]
    """Gives part ("library", "field", "events", "cache", "records") to what is wrong with it now."""


class Box:
    """One appliance."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        engines: Engines,
        turn: Turn,
        records: Records,
        library: Current | None,
        link: Link,
        words: tuple[str, ...],
        identifiers: frozenset[str],
        facts: Facts,
        ladder: Ladder,
        stock: Stock,
        recorder: Recorder,
        journal: Journal,
        granting: Granting,
    ) -> None:
        """Keep the parts.

        `words` are domain words for the recogniser, most wanted first; `identifiers` are models as they are written,
        so that the voice spells them.
        """
        self.settings = settings
        self.store = store
        self.engines = engines
        self.turn = turn
        self.records = records
        self.link = link
        self._library = library
        self._words = words
        self._identifiers = identifiers
        self._facts = facts
        self._ladder = ladder
        self.stock = stock
        self.journal = journal
        self._recorder = recorder
        self._hearing = asyncio.Semaphore(os.cpu_count() or 1)
        """One recognition per core: more at once would only make the first of them late."""
        self._heard = 0
        self._askers: OrderedDict[str, str] = OrderedDict()
        self._granting = granting

    @property
    def library(self) -> "Library":
        """The texts. Raises `corpora.errors.LibraryError` when they could not be opened."""
        if self._library is None:
            from corpora.errors import LibraryError

            raise LibraryError(
                self._facts.troubles().get("library", "no index is on this box: run `clara corpora build`")
            )
        return self._library.library

    @property
    def identifiers(self) -> frozenset[str]:
        """Models as they are written."""
        return self._identifiers

    @property
    def online(self) -> bool:
        """Did the last probe reach the cloud, and is it not doubted?"""
        return self._ladder.online

    async def ask(self, text: str, person: str = "", heard: Heard = ignore, *, sure: Sure | None = None) -> Answer:
        """Answer a question; an empty person is the one of the settings. Raises as `Turn.ask`."""
        asker = person or self.settings.person.name
        answer = await self.turn.ask(text, asker, heard, sure=sure)
        self.journal.answered(answer)
        self._askers[answer.id] = asker
        while len(self._askers) > ASKERS:
            self._askers.popitem(last=False)
        return answer

    async def wrong(self, answer: str, question: str, note: str, person: str = "") -> str:
        """Record that an answer is wrong or lacks something, and give the record's id. Raises as `Recorder.record`."""
        gap = Operation(
            "gap", {"question": question, "answer": answer, "note": note}, actor=person or self.settings.person.name
        )
        return (await asyncio.to_thread(self._recorder.record, [gap]))[0]

    def event(self, kind: str, body: Mapping[str, object]) -> None:
        """Leave an event among the box's. Raises `sync.errors.SchemaError` for one that cannot be."""
        self.turn.event(kind, body)

    async def hear(self, data: bytes | Path) -> Transcript:
        """Recognise a recording of any common format.

        Raises:
            models.errors.ModelError: no recogniser, or the recording cannot be used.
        """
        from models.decode import decode

        return await self.recognise(await asyncio.to_thread(decode, data))

    def crowded(self) -> bool:
        """Tell whether the recogniser is busy."""
        return self._heard > 0

    def acts(self, text: str) -> bool:
        """Tell whether something would be kept for whoever says this."""
        return self.turn.acts(text)

    def unfinished(self, text: str) -> bool:
        """Tell whether somebody who says this will say more."""
        return self.turn.unfinished(text)

    async def recognise(self, audio: Audio) -> Transcript:
        """Recognise what is said. Raises `models.errors.ModelError`: no recogniser, or the sound cannot be used."""
        engine = await asyncio.to_thread(self.engines.transcriber)
        if engine is None:
            raise NotInstalledError("no recogniser is on this box: run `clara models fetch`, or type the question")
        async with self._hearing:
            self._heard += 1
            try:
                return await asyncio.to_thread(engine.transcribe, audio, self._words)
            finally:
                self._heard -= 1

    def read_back(self, heard: Transcript) -> ReadBack | None:
        """Give what to ask before acting on what was heard; None when its names are certain.

        Raises:
            appliance.ear.errors.EarError: nothing was heard, or too much.
        """
        ear = self.turn.ear
        return read_back(ear.hear(heard.text), ear.lexicon, heard.doubtful)

    async def speak(self, answer: Answer) -> Audio:
        """Say a whole answer as its asker wants it said. Raises `models.errors.ModelError`."""
        return await self.say(answer.said, self._askers.get(answer.id, ""))

    async def say(self, text: str, person: str = "") -> Audio:
        """Say any text as a person wants it said. Raises `models.errors.ModelError`."""
        voice, manner = await self._voice(), self.manner(person)
        words, speed = spoken(text, self._identifiers), self._speed(manner)
        made = await asyncio.to_thread(lambda: list(voice.synthesize(words, speed)))
        return speech.louder(speech.joined(made), manner.volume)

    async def pieces(self, text: str, person: str = "") -> AsyncGenerator[Audio, None]:
        """Say any text clause by clause, the first one short, the next one made while one is played.

        Close it (`contextlib.aclosing`) to stop: nothing is waited for, and nothing more is made than the clause under
        way. Raises `models.errors.ModelError`.
        """
        voice, manner = await self._voice(), self.manner(person)
        cut = clauses(text, self._identifiers)
        async with aclosing(speech.pieces(voice, cut, self._identifiers, self._speed(manner), manner.volume)) as made:
            async for piece in made:
                yield piece

    def manner(self, person: str = "") -> Manner:
        """Tell how a person wants to be answered; an empty person is the one of the settings."""
        return self.turn.manner(person or self.settings.person.name)

    async def _voice(self) -> Synthesizer:
        voice = await asyncio.to_thread(self.engines.synthesizer)
        if voice is None:
            raise NotInstalledError("no voice can be loaded on this box: see `clara check`")
        return voice

    def _speed(self, manner: Manner) -> float:
        return min(FASTEST, max(SLOWEST, self.settings.speech.speed * manner.speed))

    def parts(self) -> list[Part]:
        """How every part does; loads the engines that were not needed yet."""
        troubles, data = self._facts.troubles(), self.settings.place.data
        for load in (self.engines.embedder, self.engines.transcriber, self.engines.synthesizer):
            load()
        states = {role: self.engines.state(role) for role in ("embedding", "stt", "tts", "llm")}
        passages = self._library.library.count if self._library else 0
        return [
            check.library(passages, troubles.get("library", "")),
            check.requirements(self._facts.requirements),
            check.specs(self._facts.specs, self._facts.refused_specs),
            check.packs(self._facts.packs, len(self.stock.documents()), self._facts.refused_packs),
            self._records(troubles.get("records", "")),
            self._manuals(),
            check.embedder(states["embedding"].name, states["embedding"].trouble),
            check.recogniser(states["stt"].name, states["stt"].trouble),
            check.voice(states["tts"].name, states["tts"].trouble),
            self._language_model(),
            self._cloud_model(),
            check.ladder(self._ladder.now(), cloud=self._ladder.cloud),
            check.field_database(data / "field.db", troubles.get("field", "") or self.turn.trouble),
            check.events_database(data / "events.db", troubles.get("events", "")),
            check.cache(data / "cache.db", troubles.get("cache", "")),
            check.disk(data, shutil.disk_usage(existing(data)).free),
            check.sqlite(self._facts.sqlite),
            check.processor(platform.machine(), check.flags_of(_cpuinfo())),
            *self._rooms(),
        ]

    def _language_model(self) -> Part:
        wanted, runtime = self.settings.local.enabled, find_spec("llama_cpp") is not None
        if wanted and runtime:
            self.engines.language_model()
        state = self.engines.state("llm")
        part = check.language_model(state.name, state.trouble, runtime=runtime, wanted=wanted)
        if part.well and self._ladder.slow:
            return Part(part.name, well=True, uses=f"{part.uses}; {self._ladder.slow}", advice=part.advice)
        return part

    def _rooms(self) -> list[Part]:
        if not self.settings.rooms.enabled:
            return []
        from appliance.voice.rooms_server import part

        return [part(self.settings)]

    def _records(self, trouble: str) -> Part:
        try:
            return check.records(len(self.records.customers()), trouble)
        except SyncError as error:
            return check.records(0, trouble or str(error))

    def _manuals(self) -> Part:
        try:
            waiting = self._granting.waiting()
        except SyncError:
            return check.manuals(0)  # the records' part tells
        return check.manuals(waiting.count, waiting.closed, waiting.trouble, hopeless=waiting.hopeless)

    def _cloud_model(self) -> Part:
        model = self.settings.gemini.model if self._ladder.cloud else ""
        link = "" if self.link.reach.online else self.link.trouble
        doubted = round(self._ladder.trust.doubted_s)
        return check.cloud(model, online=self.online, link=link, trouble=self._ladder.trouble, doubted_s=doubted)

    async def aclose(self) -> None:
        """Finish recording, and let go of the network; `wiring` closes the rest."""
        await self.turn.aclose()
        await self._ladder.aclose()
        await self.link.aclose()
        await asyncio.to_thread(self.journal.close)


def existing(path: Path) -> Path:
    """Give the nearest folder above `path` that is there."""
    try:
        there = path.exists()
    except OSError:  # it lies in a folder that may not be looked into
        there = False
    return path if there else existing(path.parent)


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text() if path.is_file() else ""

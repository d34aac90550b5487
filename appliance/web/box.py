"""What the web face needs of the box; `wiring` hands in one that fits."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import Protocol

from appliance.check import Part
from appliance.journal import Journal
from appliance.settings import Settings
from appliance.turn.answer import Answer
from corpora.filters import Filter
from corpora.passage import Hit, Passage, Stretch
from corpora.revision import Listed
from models.audio import Audio
from models.transcript import Transcript


class Library(Protocol):
    """The texts. Blocking: call it in a thread. Everything raises `corpora.errors.LibraryError`."""

    def shelves(self) -> Sequence[Listed]:
        """Every document, once for every system, maker and model that it is about."""
        ...

    def search(self, query: str, limit: int = 8, keep: Filter = ..., /) -> Sequence[Hit]:
        """Find passages, best first."""
        ...

    def passage(self, identity: str, /) -> Passage | None:
        """Give the passage with this id."""
        ...

    def contents(self, keep: Filter, start: int = 0, limit: int = 50, /) -> Stretch:
        """Give a document's passages in order, from place `start` on."""
        ...

    def section_of(self, passage: Passage, /) -> Sequence[Passage]:
        """Give the passages of its section in order, itself among them."""
        ...

    def section(self, number: str, standard: str = "", /) -> Sequence[Passage]:
        """Give the passages of a section of a standard."""
        ...


class Stocked(Protocol):
    """A document that was added to this box."""

    @property
    def id(self) -> str:
        """The second part of its passages' ids."""
        ...

    @property
    def pack(self) -> str:
        """The first part of its passages' ids."""
        ...

    @property
    def title(self) -> str:
        """As its passages name it."""
        ...

    @property
    def edition(self) -> str:
        """As its passages name it."""
        ...

    @property
    def format(self) -> str:
        """What its file is: "pdf"."""
        ...

    @property
    def pages(self) -> int:
        """How many it has, 0 for none."""
        ...


class Stock(Protocol):
    """The files that documents were read from. Blocking. Everything raises `corpora.errors.IngestError`."""

    def documents(self) -> Sequence[Stocked]:
        """Every document that was added."""
        ...

    def find(self, identity: str, /) -> Stocked | None:
        """Give one document."""
        ...

    def original(self, identity: str, /) -> Path:
        """Give its file as it came."""
        ...


class Box(Protocol):
    """Hears, answers, speaks and tells how it is."""

    @property
    def settings(self) -> Settings:
        """The owner's wishes."""
        ...

    @property
    def online(self) -> bool:
        """Is there a link?"""
        ...

    @property
    def journal(self) -> Journal:
        """What keeps the times of turns."""
        ...

    @property
    def library(self) -> Library:
        """The texts. Raises `corpora.errors.LibraryError` when they could not be opened."""
        ...

    @property
    def stock(self) -> Stock:
        """The files that documents were read from."""
        ...

    def parts(self) -> Sequence[Part]:
        """How every part does."""
        ...

    @property
    def identifiers(self) -> Collection[str]:
        """Models as they are written."""
        ...

    async def ask(
        self,
        text: str,
        person: str = "",
        heard: Callable[[str], None] = ...,
        *,
        sure: Callable[[], Awaitable[object]] | None = None,
    ) -> Answer:
        """Answer a question; an empty person is the one of the settings.

        `heard` gets its clauses as they become final; nothing is kept or done before `sure` returns.
        """
        ...

    def unfinished(self, text: str) -> bool:
        """Tell whether somebody who says this will say more."""
        ...

    def acts(self, text: str) -> bool:
        """Tell whether something would be kept for whoever says this."""
        ...

    def crowded(self) -> bool:
        """Tell whether the recogniser is busy."""
        ...

    def pieces(self, text: str, person: str = "") -> AsyncGenerator[Audio, None]:
        """Say any text as a person wants it, piece by piece. Raises `models.errors.ModelError`."""
        ...

    async def recognise(self, audio: Audio) -> Transcript:
        """Recognise what is said. Raises `models.errors.ModelError`."""
        ...

    async def hear(self, data: bytes | Path) -> Transcript:
        """Recognise a recording. Raises `models.errors.ModelError`."""
        ...

    async def speak(self, answer: Answer) -> Audio:
        """Say a whole answer. Raises `models.errors.ModelError`."""
        ...

    async def wrong(self, answer: str, question: str, note: str, person: str = "") -> str:
        """Record that an answer is wrong or lacks something, and give the record's id. Raises `sync.errors.SyncError`.

        `answer` is its id, `note` what the technician says of it.
        """
        ...

"""What a turn gives back: the one value that page, voice, command line and API all render."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Rung = Literal["evidence", "gemini", "local", "extractive", "control"]
"""Who answered: composed from evidence, a model, the best passage quoted, or a control ("stop", small talk)."""


@dataclass(frozen=True, slots=True)
class Location:
    """Where the library of this box opens what is cited."""

    passage: str = ""
    """Id of the very passage; empty when no passage is just what is cited."""
    document: str = ""
    """Id of the document in the stock, where the page alone is known to be right."""
    page: int | None = None
    """In that document's file; None when it has no pages."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from."""

    pack: str
    document: str
    edition: str = ""
    section: str = ""
    page: int | None = None
    quote: str = ""
    """The words of the source that carry the answer."""
    note: str = ""
    """What must be said of the source: "sample data", "secondary source"."""
    location: Location | None = None
    """None when what is cited is no text of this box: a code that a row names, a record, a calculation."""

    def text(self) -> str:
        """One line for people: document, edition, section, page, note."""
        parts = [self.document]
        if self.edition:
            parts.append(f"{self.edition} edition" if self.edition[:4].isdigit() else self.edition)
        if self.section:
            parts.append(f"section {self.section}")
        if self.page is not None:
            parts.append(f"page {self.page}")
        if self.note:
            parts.append(f"({self.note})")
        return ", ".join(parts[:-1]) + f" {parts[-1]}" if self.note else ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Card:
    """Something shown beside what is said."""

    title: str
    rows: tuple[tuple[str, str], ...]
    """Label and value."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One grounded answer."""

    id: str
    """ULID of the turn."""
    asked: str
    """The question as it was understood, after repair."""
    raw: str
    """The question as it was typed or recognised."""
    intent: str
    said: str
    """What is spoken, as plain text; `mouth` decides how its figures sound."""
    shown: tuple[Card, ...]
    citations: tuple[Citation, ...]
    rung: Rung
    confidence: float
    """0 to 1."""
    abstained: bool
    """The sources do not say, and the answer says so."""
    revisions: Mapping[str, str] = field(default_factory=dict)
    """Which revision of corpus, specs and records it used."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds of every step, and `first` to the first clause, `total` to the last."""
    cached: bool = False
    passing: bool = False
    """A lesser rung stood in for one that was out: good for now, and not given again later."""


def to_json(answer: Answer) -> bytes:
    """Encode an answer."""
    return json.dumps(asdict(answer), ensure_ascii=False).encode()


def from_json(data: bytes) -> Answer:
    """Decode what `to_json` made. Raises KeyError, TypeError or ValueError for anything else."""
    tree = json.loads(data)
    tree["citations"] = tuple(map(_citation, tree["citations"]))
    tree["shown"] = tuple(
        Card(one["title"], tuple((label, value) for label, value in one["rows"]), one["note"]) for one in tree["shown"]
    )
    return Answer(**tree)


def _citation(tree: dict[str, Any]) -> Citation:
    place = tree["location"]
    return Citation(**tree | {"location": place and Location(**place)})

"""A piece of text that knows where it stands."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Passage:
    """One retrievable paragraph."""

    id: str
    """Stable: pack, document and place; the same text at the same place keeps its id."""
    pack: str
    document: str
    """Title as a person would say it."""
    edition: str
    """Empty when the document has none."""
    heading: tuple[str, ...]
    """Path of headings from the document's top to this passage."""
    section: str
    """Section number as printed ("13.4.5.2"), or empty."""
    page: int | None
    system: str
    """Which system it is about, as `requirement.SYSTEMS` names it, or empty."""
    text: str
    """The passage itself, never with heading or number glued on."""
    source: str = ""
    """Where the facts in it come from, in words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found."""

    passage: Passage
    score: float
    """0 to 1, comparable within one corpus: how surely the passage is about the query."""
    cosine: float
    """Cosine of query and passage vectors, or 0.0 when no embedder is installed."""
    coverage: float
    """Share of the query's content words (stemmed, weighted by rarity) that stand in passage or heading, 0 to 1."""

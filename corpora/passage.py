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
    language: str = ""
    """"en"; empty when unknown."""
    maker: str = ""
    model: str = ""
    """Whose manual it is, as printed; empty when the document is no manual of one product."""
    box: tuple[float, float, float, float] | None = None
    """Left, top, right, bottom in points on the page as displayed, from its top left corner."""
    table: str = ""
    """Name of the table that it is or is a row of, unique in the document."""
    links: tuple[str, ...] = ()
    """Section numbers that its text refers to ("see 14.2.3"), as `identifiers.canonical` writes them."""
    parent: str = ""
    """What passages of one section share, so that the whole section can be given; empty when it stands alone."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Passages that follow each other in a document, and where among all of them they stand."""

    passages: tuple[Passage, ...]
    start: int
    """Place of the first among all, from 0."""
    total: int
    """How many there are in all."""


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

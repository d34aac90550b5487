"""What a reader makes of a file: pages of blocks in reading order, as plain values."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points (1/72 in) on the page as it is displayed, from its top left corner."""
Kind = Literal["heading", "paragraph", "item", "table", "caption", "code"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, merged cells repeated in every row and column that they span."""

    header: tuple[str, ...]
    """One name per column, several header rows joined ("Electrical / MCA"); empty when there is none."""
    rows: tuple[tuple[str, ...], ...]
    """Cells, each row as long as the widest; an empty cell is ""."""
    title: str = ""
    """Its caption ("Table 3. Electrical data"), when one stands with it."""
    notes: tuple[str, ...] = ()
    """Its footnotes, with their marks."""
    boxes: tuple[Box, ...] = ()
    """Where each row stands, as long as `rows`; empty when unknown."""


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a page."""

    kind: Kind
    text: str
    """NFKC, single blanks, hyphenation at line ends undone; for a table, empty."""
    level: int = 0
    """Of a heading, 1 the highest; of an item, how deep it is nested; else 0."""
    box: Box | None = None
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One page, sheet or chapter; a format without pages yields one without a number."""

    blocks: tuple[Block, ...]
    number: int | None = None
    """From 1, as a viewer counts."""
    label: str = ""
    """As printed or named ("iv", "Sheet2")."""
    width: float = 0.0
    height: float = 0.0
    """Size in points as displayed, rotation applied; 0 when it has none."""
    scanned: bool = False
    """A picture without text: nothing could be read here, unless by OCR."""
    ocr: bool = False
    """The text was guessed from a picture."""
    outline: tuple[tuple[int, str], ...] = ()
    """Bookmarks that point at this page: level from 1, and title."""


@dataclass(frozen=True, slots=True)
class About:
    """What a file says of itself."""

    title: str = ""
    author: str = ""
    date: str = ""
    """ISO 8601, as much of it as is known."""
    language: str = ""
    """As declared, "en"."""
    heard: str | None = None
    """Language that its first pages are in, "" when that is not sure; None when nobody looked yet."""
    pages: int | None = None
    """How many pages will come, when known before."""


class Reader(Protocol):
    """One format. Every method raises `corpora.errors.IngestError`, saying what is wrong and what to do."""

    def about(self, path: Path, /) -> About:
        """Read only what the file says of itself."""
        ...

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read page after page from `first`, holding no more than one in memory where the format allows."""
        ...

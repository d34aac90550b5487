"""Pages of blocks in, passages out: small enough to be found exactly, each with the place where it stands.

Decisions: a clause, a list with its lead, a table's row is never cut unless the embedder could not read it whole.
Paragraphs under one heading are joined until they have 60 words and never beyond 120: short units under their heading
found most on the emanual set (retrieval.md §3). Paragraphs of two pages are not joined, so that the page that is cited
has what is quoted; only a list or a sentence that goes on takes what follows along. A passage comes out when the next
one begins, so that memory and the wait for the first page do not grow with the file. A heading with nothing below it is
a passage of its own, since readers take bold orders for headings.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import pairwise

from corpora.ingest import tables
from corpora.ingest.boilerplate import is_boilerplate, is_contents, is_entry, opens_contents
from corpora.ingest.headings import Left, Path, Ranks, is_admonition, is_title
from corpora.ingest.links import links
from corpora.ingest.origin import Origin, opened
from corpora.ingest.page import About, Block, Box, Page, Table
from corpora.ingest.size import FOREIGN, LEAST, LONGEST, cut, pieces, tidy
from corpora.passage import Passage

ENOUGH = 60
"""Words from which a passage takes no further paragraph."""
MOST = 120
"""Words to which paragraphs are joined."""

_SHORT = 15
"""Words of a paragraph that may still stand in a table of contents."""
_FIGURE = re.compile(r"(?:Figure|FIGURE|Fig\.|FIG\.)\s*[A-Z]?\d[\d.-]*[a-z]?[.:)]?\s+(?:[-\u2013\u2014]\s*)?[A-Z]")
_ENDS = (".", ":", ";", "!", "?", ")", '"', "”")


def passages(about: About, pages: Iterable[Page], origin: Origin) -> Iterator[Passage]:
    """Give the passages of a document in reading order; fields that `origin` leaves empty are read off the first pages.

    Raises what the iterator of pages raises.
    """
    known, coming = opened(about, pages, origin)
    yield from _shared_parents(_Chunker(known).run(coming))


def _shared_parents(found: Iterable[Passage]) -> Iterator[Passage]:
    """Empty the parent of passages that stand alone in their section; passages of one section follow each other."""
    held: Passage | None = None
    shared = False
    for passage in found:
        same = held is not None and held.parent == passage.parent
        if held is not None:
            yield held if shared or same else replace(held, parent="")
        held, shared = passage, same
    if held is not None:
        yield held if shared else replace(held, parent="")


@dataclass(frozen=True, slots=True)
class _Part:
    """A block of text that waits to be joined with its neighbours."""

    kind: str
    text: str
    page: Page
    box: Box | None
    words: int


@dataclass(slots=True)
class _Chunker:
    """Reads one document."""

    origin: Origin
    path: Path = field(default_factory=Path)
    ranks: Ranks = field(default_factory=Ranks)
    parts: list[_Part] = field(default_factory=list)
    group: int = 0
    """Where in `parts` those begin that must stay together."""
    contents: bool = False
    """Are we below the heading of a table of contents?"""
    ids: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    table: tuple[Table, str] | None = None
    """The last table with its name, in case it goes on."""

    def run(self, pages: Iterable[Page]) -> Iterator[Passage]:
        page = Page(())
        for page in pages:
            for block in self.ranks.blocks(page):
                yield from self._block(block, page)
        yield from self._flush()
        yield from self._left(self.path.leave(), page)

    def _block(self, block: Block, page: Page) -> Iterator[Passage]:
        block = replace(block, text=tidy(block.text))
        if block.table is not None:
            yield from self._table(block.table, block, page)
        elif is_boilerplate(block.text):
            return
        elif block.kind == "heading":
            if not (self.contents and is_entry(block.text)):
                yield from self._heading(block.text, block.level, page)
        elif not (self.contents and is_entry(block.text)):
            yield from self._text(block, page)

    def _heading(self, text: str, level: int, page: Page) -> Iterator[Passage]:
        yield from self._flush()
        yield from self._left(self.path.descend(text, level), page)
        self.contents = opens_contents(text)
        if self.contents:
            self.path.use()

    def _left(self, left: Left | None, page: Page) -> Iterator[Passage]:
        if left is not None:
            yield self._passage(left.title, page, None, left=left)

    def _text(self, block: Block, page: Page) -> Iterator[Passage]:
        if _is_caption(block):
            for text in cut(block.text, self._limit()):
                yield self._passage(text, page, block.box)
            return
        self.contents = self.contents and len(block.text.split()) <= _SHORT
        text = block.text
        begun = self.path.begins(text) if block.kind != "code" else None
        if begun is not None:
            if is_title(begun):
                level = self.path.steps[-1].level + 1 if self.path.steps else 1
                yield from self._heading(text, level, page)
                return
            yield from self._flush()
            if begun.number and not begun.marks:
                yield from self._left(self.path.surface(begun.number), page)
            self.path.clause, self.path.marks, text = begun.number, begun.marks, begun.rest
        yield from self._append(_Part(block.kind, text, page, block.box, len(text.split())))

    def _append(self, part: _Part) -> Iterator[Passage]:
        """Take one more block; what can no longer grow comes out."""
        words = sum(held.words for held in self.parts)
        if not self.parts or not _stays(self.parts[-1], part):
            turned = bool(self.parts) and self.parts[-1].page is not part.page
            if words >= ENOUGH or words + part.words > MOST or turned:
                yield from self._flush()
            self.group = len(self.parts)
        elif self.group and words + part.words > MOST:
            yield from self._flush(self.group)
        if self.parts and pieces(_joined([*self.parts, part])) > self._limit():
            yield from self._flush()
        self.parts.append(part)

    def _flush(self, count: int | None = None) -> Iterator[Passage]:
        """Give the blocks held, or the first of them, in as many passages as the embedder needs."""
        taken, self.parts = self.parts[:count], self.parts[count:] if count else []
        self.group = 0
        if taken and pieces(_joined(taken)) <= self._limit():
            yield self._passage(_joined(taken), taken[0].page, _box(taken))
            return
        for part in taken:
            for text in cut(part.text, self._limit()):
                yield self._passage(text, part.page, part.box)

    def _table(self, table: Table, block: Block, page: Page) -> Iterator[Passage]:
        table = tables.tidied(table)
        if is_contents(table, self.contents):
            return
        yield from self._flush()
        limit = self._limit()
        continued = self.table is not None and tables.is_continued(table, self.table[0])
        name = self.table[1] if self.table and continued else self._name(table, page)
        called = tables.title(table) or (self.table[0].title if self.table and continued else "") or name
        self.table = (replace(table, title=called), name)
        if not continued or table.notes:
            for text in tables.whole(table, called, limit):
                yield self._passage(text, page, block.box, table=name)
        for row in tables.rows(table, called, limit):
            yield self._passage(row.text, page, row.box or block.box, table=name)

    def _name(self, table: Table, page: Page) -> str:
        """Give a table's name, unique in the document."""
        place = f"page {page.number}" if page.number else page.label
        titles = self.path.titles
        name = (
            tables.name(table)
            or f"table {f'on {place}' if place else f'in {titles[-1][:60]}' if titles else ''}".strip()
        )
        self.names[name] += 1
        return name if self.names[name] == 1 else f"{name} ({self.names[name]})"

    def _limit(self) -> int:
        """Word pieces that the text of a passage may have here."""
        above = " > ".join((self.origin.title, self.origin.edition, *self.path.titles, self.path.section))
        return max(LEAST, (LONGEST if self.origin.language in {"en", ""} else FOREIGN) - pieces(above))

    def _passage(
        self,
        text: str,
        page: Page,
        box: Box | None,
        table: str = "",
        left: Left | None = None,
    ) -> Passage:
        """Give a passage that stands here, or below the headings above one that is left."""
        origin = self.origin
        heading, section = (left.above, left.number) if left else (self.path.titles, self.path.section)
        if left is None:
            self.path.use()
        return Passage(
            id=self._id("\0".join((*heading, section, table, text))), pack=origin.pack, document=origin.title,
            edition=origin.edition, heading=heading, section=section, page=page.number, system=origin.system, text=text,
            source=f"{origin.source} (read off a picture)".strip() if page.ocr else origin.source,
            language=origin.language, maker=origin.maker, model=origin.model, box=box, table=table,
            links=links(text, section), parent=self._parent(page, left),
        )  # fmt: skip

    def _id(self, content: str) -> str:
        """Give the same id to the same content at the same place, another to its repetition."""
        digest = _digest(content)
        self.ids[digest] += 1
        nth = f"-{self.ids[digest]}" if self.ids[digest] > 1 else ""
        return f"{self.origin.pack}/{self.origin.id}/{digest}{nth}"

    def _parent(self, page: Page, left: Left | None) -> str:
        """Give what the passages of one section share; where nothing says what a section is, those of one page."""
        place = (left.place if left else self.path.place) or (f"page {page.number} {page.label}",)
        return f"{self.origin.pack}/{self.origin.id}/{_digest(chr(0).join(place))}"


def _is_caption(block: Block) -> bool:
    """Say whether a block names a figure, and says more of it than its number."""
    words = len(block.text.split())
    return words > 2 and (block.kind == "caption" or (words <= 30 and _FIGURE.match(block.text) is not None))


def _stays(before: _Part, part: _Part) -> bool:
    """Say whether a block must stay with the one before it: items with their list and lead, a text with its WARNING."""
    if part.kind == "item" and before.kind == "item":
        return True
    return before.text.endswith(":") or is_admonition(before.text) or _goes_on(before, part)


def _goes_on(before: _Part, part: _Part) -> bool:
    """Say whether a block is the rest of a sentence that began on the page before."""
    return (
        before.page is not part.page
        and before.kind != "code"
        and part.kind == "paragraph"
        and part.text[:1].islower()
        and not before.text.endswith(_ENDS)
    )


def _joined(parts: list[_Part]) -> str:
    """Give the text of several blocks, a line each."""
    text = parts[0].text
    for before, part in pairwise(parts):
        text += (" " if _goes_on(before, part) else "\n") + part.text
    return text


def _box(parts: list[_Part]) -> Box | None:
    """Give the box around the blocks that stand on the first one's page."""
    return reduce(tables.union, (part.box for part in parts if part.page is parts[0].page), None)


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

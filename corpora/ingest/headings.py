"""The path of headings down to a block, kept over pages, and what of a page is a heading.

Decisions: a dotted number says more of a heading's rank than the size of its letters, so "13.4.5 Title" goes below
"13.4" and "Chapter 13" wherever they stand. A bookmark's level goes before a reader's guess, and headings that no
bookmark names stand below the last one that does. The word WARNING over a paragraph is part of the paragraph.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from corpora.identifiers import ancestors, canonical
from corpora.ingest import sections
from corpora.ingest.page import Block, Page

LONGEST_WORDS = 25
"""A longer heading is a paragraph in large letters."""
LONGEST_LETTERS = 200
DEEPEST = 8
"""Headings above a passage; what lies deeper pushes out its nearest."""

_ADMONITION = re.compile(
    r"(?:[⚠!]\s*)?(?:warning|caution|danger|notice|note|important|tip|attention)s?\s*[:!.]?", re.IGNORECASE
)
_LABEL = re.compile(
    r"(?:chapter|section|part|annex|appendix|article)\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})[.:]?", re.IGNORECASE
)
_VERB = re.compile(r"\b(?:shall|must|should|may|is|are|was|were|has|have|can|do|does|will)\b", re.IGNORECASE)


@dataclass(slots=True)
class Step:
    """One heading on the way down."""

    level: int
    title: str
    number: str
    """As printed, or empty."""
    nth: int
    """Which heading of this path in the document it is, from 1."""
    used: bool = False
    """Does any passage stand below it?"""


@dataclass(frozen=True, slots=True)
class Left:
    """A heading that nothing stood below."""

    title: str
    number: str
    above: tuple[str, ...]
    """Headings above it."""
    place: tuple[str, ...]
    """As `Path.place` was for it."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A numbered clause that a paragraph begins."""

    number: str
    """As printed; empty when only its regulation's heading has one."""
    marks: tuple[str, ...]
    """Bracketed letters of a regulation's paragraph."""
    rest: str
    """The paragraph without them."""


@dataclass(slots=True)
class Path:
    """Where the reader of a document stands."""

    steps: list[Step] = field(default_factory=list)
    clause: str = ""
    """Number of the clause below the last heading, or empty."""
    marks: tuple[str, ...] = ()
    """Bracketed letters of a regulation's paragraph: ("e", "2")."""
    _seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def titles(self) -> tuple[str, ...]:
        """Headings from the top."""
        return tuple(step.title for step in self.steps)

    @property
    def heading_number(self) -> str:
        """Number of the nearest heading that has one."""
        return next((step.number for step in reversed(self.steps) if step.number), "")

    @property
    def section(self) -> str:
        """Number that holds here, as printed."""
        if self.marks:
            return (self.clause or self.heading_number) + "".join(f"({mark})" for mark in self.marks)
        return self.clause or self.heading_number

    @property
    def place(self) -> tuple[str, ...]:
        """What the passages of one section share.

        That is a heading and, of a regulation, the paragraph's first letter; without headings the number around the
        clause; else nothing.
        """
        return _place(self.steps, self.clause, self.marks)

    def descend(self, text: str, level: int) -> Left | None:
        """Step to a heading; gives the one now left if nothing stood below it."""
        parts = sections.heading(text)
        depth = self._depth(parts.number, level)
        left = self.leave(depth)
        if "." in parts.number and self.steps:
            level = max(level, self.steps[-1].level + 1)
        key = (*self.titles, parts.rest)
        self._seen[key] = self._seen.get(key, 0) + 1
        self.steps.append(Step(level, parts.rest, parts.number, self._seen[key]))
        self.clause, self.marks = "", ()
        return left

    def surface(self, number: str) -> Left | None:
        """Step out of the numbered headings that cannot hold a clause; gives the last if nothing stood below it."""
        depth = len(self.steps)
        while depth and "." in self.steps[depth - 1].number and not self._holds(self.steps[depth - 1], number):
            depth -= 1
        return self.leave(depth)

    @staticmethod
    def _holds(step: Step, number: str) -> bool:
        return sections.is_within(number, step.number) or canonical(number) == canonical(step.number)

    def leave(self, depth: int = 0) -> Left | None:
        """Step out of all headings but the first few; gives the last if nothing stood below it."""
        last = self.steps[-1] if len(self.steps) > depth else None
        left = self._last() if last and last.level and not last.used else None
        if left:
            self.use()
        del self.steps[depth:]
        self.clause, self.marks = "", ()
        return left

    def _last(self) -> Left:
        last = self.steps[-1]
        return Left(last.title, last.number, self.titles[:-1], _place(self.steps[:-1], last.number, ()))

    def use(self) -> None:
        """Note that a passage stands here."""
        for step in self.steps:
            step.used = True

    def begins(self, text: str) -> Begun | None:
        """Say which clause a paragraph begins, if it does; the path stays where it is."""
        found = sections.clause(text, self.section)
        if found.number:
            return Begun(found.number, (), found.rest)
        if sections.REGULATION.fullmatch(self.clause or self.heading_number):
            designated = sections.designated(text, self.marks)
            if designated:
                return Begun(self.clause, *designated)
        return None

    def _depth(self, number: str, level: int) -> int:
        """How many steps stay above a heading."""
        if "." in number or "-" in number:
            around = [place for place, step in enumerate(self.steps) if sections.is_within(number, step.number)]
            if around:
                return min(around[-1] + 1, DEEPEST - 1)
        return next(
            (place for place, step in enumerate(self.steps) if self._ends(step, number, level)),
            min(len(self.steps), DEEPEST - 1),
        )

    @staticmethod
    def _ends(step: Step, number: str, level: int) -> bool:
        """Say whether a heading closes a step: by its level, or as a number that the step's number cannot hold."""
        if step.level >= level:
            return True
        if "." not in number or not step.number:
            return False
        chapter = number.split(".", maxsplit=1)[0]
        return "." in step.number or (chapter.isdigit() and step.number.isdigit() and int(chapter) > int(step.number))


def _place(steps: list[Step], clause: str, marks: tuple[str, ...]) -> tuple[str, ...]:
    if steps:
        return (*(step.title for step in steps), str(steps[-1].nth), *marks[:1])
    return tuple(ancestors(canonical(clause))[:1])


def is_admonition(text: str) -> bool:
    """Say whether a text is but a word like WARNING."""
    return _ADMONITION.fullmatch(text.strip()) is not None


def is_title(begun: Begun) -> bool:
    """Say whether a numbered paragraph is but a title: "13.4.3.2 Testing."."""
    rest = begun.rest
    return not begun.marks and len(rest.split()) <= 8 and not _VERB.search(rest) and rest[-1:] not in ";,:)"


@dataclass(slots=True)
class Ranks:
    """Brings the blocks of page after page to one ranking of headings."""

    _bookmarked: int = 0
    """Level of the last bookmark passed; 0 before the first."""

    def blocks(self, page: Page) -> Iterator[Block]:
        """Give a page's blocks, its headings ranked by bookmark where one names them, the rest as paragraphs."""
        marks = {_plain(title): level for level, title in page.outline if title.strip()}
        named = {_plain(block.text) for block in page.blocks if _can_be_heading(block)} & marks.keys()
        if page.number is None and page.label and _plain(page.label) not in map(_plain, _texts(page)[:1]):
            yield Block("heading", _short(page.label), 0)
        if not named and not any(block.kind == "heading" for block in page.blocks):
            for level, title in page.outline:
                if title.strip():
                    self._bookmarked = level
                    yield Block("heading", _short(title), level)
        for block in _merged(page.blocks):
            yield self._ranked(block, marks)

    def _ranked(self, block: Block, marks: dict[str, int]) -> Block:
        if not _can_be_heading(block):
            return replace(block, kind="paragraph") if block.kind == "heading" else block
        level = marks.get(_plain(block.text))
        if level is not None:
            self._bookmarked = level
            return replace(block, kind="heading", level=level)
        return replace(block, level=block.level + self._bookmarked) if block.kind == "heading" else block


def _merged(blocks: tuple[Block, ...]) -> Iterator[Block]:
    """Join "CHAPTER 4" with the heading printed below it."""
    label: Block | None = None
    for block in blocks:
        if label is not None:
            if block.kind == "heading" and _LABEL.fullmatch(block.text) is None:
                text, level = f"{label.text} {block.text}", min(label.level, block.level) or block.level
                yield replace(block, text=text, level=level)
                label = None
                continue
            yield label
        label = block if block.kind in {"heading", "paragraph"} and _LABEL.fullmatch(block.text) else None
        if label is None:
            yield block
    if label is not None:
        yield label


def _can_be_heading(block: Block) -> bool:
    return (
        block.kind in {"heading", "paragraph"}
        and 0 < len(block.text) <= LONGEST_LETTERS
        and len(block.text.split()) <= LONGEST_WORDS
        and not is_admonition(block.text)
    )


def _texts(page: Page) -> list[str]:
    return [block.text for block in page.blocks if block.text]


def _short(title: str) -> str:
    return " ".join(title.split()[:LONGEST_WORDS])[:LONGEST_LETTERS]


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()

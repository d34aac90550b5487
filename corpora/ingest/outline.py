"""Numbered headings in running text: a paragraph in, what it says of its place and the rest of it out.

A standard printed as plain text says its structure by numbers alone: "14.2.3 Gauges", "§ 1910.157", then "(e)" and
"(2)" below it. The marks below a "§" are given as headings with their whole number, "1910.157(e)(2)", so that each
paragraph can be asked for; roman and capital marks below those stay items of the paragraph they belong to.
"""

import re
from dataclasses import dataclass, field

from corpora.ingest.page import Block

DOTTED = re.compile(
    r"((?:[A-Z]\.)?\d{1,4}(?:[.-]\d{1,4}){1,6}[a-z]?(?:\(\w{1,5}\))*)[.*]{0,2}\s+(?=[^\sa-z\d.,;:=+*/%-])(.+)",
    re.DOTALL,
)
"""A section number of two parts and more, then anything but a unit ("2.5 in") or another figure."""
SIGNED = re.compile(
    r"(?:§+|Section|SECTION|Sec\.)\s*((?:[A-Z][.-])?\d+(?:[.-]\d+)*[a-z]?)(?:[.:]?\s+(\S.*))?", re.DOTALL
)
CHAPTER = re.compile(r"(?:Chapter|CHAPTER|Part|PART|Subpart|Annex|ANNEX|Appendix|APPENDIX)\s+[\dA-Z]{1,4}\b")
MARK = re.compile(r"\((\d{1,2}|[a-z]{1,5}|[A-Z]{1,2})\)\s*")
NUMBERED = re.compile(r"(\d{1,3}|[A-Za-z])[.)]\s+(?=\S)")
BULLET = re.compile(r"[-*+\u2022\u2023\u25aa\u25cf\u25e6\u2013\u00b7]\s+(?=\S)")
_LEADER = re.compile(r"\.{4,}\w{1,5}$")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\b|\d{1,2}[.-]\d{1,2}[.-](?:19|20)\d{2}\b")
_RUN_IN = re.compile(r"([A-Z][^.;:()]{1,60}?)(?:\.|\s[-\u2013\u2014])\s+(?=[A-Z(\u201c\"])(.+)", re.DOTALL)
_SENTENCE = re.compile(r"\b(?:shall|must|may|should|will|can|is|are|was|were|has|have|be)\b|[.;:,]$")
_ALARMS = re.compile(r"\W*(?:WARNING|CAUTION|DANGER|NOTICE|NOTE|IMPORTANT|ATTENTION)S?\b")
_ROMAN = re.compile(r"[ivx]{1,5}")


def is_title(text: str) -> bool:
    """Say whether a line reads like a title: up to twelve words, no sentence."""
    return len(text.split()) <= 12 and len(text) <= 120 and _SENTENCE.search(text) is None


def is_entry(text: str) -> bool:
    """Say whether a line is one of a table of contents, dots leading to a page."""
    return _LEADER.search(re.sub(r"\s", "", text[-80:])) is not None


def starts(line: str) -> bool:
    """Say whether a line opens a paragraph of its own by its number, mark or bullet."""
    opened = (DOTTED, SIGNED, CHAPTER, MARK, NUMBERED, BULLET)
    return any(pattern.match(line) for pattern in opened) and _DATE.match(line) is None


def depth(number: str) -> int:
    """Give the level of a section number: 1 for "14", 3 for "14.2.3", 5 for "14.2.3(a)(1)"."""
    return len(re.findall(r"[^.()-]+", number))


@dataclass(slots=True)
class Outline:
    """Where the reader of a text stands among its numbers."""

    root: str = ""
    """Number of the "§" that the reader stands under."""
    marks: list[str] = field(default_factory=list)
    """The marks below it: a letter, then a figure."""

    def blocks(self, text: str, indent: int = 0) -> list[Block]:
        """Give the blocks that one paragraph makes: its headings, then what is left of it.

        Args:
            text: The paragraph, tidy.
            indent: How deep it is set in, in steps.
        """
        if is_entry(text):
            return [Block("item", text, indent + 1)]
        if found := SIGNED.match(text):
            return self._signed(text, found)
        if CHAPTER.match(text) and is_title(text):
            self._leave()
            return [Block("heading", text, 1)]
        if (found := DOTTED.match(text)) and not _DATE.match(text):
            self._leave()
            return _numbered(found[1], found[2], depth(found[1]))
        if self.root and MARK.match(text):
            return self._marked(text)
        return [_unnumbered(text, indent)]

    def _leave(self) -> None:
        self.root, self.marks = "", []

    def _signed(self, text: str, found: re.Match[str]) -> list[Block]:
        title = found[2] or ""
        if len(title.split()) > 25 or (_SENTENCE.search(title.rstrip(".")) and not text.startswith("§")):
            return [Block("paragraph", text)]
        if title and title[0].islower():  # "§ 1910.160 applies as well"
            return [Block("paragraph", text)]
        self.root, self.marks = (found[1], []) if text.startswith("§") else ("", [])
        return [Block("heading", text.rstrip(". "), 2 if self.root else depth(found[1]))]

    def _marked(self, text: str) -> list[Block]:
        made: list[Block] = []
        while found := MARK.match(text):
            if not self._take(found[1], has_title=_RUN_IN.match(text, found.end()) is not None):
                break
            number = self.root + "".join(f"({mark})" for mark in self.marks)
            head, *rest = _numbered(number, text[found.end() :], 2 + len(self.marks))
            made.append(head)
            text = rest[0].text if rest else ""
        if text:
            made.append(Block("item", text, 1) if MARK.match(text) else Block("paragraph", text))
        return made

    def _take(self, mark: str, *, has_title: bool) -> bool:
        """Step to a mark when it is the next letter or a figure; say whether it was."""
        if mark.isdigit() and self.marks:
            self.marks = [self.marks[0], mark]
            return True
        if len(mark) != 1 or not mark.islower():
            return False
        follows = chr(ord(self.marks[0]) + 1) if self.marks else "a"
        if mark != follows or (_ROMAN.fullmatch(mark) and len(self.marks) > 1 and not has_title):
            return False
        self.marks = [mark]
        return True


def _unnumbered(text: str, indent: int) -> Block:
    if MARK.match(text) or NUMBERED.match(text):
        return Block("item", text, indent + 1)
    if found := BULLET.match(text):
        return Block("item", text[found.end() :], indent + 1)
    if text.isupper() and is_title(text) and re.search(r"[A-Z]{3}", text) and not _ALARMS.match(text):
        return Block("heading", text, 2)
    return Block("paragraph", text)


def _numbered(number: str, rest: str, level: int) -> list[Block]:
    """Give a number's heading, with its title when it has one, and the text that follows on the same line."""
    rest = rest.strip()
    if not rest:
        return [Block("heading", number, level)]
    if len(rest.split()) <= 2:
        rest = rest.rstrip(".")
    if is_title(rest) and not MARK.match(rest):
        return [Block("heading", f"{number} {rest}", level)]
    run_in = _RUN_IN.match(rest)
    if run_in and len(run_in[1].split()) <= 6 and not _SENTENCE.search(run_in[1]):
        return [Block("heading", f"{number} {run_in[1]}", level), Block("paragraph", run_in[2])]
    return [Block("heading", number, level), Block("paragraph", rest)]

"""How a document sets its text: the size of its body and of its headings, judged from a few pages throughout.

Decisions:
    The body is the size that most letters have. Larger lines are headings, ranked by size; bold ones of the body's size
    rank below them, italic ones lowest. A dotted number or a bookmark says more than a size and goes before it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpora.ingest.pdf_lines import LEADERS, Line

LARGER = 1.12
"""A heading's size against the body's."""
MOST_LEVELS = 6
LONGEST_WORDS = 25
LONGEST_LETTERS = 200

NUMBER = re.compile(r"(?:(\d{1,3}(?:\.\d{1,3})*)\.?|([A-Z](?:\.\d{1,3})+)\.?)\s+(?=\S)")
"""A section number that opens a heading."""
_PART = re.compile(r"(?:chapter|part|appendix|annex|section)\s+(?:\d{1,3}|[A-Z]|[IVX]{1,5})\b", re.IGNORECASE)
_CAPITALS = re.compile(r"(?:\d+\s)?[A-Z][A-Z ,&/'-]{4,}[A-Z]")
_ENDS = re.compile(r"[.;,\u2026]$")
_PLAIN = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Manner:
    """Sizes of a document's text."""

    body: float = 10.0
    bold: bool = False
    """The body itself is bold."""
    italic: bool = False
    leading: float = 1.2
    """Step from line to line of the body, in font sizes."""
    larger: tuple[float, ...] = ()
    """Sizes of headings, the largest first."""

    def rank(self, line: Line) -> int:
        """Give the level that a heading's look says, from 1."""
        for place, size in enumerate(self.larger):
            if line.style.size >= size - 0.3:
                return place + 1
        return min(len(self.larger) + (1 if line.bold else 2), MOST_LEVELS)


def manner(lines: Sequence[Line]) -> Manner:
    """Judge a document by lines of some of its pages."""
    letters: Counter[tuple[float, bool, bool]] = Counter()
    for line in lines:
        for word in line.words:
            if not word.style.mono:
                letters[_half(word.style.size), word.style.bold, word.style.italic] += len(word.text)
    if not letters:
        return Manner()
    (body, bold, italic), _ = letters.most_common(1)[0]
    sizes = {_half(line.style.size) for line in lines if line.style.size >= LARGER * body and _is_short(line.text)}
    apart: list[float] = []
    for size in sorted(sizes, reverse=True):
        if not apart or apart[-1] - size > 0.8:
            apart.append(size)
    # Levels are given from the smallest up, so that a cover's giant letters don't push a chapter down.
    return Manner(body, bold, italic, _leading(lines, body), tuple(apart[-(MOST_LEVELS - 2) :]))


def _leading(lines: Sequence[Line], body: float) -> float:
    """Give the commonest step between lines of the body's size, to a twentieth; lines of one column follow another."""
    steps: Counter[float] = Counter()
    for high, low in pairwise(lines):
        step = (low.base - high.base) / body
        if _half(high.style.size) == _half(low.style.size) == body and 0.9 < step < 2.5:
            steps[round(step * 20) / 20] += 1
    return steps.most_common(1)[0][0] if steps else 1.2


def _half(size: float) -> float:
    return round(size * 2) / 2


def _is_short(text: str) -> bool:
    return len(text) <= LONGEST_LETTERS and any(map(str.isalpha, text))


def plain(title: str) -> str:
    """Give a title without what a bookmark may write otherwise: case, blanks and punctuation.

    >>> plain("13.4.5  Dry valves")
    '1345dryvalves'
    """
    return _PLAIN.sub("", title.lower())


def heading(lines: Sequence[Line], text: str, how: Manner, marks: Mapping[str, int], width: float) -> int:
    """Give the level of a heading; 0 when lines that stand together are none.

    Args:
        lines: Lines of one paragraph.
        text: Their text.
        how: How the document sets its text.
        marks: Plain titles of the bookmarks that point near, with their levels.
        width: Of the column, in points.
    """
    first = lines[0]
    words = text.split()
    if len(words) > LONGEST_WORDS or len(text) > LONGEST_LETTERS or len(lines) > 4 or LEADERS in text:
        return 0
    if sum(map(str.isalpha, text)) < 2 or first.style.mono:
        return 0
    marked = marks.get(plain(text)) or marks.get(plain(NUMBER.sub("", text)))
    if not marked and not _looks(lines, text, how, width):
        return 0
    number = NUMBER.match(text)
    if number:
        return min((number[1] or number[2]).count(".") + 1, MOST_LEVELS)
    return marked or (1 if _PART.match(text) else how.rank(first))


def _looks(lines: Sequence[Line], text: str, how: Manner, width: float) -> bool:
    """Say whether lines are set as a heading."""
    sizes = [line.style.size for line in lines]
    if _ENDS.search(text) and not NUMBER.match(text):
        return False
    if min(sizes) >= LARGER * how.body:
        return True
    if text.endswith(":") or min(sizes) < 0.93 * how.body or not text[:1].isupper() | text[:1].isdigit():
        return False
    if all(line.bold for line in lines) and not how.bold:
        return len(lines) < 3
    alone = len(lines) == 1 and len(text.split()) <= 8
    if alone and _CAPITALS.fullmatch(text):
        return True
    slanted = all(word.style.italic for line in lines for word in line.words) and not how.italic
    return slanted and alone and lines[0].box[2] - lines[0].box[0] < 0.7 * width

"""Rows of one column made into blocks: paragraphs, headings, items, captions, code and tables.

Decisions:
    A new paragraph begins where the step to the next line grows, the type changes, a list's item or a numbered clause
    opens, or a line is indented after one that ended a sentence. Bullets are dropped, since a block says it is an item.
    A caption belongs to the table that it stands next to, above before below.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpora.ingest.blocks import CAPTION
from corpora.ingest.page import Block
from corpora.ingest.pdf_cells import Found
from corpora.ingest.pdf_lines import LEADERS, Line, Spelling, around, is_caption, line
from corpora.ingest.pdf_order import Row
from corpora.ingest.pdf_style import Manner, heading

_BULLET = re.compile(
    r"(?:[\u2022\u2023\u25a0-\u25ff\u2043\u2219\u25e6\u2192\u27a2\u2713\u2714\u2605\u2610-\u2612·\uf000-\uf0ff]|[o*\u2013\u2014-](?=\s))\s*"
)
_NUMBERED = re.compile(r"(?:\(?\d{1,2}[.)]|\(?[a-zA-Z][.)]|\([ivx]{1,5}\)|[ivx]{1,4}[.)])\s+(?=\S)")
_NOTE = re.compile(
    r"(?:[*†‡§¹²³]+|\(?\d{1,2}\)|\[\w{1,2}\]|\([a-z]\)|\d{1,2}\s+[A-Z]|[Nn]otes?\b.{0,3}[:.]|NOTES?\b.{0,3}[:.]|[a-z][.)]\s)"
)
_CLAUSE = re.compile(r"(?:\d{1,3}|[A-Z])(?:\.\d{1,3})+\.?\s+\S")
_ENDED = re.compile(r"[.:;!?]['\"\u201d)\]]*$")


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of the document when a page's rows are made into blocks."""

    how: Manner
    spelling: Spelling
    marks: Mapping[str, int] = field(default_factory=dict)
    """Bookmarks that point at this page: plain title to level."""


def blocks(rows: Sequence[Row | Found], setting: Setting) -> Iterator[Block | Found]:
    """Make blocks of one column.

    Args:
        rows: Rows and tables from top to bottom.
        setting: What is known of the document.

    Yields:
        Blocks with boxes in the page's frame; tables as they were found, with title and notes.
    """
    yield from _captioned(list(_pieces(rows, setting)), setting)


@dataclass(slots=True)
class _Piece:
    """Lines that belong together."""

    lines: list[Line]
    indent: int = 0
    """Of an item, its level; else 0."""
    column: tuple[float, float] = (0.0, 0.0)


def _pieces(rows: Sequence[Row | Found], setting: Setting) -> Iterator[_Piece | Found]:
    run: list[Line] = []
    for row in rows:
        if isinstance(row, Found):
            yield from _split(run, setting)
            yield row
            run = []
        else:
            run.append(line(row.words))
    yield from _split(run, setting)


def _split(lines: Sequence[Line], setting: Setting) -> Iterator[_Piece]:
    """Part lines into paragraphs and items."""
    if not lines:
        return
    left, right = min(each.box[0] for each in lines), max(each.box[2] for each in lines)
    steps = [low.base - high.base for high, low in pairwise(lines)]
    indents: list[float] = []
    piece = _Piece([lines[0]], _item(lines[0], indents), (left, right))
    for place, each in enumerate(lines[1:]):
        if _opens(piece, each, steps[place], right, setting.how.leading):
            yield piece
            piece = _Piece([], _item(each, indents), (left, right))
        piece.lines.append(each)
    yield piece


def _item(each: Line, indents: list[float]) -> int:
    """Give an item's level by how far it is indented; 0 when a line opens none, which ends a list at its left."""
    start = each.box[0]
    if not _is_item(each):
        if indents and start <= indents[0] + 1:
            indents.clear()
        return 0
    while indents and indents[-1] > start + 3:
        indents.pop()
    if not indents or start > indents[-1] + 3:
        indents.append(start)
    return len(indents)


def _is_item(each: Line) -> bool:
    return bool(_BULLET.match(each.text) or _NUMBERED.match(each.text)) and not is_caption(each.text)


def _opens(piece: _Piece, each: Line, step: float, right: float, leading: float) -> bool:
    """Say whether a line opens a paragraph after the lines of a piece."""
    last = piece.lines[-1]
    one, other = last.style, each.style
    if abs(one.size - other.size) > 0.08 * max(one.size, other.size) or one.mono != other.mono:
        return abs(last.base - each.base) > 0.3 * other.size
    own = [low.base - high.base for high, low in pairwise(piece.lines)]
    usual = 1.25 * median(own) if own else max(1.15 * leading, 1.4) * max(one.size, other.size)
    if step > usual or step < -1:
        return True
    return not one.mono and _opens_by_text(piece, each, step, right)


def _opens_by_text(piece: _Piece, each: Line, step: float, right: float) -> bool:
    """Say whether a line as far below as any other opens a paragraph by what it says or how it is set."""
    last, size = piece.lines[-1], each.style.size
    if _is_item(each) or is_caption(each.text) or LEADERS in last.text:
        return True
    ended = _ENDED.search(last.text) is not None
    short = last.box[2] < right - 4 * size
    if (last.bold, _slanted(last)) != (each.bold, _slanted(each)) and (ended or short or step > 1.32 * size):
        return True
    if _CLAUSE.match(each.text) and (ended or short or last.bold):
        return True
    if piece.indent:
        return ended and each.box[0] < piece.lines[0].box[0] - 2
    indented = each.box[0] > min(other.box[0] for other in piece.lines[-2:]) + 0.8 * size
    return ended and (indented or (short and each.text[:1].isupper()))


def _slanted(each: Line) -> bool:
    return all(word.style.italic for word in each.words)


def _same_row(last: Line, each: Line) -> bool:
    return abs(last.base - each.base) < 0.3 * each.style.size


def _captioned(pieces: list[_Piece | Found], setting: Setting) -> Iterator[Block | Found]:
    """Give blocks, each table with its caption and notes taken from beside it."""
    taken: set[int] = set()
    for place, piece in enumerate(pieces):
        if not isinstance(piece, Found):
            continue
        for beside in (place - 1, place + 1):
            other = pieces[beside] if 0 <= beside < len(pieces) and beside not in taken else None
            if (
                isinstance(other, _Piece)
                and CAPTION.match(other.lines[0].text)
                and is_caption(_text(other, setting))
                and len(other.lines) < 7
            ):
                piece.title = _text(other, setting)
                taken.add(beside)
                break
        after = place + 1 + (place + 1 in taken)
        edge = piece.box[3]
        while after < len(pieces) and _is_note(pieces[after], edge, setting):
            note = pieces[after]
            assert isinstance(note, _Piece)
            piece.notes.append(_text(note, setting))
            taken.add(after)
            edge = note.lines[-1].box[3]
            after += 1
    for place, piece in enumerate(pieces):
        if isinstance(piece, Found):
            yield piece
        elif place not in taken:
            yield from _block(piece, setting)


def _is_note(piece: "_Piece | Found", edge: float, setting: Setting) -> bool:
    """Say whether a piece is a footnote of the table that ends at an edge."""
    if isinstance(piece, Found):
        return False
    first = piece.lines[0]
    near = first.box[1] - edge < 1.6 * first.style.size
    small = first.style.size <= setting.how.body + 0.3
    return near and small and not first.bold and _NOTE.match(first.text) is not None


def _text(piece: _Piece, setting: Setting) -> str:
    if piece.lines[0].style.mono and len(piece.lines) > 1:
        return "\n".join(each.text for each in piece.lines)
    return setting.spelling.flow(each.text for each in piece.lines)


def _block(piece: _Piece, setting: Setting) -> Iterator[Block]:
    text = _text(piece, setting)
    if not text:
        return
    box = around(each.box for each in piece.lines)
    if piece.lines[0].style.mono and all(each.style.mono for each in piece.lines):
        yield Block("code", text, box=box)
    elif is_caption(text) and len(text) < 400:
        yield Block("caption", text, box=box)
    elif level := heading(piece.lines, text, setting.how, setting.marks, piece.column[1] - piece.column[0]):
        yield Block("heading", text, level, box)
    elif piece.indent:
        bare = _BULLET.sub("", text, count=1) if _BULLET.match(text) else text
        if bare:
            yield Block("item", bare, piece.indent, box)
    else:
        yield Block("paragraph", text, box=box)

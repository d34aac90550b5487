"""Blocks of a page: their text made plain, their tables made even, long runs of them cut into parts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, zip_longest

from corpora.ingest.page import Block, Page, Table

PART_LETTERS = 200_000
"""Letters after which a text without pages goes on in another part, so that no file is held whole in memory."""
PART_ROWS = 500
"""Rows of one table that stand in one block; a longer table goes on in another with the same header and title."""
CAPTION = re.compile(r"(?:Table|TABLE|Tab\.)\s+(?:[A-Z]?[\d.-]+|[A-Z]-?[\d.-]*|[IVX]+)(?!\w)")
"""Opens a table's caption."""
NOTE = re.compile(r"(?:\d{1,2}|[*\u2020\u2021]+|\[\w{1,2}\]|[Nn]otes?\b.{0,3}:|NOTES?\b.{0,3}:)\s+[A-Z]")
"""Opens a table's footnote."""
MOST_COLUMNS = 256
"""Cells of a row that are read; the rest is layout or mischief."""
HEADER_LETTERS = 80
"""A longer cell is no column's name."""

_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffe]"
)
_SUPERSCRIPT = "\u00b2\u00b3\u00b9\u2070\u2074-\u2079"
_POWER = re.compile(rf"(?<=\d)([{_SUPERSCRIPT}]+)")
_MIXED = re.compile("(?<=\\d)(?=[\u00bc-\u00be\u2150-\u215e])")
_FIGURE = re.compile(r"[-+~<>\u2264\u2265\u00b1]*\s*[$\u20ac\u00a3]?\d")
_UNIT = re.compile(r"(?:^|[\s\d./(])(?:ft|in|yd|mi|mm|cm|km|m|s|kg)$")


def tidy(text: str) -> str:
    r"""Give a text in NFKC with single blanks, unseen signs dropped, powers and mixed fractions still what they were.

    Plain NFKC would make 11/2 of one and a half, and 102 of ten squared.

    >>> tidy("1\u00bd  in, 10\u00b2 ft\u00b2, \ufb01re")
    '1 1/2 in, 10^2 ft2, fire'
    """
    text = _UNSEEN.sub("", text)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
        text = _POWER.sub(r"^\1", _MIXED.sub(" ", text))
        text = unicodedata.normalize("NFKC", text).replace("\u2044", "/")
    return " ".join(text.split())


def raised(before: str, mark: str) -> str:
    """Give a raised mark as it stands in running text: a power, part of a unit, or the mark of a note.

    >>> raised("10", "2"), raised("15 ft", "2"), raised("years", "1")
    ('^2', '2', ' [1]')
    """
    mark = mark.strip()
    if not mark or mark.isalpha() or not before.strip():
        return mark
    if before[-1].isdigit():
        return f"^{mark}"
    return mark if _UNIT.search(before[-12:]) else f" [{mark}]"


def even(rows: Iterable[Sequence[str]]) -> list[tuple[str, ...]]:
    """Give rows of one width, without the rows and columns that are empty throughout."""
    filled = [tuple(row[:MOST_COLUMNS]) for row in rows if any(row[:MOST_COLUMNS])]
    columns = [column for column in zip_longest(*filled, fillvalue="") if any(column)]
    return list(zip(*columns, strict=True))


def header_depth(rows: Sequence[Sequence[str]], *, likely: bool = False) -> int:
    """Guess how many rows are a table's header, where its file does not say: 0, 1, or 2 when a name spans columns.

    A header names every column but perhaps the first, in few words, each name once, without a figure in front; below
    it, some column holds figures, or there are three columns and more.

    Args:
        rows: The table's first rows, of one width.
        likely: Tables of this kind mostly have a header, two columns of words too.
    """
    if len(rows) > 2 and any(left and left == right for left, right in pairwise(rows[0])):
        return 2 * _is_header([_name(column) for column in zip(rows[0], rows[1], strict=True)], rows[2:], likely=likely)
    return int(len(rows) > 1 and _is_header(rows[0], rows[1:], likely=likely))


def _is_header(first: Sequence[str], rest: Sequence[Sequence[str]], *, likely: bool) -> bool:
    names = [cell for cell in first if cell]
    if len(names) < max(1, len(first) - 1) or len(set(names)) < len(names) or max(map(len, names)) > HEADER_LETTERS:
        return False
    if any(is_figure(cell) for cell in first):
        return False
    below = [[row[column] for row in rest if row[column]] for column in range(len(first))]
    figures = any(cells and sum(map(is_figure, cells)) * 2 > len(cells) for cells in below)
    if len(first) == 2:
        # A list of names and values looks the same, but for its first value.
        return (figures or likely) and re.search(r"\d", first[1]) is None
    return figures or len(first) > 2


def is_figure(cell: str) -> bool:
    """Say whether a cell opens with a figure: "24 VDC", "-40", "$3.10"."""
    return _FIGURE.match(cell) is not None


def table(
    rows: Iterable[Sequence[str]], header_rows: int | None = None, title: str = "", notes: Sequence[str] = ()
) -> Block | None:
    """Make a table's block of its cells.

    Args:
        rows: Cells row by row, the header's included, merged cells repeated.
        header_rows: How many rows the header has; None to guess.
        title: Its caption.
        notes: Its footnotes.

    Returns:
        The block; a paragraph when there is one cell; None when there is nothing in it.
    """
    body = even(rows)
    if not body:
        return None
    if len(body) == 1 and len(body[0]) == 1:
        return Block("paragraph", body[0][0])
    if not title and not header_rows and len(body) > 1 and len(body[0]) > 1 and len(set(body[0])) == 1:
        # One cell across all columns names the table.
        title, body = body[0][0], body[1:]
    depth = header_depth(body) if header_rows is None else min(header_rows, len(body))
    header = tuple(_name(column) for column in zip(*body[:depth], strict=True))
    return Block("table", "", table=Table(header, tuple(body[depth:]), title, tuple(notes)))


def _name(names: Sequence[str]) -> str:
    return " / ".join(dict.fromkeys(name for name in names if name))


def joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Join each table with the caption before it and the footnotes after it, where those are blocks of their own."""
    last: Block | None = None
    for block in blocks:
        if last is not None and last.table and block.kind == "paragraph" and NOTE.match(block.text):
            last = replace(last, table=replace(last.table, notes=(*last.table.notes, block.text)))
            continue
        new = block
        if last is not None and block.table and _is_caption(last) and not block.table.title:
            new = replace(block, table=_captioned(block.table, last.text))
        elif last is not None:
            yield last
        last = new
    if last is not None:
        yield last


def _is_caption(block: Block) -> bool:
    return block.kind in {"caption", "paragraph"} and len(block.text) < 200 and CAPTION.match(block.text) is not None


def _captioned(whole: Table, caption: str) -> Table:
    """Give a table its caption, which may name its columns: "Table L-1 (type | interval, years)"."""
    title, _, names = caption.partition("(")
    named = tuple(name.strip() for name in names.rstrip(") ").split("|"))
    if len(named) > 1 and len(named) == len(whole.rows[0] if whole.rows else whole.header):
        rows = (whole.header, *whole.rows) if whole.header else whole.rows
        return replace(whole, header=named, rows=rows, title=title.strip())
    return replace(whole, title=caption)


def parts(blocks: Iterable[Block], label: str = "") -> Iterator[Page]:
    """Cut a text without pages into parts; a text of common length is one part."""
    held: list[Block] = []
    letters = 0
    for block in blocks:
        for piece in _pieces(block):
            if held and letters > PART_LETTERS:
                yield Page(tuple(held), label=label)
                held, letters = [], 0
            held.append(piece)
            letters += _letters(piece)
    if held:
        yield Page(tuple(held), label=label)


def _pieces(block: Block) -> Iterator[Block]:
    whole = block.table
    if whole is None or len(whole.rows) <= PART_ROWS:
        yield block
        return
    for start in range(0, len(whole.rows), PART_ROWS):
        rows = whole.rows[start : start + PART_ROWS]
        notes = whole.notes if start + PART_ROWS >= len(whole.rows) else ()
        yield Block("table", "", table=Table(whole.header, rows, whole.title, notes))


def _letters(block: Block) -> int:
    rows = block.table.rows if block.table else ()
    return len(block.text) + sum(len(cell) for row in rows for cell in row)

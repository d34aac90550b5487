"""Tables as sentences: one text for the table, one for each row that is understood alone.

A row reads "Table 3. Electrical data | model: 50TCQA06 | MCA: 24 A". Decisions: a row all of whose cells are the same
spanned the table and names the rows below it, so they carry it. A footnote whose mark stands in a row goes with it. A
row too wide is cut between cells, each part with the row's first cell; of a table with very many rows, neighbours share
a text so that a spreadsheet does not become a hundred thousand passages.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from corpora.ingest.page import Box, Table
from corpora.ingest.size import cut, pieces, tidy

MANY_ROWS = 2_000
"""From here on rows share a passage."""
SHARED_WORDS = 90
"""Words of a text that several rows share."""

_CONTINUED = re.compile(r"\s*[(\[\u2013\u2014-]*\s*(?:continued|cont['\u2019]?d\.?|cont\.)\s*[)\]]*", re.IGNORECASE)
_MARK = re.compile(r"([*†‡§¶#]+|\(\w{1,2}\)|\[\w{1,2}\])\s*\S")
_TABLE_NAME = re.compile(r"(?:table|tabelle|tableau|tabla)\s+[A-Z]?[\d.-]*\d[a-z]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    """What is said of one row, of part of one, or of several."""

    text: str
    box: Box | None


def tidied(table: Table) -> Table:
    """Give a table with single blanks in its texts."""
    rows_ = tuple(tuple(map(tidy, row)) for row in table.rows)
    header, notes = tuple(map(tidy, table.header)), tuple(map(tidy, table.notes))
    return Table(header, rows_, tidy(table.title), notes, table.boxes)


def title(table: Table) -> str:
    """Give a table's title without "(continued)"."""
    return _CONTINUED.sub("", table.title).strip()


def name(table: Table) -> str:
    """Give what a table is called in a few words: "Table 3", else its title; empty when it has none."""
    whole = title(table)
    short = _TABLE_NAME.match(whole)
    return short.group() if short else whole[:80]


def is_continued(table: Table, before: Table | None) -> bool:
    """Say whether a table goes on with the one before it on an earlier page."""
    if before is None or not table.header or table.header != before.header:
        return False
    return not table.title or (bool(title(table)) and title(table) == title(before))


def whole(table: Table, called: str, limit: int) -> list[str]:
    """Give the table's own text: title, columns and notes; what is above `limit` pieces goes into further texts."""
    columns = [f"columns: {', '.join(filter(None, table.header))}"] if any(table.header) else []
    text = " | ".join([called, *columns, *table.notes])
    return cut(text, limit)


def rows(table: Table, called: str, limit: int) -> Iterator[Row]:
    """Give what each row says, none above `limit` pieces."""
    single = _singles(table, called, limit)
    yield from _shared(single, called, limit) if len(table.rows) > MANY_ROWS else single


def _singles(table: Table, called: str, limit: int) -> Iterator[Row]:
    labels: list[tuple[str, Box | None]] = []
    fresh = False
    for place, cells in enumerate(table.rows):
        box = table.boxes[place] if place < len(table.boxes) else None
        label = _label(cells, table)
        if label:
            labels = [*labels, (label, box)] if fresh else [(label, box)]
            fresh = True
        elif any(cells):
            fresh = False
            lead = [called, *(text for text, _ in labels)]
            yield from (Row(text, box) for text in _row(lead, table, cells, limit))
    if fresh:
        yield from (Row(text, box) for label, box in labels for text in cut(f"{called} | {label}", limit))


def _label(cells: Sequence[str], table: Table) -> str:
    """Give the text of a row that names those below it: one cell over the whole width, or words in the first alone."""
    filled = [cell for cell in cells if cell]
    if len(cells) < 2 or not filled or len(filled[0].split()) > 15:
        return ""
    if len(filled) == len(cells) and len(set(filled)) == 1 and len(set(table.header)) != 1:
        return filled[0]
    alone = len(cells) >= 3 and cells[0] and len(filled) == 1
    return cells[0] if alone and not any(letter.isdigit() for letter in cells[0]) else ""


def _row(lead: list[str], table: Table, cells: Sequence[str], limit: int) -> Iterator[str]:
    parts = [*_named(table, cells), *_notes(table, cells)]
    yield from _packed(lead, parts[:1], parts[1:], limit)


def _named(table: Table, cells: Sequence[str]) -> list[str]:
    """Give a row's cells, each with its column; without columns, two cells are a name and its value."""
    if not any(table.header):
        filled = [cell for cell in cells if cell]
        return [f"{filled[0].rstrip(':')}: {filled[1]}"] if len(cells) == len(filled) == 2 else filled
    columns = [*table.header, *[""] * (len(cells) - len(table.header))]
    return [f"{column}: {cell}" if column else cell for column, cell in zip(columns, cells, strict=False) if cell]


def _notes(table: Table, cells: Sequence[str]) -> list[str]:
    """Give the footnotes whose mark stands in the row or in a column that the row fills."""
    filled = [column for column, cell in zip(table.header, cells, strict=False) if cell]
    marked = [(mark[1], note) for note in table.notes if (mark := _MARK.match(note))]
    return [note for mark, note in marked if any(text.rstrip().endswith(mark) for text in (*cells, *filled))]


def _packed(lead: list[str], key: list[str], parts: list[str], limit: int) -> Iterator[str]:
    """Give texts of lead, key and as many parts as fit; a lead or key that leaves no room stands once, by itself."""
    head = " | ".join([*lead, *key])
    if parts and pieces(head) * 2 > limit < pieces(" | ".join([head, *parts])):
        yield from cut(head, limit)
        head = _clipped(lead[0], limit // 3)
    room = limit - pieces(head) - 1
    held: list[str] = []
    for part in chain.from_iterable(cut(part, room) for part in parts):
        if held and pieces(" | ".join([*held, part])) > room:
            yield " | ".join([head, *held])
            held = []
        held.append(part)
    if held or not parts:
        yield from cut(" | ".join([head, *held]), limit)


def _clipped(text: str, limit: int) -> str:
    return cut(text, limit)[0] if text else ""


def _shared(single: Iterator[Row], called: str, limit: int) -> Iterator[Row]:
    """Join neighbouring rows, the table's name said once."""
    held: list[str] = []
    box: Box | None = None
    for row in single:
        text = row.text.removeprefix(f"{called} | ") if held else row.text
        joined = "\n".join([*held, text])
        if held and (pieces(joined) > limit or len(joined.split()) > SHARED_WORDS):
            yield Row("\n".join(held), box)
            held, box, text = [], None, row.text
        held.append(text)
        box = union(box, row.box)
    if held:
        yield Row("\n".join(held), box)


def union(one: Box | None, other: Box | None) -> Box | None:
    """Give the smallest box around both."""
    if one is None or other is None:
        return one or other
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])

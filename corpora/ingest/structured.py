"""JSON: lists of like objects as tables, other objects as headings and items, in their order.

Decisions:
    A file is parsed whole, within the memory that its process may use; of JSON Lines, one line after another.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

from corpora.errors import IngestError
from corpora.ingest.blocks import MOST_COLUMNS, parts, table, tidy
from corpora.ingest.page import About, Block, Page
from corpora.ingest.plain import lines

LONG = 300
"""Letters of a value that is text to be read rather than a cell."""
ASKED = 1 << 18
"""Bytes of a file that is asked for its title."""
DEEPEST = 40
"""Objects within objects."""
NAMES = ("title", "name", "heading", "label", "text", "question", "id", "_id")
"""Keys whose value names an object, the first that it has."""


class Json:
    """Reader of JSON and JSON Lines."""

    def about(self, path: Path, /) -> About:
        """Take the title that an object on top gives itself; a large file is not parsed twice for it."""
        if path.stat().st_size > ASKED:
            return About()
        try:
            top = json.loads("".join(lines(path)))
        except (ValueError, RecursionError):
            return About()
        title = top.get("title") if isinstance(top, dict) else None
        return About(title=tidy(title)[:LONG] if isinstance(title, str) else "")

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read the whole file."""
        return islice(parts(_blocks(path)), first - 1, None)


def _blocks(path: Path) -> Iterator[Block]:
    text = lines(path)
    start = list(islice(text, 1))
    if start and re.match(r"\s*[{\[].*[}\]]\s*$", start[0]):
        records = (_parsed(line, path, number) for number, line in enumerate(chain(start, text), 1) if line.strip())
        head = list(islice(records, 2))
        yield from _value(head[0], 1) if len(head) < 2 else _records(chain(head, records))
        return
    yield from _value(_parsed("".join(chain(start, text)), path, 0), 1)


def _parsed(text: str, path: Path, line: int) -> object:
    where = f" in line {line}" if line else ""
    try:
        return json.loads(text)
    except ValueError as error:
        raise IngestError(f"{path}: is no valid JSON{where} ({error}); export it again") from error
    except RecursionError as error:
        raise IngestError(f"{path}: nests too deep{where}; export it as a table or as text") from error


def _records(records: Iterator[object]) -> Iterator[Block]:
    """Read lines of JSON, some at a time, each time as the list that they make."""
    while batch := list(islice(records, 500)):
        yield from _list(batch, 1)


def _value(value: object, level: int) -> Iterator[Block]:
    if level > DEEPEST:
        yield Block("paragraph", tidy(json.dumps(value, ensure_ascii=False)))
    elif isinstance(value, dict):
        yield from _object(value, level)
    elif isinstance(value, list):
        yield from _list(value, level)
    elif said := _said(value):
        yield Block("paragraph", said)


def _list(values: Sequence[object], level: int) -> Iterator[Block]:
    if is_table(values):
        if made := _table(values):
            yield made
        return
    for value in values:
        if isinstance(value, dict):
            key, name = _name(value)
            if name:
                yield Block("heading", name, level)
            yield from _object({other: each for other, each in value.items() if other != key}, level + bool(name))
        elif isinstance(value, list):
            yield from _value(value, level + 1)
        elif said := _said(value):
            yield Block("item", said, 1)


def _object(value: Mapping[str, object], level: int) -> Iterator[Block]:
    """Give an object's plain values as items, then what is within it under headings."""
    for key, each in value.items():
        if not _is_nested(each) and (said := _said(each)):
            if len(said) > LONG:
                yield Block("paragraph", said)
            else:
                yield Block("item", f"{tidy(key)}: {said}", 1)
    for key, each in value.items():
        if _is_nested(each):
            yield Block("heading", tidy(key) or "-", level)
            yield from _value(each, level + 1)


def _is_nested(value: object) -> bool:
    """Say whether a value is more than plain: an object, or a list that holds one or more than a line."""
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and (
        any(isinstance(each, dict | list) for each in value) or len(_said(value)) > LONG
    )


def is_table(values: Sequence[object]) -> bool:
    """Say whether a list is a table's rows: objects of plain, short values, or lists of such."""
    if len(values) < 2:
        return False
    cells: list[Any] = []
    for value in values:
        if isinstance(value, dict):
            cells += value.values()
        elif isinstance(value, list):
            cells += value
        else:
            return False
    return bool(cells) and not any(_is_nested(cell) or len(_said(cell)) > LONG for cell in cells)


def _table(values: Sequence[object]) -> Block | None:
    if all(isinstance(value, list) for value in values):
        return table([[_said(cell) for cell in value[:MOST_COLUMNS]] for value in values if isinstance(value, list)])
    objects = [value for value in values if isinstance(value, dict)]
    keys = list(dict.fromkeys(key for value in objects for key in value))[:MOST_COLUMNS]
    rows = [[_said(value.get(key)) for key in keys] for value in objects]
    return table([[tidy(key) for key in keys], *rows], header_rows=1)


def _name(value: Mapping[str, object]) -> tuple[str, str]:
    """Give the key that names an object, and the name; nothing when it has none."""
    for key in NAMES:
        name = value.get(key)
        if isinstance(name, str | int) and 0 < len(said := _said(name)) < LONG:
            return key, said
    return "", ""


def _said(value: object) -> str:
    """Write a plain value, or a list of them, on one line."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(said for each in value if (said := _said(each)))
    return tidy(str(value))

"""Passages of ingested documents as a pack carries them: one JSON object per line, its keys the fields of `Passage`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

from corpora.errors import PackError
from corpora.packs.manifest import faults
from corpora.passage import Passage
from corpora.requirement import SYSTEMS

MAX_LINE = 1 << 20
"""Bytes of one line; a passage of this size is a mistake or an attack."""


@dataclass(config=ConfigDict(extra="forbid", strict=True, allow_inf_nan=False), frozen=True)
class _Line(Passage):
    """One line, as it is checked at the door."""


_LINE = TypeAdapter(_Line)


def read(path: Path, pack: str) -> Iterator[Passage]:
    """Read passage after passage. Raises `PackError` naming file, line and fault."""
    try:
        with path.open("rb") as file:
            for number in range(1, 1 << 62):
                row = file.readline(MAX_LINE + 1)
                if not row:
                    return
                yield _passage(row, f"{path}: line {number}", pack)
    except OSError as error:
        raise PackError(f"{path}: cannot be read ({error.strerror or error}); check the file and its rights") from error


def read_all(folder: Path, pack: str) -> Iterator[Passage]:
    """Read the passages of every `*.jsonl` in a folder, by file name. Raises `PackError`."""
    for path in sorted(folder.glob("*.jsonl")):
        yield from read(path, pack)


def write(path: Path, passages: Iterable[Passage], pack: str) -> int:
    """Write passages as those of `pack`, whatever pack they came from; gives their number."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        for count, passage in enumerate((rehome(each, pack) for each in passages), start=1):  # noqa: B007 - given back
            file.write(line(passage))
    return count


def line(passage: Passage) -> str:
    """Write one passage as a line."""
    filled = {key: value for key, value in asdict(passage).items() if value or key not in _MAY_LACK}
    return json.dumps(filled, ensure_ascii=False) + "\n"


def rehome(passage: Passage, pack: str) -> Passage:
    """Give the passage as one of another pack: its name stands before id and parent."""
    old = f"{passage.pack}/"
    parent = f"{pack}/{passage.parent.removeprefix(old)}" if passage.parent else ""
    return replace(passage, pack=pack, id=f"{pack}/{passage.id.removeprefix(old)}", parent=parent)


_MAY_LACK = {name for name, field in Passage.__dataclass_fields__.items() if not field.default}


def _passage(line: bytes, place: str, pack: str) -> Passage:
    """Check one line. Raises `PackError`."""
    if len(line) > MAX_LINE:
        raise PackError(f"{place}: is longer than {MAX_LINE} bytes; cut the passage")
    try:
        row = _LINE.validate_json(line)
    except ValidationError as error:
        raise PackError(f"{place}: {faults(error)}") from error
    if fault := _fault(row, pack):
        raise PackError(f"{place}: {fault}")
    return Passage(**{name: getattr(row, name) for name in Passage.__dataclass_fields__})


def _fault(row: Passage, pack: str) -> str:
    """Say what is wrong with a passage beyond its types; empty when nothing is."""
    if row.pack != pack or not row.id.startswith(f"{pack}/"):
        return (
            f"{row.id}: is a passage of pack {row.pack!r}; one of {pack!r} has that pack, and an id that opens with it"
        )
    if not row.text.strip() or not row.document.strip():
        return f"{row.id}: has no text, or no document"
    if row.system and row.system not in SYSTEMS:
        return (
            f"{row.id}: system: {row.system!r} is no known system; leave it empty or take one of {', '.join(SYSTEMS)}"
        )
    if row.page is not None and row.page < 1:
        return f"{row.id}: page: {row.page} is no page; they count from 1"
    return ""

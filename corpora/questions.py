"""Questions that a pack says it answers, in the words people use, so that a question is found by a question.

A row says "visual inspection, monthly"; a technician asks "how often do I walk past them and look?". The two share no
word, and little meaning that a small embedder sees; another question about the same row is far nearer (document
expansion by questions: Nogueira and Lin, "From doc2query to docTTTTTquery", 2019). A pack therefore carries, per row,
passage and equipment property, a handful of questions in the words people use.

Under the pack's folder `questions/`: `requirements/*.toml` (row id = questions), `passages/*.toml` (passage id without
its pack = questions), `properties.toml` (property of `corpora.property` = questions) and `records.toml` (field of a
record, as the appliance names it = questions).
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Self

from pydantic import TypeAdapter, ValidationError

from corpora.errors import PackError

_TABLE = TypeAdapter(dict[str, list[str]])


@dataclass(frozen=True)
class Questions:
    """Questions by what answers them."""

    requirements: Mapping[str, tuple[str, ...]]
    """Row id to questions."""
    passages: Mapping[str, tuple[str, ...]]
    """Passage id, with its pack, to questions."""
    properties: Mapping[str, tuple[str, ...]]
    """Property name to questions."""
    records: Mapping[str, tuple[str, ...]]
    """Field of a customer's, site's, asset's or job's record to questions."""

    @classmethod
    def load(cls, folder: Traversable, pack: str) -> Self:
        """Read the questions of a pack's folder; a folder without any gives none.

        Raises:
            PackError: a file is no table of lists of questions, or two files ask about one thing; names the file.
        """
        passages = _read(folder / "passages")
        return cls(
            requirements=_read(folder / "requirements"),
            passages={f"{pack}/{name}": asked for name, asked in passages.items()},
            properties=_one(folder / "properties.toml") if (folder / "properties.toml").is_file() else {},
            records=_one(folder / "records.toml") if (folder / "records.toml").is_file() else {},
        )

    @cached_property
    def revision(self) -> str:
        """SHA-256 of all questions in hex."""
        told = [sorted(table.items()) for table in (self.requirements, self.passages, self.properties, self.records)]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def shipped() -> Questions:
    """Questions of the starter pack."""
    return Questions.load(files("corpora") / "starter" / "questions", "starter")


def _read(folder: Traversable) -> dict[str, tuple[str, ...]]:
    """Join the tables of a folder's `*.toml`."""
    found: dict[str, tuple[str, ...]] = {}
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name) if folder.is_dir() else []
    for file in (entry for entry in entries if entry.name.endswith(".toml")):
        table = _one(file)
        if twice := sorted(found.keys() & table.keys()):
            raise PackError(f"{file}: {twice[0]}: another file has questions for it already; join the two")
        found |= table
    return found


def _one(file: Traversable) -> dict[str, tuple[str, ...]]:
    """Read one table."""
    try:
        table = _TABLE.validate_python(tomllib.loads(file.read_text(encoding="utf-8")), strict=True)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise PackError(f"{file}: is no table of lists of questions; mend or remove the file: {error}") from error
    if empty := [name for name, asked in table.items() if not asked or not all(text.strip() for text in asked)]:
        raise PackError(f"{file}: {empty[0]}: has no questions, or an empty one")
    return {name: tuple(asked) for name, asked in table.items()}

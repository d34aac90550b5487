"""The requirement rows that lie in TOML files: read, checked at the door, and found again by id or subject.

A file holds `[[row]]` tables whose keys are the fields of `Requirement`; `section`, `caveat`, `conflict` and `interval`
may be left out. The shipped files must be faultless. A further file that is not is refused whole and named, and the
others load.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpora.errors import PackError
from corpora.requirement import SYSTEMS, Interval, Requirement, Unit

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Words = Annotated[str, Field(min_length=1, pattern=r"^\S(.*\S)?$")]


class _Every(BaseModel):
    """How often, as a file says it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    count: float = Field(gt=0, allow_inf_nan=False)
    unit: Unit


class _Row(BaseModel):
    """One `[[row]]` as a file says it."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Slug
    subject: Slug
    system: str
    component: Words
    activity: Words
    kind: Literal["interval", "limit", "rule"]
    interval: _Every | None = None
    standard: Words
    edition: Words
    section: str = ""
    statement: Words
    confidence: Literal["V1", "V2"]
    source: Words
    caveat: str = ""
    conflict: bool = False
    aliases: list[Words] = Field(min_length=1)

    @field_validator("system")
    @classmethod
    def _known_system(cls, system: str) -> str:
        if system not in SYSTEMS:
            raise ValueError(f"{system!r} is no known system; take one of {', '.join(SYSTEMS)}")
        return system

    @field_validator("statement")
    @classmethod
    def _full_sentence(cls, statement: str) -> str:
        if not statement.endswith("."):
            raise ValueError("a statement is a full sentence and ends with a full stop")
        return statement

    @model_validator(mode="after")
    def _interval_fits_kind(self) -> Self:
        if (self.kind == "interval") != (self.interval is not None):
            raise ValueError('kind "interval" needs an interval, and no other kind has one')
        return self

    @model_validator(mode="after")
    def _conflict_is_explained(self) -> Self:
        if self.conflict and not self.caveat:
            raise ValueError("a row in conflict says in its caveat what differs and whom to ask")
        return self

    def value(self) -> Requirement:
        """The checked row as a value."""
        fields = self.model_dump(exclude={"interval", "aliases"})
        interval = Interval(self.interval.count, self.interval.unit) if self.interval else None
        return Requirement(**fields, interval=interval, aliases=tuple(self.aliases))


@dataclass(frozen=True)
class Requirements:
    """Every requirement row that is loaded."""

    rows: tuple[Requirement, ...]
    problems: tuple[str, ...] = ()
    """One sentence for each further file that was refused, naming it."""

    @classmethod
    def load(cls, folders: Iterable[Traversable], further: Iterable[Traversable] = ()) -> Self:
        """Read every `*.toml` of `folders`, which must be faultless, then those of `further`, refusing bad files.

        Raises:
            PackError: a file of `folders` breaks its schema, repeats an id or contradicts another on conflict.
        """
        rows: tuple[Requirement, ...] = ()
        for file in _files(folders):
            rows = _join(rows, _read(file), file)
        problems: list[str] = []
        for file in _files(further):
            try:
                rows = _join(rows, _read(file), file)
            except PackError as error:
                problems.append(str(error))
        return cls(rows, tuple(problems))

    def by_id(self, row_id: str) -> Requirement | None:
        """The row of that id, or nothing."""
        return self._ids.get(row_id)

    def by_subject(self, subject: str) -> tuple[Requirement, ...]:
        """Every row that answers the same question, in the order of the files; empty when there is none."""
        return self._subjects.get(subject, ())

    @cached_property
    def revision(self) -> str:
        """SHA-256 of the rows in hex: changes exactly when a row does, whatever the order of the files."""
        ordered = [asdict(row) for row in sorted(self.rows, key=lambda row: row.id)]
        return hashlib.sha256(json.dumps(ordered, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _ids(self) -> dict[str, Requirement]:
        return {row.id: row for row in self.rows}

    @cached_property
    def _subjects(self) -> dict[str, tuple[Requirement, ...]]:
        subjects: dict[str, tuple[Requirement, ...]] = {}
        for row in self.rows:
            subjects[row.subject] = (*subjects.get(row.subject, ()), row)
        return subjects


def shipped() -> Requirements:
    """The rows of the starter pack."""
    return Requirements.load([files("corpora") / "starter" / "requirements"])


def _files(folders: Iterable[Traversable]) -> list[Traversable]:
    """The TOML files of the folders, each folder's in alphabetical order.

    Raises:
        PackError: a folder cannot be listed.
    """
    found: list[Traversable] = []
    for folder in folders:
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            raise PackError(f"{folder}: cannot list the requirement files; check the folder: {error}") from error
        found += [entry for entry in entries if entry.name.endswith(".toml")]
    return found


def _read(file: Traversable) -> tuple[Requirement, ...]:
    """The rows of one file.

    Raises:
        PackError: the file cannot be read, is no TOML, or a row breaks the schema.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{file}: cannot be read as TOML; mend or remove the file: {error}") from error
    unknown = sorted(content.keys() - {"row"})
    if unknown:
        raise PackError(f"{file}: unknown key {unknown[0]!r} at the top; only [[row]] tables may stand there")
    tables = content.get("row", [])
    if not isinstance(tables, list):
        raise PackError(f"{file}: row must be written as [[row]] tables")
    return tuple(_row(table, file, number) for number, table in enumerate(tables, start=1))


def _row(table: object, file: Traversable, number: int) -> Requirement:
    """One checked row.

    Raises:
        PackError: it breaks the schema; the message names file, row and field.
    """
    name = table.get("id", f"number {number}") if isinstance(table, dict) else f"number {number}"
    try:
        return _Row.model_validate(table).value()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'row'}: {fault['msg']}" for fault in error.errors()
        )
        raise PackError(f"{file}: row {name}: {faults}") from error


def _join(rows: Sequence[Requirement], more: Sequence[Requirement], file: Traversable) -> tuple[Requirement, ...]:
    """Both together.

    Raises:
        PackError: `more` repeats an id, or marks a subject's conflict otherwise than the rest.
    """
    ids = {row.id for row in rows}
    conflicts = {row.subject: row.conflict for row in rows}
    for row in more:
        if row.id in ids:
            raise PackError(f"{file}: row {row.id}: id: stands twice; give each row its own")
        if conflicts.setdefault(row.subject, row.conflict) != row.conflict:
            raise PackError(
                f"{file}: row {row.id}: conflict: all rows of subject {row.subject!r} must be in conflict, or none"
            )
        ids.add(row.id)
    return (*rows, *more)

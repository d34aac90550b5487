"""A generation: everything head office owns, checked at the door, kept in the folder `cloud/` and swapped whole."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from sync.errors import SchemaError, StorageError
from sync.records import CLOUD


class Stored(BaseModel):
    """A generation as it lies in `cloud/`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: int
    name: str
    demo: bool
    today: date
    records: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Generation:
    """Checked records of all kinds, frozen."""

    name: str
    demo: bool
    today: date
    """The day that relative dates were resolved against; a demo is loaded again when the day is another."""
    records: Mapping[str, tuple[Any, ...]]
    """Kind (`records.CLOUD`) to its records, in the order of the file."""

    def digest(self) -> str:
        """Give a hash of all records: equal content, equal digest."""
        return hashlib.sha256(f"{self.name}\n{self.demo}\n".encode() + _dump(self.records)).hexdigest()


def store(generation: Generation, cloud: Path) -> Path:
    """Write a generation into the folder `cloud` and make it the current one; a crash leaves the old or the new.

    The one before is kept, older ones are removed. Raises `StorageError`.
    """
    name = f"gen-{generation.digest()[:16]}.json"
    head = {"form": 1, "name": generation.name, "demo": generation.demo, "today": generation.today.isoformat()}
    text = json.dumps(head, ensure_ascii=False)[:-1].encode() + b', "records": ' + _dump(generation.records) + b"}"
    try:
        cloud.mkdir(parents=True, exist_ok=True)
        previous = (cloud / "current").readlink().name if (cloud / "current").is_symlink() else name
        _write(cloud / name, text)
        link = cloud / "current.new"
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        link.replace(cloud / "current")
        for old in cloud.glob("gen-*.json"):
            if old.name not in (name, previous):
                old.unlink()
    except OSError as error:
        raise StorageError(f"cannot store the generation in {cloud}: {error}; the one before stays current") from error
    return cloud / name


def _write(path: Path, text: bytes) -> None:
    """Write by a new file and a rename, on the disk before the name is."""
    fresh = path.with_suffix(".new")
    with fresh.open("wb") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def current(cloud: Path) -> Generation | None:
    """Read the current generation, None when none was ever stored.

    Raises:
        SchemaError: it is damaged or of a newer program's form; remove `current` to go on without it.
    """
    path = cloud / "current"
    if not path.exists():
        return None
    try:
        stored = Stored.model_validate(read_json(path))
    except ValidationError as error:
        raise SchemaError(f"{path}: {first(error)}") from error
    if stored.form != 1:
        raise SchemaError(f"{path} has form {stored.form}, this program knows 1: update this box")
    records = {kind: validate(kind, stored.records.get(kind, []), str(path)) for kind in CLOUD}
    return Generation(stored.name, stored.demo, stored.today, records)


def validate(kind: str, rows: list[Any], where: str) -> tuple[Any, ...]:
    """Check rows of one kind against its dataclass. Raises `SchemaError` naming file, row and field."""
    door = TypeAdapter[Any](CLOUD[kind])
    records = []
    for row in rows:
        name = row.get("id", "") if isinstance(row, dict) else row
        try:
            record = door.validate_json(json.dumps(row), strict=True)
        except ValidationError as error:
            raise SchemaError(f"{where}: {kind} {name!r}: {first(error)}") from error
        if fault := _fault(record):
            raise SchemaError(f"{where}: {kind} {name!r}: {fault}")
        records.append(record)
    return tuple(records)


def _fault(record: Any) -> str:
    """Say which field of a well-typed record is out of bounds, or give an empty text."""
    for name in ("lifetime_value", "annual_spend", "annual_value", "estimated_value", "square_footage"):
        amount = getattr(record, name, None)
        if amount is not None and amount < 0:
            return f"{name} is negative"
    if not 0 <= (getattr(record, "probability", None) or 0) <= 1:
        return "probability is not between 0 and 1"
    if getattr(record, "duration_minutes", 1) <= 0:
        return "duration_minutes is not above 0"
    for name in ("starts", "at"):
        moment = getattr(record, name, None)
        if moment is not None and moment.tzinfo is None:
            return f"{name} has no time zone"
    return ""


def first(error: ValidationError) -> str:
    """Name the first field that is wrong."""
    fault = error.errors()[0]
    where = ".".join(str(part) for part in fault["loc"])
    return f"{where}: {fault['msg'].lower()}"


def read_json(path: Path) -> Any:
    """Read a JSON file. Raises `SchemaError`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise SchemaError(f"cannot read {path}: {error}") from error


def _dump(records: Mapping[str, tuple[Any, ...]]) -> bytes:
    """Give records as one JSON text with sorted keys."""
    plain = TypeAdapter(dict[str, tuple[Any, ...]]).dump_python(dict(records), mode="json")
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

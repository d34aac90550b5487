"""The list of people as it lies in its file."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from appliance.people.errors import PeopleError

Role = Literal["technician", "manager"]
MODEL = ConfigDict(extra="forbid", frozen=True)


class Person(BaseModel):
    """Somebody who works with the box."""

    model_config = MODEL

    id: str
    name: str
    role: Role
    added: datetime


class Device(BaseModel):
    """A phone or a program that was paired for a person."""

    model_config = MODEL

    id: str
    person: str
    """Id of the person."""
    name: str
    digest: str
    """SHA-256 of its token, in hex."""
    paired: datetime
    expires: datetime
    revoked: datetime | None = None


class Code(BaseModel):
    """A pairing that was offered and not taken yet."""

    model_config = MODEL

    digest: str
    """SHA-256 of the code, in hex."""
    person: str
    device: str
    """Name of the device to be."""
    expires: datetime


class Book(BaseModel):
    """All of it."""

    model_config = MODEL

    form: Literal[1] = 1
    people: tuple[Person, ...] = ()
    devices: tuple[Device, ...] = ()
    codes: tuple[Code, ...] = Field(default=())


def read(path: Path) -> Book:
    """Read the file; an absent one is empty. Raises `PeopleError` when it is damaged or may not be read."""
    try:
        text = path.read_bytes()
    except FileNotFoundError:
        return Book()
    except OSError as error:
        raise PeopleError(f"cannot read {path}: {error.strerror or error}") from error
    try:
        return Book.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise PeopleError(
            f"{path} is damaged ({where}: {first['msg'].lower()}): put it back from a backup, or move it away and pair "
            "the devices again"
        ) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Keep other writers of `path` out. Raises `PeopleError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise PeopleError(f"cannot write beside {path}: {error.strerror or error}") from error
    try:
        flock(handle, LOCK_EX)
        yield
    finally:
        os.close(handle)


def write(path: Path, book: Book) -> None:
    """Write the file whole, readable by its owner alone; a crash leaves the old or the new. Raises `PeopleError`."""
    fresh = path.with_suffix(".new")
    text = json.dumps(book.model_dump(mode="json"), ensure_ascii=False, indent=1)
    try:
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - the mode must be right from the start
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise PeopleError(f"nothing was changed: cannot write {path}: {error.strerror or error}") from error

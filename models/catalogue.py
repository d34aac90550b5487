"""The fact sheet of every model a box can carry: what it is, where its files come from, how they are proved."""

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from models.errors import ModelError

Role = Literal["stt", "llm", "tts", "embedding"]
Tier = Literal["embedded", "standard"]
Evidence = Literal["fetched", "published"]

SHIPPED = Path(__file__).with_name("catalog.toml")
"""The catalogue that travels with the program."""


class CatalogueError(ModelError):
    """The catalogue is wrong, or does not know the model that was asked for."""


@dataclass(frozen=True, slots=True)
class Url:
    """A file that lies on a web server."""

    url: str
    """https only: the hash proves the bytes, the transport keeps who fetches what private."""


@dataclass(frozen=True, slots=True)
class WheelMember:
    """A file inside a Python package, so that a machine that reaches only its package index can have it."""

    package: str
    version: str
    member: str
    """Path inside the wheel. Any wheel of that version will do: the file's own hash decides."""


Source = Url | WheelMember


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model."""

    name: str
    """Name in the model's folder; never a path."""
    sha256: str
    """Lower-case hex of the whole file."""
    bytes: int
    source: Source


@dataclass(frozen=True, slots=True)
class Hardware:
    """The least a box needs for the model to be worth choosing."""

    cores: int
    ram_mb: int
    """Memory of the whole machine, in MiB."""
    flags: tuple[str, ...] = ()
    """x86 processor flags as /proc/cpuinfo names them; other processors are not asked."""


@dataclass(frozen=True, slots=True)
class Model:
    """One model: a role filled by a set of files."""

    id: str
    role: Role
    tier: Tier
    licence: str
    """SPDX expression of the weights."""
    evidence: Evidence
    """fetched: we have downloaded these bytes and hashed them ourselves.

    published: hash and size are the publisher's, recorded alike by independent public projects; we could not
    reach the host. A fetch is checked against them all the same.
    """
    memory_mb: int
    """Resident memory that loading and using it added, in MiB, measured by us; 0: not measured."""
    hardware: Hardware
    files: tuple[ModelFile, ...]
    note: str = ""

    @property
    def bytes(self) -> int:
        """Size on disk of all files."""
        return sum(file.bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All models that are known."""

    models: tuple[Model, ...]

    def find(self, model_id: str) -> Model:
        """Give the model named `model_id`.

        Raises:
            CatalogueError: there is none; the message offers the nearest names.
        """
        for model in self.models:
            if model.id == model_id:
                return model
        near = difflib.get_close_matches(model_id, [model.id for model in self.models]) or [
            model.id for model in self.models
        ]
        raise CatalogueError(f"no model {model_id!r} in the catalogue; did you mean {', '.join(near)}?")

    def pick(self, role: Role, cores: int, ram_mb: int, flags: frozenset[str] | None = None) -> tuple[Model, ...]:
        """Models of `role` that this hardware can carry, best first; `flags` None: not an x86, not asked.

        Cores and memory only choose among the standard tier: a box too small for its embedded model has no other.
        Flags bind both tiers, because an engine without its instructions takes the whole process down.
        """
        able = [
            model
            for model in self.models
            if model.role == role and (flags is None or flags.issuperset(model.hardware.flags))
        ]
        large = [
            model
            for model in able
            if model.tier == "standard" and model.hardware.cores <= cores and model.hardware.ram_mb <= ram_mb
        ]
        large.sort(key=lambda model: -model.bytes)
        return (*large, *(model for model in able if model.tier == "embedded"))


Name = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*$")]


class _Row(BaseModel):
    """A table of the file that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid")


class _FileRow(_Row):
    name: Name
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    bytes: int = Field(gt=0)
    url: Annotated[str, StringConstraints(pattern=r"^https://")] = ""
    package: str = ""
    version: str = ""
    member: str = ""

    @model_validator(mode="after")
    def _has_one_source(self) -> "_FileRow":
        wheel = (self.package, self.version, self.member)
        if bool(self.url) == any(wheel) or (any(wheel) and not all(wheel)):
            raise ValueError("give either url, or all of package, version and member")
        return self

    def value(self) -> ModelFile:
        source: Source = Url(self.url) if self.url else WheelMember(self.package, self.version, self.member)
        return ModelFile(self.name, self.sha256, self.bytes, source)


class _HardwareRow(_Row):
    cores: int = Field(ge=1)
    ram_mb: int = Field(ge=1)
    flags: tuple[str, ...] = ()

    def value(self) -> Hardware:
        return Hardware(self.cores, self.ram_mb, self.flags)


class _ModelRow(_Row):
    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]*$")]
    role: Role
    tier: Tier
    licence: str
    evidence: Evidence
    memory_mb: int = Field(ge=0)
    hardware: _HardwareRow
    files: tuple[_FileRow, ...] = Field(min_length=1)
    note: str = ""

    @model_validator(mode="after")
    def _names_each_file_once(self) -> "_ModelRow":
        names = [file.name for file in self.files]
        if len(set(names)) != len(names):
            raise ValueError("a file is named twice")
        return self

    def value(self) -> Model:
        files = tuple(file.value() for file in self.files)
        hardware = self.hardware.value()
        return Model(
            self.id, self.role, self.tier, self.licence, self.evidence, self.memory_mb, hardware, files, self.note
        )


class _Sheet(_Row):
    model: tuple[_ModelRow, ...]

    @model_validator(mode="after")
    def _names_each_model_once(self) -> "_Sheet":
        ids = [model.id for model in self.model]
        if len(set(ids)) != len(ids):
            raise ValueError("a model is named twice")
        return self


def load(path: Path = SHIPPED) -> Catalogue:
    """Read a catalogue file.

    Raises:
        CatalogueError: it cannot be read, is not TOML, or a value is missing, unknown or of the wrong kind.
    """
    try:
        sheet = _Sheet.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"catalogue {path}: {where or 'whole file'}: {first['msg']}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"cannot read the catalogue {path}: {error}") from error
    return Catalogue(tuple(row.value() for row in sheet.model))


def processor_flags(cpuinfo: str) -> frozenset[str] | None:
    """Flags of the first processor in the text of /proc/cpuinfo; None where the machine lists none (not an x86)."""
    found = re.search(r"^flags\s*:\s*(.*)$", cpuinfo, re.MULTILINE)
    return frozenset(found.group(1).split()) if found else None

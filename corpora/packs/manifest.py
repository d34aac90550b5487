"""A pack's manifest: its name, its version and every file in it by hash."""

import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from corpora.errors import PackError

FORMAT = 1
"""Layout of a pack; raised when an older program would misread a newer one."""
MAX_MANIFEST = 16 << 20
"""Bytes of a manifest; 50,000 files need less."""
MAX_FILES = 50_000
MAX_BYTES = 8 << 30
"""Bytes of all files together, unpacked."""
MAX_TEXT = 16 << 20
"""Bytes of one file that a loader takes in whole: all but passages and an index."""
ABOUT = "pack.toml"
"""The file in which a pack says what it is."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Version = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,9}){0,5}$")]
Line = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00-\x1f\x7f]+$")]

_PART = r"[A-Za-z0-9_][A-Za-z0-9_.+-]{0,99}"
_KNOWN = re.compile(
    rf"pack\.toml|README\.md|LICENSE|digests/{_PART}\.md|passages/{_PART}\.jsonl|requirements/{_PART}\.toml|"
    rf"specs/{_PART}\.json|questions/(?:requirements|passages)/{_PART}\.toml|"
    rf"questions/(?:properties|records)\.toml|index/{_PART}(?:/{_PART}){{0,8}}",
)


class PackFile(BaseModel):
    """One file of a pack."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    sha256: Sha256
    size: int = Field(ge=0, le=MAX_BYTES)
    """Bytes."""


class Base(BaseModel):
    """What a delta goes onto."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    version: Version
    revision: Sha256


class About(BaseModel):
    """What a pack's `pack.toml` says of it."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)

    id: Name
    title: Line
    version: Version
    licence: Line
    description: str = Field(default="", max_length=10_000)
    created: str = Field(default="", pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}Z)?)?$")
    """ISO 8601, in UTC; empty when nobody said."""


class Manifest(BaseModel):
    """What a pack is and holds."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: int
    name: Name
    version: Version
    title: Line
    licence: Line
    created: str = Field(max_length=20)
    """ISO 8601, in UTC, of `SOURCE_DATE_EPOCH` or as `pack.toml` says it; empty when neither does."""
    files: dict[str, PackFile] = Field(min_length=1, max_length=MAX_FILES)
    """Path below the pack's folder, with slashes, to the file."""

    @field_validator("files")
    @classmethod
    def _known_paths(cls, files: dict[str, PackFile]) -> dict[str, PackFile]:
        if stranger := next((path for path in files if not known(path)), None):
            raise ValueError(f"{stranger!r} is no file that a pack may hold")
        if ABOUT not in files:
            raise ValueError(f"lacks {ABOUT}")
        if twice := clash(files):
            raise ValueError(f"{twice!r} stands twice, or is both a file and a folder")
        if huge := next((path for path, file in files.items() if file.size > MAX_TEXT and not _streamed(path)), None):
            raise ValueError(f"{huge!r} is larger than {MAX_TEXT} bytes; split it")
        return files

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        if self.bytes > MAX_BYTES:
            raise ValueError(f"holds {self.bytes} bytes, more than the {MAX_BYTES} that a pack may")
        return self

    @property
    def raw(self) -> bytes:
        """The manifest as it is written; the same content gives the same bytes."""
        return (json.dumps(self.model_dump(), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def revision(self) -> str:
        """SHA-256 of the manifest in hex: the name of exactly this content."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def bytes(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())

    @property
    def blobs(self) -> dict[str, int]:
        """SHA-256 of every distinct content to its size in bytes."""
        return {file.sha256: file.size for file in self.files.values()}


class _Shape(BaseModel):
    """As much of a manifest as any version of it has."""

    format: int


def known(path: str) -> bool:
    """Tell whether a file of this path may lie in a pack: there is a loader for it, and it stays in its folder."""
    return bool(_KNOWN.fullmatch(path))


def _streamed(path: str) -> bool:
    return path.startswith(("passages/", "index/"))


def clash(paths: Iterable[str]) -> str:
    """Give a path that some file system can't keep apart from another, or that is also a folder; empty when none."""
    seen: set[str] = set()
    folders: set[str] = set()
    for path in sorted(paths):
        folded = path.casefold()
        if folded in seen:
            return path
        seen.add(folded)
        folders |= {str(parent) for parent in PurePosixPath(folded).parents}
    return next(iter(sorted(seen & folders)), "")


def order(version: str) -> tuple[int, ...]:
    """Give what versions are compared by: 2026.2 is older than 2026.11, and 1.0 is 1."""
    parts = [int(part) for part in version.split(".")]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def parse(raw: bytes, place: str) -> Manifest:
    """Read a manifest. Raises `PackError`, naming `place`, when it is damaged or a newer program's."""
    try:
        shape = _Shape.model_validate_json(raw).format
        if shape > FORMAT:
            raise PackError(
                f"{place}: is of format {shape}, newer than the {FORMAT} of this program; update Clara first"
            )
        manifest = Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise PackError(f"{place}: the manifest is refused: {faults(error)}") from error
    if manifest.raw != raw:
        raise PackError(f"{place}: the manifest is not written as a packer writes it; pack it anew")
    return manifest


def faults(error: ValidationError) -> str:
    """Say in one line what is wrong, the first three faults of it."""
    found = [f"{'.'.join(map(str, fault['loc'])) or 'whole'}: {fault['msg']}" for fault in error.errors()]
    more = f" (and {len(found) - 3} more)" if len(found) > 3 else ""
    return "; ".join(found[:3]) + more

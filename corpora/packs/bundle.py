"""The file that travels: a ZIP of a manifest and of every distinct content under the name of its hash.

    manifest.json       what the pack is (`manifest.Manifest`)
    delta.json          only in a delta: the version and revision that it goes onto
    blobs/SHA256        in order of the names; a delta lacks those that its base has

No times, owners or rights are kept, so the same content gives the same bytes.
"""

import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, BinaryIO

from pydantic import ValidationError

from corpora.errors import PackError
from corpora.packs import content
from corpora.packs.manifest import FORMAT, MAX_FILES, MAX_MANIFEST, Base, Manifest, PackFile, faults, parse

SUFFIX = ".clarapack"
MANIFEST = "manifest.json"
DELTA = "delta.json"
CHUNK = 1 << 20

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP can name."""
_BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, KeyError, NotImplementedError, OverflowError,
    RuntimeError, ValueError,
)  # fmt: skip
"""What `zipfile` raises over a damaged or hostile file."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """A pack file, open for reading."""

    place: str
    """Its path, for messages."""
    manifest: Manifest
    base: Base | None
    """What it goes onto, when it is a delta."""
    archive: zipfile.ZipFile
    sizes: Mapping[str, int]
    """SHA-256 of every content that lies in the file itself to its size in bytes."""

    def copy(self, sha256: str, out: IO[bytes]) -> None:
        """Write one content out. Raises `PackError` when it is not what its name says, after no more than its size."""
        size = self.sizes[sha256]
        with self._reading(f"blobs/{sha256}"), self.archive.open(f"blobs/{sha256}") as source:
            found = hashlib.sha256()
            done = 0
            while chunk := source.read(CHUNK):
                done += len(chunk)
                if done > size:
                    break
                found.update(chunk)
                out.write(chunk)
        if done != size or found.hexdigest() != sha256:
            raise PackError(f"{self.place}: the content {sha256[:12]} is damaged; fetch the pack anew")

    def prove(self) -> None:
        """Read every content. Raises `PackError` at the first that is not what its name says."""
        with Path(os.devnull).open("wb") as nowhere:
            for sha256 in sorted(self.sizes):
                self.copy(sha256, nowhere)

    def unpack(self, folder: Path) -> None:
        """Write the pack's files into an empty folder. Raises `PackError`, for a delta among others."""
        if self.base:
            raise PackError(f"{self.place}: is a delta, which is not whole by itself; give the full pack")
        if self.manifest.bytes > (room := shutil.disk_usage(folder).free):
            raise PackError(
                f"{self.place}: unpacks to {self.manifest.bytes:,} bytes, and {room:,} are free in {folder}"
            )
        for name, file in self.manifest.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                self.copy(file.sha256, out)

    @contextmanager
    def _reading(self, name: str) -> Iterator[None]:
        try:
            yield
        except _BROKEN as error:
            raise PackError(f"{self.place}: {name} cannot be unpacked ({error}); fetch the pack anew") from error


@contextmanager
def opened(file: BinaryIO, place: str) -> Iterator[Bundle]:
    """Open a pack. Raises `PackError` when it is none, is damaged, or holds anything but what its manifest names."""
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise PackError(f"{place}: is no pack, or a damaged one ({error}); fetch it anew") from error
    with archive:
        entries = {entry.filename: entry for entry in archive.infolist()}
        if len(entries) != len(archive.infolist()) or len(entries) > MAX_FILES + 2:
            raise PackError(f"{place}: holds a file twice, or too many; fetch the pack anew")
        manifest = parse(_text(archive, MANIFEST, place), f"{place}: {MANIFEST}")
        base = _base(_text(archive, DELTA, place), place) if DELTA in entries else None
        blobs = {f"blobs/{sha256}": sha256 for sha256 in manifest.blobs}
        if stray := entries.keys() - blobs.keys() - {MANIFEST, DELTA}:
            raise PackError(f"{place}: holds {min(stray)!r}, which its manifest doesn't name; fetch the pack anew")
        if not base and (lacking := sorted(blobs.keys() - entries.keys())):
            raise PackError(f"{place}: lacks {lacking[0][:18]}; fetch the pack anew")
        sizes = {sha256: size for sha256, size in manifest.blobs.items() if f"blobs/{sha256}" in entries}
        yield Bundle(place, manifest, base, archive, sizes)


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises `PackError`."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise PackError(f"{path}: cannot be read ({error.strerror or error})") from error
    with file:
        yield file


def described(folder: Path, epoch: int | None = None) -> Manifest:
    """Check a folder and give the manifest of the pack that it makes; `epoch`: seconds, when it was made.

    Raises:
        CorpusError: a file or row is refused; the message names it.
    """
    names = content.listed(folder)
    about = content.check(folder).about
    created = datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if epoch is not None else about.created
    files = {name: _measured(folder / name) for name in names}
    try:
        return Manifest(
            format=FORMAT, name=about.id, version=about.version, title=about.title, licence=about.licence,
            created=created, files=files,
        )  # fmt: skip
    except ValidationError as error:
        raise PackError(f"{folder}: {faults(error)}") from error


def write(folder: Path, manifest: Manifest, out: Path, against: Manifest | None = None) -> None:
    """Write a folder's pack to `out`, whole or not at all; `against`: leave out what that version has.

    Raises:
        PackError: the base is another pack's, a file changed meanwhile, or the disk refuses.
    """
    if against and (against.name != manifest.name or against.revision == manifest.revision):
        raise PackError(
            f"{folder}: a delta goes onto another version of {manifest.name}, not onto {against.name} {against.version}"
        )
    skipped = against.blobs.keys() if against else frozenset[str]()
    fresh = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(fresh, "x", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
            archive.writestr(_entry(MANIFEST, len(manifest.raw)), manifest.raw)
            if against:
                base = Base(version=against.version, revision=against.revision)
                raw = base.model_dump_json().encode()
                archive.writestr(_entry(DELTA, len(raw)), raw)
            paths = {file.sha256: name for name, file in manifest.files.items()}
            for sha256 in sorted(paths.keys() - skipped):
                _add(archive, folder / paths[sha256], manifest.files[paths[sha256]])
        fresh.replace(out)
    except OSError as error:
        raise PackError(f"{out}: cannot be written ({error.strerror or error})") from error
    finally:
        fresh.unlink(missing_ok=True)


def sha256_of(path: Path) -> tuple[str, int]:
    """Give SHA-256 in hex and size in bytes of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest(), file.tell()


def _measured(path: Path) -> PackFile:
    try:
        sha256, size = sha256_of(path)
    except OSError as error:
        raise PackError(f"{path}: cannot be read ({error.strerror or error}); check the file and its rights") from error
    return PackFile(sha256=sha256, size=size)


def _entry(name: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3
    entry.external_attr = 0o100644 << 16
    entry.file_size = size
    return entry


def _add(archive: zipfile.ZipFile, path: Path, file: PackFile) -> None:
    found = hashlib.sha256()
    with path.open("rb") as source, archive.open(_entry(f"blobs/{file.sha256}", file.size), "w") as blob:
        while chunk := source.read(CHUNK):
            found.update(chunk)
            blob.write(chunk)
    if found.hexdigest() != file.sha256:
        raise PackError(f"{path}: was changed while it was packed; pack again when nobody writes to it")


def _text(archive: zipfile.ZipFile, name: str, place: str) -> bytes:
    """Read a small entry. Raises `PackError`."""
    try:
        with archive.open(name) as file:
            raw = file.read(MAX_MANIFEST + 1)
    except _BROKEN as error:
        raise PackError(f"{place}: {name} is missing or damaged ({error}); fetch the pack anew") from error
    if len(raw) > MAX_MANIFEST:
        raise PackError(f"{place}: {name} is larger than {MAX_MANIFEST} bytes")
    return raw


def _base(raw: bytes, place: str) -> Base:
    try:
        return Base.model_validate_json(raw)
    except ValidationError as error:
        raise PackError(f"{place}: {DELTA}: {faults(error)}") from error

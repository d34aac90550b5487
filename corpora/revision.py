"""Revisions of the search index on disk: each in its own folder, one of them current, none removed while it is read.

    search/current              name of the current revision's folder; replaced whole
    search/writing              locked by the one who makes a new revision
    search/revision-3f9c2a…/    one revision: manifest.json, lock, the engine's files

A revision made from the one before shares its files by hard links: the engine never changes a file, so neither sees
what becomes of the other.

A reader keeps a shared lock on its folder; the kernel lets go of it when the process ends, however it ends. So a build
that was killed leaves an unlocked folder which nobody points to, and the next build sweeps it away.
"""

import fcntl
import os
import shutil
import uuid
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from corpora.errors import LibraryError

FORMAT = 2
"""Layout of a revision; raised when an older program could not read a newer one's files."""
POINTER = "current"
WRITING = "writing"
MANIFEST = "manifest.json"
LOCK = "lock"
PREFIX = "revision-"
OURS = {LOCK, MANIFEST, POINTER}
"""Files of a revision that are not the engine's."""
REBUILD = "rebuild it with `clara corpora build`"


Sums = dict[str, tuple[int, int]]
"""Path below a revision's folder to size in bytes and CRC-32."""


class Listed(BaseModel):
    """One document, or what of it is of one system, and how much of it the index holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pack: str
    document: str
    edition: str
    maker: str = ""
    model: str = ""
    language: str = ""
    system: str = ""
    passages: int


def merged(shelves: Sequence[Listed]) -> Listed:
    """Make one entry of a document's several; what differs between them is left empty."""
    common = {
        name: getattr(shelves[0], name) if len({getattr(one, name) for one in shelves}) == 1 else ""
        for name in ("maker", "model", "language", "system")
    }
    return shelves[0].model_copy(update={**common, "passages": sum(one.passages for one in shelves)})


class Manifest(BaseModel):
    """What one revision holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    revision: str
    """Name of the content; the same content made in the same steps has the same name."""
    base: str
    """What the builder called the texts it began with, before more was added."""
    count: int
    """Passages."""
    vectors: bool
    """An embedder was there when it was built."""
    probe: tuple[float, ...] = ()
    """The embedder's vector of one known sentence, by which another embedder is told."""
    after: int
    """Place of the next passage: greater than that of any there."""
    waiting: int
    """Times that rows came or went since the engine's indexes were brought up to date."""
    documents: tuple[Listed, ...]
    frequency: dict[str, int]
    """Stem to the number of passages that have it."""
    files: Sums
    """The engine's files: path below the revision's folder to size in bytes and CRC-32."""


class Shape(BaseModel):
    """As much of a manifest as any version of it has."""

    format: int


class Lease:
    """A shared lock on one revision's folder, so that no build removes it; let go by `close` or with the process."""

    def __init__(self, folder: Path) -> None:
        try:
            # To read is enough, and all that a disk allows which turned read-only.
            self._file = os.open(folder / LOCK, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            self._file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def close(self) -> None:
        """Let go of the folder; harmless when done twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Be the only one who makes a new revision; waits until another process is done."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / WRITING, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@contextmanager
def disk(folder: Path, attempt: str) -> Iterator[None]:
    """Turn what the file system raises into a `LibraryError` that says what was attempted."""
    try:
        yield
    except OSError as error:
        raise LibraryError(f"cannot {attempt} the search index in {folder}: {error.strerror or error}") from error


def create(folder: Path) -> Path:
    """Make the folder of a new revision beside the others."""
    fresh = folder / f"{PREFIX}{uuid.uuid4().hex[:12]}"
    fresh.mkdir(parents=True)
    return fresh


def current(folder: Path) -> tuple[Path, Lease]:
    """Give the current revision's folder with a lease on it. Raises `LibraryError` when there is none."""
    for _ in range(3):  # a build may replace and sweep the revision between our reading its name and locking it
        try:
            name = (folder / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError as error:
            raise LibraryError(f"no search index in {folder}: build it with `clara corpora build`") from error
        except UnicodeDecodeError as error:
            raise LibraryError(f"search index in {folder}: {POINTER} is damaged; {REBUILD}") from error
        if not name.startswith(PREFIX) or "/" in name:
            raise LibraryError(f"search index in {folder}: {POINTER} is damaged; {REBUILD}")
        try:
            lease = Lease(folder / name)
        except FileNotFoundError:
            continue
        if (folder / name / MANIFEST).exists():
            return folder / name, lease
        lease.close()
    raise LibraryError(f"search index in {folder}: {name} is missing; {REBUILD}")


def share(place: Path, fresh: Path) -> None:
    """Give a new revision the files of another, by hard links where the disk has them."""
    for path in sorted(place.rglob("*")):
        target = fresh / path.relative_to(place)
        if path.is_dir():
            target.mkdir(exist_ok=True)
        elif path.name not in OURS:
            try:
                target.hardlink_to(path)
            except OSError:
                shutil.copy2(path, target)


def publish(folder: Path, fresh: Path, manifest: Manifest) -> None:
    """Write the manifest, put everything on the disk, and make `fresh` the current revision in one step."""
    (fresh / MANIFEST).write_text(manifest.model_dump_json(), encoding="utf-8")
    for path in [*fresh.rglob("*"), fresh]:
        flush(path)
    pointer = fresh / POINTER
    pointer.write_text(fresh.name, encoding="utf-8")
    flush(pointer)
    pointer.replace(folder / POINTER)
    flush(folder)


def flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def pointed(folder: Path) -> str:
    """Give the name of the current revision's folder, "" when there is none."""
    try:
        return (folder / POINTER).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        return ""


def sweep(folder: Path) -> None:
    """Remove every revision that is neither current nor read nor being built by any process."""
    name = pointed(folder)
    for path in folder.glob(f"{PREFIX}*"):
        if path.name != name and unread(path):
            shutil.rmtree(path)


def unread(path: Path) -> bool:
    """Say whether nobody holds a lease on this revision."""
    try:
        handle = os.open(path / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except (FileNotFoundError, NotADirectoryError):
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)
    return True


def sums(fresh: Path, known: Sums, shared: Path | None = None) -> Sums:
    """Give size and CRC-32 of every file of the engine below a revision's folder.

    `known` are those of the revision in `shared`, which are not read again where both folders have the very same file.
    """
    found: Sums = {}
    for path in sorted(path for path in fresh.rglob("*") if path.is_file() and path.name not in OURS):
        name = str(path.relative_to(fresh))
        same = shared is not None and name in known and (shared / name).exists() and path.samefile(shared / name)
        found[name] = known[name] if same else (path.stat().st_size, checksum(path))
    return found


def checksum(path: Path) -> int:
    """Give a file's CRC-32, however large it is."""
    crc = 0
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            crc = zlib.crc32(part, crc)
    return crc


def load(place: Path) -> Manifest:
    """Read a revision's manifest. Raises `LibraryError` when it is damaged or a newer program's."""
    raw = (place / MANIFEST).read_bytes()
    try:
        if Shape.model_validate_json(raw).format > FORMAT:
            raise LibraryError(f"search index in {place.parent} is newer than this program: update Clara, or {REBUILD}")
        if Shape.model_validate_json(raw).format < FORMAT:
            raise LibraryError(f"search index in {place.parent} is an older program's; {REBUILD}")
        return Manifest.model_validate_json(raw)
    except ValidationError as error:
        raise LibraryError(f"search index in {place.parent}: {MANIFEST} is damaged; {REBUILD}") from error


def verify(place: Path, manifest: Manifest, *, thoroughly: bool) -> None:
    """Compare the engine's files with the manifest, by size and, `thoroughly`, by CRC-32. Raises `LibraryError`."""
    for name, (size, crc) in manifest.files.items():
        path = place / name
        sound = path.is_file() and path.stat().st_size == size
        if not sound or (thoroughly and checksum(path) != crc):
            raise LibraryError(f"search index in {place.parent}: {name} is missing or damaged; {REBUILD}")

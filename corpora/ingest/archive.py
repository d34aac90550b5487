"""ZIP archives: unfolded one file at a time into a bounded place, each bad member refused by name.

Decisions:
    No member is ever written under its own path: names decide nothing but what is reported, so that a name that climbs
    out of the archive would do no harm; it is refused all the same, since no honest program writes one.
    Only stored and deflated members are unpacked: their unpacking holds 64 kB whatever they claim, while LZMA and bzip2
    take what memory their header asks for.
    This runs in the caller's process: it copies bytes and understands none of them.
"""

import re
import stat
import struct
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from corpora.errors import IngestError
from corpora.ingest.limits import MB, Limits, size

MOST_ENTRIES = 100_000
MOST_DIRECTORY = 32 * MB
"""An archive's list of contents, which is held whole."""
COPIED = 1 << 16
"""Bytes held while a member is unpacked."""
SMALL = 16 * MB
"""A member that unpacks to less may be packed as tightly as it likes."""

_LEFTOVER = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_METHODS = {9: "Deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd", 99: "AES encryption"}


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive."""

    name: str
    """Path within the archive, unprintable letters replaced; for a nested one "inner.zip/manual.pdf"."""
    path: Path | None
    """Where it stands unpacked until the next is asked for; None when it is refused."""
    refused: str = ""
    """Why it is refused and what to do."""


@dataclass(slots=True)
class _Budget:
    """What is left to spend on an archive and all within it."""

    members: int
    unpacked_bytes: int
    scratch: Path
    limits: Limits = field(repr=False)


def opened(path: Path) -> ZipFile:
    """Open an archive whose list of contents is bounded; raises IngestError naming the file."""
    try:
        entries, length = _directory(path)
        if entries > MOST_ENTRIES or length > MOST_DIRECTORY:
            raise IngestError(f"{path}: lists {entries} files, more than {MOST_ENTRIES}; split the archive")
        return ZipFile(path)
    except (BadZipFile, struct.error, UnicodeDecodeError, NotImplementedError, ValueError) as error:
        raise IngestError(f"{path}: is a damaged ZIP archive ({error}); copy or download it again") from error
    except OSError as error:
        raise IngestError(f"{path}: cannot be opened ({error.strerror}); check the file and its rights") from error


def _directory(path: Path) -> tuple[int, int]:
    """Give the most entries and bytes that any end record of an archive claims for its list of contents."""
    with path.open("rb") as file:
        start = max(0, file.seek(0, 2) - (1 << 16) - 100)
        file.seek(start)
        tail = file.read()
        ends = (found.start() for found in re.finditer(b"PK\5\6", tail) if len(tail) - found.start() >= 22)
        claims = [(0, 0), *(struct.unpack_from("<HI", tail, end + 10) for end in ends)]
        for found in re.finditer(b"PK\6\7", tail):
            if len(tail) - found.start() >= 20:
                file.seek(min(struct.unpack_from("<Q", tail, found.start() + 8)[0], start + len(tail)))
                record = file.read(56)
                if len(record) == 56:
                    claims.append(struct.unpack_from("<QQ", record, 32))
    return max(entries for entries, _ in claims), max(length for _, length in claims)


def expand(path: Path, limits: Limits | None = None, folder: Path | None = None) -> Iterator[Member]:
    """Unfold an archive, and archives within it, one file at a time.

    Args:
        path: A ZIP archive.
        limits: What it may unfold into.
        folder: Where to unpack; the system's place for temporary files when not given.

    Yields:
        Each file, in the archive's order; its copy is gone when the next is asked for or the generator is closed.

    Raises:
        IngestError: The archive itself cannot be read.
    """
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="clara-", dir=folder) as scratch:
        budget = _Budget(limits.members, limits.unpacked_bytes, Path(scratch), limits)
        yield from _members(path, "", 1, budget)


def _members(path: Path, inside: str, depth: int, budget: _Budget) -> Iterator[Member]:
    with opened(path) as archive:
        for info in archive.infolist():
            if info.is_dir() or _LEFTOVER.search(info.filename):
                continue
            name = inside + _printable(info.filename)
            if budget.members < 1:
                yield Member(name, None, f"comes after the first {budget.limits.members} files; split the archive")
                return
            budget.members -= 1
            if fault := _fault(info, budget):
                yield Member(name, None, fault)
                continue
            yield from _unfolded(archive, info, name, depth, budget)


def _unfolded(archive: ZipFile, info: ZipInfo, name: str, depth: int, budget: _Budget) -> Iterator[Member]:
    """Unpack one member, give it, and take it away again; of an archive, give what is in it."""
    from corpora.ingest.sniff import is_archive

    place = budget.scratch / f"{depth}" / _file_name(info.filename)
    place.parent.mkdir(exist_ok=True)
    try:
        fault = _unpack(archive, info, place, budget)
        if fault:
            yield Member(name, None, fault)
        elif not is_archive(place):
            yield Member(name, place)
        elif depth >= budget.limits.depth:
            yield Member(name, None, f"is an archive {depth} archives deep; unpack it first")
        else:
            yield from _nested(place, name, depth, budget)
    finally:
        place.unlink(missing_ok=True)


def _nested(place: Path, name: str, depth: int, budget: _Budget) -> Iterator[Member]:
    try:
        yield from _members(place, f"{name}/", depth + 1, budget)
    except IngestError as error:
        yield Member(name, None, str(error).replace(f"{place}: ", ""))


def _fault(info: ZipInfo, budget: _Budget) -> str:
    """Say why a member is refused before it is touched; empty when it is not."""
    limits = budget.limits
    kind = stat.S_IFMT(info.external_attr >> 16)
    climbs = ".." in re.split(r"[/\\]", info.filename) or re.match(r"[/\\]|[A-Za-z]:", info.filename) is not None
    method = _METHODS.get(info.compress_type, f"method {info.compress_type}")
    swells = info.file_size > SMALL and info.file_size > limits.ratio * max(info.compress_size, 1)
    faults = (
        (climbs, "has a path that leads out of the archive; pack it again under a plain name"),
        (kind == stat.S_IFLNK, "is a link to another place, not a file; pack the file itself"),
        (kind not in {0, stat.S_IFREG}, "is no ordinary file"),
        (info.flag_bits & 1, "is encrypted; unpack the archive with its password and add the files"),
        (
            info.compress_type not in {ZIP_STORED, ZIP_DEFLATED},
            f"is packed by {method}, which is not read; pack it again as an ordinary ZIP",
        ),
        (
            info.file_size > limits.member_bytes,
            f"unpacks to {size(info.file_size)}, more than {size(limits.member_bytes)}; split it",
        ),
        (swells, f"unpacks to {size(info.file_size)} from {size(info.compress_size)}, as only a trap does"),
        (
            info.file_size > budget.unpacked_bytes,
            f"would make the archive unpack to more than {size(limits.unpacked_bytes)}; split the archive",
        ),
    )
    return next((fault for bad, fault in faults if bad), "")


def _unpack(archive: ZipFile, info: ZipInfo, place: Path, budget: _Budget) -> str:
    """Copy a member out; say why it is refused after all, else nothing."""
    try:
        with archive.open(info) as source, place.open("wb") as copy:
            while piece := source.read(COPIED):
                budget.unpacked_bytes -= len(piece)
                if budget.unpacked_bytes < 0:
                    return f"unpacks the archive to more than {size(budget.limits.unpacked_bytes)}; split the archive"
                copy.write(piece)
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError) as error:
        return f"is damaged ({error}); copy or download the archive again"
    except OSError as error:
        return f"cannot be unpacked ({error.strerror or error}); make room and try again"
    return ""


def _printable(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[:400]


def _file_name(name: str) -> str:
    """Give a plain name to unpack under, its ending kept for those who compare it with the contents."""
    last = re.split(r"[/\\]", name)[-1]
    return re.sub(r"[^\w.-]", "_", last, flags=re.ASCII).lstrip(".")[-80:] or "member"

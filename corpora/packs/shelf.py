"""What packs a box has: one folder per pack, in it one per version, and a small file that says which is in force.

packs/lock                        held by whoever installs or rolls back
packs/NAME/current                folders of the version in force and of the one before it, one a line
packs/NAME/2026.11.22-3f9c2a…/    a version, with the first 12 digits of its revision
packs/NAME/.incoming              what an install is unpacking, or a killed one left
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import PackError
from corpora.packs.bundle import MANIFEST, sha256_of
from corpora.packs.content import passing
from corpora.packs.manifest import Manifest, parse
from corpora.revision import flush, unread

PACKS = "packs"
"""Folder below the box's data."""
POINTER = "current"
SIGNATURE = "signature.minisig"
INCOMING = ".incoming"
FOLDERS = ("requirements", "digests", "passages", "specs", "questions")
"""What every installed pack has, if empty."""

_VERSION = re.compile(r"[0-9.]{1,59}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class InstalledPack:
    """A pack that is in force on this box."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """The pack's name, which opens its passages' ids."""
        return self.manifest.name

    @property
    def version(self) -> str:
        """As its maker counts."""
        return self.manifest.version

    @property
    def revision(self) -> str:
        """SHA-256 of its manifest in hex: the name of exactly this content."""
        return self.manifest.revision

    @property
    def stamp(self) -> str:
        """Name, version and revision, as an answer records them: "acme 2026.11.22 3f9c2a1b7d04"."""
        return f"{self.name} {self.version} {self.revision[:12]}"

    @property
    def requirements(self) -> Path:
        """Folder of `*.toml`, for `requirements.Requirements.load`; like the next four it is there, if empty."""
        return self.folder / "requirements"

    @property
    def digests(self) -> Path:
        """Folder of `*.md`, for `digest.read_all`."""
        return self.folder / "digests"

    @property
    def passages(self) -> Path:
        """Folder of `*.jsonl`, for `packs.passages.read_all`."""
        return self.folder / "passages"

    @property
    def specs(self) -> Path:
        """Folder of `*.json`, for `specs.Specs.load`."""
        return self.folder / "specs"

    @property
    def questions(self) -> Path:
        """Folder for `questions.Questions.load`."""
        return self.folder / "questions"

    @property
    def index(self) -> Path | None:
        """Folder for `library.Library.open`, when the pack brings an index of its texts."""
        return self.folder / "index" if (self.folder / "index").is_dir() else None

    def damage(self, *, thoroughly: bool = False) -> str:
        """Say what is wrong with its files, by size or, `thoroughly`, by hash; empty when nothing is."""
        for name, file in self.manifest.files.items():
            path = self.folder / name
            if not path.is_file() or path.stat().st_size != file.size:
                return f"{path} is missing or damaged"
            if thoroughly and sha256_of(path)[0] != file.sha256:
                return f"{path} is damaged"
        strays = files(self.folder) - self.manifest.files.keys()
        return f"{self.folder / min(strays)} is no part of the pack" if strays else ""


@dataclass(frozen=True, slots=True)
class Survey:
    """All packs of a box."""

    packs: tuple[InstalledPack, ...]
    """Those in force and sound, by name."""
    problems: tuple[str, ...]
    """One sentence for each that is damaged, and left out."""


def installed(data: Path) -> tuple[InstalledPack, ...]:
    """Give the packs in force below a data folder, by name; a damaged one is left out, and named by `survey`."""
    return survey(data).packs


def survey(data: Path, *, thoroughly: bool = False) -> Survey:
    """Look at every pack below a data folder: its manifest and its files' sizes or, `thoroughly`, every byte."""
    packs: list[InstalledPack] = []
    problems: list[str] = []
    try:
        homes = sorted(path for path in (data / PACKS).glob("*") if path.is_dir())
    except OSError as error:
        return Survey((), (f"{data / PACKS}: the packs cannot be read ({error.strerror or error})",))
    for home in homes:
        try:
            pack = in_force(home)
        except PackError as error:
            problems.append(str(error))
            continue
        if pack and (damage := pack.damage(thoroughly=thoroughly)):
            problems.append(f"pack {pack.name}: {damage}; install it anew, or roll it back")
        elif pack:
            packs.append(pack)
    return Survey(tuple(packs), tuple(problems))


def stamp(packs: Iterable[InstalledPack]) -> str:
    """Say which revisions of packs these are, to be recorded with an answer; empty for none."""
    return "; ".join(pack.stamp for pack in packs)


def in_force(home: Path) -> InstalledPack | None:
    """Give the version of a pack that is in force; None when none is. Raises `PackError` when it is damaged."""
    versions = history(home)
    return version(home, versions[0]) if versions else None


def history(home: Path) -> list[str]:
    """Give the folders' names of the version in force and of those before. Raises `PackError`."""
    try:
        names = (home / POINTER).read_text(encoding="ascii").split()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise PackError(f"{home / POINTER}: cannot be read ({error}); install the pack anew") from error
    if not names or not all(_VERSION.fullmatch(name) for name in names):
        raise PackError(f"{home / POINTER}: is damaged; install the pack anew")
    return names


def version(home: Path, name: str) -> InstalledPack:
    """Open one version's folder. Raises `PackError` when its manifest is missing, damaged or another's."""
    place = home / name / MANIFEST
    try:
        manifest = parse(place.read_bytes(), str(place))
    except OSError as error:
        raise PackError(f"{place}: cannot be read ({error.strerror or error}); install the pack anew") from error
    if manifest.name != home.name or folder_name(manifest) != name:
        raise PackError(f"{place}: is of another pack or version; install the pack anew")
    return InstalledPack(home / name, manifest)


def folder_name(manifest: Manifest) -> str:
    """Name of a version's folder."""
    return f"{manifest.version}-{manifest.revision[:12]}"


def point(home: Path, names: Iterable[str]) -> None:
    """Put a version in force, with those to go back to after it, in one step."""
    fresh = home / f".{POINTER}"
    fresh.write_text("\n".join(names) + "\n", encoding="ascii")
    flush(fresh)
    fresh.replace(home / POINTER)
    flush(home)


def sweep(home: Path) -> None:
    """Remove what killed installs left and every version that the pointer doesn't name and nobody reads."""
    kept = history(home)
    (home / f".{POINTER}").unlink(missing_ok=True)
    for path in home.iterdir():
        if path.is_dir() and path.name not in kept and all(map(unread, path.glob("index/revision-*"))):
            shutil.rmtree(path)


@contextmanager
def alone(data: Path) -> Iterator[Path]:
    """Be the only one that changes packs; gives their folder. Raises `PackError` when another is at it."""
    folder = data / PACKS
    with disk(folder, "lock"):
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PackError(f"{folder}: another install is under way; try again when it is done") from error
        yield folder
    finally:
        os.close(handle)


@contextmanager
def disk(folder: Path, attempt: str) -> Iterator[None]:
    """Turn what the file system raises into a `PackError` that says what was attempted."""
    try:
        yield
    except OSError as error:
        raise PackError(f"{folder}: cannot {attempt} the packs: {error.strerror or error}") from error


def files(folder: Path) -> set[str]:
    """List a version's files below its folder, but for those that are no part of the pack's content by design."""
    found = {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()
    }
    return {name for name in found if name not in {MANIFEST, SIGNATURE} and not passing(name)}

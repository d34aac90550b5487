"""Putting a signed pack in force on a box, and going back to the one before it.

verify → order → room → unpack beside → check every hash → read with the box's loaders → swap one pointer → sweep.
Whatever is refused, and wherever a kill comes, what was in force stays in force.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpora.errors import PackError
from corpora.packs import content, shelf, signing
from corpora.packs.bundle import MANIFEST, Bundle, opened, reading, sha256_of
from corpora.packs.manifest import order
from corpora.packs.shelf import FOLDERS, INCOMING, SIGNATURE, InstalledPack
from corpora.packs.signing import Key, Seal
from corpora.revision import flush

SPARE = 64 << 20
"""Bytes left free beside the pack, for what the box writes meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an install did."""

    pack: InstalledPack
    """What is in force now."""
    before: InstalledPack | None
    """What was in force; the same as `pack` when it was installed already."""
    seal: Seal


def free_bytes(folder: Path) -> int:
    """Room on the disk of `folder`."""
    return shutil.disk_usage(folder).free


@contextmanager
def verified(path: Path, keys: Sequence[Key]) -> Iterator[tuple[Bundle, Seal]]:
    """Open a pack whose signature holds. Raises `PackError` for one that is unsigned, altered or of no trusted key."""
    signature = signing.beside(path)
    with reading(path) as file:
        seal = signing.check(file, signature, keys, str(path))
        with opened(file, str(path)) as bundle:
            seal.check(bundle.manifest, str(path))
            yield bundle, seal


def install(
    data: Path, path: Path, *, allow_downgrade: bool = False, free: Callable[[Path], int] = free_bytes
) -> Outcome:
    """Put a signed pack in force below a data folder, beside the version before it.

    Args:
        data: The box's data folder; whose packs it takes stands in `data/trust`.
        path: The pack; its signature lies beside it.
        allow_downgrade: Take an older version, or other content under the same version, too.
        free: Room on a folder's disk, in bytes.

    Raises:
        CorpusError: it is refused or can't be read by this box's loaders; what was in force stays.
    """
    with shelf.alone(data) as packs, shelf.disk(packs, "change"), verified(path, signing.trusted(data)) as (
        bundle, seal,
    ):  # fmt: skip
        home = packs / bundle.manifest.name
        before = _before(home)
        if before and before.revision == bundle.manifest.revision and not before.damage(thoroughly=True):
            shelf.sweep(home)
            return Outcome(before, before, seal)
        _check_order(bundle, before, allow_downgrade=allow_downgrade)
        home.mkdir(exist_ok=True)
        stage = _staged(home, bundle, before, free)
        (stage / SIGNATURE).write_bytes(signing.beside(path))
        name = _settle(home, stage, InstalledPack(stage, bundle.manifest))
        earlier = [] if before is None or before.folder.name == name else [before.folder.name]
        earlier += shelf.history(home)[1:2] if before and before.folder.name == name else []
        shelf.point(home, [name, *earlier])
        shelf.sweep(home)
        return Outcome(shelf.version(home, name), before, seal)


def rollback(data: Path, name: str) -> InstalledPack:
    """Put the version before in force again. Raises `PackError` when there is none, or it is damaged."""
    with shelf.alone(data) as packs, shelf.disk(packs, "change"):
        home = packs / name
        versions = shelf.history(home) if home.parent == packs else []
        if not versions:
            raise PackError(f"no pack named {name!r} is installed; `clara corpora packs` lists them")
        if len(versions) == 1:
            raise PackError(f"pack {name}: there is no version before {versions[0]} on this box to go back to")
        pack = shelf.version(home, versions[1])
        if damage := pack.damage(thoroughly=True):
            raise PackError(f"pack {name}: {damage}, so there is no going back; what is in force stays")
        shelf.point(home, versions[1:])
        return pack


def _before(home: Path) -> InstalledPack | None:
    """Give what is in force; a version whose manifest is lost counts as none, so that a sound one can replace it."""
    try:
        return shelf.in_force(home)
    except PackError:
        return None


def _check_order(bundle: Bundle, before: InstalledPack | None, *, allow_downgrade: bool) -> None:
    """Refuse a delta onto another base, and going back in time unasked. Raises `PackError`."""
    manifest, base = bundle.manifest, bundle.base
    here = f"version {before.version} ({before.revision[:12]})" if before else "none of it"
    if base and (before is None or before.revision != base.revision):
        raise PackError(
            f"{bundle.place}: is a delta onto {manifest.name} version {base.version} ({base.revision[:12]}), and this "
            f"box has {here}; install the full pack"
        )
    if before is None or before.revision == manifest.revision or allow_downgrade:
        return
    if order(manifest.version) < order(before.version):
        raise PackError(
            f"{bundle.place}: is version {manifest.version}, older than the installed {before.version}; "
            "say --allow-downgrade if that is meant"
        )
    if order(manifest.version) == order(before.version):
        raise PackError(
            f"{bundle.place}: has other content than the installed pack of the same version {before.version}; "
            "give it a version of its own, or say --allow-downgrade"
        )


def _staged(home: Path, bundle: Bundle, before: InstalledPack | None, free: Callable[[Path], int]) -> Path:
    """Unpack beside what is there, linking what the version in force has; gives the folder, checked whole.

    Raises:
        CorpusError: no room, a content is damaged, or this box's loaders refuse a file.
    """
    stage = home / INCOMING
    if stage.exists():
        shutil.rmtree(stage)
    kept = _kept(before)
    needed = sum(size for sha256, size in bundle.manifest.blobs.items() if sha256 not in kept)
    if needed + SPARE > (room := free(home)):
        raise PackError(
            f"{bundle.place}: needs {needed + SPARE:,} bytes of disk, and {room:,} are free; make room first"
        )
    for folder in FOLDERS:
        (stage / folder).mkdir(parents=True)
    for name, file in bundle.manifest.files.items():
        path = stage / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not _linked(kept.get(file.sha256), path, file.sha256):
            _written(bundle, file.sha256, path)
        kept[file.sha256] = path
    (stage / MANIFEST).write_bytes(bundle.manifest.raw)
    told = content.check(stage).about
    if (told.id, told.version) != (bundle.manifest.name, bundle.manifest.version):
        raise PackError(f"{bundle.place}: calls itself {told.id} {told.version} inside; pack it anew")
    return stage


def _kept(before: InstalledPack | None) -> dict[str, Path]:
    """Give the contents that the version in force seems to have."""
    if before is None:
        return {}
    paths = {file.sha256: before.folder / name for name, file in before.manifest.files.items()}
    return {sha256: path for sha256, path in paths.items() if path.is_file()}


def _linked(source: Path | None, path: Path, sha256: str) -> bool:
    """Share a content that is on this box already, if it still is what its hash says."""
    if source is None or sha256_of(source)[0] != sha256:
        return False
    try:
        os.link(source, path)
    except OSError:  # a file system without links, or with too many to this file
        shutil.copy(source, path)
        return sha256_of(path)[0] == sha256
    return True


def _written(bundle: Bundle, sha256: str, path: Path) -> None:
    if sha256 not in bundle.sizes:
        raise PackError(f"{bundle.place}: the installed base is damaged and lacks a content; install the full pack")
    with path.open("wb") as out:
        bundle.copy(sha256, out)
    path.chmod(0o444)  # versions share it


def _settle(home: Path, stage: Path, pack: InstalledPack) -> str:
    """Bring a whole version to the disk under its name, and give that; heals one of that name that stands there."""
    for path in [*stage.rglob("*"), stage]:
        flush(path)
    target = home / shelf.folder_name(pack.manifest)
    if not target.exists():
        stage.rename(target)
    else:
        # It may be in force: its files are replaced one by one, each in one step, by what they should have been.
        for stray in shelf.files(target) - pack.manifest.files.keys():
            (target / stray).unlink()
        for name in [*pack.manifest.files, MANIFEST, SIGNATURE]:
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).replace(target / name)
            flush(target / name)
    flush(home)
    return target.name

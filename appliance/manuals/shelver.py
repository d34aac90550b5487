"""From the disk into the library: the files of a manual, read and indexed."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from appliance.engines import Engines
from appliance.texts import Progress
from corpora import adding
from corpora.adding import Report
from corpora.errors import LibraryError
from corpora.library import Library
from corpora.stock import DOCUMENTS, PACK, Stock


def nothing() -> None:
    """Do nothing."""


class Shelver:
    """Adds files to the stock and the search index of a box."""

    def __init__(
        self, data: Path, engines: Engines, progress: Progress, *, after: Callable[[], None] = nothing
    ) -> None:
        """Keep where things lie; `after` is called when something was added."""
        self._data = data
        self._engines = engines
        self._progress = progress
        self._after = after
        self._stopped = threading.Event()

    def add(self, path: Path, source: str) -> Sequence[Report]:
        """Read a file, or each in an archive, into the library; `source` is its address. Raises `CorpusError`."""
        embedder = self._engines.embedder()
        embed, folder = (embedder.embed if embedder else None), self._data / "library"
        stock = Stock(self._data / DOCUMENTS)
        found = (replace(file, source=source) for file in adding.files([path]))
        with stock.writing():
            reports = list(
                adding.add(
                    stock,
                    found,
                    adding.Wish(PACK),
                    lambda passages, remove: Library.extend(folder, passages, remove, embed),
                    self._tell,
                )
            )
        self._after()
        return reports

    def stop(self) -> None:
        """Stop at the next page, for good; what is half read is read again by whoever adds next."""
        self._stopped.set()

    def _tell(self, what: str, done: int, total: int) -> None:
        if self._stopped.is_set():
            raise LibraryError(f"{what}: the program ends; the rest is read when something is added again")
        self._progress(what, done, total)

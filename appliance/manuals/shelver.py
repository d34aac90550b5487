"""From the disk into the library: the files of a manual, read and indexed."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from appliance.engines import Engines
from appliance.ports import Embedder
from appliance.texts import Progress
from corpora.errors import LibraryError
from corpora.library import Library
from corpora.stock import DOCUMENTS, PACK, Stock

if TYPE_CHECKING:
    from corpora.adding import Report


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

    def add(self, path: Path, source: str) -> "Sequence[Report]":
        """Read a file, or each in an archive, into the library; `source` is its address. Raises `CorpusError`."""
        from corpora import adding

        embedder = self._engines.embedder()
        embed, folder = (partial(self._embed, embedder) if embedder else None), self._data / "library"
        stock = Stock(self._data / DOCUMENTS)
        found = (replace(file, source=source) for file in adding.files([path]))
        with stock.writing():
            reports = list(
                adding.add(
                    stock,
                    found,
                    adding.Wish(PACK),
                    lambda more, less, published: Library.extend(folder, more, less, embed, published=published),
                    self._tell,
                )
            )
        self._after()
        return reports

    def stop(self) -> None:
        """Stop at the next page or batch, for good; what is half read is read again by whoever adds next."""
        self._stopped.set()

    def _tell(self, what: str, done: int, total: int) -> None:
        self._go_on()
        self._progress(what, done, total)

    def _embed(self, embedder: Embedder, texts: Sequence[str]) -> NDArray[np.float32]:
        self._go_on()
        return embedder.embed(texts)

    def _go_on(self) -> None:
        if self._stopped.is_set():
            raise LibraryError("the program ends; what is half read is read when something is added again")

"""The stock and its index without the rest of the box, for whoever adds documents or takes them off."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from appliance import installed, wiring
from appliance.engines import Engines, hardware
from appliance.settings import Settings
from appliance.texts import Progress, open_library
from corpora.adding import Shelve
from corpora.filters import Filter
from corpora.library import Library
from corpora.passage import Passage
from corpora.stock import DOCUMENTS, Stock
from models import catalogue


@dataclass(frozen=True, slots=True)
class Shelf:
    """A box's stock, and the way into its index."""

    stock: Stock
    shelve: Shelve
    packs: frozenset[str]
    """Packs whose names no added document may take."""


@contextmanager
def open_shelf(settings: Settings, progress: Progress = wiring.silent) -> Iterator[Shelf]:
    """Make sure that there is an index of what lies on the box, and give the way to add to it.

    Raises:
        corpora.errors.CorpusError: the index cannot be built or opened.
        models.errors.ModelError: the embedder fails.
    """
    data: Path = settings.place.data
    engines = Engines(wiring.open_store(settings), catalogue.load(), hardware(), settings.local.threads)
    try:
        embedder = engines.embedder()
        packs = installed.load(data)
        open_library(data, embedder, engines, progress, packs).close()

        def shelve(more: Iterable[Passage], less: Collection[Filter | str]) -> None:
            Library.extend(data / "library", more, less, embedder.embed if embedder else None)

        yield Shelf(Stock(data / DOCUMENTS), shelve, packs.names)
    finally:
        engines.close()

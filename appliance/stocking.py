"""The stock and its index without the rest of the box, for whoever adds documents or takes them off."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from appliance import installed, wiring
from appliance.engines import Engines, hardware
from appliance.settings import Settings
from appliance.texts import Progress, open_library
from corpora.adding import Shelve
from corpora.embedding import Embed
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
    """Give the way to add to a box's index, which is opened, or made when there is none, when it is first used.

    So the first file is read while the embedder and the index are opened. What is wrong with them, `Shelf.shelve`
    raises: `corpora.errors.CorpusError`, `models.errors.ModelError`.
    """
    data: Path = settings.place.data
    packs = installed.load(data)
    engines = Engines(wiring.open_store(settings), catalogue.load(), hardware(), settings.local.threads)

    @cache
    def embed() -> Embed | None:
        embedder = engines.embedder()
        open_library(data, embedder, engines, progress, packs).close()
        return embedder.embed if embedder else None

    def shelve(more: Iterable[Passage], less: Collection[Filter | str]) -> None:
        Library.extend(data / "library", more, less, embed())

    try:
        yield Shelf(Stock(data / DOCUMENTS), shelve, packs.names)
    finally:
        engines.close()

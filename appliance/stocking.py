"""The stock and its index without the rest of the box, for whoever adds documents or takes them off.

What takes long to import or to open is left until the index is used, so that reading begins at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from appliance.settings import Settings
from corpora.adding import Published, Shelve
from corpora.embedding import Embed
from corpora.filters import Filter
from corpora.packs.shelf import survey
from corpora.passage import Passage
from corpora.stock import DOCUMENTS, Stock

STARTER = "starter"
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A box's stock, and the way into its index."""

    stock: Stock
    shelve: Shelve
    packs: frozenset[str]
    """Packs whose names no added document may take."""


@contextmanager
def open_shelf(settings: Settings, progress: Progress) -> Iterator[Shelf]:
    """Give the way to add to a box's index, which is opened, or made when there is none, when it is first used.

    So the first file is read while the embedder and the index are opened. What is wrong with them, `Shelf.shelve`
    raises: `corpora.errors.CorpusError`, `models.errors.ModelError`.
    """
    data: Path = settings.place.data
    with ExitStack() as stack:

        @cache
        def embed() -> Embed | None:
            return _opened(settings, progress, stack)

        def shelve(more: Iterable[Passage], less: Collection[Filter | str], published: Published) -> None:
            from corpora.library import Library

            Library.extend(data / "library", more, less, embed(), published=published)

        packs = frozenset({STARTER, *(pack.name for pack in survey(data).packs)})
        yield Shelf(Stock(data / DOCUMENTS), shelve, packs)


def _opened(settings: Settings, progress: Progress, stack: ExitStack) -> Embed | None:
    """Make sure that there is an index, and give the embedder that it is made with."""
    from appliance import installed
    from appliance.engines import Engines, hardware
    from appliance.texts import make_library
    from models import catalogue
    from models.store import Store

    data = settings.place.data
    facts = catalogue.load()
    engines = Engines(Store(data / "models", facts), facts, hardware(), settings.local.threads)
    stack.callback(engines.close)
    embedder = engines.embedder()
    make_library(data, embedder, engines, progress, installed.load(data))
    return embedder.embed if embedder else None

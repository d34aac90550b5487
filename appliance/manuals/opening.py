"""Building what finds manuals, for the time of a command."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from appliance import wiring
from appliance.engines import Engines, hardware
from appliance.manuals.manuals import Manuals, Web
from appliance.reach import Link
from appliance.settings import Settings
from appliance.texts import Progress, open_library
from corpora import adding
from corpora.adding import Report
from corpora.library import Library
from corpora.packs.shelf import installed
from corpora.stock import DOCUMENTS, PACK, Stock
from corpora.web import firecrawl, tavily
from corpora.web.fetch import Fetcher
from models import catalogue


class Shelver:
    """Adds files to the stock and the search index of a box."""

    def __init__(self, data: Path, engines: Engines, progress: Progress) -> None:
        """Keep where things lie."""
        self._data = data
        self._engines = engines
        self._progress = progress

    def add(self, path: Path, source: str) -> Sequence[Report]:
        """Read a file, or each in an archive, into the library; `source` is its address. Raises `CorpusError`."""
        embedder = self._engines.embedder()
        embed, folder = (embedder.embed if embedder else None), self._data / "library"
        stock = Stock(self._data / DOCUMENTS)
        found = (replace(file, source=source) for file in adding.files([path]))
        with stock.writing():
            return list(
                adding.add(
                    stock,
                    found,
                    adding.Wish(PACK),
                    lambda more, less, published: Library.extend(folder, more, less, embed, published=published),
                    self._progress,
                )
            )


@contextmanager
def open_manuals(settings: Settings, progress: Progress = wiring.silent) -> Iterator[Manuals]:
    """Build it; the library is opened when it is first asked.

    Raises:
        sync.errors.SyncError: the outbox cannot be opened.
        OSError: the data folder cannot be made.
    """
    data, troubles = settings.place.data, wiring.Troubles()
    data.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        engines = Engines(wiring.open_store(settings), catalogue.load(), hardware(), settings.local.threads)
        stack.callback(engines.close)
        keeper, records = wiring.open_records(data, troubles, stack)

        @cache
        def library() -> Library:
            opened = open_library(data, engines.embedder(), engines, progress)
            stack.callback(opened.close)
            return opened

        shelver = Shelver(data, engines, progress)
        yield Manuals(library, lambda: installed(data), web(settings), shelver, keeper, records, data / "incoming")


def web(settings: Settings) -> Web:
    """Build the way out of the box."""
    keys, wishes = settings.keys, settings.manuals
    key, other = keys.tavily.get_secret_value(), keys.firecrawl.get_secret_value()
    scraper = firecrawl.Firecrawl(other, wishes.firecrawl_url) if other else None
    open_to = settings.policy.web and bool(key)
    link = Link(wishes.tavily_url or tavily.HOME if open_to else "", metered=settings.policy.metered)
    search = tavily.Tavily(key, wishes.tavily_url) if key else None
    return Web(search, Fetcher(scraper, private=wishes.private), link, settings.policy.web)

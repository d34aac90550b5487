"""The way out of the box, as the settings have it; its libraries are loaded when it is first gone."""

from pathlib import Path
from typing import TYPE_CHECKING

from appliance.manuals.outside import Web
from appliance.reach import Link
from appliance.settings import Settings
from corpora.web.address import TAVILY

if TYPE_CHECKING:
    from corpora.web.fetch import Fetched
    from corpora.web.result import Result


def web(settings: Settings) -> Web:
    """Build it; an event loop of its own needs one of its own."""
    key, address = settings.keys.tavily.get_secret_value(), settings.manuals.tavily_url
    open_to = settings.policy.web and bool(key)
    link = Link(address or TAVILY if open_to else "", metered=settings.policy.metered)
    return Web(Search(key, address) if key else None, Fetch(settings), link, settings.policy.web)


class Search:
    """Tavily, loaded when it is asked."""

    def __init__(self, key: str, address: str) -> None:
        """Keep what it needs."""
        self._key = key
        self._address = address

    async def search(self, query: str) -> "list[Result]":
        """Find pages and files. Raises `corpora.errors.FetchError`."""
        from corpora.web.tavily import Tavily

        return await Tavily(self._key, self._address).search(query)


class Fetch:
    """The fetcher, with Firecrawl where there is a key, loaded when it is asked."""

    def __init__(self, settings: Settings) -> None:
        """Keep what it needs."""
        self._settings = settings

    async def fetch(self, url: str, folder: Path) -> "Fetched":
        """Fetch an address into a folder. Raises `corpora.errors.FetchError`."""
        from corpora.web.fetch import Fetcher
        from corpora.web.firecrawl import Firecrawl

        key, wishes = self._settings.keys.firecrawl.get_secret_value(), self._settings.manuals
        scraper = Firecrawl(key, wishes.firecrawl_url) if key else None
        return await Fetcher(scraper, private=wishes.private).fetch(url, folder)

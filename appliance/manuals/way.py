"""The way out of the box, as the settings have it."""

from appliance.manuals.outside import Web
from appliance.reach import Link
from appliance.settings import Settings
from corpora.web import firecrawl, tavily
from corpora.web.fetch import Fetcher


def web(settings: Settings) -> Web:
    """Build it; an event loop of its own needs one of its own."""
    keys, wishes = settings.keys, settings.manuals
    key, other = keys.tavily.get_secret_value(), keys.firecrawl.get_secret_value()
    scraper = firecrawl.Firecrawl(other, wishes.firecrawl_url) if other else None
    open_to = settings.policy.web and bool(key)
    link = Link(wishes.tavily_url or tavily.HOME if open_to else "", metered=settings.policy.metered)
    search = tavily.Tavily(key, wishes.tavily_url) if key else None
    return Web(search, Fetcher(scraper, private=wishes.private), link, settings.policy.web)

"""Firecrawl, a reader of web pages, through its own client library."""

import asyncio
from dataclasses import dataclass
from typing import Any

from corpora.errors import FetchError
from corpora.web.result import TITLE, plain

HOME = "https://api.firecrawl.dev"
"""Where the provider listens when the settings name no other."""
MOST_TEXT = 10_000_000
"""Characters of one page."""
RETRY = frozenset({408, 429, 500, 502, 503, 504})
"""States that pass (docs.firecrawl.dev, "Errors")."""


@dataclass(frozen=True, slots=True)
class Scraped:
    """A page as Firecrawl read it."""

    markdown: str
    title: str
    type: str
    """Media type that the page's server told ("text/html"), or empty."""


class Firecrawl:
    """Reads pages, also those that only scripts fill."""

    def __init__(self, key: str, base_url: str = "", *, patience_s: float = 60.0) -> None:
        """Keep the key; an empty `base_url` is the provider's own. `patience_s`: for a whole page."""
        self._key = key
        self._base_url = (base_url or HOME).rstrip("/")
        self._patience_s = patience_s

    async def scrape(self, url: str) -> Scraped:
        """Read one page. Raises `FetchError`."""
        import firecrawl  # type: ignore[import-untyped]
        import httpx

        reader = firecrawl.AsyncFirecrawl(
            self._key, self._base_url, timeout=self._patience_s, max_retries=1, origin="clara-edge"
        )
        try:
            async with asyncio.timeout(self._patience_s):
                # Without parsers a PDF comes unread, at one credit; read, it costs one a page and has no pages.
                page = await reader.scrape(
                    url, formats=["markdown"], only_main_content=True, parsers=[], remove_base64_images=True,
                    skip_tls_verification=False, timeout=int(self._patience_s * 1000), auto_resume=False,
                )  # fmt: skip
        except firecrawl.FirecrawlError as error:
            raise _refused(url, error.status_code, str(error)) from error
        except TimeoutError as error:
            raise FetchError(f"Firecrawl did not read {url} within {self._patience_s:g} s", passing=True) from error
        except httpx.HTTPError as error:
            raise FetchError(f"Firecrawl cannot be asked ({plain(str(error), 200)})", passing=True) from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:  # what its client does with other JSON
            raise FetchError(f"Firecrawl answered for {url} with something that is no page", passing=True) from error
        return _scraped(url, page)


def _scraped(url: str, page: Any) -> Scraped:
    """Check what came. Raises `FetchError`."""
    about = page.metadata_dict
    status, text = about.get("status_code"), page.markdown or ""
    if isinstance(status, int) and status >= 400:
        raise FetchError(f"{url}: its server answers Firecrawl with {status}", passing=status >= 500)
    kind = plain(about.get("content_type"), 100).partition(";")[0].strip().lower()
    if "html" in kind or not kind:
        if not text.strip():
            raise FetchError(f"Firecrawl found no text on {url}")
        if len(text) > MOST_TEXT:
            raise FetchError(f"{url}: has more than {MOST_TEXT:,} characters of text")
    return Scraped(text, plain(about.get("title"), TITLE), kind)


def _refused(url: str, status: int | None, said: str) -> FetchError:
    told = plain(said, 200)
    match status:
        case 401:
            return FetchError(f"Firecrawl refuses the key ({told}): set FIRECRAWL_API_KEY to a valid one")
        case 402:
            return FetchError(f"Firecrawl's plan has no credit left ({told})")
        case 429:
            return FetchError(f"Firecrawl is asked too often ({told}): try again in a minute", passing=True)
    return FetchError(f"Firecrawl could not read {url} ({told})", passing=status is None or status in RETRY)

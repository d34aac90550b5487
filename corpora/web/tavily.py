"""Tavily, a search of the web, through its own client library."""

import asyncio

from corpora.errors import FetchError
from corpora.web.address import TAVILY
from corpora.web.client import client
from corpora.web.result import Result, plain, results

LONGEST = 400
"""Characters of a question that Tavily takes."""
MOST_BYTES = 2 << 20
"""An answer with ten snippets has some ten thousand."""


class Tavily:
    """Searches the web."""

    def __init__(self, key: str, base_url: str = "", *, patience_s: float = 20.0) -> None:
        """Keep the key; an empty `base_url` is the provider's own. `patience_s`: for a whole search."""
        self._key = key
        self._base_url = (base_url or TAVILY).rstrip("/")
        self._patience_s = patience_s

    async def search(self, query: str) -> list[Result]:
        """Find pages and files. Raises `FetchError`."""
        import httpx
        import tavily  # type: ignore[import-untyped]
        from tavily import errors

        try:
            async with asyncio.timeout(self._patience_s), client(MOST_BYTES) as web:
                engine = tavily.AsyncTavilyClient(self._key, api_base_url=self._base_url, client=web)
                answer = await engine.search(query[:LONGEST], search_depth="basic", max_results=10)
                return results(answer["results"])
        except errors.InvalidAPIKeyError as error:
            raise FetchError(f"Tavily refuses the key{_told(error)}: set TAVILY_API_KEY to a valid one") from error
        except errors.ForbiddenError as error:
            raise FetchError(f"Tavily's plan allows no more searches{_told(error)}", passing=True) from error
        except errors.UsageLimitExceededError as error:
            raise FetchError(f"Tavily is asked too often{_told(error)}: try again in a minute", passing=True) from error
        except errors.BadRequestError as error:
            raise FetchError(f"Tavily does not take this search{_told(error)}: word it otherwise") from error
        except (TimeoutError, errors.TimeoutError) as error:
            raise FetchError(f"Tavily did not answer within {self._patience_s:g} s", passing=True) from error
        except httpx.HTTPError as error:
            raise FetchError(f"Tavily cannot be asked{_told(error)}", passing=True) from error
        except (ValueError, TypeError, AttributeError, LookupError) as error:  # what its client does with other JSON
            raise FetchError("Tavily answered with something that is no search result", passing=True) from error


def _told(error: Exception) -> str:
    """Give what the provider said, in brackets."""
    said = plain(str(error), 200)
    return f" ({said})" if said else ""

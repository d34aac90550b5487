"""The way out of the box: what searches the web, what fetches from it, and whether it may be asked."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from appliance.reach import Link
from appliance.route import may_fetch
from corpora.web.result import Result

if TYPE_CHECKING:
    from corpora.web.fetch import Fetched


class Closed(StrEnum):
    """Why the web may not be asked now."""

    POLICY = "the settings do not allow the web (policy.web)"
    KEY = "there is no key for the search (TAVILY_API_KEY)"
    METERED = "the link costs by the byte (policy.metered)"
    LINK = "there is no link"


class Searches(Protocol):
    """A search of the web."""

    async def search(self, query: str, /) -> list[Result]:
        """Find pages and files. Raises `corpora.errors.FetchError`."""
        ...


class Fetches(Protocol):
    """The way from the web to the disk."""

    async def fetch(self, url: str, folder: Path, /) -> "Fetched":
        """Fetch an address into a folder. Raises `corpora.errors.FetchError`."""
        ...


@dataclass(frozen=True, slots=True)
class Web:
    """The way out of the box."""

    search: Searches | None
    """None: there is no key."""
    fetch: Fetches
    link: Link
    allowed: bool
    """The owner allows it."""

    @property
    def forbidden(self) -> Closed | None:
        """Why the web may never be asked on this box, as it is set up."""
        if not self.allowed:
            return Closed.POLICY
        return Closed.KEY if self.search is None else None

    async def closed(self) -> Closed | None:
        """Say why the web may not be asked now; None when it may."""
        if self.forbidden:
            return self.forbidden
        await self.link.probe()
        return self._shut()

    @property
    def told(self) -> str:
        """Why the web may not be asked, as it was when the link was last asked; empty when it may or nobody asked."""
        if self.forbidden:
            return self.forbidden
        return (self._shut() or "") if self.link.known else ""

    def _shut(self) -> Closed | None:
        if may_fetch(self.link.reach, allowed=self.allowed):
            return None
        return Closed.METERED if self.link.reach.online else Closed.LINK

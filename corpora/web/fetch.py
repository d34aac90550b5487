"""Fetching one page or file to the disk, with the site's rules and our limits kept."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urljoin
from urllib.robotparser import RobotFileParser

import httpx

from corpora.errors import FetchError
from corpora.ingest.limits import MB, size
from corpora.ingest.sniff import ENDINGS
from corpora.web.address import checked, origin, reached
from corpora.web.client import AGENT, QUIET_S, client
from corpora.web.firecrawl import Scraped
from corpora.web.result import Kind, kind_of

ROBOTS = 512_000
"""Bytes of a robots.txt that are read (RFC 9309, section 2.5: at least 500 KiB)."""
HOPS = 5
"""Redirects followed (RFC 9309, section 2.3.1.2, wants as many for robots.txt)."""
TYPES = {
    "application/pdf": "pdf", "text/html": "html", "application/xhtml+xml": "html", "text/plain": "txt",
    "text/markdown": "md", "text/csv": "csv", "application/json": "json", "application/epub+zip": "epub",
    "application/zip": "zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}  # fmt: skip
"""Media type to the ending that a file gets; what a file is shows when it is read."""


class Scrapes(Protocol):
    """Reads pages."""

    async def scrape(self, url: str, /) -> Scraped:
        """Read one page. Raises `FetchError`."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What lies on the disk now."""

    path: Path
    url: str
    """Where it came from, redirects followed."""
    title: str
    """As the page names itself, or empty."""
    kind: Kind
    remark: str = ""
    """What its owner should know: that Firecrawl could not read it."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one fetch may cost."""

    file_bytes: int = 200 * MB
    seconds: float = 900.0
    """For everything, robots.txt and redirects included; a slow link needs some minutes for a large manual."""


class Fetcher:
    """Brings pages and files to the disk."""

    def __init__(self, scraper: Scrapes | None = None, *, private: bool = False, bounds: Bounds | None = None) -> None:
        """Keep what reads pages, if anything does. `private`: may addresses in the box's own network be asked?"""
        self._scraper = scraper
        self._private = private
        self._bounds = bounds or Bounds()

    async def fetch(self, url: str, folder: Path) -> Fetched:
        """Fetch an address into a folder. Raises `FetchError`; then nothing of it is left on the disk."""
        try:
            async with asyncio.timeout(self._bounds.seconds), client() as web:
                return await self._fetch(web, url, folder)
        except TimeoutError as error:
            raise FetchError(f"{url}: is not here after {self._bounds.seconds:g} s", passing=True) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            told = str(error) or type(error).__name__
            raise FetchError(f"{url}: cannot be fetched ({told})", passing=True) from error

    async def _fetch(self, web: httpx.AsyncClient, url: str, folder: Path) -> Fetched:
        remark = ""
        if self._scraper is not None and kind_of(url) == "page":
            await self._allowed(web, url)
            await reached(checked(url), private=self._private)
            try:
                page = await self._scraper.scrape(url)
            except FetchError as error:
                remark = f"fetched plainly, since {error}"
            else:
                if page.type in {"", "text/html", "application/xhtml+xml"}:
                    return _write_page(_place(folder, url, "text/markdown"), url, page)
        async with self._asked(web, url, robots=True) as (response, final):
            path = _place(folder, final, response.headers.get("content-type", ""))
            await self._save(response, final, path)
        kind: Kind = "PDF" if _is_pdf(path) else "page" if path.suffix == ".html" else "file"
        return Fetched(path, final, "", kind, remark)

    async def _allowed(self, web: httpx.AsyncClient, url: str) -> None:
        """Read the site's robots.txt. Raises `FetchError` when it does not want us, or cannot say (RFC 9309, 2.3.1)."""
        site = origin(checked(url))
        async with self._asked(web, f"{site}/robots.txt") as (response, _):
            if response.status_code >= 500:
                raise FetchError(f"{site}/robots.txt: answers {response.status_code}; try again later", passing=True)
            if response.status_code >= 400:
                return
            text = b""
            async for piece in response.aiter_bytes():
                text += piece
                if len(text) > ROBOTS:
                    break
        rules = RobotFileParser()
        rules.parse(text[:ROBOTS].decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
        if not rules.can_fetch(AGENT, url):
            raise FetchError(f"{url}: its site's robots.txt asks programs not to fetch it; download it by hand")

    @asynccontextmanager
    async def _asked(
        self, web: httpx.AsyncClient, url: str, *, robots: bool = False
    ) -> AsyncIterator[tuple[httpx.Response, str]]:
        """Give the answer for an address, its body not read yet, and the address that gave it in the end."""
        for _ in range(HOPS + 1):
            if robots:
                await self._allowed(web, url)
            response = await self._send(web, url)
            try:
                if not response.has_redirect_location:
                    if robots and response.status_code != 200:
                        passing = response.status_code in {408, 429} or response.status_code >= 500
                        raise FetchError(f"{url}: its server answers {response.status_code}", passing=passing)
                    yield response, url
                    return
                url = urljoin(url, response.headers["location"])
            finally:
                await response.aclose()
        raise FetchError(f"{url}: is redirected more than {HOPS} times")

    async def _send(self, web: httpx.AsyncClient, url: str) -> httpx.Response:
        """Ask the very address that was checked: looked up again, the name could lead elsewhere."""
        parts = checked(url)
        trouble: httpx.HTTPError = httpx.ConnectError("it has no address")
        for address in await reached(parts, private=self._private):
            request = web.build_request(
                "GET", httpx.URL(url).copy_with(host=address), headers={"Host": parts.netloc},
                extensions={"sni_hostname": parts.hostname, "timeout": httpx.Timeout(QUIET_S).as_dict()},
            )  # fmt: skip
            try:
                return await web.send(request, stream=True)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                trouble = error
        raise trouble

    async def _save(self, response: httpx.Response, url: str, path: Path) -> None:
        """Write the body beside its place, then move it there whole."""
        partial, count = path.with_name(f"{path.name}.part"), 0
        try:
            with partial.open("wb") as file:
                async for piece in response.aiter_bytes():
                    count += len(piece)
                    if count > self._bounds.file_bytes:
                        raise FetchError(f"{url}: has more than {size(self._bounds.file_bytes)}; download it by hand")
                    file.write(piece)
            if not count:
                raise FetchError(f"{url}: is empty")
            partial.replace(path)
        except OSError as error:
            raise FetchError(f"{path}: cannot be written ({error.strerror}); make room and try again") from error
        finally:
            partial.unlink(missing_ok=True)


def _write_page(path: Path, url: str, page: Scraped) -> Fetched:
    head = f"# {page.title}\n\n" if page.title and not page.markdown.lstrip().startswith("# ") else ""
    try:
        path.write_text(head + page.markdown, encoding="utf-8")
    except OSError as error:
        raise FetchError(f"{path}: cannot be written ({error.strerror}); make room and try again") from error
    return Fetched(path, url, page.title, "page")


def _place(folder: Path, url: str, media: str) -> Path:
    """Name the file after its address, in letters that are harmless, so that the same address gives the same."""
    parts = checked(url)
    last = unquote(parts.path).rstrip("/").rpartition("/")[2]
    stem, _, ending = last.rpartition(".") if "." in last else (last, "", "")
    told = TYPES.get(media.partition(";")[0].strip().lower(), "")
    suffix = told or (ending.lower() if ending.lower() in ENDINGS else "html")
    name = re.sub(r"[^A-Za-z0-9]+", "-", stem if suffix == ending.lower() else last).strip("-")[:60]
    mark = hashlib.sha256(url.encode()).hexdigest()[:8]
    return folder / f"{name or parts.hostname}-{mark}.{suffix}"


def _is_pdf(path: Path) -> bool:
    with path.open("rb") as file:
        return b"%PDF-" in file.read(1024)

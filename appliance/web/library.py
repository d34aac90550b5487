"""The library over HTTP: browse, search as one types, open a passage or what an answer cites, see its page."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from appliance.web.api import replied
from appliance.web.box import Box, Library, Stocked
from appliance.web.errors import Refusal
from appliance.web.gate import Gate
from appliance.web.library_forms import (
    ContentsReply,
    HitReply,
    LibraryReply,
    PassageReply,
    SearchReply,
    catalogue,
    original_reply,
)
from appliance.web.pictures import Pictures
from corpora.filters import Filter
from corpora.passage import Passage

QUERY = 300
"""Longest query, in characters; what is beyond is not looked at."""
HITS = 8
STRETCH = 40
"""Passages of a document that are given at a time, unless fewer or more are asked for."""
LONGEST_STRETCH = 200
PARTS = 60
"""Passages of a section that are given."""
NARROWED = ("system", "maker", "model", "edition", "language", "document", "pack")
"""What a search may be kept to."""
UNKNOWN = "GET /v1/library/search finds passages"


class LibraryApi:
    """Handlers around one box's library."""

    def __init__(self, box: Box, gate: Gate | None = None, pictures: Pictures | None = None) -> None:
        """The gate is the library's own: whoever types must not keep out whoever asks."""
        self.box = box
        self.gate = gate or Gate(admitted=16)
        self.searching = asyncio.Semaphore(2)
        self.pictures = pictures or Pictures()

    def register(self, router: web.UrlDispatcher) -> None:
        """Add the routes."""
        router.add_get("/v1/library/documents", self.documents)
        router.add_get("/v1/library/search", self.search)
        router.add_get("/v1/library/contents", self.contents)
        router.add_get("/v1/library/cited", self.cited)
        router.add_get("/v1/library/passages/{id:.{1,400}}", self.passage)
        router.add_get(r"/v1/library/documents/{id:[0-9A-Za-z_-]{1,64}}/pages/{n:\d{1,6}}.png", self.picture)

    async def documents(self, _: web.Request) -> web.Response:
        """`GET /v1/library/documents`: every document."""

        def listed() -> LibraryReply:
            return LibraryReply(documents=catalogue(self.box.library.shelves(), self.box.stock.documents()))

        async with self.gate.admit():
            return replied(await asyncio.to_thread(listed))

    async def search(self, request: web.Request) -> web.Response:
        """`GET /v1/library/search?q=` and any of `NARROWED`: passages, best first; without words, none.

        A caller who has gone on typing is not searched for any more.
        """
        given = request.query
        keep = Filter(**{name: given[name] for name in NARROWED if given.get(name)})
        words = given.get("q", "").strip()[:QUERY]
        if not words:
            return replied(SearchReply(hits=[]))
        async with self.gate.admit(), self.searching:
            if request.transport is None or request.transport.is_closing():
                raise Refusal(499, "the caller has gone", "ask again")
            hits = await asyncio.to_thread(self.box.library.search, words, HITS, keep)
        return replied(SearchReply(hits=[HitReply.of(hit) for hit in hits]))

    async def contents(self, request: web.Request) -> web.Response:
        """`GET /v1/library/contents?pack=&document=&edition=&start=&limit=`: a document's passages in its order."""
        given = request.query
        if not given.get("document"):
            raise Refusal(422, "document: is missing", "GET /v1/library/documents lists them")
        start, limit = number(given, "start", 0, 0, 1 << 31), number(given, "limit", STRETCH, 1, LONGEST_STRETCH)
        keep = Filter(**{name: given[name] for name in ("pack", "document", "edition") if given.get(name)})
        async with self.gate.admit():
            stretch = await asyncio.to_thread(self.box.library.contents, keep, start, limit)
        if not stretch.total:
            raise Refusal(
                404, f"no document {given['document']} is on this box", "GET /v1/library/documents lists them"
            )
        return replied(ContentsReply.of(stretch))

    async def passage(self, request: web.Request) -> web.Response:
        """`GET /v1/library/passages/{id}`: a passage with its section."""
        identity = request.match_info["id"]

        def found() -> PassageReply:
            passage = self.box.library.passage(identity)
            if passage is None:
                raise Refusal(404, f"no passage {identity} is on this box", UNKNOWN)
            return self.opened(passage)

        async with self.gate.admit():
            return replied(await asyncio.to_thread(found))

    async def cited(self, request: web.Request) -> web.Response:
        """`GET /v1/library/cited?document=&edition=&section=&quote=`: the text of a section that a row of a code cites.

        What was quoted from a text of this box has a location, and is opened by that.
        """
        given = request.query

        def found() -> PassageReply:
            names = ("document", "edition", "section", "quote")
            passage = cited(self.box.library, *(given.get(name, "") for name in names))
            if passage is None:
                raise Refusal(404, "this source is not among the texts on this box", UNKNOWN)
            return self.opened(passage)

        async with self.gate.admit():
            return replied(await asyncio.to_thread(found))

    async def picture(self, request: web.Request) -> web.Response:
        """`GET /v1/library/documents/{id}/pages/{n}.png?passage=ID`: a page, with the passage on it marked."""
        identity, number = request.match_info["id"], int(request.match_info["n"])
        wanted = request.query.get("passage", "")

        def drawn() -> bytes:
            path = self.file(identity)
            passage = self.box.library.passage(wanted) if wanted else None
            here = passage is not None and passage.page == number and document_of(passage) == identity
            return self.pictures.png(path, number, passage.box if passage and here else None)

        async with self.gate.admit():
            png = await asyncio.to_thread(drawn)
        return web.Response(body=png, content_type="image/png", headers={"Cache-Control": "private, max-age=300"})

    def opened(self, passage: Passage) -> PassageReply:
        """Give a passage with its section and, when its file is on the box, the path of its page."""
        around = self.box.library.section_of(passage)[:PARTS]
        stocked = self.stocked(document_of(passage), passage.pack)
        picture = ""
        if stocked and stocked.format == "pdf" and passage.page is not None:
            picture = (
                f"/v1/library/documents/{stocked.id}/pages/{passage.page}.png?passage={quote(passage.id, safe='')}"
            )
        return PassageReply.of(passage, around, original_reply(stocked) if stocked else None, picture)

    def stocked(self, identity: str, pack: str = "") -> Stocked | None:
        """Give a document of the stock; None when it is not there, or of another pack."""
        found = self.box.stock.find(identity)
        return found if found and pack in {"", found.pack} else None

    def file(self, identity: str) -> Path:
        """Give a document's PDF. Raises `Refusal` (404)."""
        found = self.stocked(identity)
        if found is None:
            raise Refusal(404, f"no document {identity} is on this box", "GET /v1/library/documents lists them")
        if found.format != "pdf":
            raise Refusal(404, f"{found.title} is no PDF and has no pages to draw", "read its passages")
        return self.box.stock.original(identity)


def document_of(passage: Passage) -> str:
    """Give the id of a passage's document: the second part of its own."""
    return passage.id.split("/")[1] if "/" in passage.id else ""


def cited(library: Library, document: str, edition: str, section: str, quote: str) -> Passage | None:
    """Find the text of a section: of that edition when it is here, and there the passage with the quoted words.

    Raises:
        corpora.errors.LibraryError: The index cannot be read.
    """
    found = library.section(section, document) if section else ()
    words = flat(quote)
    ranked = sorted(found, key=lambda one: (one.edition != edition, not words or words not in flat(one.text)))
    return next(iter(ranked), None)


def number(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """Read a whole number of a query. Raises `Refusal` (422)."""
    text = given.get(name) or str(default)
    if not re.fullmatch("[0-9]{1,10}", text) or not least <= int(text) <= most:
        raise Refusal(422, f"{name}: {text[:20]} is no whole number from {least} to {most}", "leave it out, or mend it")
    return int(text)


def flat(text: str) -> str:
    """Give a text with single blanks."""
    return " ".join(text.split())

"""The page's files, read once, served with an ETag so that an update of the box reaches every browser."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/dom.js": ("dom.js", "text/javascript"),
    "/library.js": ("library.js", "text/javascript"),
    "/viewer.js": ("viewer.js", "text/javascript"),
    "/wrong.js": ("wrong.js", "text/javascript"),
    "/pair.html": ("pair.html", "text/html"),
    "/pair.js": ("pair.js", "text/javascript"),
    "/talk.js": ("talk.js", "text/javascript"),
    "/line.js": ("line.js", "text/javascript"),
    "/sound.js": ("sound.js", "text/javascript"),
    "/sound-worklet.js": ("sound-worklet.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
"""Path to file and its type."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One file of the page."""

    body: bytes
    kind: str
    """Content type."""
    tag: str
    """Its ETag, without quotes."""

    async def serve(self, request: web.Request) -> web.Response:
        """Give the file, or 304 to a browser that has it."""
        headers = {"ETag": f'"{self.tag}"', "Cache-Control": "no-cache"}
        known = request.if_none_match or ()
        if any(etag.value in {self.tag, "*"} for etag in known):
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.body, content_type=self.kind, charset="utf-8", headers=headers)


def load() -> dict[str, Asset]:
    """Read every file of the page."""
    return {path: asset(FOLDER / name, kind) for path, (name, kind) in FILES.items()}


def asset(path: Path, kind: str) -> Asset:
    """Read one file."""
    body = path.read_bytes()
    return Asset(body, kind, sha256(body).hexdigest()[:32])

"""A small web server on loopback with files, ranges, a package index, and the troubles that servers have."""

import hashlib
import io
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class WebFiles:
    """What is served and how badly; tests change it while it runs."""

    files: dict[str, bytes] = field(default_factory=dict)
    """Path to body."""
    kinds: dict[str, str] = field(default_factory=dict)
    """Path to content type, where it matters."""
    cut_after: list[int] = field(default_factory=list)
    """For the next answers in turn: bytes after which the connection is cut."""
    refuse: list[int] = field(default_factory=list)
    """For the next answers in turn: the status to give instead."""
    ranges: bool = True
    """False: a server that ignores ranges and sends the whole file."""
    login: str = ""
    """An Authorization header that every request must bring."""
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Path and Range header of every GET."""
    url: str = ""

    def offer(self, package: str, wheels: Mapping[str, bytes], *, html: bool = False, root: str = "/simple") -> None:
        """Put wheels on the index, as JSON (PEP 691) or as a page (PEP 503)."""
        where = f"{root}/{package}/"
        sums = {name: hashlib.sha256(body).hexdigest() for name, body in wheels.items()}
        self.files |= {f"/packages/{name}": body for name, body in wheels.items()}
        if html:
            links = [f'<a href="../../packages/{name}#sha256={sums[name]}">{name}</a>' for name in wheels]
            self.files[where], self.kinds[where] = "<br>".join(links).encode(), "text/html"
            return
        rows = [
            {"filename": name, "url": f"../../packages/{name}", "hashes": {"sha256": sums[name]}, "size": len(body)}
            for name, body in wheels.items()
        ]
        self.files[where] = json.dumps({"meta": {"api-version": "1.1"}, "name": package, "files": rows}).encode()
        self.kinds[where] = "application/vnd.pypi.simple.v1+json"


def wheel(members: Mapping[str, bytes]) -> bytes:
    """A wheel with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return out.getvalue()


class _Handler(BaseHTTPRequestHandler):
    """Answers from the files of its server."""

    @property
    def served(self) -> WebFiles:
        """What is served."""
        assert isinstance(self.server, _Server)
        return self.server.served

    def do_GET(self) -> None:
        self.served.asked.append((self.path, self.headers.get("Range", "")))
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def _answer(self, *, with_body: bool) -> None:
        body = self.served.files.get(self.path)
        if self.served.login and self.headers.get("Authorization") != self.served.login:
            self.send_error(401)
        elif with_body and self.served.refuse:
            self.send_error(self.served.refuse.pop(0))
        elif body is None:
            self.send_error(404)
        else:
            self._send(body, with_body=with_body)

    def _send(self, body: bytes, *, with_body: bool) -> None:
        wanted = self.headers.get("Range", "") if self.served.ranges else ""
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        if wanted and start >= len(body):
            self.send_error(416)
            return
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Type", self.served.kinds.get(self.path, "application/octet-stream"))
        self.send_header("Content-Length", str(len(body) - start))
        if wanted:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        if with_body:
            cut = self.served.cut_after.pop(0) if self.served.cut_after else len(body)
            self.wfile.write(body[start : start + cut])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    served: WebFiles


@contextmanager
def web_files() -> Iterator[WebFiles]:
    """Serve for the length of the block."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.served = WebFiles(url=f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""One file from the web: resumed where it broke off, told byte by byte, bounded in size."""

import base64
import http.client
import netrc
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit, urlunsplit

from models.digest import digest
from models.errors import FetchError, HashError

Progress = Callable[[str, int, int], None]
"""Called with what is being fetched, bytes done, bytes in all."""

CHUNK = 256 * 1024
PASSING = {408, 425, 429, 500, 502, 503, 504}
"""HTTP states that another try may cure."""


@dataclass(frozen=True, slots=True)
class Order:
    """One file to bring."""

    name: str
    """What to call it in progress and messages."""
    url: str
    part: Path
    """Where to write it; kept when the fetch breaks off."""
    bytes: int = 0
    """0: as many as the server says."""
    sha256: str = ""
    """Empty: not known here, somebody later proves what is inside."""


class Web:
    """The way to the web, with this machine's certificates and proxy."""

    def __init__(
        self,
        bundles: Sequence[str] = (),
        proxy: str = "",
        timeout_s: float = 30.0,
        attempts: int = 5,
        pause_s: float = 1.0,
    ) -> None:
        """Keep the settings.

        Args:
            bundles: Certificate files to trust beside the system's own.
            proxy: Address of a proxy; empty: the usual variables decide.
            timeout_s: Longest silence of a server.
            attempts: Tries in a row without a single new byte before giving up.
            pause_s: Wait between tries.
        """
        self._timeout_s = timeout_s
        self._attempts = attempts
        self._pause_s = pause_s
        handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=_trust(bundles))]
        if proxy:
            handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
        self._opener = urllib.request.build_opener(*handlers)

    def page(self, url: str, accept: str, limit: int = 64 * 1024 * 1024) -> tuple[str, str, str]:
        """Read a small page: its text, its content type, and the address it came from in the end.

        Raises:
            FetchError: no answer, a refusal, or more than `limit` bytes.
        """
        try:
            with self._open(url, {"Accept": accept}) as response:
                body = response.read(limit + 1)
                kind = response.headers.get("Content-Type", "")
                where = response.geturl()
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"cannot read {public(url)}: {_why(error)}") from error
        if len(body) > limit:
            raise FetchError(f"cannot read {public(url)}: it is longer than {limit} bytes")
        return body.decode("utf-8", "replace"), kind, where

    def length(self, url: str) -> int:
        """Size of the file at `url` in bytes, 0 if the server does not say.

        Raises:
            FetchError: no answer or a refusal.
        """
        try:
            with self._open(url, {}, method="HEAD") as response:
                return int(response.headers.get("Content-Length") or 0)
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"cannot reach {public(url)}: {_why(error)}") from error

    def download(self, order: Order, progress: Progress) -> None:
        """Bring and prove a file, going on from what lies there already.

        A resumed file that turns out wrong is fetched once more from its first byte: its beginning may have been
        spoilt long ago.

        Raises:
            FetchError: the server refuses, says another size, or gives nothing new in many tries.
            HashError: the file is not the one that was ordered; it is taken off the disk.
            OSError: the disk cannot take it.
        """
        resumed = _size(order.part) > 0
        self._persist(order, progress)
        try:
            prove(order.part, order.sha256, order.name)
        except HashError:
            if not resumed:
                raise
            self._persist(order, progress)
            prove(order.part, order.sha256, order.name)

    def _persist(self, order: Order, progress: Progress) -> None:
        idle = 0
        while True:
            before = _size(order.part)
            if order.bytes and before > order.bytes:
                order.part.unlink()
                before = 0
            trouble = self._pull(order, progress)
            if not trouble:
                return
            idle = 0 if _size(order.part) > before else idle + 1
            if idle >= self._attempts:
                raise FetchError(
                    f"cannot fetch {order.name} from {public(order.url)}: {trouble}; "
                    f"{_size(order.part)} bytes are kept, the same command goes on from there"
                )
            time.sleep(self._pause_s)

    def _pull(self, order: Order, progress: Progress) -> str:
        """One try: empty when the file is whole, else what went wrong."""
        have = _size(order.part)
        if order.bytes and have == order.bytes:
            return ""
        try:
            response = self._open(order.url, {"Range": f"bytes={have}-"} if have else {})
        except urllib.error.HTTPError as error:
            if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                order.part.unlink(missing_ok=True)
            elif error.code not in PASSING:
                raise FetchError(f"cannot fetch {order.name} from {public(order.url)}: {_why(error)}") from error
            return _why(error)
        except (OSError, http.client.HTTPException) as error:
            return _why(error)
        with response:
            have, total = _extent(response, have)
            if total == 0 or (order.bytes and total != order.bytes):
                raise FetchError(
                    f"cannot fetch {order.name} from {public(order.url)}: the server offers {total} bytes, "
                    f"{order.bytes or 'some'} were expected; is a log-in page or a wrong mirror in between?"
                )
            return _copy(response, order, (have, total), progress)

    def _open(self, url: str, headers: dict[str, str], method: str = "GET") -> Any:
        bare, login = _login(url)
        request = urllib.request.Request(bare, headers={"User-Agent": "clara-edge", **headers}, method=method)  # noqa: S310 -- hash-checked
        if login:
            request.add_unredirected_header("Authorization", login)
        return self._opener.open(request, timeout=self._timeout_s)


def public(url: str) -> str:
    """The address without a password in it, for messages."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def prove(path: Path, sha256: str, name: str) -> None:
    """Check a file's hash; an empty `sha256` leaves nothing to check.

    Raises:
        HashError: it is another file; it is taken off the disk.
    """
    if sha256 and (got := digest(path)) != sha256:
        path.unlink()
        raise HashError(f"{name} is not the file it should be, so it is not kept: sha256 expected {sha256}, got {got}")


def _copy(response: Any, order: Order, extent: tuple[int, int], progress: Progress) -> str:
    have, total = extent
    with order.part.open("ab" if have else "wb") as target:
        progress(order.name, have, total)
        while have < total:
            try:
                chunk = response.read(min(CHUNK, total - have))
            except (OSError, http.client.HTTPException) as error:
                return _why(error)
            if not chunk:
                return "the connection ended early"
            target.write(chunk)
            have += len(chunk)
            progress(order.name, have, total)
    return ""


def _extent(response: Any, have: int) -> tuple[int, int]:
    """Where the answer begins and how long the whole file is; a server that ignores ranges begins at 0."""
    if response.status == http.HTTPStatus.PARTIAL_CONTENT:
        found = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", "").strip())
        if found and int(found.group(1)) == have:
            return have, int(found.group(2))
        return 0, 0
    return 0, int(response.headers.get("Content-Length") or 0)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _why(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        return f"the server says {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__


def _login(url: str) -> tuple[str, str]:
    """The address without a log-in, and the header for it, from the address itself or from ~/.netrc."""
    parts = urlsplit(url)
    user, password = parts.username or "", parts.password or ""
    if not user and parts.hostname:
        try:
            entry = netrc.netrc().authenticators(parts.hostname)
        except (OSError, netrc.NetrcParseError):
            entry = None
        user, password = (entry[0], entry[2]) if entry else ("", "")
    if not user:
        return url, ""
    token = base64.b64encode(f"{unquote(user)}:{unquote(password)}".encode()).decode()
    return public(url), f"Basic {token}"


def _trust(bundles: Sequence[str]) -> ssl.SSLContext:
    """The system's certificates, those named, and certifi's where the system has none (a slim container)."""
    context = ssl.create_default_context()
    for bundle in bundles:
        if Path(bundle).exists():
            context.load_verify_locations(**{"cafile" if Path(bundle).is_file() else "capath": bundle})
    try:
        import certifi
    except ImportError:
        return context
    context.load_verify_locations(certifi.where())
    return context

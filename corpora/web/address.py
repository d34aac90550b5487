"""Addresses on the web: which may be asked, and where they lead."""

import asyncio
import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from corpora.errors import FetchError

TAVILY = "https://api.tavily.com"
"""Where the search listens when the settings name no other."""
LONGEST = 2_000
"""Characters of an address."""
PORTS = {"http": 80, "https": 443}


def checked(url: str) -> SplitResult:
    """Take an address apart. Raises `FetchError` for one that is no plain web address."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise FetchError(f"{shown(url)}: is no web address ({error})") from error
    if parts.scheme not in PORTS or not parts.hostname or port == 0:
        raise FetchError(f"{shown(url)}: is no web address; only http and https are fetched")
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise FetchError(f"{shown(url)}: is too long for a web address, or has characters that it may not have")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"{shown(parts.hostname)}: an address with a password in it is not fetched")
    return parts


def shown(url: str) -> str:
    """Give an address as an error names it: short, without control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in url[:200])


def origin(parts: SplitResult) -> str:
    """Give the server that an address is on: "https://example.com:8443"."""
    return f"{parts.scheme}://{parts.netloc}"


async def reached(parts: SplitResult, *, private: bool) -> list[str]:
    """Look up where an address leads, best first.

    Args:
        parts: The address.
        private: May it lead into the box's own network, or to the box itself?

    Raises:
        FetchError: It is not found, or leads where it may not.
    """
    host = parts.hostname or ""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host, parts.port or PORTS[parts.scheme], type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{shown(host)}: is not found ({error})", passing=True) from error
    addresses = list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))
    if not private and (inside := [address for address in addresses if not is_public(address)]):
        raise FetchError(
            f"{shown(host)}: leads into this box's own network ({inside[0]}); "
            "manuals.private = true in the settings allows that"
        )
    return addresses


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None and not inner.is_global:
            return False
        ip = ip.ipv4_mapped or ip
    return ip.is_global and not ip.is_multicast

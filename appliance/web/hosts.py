"""Which Host and Origin a request may carry: the guard against DNS rebinding and foreign pages."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit


def host_allowed(header: str, bound: str, names: Collection[str] = ()) -> bool:
    """May a request name `header` as its Host, on a server bound to `bound` that is also called `names`?

    On loopback only loopback is. Elsewhere any address is, because rebinding needs a name, and the box's own names.
    """
    name = host_of(header)
    if not name:
        return False
    address = address_of(name)
    if bound_to_loopback(bound):
        return name in {"localhost", bound.lower()} or (address is not None and address.is_loopback)
    return address is not None or name in {"localhost", bound.lower(), *(known.lower() for known in names)}


def origin_allowed(origin: str | None, host: str) -> bool:
    """May a page from `origin` (the Origin header) call a server that it names `host`? None: no browser asks."""
    return origin is None or urlsplit(origin).netloc.lower() == host.lower()


def bound_to_loopback(bound: str) -> bool:
    """Does a server on this host name or address hear this machine alone?"""
    address = address_of(bound)
    return bound.lower() == "localhost" or (address is not None and address.is_loopback)


def host_of(header: str) -> str:
    """The name or address in a Host header, lower case, without port; empty when it is no host."""
    try:
        parts = urlsplit(f"//{header}")
        _ = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".") if parts.netloc == header and "@" not in header else ""


def address_of(name: str) -> IPv4Address | IPv6Address | None:
    """The IP address that a name spells, or None."""
    try:
        return ip_address(name)
    except ValueError:
        return None

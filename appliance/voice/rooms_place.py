"""Where the LiveKit server is, with which keys, and the file that configures it.

Decisions:
- Keys are made at the first use and lie in `rooms/keys.json` in the data folder, mode 0600; keys in the settings go
  before them. With `keys.livekit_url` set the box runs no server and uses that one.
- Nothing calls the internet: `use_external_ip` is off, and the only STUN server that the server may ask, or tell its
  clients to ask, is its own port; left alone it would name Google's.
- A box in several networks offers all its addresses, unless the settings name one: only the phone knows which it sees.
- A box that listens on loopback alone takes sound on loopback alone.
"""

import contextlib
import json
import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from fcntl import ioctl
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from appliance.settings import Settings
from appliance.voice.errors import RoomError

FOLDER = "rooms"
"""In the data folder: keys, configuration, the server's journal."""
SIOCGIFADDR = 0x8915
"""Asks Linux for an interface's address; netdevice(7)."""
EMPTY_S, LEFT_S, MOST = 60, 20, 12
"""Seconds that a room waits for its first guest, that it outlives its last, and its greatest number of guests."""


@dataclass(frozen=True, slots=True)
class Place:
    """A LiveKit server and the keys to it."""

    inside: str
    """http:// address for the box itself."""
    outside: str
    """ws:// or wss:// address for phones."""
    key: str
    secret: str
    host: str
    """Address that it listens on."""
    node: str
    """Address at which phones reach it."""
    own: bool
    """The box runs it."""


def place(settings: Settings, host: str = "") -> Place:
    """Give the server of the settings; `host`: the page's address, where the settings name none for the server.

    Raises:
        RoomError: the keys cannot be read or made.
    """
    rooms, given = settings.rooms, settings.keys
    key, secret = keys(settings)
    if given.livekit_url:
        parts = urlsplit(given.livekit_url)
        if parts.scheme not in {"http", "https", "ws", "wss"} or not parts.hostname:
            raise RoomError(f"keys.livekit_url is no address such as wss://host: {given.livekit_url!r}")
        secure, rest = parts.scheme in {"https", "wss"}, f"://{parts.netloc}{parts.path}"
        outside = rooms.url or ("wss" if secure else "ws") + rest
        return Place(("https" if secure else "http") + rest, outside, key, secret, "", "", own=False)
    host = rooms.host or host or settings.web.host
    node = rooms.node_ip or (address() if wildcard(host) else numeric(host))
    here = "127.0.0.1" if wildcard(host) else numeric(host)
    outside = rooms.url or f"ws://{bracketed(node)}:{rooms.port}"
    return Place(f"http://{bracketed(here)}:{rooms.port}", outside, key, secret, host, node, own=True)


def keys(settings: Settings) -> tuple[str, str]:
    """Give key and secret, made at the first use. Raises `RoomError`."""
    given = settings.keys
    key, secret = given.livekit_key.get_secret_value(), given.livekit_secret.get_secret_value()
    if key and secret:
        return key, secret
    if key or secret or given.livekit_url:
        raise RoomError("keys.livekit_key and keys.livekit_secret belong together: set both, or neither and no URL")
    path = settings.place.data / FOLDER / "keys.json"
    try:
        if not path.exists():
            make(path, f"clara{secrets.token_hex(4)}", secrets.token_urlsafe(36))
        ((key, secret),) = json.loads(path.read_text(encoding="ascii")).items()
    except (OSError, ValueError, AttributeError) as error:
        raise RoomError(f"cannot use {path}: {error}; remove it and start again, it is made anew") from error
    return str(key), str(secret)


def make(path: Path, key: str, secret: str) -> None:
    """Write new keys, whole or not at all; of two first starts at once one makes them. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(f".{os.getpid()}")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:  # noqa: PTH123 - the mode must be right from the start
            json.dump({key: secret}, file)
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        fresh.unlink(missing_ok=True)


def configuration(settings: Settings, where: Place, hook: str) -> dict[str, Any]:
    """Give the configuration of the box's own server; `hook`: address that gets its webhooks."""
    rooms, alone = settings.rooms, loopback(where.host)
    rtc: dict[str, Any] = {
        "tcp_port": rooms.tcp_port,
        "udp_port": rooms.udp_port,
        "use_external_ip": False,
        "enable_loopback_candidate": alone,
        "stun_servers": [f"{bracketed(where.node)}:{rooms.udp_port}"],
    }
    if rooms.node_ip or not wildcard(where.host) or where.node == "127.0.0.1":
        rtc["node_ip"] = where.node
    if alone:
        rtc["interfaces"] = {"includes": ["lo"]}
    return {
        "port": rooms.port,
        "bind_addresses": sorted({where.host, "127.0.0.1"} if not wildcard(where.host) else {""}),
        "rtc": rtc,
        "room": {
            "auto_create": True,
            "empty_timeout": EMPTY_S,
            "departure_timeout": LEFT_S,
            "max_participants": MOST,
            "enabled_codecs": [{"mime": "audio/opus"}, {"mime": "audio/red"}],
            "enable_remote_unmute": False,
        },
        "turn": {"enabled": False},
        "webhook": {"api_key": where.key, "urls": [hook]},
        "logging": {"level": "info", "json": False, "pion_level": "error"},
    }


def program(settings: Settings) -> Path | None:
    """Find the livekit-server program."""
    if settings.rooms.server is not None:
        return settings.rooms.server if os.access(settings.rooms.server, os.X_OK) else None
    beside = (settings.place.data / "bin" / "livekit-server", Path.home() / "go" / "bin" / "livekit-server")
    found = shutil.which("livekit-server") or next((str(path) for path in beside if os.access(path, os.X_OK)), None)
    return Path(found) if found else None


def address() -> str:
    """Give this machine's IPv4 address in its network; loopback when it has none. No packet is sent.

    That of the default route, else the first of an interface: a box that is its own Wi-Fi has no route elsewhere.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        with contextlib.suppress(OSError):
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        for _, name in socket.if_nameindex():
            with contextlib.suppress(OSError):  # an interface without an address
                found = ioctl(probe, SIOCGIFADDR, name.encode()[:15].ljust(256, b"\0"))
                if not ip_address(found[20:24]).is_loopback:
                    return str(ip_address(found[20:24]))
    return "127.0.0.1"


def numeric(host: str) -> str:
    """Give a host name's address. Raises `RoomError`."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.gethostbyname(host)
    except OSError as error:
        raise RoomError(f"rooms.host: {host!r} has no address: {error}") from error


def wildcard(host: str) -> bool:
    """Does this mean every address?"""
    return host in {"", "0.0.0.0", "::"}  # noqa: S104 - compared, not bound


def loopback(host: str) -> bool:
    """Does this mean this machine alone?"""
    return not wildcard(host) and ip_address(numeric(host)).is_loopback


def bracketed(host: str) -> str:
    """As an address stands in a URL."""
    return f"[{host}]" if ":" in host else host

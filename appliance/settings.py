"""The owner's wishes: one TOML file, a few environment names, defaults under each field.

Absent file: defaults. Unknown key: refused by name. Secrets print masked. What wins, strongest first: an environment
variable, a systemd credential (`$CREDENTIALS_DIRECTORY/gemini.key`), the file, the default.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError


class SettingsError(Exception):
    """The settings file or an environment variable is wrong; the message names the key."""


class Section(BaseModel):
    """A group of settings that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def at_home(path: Path) -> Path:
    """Let an owner write `~/clara`."""
    return path.expanduser()


def an_address(url: str) -> str:
    """Refuse what is no address of a server. Raises ValueError."""
    parts = urlsplit(url)
    if url and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0):
        raise ValueError(f"{url!r} is no address such as https://host:port")
    return url


HomePath = Annotated[Path, AfterValidator(at_home)]


class Place(Section):
    """Where things lie."""

    data: HomePath = Field(default_factory=lambda: user_data_path("clara"))
    """Everything this box writes: models, index, databases."""
    specs: HomePath | None = None
    """A further folder of equipment spec files (JSON), loaded beside the shipped ones."""


class Policy(Section):
    """Online or not, as the owner wants it."""

    cloud: bool = True
    """May Gemini be asked when there is a key and a link?"""
    web: bool = True
    """May manuals be looked for on the web when there is a key and a link?"""
    metered: bool = False
    """Does the link cost by the byte? Then cloud and web are left alone."""


class Gemini(Section):
    """The online language model."""

    key: SecretStr = SecretStr("")
    """Empty: never asked."""
    model: str = "gemini-3.8-flash"
    base_url: Annotated[str, AfterValidator(an_address)] = ""
    """Empty: the provider's own."""
    budget_ms: int = Field(default=700, gt=0)
    """Time to its first useful token before the next rung overtakes."""
    search: bool = False
    """May Gemini search the web with Google for what no source on the box answers? The question alone is sent."""


class Local(Section):
    """The language model on the box."""

    enabled: bool = True
    threads: int = Field(default=0, ge=0)
    """0: all but one of the cores; llama.cpp's threads wait for each other, and a busy core halves their speed."""
    budget_ms: int = Field(default=700, gt=0)
    """Time to its first useful token before the extractive composer overtakes."""


class Speech(Section):
    """How the box speaks."""

    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    """1.0 is normal."""


class Voice(Section):
    """Conversation by the box's own microphone and speaker."""

    record: tuple[str, ...] = ()
    """Program with its arguments that writes sound (int16, mono, 16 kHz) to its standard output; empty: arecord."""
    play: tuple[str, ...] = ()
    """Program with its arguments that plays sound (int16, mono, 24 kHz) from its standard input; empty: aplay."""


class Trace(Section):
    """Who is told why turns take as long as they do."""

    collector: Annotated[str, AfterValidator(an_address)] = ""
    """Address that takes OpenTelemetry spans over HTTP, such as http://127.0.0.1:4318/v1/traces; empty: nobody."""


class Web(Section):
    """The page and the API."""

    host: str = "127.0.0.1"
    port: int = Field(default=8707, ge=0, le=65535)
    """0: any free port."""
    paired: Literal["elsewhere", "always"] = "elsewhere"
    """Who must show a paired device: callers of a page that listens beyond this machine, or everybody, which is right
    when a front proxy stands before a page on loopback."""
    pairing_days: int = Field(default=180, gt=0)
    """How long a paired device is good."""
    tls: bool = False
    """Serve by TLS under the box's own authority: browsers give a microphone only so, or on this machine."""
    plain_port: int = Field(default=8708, ge=0, le=65535)
    """With TLS: where http is led to https, and a phone fetches what makes it trust the box. 0: any free port."""


class Rooms(Section):
    """Conversations over WebRTC, through a LiveKit server that the box runs itself."""

    enabled: bool = False
    server: HomePath | None = None
    """The livekit-server program; empty: found on PATH, or in ~/go/bin."""
    host: str = ""
    """Address it listens on; empty: the page's."""
    url: str = ""
    """What phones connect to, such as wss://clara.local/rooms behind a front proxy; empty: ws:// and its address."""
    port: int = Field(default=7880, gt=0, le=65535)
    """Signalling, TCP."""
    tcp_port: int = Field(default=7881, gt=0, le=65535)
    """Sound where UDP is blocked."""
    udp_port: int = Field(default=7882, gt=0, le=65535)
    """Sound."""
    node_ip: str = ""
    """The address at which phones reach the box; empty: found out, and sound may take any of its addresses."""


class Person(Section):
    """Who asks, when nobody says so."""

    name: str = "technician"
    skill: Literal["beginner", "intermediate", "expert"] = "intermediate"


class Manuals(Section):
    """Manuals from the web; the keys stand under `keys`."""

    tavily_url: Annotated[str, AfterValidator(an_address)] = ""
    firecrawl_url: Annotated[str, AfterValidator(an_address)] = ""
    """Empty: the provider's own."""
    private: bool = False
    """May a manual be fetched from an address inside the box's own network?"""


class Keys(Section):
    """Keys of providers."""

    tavily: SecretStr = SecretStr("")
    firecrawl: SecretStr = SecretStr("")
    google_maps: SecretStr = SecretStr("")
    livekit_url: str = ""
    livekit_key: SecretStr = SecretStr("")
    livekit_secret: SecretStr = SecretStr("")


class Settings(Section):
    """All of it."""

    place: Place = Field(default_factory=Place)
    policy: Policy = Field(default_factory=Policy)
    gemini: Gemini = Field(default_factory=Gemini)
    local: Local = Field(default_factory=Local)
    speech: Speech = Field(default_factory=Speech)
    voice: Voice = Field(default_factory=Voice)
    trace: Trace = Field(default_factory=Trace)
    web: Web = Field(default_factory=Web)
    rooms: Rooms = Field(default_factory=Rooms)
    person: Person = Field(default_factory=Person)
    manuals: Manuals = Field(default_factory=Manuals)
    keys: Keys = Field(default_factory=Keys)


ENVIRONMENT: Mapping[str, tuple[str, str]] = {
    "CLARA_DATA": ("place", "data"),
    "CLARA_SPECS": ("place", "specs"),
    "GEMINI_API_KEY": ("gemini", "key"),
    "GOOGLE_API_KEY": ("gemini", "key"),
    "GOOGLE_GEMINI_BASE_URL": ("gemini", "base_url"),
    "TAVILY_API_KEY": ("keys", "tavily"),
    "FIRECRAWL_API_KEY": ("keys", "firecrawl"),
    "TAVILY_BASE_URL": ("manuals", "tavily_url"),
    "FIRECRAWL_API_URL": ("manuals", "firecrawl_url"),
    "GOOGLE_MAPS_API_KEY": ("keys", "google_maps"),
    "LIVEKIT_URL": ("keys", "livekit_url"),
    "LIVEKIT_API_KEY": ("keys", "livekit_key"),
    "LIVEKIT_API_SECRET": ("keys", "livekit_secret"),
}
"""Environment name to setting; those without CLARA_ are the names of the system we replace. Of two names for one
setting the later wins."""


@dataclass(frozen=True, slots=True)
class Given:
    """One thing somebody set, before it is checked."""

    section: str
    key: str
    value: Any
    origin: str
    """Where it was set, for people: "$GOOGLE_API_KEY", "/etc/clara/clara.toml"."""


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `path` (default `$CLARA_SETTINGS`, else `/etc/clara/clara.toml`) and the environment.

    Raises:
        SettingsError: the file is not TOML, a key is unknown, or a value has the wrong type.
    """
    settings, _ = trace(path, environment)
    return settings


def trace(path: Path | None = None, environment: Mapping[str, str] | None = None) -> tuple[Settings, dict[str, str]]:
    """Read the settings as `load` does, and give for each one that somebody set ("gemini.key") where that was.

    Raises:
        SettingsError: as `load`.
    """
    environment = os.environ if environment is None else environment
    givens = [*from_file(path, environment), *from_credentials(environment), *from_environment(environment)]
    tree: dict[str, Any] = {}
    for given in givens:
        tree.setdefault(given.section, {})[given.key] = given.value
    origins = {f"{given.section}.{given.key}": given.origin for given in givens}
    try:
        return Settings.model_validate(tree), origins
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        origin = origins.get(".".join(str(part) for part in first["loc"][:2])) or next(
            given.origin for given in givens if given.section == first["loc"][0]
        )
        if first["type"] == "extra_forbidden":
            raise SettingsError(f"unknown setting {where} in {origin}") from error
        raise SettingsError(f"setting {where} in {origin}: {first['msg'].lower()}") from error


def from_file(path: Path | None, environment: Mapping[str, str]) -> Iterator[Given]:
    """What the TOML file sets; nothing when nobody asked for a file and the usual one is absent."""
    chosen = path or Path(environment.get("CLARA_SETTINGS") or "/etc/clara/clara.toml")
    try:
        tree = tomllib.loads(chosen.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        if path or environment.get("CLARA_SETTINGS"):
            raise SettingsError(f"no settings file at {chosen}") from error
        return
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read settings {chosen}: {error}") from error
    for section, keys in tree.items():
        if section not in Settings.model_fields:
            raise SettingsError(f"unknown setting {section} in {chosen}")
        if not isinstance(keys, dict):
            raise SettingsError(f"setting {section} in {chosen}: must be a table, written [{section}]")
        for key, value in keys.items():
            yield Given(section, key, value, str(chosen))


def from_credentials(environment: Mapping[str, str]) -> Iterator[Given]:
    """What systemd hands over (LoadCredential=gemini.key:…): a file per secret, named section.key."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return
    for section, model in Settings.model_fields.items():
        assert isinstance(model.annotation, type)
        assert issubclass(model.annotation, Section)
        for key, field in model.annotation.model_fields.items():
            place = Path(folder) / f"{section}.{key}"
            if field.annotation is SecretStr and place.is_file():
                try:
                    yield Given(section, key, place.read_text(encoding="utf-8").strip(), f"credential {place.name}")
                except (OSError, UnicodeDecodeError) as error:
                    raise SettingsError(f"cannot read credential {place}: {error}") from error


def from_environment(environment: Mapping[str, str]) -> Iterator[Given]:
    """What environment variables set; an empty one sets nothing."""
    for name, (section, key) in ENVIRONMENT.items():
        if value := environment.get(name):
            yield Given(section, key, value, f"${name}")

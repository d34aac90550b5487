"""The owner's wishes: one TOML file, a few environment names, defaults under each field.

Absent file: defaults. Unknown key: refused by name. Secrets print masked.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError


class SettingsError(Exception):
    """The settings file or an environment variable is wrong; the message names the key."""


class Section(BaseModel):
    """A group of settings that refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Place(Section):
    """Where things lie."""

    data: Path = Field(default_factory=lambda: user_data_path("clara"))
    """Everything this box writes: models, index, databases."""
    specs: Path | None = None
    """A further folder of equipment spec files (JSON), loaded beside the shipped ones."""


class Policy(Section):
    """Online or not, as the owner wants it."""

    cloud: bool = True
    """May Gemini be asked when there is a key and a link?"""
    metered: bool = False
    """Does the link cost by the byte? Then the cloud is left alone."""


class Gemini(Section):
    """The online language model."""

    key: SecretStr = SecretStr("")
    """Empty: never asked."""
    model: str = "gemini-3.8-flash"
    base_url: str = ""
    """Empty: the provider's own."""
    budget_ms: int = 700
    """Time to its first useful token before the next rung overtakes."""


class Local(Section):
    """The language model on the box."""

    enabled: bool = True
    threads: int = 0
    """0: as many as the machine has cores."""
    budget_ms: int = 700
    """Time to its first useful token before the extractive composer overtakes."""


class Speech(Section):
    """How the box speaks."""

    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    """1.0 is normal."""


class Web(Section):
    """The page and the API."""

    host: str = "127.0.0.1"
    port: int = Field(default=8707, ge=0, le=65535)
    """0: any free port."""


class Person(Section):
    """Who asks, when nobody says so."""

    name: str = "technician"
    skill: Literal["beginner", "intermediate", "expert"] = "intermediate"


class Keys(Section):
    """Keys of providers, kept for the rooms that come to use them."""

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
    web: Web = Field(default_factory=Web)
    person: Person = Field(default_factory=Person)
    keys: Keys = Field(default_factory=Keys)


ENVIRONMENT: Mapping[str, tuple[str, str]] = {
    "CLARA_DATA": ("place", "data"),
    "CLARA_SPECS": ("place", "specs"),
    "GOOGLE_API_KEY": ("gemini", "key"),
    "GEMINI_API_KEY": ("gemini", "key"),
    "GOOGLE_GEMINI_BASE_URL": ("gemini", "base_url"),
    "TAVILY_API_KEY": ("keys", "tavily"),
    "FIRECRAWL_API_KEY": ("keys", "firecrawl"),
    "GOOGLE_MAPS_API_KEY": ("keys", "google_maps"),
    "LIVEKIT_URL": ("keys", "livekit_url"),
    "LIVEKIT_API_KEY": ("keys", "livekit_key"),
    "LIVEKIT_API_SECRET": ("keys", "livekit_secret"),
}
"""Environment name to setting; those without CLARA_ are the names of the system we replace. They win over the file."""


def load(path: Path | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings from `path` (default `$CLARA_SETTINGS`, else `/etc/clara/clara.toml`) and the environment.

    Raises:
        SettingsError: the file is not TOML, a key is unknown, or a value has the wrong type.
    """
    environment = os.environ if environment is None else environment
    chosen = path or Path(environment.get("CLARA_SETTINGS", "/etc/clara/clara.toml"))
    asked_for = path is not None or "CLARA_SETTINGS" in environment
    tree: dict[str, Any] = {}
    try:
        tree = tomllib.loads(chosen.read_text())
    except FileNotFoundError as error:
        if asked_for:
            raise SettingsError(f"no settings file at {chosen}") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"cannot read settings {chosen}: {error}") from error
    for name, (section, key) in ENVIRONMENT.items():
        if value := environment.get(name):
            tree[section] = {**tree.get(section, {}), key: value}
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(f"setting {where} in {chosen}: {first['msg'].lower()}") from error

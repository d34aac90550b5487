"""Where this machine gets Python packages from, read from the settings of uv and pip.

Only what is needed to find one file is read: index addresses, folders of wheels, certificate bundles, proxy. Which
of them answers does not matter for safety, since every file is checked against the catalogue's hash.
"""

import configparser
import os
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from models.errors import FetchError

PYPI = "https://pypi.org/simple"


@dataclass(frozen=True, slots=True)
class Index:
    """Where to look for a package, in order."""

    urls: tuple[str, ...]
    """Simple-API roots (PEP 503 and 691); empty when the machine forbids indexes."""
    links: tuple[str, ...]
    """Folders or pages with wheels, looked at first."""
    bundles: tuple[str, ...]
    """Certificate files to trust beside the system's own."""
    proxy: str
    """Empty: the usual proxy variables decide."""


def configured(environment: Mapping[str, str] | None = None, files: Iterable[Path] | None = None) -> Index:
    """Read the machine's package settings; variables win over files, uv's over pip's, PyPI stands in for none.

    Args:
        environment: Variables; default those of this process.
        files: Settings files, the most particular first; default the places where uv and pip look.

    Raises:
        FetchError: a settings file cannot be read.
    """
    environment = os.environ if environment is None else environment
    files = _files(environment) if files is None else files
    layers = [_variables(environment, "UV_"), _variables(environment, "PIP_"), *(_read(path) for path in files)]
    first = {key: next((layer[key] for layer in layers if layer.get(key)), []) for key in ("index", "proxy", "closed")}
    extra = [url for layer in layers for url in layer.get("extra", [])]
    links = [link for layer in layers for link in layer.get("links", [])]
    bundles = [bundle for layer in layers for bundle in layer.get("cert", [])]
    bundles += [environment[name] for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE") if environment.get(name)]
    urls = [] if first["closed"] else [*extra, *(first["index"] or [PYPI])]
    return Index(_unique(urls), _unique(links), _unique(bundles), "".join(first["proxy"][:1]))


def _unique(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _files(environment: Mapping[str, str]) -> list[Path]:
    """Settings files of uv and pip, as their documentation lists them for Linux."""
    home = Path(environment.get("HOME") or Path.home())
    config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    uv = [config / "uv/uv.toml", Path("/etc/uv/uv.toml")]
    if "UV_CONFIG_FILE" in environment:
        uv = [Path(environment["UV_CONFIG_FILE"])]
    pip = [Path(sys.prefix) / "pip.conf", config / "pip/pip.conf", home / ".pip/pip.conf", Path("/etc/pip.conf")]
    if "PIP_CONFIG_FILE" in environment:
        pip = [Path(environment["PIP_CONFIG_FILE"])]
    return [path for path in (*uv, *pip) if path.is_file()]


def _variables(environment: Mapping[str, str], prefix: str) -> dict[str, list[str]]:
    def words(*names: str) -> list[str]:
        return [_bare(word) for name in names for word in environment.get(prefix + name, "").split()]

    return {
        "index": words("DEFAULT_INDEX", "INDEX_URL")[:1],
        "extra": words("INDEX", "EXTRA_INDEX_URL"),
        "links": words("FIND_LINKS"),
        "cert": words("CERT"),
        "proxy": words("PROXY"),
        "closed": [word for word in words("NO_INDEX") if word.lower() not in {"0", "no", "false", "off"}],
    }


def _bare(word: str) -> str:
    """The address of uv's `name=address`."""
    name, mark, url = word.partition("=")
    return url if mark and name.replace("-", "").replace("_", "").isalnum() else word


def _read(path: Path) -> dict[str, list[str]]:
    try:
        text = path.read_text(encoding="utf-8")
        return _uv(tomllib.loads(text)) if path.suffix == ".toml" else _pip(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, configparser.Error) as error:
        raise FetchError(f"cannot read the package settings {path}: {error}") from error


def _uv(tree: Mapping[str, Any]) -> dict[str, list[str]]:
    table = tree.get("index", [])
    return {
        "index": [row["url"] for row in table if row.get("default")] or [*_listed(tree, "index-url")],
        "extra": [row["url"] for row in table if not row.get("default")] + _listed(tree, "extra-index-url"),
        "links": _listed(tree, "find-links"),
        "closed": ["true"] if tree.get("no-index") else [],
    }


def _listed(tree: Mapping[str, Any], key: str) -> list[str]:
    value = tree.get(key, [])
    return [value] if isinstance(value, str) else list(value)


def _pip(text: str) -> dict[str, list[str]]:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(text)
    keys = {"index": "index-url", "extra": "extra-index-url", "links": "find-links", "cert": "cert", "proxy": "proxy"}
    found = {
        ours: [word for name in ("download", "install", "global") for word in _words(parser, name, theirs)]
        for ours, theirs in keys.items()
    }
    closed = [word for name in ("download", "install", "global") for word in _words(parser, name, "no-index")]
    found["closed"] = [word for word in closed if word.lower() not in {"0", "no", "false", "off"}]
    return found


def _words(parser: configparser.ConfigParser, section: str, key: str) -> list[str]:
    for name in (key, key.replace("-", "_")):
        if parser.has_option(section, name):
            return parser.get(section, name).split()
    return []

"""Packs for tests: small folders of texts, packed and signed."""

import json
from pathlib import Path

from corpora.packs import bundle, passages, signing
from corpora.packs.manifest import Manifest
from corpora.passage import Passage

DIGEST = """+++
title = "Tank care"
system = "water tank"
source = "a guide"
+++
# Tank

Look at the tank quarterly.

## Heater

The heater is checked daily in cold weather.
"""
ROW = """
[[row]]
id = "tank-look"
subject = "tank-look"
system = "water tank"
component = "tank"
activity = "inspection"
kind = "interval"
interval = { count = 3, unit = "month" }
standard = "NFPA 25"
edition = "2017"
statement = "The tank is inspected quarterly (every 3 months)."
confidence = "V2"
source = "a guide"
aliases = ["look at the tank"]
"""
SPEC = {
    "maker": "Acme",
    "model": "T-100",
    "category": "fire pump",
    "product": "tank pump",
    "values": [{"name": "amp draw", "value": 12, "unit": "A", "source": "a datasheet"}],
}
PASSAGE = Passage(
    id="acme/t-100/1", pack="acme", document="T-100 manual", edition="rev. C", heading=("Wiring",), section="3.1",
    page=12, system="fire pump", text="Torque the lugs to 35 in-lb.", box=(72.0, 90.0, 300.0, 110.0), links=("4.2",),
)  # fmt: skip


def folder(place: Path, version: str = "1.0", name: str = "acme") -> Path:
    """Write a pack's folder with one thing of each kind."""
    write(place / "pack.toml", f'id = "{name}"\ntitle = "Acme tanks"\nversion = "{version}"\nlicence = "GPL-3.0"\n')
    write(place / "digests" / "tank.md", DIGEST)
    write(place / "requirements" / "tank.toml", ROW)
    write(place / "specs" / "acme.json", json.dumps({"models": [SPEC]}))
    write(place / "questions" / "requirements" / "tank.toml", '"tank-look" = ["When do I look at the tank?"]\n')
    write(place / "questions" / "passages" / "tank.toml", '"tank/tank/1" = ["How often the tank?"]\n')
    (place / "passages").mkdir(exist_ok=True)
    passages.write(place / "passages" / "t-100.jsonl", [PASSAGE], name)
    return place


def write(path: Path, text: str) -> Path:
    """Write a text, making the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def alter(path: Path, old: str, new: str) -> None:
    """Put one text in another's place."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def packed(place: Path, out: Path, against: Manifest | None = None) -> tuple[Path, Manifest]:
    """Pack a folder."""
    manifest = bundle.described(place)
    bundle.write(place, manifest, out, against)
    return out, manifest


def signed(place: Path, out: Path, key: Path, against: Manifest | None = None) -> tuple[Path, Manifest]:
    """Pack a folder and sign it with an open key."""
    path, manifest = packed(place, out, against)
    signing.sign(path, manifest, key, "")
    return path, manifest

"""What is known of the things on a site: where they are, what they are, what was read on them, what is wrong."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from appliance.field.customer import day
from sync.reader import Records
from sync.records import Asset, Site


@dataclass(frozen=True, slots=True)
class Told:
    """One thing known of one asset."""

    asset: Asset
    text: str
    """A full sentence."""


def _where(asset: Asset, site: Site, _records: Records) -> list[str]:
    return [f"The {asset.name} at {site.name} is in the {asset.location}."] if asset.location else []


def _make(asset: Asset, site: Site, _records: Records) -> list[str]:
    named = " ".join(part for part in (asset.manufacturer, asset.model) if part)
    serial = f", serial number {asset.serial}" if asset.serial else ""
    return [f"The {asset.name} at {site.name} is a {named}{serial}."] if named else []


def _installed(asset: Asset, site: Site, _records: Records) -> list[str]:
    return [f"The {asset.name} at {site.name} was installed on {day(asset.installed)}."] if asset.installed else []


def _read(asset: Asset, site: Site, records: Records) -> list[str]:
    latest = {reading.what: reading for reading in records.readings(asset.id)}
    return [
        f"The last {one.what} of the {asset.name} at {site.name} was {one.value:g} {one.unit} on {day(one.at.date())}."
        for one in latest.values()
    ]


def _wrong(asset: Asset, site: Site, records: Records) -> list[str]:
    found = [one for one in records.deficiencies(site.id) if one.asset_id == asset.id and one.status == "new"]
    return [
        f"Open on the {asset.name} at {site.name} since {day(one.at.date())}: {one.description.rstrip('.')}."
        for one in found
    ]


ASPECTS: tuple[tuple[re.Pattern[str], Callable[[Asset, Site, Records], list[str]]], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), tell)
    for pattern, tell in (
        (r"\bdeficien|\bopen (?:issue|problem|finding)|\bwhat(?:'s| is) wrong|\bfindings?\b", _wrong),
        (r"\blast (?:\w+ ){0,3}(?:reading|pressure|flow|voltage|static|residual)|\breadings?\b|\bread last\b", _read),
        (r"\bwhere(?:'s| is| are| do I find)\b|\blocation\b|\bwhich (?:room|floor|level)\b", _where),
        (r"\bmake\b|\bmodel\b|\bmanufacturer\b|\bserial\b|\bwho made\b|\bbrand\b", _make),
        (r"\binstalled\b|\bhow old\b|\bwhen was\b.{0,40}\bput in\b", _installed),
    )
)
"""What may be asked of an asset, by how it is asked."""


def tell(text: str, site: Site, chosen: list[Asset], records: Records) -> list[Told]:
    """Say of the chosen assets what `text` asks for."""
    for pattern, aspect in ASPECTS:
        if pattern.search(text):
            return [Told(asset, sentence) for asset in chosen for sentence in aspect(asset, site, records)]
    return []


def asks(text: str) -> bool:
    """Tell whether a question asks for something that assets have."""
    return any(pattern.search(text) for pattern, _ in ASPECTS)

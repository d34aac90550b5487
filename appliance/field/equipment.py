"""What is known of the things on a site: where they are, what they are, what was read on them, what is wrong."""

from appliance.field.line import Line, day
from sync.reader import Records
from sync.records import Asset, Site


def lines(asset: Asset, site: Site, records: Records) -> list[Line]:
    """Give all that is known of an asset but its due dates."""
    what, names = f"The {asset.name} at {site.name}", called(asset)
    told: list[tuple[str, str]] = []
    if asset.location:
        told.append(("asset_location", f"{what} is in the {asset.location}."))
    if make := " ".join(part for part in (asset.manufacturer, asset.model) if part):
        told.append(("asset_make", f"{what} is a {make}."))
    if asset.serial:
        told.append(("asset_serial", f"{what} has the serial number {asset.serial}."))
    if asset.installed:
        told.append(("asset_installed", f"{what} was installed on {day(asset.installed)}."))
    for name, value in asset.attributes.items():
        told.append(("asset_quantity" if name == "quantity" else "asset_attribute", f"{what} has {name} {value}."))
    told += [("asset_attribute", asset.notes)] if asset.notes else []
    return [
        *(Line(field, text, names, asset) for field, text in told),
        *_readings(asset, site, records, names),
        *_deficiencies(asset, site, records, names),
    ]


def called(asset: Asset) -> str:
    """Give all names of an asset; its system is none of them, since others are of it as well."""
    return ", ".join((asset.name, asset.component, *asset.aliases))


def _readings(asset: Asset, site: Site, records: Records, names: str) -> list[Line]:
    latest = {reading.what: reading for reading in records.readings(asset.id)}
    return [
        Line(
            "asset_reading",
            f"The last {one.what} of the {asset.name} at {site.name} was {one.value:g} {one.unit} "
            f"on {day(one.at.date())}.",
            names,
            asset,
        )
        for one in latest.values()
    ]


def _deficiencies(asset: Asset, site: Site, records: Records, names: str) -> list[Line]:
    return [
        Line(
            "asset_deficiency",
            f"Open on the {asset.name} at {site.name} since {day(one.at.date())}: {one.description.rstrip('.')}.",
            names,
            asset,
        )
        for one in records.deficiencies(site.id)
        if one.asset_id == asset.id and one.status == "new"
    ]

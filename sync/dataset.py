"""A data set: a folder of JSON lists that becomes a generation; the demo customers ship as one.

`dataset.json` tells its name, whether it is a demo, and the time zone; every kind has a list (`customers.json`,
`jobs.json`…). A date may be written relative to the day of loading, so that a demo always shows the current week:
`{"days": -30}` is thirty days ago, `{"days": 1, "time": "09:30"}` tomorrow at half past nine local time, and
`{"weekday": 5, "time": "08:00"}` the next Saturday (0 is Monday), today included. A job's id gets the date appended
when its start is relative, so that tomorrow's demo job is not the one that was finished today.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, ValidationError

from sync.errors import SchemaError
from sync.generation import Generation, current, first, read_json, store, validate

DEMO = Path(__file__).parent / "demo"
"""The demo data set that ships with the program."""
FILES: Mapping[str, str] = {
    "customer": "customers.json", "contact": "contacts.json", "contract": "contracts.json",
    "opportunity": "opportunities.json", "site": "sites.json", "asset": "assets.json", "job": "jobs.json",
    "reading": "readings.json", "deficiency": "deficiencies.json",
}  # fmt: skip
"""Kind to its file in a data set; a file may be absent."""
POINTERS: Sequence[tuple[str, str, str]] = (
    ("contact", "customer_id", "customer"), ("contract", "customer_id", "customer"),
    ("opportunity", "customer_id", "customer"), ("site", "customer_id", "customer"), ("asset", "site_id", "site"),
    ("job", "customer_id", "customer"), ("job", "site_id", "site"), ("job", "contact_id", "contact"),
    ("job", "asset_ids", "asset"), ("reading", "asset_id", "asset"), ("reading", "site_id", "site"),
    ("deficiency", "site_id", "site"), ("deficiency", "asset_id", "asset"),
)  # fmt: skip
"""Kind, its field, and the kind that the field names."""


class Dataset(BaseModel):
    """`dataset.json`."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    demo: bool = False
    """Invented people and figures; every face of the box says so."""
    timezone: str = "UTC"
    note: str = ""


def load(folder: Path, today: date) -> Generation:
    """Read and check a data set.

    Raises:
        SchemaError: a file is missing, is not JSON, or holds something wrong; the message names file and field.
    """
    about = folder / "dataset.json"
    try:
        dataset = Dataset.model_validate(read_json(about))
    except ValidationError as error:
        raise SchemaError(f"{about}: {first(error)}") from error
    try:
        zone = ZoneInfo(dataset.timezone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise SchemaError(f"{about}: timezone {dataset.timezone!r} is not known on this machine") from error
    records = {kind: _kind(kind, folder / name, today, zone) for kind, name in FILES.items()}
    _check_pointers(folder, records)
    return Generation(dataset.name, dataset.demo, today, records)


def demo(cloud: Path, today: date) -> Generation:
    """Give the demo, current for `today`, storing it in the folder `cloud` when need be.

    A generation that is no demo is never replaced: it is given back as it is.

    Raises:
        SchemaError: what lies in `cloud` is damaged.
        StorageError: the demo cannot be stored.
    """
    there = current(cloud)
    if there is not None and (not there.demo or there.today == today):
        return there
    fresh = load(DEMO, today)
    store(fresh, cloud)
    return fresh


def _kind(kind: str, path: Path, today: date, zone: ZoneInfo) -> tuple[Any, ...]:
    """Read one file's list."""
    if not path.exists():
        return ()
    rows = read_json(path)
    if not isinstance(rows, list):
        raise SchemaError(f"{path}: not a list")
    records = validate(kind, [_row(kind, row, today, zone, path) for row in rows], str(path))
    seen: set[str] = set()
    for record in records:
        if record.id in seen or not record.id:
            raise SchemaError(f"{path}: id {record.id!r} is empty or stands twice")
        seen.add(record.id)
    return records


def _row(kind: str, row: Any, today: date, zone: ZoneInfo, path: Path) -> Any:
    """Resolve the dates of one row; a job whose start is relative gets the date into its id."""
    try:
        resolved = resolve(row, today, zone)
    except (TypeError, ValueError, OverflowError) as error:
        raise SchemaError(f"{path}: {row.get('id', '') if isinstance(row, dict) else row}: {error}") from error
    if kind == "job" and isinstance(row, dict) and isinstance(row.get("starts"), dict):
        day = str(resolved["starts"])[:10].replace("-", "")
        resolved["id"] = f"{resolved.get('id', '')}-{day}"
    return resolved


def resolve(value: Any, today: date, zone: ZoneInfo) -> Any:
    """Replace relative dates, however deep, by ISO dates and times. Pure.

    Raises ValueError or TypeError for a relative date that makes no sense.
    """
    if isinstance(value, list):
        return [resolve(part, today, zone) for part in value]
    if not isinstance(value, dict):
        return value
    if not value or not value.keys() <= {"days", "weekday", "time"} or value.keys() == {"time"}:
        return {key: resolve(part, today, zone) for key, part in value.items()}
    ahead = (int(value["weekday"]) - today.weekday()) % 7 if "weekday" in value else int(value["days"])
    day = today + timedelta(days=ahead)
    if "time" not in value:
        return day.isoformat()
    return datetime.combine(day, clock_time.fromisoformat(value["time"]), zone).isoformat()


def _check_pointers(folder: Path, records: Mapping[str, tuple[Any, ...]]) -> None:
    """Refuse a record that names another one which is not there."""
    known = {kind: {record.id for record in rows} for kind, rows in records.items()}
    for kind, name, target in POINTERS:
        for record in records[kind]:
            value = getattr(record, name)
            for pointed in value if isinstance(value, tuple) else (value,):
                if pointed and pointed not in known[target]:
                    raise SchemaError(
                        f"{folder / FILES[kind]}: {kind} {record.id!r}: {name}: there is no {target} {pointed!r}"
                    )

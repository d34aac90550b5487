"""One thing known of a customer's site, in a sentence that can be spoken by itself, and how its figures are written."""

from dataclasses import dataclass
from datetime import date

from appliance.field.due import Due
from sync.records import Asset


@dataclass(frozen=True, slots=True)
class Line:
    """One thing known."""

    field: str
    """What it tells: a key of `questions/records.toml` ("access", "asset_location")."""
    text: str
    """A full sentence, or several."""
    about: str = ""
    """What tells it from other lines of its field: a contract's kind, a job's title, other names of an asset."""
    asset: Asset | None = None
    due: Due | None = None
    """What makes it, when it is a due date."""


def money(dollars: int) -> str:
    """Write whole dollars: "$450,000"."""
    return f"${dollars:,}"


def day(when: date) -> str:
    """Write a date as people say it: "November 23, 2026"."""
    return f"{when:%B} {when.day}, {when.year}"


def listed(items: list[str]) -> str:
    """Join with commas and "and"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""

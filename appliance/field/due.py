"""When something is due next: last done plus the interval of its requirement.

Decisions: an asset keeps when each subject of the requirements was last done; where the site has adopted an edition,
a row of that edition decides, else the subject's rows must agree on the interval. Where they disagree, nothing is
computed.
"""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from corpora.requirement import Interval, Requirement, covers
from sync.records import Asset, Site


@dataclass(frozen=True, slots=True)
class Due:
    """One activity on one asset."""

    asset: Asset
    activity: str
    last: date
    next: date
    row: Requirement


def add(start: date, interval: Interval) -> date:
    """Add an interval to a date; a month's end stays a month's end.

    Raises:
        ValueError: the interval is shorter than a day.
    """
    months = {"month": 1, "year": 12}.get(interval.unit)
    if months:
        total = start.year * 12 + start.month - 1 + round(interval.count * months)
        year, month = divmod(total, 12)
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    days = {"day": 1, "week": 7}.get(interval.unit)
    if days is None:
        raise ValueError(f"an interval of {interval.count} {interval.unit} makes no due date")
    return start + timedelta(days=round(interval.count * days))


def dues(assets: Iterable[Asset], site: Site | None, rows: Iterable[Requirement]) -> list[Due]:
    """Give what is due on these assets, soonest first."""
    kept = [row for row in rows if row.interval and row.interval.unit in {"day", "week", "month", "year"}]
    found = []
    for asset in assets:
        for subject, last in asset.last_done.items():
            row = _row(subject, site, kept)
            if row and row.interval:
                found.append(Due(asset, row.activity, last, add(last, row.interval), row))
    return sorted(found, key=lambda due: due.next)


def _row(subject: str, site: Site | None, rows: list[Requirement]) -> Requirement | None:
    """Pick the row that governs, or None when none does or several disagree."""
    fits = [row for row in rows if row.subject == subject]
    adopted = (site.adopted if site else {}) or {}
    exact = [row for row in fits if row.standard in adopted and covers(row.edition, int(adopted[row.standard][:4]))]
    chosen = exact or fits
    return chosen[0] if chosen and len({row.interval for row in chosen}) == 1 else None

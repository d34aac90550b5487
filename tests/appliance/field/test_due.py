"""Due dates from last done and interval."""

from datetime import date

import pytest

from appliance.field.due import add, dues
from corpora.requirement import Interval, Requirement
from sync.records import Asset, Site

ASSET = Asset("a", "s", "riser gauge", "wet sprinkler", "gauge", last_done={"gauges": date(2026, 1, 31)})


def row(count: float, unit: str, edition: str, subject: str = "gauges") -> Requirement:
    """One interval row."""
    return Requirement(
        f"{subject}-{edition}", subject, "wet sprinkler", "gauge", "inspection", "interval",
        Interval(count, unit),  # type: ignore[arg-type]
        "NFPA 25", edition, "", "x.", "V2", "x", "", False, (),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("start", "count", "unit", "expected"),
    [
        (date(2026, 1, 31), 1, "month", date(2026, 2, 28)),
        (date(2024, 2, 29), 1, "year", date(2025, 2, 28)),
        (date(2026, 11, 30), 3, "month", date(2027, 2, 28)),
        (date(2026, 12, 31), 1, "week", date(2027, 1, 7)),
        (date(2026, 12, 31), 1, "day", date(2027, 1, 1)),
        (date(2026, 5, 6), 5, "year", date(2031, 5, 6)),
    ],
)
def test_an_interval_is_added_as_the_calendar_has_it(start: date, count: float, unit: str, expected: date) -> None:
    """Month ends stay month ends."""
    assert add(start, Interval(count, unit)) == expected  # type: ignore[arg-type]


def test_an_interval_shorter_than_a_day_makes_no_date() -> None:
    """Ten minutes of churn are no due date."""
    with pytest.raises(ValueError, match="no due date"):
        add(date(2026, 1, 1), Interval(10, "minute"))


def test_the_sites_edition_decides() -> None:
    """Monthly in 2017, quarterly in 2020: the site follows 2020."""
    site = Site("s", "c", "Site", "1 Main St", adopted={"NFPA 25": "2020"})

    [due] = dues([ASSET], site, [row(1, "month", "2017"), row(3, "month", "2020")])

    assert due.next == date(2026, 4, 30)


def test_nothing_is_computed_where_rules_disagree() -> None:
    """No edition is adopted and the rows differ: no date is better than a guess."""
    assert dues([ASSET], None, [row(1, "month", "2017"), row(3, "month", "2020")]) == []


def test_a_subject_without_a_row_makes_no_date() -> None:
    """Only what the requirements name is due."""
    assert dues([ASSET], None, [row(1, "month", "2017", "valves")]) == []

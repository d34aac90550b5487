"""Data sets: checked at the door, dated relative to the day."""

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.requirement import SYSTEMS
from sync import generation
from sync.dataset import DEMO, FILES, demo, load, resolve
from sync.errors import SchemaError

TODAY = date(2026, 11, 22)
ZONE = ZoneInfo("America/Los_Angeles")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the demo that may be spoilt."""
    return Path(shutil.copytree(DEMO, tmp_path / "set"))


@settings(max_examples=30, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2035, 12, 31)))
def test_the_demo_shows_the_current_week_on_any_day(today: date) -> None:
    """Whenever it is loaded: jobs today and in the next days, ABC's on a weekend, all with the zone's own offset."""
    jobs = load(DEMO, today).records["job"]

    days = sorted((job.starts.date() - today).days for job in jobs)
    assert days[0] == -1
    assert days[-1] <= 6
    assert days.count(0) >= 2
    for job in jobs:
        assert job.starts.utcoffset() == job.starts.astimezone(ZONE).utcoffset()
        assert job.customer_id != "abc" or job.starts.weekday() >= 5
        assert job.starts.strftime("%Y%m%d") == job.id.rsplit("-", 1)[1]


def test_the_demo_is_whole() -> None:
    """Two sites of a dozen assets or more, systems the corpora know, last-done dates past, safe phone numbers."""
    records = load(DEMO, TODAY).records

    for site in records["site"]:
        assets = [asset for asset in records["asset"] if asset.site_id == site.id]
        assert len(assets) >= 12
        assert site.adopted
        assert site.hazards
        assert {asset.system for asset in assets} <= {*SYSTEMS, "hvac"}
        assert all(day < TODAY for asset in assets for day in asset.last_done.values())
    for contact in records["contact"]:
        assert "-555-01" in contact.phone
        assert contact.email.endswith(".example")
    assert all(set(contract.covered_systems) <= set(SYSTEMS) for contract in records["contract"])


def test_what_was_last_done_is_what_the_requirements_ask_for() -> None:
    """The keys of `last_done` are subjects of shipped requirements, so that next-due can be computed."""
    folder = Path(__file__).parents[2] / "corpora" / "starter" / "requirements"
    text = "".join(path.read_text() for path in folder.glob("*.toml"))
    if not text:
        pytest.skip("the starter requirements are not there yet")

    subjects = {subject for asset in load(DEMO, TODAY).records["asset"] for subject in asset.last_done}

    assert [subject for subject in sorted(subjects) if f'subject = "{subject}"' not in text] == []


def test_relative_dates_become_true_ones() -> None:
    """Days, days with a local time, the next weekday; anything else stays as it is."""
    value = {"a": {"days": -1}, "b": [{"days": 1, "time": "09:30"}], "c": {"weekday": 6}, "d": {"time": "x"}, "e": 3}

    assert resolve(value, TODAY, ZONE) == {
        "a": "2026-11-21", "b": ["2026-11-23T09:30:00-08:00"], "c": "2026-11-22", "d": {"time": "x"}, "e": 3,
    }  # fmt: skip
    assert resolve({"days": 0, "time": "09:30"}, date(2026, 7, 1), ZONE) == "2026-07-01T09:30:00-07:00"


@pytest.mark.parametrize(
    ("name", "index", "change", "words"),
    [
        ("customers.json", 0, {"lifetime_value": "450000"}, r"customers\.json: customer 'wework': lifetime_value"),
        ("customers.json", 0, {"lifetime_value": -1}, "lifetime_value is negative"),
        ("customers.json", 0, {"nickname": "x"}, "nickname: unexpected keyword"),
        ("customers.json", 1, {"id": "wework"}, "stands twice"),
        ("customers.json", 1, {"id": ""}, "is empty"),
        ("jobs.json", 0, {"starts": "2026-11-22T09:00:00"}, "starts has no time zone"),
        ("jobs.json", 0, {"starts": {"days": 0, "time": "25:00"}}, "WW-101: "),
        ("jobs.json", 0, {"starts": {"days": 10**12}}, "WW-101: "),
        ("jobs.json", 0, {"starts": {"days": "soon", "time": "09:00"}}, "WW-101: "),
        ("jobs.json", 0, {"duration_minutes": 0}, "duration_minutes"),
        ("jobs.json", 0, {"status": "lost"}, "status: input should be"),
        ("jobs.json", 0, {"asset_ids": ["NO-1"]}, "asset_ids: there is no asset 'NO-1'"),
        ("jobs.json", 0, {"checklist": [{"id": "1", "text": "x"}]}, r"checklist\.0\."),
        ("sites.json", 0, {"customer_id": "nobody"}, "there is no customer 'nobody'"),
        ("opportunities.json", 0, {"probability": 1.5}, "probability is not between"),
        ("assets.json", 0, {"last_done": {"x": "yesterday"}}, r"last_done\.x"),
        ("dataset.json", None, {"timezone": "Mars/Olympus"}, "timezone 'Mars/Olympus'"),
        ("dataset.json", None, {"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named(
    copy: Path, name: str, index: int | None, change: dict[str, object], words: str
) -> None:
    """The message names the file, the record and the field."""
    path = copy / name
    rows = json.loads(path.read_text())
    (rows if index is None else rows[index]).update(change)
    path.write_text(json.dumps(rows))

    with pytest.raises(SchemaError, match=words) as caught:
        load(copy, TODAY)
    assert name in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[1,", '{"a": 1}', "[" * 100_000, "5", "[5]", "[null]"])
def test_a_file_that_is_no_list_of_records_is_named(copy: Path, text: str) -> None:
    """Torn or foreign JSON: the file's name, no traceback."""
    (copy / "jobs.json").write_text(text)

    with pytest.raises(SchemaError, match=r"jobs\.json"):
        load(copy, TODAY)


def test_an_absent_kind_is_empty_and_an_absent_set_is_named(copy: Path, tmp_path: Path) -> None:
    """A set without readings is fine; a folder without `dataset.json` is none."""
    (copy / FILES["reading"]).unlink()
    assert load(copy, TODAY).records["reading"] == ()

    with pytest.raises(SchemaError, match=r"dataset\.json"):
        load(tmp_path / "nowhere", TODAY)


def test_a_demo_is_renewed_daily_and_never_replaces_real_records(tmp_path: Path, copy: Path) -> None:
    """The next day's demo is stored anew; a real generation is left alone."""
    first = demo(tmp_path / "cloud", TODAY)
    assert first == demo(tmp_path / "cloud", TODAY)
    assert date(2026, 11, 23) == demo(tmp_path / "cloud", date(2026, 11, 23)).today

    (copy / "dataset.json").write_text(json.dumps({"name": "real", "timezone": "America/Los_Angeles"}))
    generation.store(load(copy, TODAY), tmp_path / "cloud")
    assert demo(tmp_path / "cloud", date(2027, 1, 1)).name == "real"


def test_times_are_aware() -> None:
    """Every time in the demo has a zone."""
    records = load(DEMO, TODAY).records

    moments: list[datetime] = [one.at for one in (*records["reading"], *records["deficiency"])]
    assert all(moment.tzinfo is not None for moment in moments)

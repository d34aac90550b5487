"""Reading records: the cloud's with our own on top, quick, and never stale."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from sync.box import Projection
from sync.dataset import DEMO, load
from sync.errors import SchemaError
from sync.operation import Operation
from sync.outbox import Outbox
from sync.reader import EMPTY, Records
from sync.recorder import FieldRecorder
from sync.storage import discard

TODAY = date(2026, 11, 22)


class Box:
    """Everything of one box in a folder."""

    def __init__(self, folder: Path) -> None:
        """Open all files."""
        self.folder = folder
        self.outbox = Outbox(folder / "field.db", "box-1")
        self.projection = Projection(folder / "box.db")
        self.recorder = FieldRecorder(self.outbox, self.projection)
        self.records = Records(folder / "box.db")

    def record(self, kind: str, body: dict[str, object], entity: str = "", field: str = "") -> str:
        """Record one operation and give its id."""
        return self.recorder.record([Operation(kind, body, entity, field, actor="kim")])[0]


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    """A box with the demo loaded."""
    box = Box(tmp_path)
    box.projection.adopt(load(DEMO, TODAY))
    yield box
    box.records.close()
    box.recorder.close()


def test_an_absent_file_is_an_empty_box(tmp_path: Path) -> None:
    """Before anything was loaded every read gives nothing, and nothing is created."""
    records = Records(tmp_path / "box.db")

    assert (
        records.customers(), records.jobs(), records.gaps(), records.turns(), records.customer("wework"),
    ) == ((), (), (), (), None)  # fmt: skip
    assert records.preferences("kim") == {}
    assert records.said({"T-1"}) == {}
    assert records.revision == EMPTY
    assert not records.demo
    assert list(tmp_path.iterdir()) == []


def test_the_two_customers_are_as_the_seed_tells(box: Box) -> None:
    """WeWork and ABC with their figures, addresses and opportunities, marked as demo."""
    wework, abc = box.records.customer("wework"), box.records.customer("abc")

    assert box.records.demo
    assert wework is not None
    assert (
        wework.name, wework.location, wework.lifetime_value,
    ) == ("WeWork", "123 Main St, San Francisco, CA", 450_000)  # fmt: skip
    assert wework.special_requirements
    assert abc is not None
    assert (
        abc.name, abc.location, abc.lifetime_value,
    ) == ("ABC Manufacturing", "456 Industrial Pkwy, Oakland, CA", 280_000)  # fmt: skip
    assert any("weekend" in line for line in abc.special_requirements)
    assert [one.estimated_value for one in box.records.opportunities("wework")] == [45_000, 95_000]
    assert [one.estimated_value for one in box.records.opportunities("abc")] == [65_000]
    assert len(box.records.contacts("wework")) == 3
    assert len(box.records.contracts("abc")) == 1


def test_jobs_come_by_day_status_and_start(box: Box) -> None:
    """A day is the site's own; the order is by time, not by text."""
    today = box.records.jobs(TODAY)

    assert [job.id.rsplit("-", 1)[0] for job in today] == ["WW-101", "ABC-203", "ABC-204", "WW-102"]
    assert [job.starts for job in today] == sorted(job.starts for job in today)
    assert [job.status for job in box.records.jobs(status="completed")] == ["completed"]
    assert box.records.jobs(date(2020, 1, 1)) == ()


def test_own_operations_lie_on_top_of_the_clouds_records(box: Box) -> None:
    """A finished job is finished at once, and still is after head office sends a new generation."""
    job = box.records.jobs(TODAY)[0]

    box.record("job-status", {"status": "in_progress"}, job.id)
    box.record("job-status", {"status": "completed"}, job.id)
    box.record("deficiency", {"value": "fixed"}, "D-1", "status")

    def seen() -> tuple[str, str]:
        now = box.records.job(job.id)
        assert now is not None
        return now.status, next(one.status for one in box.records.deficiencies() if one.id == "D-1")

    assert seen() == ("completed", "fixed")
    before = load(DEMO, TODAY)
    after = replace(before, records={**before.records, "contact": before.records["contact"][:1]})
    assert box.projection.adopt(after)
    assert seen() == ("completed", "fixed")
    assert len(box.records.contacts("wework")) == 1


def test_what_was_recorded_is_read_at_once(box: Box) -> None:
    """Readings, findings and their changes, notes, preferences, gaps, turns."""
    box.record("reading", {"what": "static pressure", "value": 52, "unit": "psi"}, "WW-GAUGE-1")
    found = box.record("deficiency", {"description": "painted head", "site_id": "abc-oak"}, "ABC-RISER-1")
    box.record("deficiency", {"value": "inoperable"}, found, "severity")
    box.record("note", {"text": "ask for Luis"}, "wework-sf")
    box.record("preference", {"value": "expert"}, "kim", "skill")
    box.record("preference", {"value": None}, "kim", "pace")
    box.record("gap", {"question": "torque?", "searched": ["specs"]})
    box.record("gap", {"question": "amps?", "answer": "T-1", "note": "the plate says 20 A"})
    box.record("turn", {"asked": "how often?", "turn": "T-1", "said": "18.2 A."})

    last = box.records.readings("WW-GAUGE-1")[-1]
    assert (last.value, last.unit, last.actor) == (52.0, "psi", "kim")
    assert last.at.tzinfo is not None
    assert next(
        (one.description, one.severity, one.status) for one in box.records.deficiencies("abc-oak") if one.id == found
    ) == ("painted head", "inoperable", "new")
    assert found not in [one.id for one in box.records.deficiencies("wework-sf")]
    assert [note.text for note in box.records.notes("wework-sf")] == ["ask for Luis"]
    assert box.records.preferences("kim") == {"skill": "expert"}
    unknown, wrong = box.records.gaps()
    assert (unknown.question, unknown.searched, unknown.answer, unknown.note) == ("torque?", ("specs",), "", "")
    assert (wrong.question, wrong.answer, wrong.note) == ("amps?", "T-1", "the plate says 20 A")
    assert box.records.said({"T-1", "T-2"}) == {"T-1": "18.2 A."}
    assert [turn["asked"] for turn in box.records.turns()] == ["how often?"]


def test_the_revision_changes_with_records_but_not_with_turns_and_gaps(box: Box) -> None:
    """An answer made from the records stays good until a record changes; asking is no change."""
    seen = [box.records.revision]
    for kind, body, entity, field in (
        ("reading", {"what": "pressure", "value": 1, "unit": "psi"}, "WW-GAUGE-1", ""),
        ("preference", {"value": 1}, "kim", "skill"),
        ("job-status", {"status": "completed"}, "WW-101-20261122", ""),
    ):
        box.record(kind, dict(body), entity, field)
        seen.append(box.records.revision)
    box.projection.adopt(load(DEMO, date(2026, 11, 23)))
    seen.append(box.records.revision)
    assert len(set(seen)) == 5

    box.record("turn", {"asked": "x"})
    box.record("gap", {"question": "x"})
    box.record("hologram", {})
    assert seen[-1] == box.records.revision
    assert len(box.records.gaps()) == 1


def test_a_projection_replaced_underneath_is_noticed(box: Box) -> None:
    """When box.db was deleted and rebuilt, open readers go over to the new file."""
    assert len(box.records.customers()) == 2
    box.projection.close()
    discard(box.folder / "box.db")
    assert box.records.customers() == ()

    fresh = Projection(box.folder / "box.db")
    fresh.catch_up(box.outbox)
    assert box.records.customers() == ()
    fresh.adopt(load(DEMO, TODAY))
    assert len(box.records.customers()) == 2
    fresh.close()


def test_another_programs_form_is_no_empty_box(box: Box) -> None:
    """An outage must not look like a day without jobs."""
    box.projection._connection.execute("PRAGMA user_version = 9")

    with pytest.raises(SchemaError, match="another clara"):
        box.records.jobs()


def test_reads_are_quick(box: Box) -> None:
    """With 2,000 own readings a read stays under 1 ms and the revision under 50 microseconds (best of many)."""
    box.recorder.record(
        [Operation("reading", {"what": "p", "value": n, "unit": "psi"}, f"A-{n % 50}") for n in range(2000)]
    )

    def best(read: object) -> float:
        assert callable(read)
        spent = []
        for _ in range(50):
            start = time.perf_counter()
            read()
            spent.append(time.perf_counter() - start)
        return min(spent)

    assert best(lambda: box.records.revision) < 50e-6
    assert best(lambda: box.records.readings("A-7")) < 1e-3
    assert best(lambda: box.records.jobs(TODAY)) < 1e-3
    assert best(lambda: box.records.assets("wework-sf")) < 1e-3


def test_a_wish_stays_open_until_it_is_fetched(box: Box) -> None:
    """A wish is read back with what became of it; the revision of the records stays the same."""
    before = box.records.revision
    wanted = box.record("wish", {"text": "manual for the Notifier NFS2-3030"})
    box.record("wish", {"text": "manual for the EST3"})

    box.record("wish", {"value": "fetched"}, wanted, "status")
    box.record("wish", {"value": "https://example.com/a.pdf"}, wanted, "outcome")

    assert [wish.text for wish in box.records.wishes("open")] == ["manual for the EST3"]
    assert [(wish.outcome, wish.actor) for wish in box.records.wishes("fetched")] == [
        ("https://example.com/a.pdf", "kim")
    ]
    assert box.records.revision == before

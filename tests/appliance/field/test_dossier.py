"""What is known of a place, sentence by sentence, over the demo records."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.field.dossier import dossier
from appliance.field.line import Line
from appliance.field.place import named
from corpora import questions, requirements
from sync import dataset
from sync.box import Projection
from sync.reader import Records
from tests.fakes.turns import TODAY


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """The demo records as the box holds them."""
    projection = Projection(tmp_path / "box.db")
    projection.adopt(dataset.load(dataset.DEMO, TODAY))
    opened = Records(tmp_path / "box.db")
    yield opened
    opened.close()
    projection.close()


def lines(records: Records, name: str, days: int = 0) -> list[Line]:
    """All that is known of a place, some days on."""
    place = named(name, records)
    assert place is not None
    return dossier(place, records, requirements.shipped().rows, TODAY + timedelta(days=days))


@pytest.mark.parametrize(
    ("field", "asset", "said"),
    [
        ("asset_location", "WW-FACP-1", "is in the fire command center"),
        ("asset_make", "WW-PUMP-1", "Peerless 4AE12"),
        ("asset_serial", "WW-PUMP-1", "DEMO-4AE12-118"),
        ("asset_installed", "WW-FACP-1", "was installed on"),
        ("asset_reading", "WW-GAUGE-1", "was 146 psi"),
        ("asset_deficiency", "WW-GAUGE-1", "scratched"),
        ("asset_quantity", "WW-EXT-9", "quantity 6"),
        ("asset_due", "WW-SP-1", "is due on"),
    ],
)
def test_each_thing_known_of_an_asset_is_a_sentence_of_its_own(
    records: Records, field: str, asset: str, said: str
) -> None:
    """With the site named, and the asset beside it."""
    found = [line for line in lines(records, "WeWork") if line.asset and line.asset.id == asset and line.field == field]

    assert any(said in line.text and "WeWork San Francisco" in line.text for line in found)


def test_every_field_has_questions(records: Records) -> None:
    """Else nobody could ask for it in words of their own."""
    told = {line.field for name in ("WeWork", "ABC") for line in lines(records, name)}

    assert told == set(questions.shipped().records)


def test_a_finding_that_was_put_right_is_not_told(records: Records) -> None:
    """Only what is open."""
    assert not any("caps" in line.text for line in lines(records, "WeWork") if line.field == "asset_deficiency")


def test_a_job_that_is_past_is_not_booked(records: Records) -> None:
    """What was to be done yesterday is no appointment."""
    assert any(line.field == "job_booked" for line in lines(records, "WeWork"))
    assert not any(line.field == "job_booked" for line in lines(records, "WeWork", days=400))


def test_a_due_date_gone_by_was_due(records: Records) -> None:
    """Tense tells what is late."""
    due = [line for line in lines(records, "ABC", days=4_000) if line.due]

    assert due
    assert all(" was due on " in line.text for line in due)

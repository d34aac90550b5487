"""What is told of the things on a site, over the demo records."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.field.equipment import asks, tell
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


@pytest.mark.parametrize(
    ("text", "asset", "said"),
    [
        ("Where's the fire alarm panel?", "WW-FACP-1", "is in the fire command center"),
        ("What make and model is the pump?", "ABC-PUMP-1", "SDP-1500"),
        ("When was it installed?", "WW-FACP-1", "was installed on"),
        ("What was the last static pressure reading?", "WW-GAUGE-1", "static pressure"),
        ("Any open deficiencies?", "WW-GAUGE-1", "scratched"),
    ],
)
def test_an_aspect_is_told_in_a_full_sentence(records: Records, text: str, asset: str, said: str) -> None:
    """Each aspect from its own record, with the site named."""
    thing = records.asset(asset)
    assert thing is not None
    site = records.site(thing.site_id)
    assert site is not None

    told = tell(text, site, [thing], records)

    assert asks(text)
    assert any(said in one.text and site.name in one.text for one in told)


def test_other_questions_ask_nothing_of_an_asset(records: Records) -> None:
    """An interval stands in the codes, not on the plate."""
    assert not asks("How often is the fire pump run?")

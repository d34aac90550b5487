"""The records' source with the box's own embedder, asked in words far from the records'; left out without MiniLM."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.field.place import named
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.turn.record_match import Posed
from appliance.turn.record_source import RecordSource
from corpora import questions, requirements
from models.minilm import MiniLm
from sync import dataset
from sync.box import Projection
from sync.reader import Records
from tests.fakes.recording import installed
from tests.fakes.turns import TODAY


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Records, RecordSource]]:
    """The demo records, and the source over them."""
    folder: Path = tmp_path_factory.mktemp("records")
    embedder = MiniLm(installed("all-minilm-l6-v2"))
    projection = Projection(folder / "box.db")
    projection.adopt(dataset.load(dataset.DEMO, TODAY))
    records = Records(folder / "box.db")
    asked = questions.shipped()
    rivals = [text for texts in asked.properties.values() for text in texts]
    posed = Posed(asked.records, lambda texts: np.asarray(embedder.embed(list(texts))), rivals)
    yield records, RecordSource(records, requirements.shipped().rows, posed, embedder, lambda: TODAY)
    records.close()
    projection.close()


def told(known: tuple[Records, RecordSource], text: str) -> str:
    """What the source says, or nothing."""
    records, source = known
    question = Question(text, text, "requirement", at=named(text, records))
    return " ".join(fact.statement for fact in source.look(question, Meaning(None, text)).facts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How much have we pulled out of WeWork so far?", "$450,000"),
        ("Is a weekday visit okay with ABC?", "Saturday"),
        ("Who handles ABC for us in the office?", "Tom Becker"),
        ("What backflow does WeWork have?", "2000B"),
        ("What's still open on the dry valve at ABC?", "Scale"),
        ("Where'd they hang the extinguishers on floor 9 at WeWork?", "six cabinets"),
        ("When do I churn the WeWork pump again?", "is due on"),
        ("Which book do I go by for 72 at ABC?", "2019"),
    ],
)
def test_other_words_find_the_same_record(known: tuple[Records, RecordSource], text: str, said: str) -> None:
    """None of these sentences is among the posed questions."""
    assert said in told(known, text)


@pytest.mark.parametrize(
    "text",
    [
        "Where's the smoke control panel at ABC?",
        "What's the nearest hospital to WeWork?",
        "Who's the landlord of the ABC building?",
        "What's the horsepower of the diesel at ABC?",
        "How long can the system at ABC be down before a fire watch?",
    ],
)
def test_what_is_not_recorded_is_left_to_others(known: tuple[Records, RecordSource], text: str) -> None:
    """However near something else is."""
    assert not told(known, text)

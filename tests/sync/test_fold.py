"""The folds: pure, and indifferent to order."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.box import Projection
from sync.entry import Entry
from sync.errors import SchemaError
from sync.fold import FOLDS, Added, Written, fold
from tests.fakes.entries import entry

STATUS = st.sampled_from(["scheduled", "en_route", "in_progress", "completed", "cancelled"])
WORDS = st.text("abc é", min_size=1, max_size=5).map(lambda text: "x" + text)
OPERATIONS: st.SearchStrategy[tuple[str, dict[str, Any], str, str]] = st.one_of(
    st.tuples(
        st.just("reading"),
        st.fixed_dictionaries({"what": WORDS, "value": st.integers(-9, 9), "unit": st.just("psi")}),
        st.sampled_from(["A-1", "A-2"]), st.just(""),
    ),
    st.tuples(st.just("deficiency"), st.fixed_dictionaries({"description": WORDS}), st.just("A-1"), st.just("")),
    st.tuples(
        st.just("deficiency"), st.fixed_dictionaries({"value": st.sampled_from(["fixed", "new", "wrong"])}),
        st.just("D-1"), st.just("status"),
    ),
    st.tuples(st.just("note"), st.fixed_dictionaries({"text": WORDS}), st.just("A-1"), st.just("")),
    st.tuples(st.just("gap"), st.fixed_dictionaries({"question": WORDS}), st.just(""), st.just("")),
    st.tuples(
        st.just("preference"), st.fixed_dictionaries({"value": WORDS}), st.just("kim"),
        st.sampled_from(["skill", "pace"]),
    ),
    st.tuples(
        st.just("job-status"), st.fixed_dictionaries({"status": STATUS}), st.sampled_from(["J-1", "J-2"]), st.just(""),
    ),
    st.tuples(st.just("hologram"), st.fixed_dictionaries({"x": WORDS}), st.just(""), st.just("")),
)  # fmt: skip


def folded(batches: list[list[Entry]]) -> dict[str, list[tuple[Any, ...]]]:
    """Fold batches into a new projection and give its content."""
    with TemporaryDirectory() as folder:
        box = Projection(Path(folder) / "box.db")
        for batch in batches:
            box.apply(batch)
        content = box.content()
        box.close()
        return content


@settings(max_examples=40, deadline=None)
@given(st.lists(OPERATIONS, min_size=1, max_size=14), st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(
    operations: list[tuple[str, dict[str, Any], str, str]], chance: Any
) -> None:
    """Any order, in any portions, with repeats, gives the same state: facts unite, the latest stamp wins."""
    entries = [entry(seq, kind, body, entity, field) for seq, (kind, body, entity, field) in enumerate(operations, 1)]
    mixed = entries + chance.sample(entries, len(entries) // 2)
    chance.shuffle(mixed)
    cut = chance.randrange(len(mixed) + 1)

    content, other = folded([entries]), folded([mixed[:cut], mixed[cut:]])

    # A register keeps the seq of its winner, so even that is the same.
    assert content == other


def test_the_latest_stamp_wins() -> None:
    """A register holds the value of the latest stamp, though it came first."""
    late = entry(9, "preference", {"value": "expert"}, "kim", "skill")
    early = entry(2, "preference", {"value": "beginner"}, "kim", "skill")

    registers = folded([[late], [early]])["register"]

    assert [row[-1] for row in registers] == [b'"expert"']


def test_a_reading_becomes_a_fact_with_time_and_author() -> None:
    """The stamp gives the time, the operation the author, the entity the asset."""
    change = fold(entry(1, "reading", {"what": "static pressure", "value": 52, "unit": "psi", "note": None}, "A-1"))

    assert isinstance(change, Added)
    assert change.body == {
        "asset_id": "A-1", "value": 52.0, "what": "static pressure", "unit": "psi",
        "at": "2026-11-18T11:06:40.001000+00:00", "actor": "kim",
    }  # fmt: skip


def test_a_field_of_a_finding_is_a_register() -> None:
    """A deficiency operation with a field changes one, it does not add one."""
    assert Written("deficiency", "D-1", "status", "fixed") == fold(
        entry(1, "deficiency", {"value": "fixed"}, "D-1", "status")
    )


@pytest.mark.parametrize(
    ("kind", "body", "entity", "field"),
    [
        ("hologram", {}, "", ""),
        ("reading", {"what": "pressure"}, "A-1", ""),
        ("reading", {"what": "pressure", "value": True}, "A-1", ""),
        ("reading", {"what": "pressure", "value": "52"}, "A-1", ""),
        ("reading", {"what": "pressure", "value": 10**400}, "A-1", ""),
        ("reading", {"value": 3}, "A-1", ""),
        ("deficiency", {"description": " "}, "", ""),
        ("deficiency", {"description": "leak", "severity": "awful"}, "", ""),
        ("deficiency", {"value": "gone"}, "D-1", "status"),
        ("deficiency", {"value": "x"}, "D-1", "id"),
        ("deficiency", {"value": "fixed"}, "", "status"),
        ("note", {"text": 5}, "", ""),
        ("gap", {"question": "why", "searched": "specs"}, "", ""),
        ("gap", {"question": "why", "note": ["x"]}, "", ""),
        ("wish", {"text": " "}, "", ""),
        ("wish", {"value": "lost"}, "W-1", "status"),
        ("wish", {"value": "x"}, "W-1", "text"),
        ("wish", {"value": "fetched"}, "", "status"),
        ("preference", {"value": 1}, "", "skill"),
        ("preference", {"value": 1}, "kim", ""),
        ("preference", {}, "kim", "skill"),
        ("job-status", {"status": "lost"}, "J-1", ""),
        ("job-status", {"status": "completed"}, "", ""),
    ],
)
def test_what_does_not_fit_is_refused(kind: str, body: dict[str, Any], entity: str, field: str) -> None:
    """A body that lacks what its kind needs raises, naming the operation."""
    with pytest.raises(SchemaError, match="operation 0000"):
        fold(entry(1, kind, body, entity, field))


@pytest.mark.parametrize("kind", FOLDS)
def test_a_later_version_is_not_guessed_at(kind: str) -> None:
    """The form of version 2 is not known yet, so it is refused, not misread."""
    with pytest.raises(SchemaError, match="version 2 is not known"):
        fold(entry(1, kind, {"text": "x"}, version=2))

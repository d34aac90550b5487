"""Generations: stored whole, swapped at once, refused when damaged."""

from datetime import date
from pathlib import Path

import pytest

from sync import generation
from sync.dataset import DEMO, load
from sync.errors import SchemaError, StorageError

TODAY = date(2026, 11, 22)


def test_a_stored_generation_reads_back_equal(tmp_path: Path) -> None:
    """Every record of every kind, and the digest."""
    made = load(DEMO, TODAY)

    generation.store(made, tmp_path / "cloud")

    read = generation.current(tmp_path / "cloud")
    assert made == read
    assert made.digest() == read.digest()


def test_nothing_stored_is_none(tmp_path: Path) -> None:
    """An empty box has no generation, and that is no error."""
    assert generation.current(tmp_path / "cloud") is None


def test_the_one_before_is_kept_and_older_ones_go(tmp_path: Path) -> None:
    """A reader of the one before is not cut off; the folder does not grow."""
    for day in range(20, 25):
        generation.store(load(DEMO, date(2026, 11, day)), tmp_path)
        now = generation.current(tmp_path)
        assert now is not None
        assert date(2026, 11, day) == now.today

    assert len(list(tmp_path.glob("gen-*.json"))) == 2


def test_storing_twice_changes_nothing(tmp_path: Path) -> None:
    """The same content has the same name."""
    assert generation.store(load(DEMO, TODAY), tmp_path) == generation.store(load(DEMO, TODAY), tmp_path)
    assert len(list(tmp_path.glob("gen-*.json"))) == 1


@pytest.mark.parametrize(
    "spoil", ["", "{}", '{"form": 7, "name": "x", "demo": true, "today": "2026-11-22", "records": {}}']
)
def test_a_damaged_or_newer_generation_is_refused(tmp_path: Path, spoil: str) -> None:
    """The message names the file."""
    generation.store(load(DEMO, TODAY), tmp_path).write_text(spoil)

    with pytest.raises(SchemaError, match="current"):
        generation.current(tmp_path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The generation before stays current."""
    (tmp_path / "cloud").write_text("a file")

    with pytest.raises(StorageError, match="the one before stays current"):
        generation.store(load(DEMO, TODAY), tmp_path / "cloud")

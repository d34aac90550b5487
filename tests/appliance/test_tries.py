"""When a wish is tried again, and what is kept of the last try."""

from pathlib import Path

import pytest

from appliance.manuals.tries import LATER_S, SOON_S, Tries, Try, due

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("age", "passing", "down", "expected"),
    [
        (1.0, True, 0.0, False),
        (SOON_S, True, 0.0, True),
        (1.0, True, NOW - 0.5, True),
        (1.0, True, NOW - 2.0, False),
        (SOON_S, False, NOW, False),
        (LATER_S, False, 0.0, True),
        (-60.0, False, 0.0, True),
    ],
)
def test_a_wish_is_tried_again_in_due_time(age: float, down: float, *, passing: bool, expected: bool) -> None:
    """Soon when the trouble passes, at once when the link was away since, else the next day; a set clock harms none."""
    assert due(Try(NOW - age, "why", passing=passing), NOW, down) == expected


def test_a_wish_that_was_never_tried_is_due() -> None:
    """Whatever the link did."""
    assert due(None, NOW)


def test_the_last_try_is_kept_while_its_wish_is_open(tmp_path: Path) -> None:
    """A granted wish takes its trouble with it; another program reads the same."""
    tries, failed = Tries(tmp_path / "wishes" / "tries.json"), Try(NOW, "the server answers 500", passing=True)
    tries.note("a", failed, {"a", "b"})
    tries.note("b", failed, {"a", "b"})
    both = Tries(tmp_path / "wishes" / "tries.json").last(["a", "b", "c"])
    tries.note("a", None, {"b"})

    assert dict(both) == {"a": failed, "b": failed}
    assert dict(tries.last(["a", "b"])) == {"b": failed}


def test_what_did_not_change_is_not_written_again(tmp_path: Path) -> None:
    """A wish that waits for the link is looked at all day; the card it lies on wears out."""
    tries = Tries(tmp_path / "tries.json")
    tries.note("a", Try(NOW, "why", passing=True), {"a"})
    before = (tmp_path / "tries.json").stat().st_mtime_ns
    tries.note("a", Try(NOW, "why", passing=True), {"a"})

    assert (tmp_path / "tries.json").stat().st_mtime_ns == before


@pytest.mark.parametrize("spoilt", [b"", b"[]", b'{"a": 1}', b"\xff\xfe"])
def test_a_spoilt_file_makes_everything_due(tmp_path: Path, spoilt: bytes) -> None:
    """It holds nothing that cannot be found out again."""
    (tmp_path / "tries.json").write_bytes(spoilt)
    tries = Tries(tmp_path / "tries.json")

    assert dict(tries.last(["a"])) == {}
    tries.note("a", Try(NOW, "why", passing=True), {"a"})
    assert list(tries.last(["a"])) == ["a"]

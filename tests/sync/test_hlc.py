"""The hybrid logical clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import hlc
from sync.hlc import MAX_COUNTER, MAX_MS, Stamp

MOMENTS = st.integers(min_value=-(2**40), max_value=MAX_MS - 1000)


@given(st.lists(MOMENTS, min_size=2, max_size=60))
def test_stamps_rise_whatever_the_clock_says(moments: list[int]) -> None:
    """Later ticks sort later, as stamps and as text, though the clock jumps about."""
    stamps: list[Stamp] = []
    for now in moments:
        stamps.append(hlc.tick(stamps[-1] if stamps else None, now, "box"))

    assert stamps == sorted(set(stamps))
    assert [stamp.text() for stamp in stamps] == sorted(stamp.text() for stamp in stamps)


@given(MOMENTS, st.integers(0, MAX_COUNTER), st.text("abc-09", min_size=1, max_size=9))
def test_the_text_keeps_everything(ms: int, counter: int, node: str) -> None:
    """Reading a stamp's text gives the stamp, also when the node has dashes in its name."""
    stamp = Stamp(max(ms, 0), counter, node)

    assert stamp == hlc.parse(stamp.text())


def test_a_full_counter_borrows_a_millisecond() -> None:
    """After 65,536 ticks in one millisecond the stamps go on rising."""
    last = Stamp(1000, MAX_COUNTER, "box")

    assert Stamp(1001, 0, "box") == hlc.tick(last, 1000, "box")


def test_a_new_run_starts_past_the_last_one() -> None:
    """After a restart with a clock set back, stamps start a millisecond above the last, so ULIDs do too."""
    last = Stamp(5000, 7, "box")

    assert Stamp(5001, 0, "box") == hlc.resume(last, 10, "box")
    assert Stamp(9000, 0, "box") == hlc.resume(last, 9000, "box")


@given(MOMENTS, MOMENTS, MOMENTS)
def test_what_was_received_is_always_before_what_follows(mine: int, theirs: int, now: int) -> None:
    """A stamp made after seeing another's is above both."""
    last, other = Stamp(max(mine, 0), 3, "box"), Stamp(max(theirs, 0), 5, "hub")

    after = hlc.receive(last, other, now, "box")

    assert (after.ms, after.counter) > max((last.ms, last.counter), (other.ms, other.counter))


@pytest.mark.parametrize("text", ["", "12", "x-y-z", "00000000000g-0000-box", "1-2-box"])
def test_what_is_no_stamp_is_refused(text: str) -> None:
    """A broken stamp raises ValueError."""
    with pytest.raises(ValueError):  # noqa: PT011 - several messages, one type
        hlc.parse(text)

"""Working ahead: the same items in the same order, errors where they belong, nothing left running."""

from collections.abc import Generator

import pytest

from corpora.ahead import Ahead


def counting(most: int, closed: list[bool]) -> Generator[int, None, None]:
    """Count, and say when that is over."""
    try:
        yield from range(most)
    finally:
        closed.append(True)


def test_items_come_in_order_and_the_source_is_closed() -> None:
    """However few may wait."""
    closed: list[bool] = []
    with Ahead(counting(500, closed), most=3) as coming:
        assert list(coming) == list(range(500))
    assert closed == [True]


def test_an_error_comes_after_what_came_before_it() -> None:
    """And as it was raised."""

    def breaks() -> Generator[int, None, None]:
        yield 1
        raise KeyError("two")

    with Ahead(breaks()) as coming:
        items = iter(coming)
        assert next(items) == 1
        with pytest.raises(KeyError, match="two"):
            next(items)


def test_whoever_stops_early_leaves_nothing_running() -> None:
    """The source is closed although it would go on for long."""
    closed: list[bool] = []
    with Ahead(counting(10**9, closed), most=2) as coming:
        assert next(iter(coming)) == 0
    assert closed == [True]

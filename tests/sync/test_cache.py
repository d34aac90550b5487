"""The cache: one computation at a time, valid only for what it was made from."""

import asyncio
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.cache import Cache, Codec, Kind, key_of
from tests.fakes.clock import FakeClock

KINDS = {"answer": Kind(60, 10, 3), "live": Kind(60, 0, 3, codec=None)}
NOW = {"corpus": "c1", "specs": "s1", "records": "r1"}


class Work:
    """A computation that can be held up, and counts how often it was asked."""

    def __init__(self, value: Any = "value") -> None:
        """Keep what to give."""
        self.value, self.calls, self.cancelled = value, 0, 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> Any:
        """Wait for the gate, then give the value, or raise it."""
        self.calls += 1
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


@pytest.fixture
def clock() -> FakeClock:
    """A clock to move."""
    return FakeClock()


@pytest.fixture
def cache(tmp_path: Path, clock: FakeClock) -> Iterator[Cache]:
    """A cache with a file."""
    cache = Cache(tmp_path / "cache.db", clock, KINDS)
    yield cache
    cache.close()


def counted(cache: Cache, kind: str = "answer") -> dict[str, int]:
    """Give the counters that are not zero."""
    return {name: count for name, count in cache.stats()["kinds"][kind].items() if count and name != "held"}


async def test_the_second_time_comes_from_memory(cache: Cache) -> None:
    """One computation, then hits."""
    work = Work()
    for _ in range(3):
        assert await cache.get_or_compute("answer", "q", NOW, work) == "value"

    assert work.calls == 1
    assert counted(cache) == {"misses": 1, "memory": 2}


async def test_it_outlives_the_process(tmp_path: Path, clock: FakeClock) -> None:
    """A new cache on the same file finds the value there, and then in memory."""
    first = Cache(tmp_path / "cache.db", clock, KINDS)
    await first.get_or_compute("answer", "q", NOW, Work({"said": "18.2 amps"}))
    first.close()
    first.close()

    second, work = Cache(tmp_path / "cache.db", clock, KINDS), Work()
    for _ in range(2):
        assert await second.get_or_compute("answer", "q", NOW, work) == {"said": "18.2 amps"}

    assert work.calls == 0
    assert counted(second) == {"disk": 1, "memory": 1}
    second.close()


async def test_many_at_once_compute_once(cache: Cache) -> None:
    """Single-flight: fifty ask, one works."""
    work = Work()
    work.gate.clear()
    asked = [asyncio.create_task(cache.get_or_compute("answer", "q", NOW, work)) for _ in range(50)]
    await asyncio.sleep(0)
    work.gate.set()

    assert await asyncio.gather(*asked) == ["value"] * 50
    assert work.calls == 1
    assert counted(cache) == {"misses": 1, "waits": 49}


@pytest.mark.parametrize("leaving", [0, 1])
async def test_one_that_leaves_does_not_take_the_others_along(cache: Cache, leaving: int) -> None:
    """The first asker's or a waiter's cancellation or timeout leaves the computation to the rest."""
    work = Work()
    work.gate.clear()
    asked = [
        asyncio.create_task(
            asyncio.wait_for(cache.get_or_compute("answer", "q", NOW, work), 0.01 if number == leaving else 5)
        )
        for number in range(3)
    ]
    with pytest.raises(TimeoutError):
        await asked[leaving]
    work.gate.set()
    stay = [task for number, task in enumerate(asked) if number != leaving]

    assert await asyncio.gather(*stay) == ["value", "value"]
    assert (work.calls, work.cancelled) == (1, 0)


async def test_when_all_leave_the_work_stops_and_a_newcomer_starts_afresh(cache: Cache) -> None:
    """Nobody waits, nobody works; who asks in that very moment is not given the cancellation."""
    work = Work()
    work.gate.clear()
    asked = asyncio.create_task(cache.get_or_compute("answer", "q", NOW, work))
    await asyncio.sleep(0.01)
    asked.cancel()
    newcomer = asyncio.create_task(cache.get_or_compute("answer", "q", NOW, Work("new")))

    assert await newcomer == "new"
    with pytest.raises(asyncio.CancelledError):
        await asked
    assert work.cancelled == 1


async def test_an_error_is_shared_but_not_kept(cache: Cache) -> None:
    """All who wait get it; the next one computes again."""
    work = Work(ValueError("no link"))
    work.gate.clear()
    asked = [asyncio.create_task(cache.get_or_compute("answer", "q", NOW, work)) for _ in range(3)]
    await asyncio.sleep(0)
    work.gate.set()
    outcomes = await asyncio.gather(*asked, return_exceptions=True)

    assert [str(outcome) for outcome in outcomes] == ["no link"] * 3
    work.value = "better"
    assert await cache.get_or_compute("answer", "q", NOW, work) == "better"
    assert counted(cache)["failed"] == 1


async def test_that_there_is_nothing_is_remembered_for_its_own_time(cache: Cache, clock: FakeClock) -> None:
    """None is a value, with a shorter life; a kind may also decline to keep it."""
    work = Work(None)
    for _ in range(2):
        assert await cache.get_or_compute("answer", "q", NOW, work) is None
        assert await cache.get_or_compute("live", "q", NOW, work) is None
    assert work.calls == 3
    found = cache.peek("answer", "q", NOW)
    assert found is not None
    assert found.value is None

    clock.move(11)
    await cache.get_or_compute("answer", "q", NOW, work)
    assert work.calls == 4
    assert counted(cache)["expired"] == 1


async def test_time_runs_out(cache: Cache, clock: FakeClock) -> None:
    """After its time a value is computed again; so is one from the clock's future, after it was set back."""
    work = Work()
    await cache.get_or_compute("answer", "q", NOW, work)
    clock.move(59)
    await cache.get_or_compute("answer", "q", NOW, work)
    assert work.calls == 1
    clock.move(1)
    await cache.get_or_compute("answer", "q", NOW, work)
    assert work.calls == 2
    clock.move(-3600)
    await cache.get_or_compute("answer", "q", NOW, work)
    assert work.calls == 3


@pytest.mark.parametrize("reopen", [False, True])
async def test_a_value_falls_with_what_it_was_made_from_and_nothing_else(
    tmp_path: Path, clock: FakeClock, *, reopen: bool
) -> None:
    """Made from the corpus alone it outlives a change of the records; made from the records it does not."""
    cache = Cache(tmp_path / "cache.db", clock, KINDS)

    def used(value: str) -> dict[str, str]:
        return {value: NOW[value]}

    for name in ("corpus", "records"):
        await cache.get_or_compute("answer", name, NOW, Work(name), used)
    if reopen:
        cache.close()
        cache = Cache(tmp_path / "cache.db", clock, KINDS)
    later = {**NOW, "records": "r2"}

    assert cache.peek("answer", "corpus", later) is not None
    assert cache.peek("answer", "records", later) is None
    assert counted(cache)["invalidated"] == 1
    assert cache.peek("answer", "corpus", {**NOW, "corpus": "c2"}) is None
    assert cache.peek("answer", "corpus", {}) is None
    cache.close()


async def test_who_asks_at_a_newer_revision_does_not_join_an_older_computation(cache: Cache) -> None:
    """A record that changed meanwhile must not be answered from before."""
    old, new = Work("old"), Work("new")
    old.gate.clear()
    first = asyncio.create_task(cache.get_or_compute("answer", "q", NOW, old))
    await asyncio.sleep(0)

    assert await cache.get_or_compute("answer", "q", {**NOW, "records": "r2"}, new) == "new"
    old.gate.set()
    assert await first == "old"
    found = cache.peek("answer", "q", {**NOW, "records": "r2"})
    assert found is None or found.value == "new"


async def test_room_is_made_for_the_latest_used(cache: Cache) -> None:
    """Memory keeps the last used ones; the file keeps eight times as many, the newest."""
    for number in range(3):
        await cache.get_or_compute("live", str(number), NOW, Work(number))
    cache.peek("live", "0", NOW)
    await cache.get_or_compute("live", "3", NOW, Work(3))

    assert [cache.peek("live", str(number), NOW) is not None for number in range(4)] == [True, False, True, True]
    assert counted(cache, "live")["evicted"] == 1
    assert cache.stats()["kinds"]["live"]["held"] == 3


async def test_the_file_does_not_grow_for_ever(tmp_path: Path, clock: FakeClock) -> None:
    """Of each kind eight times what memory holds, the newest."""
    cache = Cache(tmp_path / "cache.db", clock, KINDS)
    for number in range(40):
        clock.move(0.1)
        cache.put("answer", str(number), number, NOW)
    cache.close()
    with_file = sqlite3.connect(tmp_path / "cache.db")
    rows = [row[0] for row in with_file.execute("SELECT CAST(value AS TEXT) FROM entry ORDER BY stored")]
    with_file.close()

    assert [str(number) for number in range(16, 40)] == rows


@pytest.mark.parametrize("damage", [b"no database" * 1000, b"SQLite format 3\x00" + b"\xff" * 9000])
async def test_a_damaged_file_is_thrown_away_and_counted(tmp_path: Path, damage: bytes) -> None:
    """The cache may be deleted: damage costs its content only."""
    (tmp_path / "cache.db").write_bytes(damage)
    cache = Cache(tmp_path / "cache.db", kinds=KINDS)

    assert await cache.get_or_compute("answer", "q", NOW, Work()) == "value"
    assert cache.stats()["disk"]["recreated"] == 1
    cache.close()
    again = Cache(tmp_path / "cache.db", kinds=KINDS)
    assert again.peek("answer", "q", NOW) is not None
    again.close()


async def test_damage_while_running_costs_no_answer(tmp_path: Path) -> None:
    """A page that goes bad underneath: the answer is computed, the file made anew."""
    cache = Cache(tmp_path / "cache.db", kinds={"answer": Kind(60, 10, 1)})
    for number in range(8):
        cache.put("answer", str(number), "x" * 3000, NOW)
    cache.close()
    cache = Cache(tmp_path / "cache.db", kinds={"answer": Kind(60, 10, 1)})
    whole = (tmp_path / "cache.db").read_bytes()
    (tmp_path / "cache.db").write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))

    for number in range(8):
        assert await cache.get_or_compute("answer", f"new {number}", NOW, Work()) == "value"
        assert cache._writer is not None
        cache._writer.submit(int).result()

    assert cache.stats()["disk"]["recreated"] == 1
    cache.close()
    again = Cache(tmp_path / "cache.db", kinds={"answer": Kind(60, 10, 1)})
    assert again.peek("answer", "new 7", NOW) is not None
    again.close()


async def test_without_a_place_for_the_file_it_lives_in_memory(tmp_path: Path) -> None:
    """A file that cannot be opened is told in the stats; the answers still come, and are remembered."""
    (tmp_path / "data").write_text("a file, no folder")
    cache, work = Cache(tmp_path / "data" / "cache.db", kinds=KINDS), Work()
    for _ in range(2):
        assert await cache.get_or_compute("answer", "q", NOW, work) == "value"

    assert work.calls == 1
    assert "data" in cache.stats()["disk"]["trouble"]
    cache.clear()
    cache.close()


async def test_clearing_forgets_in_both_places(cache: Cache) -> None:
    """One kind or all; the file too, at once."""
    cache.put("answer", "q", 1, NOW)
    cache.put("live", "q", 1, NOW)

    cache.clear("answer")
    assert cache.peek("answer", "q", NOW) is None
    assert cache.peek("live", "q", NOW) is not None
    cache.clear()
    assert cache.peek("live", "q", NOW) is None


async def test_a_codec_carries_values_through_the_file(tmp_path: Path) -> None:
    """Any value, and one that can no longer be decoded is a miss."""
    codec = Codec(lambda value: repr(value).encode(), lambda raw: complex(raw.decode()))
    first = Cache(tmp_path / "cache.db", kinds={"answer": Kind(60, 10, 3, codec)})
    first.put("answer", "good", 3 + 4j, NOW)
    first.put("answer", "bad", "no number", NOW)
    first.close()
    second = Cache(tmp_path / "cache.db", kinds={"answer": Kind(60, 10, 3, codec)})

    found = second.peek("answer", "good", NOW)
    assert found is not None
    assert found.value == 3 + 4j
    assert second.peek("answer", "bad", NOW) is None
    second.close()


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_different_parts_never_make_the_same_key(one: list[str], two: list[str]) -> None:
    """No separator can be smuggled in."""
    assert (one == two) == (key_of(*one) == key_of(*two))


async def test_any_text_is_a_key(cache: Cache) -> None:
    """A hundred kilobytes, an empty text, half a surrogate."""
    for key in ("", "x" * 100_000, "x" * 100_001, "\ud800"):
        assert len(key) == await cache.get_or_compute("answer", key, NOW, _give(len(key)))
    assert counted(cache)["misses"] == 4


def _give(value: int) -> Callable[[], Awaitable[int]]:
    async def give() -> int:
        return value

    return give


async def test_a_hit_in_memory_is_quick(cache: Cache) -> None:
    """Under 100 microseconds (best of many)."""
    work, spent = Work(), []
    for _ in range(200):
        start = time.perf_counter()
        await cache.get_or_compute("answer", "What is the amp draw?", NOW, work)
        spent.append(time.perf_counter() - start)

    assert min(spent) < 100e-6


def test_two_event_loops_may_use_it_in_turn(cache: Cache) -> None:
    """A command that runs several loops one after the other shares the values."""

    async def ask(value: str) -> str:
        return str(await cache.get_or_compute("answer", "q", NOW, Work(value)))

    assert asyncio.run(ask("one")) == "one"
    assert asyncio.run(ask("two")) == "one"

"""The hybrid logical clock: 48-bit milliseconds, a 16-bit counter and the node, ordered even when the clock jumps.

Pure: the time is handed in. After Kulkarni et al., "Logical Physical Clocks" (2014); form in reference/sync.md 7.3.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

MAX_MS = 2**48 - 1
MAX_COUNTER = 2**16 - 1


@dataclass(frozen=True, slots=True, order=True)
class Stamp:
    """One tick. Compares as its text does."""

    ms: int
    """Milliseconds since 1970, UTC; never below an earlier tick's, whatever the clock said."""
    counter: int
    """Ticks within that millisecond."""
    node: str
    """Who ticked: the box."""

    def text(self) -> str:
        """Give the fixed-width form that sorts as the stamps do."""
        return f"{self.ms:012x}-{self.counter:04x}-{self.node}"

    def time(self) -> datetime:
        """Give the physical part as a UTC time."""
        return datetime.fromtimestamp(self.ms / 1000, UTC)


def parse(text: str) -> Stamp:
    """Read `Stamp.text`. Raises ValueError for anything else."""
    ms, counter, node = text.split("-", 2)
    if len(ms) != 12 or len(counter) != 4:
        raise ValueError(f"not a clock stamp: {text!r}")
    return Stamp(int(ms, 16), int(counter, 16), node)


def tick(last: Stamp | None, now_ms: int, node: str) -> Stamp:
    """Give the stamp after `last`: the clock's time if it moved on, else the same millisecond counted up."""
    now = min(max(now_ms, 0), MAX_MS)
    if last is None or now > last.ms:
        return Stamp(now, 0, node)
    if last.counter < MAX_COUNTER:
        return Stamp(last.ms, last.counter + 1, node)
    return Stamp(last.ms + 1, 0, node)


def resume(last: Stamp, now_ms: int, node: str) -> Stamp:
    """Give the first stamp after another writer's `last` (an earlier run, another process): a new millisecond.

    A whole new millisecond, so that ULIDs made from it sort after the other writer's too.
    """
    return Stamp(min(max(now_ms, last.ms + 1), MAX_MS), 0, node)


def receive(last: Stamp | None, other: Stamp, now_ms: int, node: str) -> Stamp:
    """Give the stamp after having seen `other`, from head office or a second box."""
    seen = other if last is None or (other.ms, other.counter) > (last.ms, last.counter) else last
    return tick(seen, now_ms, node)

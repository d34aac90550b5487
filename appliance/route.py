"""Online or offline, decided in one place: a pure choice of which rungs to try."""

from dataclasses import dataclass
from typing import Literal

Way = Literal["gemini", "local", "extractive"]


@dataclass(frozen=True, slots=True)
class Reach:
    """Facts about the link."""

    online: bool
    metered: bool = False
    latency_ms: float | None = None
    """Last measured round trip; None: not measured."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the owner allows and the box has."""

    cloud: bool
    """The owner allows Gemini and there is a key."""
    local: bool
    """A local language model is installed and allowed."""
    metered_cloud: bool = False
    """May the cloud be asked over a link that costs by the byte?"""


def choose(reach: Reach, wish: Wish) -> tuple[Way, ...]:
    """Give the rungs to try, best first; the device's own extractive composer is always the last."""
    rungs: list[Way] = []
    if wish.cloud and reach.online and (wish.metered_cloud or not reach.metered):
        rungs.append("gemini")
    if wish.local:
        rungs.append("local")
    rungs.append("extractive")
    return tuple(rungs)


def may_fetch(reach: Reach, *, allowed: bool, metered: bool = False) -> bool:
    """Say whether the web may be asked for texts: the owner allows it, and there is a link that costs nothing.

    `metered`: may it be asked over a link that costs by the byte, too?
    """
    return allowed and reach.online and (metered or not reach.metered)

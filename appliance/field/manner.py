"""How a person wants to be answered: kept as preferences, read at every answer.

Speed and volume go in steps from what is in force, so that "slower" twice is slower still. What is kept and not
understood (an older program's, a newer one's) counts as not kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

Length = Literal["short", "normal", "long"]
Skill = Literal["beginner", "intermediate", "expert"]

SPEEDS = (0.6, 0.7, 0.85, 1.0, 1.2, 1.4, 1.6)
"""Steps of the speaking rate, 1 is the box's own."""
VOLUMES = (0.35, 0.5, 0.7, 1.0, 1.4, 2.0)
"""Steps of the amplitude, 1 is the voice's own; about 3 decibels each."""
SPEED, VOLUME, LENGTH, SKILL, NAME = "speech_rate", "volume", "length", "skill", "name"
"""Names under which the preferences are kept."""
BY_SKILL: Mapping[str, Length] = {"beginner": "long", "intermediate": "normal", "expert": "short"}
"""How long an answer is for whom, when no length was asked for."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How one person is answered."""

    speed: float = 1.0
    """Times the box's own speed."""
    volume: float = 1.0
    """Times the voice's own amplitude."""
    length: Length = "normal"
    """How much of an answer is said; all of it is shown, whatever is said."""


PLAIN = Manner()


def manner(kept: Mapping[str, Any], skill: str = "intermediate") -> Manner:
    """Read a person's preferences; `skill` holds for who never named one."""
    length, known = kept.get(LENGTH), kept.get(SKILL)
    by_skill = BY_SKILL.get(known if isinstance(known, str) else "") or BY_SKILL.get(skill, "normal")
    return Manner(
        within(kept.get(SPEED), SPEEDS),
        within(kept.get(VOLUME), VOLUMES),
        cast("Length", length) if length in ("short", "normal", "long") else by_skill,
    )


def within(value: object, steps: Sequence[float]) -> float:
    """Give a kept number within its steps; 1 for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return 1.0
    return min(max(float(value), steps[0]), steps[-1])


def step(now: object, steps: Sequence[float], *, up: bool) -> float | None:
    """Give the next step from the value in force; None where there is no further one."""
    value = within(now, steps)
    beyond = [one for one in steps if (one > value + 1e-9 if up else one < value - 1e-9)]
    if not beyond:
        return None
    return min(beyond) if up else max(beyond)

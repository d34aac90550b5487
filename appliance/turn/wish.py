"""Wishes about how the box answers: "slower", "shorter answers", "I'm new at this"; kept for who said them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from appliance.field.manner import LENGTH, NAME, SKILL, SPEED, SPEEDS, VOLUME, VOLUMES, step, within
from appliance.turn.capture import Capture
from appliance.turn.question import Question
from sync.operation import Operation

Wish = tuple[str, object, str]
"""Name of the preference, its value (None: as the box is set), and how it is confirmed."""

NAMED = re.compile(r"\b(?:call me|my name is)\s+([A-Z][\w'-]*)", re.IGNORECASE)
PLAIN: tuple[tuple[str, Wish], ...] = (
    (r"\b(?:normal|usual|regular|default)\b.{0,12}\b(?:speed|pace|rate)\b|\b(?:speak|talk) normal",
     (SPEED, None, "I'll speak at my normal speed.")),
    (r"\b(?:normal|usual|regular|default)\b.{0,12}\bvolume\b", (VOLUME, None, "I'll speak at my normal volume.")),
    (r"\b(?:normal|usual|regular|default)\b.{0,12}\b(?:answers?|length|detail)\b",
     (LENGTH, None, "I'll answer at my usual length.")),
    (r"\bshort|\bbrief|\bsimple|\bconcise|\bto the point|\bquick(?:er)? answers|"
     r"\b(?:less|fewer) (?:details?|words)|\btoo (?:long|wordy|much)\b",
     (LENGTH, "short", "I'll keep my answers short; warnings stay, and the card shows the rest.")),
    (r"\blong|\bdetail|\bexplain", (LENGTH, "long", "I'll explain more.")),
    (r"\bnew\b|\bbeginner|\bapprentice|\btrainee", (SKILL, "beginner", "I'll explain more as we go.")),
    (r"\bintermediate", (SKILL, "intermediate", "I'll answer at my usual length.")),
    (r"\bexpert|\bsenior|\bjourneyman|\bexperienced", (SKILL, "expert", "I'll keep to the point; warnings stay.")),
)  # fmt: skip
STEPS: tuple[tuple[str, str, Sequence[float], bool, str], ...] = (
    (r"\bslow", SPEED, SPEEDS, False, "slower"),
    (r"\bfast|\bquick|\bspeed up", SPEED, SPEEDS, True, "faster"),
    (r"\bloud|\b(?:speak|talk|volume) up\b|\bturn .{0,16}\bup\b|\b(?:raise|increase)\b", VOLUME, VOLUMES, True,
     "louder"),
    (r"\bquiet|\bsoft|\bvolume down\b|\bturn .{0,16}\bdown\b|\b(?:lower|reduce)\b", VOLUME, VOLUMES, False,
     "more quietly"),
)  # fmt: skip
"""Pattern, preference, its steps, which way, and how that is said."""
OPPOSED = re.compile(
    r"\btoo (slow|fast|quick|loud|quiet|soft)|\b(?:not|less) (?:so |as )?(slow|fast|quick|loud|quiet|soft)"
)
"""Complaints: "you talk too fast" asks for slower."""
OTHERWISE = {"slow": "fast", "fast": "slow", "quick": "slow", "loud": "quiet", "quiet": "loud", "soft": "loud"}


def preference(question: Question, kept: Mapping[str, Any]) -> Capture | None:
    """Keep a wish about how the box answers; None when it is none that we know.

    `kept` are the person's preferences in force: steps go from there.
    """
    wish = read(question.text, kept)
    if wish is None:
        return None
    key, value, said = wish
    person = question.person or "technician"
    return Capture((Operation("preference", {"value": value}, entity=person, field=key, actor=question.person),), said)


def read(said: str, kept: Mapping[str, Any]) -> Wish | None:
    """Read a wish out of what was said."""
    if name := NAMED.search(said):
        return NAME, name[1].title(), f"All right, {name[1].title()}."
    text = OPPOSED.sub(lambda match: OTHERWISE[match[1] or match[2]], said.lower())
    plain = next((wish for pattern, wish in PLAIN if re.search(pattern, text)), None)
    return plain or stepped(text, kept)


def stepped(text: str, kept: Mapping[str, Any]) -> Wish | None:
    """Read a step up or down; at the last one, what is in force is kept."""
    for pattern, key, steps, up, how in STEPS:
        if re.search(pattern, text):
            value = step(kept.get(key), steps, up=up)
            if value is None:
                return key, within(kept.get(key), steps), f"I can't speak any {how}."
            return key, value, f"I'll speak {how}."
    return None

"""Doings that are not each other's: an interval for inspecting says nothing of testing or replacing."""

from collections.abc import Set as AbstractSet

from appliance.turn.words import stem

ACTIVITIES = tuple(
    frozenset(stem(word) for word in group.split())
    for group in (
        "test trip exercise operate churn run flow", "inspect visual look check", "replace swap change", "clean wash",
        "hydro", "service overhaul", "weight weigh", "train education", "drain", "recharge refill", "calibrate",
        "notify tell call", "document record",
    )
)  # fmt: skip
"""Doings that are not each other's: an interval for inspecting says nothing of testing."""


def others(asked: AbstractSet[str], text: AbstractSet[str]) -> bool:
    """Tell whether a question names a doing (by stems) of which a text has no word."""
    doings = [group for group in ACTIVITIES if group & asked]
    return bool(doings) and not any(group & text for group in doings)

"""What is due on a site when no one thing is asked about: everything, or what is overdue."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import date

from appliance.field.line import Line
from appliance.turn.words import stems

_ALL = re.compile(r"\bwhat(?:'s| is)\b|\boverdue\b|\banything\b|\bbehind\b", re.IGNORECASE)
_IDLE = stems("due due's overdue behind last when next again do now need needs test tests testing have time date must")
"""Words of asking."""


def everything(text: str, asked: AbstractSet[str], lines: Sequence[Line], today: date) -> list[Line] | None:
    """Give all due dates, soonest first, only past ones when what is overdue is asked; None when one thing is meant."""
    if asked - _IDLE or not _ALL.search(text):
        return None
    late = "overdue" in text.lower() or "behind" in text.lower()
    dues = [line for line in lines if line.due and (not late or line.due.next < today)]
    return sorted(dues, key=lambda line: line.due.next if line.due else today)

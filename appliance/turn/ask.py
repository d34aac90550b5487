"""What kind of figure a question asks for, so that an answer of another kind is not taken for one.

"How often" wants an interval, "how hot" a temperature. A passage about the right valve that gives only a pressure does
not answer how often it is tested: then the sources do not say.
"""

import re

from appliance.turn.question import Asked

TIME = frozenset({"s", "min", "h", "day", "week", "month", "quarter", "year"})
LENGTH = frozenset({"in", "ft", "mm", "m"})

KINDS: tuple[tuple[str, str, frozenset[str], bool], ...] = (
    (r"\bhow often|how frequently|what(?:'s| is)? (?:the )?(?:interval|frequency|schedule)|\bintervals?\b|frequency",
     "interval", TIME, True),
    (r"\b(?:torque|foot[- ]pounds?|ft[- ]lbs?|inch[- ]pounds?)\b", "torque", frozenset(), False),
    (r"\b(?:prices?|priced|costs?|dollars?|quote)\b|\bhow much (?:is|are|for) (?:a|an|the|one)\b", "price",
     frozenset({"$"}), True),
    (r"\b(?:phone|password|passcode|pin code|default code|access code|combination)\b", "code", frozenset(), True),
    (r"\b(?:how hot|how cold|temperature|degrees|how warm)\b", "temperature", frozenset({"°F", "°C"}), True),
    (r"\b(?:what|which|how much|maximum|minimum|at)\b.{0,15}\b(?:pressure|psi)\b", "pressure",
     frozenset({"psi", "kPa", "bar", "%"}), True),
    (r"\bhow far (?!open|outside|off|out|ahead|back|in advance|down|along|gone)"
     r"|\b(?:distance|travel distance|clearance|how close|how high|how deep|gap|gaps|spacing)\b",
     "distance", LENGTH, True),
    (r"\b(?:what|how much) (?:flow|gpm)|\bgallons per minute\b|\bhow many gpm\b", "flow", frozenset({"gpm", "L/min"}),
     True),
    (r"\b(?:how loud|decibels?|dba?|sound level)\b", "sound level", frozenset({"dB", "dBA"}), True),
    (r"\b(?:how heavy|how much does .{0,30}weigh)\b", "weight", frozenset({"lb", "kg", "oz"}), True),
    (r"\bhow (?:long|soon|quickly|fast|old)|how many (?:seconds|minutes|hours|days|weeks|months|years)|\bat what age\b",
     "time", TIME | {"ft"}, True),
    (r"\bwithin how (?:long|many (?:seconds|minutes|hours|days))\b|what (?:age|duration|time limit)", "time", TIME,
     True),
    (r"\bwhat percent|percentage|how much weight|how much pressure loss", "percentage", frozenset({"%", "lb"}), True),
    (r"\bwhen (?:must|should|do|does|is|are|was|were|will)\b", "time", TIME, True),
)  # fmt: skip
"""Pattern, name, units of which the answer must carry one, and whether any shipped source gives such figures."""

_PATTERNS = tuple((re.compile(pattern, re.IGNORECASE), name, units, known) for pattern, name, units, known in KINDS)


def asked(text: str) -> Asked | None:
    """Say what kind of figure `text` asks for; None when it asks for no figure that we can name."""
    for pattern, name, units, known in _PATTERNS:
        if pattern.search(text):
            return Asked(name, units, known)
    return None

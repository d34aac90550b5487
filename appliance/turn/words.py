"""The words of a text that carry meaning: lower case, stemmed, function words left out."""

import re
from functools import lru_cache
from itertools import pairwise

from corpora.stem import stem as english

STOP = frozenset(
    """a about above after again all also am an and any are as at be because been before being below between both but by
    can could did do does doing don down during each either else even ever few for from further get gets give given
    go got had has have having he her here hers him his how i if in into is it its itself just know let like look
    make many may me might mine more most much must my myself need needs next often
    of off on once one only onto or other
    our out over own per please same say says see shall she should so some such take tell than that the their them
    then there these they this those through to too under until up us use used using very want was we were what when
    where whether which while who whom whose why will with within would you your carry perform conduct handle undertake
    proceed step steps procedure properly correctly somebody someone anybody""".split()
)
"""Words that say nothing about the subject. "no" and "not" are missing on purpose: they are polarity, not noise."""

_TOKEN = re.compile(r"[a-z][a-z&']*[a-z&]|[a-z]|\d+(?:\.\d+)*", re.IGNORECASE)
SAME = {
    "yearly": "annual", "annually": "annual", "sprinklers": "sprinkler", "heads": "sprinkler", "head": "sprinkler",
    "amperage": "amp", "amps": "amp", "detectors": "detector", "extinguishers": "extinguisher", "firewatch": "watch",
    "testing": "test", "tested": "test", "checked": "inspect", "check": "inspect", "checks": "inspect",
    "checking": "inspect", "inspection": "inspect", "inspections": "inspect", "inspecting": "inspect",
    "examined": "inspect", "examine": "inspect", "examination": "inspect", "looked": "inspect",
    "swap": "replace", "swapped": "replace", "change": "replace", "changed": "replace", "replacement": "replace",
    "replacing": "replace", "alarms": "alarm", "servicing": "service", "serviced": "service",
    "maintenance": "service", "maintained": "service", "maintain": "service", "hydrostatic": "hydro",
    "hydrostatically": "hydro", "hydrotest": "hydro", "hydrotested": "hydro", "hydroed": "hydro",
    "genset": "generator", "batteries": "battery", "lights": "light", "lighting": "light",
    "weigh": "weight", "weighed": "weight", "kitchens": "kitchen", "cooking": "kitchen",
}  # fmt: skip
"""Words a technician uses for one thing, before stemming."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give the stem of one lower-case word, after folding what technicians use for one thing."""
    word = word.removesuffix("'s").replace("'", "")
    return english(SAME.get(word, word))


@lru_cache(maxsize=4_000)
def stems(text: str) -> frozenset[str]:
    """Give the stems of the words that carry meaning."""
    return frozenset(stem(word) for word in _TOKEN.findall(text.lower()) if word not in STOP)


@lru_cache(maxsize=2_000)
def pairs(text: str) -> frozenset[tuple[str, str]]:
    """Give the stems of words that stand side by side, the first qualifying the second ("heat detectors")."""
    found = [stem(word) if word not in STOP else "" for word in _TOKEN.findall(text.lower())]
    return frozenset((one, other) for one, other in pairwise(found) if one and other)


def misnamed(asked: str, text: str) -> bool:
    """Tell whether a question qualifies a thing of the text by a word the text does not have, and the text by another.

    "Heat detectors" are asked for and the text speaks of smoke detectors.
    """
    theirs, said = pairs(text), stems(text)
    return any(
        head in said and kind not in said and any(other == head for _, other in theirs) for kind, head in pairs(asked)
    )

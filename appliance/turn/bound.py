"""Bounds beside a figure: "at least 30 minutes", "5 percent or more", "not to exceed 60 psi"."""

import re
from typing import Literal

from appliance.units import ADVERBS

Bound = Literal["least", "most", ""]

_FILL = r"(?:\s(?:every|once|each|about|approximately|a|an|the|in|of|full|another|or|equal|to|one))*\s*$"
_LEAST_DENIED = re.compile(
    rf"\b(?:no|not)\s(?:less|fewer|lower|sooner|under|below|shorter)\s(?:often\s)?than{_FILL}", re.IGNORECASE
)
_MOST_DENIED = re.compile(
    rf"\b(?:no|not)\s(?:more|greater|higher|later|longer|over|above)\s(?:often\s)?than{_FILL}"
    r"|(?:\bnot\s(?:to\s)?|n't\s|\bnever\s|\bcannot\s)(?:exceed|go\s(?:above|over|beyond)|be\s(?:above|over|more\sthan))\b",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"(?:\b(?:at least|(?:more|greater|longer|higher|later|better)\sthan|over|above|beyond)|[≥>]){_FILL}"
    r"|\b(?:minimum|min\.?|exceed(?:s|ing)?|at the least)\b",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"(?:\b(?:at most|up to|(?:less|fewer|shorter|lower|sooner)\sthan|under|below|within|limited to)|[≤<]){_FILL}"
    r"|\b(?:maximum|max\.?|limit)\b",
    re.IGNORECASE,
)
_OR_MORE = re.compile(
    r"\s?(?:(?:or|and)\s(?:more|greater|higher|above|over|longer|warmer|hotter|better|later)|minimum|min)\b",
    re.IGNORECASE,
)
_OR_LESS = re.compile(
    r"\s?(?:(?:or|and)\s(?:less|fewer|lower|below|under|shorter|colder|cooler|earlier|sooner)|(?:[\w/]+\s)?limit|maximum|max)\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"^\s?\([^()]*\)")
_NEAR = 40
"""How many characters before a figure its bound may stand."""


def bound(text: str, start: int, end: int) -> Bound:
    """Give the bound that stands beside the figure at a place."""
    after = _ASIDE.sub("", text[end : end + 60])
    before = re.split(r"[,;:]|\b(?:and|then|plus)\b", text[max(0, start - _NEAR) : start])[-1]
    if _OR_MORE.match(after) or _LEAST_DENIED.search(before):
        return "least"
    if _OR_LESS.match(after) or _MOST_DENIED.search(before):
        return "most"
    least, most = bool(_LEAST.search(before)), bool(_MOST.search(before))
    return "" if least == most else "least" if least else "most"


_EVERY = re.compile(
    r"\b(?:every|each|once|once every|once in|intervals?(?:\s(?:is|of))?(?:\s(?:not|no) more than)?)\s*$", re.IGNORECASE
)
_OPENS = frozenset({"every", "each", "once", "twice", "per"})


def interval(text: str, start: int, end: int) -> bool:
    """Tell whether a time is how often ("every 3 years", "30-day intervals") and not how long."""
    own = text[start:end].lower()
    return (
        own in ADVERBS
        or own.split()[0] in _OPENS
        or " times " in own
        or _EVERY.search(text[max(0, start - 32) : start]) is not None
        or re.match(r"[\s-]intervals?\b", text[end:]) is not None
    )

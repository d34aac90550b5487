"""What a sentence denies: the whole of it ("need not be tested"), or only a quality ("run without flow").

Decisions: a denied quality is a word of its own ("!flow"), because it tells two facts apart ("supervised every year",
"not supervised every 3 months") and denies neither. All other negations turn the meaning of their segment round.
"""

import re
from functools import lru_cache

from appliance.turn.words import STOP, stem

_SKIP = r"(?:(?:an?|any|the|another|other|its|their|in|for|on|at|during|constantly|yet|they|it|is|are|was|were)\s+)*"
_QUALITY = re.compile(
    rf"\b(?:without|lacks?|lacking|except|excluding|other than|unless)\s+(?P<a>{_SKIP})(?P<w1>[a-z]+)"
    r"|\bnon-?(?P<w2>[a-z]{3,})"
    r"|\bno-(?P<w3>[a-z]+)"
    r"|\bun(?P<w4>[a-z]{4,}ed)\b"
    rf"|\b(?:that|which|who|whose(?:\s+\w+){{1,3}})\s+(?:is|are|was|were|has|have|do|does|did)\s*(?:not|n't)\s+(?P<b>{_SKIP})(?P<w5>[a-z]+)"
    rf"|\b(?:if|when|where)\s+(?:\w+\s+){{1,4}}?(?:is|are|was|were)\s*(?:not|n't)\s+(?P<c>{_SKIP})(?P<w7>[a-z]+)"
    r"|(?:^|[,(]\s?|\bif\s+)not\s(?P<w6>[a-z]+(?:ed|ing)\b)",
    re.IGNORECASE,
)
_OR_ALSO = re.compile(r"\s(?:or|nor)\s([a-z]+)", re.IGNORECASE)
_NOT_NEGATION = re.compile(
    r"\b(?:no|not)\s+(?:less|more|fewer|later|longer|greater|sooner|lower|higher)\s(?:often\s)?than\b|\bnot only\b|"
    r"\b(?:do not|don't|never) (?:forget|hesitate)\b|\bnot to exceed\b|\bwhether or not\b|\bno\. ?(?=\d)",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|cannot|nothing|exempt(?:ed|s|ion)?|excluded|prohibited|forbidden|"
    r"waived|prohibits?|forbids?|optional|unnecessary|needless|myth|reject(?:s|ed)?|wrong|false|instead of|"
    r"rather than)\b|n't\b",
    re.IGNORECASE,
)
_SEGMENT = re.compile(
    r",?\s(?:but|whereas|while|however|and then|then|though|although|plus|and)\s|[;:]\s|\s[-\u2013\u2014]\s"
    r"|\s(?=(?:instead of|rather than)\s)"
    r"|(?<=[.!?])\s+"
)
_LEADING = re.compile(
    r"^(?:where|when|whenever|if|unless|although|though|because|since|while)\b[^,]*,\s", re.IGNORECASE
)


@lru_cache(maxsize=8_000)
def qualities(text: str) -> tuple[str, frozenset[str]]:
    """Give the text without its denied qualities, every place kept, and those qualities as stems with "!" before."""
    found: set[str] = set()
    for match in _QUALITY.finditer(text):
        group = match.lastgroup or ""
        words = [match[group]]
        end = match.end()
        if group in {"w1", "w5", "w7"} and (also := _OR_ALSO.match(text, end)):
            words.append(also[1])
            end = also.end()
        denied = {f"!{stem(word.lower())}" for word in words if word.lower() not in STOP}
        if not denied:
            continue
        found |= denied
        text = text[: match.start()] + " " * (end - match.start()) + text[end:]
    return text, frozenset(found)


@lru_cache(maxsize=8_000)
def segments(text: str) -> tuple[tuple[int, int], ...]:
    """Cut a text into the spans that have a polarity of their own."""
    cuts = [(match.start(), match.end()) for match in _SEGMENT.finditer(text)]
    if leading := _LEADING.match(text):
        cuts = [(leading.end() - 1, leading.end()), *(cut for cut in cuts if cut[0] >= leading.end())]
    starts, ends = [0, *(end for _, end in cuts)], [*(start for start, _ in cuts), len(text)]
    return tuple(zip(starts, ends, strict=True))


@lru_cache(maxsize=8_000)
def _denials(text: str) -> tuple[bool, ...]:
    without, _ = qualities(text)
    without = _NOT_NEGATION.sub(lambda match: " " * len(match[0]), without)
    return tuple(len(_NEGATION.findall(without[start:end])) % 2 == 1 for start, end in segments(text))


def denies(text: str, at: int) -> bool:
    """Tell whether the segment around a place denies what it says; "not exempt" and "no less than" do not."""
    for (_, end), denied in zip(segments(text), _denials(text), strict=True):
        if at <= end:
            return denied
    return False


def negated(text: str) -> bool:
    """Tell whether any segment of a text denies something."""
    return any(_denials(text))


def opposed(said: frozenset[str], stands: frozenset[str]) -> str:
    """Give the quality that one side has and the other denies, or ""."""
    for word in said - stands:
        other = word[1:] if word.startswith("!") else f"!{word}"
        if other in stands:
            return word
    return ""

"""Whether something is said: a figure in any unit, a name, a pattern."""

import re

from appliance.units import find, same

_PLAIN = str.maketrans({
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2212": "-", "\u2019": "'",
    "\u00bd": " 1/2", "\u00bc": " 1/4", "\u00be": " 3/4",
})  # fmt: skip
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_CONNECTING = re.compile(r"\b(?:to|or|and|at|least|most|every|about)\b|[\s,.-]+")
_BARE = re.compile(r"\d+(?:\.\d+)?")
_FREE = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.]*\d)")


def tidy(text: str) -> str:
    """Plain dashes and quotes, single spaces, no thousands separators; letters keep their case ("A" is a unit)."""
    return _THOUSANDS.sub("", " ".join(text.translate(_PLAIN).split()))


def plain(text: str) -> str:
    """As `tidy`, in lower case."""
    return tidy(text).lower()


def stands(wanted: str, text: str) -> bool:
    """Tell whether `wanted` (in the notation of `Question.figures`) is said in `text`."""
    if wanted.startswith("re:"):
        return re.search(wanted[3:], plain(text)) is not None
    return words(plain(wanted), plain(text)) or _quantities(tidy(wanted), tidy(text)) or _number(wanted, text)


def words(wanted: str, text: str) -> bool:
    """Tell whether the very words stand in the text, not as part of a longer word, number or section."""
    ending = r"\w*" if wanted.endswith("*") else r"(?!\w|\.\d)"
    return re.search(rf"(?<![\w.]){re.escape(wanted.rstrip('*'))}{ending}", text) is not None


def _quantities(wanted: str, text: str) -> bool:
    """The same quantities in any unit and spelling, when `wanted` is nothing but quantities."""
    parts = find(wanted)
    if not parts or not only_quantities(wanted):
        return False
    said = find(text)
    return all(any(same(part, other) for other in said) for part in parts)


def only_quantities(wanted: str) -> bool:
    """Tell "3 to 15 tons" from "48 hours' notice"."""
    left, at = "", 0
    for part in find(wanted):
        left, at = left + wanted[at : part.start], max(at, part.end)
    return not _CONNECTING.sub("", left + wanted[at:])


def _number(wanted: str, text: str) -> bool:
    """The same bare number: "10" is said by "10.0"."""
    number = plain(wanted)
    if not _BARE.fullmatch(number):
        return False
    return any(float(other) == float(number) for other in _FREE.findall(plain(text)))

"""Text in plain characters and digits, so that one figure has one spelling: "twenty-four" and "24" are the same.

Invisible characters go, look-alike digits become digits, fractions become "3/4", number words become digits. A lone
"one" stays, being a pronoun more often than a number.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from appliance.units import TENS, TO_NINETEEN

_CARDINAL = {word: n for n, word in enumerate(TO_NINETEEN)} | {word: 10 * n for n, word in enumerate(TENS, start=2)}
_SCALES = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_PARTS = {
    "half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10, "sixteenth": 16,
    "halve": 2, "hundredth": 100, "thousandth": 1_000,
}  # fmt: skip
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third "
    "twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = "|".join(MONTH_NAMES)
_WORD = "|".join(sorted(_CARDINAL, key=len, reverse=True))
_SCALE = "|".join(_SCALES)
_PART = "|".join(sorted(_PARTS, key=len, reverse=True)).replace("half", "half(?!-year)")
_ORDINAL = "|".join(sorted(_ORDINALS[1:], key=len, reverse=True))
_NUMERAL = re.compile(
    rf"\b(?:(?:an?|(?<![$.,\d])\d{{1,6}}(?:\.\d+)?)\s(?:{_SCALE})|{_WORD})\b"
    rf"(?:(?:[\s-]|(?<=hundred)\sand\s|(?<=thousand)\sand\s)(?:{_WORD}|{_SCALE})\b)*(?:\spoint(?:\s(?:{_WORD})\b)+)?",
    re.IGNORECASE,
)
_MIXED = re.compile(rf"\b(?P<whole>\d+|one)\s(?:and\s)(?P<top>an?|one|\d)[\s-](?P<part>{_PART})s?\b", re.IGNORECASE)
_AND_HALF = re.compile(
    rf"(?<!\d\s)\b(?:(?:an?|one)\s)?(?P<unit>hour|day|week|month|year|inch|foot|mile|pound|gallon)\sand\sa\s(?P<part>{_PART})\b",
    re.IGNORECASE,
)
_FRACTION = re.compile(
    rf"\b(?:(?P<top>an?|one|\d+)[\s-])?(?P<part>{_PART})(?P<many>s?)\b(?P<of>(?:\sof)?(?:\s(?:an?|the)\b)?)"
    r"(?=(?P<next>\s?-?(?:inch|foot|hour|minute|pound|mile|gallon|turn|full|open|scale|way|travel|valve|percent)\b)?)",
    re.IGNORECASE,
)
_NTH = re.compile(r"\b(\d+)(?:st|nd|rd|th)\b", re.IGNORECASE)
_EVERY_NTH = re.compile(
    rf"\b(every|each)\s(second(?=\s(?:hour|day|week|month|quarter|year))|(?!(?:first|second)\b)(?:{_ORDINAL}))\b",
    re.IGNORECASE,
)
_DAY_OF = re.compile(
    rf"\b(?:the\s)?({_ORDINAL}|\d{{1,2}}(?=(?:st|nd|rd|th)?\sof))(?:st|nd|rd|th)?\sof\s(?=(?:{_MONTH})\b)",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(rf"\b({_MONTH})\s(?:the\s)?({_ORDINAL})\b")
_TIMES = re.compile(r"\b(twice|thrice)\b(?!\s(?:an?|per)\s)", re.IGNORECASE)
_NUMBERISH = frozenset(
    {*_CARDINAL, *_SCALES, *_PARTS, *(f"{part}s" for part in _PARTS), "st", "nd", "rd", "th", "twice", "thrice"}
).union(*(ordinal.split("-") for ordinal in _ORDINALS))
"""Words without which a text has no number to write in digits."""
_DASHES = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2044": "/", "\u2215": "/", "\u2019": "'",
                         "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2032": "'", "\u2033": '"'})  # fmt: skip


@lru_cache(maxsize=4_000)
def plain(text: str) -> str:
    """Write `text` with plain characters and digits."""
    return _numerals(text if text.isascii() else _characters(text))


def _characters(text: str) -> str:
    """Drop what is invisible and fold what only looks different; a raised digit behind a digit stays apart from it."""
    written: list[str] = []
    for char in text:
        kind = unicodedata.decomposition(char).partition(" ")[0]
        before = written[-1][-1:] if written else ""
        if unicodedata.category(char) == "Cf":
            continue
        folded = unicodedata.normalize("NFKC", char).translate(_DASHES)
        if kind == "<fraction>" and before.isdigit():
            folded = f" {folded}"
        elif kind in {"<super>", "<sub>"} and before.isdigit() and folded.isdigit():
            folded = f"^{folded}"
        written.append(folded)
    return unicodedata.normalize("NFC", "".join(written))


def _numerals(text: str) -> str:
    if _NUMBERISH.isdisjoint(re.findall(r"[a-z]+", text.lower())):
        return text
    text = _EVERY_NTH.sub(lambda m: f"{m[1]} {_ORDINALS.index(m[2].lower())}", text)
    text = _DAY_OF.sub(lambda m: f"{_day(m[1])} ", text)
    text = _MONTH_DAY.sub(lambda m: f"{m[1]} {_day(m[2])}", text)
    text = _NUMERAL.sub(_cardinal, text)
    text = _AND_HALF.sub(lambda m: f"1 1/{_PARTS[m['part'].lower()]} {m['unit']}", text)
    text = _MIXED.sub(
        lambda m: f"{_top(m['whole'])} {_top(m['top'])}/{_PARTS[m['part'].lower()]}",
        text,
    )
    text = _FRACTION.sub(_part, text)
    text = _NTH.sub(lambda m: "first" if m[1] == "1" else m[1], text)
    return _TIMES.sub(lambda m: "2 times" if m[1].lower() == "twice" else "3 times", text)


def _day(ordinal: str) -> str:
    return ordinal if ordinal.isdigit() else str(_ORDINALS.index(ordinal.lower()))


def _top(word: str | None) -> str:
    return word if word and word.isdigit() else "1"


def _part(match: re.Match[str]) -> str:
    """Write a fraction; "third" and "quarter" are one only with a numerator and something they are a part of."""
    part, top, of = match["part"].lower(), match["top"], match["of"]
    counted = bool(top) and (bool(match["many"]) or top.lower() == "one" or "of" in of or match["next"] is not None)
    if part != "half" and not counted:
        return match[0]
    tail = "" if match["next"] is not None else of
    return f"{_top(top)}/{_PARTS[part]}{tail}"


def _cardinal(match: re.Match[str]) -> str:
    """Write a run of number words in digits; words that make no one number are written one by one."""
    if match[0].lower() == "one":
        return match[0]
    words = [word for word in re.split(r"[\s-]+", match[0].lower()) if word != "and"]
    whole, _, decimals = " ".join(words).partition(" point ")
    if decimals:
        digits = "".join(str(_CARDINAL[word]) for word in decimals.split())
        return f"{_joined(whole.split())}.{digits}"
    return _joined(words)


def _joined(words: Sequence[str]) -> str:
    done: list[float] = []
    total, group, last = 0.0, 0.0, float("inf")
    for word in words:
        if word in {"a", "an"}:
            continue
        if word in _SCALES:
            scale = _SCALES[word]
            group = max(group, 1.0) * scale
            if scale >= 1_000:
                total, group = total + group, 0.0
            last = scale
            continue
        value = float(_CARDINAL.get(word, -1)) if word in _CARDINAL else float(word)
        fits = last >= 100 or (last >= 20 and 0 < value < 10)
        if not fits:
            done.append(total + group)
            total, group = 0.0, 0.0
        group, last = group + value, value or 0.0
    done.append(total + group)
    return " ".join(f"{value:.15g}" for value in done)

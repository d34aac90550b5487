"""Number words to whole numbers: "three hundred and fifty five" to 355, "fifteen hundred" to 1500."""

import re
from collections.abc import Sequence

from appliance.ear.tokens import Token

ONES = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "niner": 9,
}
TEENS = {
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fourty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
SCALES = {"thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
ZEROS = frozenset({"zero", "oh", "o"})
"""What a nought is called inside a run of digits; only "zero" stands alone."""
DIGIT_NAMES = {**{word: str(value) for word, value in ONES.items()}, "zero": "0", "oh": "0", "o": "0"}
NUMBER_WORDS = frozenset({*ONES, *TEENS, *TENS, *SCALES, "hundred", "zero"})
WRITTEN = re.compile(r"\d+\Z")


def word(tokens: Sequence[Token], at: int) -> str:
    """Give the token at `at` in lower case when it continues the phrase, else an empty string."""
    return tokens[at].lower if at < len(tokens) and tokens[at].close else ""


def small(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read 1 to 99 from number words at `at`; give the value and the place after it."""
    first = tokens[at].lower if at < len(tokens) else ""
    if first in TENS:
        unit = ONES.get(word(tokens, at + 1), 0)
        return TENS[first] + unit, at + 1 + bool(unit)
    value = ONES.get(first) or TEENS.get(first)
    return (value, at + 1) if value else None


def tail(tokens: Sequence[Token], at: int, *, after_scale: bool) -> tuple[int, int] | None:
    """Read what is below a hundred after "hundred" or a scale: " fifty five", " and fifty five".

    "one hundred and two hundred" are two numbers: a tail with "and" must not itself be counted in hundreds.
    """
    linked = word(tokens, at) == "and"
    start = at + linked
    if not word(tokens, start):
        return None
    read = small(tokens, start)
    if read is None:
        return None
    following = word(tokens, read[1])
    if following == "hundred" or (linked and after_scale and following in SCALES):
        return None
    # "and one fifty" begins another number, said as a pair.
    return None if linked and read[0] < 10 and small(tokens, read[1]) and following else read


def hundreds(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read up to 9,999 said in hundreds ("fifteen hundred"), or up to 99."""
    first = tokens[at].lower if at < len(tokens) else ""
    counted = word(tokens, at + 1)
    if first == "a" and counted in {"hundred", *SCALES}:
        read: tuple[int, int] | None = (1, at + 1)
    elif WRITTEN.match(first) and counted in {"hundred", *SCALES} and len(first) < 4:
        read = (int(first), at + 1)
    else:
        read = small(tokens, at)
    if read is None:
        return None
    value, after = read
    if word(tokens, after) == "hundred":
        value, after = value * 100, after + 1
        if rest := tail(tokens, after, after_scale=False):
            value, after = value + rest[0], rest[1]
    return value, after


def cardinal(tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
    """Read a whole number in words at `at`; give the value and the place after it, None when there is none."""
    read = hundreds(tokens, at)
    if read is None:
        return None
    total, (value, after) = 0, read
    limit = 10**12
    while (scale := SCALES.get(word(tokens, after), 0)) and scale < limit:
        total, after, limit = total + value * scale, after + 1, scale
        linked = word(tokens, after) == "and"
        more = tail(tokens, after, after_scale=True) if linked else None
        if not linked and word(tokens, after):
            more = hundreds(tokens, after)
        value = 0
        if more is None:
            break
        if word(tokens, more[1]) in SCALES and SCALES[word(tokens, more[1])] >= limit:
            break
        value, after = more
    return total + value, after

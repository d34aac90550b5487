"""The parts of a spoken number: whole ones, runs of digits and pairs, decimals, halves and fractions, ordinals."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ear.cardinal import DIGIT_NAMES, NUMBER_WORDS, ONES, SCALES, TEENS, TENS, ZEROS, cardinal, small, word
from appliance.ear.tokens import Token

DENOMINATORS = {
    "half": 2,
    "halves": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "eighth": 8,
    "tenth": 10,
    "twelfth": 12,
    "sixteenth": 16,
    "twentieth": 20,
    "hundredth": 100,
    "thousandth": 1000,
}
"""Names of parts of a whole; plurals are read too. Thirty-seconds and sixty-fourths are read in two words."""
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
    "fortieth": 40,
    "fiftieth": 50,
}
DIVIDED = frozenset("inch inches amp amps".split())
"""Units of which people say parts: "a quarter of an inch", "quarter amp"."""
STAY = frozenset({"first", "second", "third"})
"""Ordinals that mean too much else to become figures when they stand alone."""
MONTHS = frozenset(
    "january february march april may june july august september october november december".split(),
)
SINGULAR = frozenset("inch foot pound minute hour second day week month year degree ton gallon amp volt watt".split())
"""A unit in the singular: the figure before it belongs to the thing, "two ten pound extinguishers"."""
TIMES = frozenset("minutes hours seconds days weeks months years".split())
YEARS = range(17, 22)
"""First halves of years and of OSHA's parts: "nineteen ten", "twenty seventeen"."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in digits and the place after it."""

    text: str
    after: int
    spoken: bool = True
    """False: it already stood in digits."""


def whole(tokens: Sequence[Token], at: int, *, coded: bool = False) -> Figure | None:
    """Read a whole number: digits in a row, pairs ("one fifty", "nineteen ten"), or a cardinal.

    `coded`: it names something (a standard, a part), so pairs join whatever follows.
    """
    first = tokens[at].lower
    if first.isdigit() and word(tokens, at + 1) not in {"hundred", *SCALES}:
        return Figure(tokens[at].text, at + 1, spoken=False)
    if run := digits(tokens, at):
        return run
    plain = cardinal(tokens, at)
    if plain is None:
        return Figure("0", at + 1) if first == "zero" else None
    value, after = plain
    if joined := pair(tokens, at, coded=coded):
        return joined
    return Figure(str(value), after)


def digits(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read three or more single digits in a row: "one three six"; a nought may stand anywhere but first as "oh"."""
    if tokens[at].lower not in ONES and tokens[at].lower != "zero":
        return None
    text, here = DIGIT_NAMES[tokens[at].lower], at + 1
    while (name := word(tokens, here)) in DIGIT_NAMES:
        text, here = text + DIGIT_NAMES[name], here + 1
    # What follows must not claim the last digit: "one two three hundred" are not one number.
    return Figure(text, here) if here - at >= 3 and word(tokens, here) not in {"hundred", *SCALES} else None


def pair(tokens: Sequence[Token], at: int, *, coded: bool) -> Figure | None:
    """Read two numbers said as one: "one fifty seven" 157, "two oh eight" 208, "nineteen ten" 1910, "twenty oh one"."""
    left = small(tokens, at)
    if left is None or not word(tokens, left[1]):
        return None
    middle = word(tokens, left[1]) in ZEROS
    behind = left[1] + middle
    right = small(tokens, behind) if word(tokens, behind) else None
    if right is None or word(tokens, right[1]) in {"hundred", "thousand", "million"}:
        return None
    unit, half = word(tokens, right[1]), meridiem(tokens, right[1])
    fits = left[0] < 10 or left[0] in YEARS
    if middle:
        text = f"{left[0]}0{right[0]}" if right[0] < 10 and (fits or coded) else ""
    elif half and left[0] <= 12 and 10 <= right[0] < 60:
        return Figure(f"{left[0]}:{right[0]} {half}", right[1] + (1 if unit == half else 2))
    else:
        counts = not coded and (unit in SINGULAR or unit in TIMES)
        text = f"{left[0]}{right[0]}" if fits and right[0] >= 10 and not counts else ""
    return Figure(text, right[1]) if text else None


def meridiem(tokens: Sequence[Token], at: int) -> str:
    """Give "am" or "pm" when it stands at `at`, in one word or two."""
    name = word(tokens, at)
    if name in ("am", "pm"):
        return name
    return f"{name}m" if name in ("a", "p") and word(tokens, at + 1) == "m" else ""


def points(tokens: Sequence[Token], base: Figure) -> Figure | None:
    """Read "point five", "point oh five", "point four point five": decimals, or a dotted number; None without any."""
    text, here = base.text, base.after
    while word(tokens, here) in ("point", "dot") and here + 1 < len(tokens) and near(tokens[here + 1]):
        behind = decimals(tokens, here + 1)
        if behind is None:
            break
        text, here = f"{text}.{behind.text}", behind.after
    return Figure(text, here) if here > base.after else None


def near(token: Token) -> bool:
    """Does the token follow "point" at once? Recognisers like to put a comma there."""
    return token.close or token.gap == ", "


def decimals(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read the digits behind a point."""
    text, here = "", at
    while here < len(tokens) and (here == at or tokens[here].close):
        name = tokens[here].lower
        if name in DIGIT_NAMES and (name != "o" or text):
            text, here = text + DIGIT_NAMES[name], here + 1
        elif (name in TEENS or name in TENS) and (read := small(tokens, here)) and len(text) < 2:
            return Figure(text + str(read[0]), read[1])
        elif name.isdigit() and here == at:
            return Figure(name, here + 1)
        else:
            break
    return Figure(text, here) if text else None


def denominator(tokens: Sequence[Token], at: int, *, plural: bool) -> tuple[int, int] | None:
    """Read the name of a part at `at`; give the figure and the place after it."""
    name = word(tokens, at)
    if name in ("thirty", "sixty"):
        tail = word(tokens, at + 1)
        wanted = {"thirty": "second", "sixty": "fourth"}[name] + ("s" if plural else "")
        return ((32 if name == "thirty" else 64), at + 2) if tail == wanted else None
    single = name if name in DENOMINATORS else name.removesuffix("s")
    if single not in DENOMINATORS or (plural and single == name and name not in ("half", "halves", "quarter")):
        return None
    return DENOMINATORS[single], at + 1


def part(tokens: Sequence[Token], at: int) -> tuple[int, int, int] | None:
    """Read "one eighth", "three quarters", "a half"; give numerator, denominator and the place after."""
    if at >= len(tokens):
        return None
    name = tokens[at].lower
    read = (1, at + 1) if name in ("a", "one") else small(tokens, at)
    if name.isdigit() and len(name) < 3:
        read = (int(name), at + 1)
    below = denominator(tokens, read[1], plural=read[0] > 1) if read else None
    if read is None or below is None or read[0] >= below[0]:
        return None
    if read[0] == 1 and tokens[below[1] - 1].lower.endswith("s") and tokens[below[1] - 1].lower != "halves":
        return None
    # "twenty fifth" is an ordinal, "two fifths" a fraction.
    return read[0], below[0], below[1]


def of_unit(tokens: Sequence[Token], at: int) -> int | None:
    """Give the place of "inch" or "amp" behind a fraction ("of an inch", "an inch", "inch"), or None."""
    for words in (("of", "an"), ("an",), ("of", "a"), ()):
        if tuple(word(tokens, at + place) for place in range(len(words))) == words:
            place = at + len(words)
            return place if word(tokens, place) in DIVIDED else None
    return None


def fraction_behind(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read a fraction that stands alone: "one eighth of an inch", "two thirds", "half an inch", "quarter inch"."""
    name = tokens[at].lower
    if name in ("half", "quarter") and (place := of_unit(tokens, at + 1)):
        before = tokens[at - 1].lower if at and tokens[at].close else ""
        free = before not in NUMBER_WORDS and before != "a" and not before[-1:].isdigit()
        return Figure(f"1/{DENOMINATORS[name]}", place) if free else None
    read = part(tokens, at)
    if read is None:
        return None
    above, below, after = read
    place = of_unit(tokens, after)
    if name == "a" and place is None:
        return None
    return Figure(f"{above}/{below}", place or after)


def halves(tokens: Sequence[Token], base: Figure) -> Figure | None:
    """Read "and a half", "and three quarters", "and one eighth" behind a whole number."""
    if word(tokens, base.after) != "and" or not word(tokens, base.after + 1) or "." in base.text:
        return None
    read = part(tokens, base.after + 1)
    if read is None:
        return None
    above, below, after = read
    if below in (2, 4):
        return Figure(f"{base.text}.{quarters(above, below)}", after)
    return Figure(f"{base.text} {above}/{below}", after)


def unit_and_half(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read "amp and a half", "an amp and three quarters" as "1.5 amps"; not "two amps and a half"."""
    here = at + (tokens[at].lower in ("a", "an", "one"))
    before = tokens[at - 1].lower if at and tokens[at].close else ""
    counted = before in NUMBER_WORDS or before in ("a", "an", "half", "quarter", "per") or before[-1:].isdigit()
    name = tokens[here].lower if here < len(tokens) else ""
    if counted or name not in ("amp", "ampere") or word(tokens, here + 1) != "and" or not word(tokens, here + 2):
        return None
    bare = word(tokens, here + 2) in ("half", "quarter")
    read = (1, DENOMINATORS[word(tokens, here + 2)], here + 3) if bare else part(tokens, here + 2)
    if read is None or read[1] not in (2, 4):
        return None
    return Figure(f"1.{quarters(read[0], read[1])} {name}s", read[2])


def quarters(above: int, below: int) -> str:
    """Give the decimals of halves and quarters: 5, 25, 75."""
    return {1: "25", 2: "5", 3: "75"}[above * 4 // below]


def ordinal(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read "fourth", "twenty fifth"; the small ones and "sixty second" (a time) stay words, but not behind a month."""
    first = tokens[at].lower
    month = at > 0 and tokens[at - 1].lower in MONTHS
    following = word(tokens, at + 1)
    if first in TENS and following in ORDINALS and ORDINALS[following] < 10:
        if following == "second" and not month:
            return None
        return Figure(suffixed(TENS[first] + ORDINALS[following]), at + 2)
    if first in ORDINALS and (month or first not in STAY):
        return Figure(suffixed(ORDINALS[first]), at + 1)
    return None


def suffixed(value: int) -> str:
    """Give 22 as 22nd."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th") if value not in (11, 12, 13) else "th"
    return f"{value}{ending}"

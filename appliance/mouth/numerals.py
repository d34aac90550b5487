"""Figures to words: whole numbers, decimals, fractions, ordinals, years, codes, dotted numbers, digits one by one."""

from functools import lru_cache

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 8: "eighth", 10: "tenth", 12: "twelfth"}
FINE = {16: "sixteenth", 32: "thirty-second", 64: "sixty-fourth"}
DENOMINATORS = PARTS | FINE
"""Denominators that are read as parts; anything else is read "3 over 7", or "15 slash 75"."""
SIGNS = {"\u00bd": "1/2", "\u00bc": "1/4", "\u00be": "3/4", "\u2153": "1/3", "\u2154": "2/3", "\u215b": "1/8"} | {
    "\u215c": "3/8",
    "\u215d": "5/8",
    "\u215e": "7/8",
}
"""Fraction signs as they are written out."""


@lru_cache(maxsize=4096)
def whole(figure: str) -> str:
    """Read a whole number, with or without thousands commas; very long ones digit by digit."""
    from num2words import num2words

    plain = figure.replace(",", "")
    if len(plain) > 15 or (len(plain) > 1 and plain.startswith("0")):
        return digits(plain)
    return str(num2words(int(plain))).replace(",", "").replace(" and ", " ")


def digits(figure: str) -> str:
    """Read digit by digit."""
    return " ".join(DIGITS[int(c)] for c in figure)


def number(figure: str) -> str:
    """Read a whole number or decimal: 355.50 is "three hundred fifty-five point five zero"."""
    before, dot, behind = figure.partition(".")
    return f"{whole(before or '0')} point {digits(behind)}" if dot else whole(before)


@lru_cache(maxsize=512)
def ordinal(figure: str) -> str:
    """Read 22 as "twenty-second"."""
    from num2words import num2words

    return str(num2words(int(figure), to="ordinal")).replace(",", "").replace(" and ", " ")


def year(figure: str) -> str:
    """Read a year from 1000 to 2999 in pairs: "twenty seventeen", "nineteen oh five", "two thousand five"."""
    left, right = figure[:2], figure[2:]
    if right == "00":
        return whole(figure) if left.endswith("0") else f"{whole(left)} hundred"
    if right.startswith("0"):
        return whole(figure) if left == "20" else f"{whole(left)} oh {DIGITS[int(right[1])]}"
    return f"{whole(left)} {whole(right)}"


def code(figure: str) -> str:
    """Read the number of a standard or part as people do: 101 "one oh one", 110 "one ten", 1910 "nineteen ten"."""
    if figure.startswith("0") or len(figure) > 4:
        return digits(figure)
    if len(figure) == 3 and not figure.endswith("00"):
        first, rest = figure[0], figure[1:]
        tail = f"oh {DIGITS[int(rest[1])]}" if rest.startswith("0") else whole(rest)
        return f"{DIGITS[int(first)]} {tail}"
    if len(figure) == 4 and figure[2] != "0" and 17 <= int(figure[:2]) <= 21:
        return f"{whole(figure[:2])} {whole(figure[2:])}"
    return whole(figure)


def fraction(above: int, below: int) -> str:
    """Read a fraction: "one eighth", "three quarters"."""
    name = DENOMINATORS.get(below)
    if name is None or not 0 < above < below:
        return f"{whole(str(above))} {'over' if above < below <= 64 else 'slash'} {whole(str(below))}"
    plural = "halves" if name == "half" and above > 1 else name + "s" * (above > 1)
    return f"{whole(str(above))} {plural}"


def mixed(units: str, above: int, below: int) -> str:
    """Read 2 1/2 as "two and a half", 1 3/8 as "one and three eighths"."""
    part = "a half" if (above, below) == (1, 2) else fraction(above, below)
    return f"{whole(units)} and {part}"


def dotted(figure: str) -> str:
    """Read 13.4.5.2 as "thirteen point four point five point two", 9-3.4 as "nine dash three point four".

    A first part above ninety-nine is read as the codes are: 901.6 "nine oh one point six", 1910.157 "nineteen ten
    point one fifty-seven".
    """
    federal = figure.startswith(("1910.", "1926."))

    def read(part: str, place: int) -> str:
        return code(part) if federal or (place == 0 and len(part) == 3) else whole(part)

    pieces = ([read(part, at) for at, part in enumerate(piece.split("."))] for piece in figure.split("-"))
    return " dash ".join(" point ".join(parts) for parts in pieces)

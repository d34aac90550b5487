"""What one word can stand for when something is spelled aloud: letters, digits, nothing (a dash), or a figure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ear.cardinal import DIGIT_NAMES, TEENS, TENS, cardinal, small
from appliance.ear.everyday import EVERYDAY, WORD, frequency
from appliance.ear.tokens import Token

NATO = {
    "alpha": "A",
    "alfa": "A",
    "bravo": "B",
    "charlie": "C",
    "delta": "D",
    "echo": "E",
    "foxtrot": "F",
    "golf": "G",
    "hotel": "H",
    "india": "I",
    "juliet": "J",
    "juliett": "J",
    "kilo": "K",
    "lima": "L",
    "mike": "M",
    "november": "N",
    "oscar": "O",
    "papa": "P",
    "quebec": "Q",
    "romeo": "R",
    "sierra": "S",
    "tango": "T",
    "uniform": "U",
    "victor": "V",
    "whiskey": "W",
    "whisky": "W",
    "xray": "X",
    "yankee": "Y",
    "zulu": "Z",
}
NAMES = {
    "ay": "A",
    "eigh": "A",
    "bee": "B",
    "cee": "C",
    "dee": "D",
    "eff": "F",
    "gee": "G",
    "aitch": "H",
    "haitch": "H",
    "jay": "J",
    "kay": "K",
    "el": "L",
    "ell": "L",
    "em": "M",
    "en": "N",
    "pee": "P",
    "kew": "Q",
    "cue": "Q",
    "queue": "Q",
    "ar": "R",
    "ess": "S",
    "tee": "T",
    "vee": "V",
    "ex": "X",
    "wye": "Y",
    "zee": "Z",
    "zed": "Z",
}
"""Names of letters that are hardly ever words in their own right on a site."""
HOMOPHONES = {
    "eh": "A",
    "be": "B",
    "see": "C",
    "sea": "C",
    "eye": "I",
    "pea": "P",
    "are": "R",
    "our": "R",
    "tea": "T",
    "you": "U",
    "why": "Y",
    "to": "2",
    "too": "2",
    "for": "4",
    "ate": "8",
    "won": "1",
    "owe": "0",
    "oh": "0",
}
"""Everyday words that sound like a letter or digit: weak, they count only in company."""
SILENT = frozenset({"dash", "hyphen", "slash", "minus", "point", "dot", "stroke"})
REPEATS = {"double": 2, "triple": 3}
DOUBLE_U = frozenset({"u", "you"})
TY = {value: value // 10 + 10 for value in TENS.values() if value > 20}
TEENTY = {str(a): str(b) for a, b in TY.items()} | {str(b): str(a) for a, b in TY.items()}
"""Fifty and fifteen are taken for each other."""
SHORT = 3.6
"""Zipf frequency below which two or three letters are an abbreviation rather than a word ("qa" 3.3, "ran" 4.6)."""
ALPHANUMERIC = re.compile(r"[A-Za-z0-9]+\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the tokens at a place."""

    symbols: str
    """Upper case letters and digits, a letter O as 0."""
    after: int
    """The place after the tokens read."""
    letters: int = 0
    """Letters that nobody would take for a word."""
    weak: int = 0
    """Symbols from words that mean something else in ordinary speech."""


def symbols(text: str) -> str:
    """Collapse a text to the letters and digits it is compared by: upper case, no marks, O as 0."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum()).replace("O", "0")


def read_letter(token: Token, after: int) -> list[Reading]:
    """Read a token that names a letter."""
    lower = token.lower
    if lower in NATO:
        return [Reading(symbols(NATO[lower]), after, letters=1)]
    if lower in NAMES:
        return [Reading(NAMES[lower], after, letters=1)]
    if lower in HOMOPHONES:
        return [Reading(HOMOPHONES[lower], after, weak=1)]
    return []


def read_figure(tokens: Sequence[Token], at: int) -> list[Reading]:
    """Read number words, short way and long way: "twenty two" is 22 and also 20, 2."""
    found: list[Reading] = []
    lower = tokens[at].lower
    if lower in DIGIT_NAMES:
        found.append(Reading(DIGIT_NAMES[lower], at + 1))
    elif lower in TEENS:
        found.append(Reading(str(TEENS[lower]), at + 1))
    elif lower in TENS:
        found.append(Reading(str(TENS[lower]), at + 1))
    for way in (small, cardinal):
        read = way(tokens, at)
        if read and lower != "a" and read[1] > at + 1:
            found.append(Reading(str(read[0]), read[1]))
    return found


def read_raw(token: Token, after: int) -> list[Reading]:
    """Read a token as its own letters and digits."""
    if not ALPHANUMERIC.match(token.text):
        return []
    text = symbols(token.text)
    digits = sum(c.isdigit() for c in token.text)
    alphabetic = len(text) - digits
    if digits or (len(text) == 1 and token.text not in ("a", "i", "I", "A")):
        return [Reading(text, after, letters=alphabetic)]
    if token.text == "A" and token.start > 0:
        return [Reading(text, after, letters=1)]
    shouted = token.text.isupper() and len(text) > 1
    if frequency(token.lower) < (SHORT if len(text) < 4 else EVERYDAY) or (shouted and frequency(token.lower) < 5.5):
        return [Reading(text, after, letters=alphabetic)]
    return [Reading(text, after, weak=alphabetic)]


def readings(tokens: Sequence[Token], at: int) -> list[Reading]:
    """Give every way to read the tokens at `at`, first the likeliest."""
    token = tokens[at]
    following = tokens[at + 1].lower if at + 1 < len(tokens) and tokens[at + 1].joined else ""
    if token.lower == "double" and following in DOUBLE_U:
        return [Reading("W", at + 2, letters=1)]
    if token.lower in REPEATS and following:
        times = REPEATS[token.lower]
        return [
            Reading(one.symbols * times, one.after, letters=times * one.letters, weak=times * one.weak)
            for one in readings(tokens, at + 1)
            if len(one.symbols) == 1
        ]
    if token.lower in SILENT:
        return [Reading("", at + 1)]
    if token.lower == "x" and following == "ray":
        return [Reading("X", at + 2, letters=1)]
    found = read_letter(token, at + 1) + read_figure(tokens, at)
    if not found or token.lower in HOMOPHONES:
        found += read_raw(token, at + 1)
    spelled = [as_in(tokens, one) for one in found if len(one.symbols) == 1]
    return [one for one in spelled if one] + found


def as_in(tokens: Sequence[Token], one: Reading) -> Reading | None:
    """Read "T as in tango": the words after a letter that only explain it."""
    words = [token.lower for token in tokens[one.after : one.after + 3]]
    if len(words) == 3 and words[:2] == ["as", "in"] and symbols(words[2][:1]) == one.symbols:
        return Reading(one.symbols, one.after + 3, letters=1)
    return None


def wordlike(token: Token) -> bool:
    """Would a reader take the token for a word rather than part of an identifier?"""
    return (
        token.lower.isalpha()
        and len(token.lower) > 1
        and not token.text.isupper()
        and (frequency(token.lower) >= WORD or any(vowel in token.lower for vowel in "aeiouy"))
    )

"""Which figures of an answer stand in none of its sources; on purpose simple, and not the product's own guard.

Evidence is what the answer shows: the quotes and fields of its citations and its cards, and beyond that only what the
question itself allows (a calculation's inputs, a due date that was computed again). A quantity must be there in the
same measure ("36 months" for "3 years"), a section, a model or a date as it is, any other number as a number.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from appliance.turn.answer import Answer
from appliance.units import Quantity, find, same
from tests.eval.figures import plain, tidy, words

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"({'|'.join(_NAMES)})[a-z]{{0,6}}\.?"
_YEAR = r"(?:,? ?((?:19|20)\d\d)(?![\d:]))?"
_DATE = re.compile(
    rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}|\b(\d{{1,2}}) {_MONTH}{_YEAR}(?!\w)"
    r"|\b(\d{4})-(\d{2})-(\d{2})",
    re.IGNORECASE,
)
"""November 22, 2026; 22 Nov; 2026-11-22."""
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?::(\d{2}))?\s?([ap])\.?m\b\.?|(?<![\d:])(\d{1,2}):(\d{2})(?!\d)", re.IGNORECASE
)
_SECTION = re.compile(
    r"(?<![\w.])(?:\d+-\d+\.\d+(?:\.\d+)*|\d+(?:\.\d+){2,}(?:\(\w{1,4}\))*|\d+(?:\.\d+)?(?:\(\w{1,4}\))+)",
    re.IGNORECASE,
)
_MODEL = re.compile(r"(?<![\w.])(?=[\w/-]*[a-z])(?=[\w/-]*\d)\w+(?:[/-]\w+)*", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\d.])\d+(?:\.\d+)?")
_SMALL = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_SPELLED = re.compile(rf"\b({'|'.join(_SMALL[2:])})\b", re.IGNORECASE)
"""Numbers written as words; "one" is a pronoun more often than not."""
_NO_FIGURE = re.compile(r"(?:a|an|per)\s\w+", re.IGNORECASE)
"""In "$72,000 a year" the year is a rate's measure and not an interval somebody claims."""
_NO_MODEL = re.compile(r"\d+(?:st|nd|rd|th|s)|\d+-[a-z]{4,}")
"""Ordinals and "13-point": their numbers are checked as numbers."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the sources hold."""

    text: str
    quantities: tuple[Quantity, ...]
    numbers: frozenset[float]
    """Those that carry no unit."""
    dates: frozenset[tuple[int, int, int]]
    clocks: frozenset[int]
    """Minutes of the day."""


def ungrounded(answer: Answer, allowed: Sequence[str], today: date) -> list[str]:
    """Give every figure, section, model and date of `answer.said` that no source of it carries."""
    known = read([*sources(answer), *allowed])
    text, found = tidy(answer.said), []
    checks: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        (_DATE, lambda match: _day_known(day(match), known)),
        (_CLOCK, lambda match: clocks(match[0]) <= known.clocks),
        (_SECTION, lambda match: words(match[0].lower(), known.text)),
    )
    for pattern, right in checks:
        found += [match[0] for match in pattern.finditer(text) if not right(match)]
        text = pattern.sub(" # ", text)
    claims = [claim for claim in find(text) if not _NO_FIGURE.fullmatch(text[claim.start : claim.end])]
    found += [text[claim.start : claim.end] for claim in claims if not _claimed(claim, known, today)]
    text = blank(text, find(text))
    models = [match for match in _MODEL.finditer(text) if not _NO_MODEL.fullmatch(match[0])]
    found += [match[0] for match in models if not _model_known(match[0], known)]
    for match in reversed(models):
        text = f"{text[: match.start()]} # {text[match.end() :]}"
    counts = {len(answer.citations), len(answer.shown), *(len(card.rows) for card in answer.shown)}
    found = [figure.rstrip(".,") for figure in found]
    return found + [number for number in numbers(text) if float(number) not in known.numbers | counts]


def sources(answer: Answer) -> list[str]:
    """What the answer itself shows as its evidence."""
    found = [f"{c.document} {c.edition} {c.section} {c.note} {c.page or ''}\n{c.quote}" for c in answer.citations]
    for card in answer.shown:
        found += [card.title, card.note, *(f"{label}: {value}" for label, value in card.rows)]
    return found


def read(texts: Sequence[str]) -> Known:
    """Take apart what the sources say."""
    quantities: list[Quantity] = []
    bare: set[float] = set()
    for text in map(tidy, texts):
        quantities += find(text)
        bare |= {float(number) for number in numbers(blank(text, find(text)))}
    whole = "\n".join(map(plain, texts))
    days = frozenset(day(match) for match in _DATE.finditer(whole))
    return Known(whole, tuple(quantities), frozenset(bare), days, frozenset(clocks(whole)))


def numbers(text: str) -> list[str]:
    """Every number, written in digits or as a small word."""
    return _NUMBER.findall(text) + [str(_SMALL.index(word.lower())) for word in _SPELLED.findall(text)]


def blank(text: str, parts: Sequence[Quantity]) -> str:
    """Take quantities out of a text."""
    for part in sorted(parts, key=lambda part: -part.start):
        text = f"{text[: part.start]} # {text[part.end :]}"
    return text


def day(match: re.Match[str]) -> tuple[int, int, int]:
    """Give year (0 when it is not said), month and day."""
    if match[7]:
        return int(match[7]), int(match[8]), int(match[9])
    name, number, year = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
    return int(year or 0), _NAMES.index(name.lower()) + 1, int(number)


def clocks(text: str) -> set[int]:
    """Every time of day as minutes, in the forms "6:30 a.m.", "7 p.m." and "18:30"."""
    found = set()
    for match in _CLOCK.finditer(text):
        hour, minute = (match[1], match[2] or 0) if match[1] else (match[4], match[5])
        late = 12 if (match[3] or "").lower() == "p" else 0
        found.add((int(hour) % 12 + late if match[1] else int(hour)) * 60 + int(minute))
    return found


def _day_known(said: tuple[int, int, int], known: Known) -> bool:
    """The date itself; without a year, its month and day."""
    return any(said[1:] == other[1:] and (not said[0] or said[0] == other[0]) for other in known.dates)


def _claimed(claim: Quantity, known: Known, today: date) -> bool:
    """The same measure in a source, or its bare number under a label, or the days from today to a date of a source."""
    if any(same(claim, other) for other in known.quantities):
        return True
    if claim.value in known.numbers and not any(other.value == claim.value for other in known.quantities):
        return True
    days = {abs((date(*when) - today).days) for when in known.dates if when[0]}
    return claim.unit == "day" and claim.value in days


def _model_known(said: str, known: Known) -> bool:
    """A model with or without its dashes, but whole: no source's "50TCQA06" carries "50TCQA0"."""
    return words(said.lower().replace("-", ""), known.text.replace("-", "")) or words(said.lower(), known.text)

"""Section, part and model numbers: found in a text, brought to one spelling, looked for in a question.

A number that names one thing must be matched whole. A word index takes 10.14.8 apart and finds 8.14.10 as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from corpora.words import FUNCTION_WORDS, LONGEST_QUERY, folded

CUES = frozenset(
    """
    section sections subsection clause clauses subclause paragraph paragraphs para chapter article annex table §
    """.split()
)
"""Words that say a section number follows."""

BRACKETS = r"(?:\.?\(\w{1,5}\))*(?!\w)"
SECTION = re.compile(rf"(?<![\w.-])(?:[a-z]\.)?\d+(?:[.-]\d+)*[a-z]?{BRACKETS}")
OPEN_SECTION = re.compile(
    rf"(?<![\w.-])(?:(?:[a-z]\.)?\d+(?:\.\d+){{2,}}|\d{{3,4}}\.\d{{2,4}}|\d{{1,2}}-\d+(?:\.\d+)+){BRACKETS}"
)
"""Two dots, or the shape of a federal regulation (1910.157) or of an older standard (9-6.2): a section number even when
no word says so."""
CUED = re.compile(rf"(?:\b(?:{'|'.join(sorted(CUES - {'§'}))})\b|§+)\s*(?:no\.?|number)?\s*")

MODEL = re.compile(r"[a-z0-9]+(?:[-/][a-z0-9]+)*")
SPACED = re.compile(r"\b([A-Z]{1,5})[ -]([0-9][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*)\b(?: ([A-Z]{1,4})\b)?")
"""A model written in two or three words, capitals first: "MS 9200UDLS", "MS 9200 UDLS"."""
FIGURES = re.compile(r"(?<![\w.-])\d+(?:-\d+)*(?![\w-])")
PART = re.compile(r"\d{7,12}")
"""Enough figures to be a part's number: "4098-9714"."""
LONGEST_MODEL = 16
MOST_MODELS = 60
"""Letters and figures of a model asked for in several words, and how many readings of a question are tried."""
MEASURE = re.compile(
    r"\d{1,3}[a-z]+|\d+(?:psi|gpm|ft|in|mm|cm|lbs?|kg|years?|hours?|days?|hz|vac|vdc|btuh?|cfm|rpm|hp)"
)
"""Figure and unit run together: "24vdc", "1000gpm", "10year"; no model."""
COMMON = 12
"""A model number that more passages than this name is a word like others: it doesn't outrank the rest."""
PUBLISHERS = frozenset("nfpa cfr osha ul ulc iso astm asme ansi en bs icc ifc ibc nec ashrae epa".split())
"""Letters before the number of a standard, which many passages name and which says nothing of a model."""


def canonical(section: str) -> str:
    """Give a section number in one spelling: lower case, no spaces, no cue word, no dot before a bracket or at the end.

    >>> canonical("Section 14.2.3.(1) ")
    '14.2.3(1)'
    """
    plain = CUED.sub("", folded(section))
    return re.sub(r"\s+", "", plain).replace(".(", "(").rstrip(".,;:")


def ancestors(section: str) -> list[str]:
    """Give the sections around this one, nearest first: "13.4.2(1)" stands in "13.4.2", "13.4" and "13"."""
    found = []
    while cut := re.search(r"(?:[.-][^.()-]+|\([^()]*\))$", section):
        section = section[: cut.start()]
        found.append(section)
    return [number for number in found if re.search(r"\d", number)]


def asked_sections(query: str) -> list[str]:
    """Give the section numbers a question names, in canonical spelling, in its order."""
    plain = re.sub(r"(?<=[\d)])\s+(?=\(\w{1,5}\))", "", folded(query[:LONGEST_QUERY]))
    found = {match.start(): match.group() for match in OPEN_SECTION.finditer(plain)}
    for cue in CUED.finditer(plain):
        number = SECTION.match(plain, cue.end())
        if number:
            found[number.start()] = number.group()
    return list(dict.fromkeys(canonical(found[place]) for place in sorted(found)))


def is_model(joined: str) -> bool:
    """Say whether a chunk without hyphens looks like a part or model number: letters and figures, four or more."""
    mixed = any(letter.isdigit() for letter in joined) and any(letter.isalpha() for letter in joined)
    return mixed and len(joined) >= 4 and MEASURE.fullmatch(joined) is None


def is_part(joined: str) -> bool:
    """Say the same where figures alone may be a part's number, since only the very same ones will match."""
    return is_model(joined) or PART.fullmatch(joined) is not None


def models(text: str) -> Iterator[tuple[str, str]]:
    """Give each part or model number of a text, as written (lower case) and without hyphens."""
    for match in MODEL.finditer(folded(text)):
        joined = re.sub(r"[-/]", "", match.group())
        if is_model(joined):
            yield match.group(), joined
    for match in SPACED.finditer(text):
        letters, rest, tail = (part.lower() for part in match.groups(""))
        for whole in dict.fromkeys((rest, f"{rest}-{tail}" if tail else rest)):
            joined = letters + whole.replace("-", "")
            if letters not in PUBLISHERS and is_model(joined):
                yield f"{letters}-{whole}", joined


def asked_models(query: str) -> list[str]:
    """Give what may be a model number in a question, without hyphens; neighbours are also tried as one word.

    People and speech recognisers write "MS-9200UDLS" as "ms 9200 udls" or "m s 9 2 0 0 u d l s".
    """
    chunks = [match.group() for match in MODEL.finditer(folded(query[:LONGEST_QUERY]))]
    joined = [re.sub(r"[-/]", "", chunk) for chunk in chunks]
    readings = [word for word in joined if is_part(word)]
    for start in range(len(joined)):
        whole = ""
        for piece in joined[start:]:
            whole += piece
            if not spelling(piece) or len(whole) > LONGEST_MODEL:
                break
            if whole != piece and is_part(whole):
                readings.append(whole)
    return list(dict.fromkeys(readings))[:MOST_MODELS]


def spelling(piece: str) -> bool:
    """Say whether a word may be a piece of a model number: figures, a letter, or a short word that says nothing."""
    if any(letter.isdigit() for letter in piece) or len(piece) == 1:
        return True
    return len(piece) <= 5 and piece not in FUNCTION_WORDS | PUBLISHERS | CUES


@dataclass(frozen=True, slots=True)
class Marks:
    """How a passage's numbers stand in the index's `ident` column, one word each."""

    own: str
    """The passage is this section: "=13.4.5.2"."""
    within: str
    """The passage stands inside this section: "<13.4"."""
    named: str
    """The passage's text names this section or model: "13.4.5.2", "ms9200udls"."""


def marks(number: str) -> Marks:
    """Give the words under which a number is looked for."""
    return Marks(own=f"={number}", within=f"<{number}", named=number)


def tiered(found: Mapping[int, AbstractSet[str]], numbers: Sequence[Marks], models: Sequence[str]) -> dict[int, int]:
    """Give the rows that have one of these numbers: 0 are it, 1 stand in it, 2 name it."""
    rare = {model for model in models if sum(model in ident for ident in found.values()) <= COMMON}
    tiers: dict[int, int] = {}
    for row, ident in found.items():
        if any(mark.own in ident for mark in numbers):
            tiers[row] = 0
        elif any(mark.within in ident for mark in numbers):
            tiers[row] = 1
        elif rare & ident or any(mark.named in ident for mark in numbers):
            tiers[row] = 2
    return tiers


def own_sections(section: str) -> list[str]:
    """Give the numbers in a passage's section field, which may hold several: "Table 10.4.3 or 10.4.4"."""
    found = [canonical(match.group()) for match in SECTION.finditer(folded(section))]
    return [number for number in found if "." in number] or found[:1]


def ident_words(section: str, text: str) -> list[str]:
    """Give every word of the `ident` column for a passage with this section field and this indexed text."""
    own = own_sections(section)
    words = [f"={number}" for number in own]
    words += [f"<{outer}" for number in own for outer in ancestors(number)]
    for number in asked_sections(text):
        words += [number, *ancestors(number)[:1]] if "(" in number else [number]
    for written, joined in models(text):
        words += [written, joined]
    words += [
        joined for match in FIGURES.finditer(folded(text)) if PART.fullmatch(joined := match.group().replace("-", ""))
    ]
    return list(dict.fromkeys(words))

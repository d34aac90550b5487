"""Which other sections a text sends its reader to: "see 14.2.3", "in accordance with Sections 10.4 and 10.5"."""

import re
from collections.abc import Iterator

from corpora.identifiers import BRACKETS, PUBLISHERS, canonical

MOST = 16
"""Links of one passage; more is an index, not a reference."""

_NUMBER = rf"(?:[A-Z]\.)?\d{{1,4}}(?:[.-]\d{{1,4}})*{BRACKETS}"
_DOTTED = rf"(?:[A-Z]\.)?\d{{1,4}}(?:\.\d{{1,4}})+{BRACKETS}"
_WORD = r"(?:sub)?sections?|(?:sub)?clauses?|paragraphs?|paras?\.?|chapters?|articles?|§+"
_NEXT = r"\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|\bthrough\b|\bto\b|&|;|[-\u2013])\s*(?:§+\s*)?"
_VERB = (
    r"see(?:\s+also)?|refer(?:s|red)?\s+to|(?:in\s+)?accordance\s+with|compl(?:y|ies|ying)\s+with|conform(?:s|ing)?\s+to"
    r"|according\s+to|as\s+(?:required|specified|described|given|defined|outlined|permitted|stated|shown)\s+(?:in|by)"
    r"|(?:required|specified|described|permitted|prescribed|outlined)\s+(?:in|by)|requirements?\s+of|provisions?\s+of"
    r"|criteria\s+of|procedures?\s+(?:in|of)|per|exceptions?\s+(?:in|to)"
)
_TABLE = r"(?:tables?|annex)\s+"
_NAMED = re.compile(rf"(?<![\w.])(?:{_WORD})\s*(?:no\.?\s*)?({_NUMBER}(?:{_NEXT}{_NUMBER})*)", re.IGNORECASE)
_CUED = re.compile(rf"\b(?:{_VERB})\s+(?:the\s+)?(?:{_TABLE})?({_DOTTED}(?:{_NEXT}{_DOTTED})*)", re.IGNORECASE)
_LOOSE = re.compile(
    r"(?:\b(?:in|of|by|with|under|to|from|and|or|than|table)\s+|\()"
    rf"((?:[A-Z]\.)?\d{{1,3}}(?:\.\d{{1,3}}){{2,}}{BRACKETS})(?!\.\d)",
    re.IGNORECASE,
)
_REGULATION = re.compile(rf"\bCFR\s+(?:parts?\s+)?(\d{{3,4}}\.\d{{1,4}}{BRACKETS})", re.IGNORECASE)
_OWN = re.compile(
    r"\bparagraphs?\s+((?:\(\w{1,5}\))+(?:[,\s]*(?:and|or|through|to)?\s*(?:\(\w{1,5}\))+)*)",
    re.IGNORECASE,
)
_BASE = re.compile(r"\d{3,4}\.\d{1,4}")
_UNIT = re.compile(
    r"\s*(?:psi|gpm|bar|kpa|vdc|vac|volts?|amps?|m?a|v|hz|in|ft|feet|inch(?:es)?|mm|cm|m|lbs?|kg|hp|kw|cfm|%|°|percent|"
    r"gal(?:lons?)?|minutes?|seconds?|hours?|days?|months?|years?|times)(?![\w(])",
    re.IGNORECASE,
)
_OTHERS = "|".join(sorted(PUBLISHERS - {"cfr"}))
_FOREIGN_AFTER = re.compile(rf"\s*(?:of|in|,)\s+(?:the\s+)?(?:{_OTHERS})\s*\d", re.IGNORECASE)
_FOREIGN_BEFORE = re.compile(
    rf"\b(?:{_OTHERS})\s*[\d.]+[A-Z]?\W{{0,3}}(?:section\s+|the\s+\w+\s+of\s+)?$", re.IGNORECASE
)


def links(text: str, section: str = "") -> tuple[str, ...]:
    """Give the sections that a text refers to, as `identifiers.canonical` writes them, without its own `section`.

    A number in another standard ("14.4.5 of NFPA 72") is none of this document's sections and is left out. In a
    regulation "paragraph (d)(2) of this section" is read against the regulation's own number.

    >>> links("Test it in accordance with 13.4.5 and 13.4.6, see Section 7.")
    ('13.4.5', '13.4.6', '7')
    """
    own = canonical(section)
    found = dict(sorted([*_standing(text), *_relative(text, own)]))
    return tuple(link for link in dict.fromkeys(found.values()) if link != own)[:MOST]


def _standing(text: str) -> Iterator[tuple[int, str]]:
    for pattern in (_LOOSE, _CUED, _NAMED, _REGULATION):
        for match in pattern.finditer(text):
            if _foreign(text, match):
                continue
            for number in re.finditer(_NUMBER, match[1], re.IGNORECASE):
                start, end = match.start(1) + number.start(), match.start(1) + number.end()
                if not _UNIT.match(text, end):
                    yield start, canonical(number.group())


def _foreign(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start(1)]
    return _FOREIGN_AFTER.match(text, match.end()) is not None or _FOREIGN_BEFORE.search(before) is not None


def _relative(text: str, own: str) -> Iterator[tuple[int, str]]:
    base = _BASE.match(own)
    if base is None:
        return
    for match in _OWN.finditer(text):
        for number in re.finditer(r"(?:\(\w{1,5}\))+", match[1]):
            yield match.start(1) + number.start(), base.group() + number.group().lower()

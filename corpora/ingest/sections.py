"""Section numbers at the head of a heading or of a clause: "13.4.5.2 Title", "Section 4", "§ 1910.157(e)(2)", "(2)"."""

import re
from dataclasses import dataclass

from corpora.identifiers import ancestors, canonical

REGULATION = re.compile(r"\d{3,4}\.\d{1,4}")
"""A section of federal regulations, whose paragraphs are lettered in brackets."""

_BRACKETS = r"(?:\.?\(\w{1,5}\))*"
_PLAIN = rf"(?:[A-Z]\.)?\d{{1,4}}(?:\.\d{{1,4}})*{_BRACKETS}"
_OLD = rf"\d{{1,2}}-\d{{1,2}}(?:\.\d{{1,3}})*{_BRACKETS}"
_REST = r"(?:[.:]|\s*[\u2013\u2014-])?\s+(?P<rest>\S.*)"
_LABEL = re.compile(
    rf"(?:(?P<cue>§+)\s*|(?P<word>(?:sub)?section|(?:sub)?clause|chapter|article|part|paragraph|step)\s+)"
    rf"(?P<number>{_PLAIN}|{_OLD})(?:{_REST}|[.:]?)",
    re.IGNORECASE | re.DOTALL,
)
_DOTTED = re.compile(
    rf"(?P<number>(?:[A-Z]\.)?\d{{1,4}}(?:\.\d{{1,4}})+{_BRACKETS}|\d{{1,3}}(?:\.?\(\w{{1,5}}\))+|{_OLD})"
    rf"\*?(?:{_REST}|[.:]?)",
    re.DOTALL,
)
_SINGLE = re.compile(r"(?P<number>\d{1,2})(?:\.0?|\)|:)?\s+(?P<rest>[^\W\d_].*)", re.DOTALL)
_DESIGNATORS = re.compile(r"((?:\(\w{1,5}\)\s*)+)(?=\S)(.*)", re.DOTALL)
_INNER = re.compile(r"[^.()]{1,70}\.?\s*(?:[-\u2013\u2014]\s*)?(\(1\)|\(i\)|\(A\))\s+\S")
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_UNIT = re.compile(
    r"(?:psig?|gpm|bar|kpa|vdc|vac|ma|hz|lbs?|kg|hp|kw|cfm|mm|cm|m|v|w|a|x|to|and|or|of|in|ft|feet|inch(?:es)?|volts?|"
    r"amps?|gal(?:lons?)?|min(?:utes?)?|seconds?|hours?|days?|weeks?|months?|years?|points?|tons?|ohms?|percent|"
    r"PSIG?|GPM|VDC|VAC|V|A|W|mA|Hz|LBS?|HP|kW|CFM|kPa|Volts?|Amps?|[Ee]dition|[Zz]ones?)\b|[%°Ω\u00d7\"'\u201d\u2033]"
)
_ADDRESS = re.compile(r"\d{3}(?:\.\d{1,3}){3}|10(?:\.\d{1,3}){3}")
_STARTS = re.compile(r"[A-Z\"\u201c'\u2018(\[*]")


@dataclass(frozen=True, slots=True)
class Numbered:
    """A text taken apart."""

    number: str
    """As printed, without cue word, dot or asterisk; empty when there is none."""
    rest: str
    """What follows; the whole text when there is no number, or when the number alone would make no title."""


def heading(text: str) -> Numbered:
    """Take a heading apart.

    >>> heading("13.4.5.2* Testing")
    Numbered(number='13.4.5.2', rest='Testing')
    >>> heading("Section 4. Installation")
    Numbered(number='4', rest='Section 4. Installation')
    """
    labelled = _LABEL.fullmatch(text)
    if labelled and (labelled["word"] or "").lower() != "step":
        return Numbered(_tidy(labelled["number"]), labelled["rest"] or text if labelled["cue"] else text)
    found = _DOTTED.fullmatch(text) or _SINGLE.fullmatch(text)
    if found is None or (found["rest"] and _UNIT.match(found["rest"])):
        return Numbered("", text)
    return Numbered(_tidy(found["number"]), found["rest"] or text)


def clause(text: str, section: str) -> Numbered:
    """Take a paragraph apart that may be a numbered clause; `section` is the number it would follow.

    More is asked than of a heading, since a paragraph may begin with a figure: two dots or more, a bracket, or a number
    that stands in or next to the current one. "2.5 in. pipe", "24 VDC" and "192.168.1.1" are no clauses.

    >>> clause("13.4.5.2.1 The valve shall be inspected.", "13.4")
    Numbered(number='13.4.5.2.1', rest='The valve shall be inspected.')
    """
    none = Numbered("", text)
    found = _LABEL.fullmatch(text) or _DOTTED.fullmatch(text)
    if found is None or not found["rest"] or _UNIT.match(found["rest"]):
        return none
    number, rest = _tidy(found["number"]), found["rest"]
    if found.re is _LABEL:
        taken = bool(_STARTS.match(rest)) and (found["word"] or "").lower() not in {"step", "part"}
    elif "(" in number or number.count(".") > 1:
        taken = rest[0].isalpha() or bool(_STARTS.match(rest))
    else:
        near = _follows(canonical(number), canonical(section)) or REGULATION.fullmatch(number) is not None
        taken = near and bool(_STARTS.match(rest))
    return Numbered(number, rest) if taken and not _ADDRESS.fullmatch(number) else none


def _follows(number: str, section: str) -> bool:
    """Say whether a number stands in the chapter of `section` or in the one after it."""
    first, current = (re.split(r"[.(-]", text, maxsplit=1)[0] for text in (number, section))
    after = first.isdigit() and current.isdigit() and int(first) == int(current) + 1
    return bool(current) and (first == current or after)


def _tidy(number: str) -> str:
    return re.sub(r"\s+", "", number).rstrip(".")


def is_within(number: str, outer: str) -> bool:
    """Say whether a section number, as printed, stands inside another."""
    return bool(outer) and canonical(outer) in ancestors(canonical(number))


def designated(text: str, path: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
    """Read the bracketed letters before a regulation's paragraph: the path they make after `path`, and the text.

    Paragraphs nest as letter, figure, roman figure, capital: (e)(2)(i)(A). None when the text begins with none.

    >>> designated("(2) Where the employer has a plan", ("b", "1"))
    (('b', '2'), 'Where the employer has a plan')
    """
    found = _DESIGNATORS.fullmatch(text)
    if found is None:
        return None
    for mark in re.findall(r"\w+", found[1]):
        level = _level(mark, path)
        if level is None:
            return None
        path = (*path[: level - 1], mark)
    inner = _INNER.match(found[2])
    return ((*path, inner[1].strip("()")) if inner else path), found[2]


def _level(mark: str, path: tuple[str, ...]) -> int | None:
    """Give how deep a mark stands, from 1: "i", "v" and "x" are letters or figures by what came before."""
    if mark.isdigit():
        return 2
    if mark.isupper():
        return 4
    if not mark.isalpha() or not mark.islower():
        return None
    if _ROMAN.fullmatch(mark) and (len(mark) > 1 or len(path) > 1):
        next_letter = len(mark) == 1 and mark != "i" and len(path) == 2 and ord(path[0]) == ord(mark) - 1
        return 1 if next_letter else 3
    return 1 if len(mark) <= 2 else None

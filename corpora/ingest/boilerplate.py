"""What stands in a file and answers nothing: tables of contents, page numbers, copyright lines."""

import re

from corpora.ingest.page import Table

_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|_{8,}|(?:\s\.){4,}")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)\s|copyright\b)|\ball rights reserved\b|\bprinted in (?:the )?u\.?s\.?a\b", re.IGNORECASE
)
_OPENS_COPYRIGHT = re.compile(r"(?:©|\(c\)\s|copyright\b|all rights reserved|printed in)", re.IGNORECASE)
_ORDER = re.compile(r"\b(?:shall|must|should|warning|caution|danger)\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)\s*[\divxlc]+(?:\s*(?:of|/)\s*\d+)?|[-\u2013\u2014]?\s*\d{1,4}\s*[-\u2013\u2014]?|[ivxl]{1,6}",
    re.IGNORECASE,
)
_BLANK = re.compile(r"(?:this )?page (?:is )?(?:intentionally )?left (?:intentionally )?blank\.?", re.IGNORECASE)
_CONTENTS = re.compile(
    r"(?:table of )?contents|index|list of (?:figures|tables|illustrations)|inhalt(?:sverzeichnis)?"
    r"|table des mati[eè]res|sommaire|[ií]ndice|contenido",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"(?=.*[^\W\d])(?:.*\D)?\b(?:\d{1,4}|[ivxl]{1,6}|\d{1,2}-\d{1,3})", re.DOTALL)
_COPYRIGHT_WORDS = 45


def is_boilerplate(text: str) -> bool:
    """Say whether a block of text answers nothing wherever it stands."""
    line = text.strip()
    if not any(map(str.isalnum, line)) or _BLANK.fullmatch(line) or _PAGE_NUMBER.fullmatch(line):
        return True
    return has_leaders(line) or _is_copyright(line)


def has_leaders(text: str) -> bool:
    """Say whether dots or lines lead to a page number or to a blank to be filled in, and little else is there."""
    rest = _LEADERS.sub("", text)
    return rest != text and len(rest.split()) <= 40 and len(text) - len(rest) >= len(rest) // 8


def _is_copyright(line: str) -> bool:
    """A legal line at most a few sentences long; one that also gives an order is kept."""
    words = len(line.split())
    short = words <= _COPYRIGHT_WORDS if _OPENS_COPYRIGHT.match(line) else words <= 8
    return short and _COPYRIGHT.search(line) is not None and _ORDER.search(line) is None


def opens_contents(heading: str) -> bool:
    """Say whether a heading begins a table of contents or an index."""
    return _CONTENTS.fullmatch(heading.strip(" .:")) is not None


def is_entry(text: str) -> bool:
    """Say whether a block below such a heading is one of its entries: words, then a page number."""
    return len(text.split()) <= 30 and _ENTRY.fullmatch(text.strip()) is not None


def is_contents(table: Table, below_heading: bool) -> bool:  # noqa: FBT001 - a fact about the table, not a switch
    """Say whether a table is a table of contents: most rows have leaders, or all end in a page number."""
    rows = [" ".join(filter(None, row)) for row in table.rows]
    if not rows:
        return False
    led = sum(has_leaders(row) for row in rows)
    return led * 2 > len(rows) or (below_heading and sum(map(is_entry, rows)) * 10 >= len(rows) * 7)

"""Where a document comes from and what it is: what a person said of it, completed by what its first page says.

Decisions: what is given wins. A guess is made only where the page says it in so many words ("NFPA 25 2023 Edition",
"Model 50TCQ04-14"), and only when nothing on the page speaks against it; an empty field does no harm, a wrong one hides
the document from its filter.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from corpora.identifiers import PUBLISHERS, models
from corpora.ingest.boilerplate import is_boilerplate
from corpora.ingest.language import declared, detect
from corpora.ingest.page import About, Page
from corpora.ingest.size import tidy

LINE = 1_000
"""Letters of a line that are looked at."""
HEAD_PAGES = 5
HEAD_WORDS = 200
"""As much as is read before the first passage comes out: enough to know the language."""

MAKERS = (
    "Amerex", "Ames", "Ansul", "Apollo", "Armstrong", "Aurora", "Badger", "Bosch", "Buckeye", "Carrier", "Clarke",
    "Cummins", "Daikin", "Eaton", "Edwards", "Fairbanks Nijhuis", "Febco", "Fike", "Fire-Lite", "Firetrol",
    "Gamewell-FCI", "Gentex", "Globe Sprinkler", "Goodman", "Hochiki", "Honeywell", "Johnson Controls", "Kidde",
    "Lennox", "Metron", "Mircom", "Mitsubishi Electric", "Mueller", "Notifier", "Patterson", "Peerless", "Pentair",
    "Potter", "Pyro-Chem", "Range Guard", "Reliable", "Rheem", "Ruud", "Siemens", "Silent Knight", "Simplex",
    "System Sensor", "Tornatech", "Trane", "Tyco", "Victaulic", "Viking", "Watts", "Wheelock", "Wilkins", "York",
    "Zurn",
)  # fmt: skip
"""Makers whose name is looked for on the first page and in the file's name."""

_EDITION = (
    re.compile(r"\b((?:19|20)\d\d)\s+edition\b", re.IGNORECASE),
    re.compile(r"\bedition\s*(?:of\s+)?:?\s*((?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\bNFPA\s*\d+[A-Z]?\s*[-\u2013,(:_ ]\s*\(?((?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"\b(rev(?:ision|\.)?\s*:?\s*(?:\d+(?:\.\d+)*|[A-Z])\b)", re.IGNORECASE),
    re.compile(r"\b(\d{1,2}(?:st|nd|rd|th)\s+edition|(?:first|second|third|fourth|fifth)\s+edition)\b", re.IGNORECASE),
    re.compile(r"\b(?:P/N|part\s+no\.?)\s*[\w-]+:([A-Z]\d?)\b"),
)
_NAME = r"(?=[\w/-]*\d)[A-Z0-9][\w/-]+"
_MODEL = re.compile(
    rf"\bmodels?(?:\s+(?:no\.?|numbers?))?\s*[:#]?\s+({_NAME}(?:\s*(?:,|&|\band\b|\bor\b)\s*{_NAME})*)", re.IGNORECASE
)
_NO_MODEL = re.compile(
    r"(?:rev|ver|v|p|pg|ed|vol|page|copy)\d.*|\d+(?:st|nd|rd|th)(?:edition)?|\d{4}(?:edition|rev).*|.*(?:final|draft)",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:P/N|part\s+(?:no\.?|number)|form|doc(?:ument)?(?:\s+no\.?)?|lit)\s*[:#]?\s*[\w:-]+", re.IGNORECASE
)
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel).*|untitled.*|layout \d+|document\d*|title|book\d*"
    r"|.*\.(?:docx?|pdf|indd|fm|xlsx?|qxd|p65|pmd)|[\W\d_]*|[\w-]*\d[\w-]*"
    r"|slide \d+|cover|blank|print|scan.*|(?:table of )?contents",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What is known of a document; an empty field is not known."""

    id: str
    """Of the document, made from its content: an unchanged file keeps it."""
    pack: str
    title: str = ""
    edition: str = ""
    """"2023", "Rev B"."""
    system: str = ""
    """As `requirement.SYSTEMS` names it."""
    maker: str = ""
    model: str = ""
    language: str = ""
    source: str = ""
    """Where it was got, in words or as an address."""
    file: str = ""
    """Name of the file, without folders."""


def opened(about: About, pages: Iterable[Page], origin: Origin) -> tuple[Origin, Iterator[Page]]:
    """Complete an origin from the first pages; gives it with all the pages, of which a few are held at most."""
    coming = iter(pages)
    head = list(first(coming))
    return completed(origin, about, head), chain(head, coming)


def first(pages: Iterable[Page]) -> Iterator[Page]:
    """Give as many of the pages as tell what the document is."""
    words = 0
    for count, page in enumerate(pages, 1):
        yield page
        words += len(_text(page).split())
        if words >= HEAD_WORDS or count == HEAD_PAGES:
            return


def heard(head: Iterable[Page]) -> str:
    """Give the language that these pages are in; "" when that is not sure."""
    return detect("\n".join(map(_text, head)))


def completed(origin: Origin, about: About, head: Sequence[Page], makers: Iterable[str] = MAKERS) -> Origin:
    """Fill an origin's empty fields from what the file says of itself and from its first pages."""
    blocks = [replace(block, text=tidy(block.text[:LINE])) for block in head[0].blocks if block.text] if head else []
    lines = [block.text for block in blocks[:40]]
    titles = [block.text for block in blocks if block.kind == "heading"]
    file = re.sub(r"[_\s]+", " ", origin.file[:LINE].rsplit(".", 1)[0]).strip()
    title = origin.title or _title(tidy(about.title[:LINE]), titles, file)
    named = [title, tidy(about.title[:LINE]), *titles[:6], file]
    return replace(
        origin,
        title=title,
        edition=origin.edition or _edition([*named, *lines]),
        maker=origin.maker or _maker(named, [*lines, about.author[:LINE]], makers),
        model=origin.model or _model(named, lines),
        language=origin.language or (heard(head) if about.heard is None else about.heard) or declared(about.language),
    )


def _text(page: Page) -> str:
    cells = (cell for block in page.blocks if block.table for row in block.table.rows for cell in row)
    return " ".join(chain((block.text for block in page.blocks if block.text), cells))


def _title(declared_: str, titles: Sequence[str], file: str) -> str:
    for text in (declared_, *titles[:3]):
        line = " ".join(text.split())
        if not _NO_TITLE.fullmatch(line) and len(line.split()) <= 20 and len(line) <= 150 and not is_boilerplate(line):
            return line
    return file or "untitled document"


def _edition(texts: Sequence[str]) -> str:
    """Give the first edition said; a year of edition goes before a revision's letter."""
    for pattern in _EDITION:
        for text in texts:
            found = pattern.search(text)
            if found:
                said = found[1]
                return f"Rev {said}" if len(said) <= 2 else " ".join(said.split())
    return ""


def _maker(named: Sequence[str], lines: Sequence[str], makers: Iterable[str]) -> str:
    """Give the one maker who stands in title, headings or file name, else the one on the page."""
    patterns = [(maker, re.compile(rf"(?<!\w){re.escape(maker)}(?!\w)", re.IGNORECASE)) for maker in makers]
    capital = [
        (maker, re.compile(rf"(?<!\w)(?:{re.escape(maker)}|{re.escape(maker.upper())})(?!\w)")) for maker in makers
    ]
    for texts, forms in ((named, patterns), (lines, capital)):
        found = {maker for maker, form in forms if any(form.search(text) for text in texts)}
        if len(found) == 1:
            return found.pop()
    return ""


def _model(named: Sequence[str], lines: Sequence[str]) -> str:
    """Give the one thing that the page calls a model, else the one number in title and file name that it says too."""
    lists = [found[1] for line in (*named, *lines) for found in _MODEL.finditer(line)]
    called = {name.rstrip("-/") for listed in lists for name in re.findall(_NAME, listed, re.IGNORECASE)}
    if called:
        return called.pop() if len(called) == 1 else ""
    page: dict[str, str] = {}
    for line in lines:
        page = numbers(line) | page
    found = {joined for text in named for joined in numbers(_PART.sub(" ", text)) if _is_name(joined)} & page.keys()
    return page[found.pop()] if len(found) == 1 else ""


def _is_name(joined: str) -> bool:
    return not _NO_MODEL.fullmatch(joined) and joined.rstrip("0123456789") not in PUBLISHERS


def numbers(text: str) -> dict[str, str]:
    """Give the part and model numbers in a line of text: written together in lower case, to how they are printed."""
    found: dict[str, str] = {}
    for written, joined in models(text):
        place = re.search(re.escape(written).replace(r"\-", "[- ]?"), text, re.IGNORECASE)
        found.setdefault(joined, place.group() if place else written.upper())
    return found

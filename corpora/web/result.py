"""What a search of the web found, made presentable: its words are a stranger's."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote

from corpora.errors import FetchError
from corpora.filters import spelled
from corpora.ingest.sniff import ENDINGS
from corpora.web.address import checked

Kind = Literal["PDF", "file", "page"]
MOST = 10
TITLE, SNIPPET = 160, 300
"""Characters kept."""


@dataclass(frozen=True, slots=True)
class Result:
    """One page or file that may be the manual."""

    url: str
    title: str
    host: str
    kind: Kind
    """As the address promises; what it is shows when it is fetched."""
    snippet: str
    score: float
    """How fitting the search engine finds it, 0 to 1."""

    def names(self, models: Sequence[str]) -> bool:
        """Say whether one of these model numbers (spelled without hyphens) stands in it."""
        told = spelled(f"{self.title} {self.snippet} {unquote(self.url)}")
        return any(model in told for model in models)


def results(found: object) -> list[Result]:
    """Make results of what a search engine sent, leaving out what is none; at most ten, each address once."""
    rows = found if isinstance(found, list) else []
    made = [result for row in rows if isinstance(row, Mapping) and (result := _result(row))]
    return list({result.url: result for result in reversed(made)}.values())[::-1][:MOST]


def best_first(found: Sequence[Result], models: Sequence[str]) -> list[Result]:
    """Put those first that name the model asked for, PDFs before pages, then as the search engine had them."""
    return sorted(found, key=lambda one: (not one.names(models), one.kind != "PDF", -one.score))


def kind_of(url: str) -> Kind:
    """Tell what an address promises by its ending."""
    ending = checked(url).path.lower().rpartition(".")[2]
    known = ENDINGS.get(ending)
    return "PDF" if known == "pdf" else "file" if known and known != "html" else "page"


def plain(text: object, most: int) -> str:
    """Give a text on one line without control, direction and invisible characters, cut to `most`."""
    given = text[: 20 * most] if isinstance(text, str) else ""
    kept = "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in given)
    short = re.sub(r" +", " ", kept).strip()
    return short if len(short) <= most else short[: most - 1].rstrip() + "…"


def _result(row: Mapping[str, Any]) -> Result | None:
    url, score = row.get("url"), row.get("score")
    if not isinstance(url, str):
        return None
    try:
        parts, kind = checked(url), kind_of(url)
    except FetchError:
        return None
    host = parts.hostname or ""
    weight = float(score) if isinstance(score, int | float) and 0 <= score <= 1 else 0.0
    title = plain(row.get("title"), TITLE) or host
    return Result(url, title, host, kind, plain(row.get("content"), SNIPPET), weight)

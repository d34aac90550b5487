"""Tables of an HTML page, each merged cell repeated where it spans."""

import re

from lxml import html

from corpora.ingest.blocks import MOST_COLUMNS, table, tidy
from corpora.ingest.html_words import running
from corpora.ingest.page import Block


def _rows(element: html.HtmlElement) -> list[html.HtmlElement]:
    found: list[html.HtmlElement] = []
    for child in sorted(element, key=lambda child: child.tag == "tfoot"):
        found += [child] if child.tag == "tr" else [row for row in child if row.tag == "tr"]
    return found


def _cells(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in {"td", "th"}]


def is_layout(element: html.HtmlElement) -> bool:
    """Say whether a table only places things on the page: it holds tables, headings or a single column."""
    if element.get("role") in {"presentation", "none"}:
        return True
    if any(next(element.iter(tag), element) is not element for tag in ("table", "h1", "h2", "h3", "h4")):
        return True
    return max((len(_cells(row)) for row in _rows(element)), default=0) < 2


def data_table(element: html.HtmlElement) -> Block | None:
    """Read a table, each merged cell repeated where it spans; None when it is empty."""
    rows: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}
    """Column to how many more rows a cell reaches down, and its text."""
    heads = 0
    for row in _rows(element):
        cells = _cells(row)
        names = row.getparent().tag == "thead" or (bool(cells) and all(cell.tag == "th" for cell in cells))
        heads += names and heads == len(rows)
        rows.append(_spread(cells, below))
    captions = [tidy(running(child)) for child in element if child.tag == "caption"]
    return table(rows, heads or None, " ".join(captions))


def _spread(cells: list[html.HtmlElement], below: dict[int, tuple[int, str]]) -> list[str]:
    """Place a row's cells in its columns, between those that reach down from above."""
    placed: list[str] = []

    def reach() -> None:
        while len(placed) in below and len(placed) < MOST_COLUMNS:
            left, text = below.pop(column := len(placed))
            if left > 1:
                below[column] = (left - 1, text)
            placed.append(text)

    for cell in cells:
        reach()
        text = tidy(running(cell))
        for _ in range(min(_span(cell, "colspan"), MOST_COLUMNS - len(placed))):
            if (down := _span(cell, "rowspan")) > 1:
                below[len(placed)] = (down - 1, text)
            placed.append(text)
    reach()
    return placed


def _span(cell: html.HtmlElement, name: str) -> int:
    said = cell.get(name) or "1"
    return max(1, int(said)) if re.fullmatch(r"\s*\d{1,4}\s*", said) else 1

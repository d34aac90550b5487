"""Markdown: headings, paragraphs, lists, tables and code, in order; HTML within it as `html` reads it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise, takewhile
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpora.ingest.blocks import joined, parts, table, tidy
from corpora.ingest.html import blocks as html_blocks
from corpora.ingest.html import parsed
from corpora.ingest.page import About, Block, Page
from corpora.ingest.plain import lines

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n(.*?)\n\1[ \t]*(?:\n|\Z)", re.DOTALL)
_PAIR = re.compile(r"^(\w+)\s*[:=]\s*[\"']?(.*?)[\"']?\s*$", re.MULTILINE)
_TAG = re.compile(r"<[a-zA-Z]")


class Markdown:
    """Reader of Markdown, CommonMark with tables."""

    def about(self, path: Path, /) -> About:
        """Take the front matter's word, else the first heading for the title."""
        text = "".join(islice(lines(path), 400))
        front = _FRONT.match(text)
        said = {name.lower(): tidy(value) for name, value in _PAIR.findall(front[2])} if front else {}
        heading = next((block for block in _blocks(text, path) if block.kind == "heading"), None)
        return About(
            title=said.get("title") or (heading.text if heading else ""),
            author=said.get("author", ""),
            date=said.get("date", "") if re.match(r"\d{4}", said.get("date", "")) else "",
            language=said.get("lang") or said.get("language") or "",
        )

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read the whole text."""
        return islice(parts(_blocks("".join(lines(path)), path)), first - 1, None)


def _blocks(text: str, path: Path) -> Iterator[Block]:
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT.sub("", text, count=1))
    return joined(_walk(tokens, path))


def _walk(tokens: Sequence[Token], path: Path) -> Iterator[Block]:
    lists = _Lists()
    rest = iter(tokens)
    for token in rest:
        if token.type == "heading_open":
            yield Block("heading", _text(next(rest)), int(token.tag[1]))
        elif token.type == "inline":
            yield from lists.paragraph(_text(token))
        elif token.type in {"fence", "code_block"}:
            yield Block("code", "\n".join(tidy(line) for line in token.content.splitlines() if line.strip()))
        elif token.type == "html_block" and _TAG.search(token.content):
            yield from html_blocks(parsed(token.content.encode(), str(path)), cleaned=False)
        elif token.type == "table_open":
            yield from _table(list(takewhile(lambda token: token.type != "table_close", rest)))
        else:
            lists.step(token)


@dataclass(slots=True)
class _Lists:
    """The lists around a place."""

    numbers: list[int | None] = field(default_factory=list)
    """For each list, the number of the item at hand; None when its items have none."""
    mark: str = ""
    """What the paragraph to come opens with."""

    def step(self, token: Token) -> None:
        """Step into or out of a list or an item."""
        if token.type == "ordered_list_open":
            self.numbers.append(int(token.attrs.get("start", 1)) - 1)
        elif token.type == "bullet_list_open":
            self.numbers.append(None)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self.numbers.pop()
        elif token.type == "list_item_open" and (last := self.numbers[-1]) is not None:
            self.numbers[-1] = last + 1
            self.mark = f"{last + 1}. "

    def paragraph(self, text: str) -> Iterator[Block]:
        """Give a paragraph, an item when it stands in a list; nothing when it is empty."""
        if text:
            yield Block("item", self.mark + text, len(self.numbers)) if self.numbers else Block("paragraph", text)
        self.mark = ""


def _table(tokens: Sequence[Token]) -> Iterator[Block]:
    rows: list[list[str]] = []
    for before, token in pairwise(tokens):
        if before.type == "tr_open":
            rows.append([])
        if token.type == "inline" and before.type in {"th_open", "td_open"}:
            rows[-1].append(_text(token))
    if made := table(rows, header_rows=1):
        yield made


def _text(inline: Token) -> str:
    """Give a line's words; links by their text, pictures by what they are said to show, tags dropped."""
    found: list[str] = []
    unread = False
    for token in inline.children or ():
        if token.type == "html_inline":
            tag = token.content.lower()
            unread = tag.startswith(("<script", "<style")) or (unread and not tag.startswith(("</script", "</style")))
            found.append(" " * tag.startswith("<br"))
        elif token.type in {"text", "code_inline", "image"} and not unread:
            found.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            found.append(" ")
    return tidy("".join(found))

"""Word documents (DOCX): headings by their styles, numbered as Word shows them, lists and tables, in order.

Decisions:
    python-docx opens the package and names the styles; the body is walked here, since its own walk leaves out what
    stands in content controls, text boxes and tracked insertions, and the numbers that Word counts by itself.
    Deleted and hidden text is not read: who looks at the document does not see it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from corpora.errors import IngestError
from corpora.ingest.blocks import MOST_COLUMNS, joined, parts, raised, table, tidy
from corpora.ingest.numbering import Numbering, W
from corpora.ingest.numbering import read as read_numbering
from corpora.ingest.package import package
from corpora.ingest.page import About, Block, Page

if TYPE_CHECKING:
    from docx.document import Document

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNREAD = frozenset(
    {FALLBACK, *(W + name for name in ("pPr", "rPr", "del", "moveFrom", "instrText", "delText", "txbxContent", "tbl"))}
)
"""Elements within a paragraph whose text is not part of it."""
DEEPEST = 60
"""Elements within elements; no program nests half as deep."""

_HEADING = re.compile(r"heading (\d)")
_LISTED = re.compile(r"list(?: bullet| number| paragraph| continue)?(?: (\d))?")
_SIGNS = {f"{W}tab": " ", f"{W}br": " ", f"{W}cr": " ", f"{W}noBreakHyphen": "-"}


class Word:
    """Reader of DOCX."""

    def about(self, path: Path, /) -> About:
        """Read title, author, date and language from the document's properties."""
        said = _opened(path).core_properties
        date = said.modified or said.created
        return About(
            title=tidy(said.title or ""),
            author=tidy(said.author or ""),
            date=date.date().isoformat() if date else "",
            language=(said.language or "")[:12],
        )

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read the body; a document has pages only once it is printed."""
        document = _opened(path)
        walk = _Walk(_styles(document), read_numbering(_numbers(document)))
        return islice(parts(joined(walk.blocks(document.element.body, 0))), first - 1, None)


def _opened(path: Path) -> "Document":
    import docx
    from docx.opc.exceptions import OpcError

    package(path).close()
    try:
        return docx.Document(str(path))
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, NotImplementedError) as error:
        raise IngestError(f"{path}: is no readable Word document ({error}); save it again as DOCX") from error


def _numbers(document: "Document") -> etree._Element | None:
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/numbering") and not relation.is_external:
            return etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
    return None


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph's style says of it."""

    name: str
    """In lower case, as Word calls it in English."""
    level: int
    """Of a heading, from 1; else 0."""
    listed: tuple[str, int] | None
    """List's id and level."""


def _styles(document: "Document") -> dict[str, _Style]:
    """Give the paragraph styles by id, each with what it takes from those that it builds on."""
    elements = {style.get(f"{W}styleId", ""): style for style in document.styles.element.iter(f"{W}style")}
    found: dict[str, _Style] = {}
    for name, element in elements.items():
        chain, at = [element], element
        while (above := elements.get(_value(at, "basedOn"))) is not None and len(chain) < 12:
            chain.append(above)
            at = above
        properties = [style.find(f"{W}pPr") for style in chain]
        known = [each for each in properties if each is not None]
        called = _value(element, "name").lower()
        heading = next((match for style in chain if (match := _HEADING.match(_value(style, "name").lower()))), None)
        level = int(heading[1]) if heading else next((level for each in known if (level := _outline(each))), 0)
        level = 1 if called == "title" else level
        listed = next((pair for each in known if (pair := _listed(each))), None)
        if listed and level and heading:
            listed = (listed[0], max(listed[1], level - 1))
        found[name] = _Style(called, level, listed)
    return found


def _value(element: etree._Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val") or "")


def _outline(properties: etree._Element) -> int:
    said = _value(properties, "outlineLvl")
    return int(said) + 1 if said.isdigit() and int(said) < 9 else 0


def _listed(properties: etree._Element) -> tuple[str, int] | None:
    number = properties.find(f"{W}numPr")
    if number is None or not (name := _value(number, "numId")):
        return None
    level = _value(number, "ilvl")
    return name, int(level) if level.isdigit() else 0


@dataclass(frozen=True, slots=True)
class _Walk:
    """A walk through a document's body."""

    styles: dict[str, _Style]
    numbering: Numbering

    def blocks(self, container: etree._Element, depth: int) -> Iterator[Block]:
        """Give the blocks in an element of the body, a cell or a text box."""
        for child in container:
            if child.tag == f"{W}p":
                yield from self.paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                if made := self.table(child):
                    yield made
            elif child.tag not in UNREAD and isinstance(child.tag, str) and depth < DEEPEST:
                yield from self.blocks(child, depth + 1)

    def paragraph(self, element: etree._Element, depth: int) -> Iterator[Block]:
        """Give what a paragraph is, then what stands in boxes that hang on it."""
        properties = element.find(f"{W}pPr")
        style = self.styles.get("" if properties is None else _value(properties, "pStyle"), _Style("", 0, None))
        text = tidy(words(element))
        if text and not style.name.startswith("toc "):
            yield self.block(text, style, properties)
        for box in element.iter(f"{W}txbxContent"):
            if depth < DEEPEST and not any(above.tag == FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box, depth + 20)

    def block(self, text: str, style: _Style, properties: etree._Element | None) -> Block:
        """Give a paragraph's block, its number in front."""
        own = None if properties is None else _listed(properties)
        number_id, level = own or style.listed or ("0", 0)
        label = self.numbering.label(number_id, level)
        text = f"{label} {text}" if label else text
        heading = style.level or (0 if properties is None else _outline(properties))
        if heading:
            return Block("heading", text, heading)
        if style.name == "caption":
            return Block("caption", text)
        named = _LISTED.fullmatch(style.name)
        if label is not None or (named and not style.name.startswith("list paragraph")):
            return Block("item", text, level + 1 if label is not None else int((named and named[1]) or 1))
        return Block("paragraph", text)

    def table(self, element: etree._Element) -> Block | None:
        """Give a table, each merged cell repeated where it spans."""
        rows: list[list[str]] = []
        heads = 0
        for row in _within(element, "tr"):
            properties = row.find(f"{W}trPr")
            mark = None if properties is None else properties.find(f"{W}tblHeader")
            if mark is not None and mark.get(f"{W}val") not in {"0", "false", "off"} and heads == len(rows):
                heads += 1
            rows.append(_row(row, rows[-1] if rows else []))
        return table(rows, heads or None)


def _within(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Give a table's rows or a row's cells, also those in content controls, none of a table within."""
    for child in element:
        if child.tag == W + name:
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml"}:
            yield from _within(child, name)


def _row(row: etree._Element, above: list[str]) -> list[str]:
    cells: list[str] = []
    properties = row.find(f"{W}trPr")
    before = "" if properties is None else _value(properties, "gridBefore")
    cells += [""] * min(int(before) if before.isdigit() else 0, MOST_COLUMNS)
    for cell in _within(row, "tc"):
        properties = cell.find(f"{W}tcPr")
        span = "" if properties is None else _value(properties, "gridSpan")
        merge = None if properties is None else properties.find(f"{W}vMerge")
        text = tidy(" ".join(words(paragraph) for paragraph in cell.iter(f"{W}p")))
        if merge is not None and merge.get(f"{W}val") != "restart" and len(cells) < len(above):
            text = above[len(cells)]
        cells += [text] * min(int(span) if span.isdigit() else 1, MOST_COLUMNS - len(cells))
    return cells


def words(element: etree._Element) -> str:
    """Give the words of a paragraph as they are seen."""
    found: list[str] = []
    _words(element, found, 0)
    return "".join(found)


def _words(element: etree._Element, found: list[str], depth: int) -> None:
    for child in element:
        if child.tag in UNREAD or not isinstance(child.tag, str) or depth > DEEPEST:
            continue
        if child.tag == f"{W}t":
            found.append(child.text or "")
        elif child.tag in _SIGNS:
            found.append(_SIGNS[child.tag])
        elif child.tag == f"{W}r" and (properties := child.find(f"{W}rPr")) is not None:
            _run(child, properties, found, depth)
        else:
            _words(child, found, depth + 1)


def _run(run: etree._Element, properties: etree._Element, found: list[str], depth: int) -> None:
    hidden = properties.find(f"{W}vanish")
    if hidden is not None and hidden.get(f"{W}val") not in {"0", "false"}:
        return
    before = "".join(found[-4:])
    own: list[str] = []
    _words(run, own, depth + 1)
    text = "".join(own)
    found.append(raised(before, text) if _value(properties, "vertAlign") == "superscript" else text)

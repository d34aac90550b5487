"""HTML: headings, paragraphs, lists and tables of a page's main text, in order; scripts and links never followed.

Decisions:
    The tree is walked here rather than by trafilatura, which gives up merged cells and, on a short page, all structure.
    What is around the main text is dropped where the page says so (`main`, `nav`, `footer`, `hidden`), else where it
    is little but links; a name alone ("menu") drops nothing, since a panel's manual has menus of its own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from lxml import etree, html

from corpora.errors import IngestError
from corpora.ingest.blocks import joined, parts, tidy
from corpora.ingest.html_table import data_table, is_layout
from corpora.ingest.html_words import DEEPEST, INLINE, UNREAD, is_hidden, raised_words, running
from corpora.ingest.page import About, Block, Page
from corpora.ingest.plain import SAMPLE, encoding_of

AROUND = frozenset({"nav", "footer", "aside", "menu"})
"""Elements around the main text."""
_ANCHOR = re.compile(r"\s*[\u00b6\u00a7#\U0001f517]$")
"""Sign of a link to the heading itself."""
_HEADING = re.compile(r"h([1-6])")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_SUSPECT = re.compile(r"\b(?:nav|navbar|menu|breadcrumbs?|sidebar|footer|share|social|related|pager|pagination|toc)\b")
_NOTICE = re.compile(r"\b(?:cookies?|consent|newsletter|advert|advertisement|ads|popup|modal)\b")


class Html:
    """Reader of a saved or fetched web page."""

    def about(self, path: Path, /) -> About:
        """Read title, author, date and language from the page's head."""
        return about(parsed(_read(path), str(path)))

    def pages(self, path: Path, /, first: int = 1) -> Iterator[Page]:
        """Read the main text."""
        root = parsed(_read(path), str(path))
        return islice(parts(blocks(main(root), cleaned=True)), first - 1, None)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IngestError(f"{path}: cannot be opened ({error.strerror}); check the file and its rights") from error


def parsed(source: bytes, name: str) -> html.HtmlElement:
    """Parse a page; raises IngestError naming it when nothing is in it."""
    parser = html.HTMLParser(
        encoding=_encoding(source), remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    try:
        return html.document_fromstring(source, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise IngestError(f"{name}: is no readable HTML ({error}); open it in a browser and save it again") from error


def _encoding(source: bytes) -> str:
    import codecs

    said = _CHARSET.search(source[:2048])
    found = encoding_of(source[:SAMPLE])
    if said is None or found.startswith("utf-16"):
        return found
    try:
        return codecs.lookup(said[1].decode("ascii", "replace")).name
    except LookupError:
        return found


def about(root: html.HtmlElement) -> About:
    """Read what a page's head says."""
    metas = {
        (meta.get("name") or meta.get("property") or "").lower(): tidy(meta.get("content") or "")
        for meta in root.iter("meta")
    }
    title = root.find(".//title")
    dates = (metas.get(name, "") for name in ("article:published_time", "dcterms.date", "dc.date", "date"))
    return About(
        title=tidy("" if title is None else title.text_content()) or metas.get("og:title", ""),
        author=metas.get("author", ""),
        date=next((date[:10] for date in dates if re.match(r"\d{4}", date)), ""),
        language=(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")[:12],
    )


def main(root: html.HtmlElement) -> html.HtmlElement:
    """Find the element that holds the main text, where the page names one; else its body."""
    body = root.find(".//body")
    body = root if body is None else body
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = body.findall(path)
        if len(found) == 1 and len(found[0].text_content()) * 4 > len(body.text_content()) / 2:
            return found[0]
    return body


def blocks(root: html.HtmlElement, *, cleaned: bool) -> Iterator[Block]:
    """Walk a page's blocks in order.

    Args:
        root: The element to walk.
        cleaned: Drop what stands around the main text; a book's chapter has nothing around it.
    """
    walk = _Walk(cleaned)
    walk.children(root, 0)
    walk.flush()
    return joined(walk.made)


@dataclass(slots=True)
class _Walk:
    """Where the walk through a page stands."""

    cleaned: bool
    made: list[Block] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    """Running text not yet given out."""
    lists: list[int | None] = field(default_factory=list)
    """For each list around this place, the number of the last item, or None when its items have none."""
    mark: str | None = None
    """What the item at hand opens with; None outside of items."""
    term: str = ""
    """The word that the explanation to come explains."""

    def flush(self) -> None:
        """Give out the running text as paragraphs, or as the list's item."""
        whole, self.text = "".join(self.text), []
        for paragraph in re.split(r"\n\s*\n", whole):
            text = tidy(paragraph)
            if not text:
                continue
            if self.mark is None:
                self.made.append(Block("paragraph", text))
            else:
                self.made.append(Block("item", self.mark + text, max(1, len(self.lists))))
                self.mark = ""

    def children(self, element: html.HtmlElement, depth: int) -> None:
        """Walk what stands in an element."""
        self.text.append(_flowing(element.text))
        for child in element:
            if isinstance(child.tag, str) and not self.passes_over(child):
                self.element(child, depth + 1)
            self.text.append(_flowing(child.tail))

    def passes_over(self, element: html.HtmlElement) -> bool:
        """Say whether an element is not to be read."""
        if element.tag in UNREAD or is_hidden(element):
            return True
        return self.cleaned and is_around(element)

    def element(self, element: html.HtmlElement, depth: int) -> None:
        """Walk one element."""
        tag = element.tag
        if tag == "br":
            self.text.append("\n")
        elif tag in {"sup", "sub"}:
            self.text.append(raised_words(element, "".join(self.text[-4:])))
        elif depth > DEEPEST:
            self.text.append(running(element))
        elif tag in INLINE:
            self.children(element, depth)
        else:
            self.flush()
            self.block(element, tag, depth)
            self.flush()

    def block(self, element: html.HtmlElement, tag: str, depth: int) -> None:
        """Walk an element that stands on lines of its own."""
        if found := _HEADING.fullmatch(tag):
            self.add("heading", _ANCHOR.sub("", tidy(running(element))), int(found[1]))
        elif tag == "table" and not is_layout(element):
            if made := data_table(element):
                self.made.append(made)
        elif tag == "pre":
            lines = (tidy(line) for line in element.text_content().splitlines())
            self.add("code", "\n".join(line for line in lines if line))
        elif tag in {"figcaption", "caption"}:
            self.add("caption", tidy(running(element)))
        elif tag in {"ul", "ol", "dl"}:
            self.lists.append(_start(element) if tag == "ol" else None)
            self.children(element, depth)
            self.lists.pop()
        elif tag == "dt":
            self.term = tidy(running(element))
        elif tag in {"li", "dd"}:
            self.item(element, depth)
        else:
            self.children(element, depth)

    def item(self, element: html.HtmlElement, depth: int) -> None:
        """Walk an item, its number in front where the list has numbers."""
        outer, self.mark = self.mark, f"{self.term}: " if element.tag == "dd" and self.term else ""
        if self.lists and (last := self.lists[-1]) is not None:
            self.lists[-1] = last + 1
            self.mark = f"{last + 1}. "
        self.children(element, depth)
        self.flush()
        self.mark = outer

    def add(self, kind: str, text: str, level: int = 0) -> None:
        """Give out a block unless it is empty."""
        if text:
            self.made.append(Block(kind, text, level))  # type: ignore[arg-type]


def _flowing(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "")


def _start(element: html.HtmlElement) -> int:
    said = element.get("start") or "1"
    return int(said) - 1 if re.fullmatch(r"\d{1,6}", said) else 0


def is_around(element: html.HtmlElement) -> bool:
    """Say whether an element stands around the main text rather than in it."""
    if element.tag in AROUND or element.get("role") in {"navigation", "banner", "contentinfo", "search"}:
        return True
    if element.tag not in {"div", "section", "ul", "ol", "header", "form", "p", "table"}:
        return False
    name = re.sub(r"[_-]", " ", f"{element.get('class') or ''} {element.get('id') or ''}").lower()
    letters = len(element.text_content())
    if _NOTICE.search(name) and letters < 1000:
        return True
    links = [len(link.text_content()) for link in element.iter("a")]
    share = sum(links) / max(letters, 1)
    if element.tag == "header" and element.find(".//h1") is None:
        return share > 0.3
    return share > (0.3 if _SUSPECT.search(name) else 0.7) and len(links) > 2

"""The words of an HTML element, as a reader of the page would see them."""

import re

from lxml import html

from corpora.ingest.blocks import raised

DEEPEST = 150
"""Elements within elements; what is deeper is read as running text."""
UNREAD = frozenset(
    """
    script style noscript template svg math iframe object embed canvas audio video button input select textarea head
    dialog frameset applet map
    """.split()
)
"""Elements without text to be quoted."""
INLINE = frozenset(
    """
    a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr
    """.split()
)


_UNSHOWN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


def raised_words(element: html.HtmlElement, before: str) -> str:
    """Give the words of a raised or lowered element, which follow `before`."""
    text = element.text_content()
    return raised(before, text) if element.tag == "sup" else text


def running(element: html.HtmlElement) -> str:
    """Give an element's text as one run, without what is not to be read."""
    found: list[str] = []
    _run(element, found, 0)
    return "".join(found)


def _run(element: html.HtmlElement, found: list[str], depth: int) -> None:
    found.append(element.text or "")
    for child in element:
        if not isinstance(child.tag, str) or child.tag in UNREAD or is_hidden(child):
            pass
        elif child.tag in {"sup", "sub"}:
            found.append(raised_words(child, "".join(found[-4:])))
        elif depth > DEEPEST:
            found.append(" ".join(child.itertext()))
        else:
            edge = "" if child.tag in INLINE - {"br"} else " "
            found.append(edge)
            _run(child, found, depth + 1)
            found.append(edge)
        found.append(child.tail or "")


def is_hidden(element: html.HtmlElement) -> bool:
    """Say whether a reader of the page would not see an element."""
    if "hidden" in element.attrib or element.get("aria-hidden") == "true":
        return True
    return _UNSHOWN.search(element.get("style") or "") is not None

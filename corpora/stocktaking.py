"""Stocktaking: the stock compared with what the search index holds of it, and the index put right.

They differ after an index was lost or made anew by another program, and when a document's folder was put in or taken
out by hand. What is being read is left alone.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from corpora.filters import Filter
from corpora.passage import Passage
from corpora.revision import Listed
from corpora.stock import Document, Stock


@dataclass(frozen=True, slots=True)
class Differences:
    """What must happen so that the index holds the stock."""

    missing: tuple[Document, ...]
    """Documents that are not, or not wholly, in the index."""
    strays: tuple[Filter, ...]
    """What the index holds and nobody has."""

    def __bool__(self) -> bool:
        """Is there any?"""
        return bool(self.missing or self.strays)

    def passages(self, stock: Stock) -> Iterator[Passage]:
        """Read the passages of the missing documents."""
        return chain.from_iterable(map(stock.passages, self.missing))


def differences(held: Iterable[Listed], stock: Stock, packs: Collection[str]) -> Differences:
    """Compare the index's documents with the stock's; those of `packs` are no concern of the stock."""
    counts: Counter[Filter] = Counter()
    for one in held:
        if one.pack not in packs:
            counts[Filter(pack=one.pack, document=one.document, edition=one.edition)] += one.passages
    documents = [document for document in stock.documents() if document.pack not in packs]
    missing = [one for one in documents if one.state == "ready" and counts[one.place] != one.passages]
    known = {one.place for one in documents} - {one.place for one in missing}
    return Differences(tuple(missing), tuple(place for place in counts if place not in known))

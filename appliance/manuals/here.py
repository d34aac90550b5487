"""What lies on the box about a piece of equipment: documents of it, packs of it, texts that name it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from corpora.filters import EVERYTHING, Filter, spelled
from corpora.fuse import EVEN
from corpora.identifiers import asked_models
from corpora.packs.shelf import InstalledPack
from corpora.passage import Hit
from corpora.revision import Listed

POOL = 12
"""Passages looked at."""


@dataclass(frozen=True, slots=True)
class Here:
    """One document or pack."""

    title: str
    edition: str
    pack: str
    about: bool
    """It is of the equipment; else it only names it."""


class Shelves(Protocol):
    """The library, as far as it is needed here."""

    def shelves(self) -> tuple[Listed, ...]:
        """Give every document with whose manual it is."""
        ...

    def search(self, query: str, limit: int = 8, keep: Filter = EVERYTHING) -> list[Hit]:
        """Find passages. Raises `corpora.errors.LibraryError`."""
        ...


def here(library: Shelves, packs: Iterable[InstalledPack], wanted: str) -> list[Here]:
    """Give what the box has about what is wanted, documents of it first. Raises `corpora.errors.LibraryError`."""
    models = asked_models(wanted)
    found = [
        Here(shelf.document, shelf.edition, shelf.pack, about=True)
        for shelf in library.shelves()
        if _named(models, f"{shelf.model} {shelf.document}")
    ]
    found += [Here(pack.manifest.title, pack.version, pack.name, about=True) for pack in packs if _of(pack, models)]
    found += _searched(library, models, wanted)
    best = {(one.title, one.edition, one.pack): one for one in sorted(found, key=lambda one: one.about)}
    return sorted(best.values(), key=lambda one: not one.about)


def _of(pack: InstalledPack, models: Sequence[str]) -> bool:
    return _named(models, f"{pack.name} {pack.manifest.title}")


def _searched(library: Shelves, models: Sequence[str], wanted: str) -> list[Here]:
    """Give the documents of passages that name the model; without one, of a maker's passages that surely answer."""
    if not models:
        hits = [
            hit
            for hit in library.search(wanted, POOL)
            if hit.score >= EVEN and (hit.passage.maker or hit.passage.model)
        ]
        return [Here(hit.passage.document, hit.passage.edition, hit.passage.pack, about=True) for hit in hits]
    found = []
    for model in models[:3]:
        found += library.search(wanted, POOL, Filter(model=model))
    found += [hit for hit in library.search(wanted, POOL) if _named(models, hit.passage.text)]
    return [
        Here(passage.document, passage.edition, passage.pack, about=_named(models, passage.model))
        for passage in (hit.passage for hit in found)
    ]


def _named(models: Sequence[str], text: str) -> bool:
    """Say whether a text names one of these model numbers, hyphens and blanks aside."""
    told = spelled(text)
    return any(model in told for model in models)

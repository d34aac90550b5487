"""Filters: which passages a search, a look-up or a removal is kept to."""

from dataclasses import dataclass, fields

from corpora.words import folded

KEYED = ("maker", "model")
"""Fields compared as `spelled` writes them, since nobody types "MS-9200UDLS" the way it is printed."""


def spelled(name: str) -> str:
    """Give a maker's or model's name in one spelling: lower case, letters and figures only.

    >>> spelled("MS-9200 UDLS")
    'ms9200udls'
    """
    return "".join(letter for letter in folded(name) if letter.isalnum())


def quoted(value: str) -> str:
    """Write a text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a passage must have; None asks for nothing, "" for a passage without."""

    system: str | None = None
    maker: str | None = None
    model: str | None = None
    """Maker and model are compared without case, hyphens and blanks, all others exactly."""
    edition: str | None = None
    language: str | None = None
    pack: str | None = None
    document: str | None = None

    def wanted(self) -> dict[str, str]:
        """Give the index's columns and what must stand in them."""
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            f"{name}_key" if name in KEYED else name: spelled(value) if name in KEYED else value
            for name, value in given.items()
            if value is not None
        }


EVERYTHING = Filter()


def clause(wanted: dict[str, str]) -> str:
    """Write columns and what must stand in them as an SQL condition; "" for none."""
    return " AND ".join(f"{column} = {quoted(value)}" for column, value in wanted.items())

"""What people did, as an append-only record."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One fact for an outbox. Identity, order and origin are given by the outbox when it is written."""

    kind: str
    """Noun of what happened: "reading", "deficiency", "note", "preference", "turn", "gap", "wish", "job-status"."""
    body: Mapping[str, Any]
    """JSON-able; everything that evolves is in here."""
    entity: str = ""
    """Id of the record it is about, or empty."""
    field: str = ""
    """Which field of the record, for per-field merging; empty for append-only kinds."""
    base: str = ""
    """What the writer believed the field's version was, or empty."""
    actor: str = ""
    """Who did it."""
    version: int = 1
    """Of the body's form."""

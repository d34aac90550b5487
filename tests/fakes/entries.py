"""Entries as an outbox would give them, without an outbox."""

from collections.abc import Mapping
from typing import Any

from sync.entry import Entry, canonical
from sync.hlc import Stamp
from sync.operation import Operation


def entry(
    seq: int, kind: str, body: Mapping[str, Any], entity: str = "", field: str = "", *, version: int = 1
) -> Entry:
    """Make the entry that stands at `seq`; later ones have later ids and stamps."""
    text = canonical(Operation(kind, body))
    stamp = Stamp(1_795_000_000_000 + seq, 0, "box-1").text()
    return Entry(seq, f"{seq:026d}", "run", stamp, kind, version, entity, field, "", "kim", text)

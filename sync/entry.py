"""One operation as an outbox keeps it, and the hash that chains a batch of them to the one before."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sync import hlc
from sync.errors import SchemaError
from sync.operation import Operation


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of `op`. Identity is `id`; `seq` is only the order in this file."""

    seq: int
    id: str
    """ULID."""
    inc: str
    """ULID of the run (boot incarnation) that wrote it."""
    hlc: str
    """`hlc.Stamp.text`."""
    kind: str
    version: int
    entity: str
    field: str
    base: str
    actor: str
    body: str
    """Canonical JSON."""

    def value(self) -> dict[str, Any]:
        """Decode the body. Raises `SchemaError` when it is not a JSON object."""
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise SchemaError(f"operation {self.id}: its body is not JSON: {error}") from error
        if not isinstance(value, dict):
            raise SchemaError(f"operation {self.id}: its body is not a JSON object")
        return value

    def time(self) -> datetime:
        """When it was written, UTC. Raises `SchemaError` for a broken stamp."""
        try:
            return hlc.parse(self.hlc).time()
        except (ValueError, OverflowError) as error:
            raise SchemaError(f"operation {self.id}: {error}") from error


def canonical(operation: Operation) -> str:
    """Give the one JSON text of an operation's body: sorted keys, no blanks, no NaN.

    Raises `SchemaError` naming the kind when the body is not JSON or a text is not Unicode.
    """
    try:
        text = json.dumps(
            dict(operation.body), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        for part in (text, operation.kind, operation.entity, operation.field, operation.base, operation.actor):
            part.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise SchemaError(f"cannot record a {operation.kind!r}: its body is not JSON ({error})") from error
    return text


def digest(previous: str, entries: Iterable[Entry]) -> str:
    """Give the hash of a batch: sha256 over the previous batch's hash and a JSON line per entry, all columns in order.

    Head office computes the same from what arrived; it accepts a batch only when count and hash agree.
    """
    sha = hashlib.sha256(previous.encode() + b"\n")
    for entry in entries:
        columns = [
            entry.seq, entry.id, entry.inc, entry.hlc, entry.kind, entry.version,
            entry.entity, entry.field, entry.base, entry.actor, entry.body,
        ]  # fmt: skip
        sha.update(json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")
    return sha.hexdigest()

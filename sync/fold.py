"""What an operation does to the box's state: one pure function per kind.

A kind either adds a fact (readings, deficiencies, notes, gaps, wishes, turns: a set united by id, so order does not
matter) or writes a register (preferences, job status, a single field of a deficiency or a wish: the latest stamp wins,
so order does not matter either). The forms of the bodies are what the functions below ask for.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from sync.entry import Entry
from sync.errors import SchemaError
from sync.records import DeficiencyStatus, JobStatus, Severity, WishStatus

FORM = 3
"""Raised whenever a fold changes: then every box folds all its operations again."""
QUIET = frozenset({"turn", "gap", "wish"})
"""Kinds that change nothing an answer is made of; they do not change the revision of the records."""


@dataclass(frozen=True, slots=True)
class Added:
    """A fact to keep beside the others of its kind."""

    kind: str
    body: Mapping[str, Any]
    """The fields of the record, without its id."""


@dataclass(frozen=True, slots=True)
class Written:
    """A value that replaces an earlier one if its stamp is later."""

    kind: str
    entity: str
    field: str
    value: Any


Change = Added | Written


def fold(entry: Entry) -> Change:
    """Give what `entry` changes.

    Raises:
        SchemaError: an unknown kind or version (a newer program's), or a body that lacks what the kind needs.
    """
    function = FOLDS.get(entry.kind)
    if function is None or entry.version != 1:
        raise SchemaError(f"operation {entry.id}: {entry.kind!r} version {entry.version} is not known here")
    return function(entry, entry.value())


def reading(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Entity: the asset, or empty. Body: what, value (a number), unit; if known site_id, job_id, note."""
    value = body.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e300:
        raise SchemaError(f"operation {entry.id}: a reading needs a number as value, not {value!r}")
    return _added(
        entry,
        {"asset_id": entry.entity, "value": float(value)},
        _texts(entry, body, must=("what",), may=("unit", "site_id", "job_id", "note")),
    )


def deficiency(entry: Entry, body: Mapping[str, Any]) -> Change:
    """A new finding, or with a `field` a later change of one.

    New: entity is the asset, or empty; body: description; if known severity, site_id, job_id, reference, proposed.
    Change: entity is the finding's id, field one of severity, status, description, reference, proposed; body: value.
    """
    if entry.field:
        value = _texts(entry, body, must=("value",))["value"]
        if entry.field not in ("severity", "status", "description", "reference", "proposed"):
            raise SchemaError(f"operation {entry.id}: a deficiency has no field {entry.field!r} to change")
        _choice(entry, entry.field, value)
        return Written("deficiency", _entity(entry), entry.field, value)
    texts = _texts(entry, body, must=("description",), may=("severity", "site_id", "job_id", "reference", "proposed"))
    _choice(entry, "severity", texts.setdefault("severity", "unknown"))
    return _added(entry, {"asset_id": entry.entity}, texts)


def note(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Entity: the record it is about, or empty. Body: text."""
    return _added(entry, {"about": entry.entity}, _texts(entry, body, must=("text",)))


def gap(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Body: question; if known nearest, answer (a turn's id), note (texts) and searched (list of texts)."""
    searched = body.get("searched", [])
    if not isinstance(searched, list) or not all(isinstance(part, str) for part in searched):
        raise SchemaError(f"operation {entry.id}: searched is not a list of texts")
    return _added(
        entry, {"searched": searched}, _texts(entry, body, must=("question",), may=("nearest", "answer", "note"))
    )


def wish(entry: Entry, body: Mapping[str, Any]) -> Change:
    """A manual that is wanted, or with a `field` what became of the wish.

    New: body: text. Change: entity is the wish's id, field one of status, outcome; body: value.
    """
    if not entry.field:
        return _added(entry, {}, _texts(entry, body, must=("text",)))
    value = _texts(entry, body, must=("value",))["value"]
    if entry.field not in ("status", "outcome"):
        raise SchemaError(f"operation {entry.id}: a wish has no field {entry.field!r} to change")
    if entry.field == "status" and value not in get_args(WishStatus):
        raise SchemaError(f"operation {entry.id}: {value!r} is no status of a wish ({', '.join(get_args(WishStatus))})")
    return Written("wish", _entity(entry), entry.field, value)


def turn(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Body: whatever the turn tells of itself; kept as it is."""
    return _added(entry, body, {})


def preference(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Entity: the person. Field: the preference's name. Body: value (any JSON; null forgets it)."""
    if not entry.field or "value" not in body:
        raise SchemaError(f"operation {entry.id}: a preference needs a field and a value")
    return Written("preference", _entity(entry), entry.field, body["value"])


def job_status(entry: Entry, body: Mapping[str, Any]) -> Change:
    """Entity: the job. Body: status. Head office decides whether the step was allowed."""
    status = _texts(entry, body, must=("status",))["status"]
    if status not in get_args(JobStatus):
        raise SchemaError(f"operation {entry.id}: {status!r} is no status of a job")
    return Written("job", _entity(entry), "status", status)


FOLDS: Mapping[str, Callable[[Entry, Mapping[str, Any]], Change]] = {
    "reading": reading,
    "deficiency": deficiency,
    "note": note,
    "gap": gap,
    "wish": wish,
    "turn": turn,
    "preference": preference,
    "job-status": job_status,
}
"""Kind of operation to its fold."""


def _added(entry: Entry, fields: Mapping[str, Any], texts: Mapping[str, str]) -> Added:
    return Added(entry.kind, {**fields, **texts, "at": entry.time().isoformat(), "actor": entry.actor})


def _entity(entry: Entry) -> str:
    if not entry.entity:
        raise SchemaError(f"operation {entry.id}: a {entry.kind!r} of this form needs an entity")
    return entry.entity


def _texts(entry: Entry, body: Mapping[str, Any], must: tuple[str, ...], may: tuple[str, ...] = ()) -> dict[str, str]:
    """Take the named texts of a body; those in `must` may not be missing or blank."""
    texts = {key: body[key] for key in (*must, *may) if body.get(key) is not None}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise SchemaError(f"operation {entry.id}: {key} is not a text")
    for key in must:
        if not texts.get(key, "").strip():
            raise SchemaError(f"operation {entry.id}: {key} is missing")
    return texts


def _choice(entry: Entry, field: str, value: str) -> None:
    """Refuse a value that the field does not know."""
    known = {"severity": get_args(Severity), "status": get_args(DeficiencyStatus)}.get(field)
    if known is not None and value not in known:
        raise SchemaError(f"operation {entry.id}: {value!r} is no {field} of a deficiency ({', '.join(known)})")

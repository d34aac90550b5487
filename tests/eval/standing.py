"""What the data say where a question's note points: the row, spec value, passage, record or formula behind it."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from corpora import digest, requirements, specs
from sync import dataset
from tests.eval.question import later

_PER_FOOT = {12: 0.00193, 14: 0.00307, 16: 0.00489, 18: 0.00777}
"""Ohm per foot by AWG, from the Kidde manuals."""
_MONEY = {"lifetime_value", "annual_spend", "annual_value", "estimated_value"}


class NowhereError(Exception):
    """A note points at nothing; the message names what."""


def evidence(note: str, today: date) -> str:
    """Give the text of everything that a note names.

    Raises:
        NowhereError: one of them does not exist.
    """
    kind, _, rest = note.partition(":")
    if kind == "record":
        parts = [part.strip() for part in rest.split(";")]
        return "\n".join([*(_record(part, today) for part in parts), *_due(parts, today)])
    find: Mapping[str, Callable[[str], str]] = {"row": _rows, "spec": _spec, "passage": _passage, "calc": _calculation}
    if kind not in find:
        raise NowhereError(f"{note!r} names no kind of source")
    return find[kind](rest)


@cache
def _all_rows() -> dict[str, str]:
    return {
        row.id: f"{row.statement} {row.caveat} {row.standard} {row.edition} {row.section}"
        for row in requirements.shipped().rows
    }


def _rows(ids: str) -> str:
    return "\n".join(_have(_all_rows(), name.strip(), "requirement row") for name in ids.split(","))


@cache
def _all_values() -> dict[str, str]:
    found: dict[str, str] = {}
    for spec in specs.Specs.load([specs.shipped()]).records:
        for value in spec.values:
            unit = "" if value.unit in value.text else value.unit
            found[f"{spec.model}/{value.name}"] = f"{value.text} {unit} {value.source}"
    return found


def _spec(name: str) -> str:
    return str(_have(_all_values(), name, "spec value"))


@cache
def passages() -> dict[str, str]:
    """Give the text below every heading of the digests, by "file.md/heading"."""
    found: dict[str, str] = {}
    for path in sorted(Path(digest.shipped()).glob("*.md")):
        for part in path.read_text(encoding="utf-8").split("\n## ")[1:]:
            heading, _, text = part.partition("\n")
            found[f"{path.name}/{heading.partition(' {')[0].strip()}"] = text
    return found


def _passage(names: str) -> str:
    return "\n".join(_have(passages(), name.strip(), "passage") for name in names.split(";"))


def _record(name: str, today: date) -> str:
    if name.startswith("row:"):
        return _rows(name.removeprefix("row:"))
    return _lines(_find(name, today))


def _find(name: str, today: date) -> dict[str, Any]:
    """Give one record of the demo, its dates resolved."""
    file, _, identity = name.partition("/")
    rows = json.loads((dataset.DEMO / f"{file}.json").read_text(encoding="utf-8"))
    found = {row["id"]: row for row in dataset.resolve(rows, today, ZoneInfo("America/Los_Angeles"))}
    record: dict[str, Any] = _have(found, identity, f"record in {file}.json")
    return record


def _due(parts: Sequence[str], today: date) -> list[str]:
    """Where an asset and a row are named: the last time of the row's subject plus its interval."""
    asset = next((_find(part, today) for part in parts if part.startswith("assets/")), None)
    rows = {row.id: row for row in requirements.shipped().rows}
    row = next((_have(rows, part[4:], "requirement row") for part in parts if part.startswith("row:")), None)
    if asset is None or row is None:
        return []
    months = {"month": 1, "year": 12}[row.interval.unit] * int(row.interval.count)
    last = date.fromisoformat(_have(asset["last_done"], row.subject, f"last time in {asset['id']}"))
    return [later(last, months).isoformat()]


def _lines(value: Any, key: str = "") -> str:
    """Write a record as lines, figures with their unit."""
    if isinstance(value, dict):
        return "\n".join(_lines(part, name) for name, part in value.items())
    if isinstance(value, list):
        return "\n".join(_lines(part, key) for part in value)
    if key in _MONEY:
        return f"{key}: ${value:,}"
    unit = " minutes" if key.endswith("_minutes") else " sq ft" if key == "square_footage" else ""
    return f"{key}: {value}{unit}"


def _calculation(call: str) -> str:
    """Compute afresh, by formulas written here, not by the product's."""
    name, *given = call.split()
    compute = _have(_FORMULAS, name, "formula")
    return str(compute(*map(float, given)))


def _flow(k: float, p: float) -> str:
    return f"{k * sqrt(p):.1f} gpm"


def _pressure(k: float, q: float) -> str:
    return f"{(q / k) ** 2:.1f} psi"


def _k_factor(q: float, p: float) -> str:
    return f"{q / sqrt(p):.1f}"


def _battery(standby: float, alarm: float, hours: float = 24, minutes: float = 5) -> str:
    return f"{round((standby * hours + alarm * minutes / 60) * 1.2, 2):g} Ah"


def _voltage_drop(current: float, length: float, gauge: float) -> str:
    return f"{current * 2 * length * _PER_FOOT[int(gauge)]:.2f} V"


def _longest_run(current: float, gauge: float) -> str:
    return f"{(20.4 - 0.2 * current - 16) / current / _PER_FOOT[int(gauge)] / 2:.0f} ft"


def _friction(q: float, c: float, d: float, length: float = 0) -> str:
    per_foot = 4.52 * q**1.85 / (c**1.85 * d**4.87)
    return f"{per_foot * length:.1f} psi" if length else f"{per_foot:.3f} psi/ft"


_FORMULAS: Mapping[str, Callable[..., str]] = {
    "flow": _flow, "pressure": _pressure, "k_factor": _k_factor, "battery": _battery,
    "voltage_drop": _voltage_drop, "longest_run": _longest_run, "friction": _friction,
}  # fmt: skip


def _have(table: Mapping[str, Any], name: str, what: str) -> Any:
    if name not in table:
        raise NowhereError(f"there is no {what} {name!r}")
    return table[name]

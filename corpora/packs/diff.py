"""What differs between two packs, in words: documents, requirements, specs, questions."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from corpora.packs.bundle import opened, reading
from corpora.packs.content import Content, check
from corpora.requirement import Interval, Requirement
from corpora.spec import Spec

LONGEST = 80
"""Letters of a value that are told."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference."""

    kind: Literal["pack", "document", "requirement", "spec", "question", "file"]
    name: str
    how: Literal["added", "changed", "removed"]
    detail: str = ""
    """What changed in it, in words."""

    def __str__(self) -> str:
        """As one line."""
        return f"{self.kind} {self.name}: {self.how}" + (f": {self.detail}" if self.detail else "")


def load(path: Path) -> Content:
    """Read a pack's folder, or a full pack's file, whose signature is not asked for. Raises `CorpusError`."""
    if path.is_dir():
        return check(path)
    with tempfile.TemporaryDirectory() as folder, reading(path) as file, opened(file, str(path)) as bundle:
        bundle.unpack(Path(folder))
        return check(Path(folder))


def compare(old: Content, new: Content) -> list[Change]:
    """Tell what `new` has otherwise than `old`; empty when they say the same."""
    return [
        *_about(old, new),
        *_documents(old, new),
        *_requirements(old.requirements, new.requirements),
        *_specs(old.specs, new.specs),
        *_questions(old.questions, new.questions),
        *_others(old.others, new.others),
    ]


def _about(old: Content, new: Content) -> Iterator[Change]:
    if told := _fields(old.about, new.about, ("id", "title", "version", "licence", "description", "created")):
        yield Change("pack", new.about.id, "changed", "; ".join(told))


def _documents(old: Content, new: Content) -> Iterator[Change]:
    for title in sorted(old.documents.keys() | new.documents.keys()):
        one, other = old.documents.get(title), new.documents.get(title)
        name = f"{title[0]!r}" + (f" ({title[1]})" if title[1] else "")
        if one is None or other is None:
            there = one or other or {}
            yield Change("document", name, "removed" if other is None else "added", _count(len(there), "passage"))
        elif one != other:
            yield Change("document", name, "changed", _passages(one, other))


def _passages(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> str:
    counts = {
        "added": len(new.keys() - old.keys()),
        "changed": sum(old[name] != new[name] for name in old.keys() & new.keys()),
        "removed": len(old.keys() - new.keys()),
    }
    return ", ".join(f"{_count(count, 'passage')} {how}" for how, count in counts.items() if count)


def _requirements(old: Mapping[str, Requirement], new: Mapping[str, Requirement]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            row = one or other
            yield Change("requirement", name, "removed" if other is None else "added", row.statement if row else "")
        elif one != other:
            told = _fields(one, other, [field.name for field in fields(Requirement)])
            yield Change("requirement", name, "changed", "; ".join(told))


def _specs(old: Mapping[str, Spec], new: Mapping[str, Spec]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            spec = one or other
            yield Change("spec", name, "removed" if other is None else "added", spec.product if spec else "")
        elif told := _values(one, other):
            yield Change("spec", name, "changed", "; ".join(told))


def _values(old: Spec, new: Spec) -> list[str]:
    before = {value.name: value for value in old.values}
    after = {value.name: value for value in new.values}
    told = []
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            shown = [f"{held[name].text} ({held[name].source})" if name in held else "" for held in (before, after)]
            told.append(_arrow(name, *shown))
    return told + _fields(old, new, ("category", "product", "notes", "aliases", "sample"))


def _fields(old: object, new: object, names: Sequence[str]) -> list[str]:
    """Tell which of the named attributes changed."""
    pairs = [(name, getattr(old, name), getattr(new, name)) for name in names]
    return [_arrow(name, _plain(one), _plain(other)) for name, one, other in pairs if one != other]


def _questions(old: Mapping[str, Sequence[str]], new: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        one, other = set(old.get(name, ())), set(new.get(name, ()))
        if one == other:
            continue
        told = ", ".join(
            f"{_count(len(found), 'question')} {how}"
            for how, found in (("added", other - one), ("removed", one - other))
            if found
        )
        yield Change("question", name, "added" if not one else "changed" if other else "removed", told)


def _others(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Iterator[Change]:
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            yield Change("file", name, "added" if name not in old else "changed" if name in new else "removed")


def _arrow(name: str, old: str, new: str) -> str:
    """Tell a value's change."""
    if not old or not new:
        return f"{name} {_short(new)!r} added" if new else f"{name} {_short(old)!r} removed"
    return f"{name} {_short(old)!r} is now {_short(new)!r}"


def _plain(value: object) -> str:
    if isinstance(value, Interval):
        return f"{value.count:g} {value.unit}"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("s" if number != 1 else "")

"""The numbers that Word gives paragraphs by itself, "14.2.3" or "(b)", counted again from its list definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ROMANS = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    form: str
    """As `w:numFmt` names it."""
    text: str
    """Pattern, "%1.%2"; of a bullet, the bullet."""
    start: int
    legal: bool
    """All figures plain, whatever the levels above use."""


@dataclass(slots=True)
class Numbering:
    """A document's lists, and how far each is counted."""

    lists: Mapping[str, tuple[str, Mapping[int, _Level], Mapping[int, int]]]
    """List's id to the id of its definition, its levels, and where it starts anew."""
    counts: dict[str, list[int | None]] = field(default_factory=dict)
    """Definition's id to the last number on each level; None where none was given yet."""
    begun: set[tuple[str, int]] = field(default_factory=set)

    def label(self, number_id: str, level: int) -> str | None:
        """Count one paragraph; give its number as printed, "" for a bullet, None when it is in no list."""
        if number_id not in self.lists or not 0 <= level <= 8:
            return None
        definition, levels, restarts = self.lists[number_id]
        how = levels.get(level)
        if how is None:
            return None
        counts = self.counts.setdefault(definition, [None] * 9)
        last = counts[level]
        if (number_id, level) not in self.begun and level in restarts:
            last = restarts[level] - 1
        self.begun.add((number_id, level))
        counts[level] = how.start if last is None else last + 1
        counts[level + 1 :] = [None] * (8 - level)
        return "" if how.form in {"bullet", "none"} else self._filled(how, levels, counts)

    def _filled(self, how: _Level, levels: Mapping[int, _Level], counts: list[int | None]) -> str:
        text = how.text
        for place, other in levels.items():
            count = counts[place] if counts[place] is not None else other.start
            form = "decimal" if how.legal else other.form
            text = text.replace(f"%{place + 1}", figure(count or 0, form))
        return text.strip()


def figure(count: int, form: str) -> str:
    """Write a number in one of Word's forms; plain when the form is none of the common ones."""
    if not 0 < count < 4000:
        return str(count)
    if form.endswith("Letter"):
        letters = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters.upper() if form.startswith("upper") else letters
    if form.endswith("Roman"):
        letters = ""
        for worth, letter in _ROMANS:
            letters += letter * (count // worth)
            count %= worth
        return letters.upper() if form.startswith("upper") else letters
    return f"{count:02d}" if form == "decimalZero" else str(count)


def read(root: etree._Element | None) -> Numbering:
    """Read the list definitions of a document; none when it has no part for them."""
    if root is None:
        return Numbering({})
    definitions = {
        item.get(f"{W}abstractNumId", ""): {_whole(level, "ilvl", 0): _level(level) for level in item.iter(f"{W}lvl")}
        for item in root.iter(f"{W}abstractNum")
    }
    lists = {}
    for item in root.iter(f"{W}num"):
        definition = _value(item, "abstractNumId")
        restarts = {
            _whole(override, "ilvl", 0): int(_value(override, "startOverride"))
            for override in item.iter(f"{W}lvlOverride")
            if _value(override, "startOverride").isdigit()
        }
        lists[item.get(f"{W}numId", "")] = (definition, definitions.get(definition, {}), restarts)
    return Numbering(lists)


def _level(level: etree._Element) -> _Level:
    start = _value(level, "start")
    return _Level(
        form=_value(level, "numFmt") or "decimal",
        text=_value(level, "lvlText"),
        start=int(start) if start.isdigit() else 1,
        legal=level.find(f"{W}isLgl") is not None,
    )


def _value(element: etree._Element, name: str) -> str:
    found = element.find(f"{W}{name}")
    return "" if found is None else str(found.get(f"{W}val") or "")


def _whole(element: etree._Element, name: str, otherwise: int) -> int:
    said = element.get(f"{W}{name}") or ""
    return int(said) if said.isdigit() else otherwise

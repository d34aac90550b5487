"""The equipment catalogue: JSON files dropped in a folder, checked, and found again by model.

A file holds `{"models": [...]}`; each model has maker, model, category, product, values and, if wanted, notes, aliases
and `"sample": true` or `"review": "unreviewed"`. A value has a name from `corpora.property.PROPERTIES`, a source, and
either `value`, or `low` and `high`, or `text` alone; `text` beside figures is how they are printed. What a program read
from a table says in `cell` where (`corpora.spec.Cell`). A file that breaks the rules is named in `Specs.problems` and
left out whole; the others load.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpora.errors import SpecError
from corpora.property import PROPERTIES, WORDS
from corpora.spec import Cell, Spec, SpecValue

__all__ = ["MAX_BYTES", "PROPERTIES", "SAMPLE", "Specs", "normal", "read", "shipped"]

MAX_BYTES = 2_000_000
"""Largest spec file that is read; a catalogue of this size is a mistake or an attack."""
SAMPLE = "sample data"
"""Source of every value whose figures nobody has checked."""

_JOIN = re.compile(r"[\s./\\_–—-]+")  # noqa: RUF001 - both long dashes are typed into model numbers
_WORD = re.compile(r"[a-z0-9]+")
_FIGURE = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?")

Number = int | float


class _Value(BaseModel):
    """One value as it stands in a file."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True, allow_inf_nan=False)

    name: str
    source: str = Field(min_length=1)
    unit: str = WORDS
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    text: str = ""
    cell: Cell | None = None

    @model_validator(mode="after")
    def _sound(self) -> Self:
        self._check_unit()
        self._check_figures()
        return self

    def _check_unit(self) -> None:
        entry = PROPERTIES.get(self.name)
        if entry is None:
            raise ValueError(f"unknown property {self.name!r}; corpora/property.py lists them")
        if self.unit not in entry.units:
            raise ValueError(
                f"{self.name} carries {' or '.join(filter(None, entry.units)) or 'no unit'}, not {self.unit!r}"
            )
        if self.text and self.unit not in self.text:
            raise ValueError(f"{self.name}: the text {self.text!r} lacks the unit {self.unit!r}")

    def _check_figures(self) -> None:
        figures = [figure for figure in (self.value, self.low, self.high) if figure is not None]
        if (self.low is None) != (self.high is None) or (self.value is not None and self.low is not None):
            raise ValueError(f"{self.name}: give value, or low and high, or text alone")
        if not figures and not self.text:
            raise ValueError(f"{self.name}: has neither a figure nor a text")
        if self.low is not None and self.high is not None and self.low >= self.high:
            raise ValueError(f"{self.name}: low {self.low} is not below high {self.high}")
        if self.text and not {float(figure) for figure in figures} <= {
            float(part) for part in _FIGURE.findall(self.text.replace(",", ""))
        }:
            raise ValueError(f"{self.name}: the text {self.text!r} does not say {' and '.join(map(str, figures))}")

    def printed(self) -> str:
        """The value as a nameplate shows it."""
        if self.text:
            return self.text
        figure = str(self.value) if self.value is not None else f"{self.low} to {self.high}"
        return f"{figure} {self.unit}".strip()


class _Model(BaseModel):
    """One model as it stands in a file."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)

    maker: str = Field(min_length=1)
    model: str = Field(min_length=1)
    category: Literal[
        "hvac", "fire pump", "backflow", "sprinkler head", "panel", "detector", "extinguisher", "notification",
        "kitchen", "valve", "other",
    ]  # fmt: skip
    product: str = Field(min_length=1)
    values: list[_Value] = Field(min_length=1)
    notes: list[str] = []
    aliases: list[str] = []
    sample: bool = False
    review: Literal["", "unreviewed"] = ""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if not normal(self.model):
            raise ValueError(f"model {self.model!r} has neither letter nor digit")
        twice = [name for name, count in Counter(value.name for value in self.values).items() if count > 1]
        if twice:
            raise ValueError(f"{self.model}: {twice[0]} stands twice")
        unchecked = [value.name for value in self.values if (value.source == SAMPLE) != self.sample]
        if unchecked:
            raise ValueError(
                f"{self.model}: {unchecked[0]}: the source is {SAMPLE!r} exactly when the model is a sample"
            )
        return self


class _File(BaseModel):
    """One spec file."""

    model_config = ConfigDict(extra="forbid", strict=True)

    models: list[_Model] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Specs:
    """Every spec that lies on the box."""

    records: tuple[Spec, ...]
    problems: tuple[str, ...]
    """One sentence for each file that was refused."""
    revision: str
    """Changes when the text of a loaded file changes: 16 hexadecimal digits."""
    index: Mapping[str, Spec]
    """Normal form of model, alias, or maker and model, to the one record it names."""
    words: Mapping[str, tuple[int, ...]]
    """Word to the records it stands in."""

    @classmethod
    def load(cls, folders: Iterable[Path]) -> "Specs":
        """Load every `*.json` of the folders; a folder that is absent holds nothing.

        A model that stands twice gets the second file refused; but a sample gives way to a record that is none, and an
        unreviewed one to any that a person wrote from a source. Of two unreviewed the first stays.
        """
        taken: dict[tuple[str, str], Spec] = {}
        problems: list[str] = []
        digest = hashlib.sha256()
        for path in _files(folders, problems):
            try:
                text = _text(path)
                _take(parse(text, path), taken)
            except SpecError as error:
                problems.append(str(error))
            else:
                digest.update(f"{path.name}\0{text}\0".encode())
        records = tuple(taken.values())
        return cls(records, tuple(problems), digest.hexdigest()[:16], _index(records), _words(records))

    def find(self, model: str) -> Spec | None:
        """The record of a model, alias, or maker and model, whatever its capitals, dashes, dots, slashes and spaces.

        None when nothing on the box has exactly that name, or when two makers share it and none is given.
        """
        return self.index.get(normal(model))

    def search(self, words: str, limit: int = 5) -> list[Spec]:
        """Records that hold most of the words, best first; a list of what might be meant, never an answer by itself."""
        scores: Counter[int] = Counter()
        for word in set(_WORD.findall(words.lower())):
            places = self.words.get(word, ())
            for place in places:
                scores[place] += 1 + len(self.records) // len(places)
        best = sorted(scores, key=lambda place: (-scores[place], place))
        return [self.records[place] for place in best[:limit]]

    def makers(self) -> tuple[str, ...]:
        """Makers' names in order of the alphabet."""
        return tuple(sorted({spec.maker for spec in self.records}))


def shipped() -> Path:
    """Folder of the specs that travel with the package."""
    return Path(__file__).parent / "starter" / "specs"


def normal(name: str) -> str:
    """Model number without what people write in different ways: "50 TCQA-06" and "50tcqa06" are the same."""
    return _JOIN.sub("", name).casefold()


def read(path: Path) -> list[Spec]:
    """Records of one file; raises SpecError naming file and fault."""
    return parse(_text(path), path)


def parse(text: str, path: Path) -> list[Spec]:
    """Records of the text of a spec file; raises SpecError naming file and fault."""
    try:
        models = _File.model_validate(json.loads(text, object_pairs_hook=_once)).models
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(map(str, fault["loc"]))
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise SpecError(f"{path} is refused: {place}: {fault['msg']}{more}") from error
    except (ValueError, RecursionError) as error:
        raise SpecError(f"{path} is refused: it is not JSON ({error}); correct or remove it") from error
    return [_spec(model, path.name) for model in models]


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """An object; a key standing twice would silently drop the first figure."""
    keys = Counter(key for key, _ in pairs)
    twice = [key for key, count in keys.items() if count > 1]
    if twice:
        raise ValueError(f"the key {twice[0]!r} stands twice in one object")
    return dict(pairs)


def _files(folders: Iterable[Path], problems: list[str]) -> Iterator[Path]:
    for folder in folders:
        try:
            found = sorted(folder.glob("*.json"))
        except OSError as error:
            problems.append(f"{folder} cannot be looked into: {error.strerror or error}")
            continue
        yield from found


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SpecError(f"{path} is refused: larger than {MAX_BYTES} bytes; split it")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SpecError(f"{path} is refused: it cannot be read as UTF-8 text ({error})") from error


def _spec(model: _Model, file: str) -> Spec:
    return Spec(
        maker=model.maker, model=model.model, category=model.category, product=model.product,
        values=tuple(map(_value, model.values)), notes=tuple(model.notes), aliases=tuple(model.aliases),
        sample=model.sample, file=file, review=model.review,
    )  # fmt: skip


def _value(value: _Value) -> SpecValue:
    low, high, nominal = (None if figure is None else float(figure) for figure in (value.low, value.high, value.value))
    return SpecValue(value.name, value.printed(), nominal, low, high, value.unit, value.source, value.cell)


def _take(specs: Sequence[Spec], taken: dict[tuple[str, str], Spec]) -> None:
    """Take a file's records whole or not at all."""
    fresh: dict[tuple[str, str], Spec] = {}
    for spec in specs:
        key = (normal(spec.maker), normal(spec.model))
        other = fresh.get(key) or taken.get(key)
        if other is not None and _worth(other) == _worth(spec) and not spec.review:
            raise SpecError(f"{spec.file} is refused: {spec.maker} {spec.model} stands in {other.file} already")
        if other is None or _worth(other) < _worth(spec):
            fresh[key] = spec
    taken.update(fresh)


def _worth(spec: Spec) -> int:
    """Rank a record by who stands for it: nobody, a program that read a table, a person who named the source."""
    return 0 if spec.sample else 1 if spec.review else 2


def _index(records: Sequence[Spec]) -> dict[str, Spec]:
    """Names to records: a model's own name goes before an alias, and a name that two records claim goes to none."""
    aliases = _claims(records, lambda spec: spec.aliases)
    models = _claims(records, lambda spec: (spec.model,))
    return {name: owners[0] for name, owners in (aliases | models).items() if len(owners) == 1}


def _claims(records: Sequence[Spec], names: Callable[[Spec], tuple[str, ...]]) -> dict[str, list[Spec]]:
    claims: dict[str, list[Spec]] = {}
    for spec in records:
        for key in {normal(form) for name in names(spec) for form in (name, f"{spec.maker} {name}")}:
            claims.setdefault(key, []).append(spec)
    return claims


def _words(records: Sequence[Spec]) -> dict[str, tuple[int, ...]]:
    words: dict[str, list[int]] = {}
    for place, spec in enumerate(records):
        text = " ".join((spec.maker, spec.model, normal(spec.model), spec.category, spec.product, *spec.aliases))
        for word in set(_WORD.findall(text.lower())):
            words.setdefault(word, []).append(place)
    return {word: tuple(places) for word, places in words.items()}

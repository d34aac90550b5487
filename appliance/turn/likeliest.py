"""Which property of a piece of equipment a question asks for when it does not name one exactly.

The whole vocabulary is weighed, not only what the record has, and beside it things that people ask about equipment and
no record gives ("torque"): what is nearest may be something that the record lacks, and its neighbour's figure would be
a wrong answer. The evidence, per property: how near in meaning the question is to the questions that the pack says the
property answers; what share of the question's words, weighed by rarity, stands in them and in the property's names;
whether a name of it stands in the question; whether it carries the unit asked for; and whether this record, or any
record of its category, has it. A softmax over all of them and "none of these" makes chances of the sums.

Decisions: the weights were fitted to the pack's questions, each left out in turn, and to questions written for this
(`python -m tests.eval.fit_property`); they are not set by hand.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from appliance.turn.match import Floats
from appliance.turn.meaning import Vector
from appliance.turn.words import stems
from appliance.units import spelled
from corpora.property import PROPERTIES, names_in
from corpora.spec import Spec
from corpora.specs import Specs

SHARP = 10.0
"""How much the nearest of a property's questions outweighs the others."""
UNKNOWN = 0.3
"""A word that no property has weighs this many times the rarest: it may be slang, or heard wrongly."""
KNOWN = slice(5, 7)
"""Evidence that hangs on the record and not on the question's words."""
OUTVOTED = 1.5
"""By so much the words may speak for something that the record lacks; from there on what it has counts no more."""
SLANG = {"mike": "uf", "horse": "hp", "pony": "hp", "ponie": "hp", "crank": "turn", "spin": "turn", "btu": "BTU/h"}
"""What technicians call units, and the unit."""
MEANT = {
    "lb": {"psi"}, "gal": {"gpm"}, "ft": {"ft/min"}, "A": {"mA", "µA"}, "mA": {"A", "µA"}, "µA": {"mA"},
    "month": {"year"}, "year": {"month"}, "ton": {"BTU/h"}, "BTU/h": {"ton"}, "hp": {"kW"}, "deg": {"°F"},
    "dB": {"dBA"},
}  # fmt: skip
"""Units that somebody who says this one may mean as well: pounds on a gauge are psi."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts for; "none of these" counts 0."""

    meaning: float
    """Soft maximum of the cosines with the property's questions."""
    core: float
    """Share of the question's words in the property's names."""
    words: float
    """Share of the question's words in the property's names or questions."""
    named: float
    """A name of it stands in the question."""
    unit: float
    """It carries the unit asked for (1), or does not (-1)."""
    recorded: float
    """The record has it."""
    usual: float
    """A record of the category has it."""
    foreign: float
    """No record may have it."""
    bias: float


BY_MEANING = Weights(
    meaning=12.02, core=1.58, words=2.99, named=1.49, unit=0.81, recorded=0.8,
    usual=2.92, foreign=-0.41, bias=-7.86,
)  # fmt: skip
BY_WORDS = Weights(
    meaning=0.0, core=2.09, words=6.71, named=1.69, unit=1.6, recorded=0.93,
    usual=3.14, foreign=0.73, bias=-6.08,
)  # fmt: skip


class Likeliest:
    """Weighs every property against a question."""

    def __init__(
        self, posed: Mapping[str, tuple[str, ...]], specs: Specs, vectors: Vector | None, weights: Weights | None = None
    ) -> None:
        """Keep the questions by property; `vectors` holds a row for each of `texts(posed)`: None without embedder."""
        self.names = tuple(posed)
        self._posed = [[stems(question) for question in posed[name]] for name in self.names]
        self._core = [stems(" ".join((name, *_synonyms(name)))) for name in self.names]
        self._words = [core.union(*asked) for core, asked in zip(self._core, self._posed, strict=True)]
        self._units = [_units(name) for name in self.names]
        self._foreign = np.array([name not in PROPERTIES for name in self.names], float)
        self._usual = {
            category: frozenset(
                value.name for spec in specs.records if spec.category == category for value in spec.values
            )
            for category in {spec.category for spec in specs.records}
        }
        seen = Counter(word for words in self._words for word in words)
        self._rarity = {word: math.log(1 + len(self.names) / count) for word, count in seen.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        columns = {word: column for column, word in enumerate(self._rarity)}
        self._column = columns
        self._in_core, self._in_words = _table(self._core, columns), _table(self._words, columns)
        self._ends = np.cumsum([0, *(len(asked) for asked in self._posed)])
        self._vectors = vectors
        self._weights = weights or (BY_WORDS if vectors is None else BY_MEANING)

    def chances(self, text: str, vector: Vector | None, spec: Spec) -> dict[str, float]:
        """Give how likely the question asks for each property, likeliest first; what is left is "none of these".

        `text` is the question without the model's own words, `vector` its meaning.
        """
        return self.chances_of(self.evidence(text, vector, spec))

    def by_words(self, text: str, spec: Spec) -> dict[str, float]:
        """Give the chances as if there were no embedder: a fraction of a millisecond, where the meaning takes ten."""
        return self.chances_of(self.evidence(text, None, spec), BY_WORDS)

    def chances_of(self, evidence: Floats, by: Weights | None = None) -> dict[str, float]:
        """Give the chances that this evidence makes."""
        weights = np.array(astuple(by or self._weights))
        total = evidence @ weights[:-1] + weights[-1]
        said = total - evidence[:, KNOWN] @ weights[KNOWN]
        lacked = evidence[:, KNOWN.start] == 0.0
        total = np.where(said < said[lacked].max(initial=-math.inf) - OUTVOTED, said, total)
        top = max(total.max(), 0.0)
        raised = np.exp(total - top)
        chances = raised / (raised.sum() + math.exp(-top))
        return {self.names[place]: float(chances[place]) for place in np.argsort(-chances)}

    def evidence(self, text: str, vector: Vector | None, spec: Spec, leave: tuple[int, int] | None = None) -> Floats:
        """Give what speaks for each property, shape (properties, 8), in the order of `Weights`.

        `leave` names a property's question that takes no part, by their places: for fitting.
        """
        asked = stems(text)
        share = {word: self._rarity.get(word, self._rarest * UNKNOWN) for word in asked}
        whole = sum(share.values()) or 1.0
        known = [word for word in asked if word in self._column]
        columns, shares = [self._column[word] for word in known], np.array([share[word] for word in known])
        words = self._in_words[:, columns] @ shares / whole
        if leave:
            place = leave[0]
            others = (each for number, each in enumerate(self._posed[place]) if number != leave[1])
            words[place] = sum(share[word] for word in asked & self._core[place].union(*others)) / whole
        unit, named = unit_asked(text), names_in(text)
        recorded, usual = {value.name for value in spec.values}, self._usual.get(spec.category, frozenset())
        evidence = [
            self._nearness(vector, leave),
            self._in_core[:, columns] @ shares / whole,
            words,
            [any(is_kind(name, one) for one in named) for name in self.names],
            [0.0 if not unit else 1.0 if units & unit else -1.0 for units in self._units],
            [name in recorded for name in self.names],
            [name in usual for name in self.names],
            self._foreign,
        ]
        return np.array(evidence, float).T

    def _nearness(self, vector: Vector | None, leave: tuple[int, int] | None) -> Floats:
        """Give the soft maximum of the cosines with each property's questions, shape (properties,)."""
        if self._vectors is None or vector is None:
            return np.zeros(len(self.names))
        raised = np.exp(SHARP * np.vecdot(self._vectors, vector).astype(np.float64))
        counts = np.diff(self._ends).astype(np.float64)
        if leave:
            raised[self._ends[leave[0]] + leave[1]] = 0.0
            counts[leave[0]] -= 1
        return np.log(np.add.reduceat(raised, self._ends[:-1]) / counts) / SHARP


def texts(posed: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Give what is to be embedded, in the order that `Likeliest` expects."""
    return [question for asked in posed.values() for question in asked]


def _table(words: Sequence[frozenset[str]], columns: Mapping[str, int]) -> Floats:
    """Give which words each has, shape (things, columns)."""
    return np.array([[float(word in each) for word in columns] for each in words])


def is_kind(name: str, asked: str) -> bool:
    """Tell whether a property is the one asked for or a kind of it: "voltage" may be a nominal voltage."""
    return name == asked or name.endswith(f" {asked}")


def unit_asked(text: str) -> frozenset[str]:
    """Give the units that the answer may have when the question says "how many" of it; empty when it does not."""
    match = re.search(r"\bhow many (?:more )?((\w+)(?: (?:per|an?|of) \w+| hours?\b)?)", text.lower())
    if not match:
        return frozenset()
    unit = _unit(match[1]) or _unit(match[2])
    return frozenset({unit, *MEANT.get(unit, ())}) if unit else frozenset()


def _unit(word: str) -> str:
    """Give the unit that a word means, in the spelling of `units`, or as properties write it in the singular."""
    single = word.removesuffix("s")
    unit = SLANG.get(single, single)
    return spelled(word) or spelled(unit) or (unit if unit in _OWN else "")


def _units(name: str) -> frozenset[str]:
    printed = filter(None, PROPERTIES[name].units if name in PROPERTIES else ())
    return frozenset(spelled(unit) or unit.removesuffix("s") for unit in printed)


def _synonyms(name: str) -> tuple[str, ...]:
    return PROPERTIES[name].synonyms if name in PROPERTIES else ()


_OWN = {"turn", "device", "unit", "point"}
"""Units that only properties have."""

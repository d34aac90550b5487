"""How surely a line known of a place answers a question: evidence weighed as `match` weighs rows.

The evidence, per line: how near the question, names of place and asset left out, is to the questions of the line's
field; how near it is to the line; what share of its words, weighed by rarity, the line has, by itself and with the
questions of its field; and whether the line is of the asset that the question names.

Decisions: the weights were fitted by logistic regression to questions of our own whose line is known, and to questions
at a place that no line answers.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.field.equipment import called
from appliance.field.line import Line
from appliance.field.place import without
from appliance.turn.ground import split
from appliance.turn.match import SYSTEM_WORDS
from appliance.turn.meaning import Vector
from appliance.turn.record_kind import PEOPLE, PLATE, Wish, misnamed, opposed
from appliance.turn.words import stem, stems
from sync.records import Asset

Floats = NDArray[np.float64]
Embed = Callable[[Sequence[str]], Vector]
HERE = (
    "the customer", "this customer", "this site", "the site", "this account", "this place", "this building",
    "the building", "this property", "here",
)  # fmt: skip
"""Names of whatever place is meant."""
UNKNOWN = 1.15
"""A question's word that no line has weighs this many times the rarest word."""
NEARLY_NAMED = 0.75
"""Share of the best asset's weight from which another asset is named as well."""
IDLE = stems("who whos where when whats thats gonna gotta wanna anything something somebody they their site customer")
"""Words of asking, which no line need have."""
"""Also "customer": every line is of one."""
RULED_OUT = 20.0
"""Taken off the sum of a line that cannot be what is wanted."""
_ANY = stems("system device unit type class fire room floor alarm")
"""Words in the names of assets that name none by themselves."""
UNIT = "the unit"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts for in the sum; the curve's middle is at 0."""

    nearest: float
    """Cosine with the nearest question of the line's field."""
    second: float
    """Cosine with the next nearest."""
    itself: float
    """Cosine with the line."""
    shared: float
    """Share of the question's words in the line or the questions of its field."""
    own: float
    """Share of the question's words in the line."""
    person: float
    """It is of a person whose name stands in the question."""
    named: float
    """It is of an asset, by how fully the question names that asset rather than another; 0 when it names none."""
    unnamed: float
    """It is of an asset, and the question names none."""
    apart: float
    """It is of no asset, and the question names one."""
    misnamed: float
    """It is of an asset of another kind ("smoke" for "heat detectors")."""
    elsewhere: float
    """It is on the plate of an asset: cosine with the nearest question that a datasheet answers."""
    bias: float

    @property
    def column(self) -> Floats:
        """The weights in the order of `Sheet.evidence`."""
        return np.array(
            [self.nearest, self.second, self.itself, self.shared, self.own, self.person,
             self.named, self.unnamed, self.apart, self.misnamed, self.elsewhere]
        )  # fmt: skip


class Posed:
    """The questions that each field answers, as a pack poses them."""

    def __init__(
        self,
        asked: Mapping[str, Sequence[str]],
        vectors: Callable[[Sequence[str]], Vector | None],
        elsewhere: Sequence[str] = (),
    ) -> None:
        """Keep them without the names of a place.

        Args:
            asked: Field to questions.
            vectors: Gives texts' rows, or None without an embedder.
            elsewhere: Questions that datasheets answer.
        """
        self._elsewhere = vectors(elsewhere) if elsewhere else None
        told = [without(text, HERE) for texts in asked.values() for text in texts]
        self._fields = list(asked)
        self.words = {field: stems(" ".join(texts)) for field, texts in asked.items()}
        self._vectors = vectors(told)
        counts = [len(texts) for texts in asked.values()]
        self._slots = np.full((len(counts), max([2, *counts])), -1)
        for place, (start, count) in enumerate(zip(np.cumsum([0, *counts]), counts, strict=False)):
            self._slots[place, :count] = np.arange(start, start + count)

    def nearness(self, vectors: Vector) -> dict[str, tuple[float, float]]:
        """Give for each field the cosine with its nearest question, and with the next: the best of these vectors."""
        if self._vectors is None:
            return {}
        cosines = np.append(_cosines(self._vectors, vectors), -0.2)
        two = np.sort(cosines[self._slots], axis=1)[:, -2:]
        return {field: (float(two[place, 1]), float(two[place, 0])) for place, field in enumerate(self._fields)}

    def elsewhere(self, vectors: Vector) -> float:
        """Give the cosine with the nearest question that a datasheet answers."""
        return 0.0 if self._elsewhere is None else float(_cosines(self._elsewhere, vectors).max())


class Sheet:
    """All that is known of one place, ready to be weighed."""

    def __init__(self, lines: Sequence[Line], names: Sequence[str], posed: Posed, embed: Embed | None) -> None:
        """Keep the lines and the place's `names`; embed the lines once."""
        self.lines = tuple(lines)
        self._names = names
        self._posed = posed
        self._embed = embed
        self._own = [stems(f"{without(line.text, names)} {line.about}") - IDLE for line in lines]
        self._people = [stems(line.about.split(",")[0]) if line.field in PEOPLE else frozenset() for line in lines]
        self._all = [own | posed.words.get(line.field, frozenset()) for own, line in zip(self._own, lines, strict=True)]
        of_assets = (own for own, line in zip(self._own, lines, strict=True) if line.asset)
        self._equipment = frozenset[str]().union(*of_assets)
        seen = Counter(word for words in self._own for word in words)
        self._rarity = {word: math.log(1 + len(lines) / count) for word, count in seen.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        told = [[without(sentence, names) for sentence in split(line.text)] for line in lines]
        self._vectors = embed([sentence for sentences in told for sentence in sentences]) if embed and lines else None
        self._sentences = np.full((len(told), max([1, *map(len, told)])), -1)
        for place, (start, count) in enumerate(zip(np.cumsum([0, *map(len, told)]), map(len, told), strict=False)):
            self._sentences[place, :count] = np.arange(start, start + count)
        self.assets = tuple({line.asset.id: line.asset for line in lines if line.asset}.values())
        self._called = {asset.id: stems(called(asset)) - _ANY for asset in self.assets}
        many = Counter(word for words in self._called.values() for word in words)
        self._telling = {word: math.log(1 + len(self.assets) / count) for word, count in many.items()}

    def bare(self, text: str) -> str:
        """Give the question without the names of the place."""
        return without(without(text, self._names), HERE)

    def asked(self, text: str) -> frozenset[str]:
        """Give the words of a question that a line must have."""
        return stems(self.bare(text)) - IDLE

    def naming(self, text: str) -> dict[str, float]:
        """Give for each asset that the question names (by id) how fully: 1 for the most fully named."""
        asked = stems(self.bare(text))
        scores = {asset.id: self._naming(asset, asked) for asset in self.assets}
        best = max(scores.values(), default=0.0)
        return {name: score / best for name, score in scores.items() if best and score >= NEARLY_NAMED * best}

    def _naming(self, asset: Asset, asked: frozenset[str]) -> float:
        """Weigh the question's words in an asset's names; one whole name counts for more."""
        score = sum(self._telling[word] for word in asked & self._called[asset.id])
        whole = any(stems(name) and stems(name) <= asked for name in (asset.name, *asset.aliases))
        return score * (1.5 if whole else 1.0)

    def evidence(self, text: str) -> Floats:
        """Give what speaks for each line, shape (lines, 11), in the order of `Weights`. Raises `EngineError`."""
        asked, count = self.asked(text), len(self.lines)
        weights = {word: self._rarity.get(word, self._rarest * UNKNOWN) for word in asked}
        total = sum(weights.values()) or 1.0
        named = self.naming(text)
        near, itself, elsewhere = self._meant(text, named)
        fields = [near.get(line.field, (0.0, 0.0)) for line in self.lines]
        own, shared = (
            [sum(weights[word] for word in asked & words) / total if asked else 1.0 for words in each]
            for each in (self._own, self._all)
        )
        assets = [line.asset.id if line.asset else "" for line in self.lines]
        known = SYSTEM_WORDS | self._rarity.keys()
        wrong = {asset.id: misnamed(self.bare(text), called(asset), known) for asset in self.assets}
        columns = [
            [one for one, _ in fields],
            [two for _, two in fields],
            itself,
            shared,
            own,
            [bool(asked & people) for people in self._people],
            [named.get(asset, -1.0) if asset and named else 0.0 for asset in assets],
            [bool(asset) and not named for asset in assets],
            [not asset and bool(named) for asset in assets],
            [wrong.get(asset, False) for asset in assets],
            [elsewhere if line.field in PLATE else 0.0 for line in self.lines],
        ]
        return np.column_stack([np.asarray(column, dtype=float).reshape(count) for column in columns])

    def against(self, text: str) -> Floats:
        """Give what speaks against each line, shape (lines,)."""
        bare, asked = self.bare(text), self.asked(text)
        strange = bool(asked & SYSTEM_WORDS - self._equipment)
        wish = Wish(bare, asked, self.naming(text).keys(), strange)
        opposing = [opposed(wish, line, own) for line, own in zip(self.lines, self._own, strict=True)]
        return RULED_OUT * np.array(opposing, dtype=float)

    def _meant(self, text: str, named: Mapping[str, float]) -> tuple[dict[str, tuple[float, float]], Floats, float]:
        """Give the nearness to the fields' questions, to each line, and to other sources; 0 without an embedder."""
        if self._embed is None or self._vectors is None:
            return {}, np.zeros(len(self.lines)), 0.0
        bare = self.bare(text)
        words = frozenset[str]().union(*(self._called[name] for name in named))
        vectors = self._embed(list(dict.fromkeys([bare, unnamed(bare, words)])))
        cosines = np.append(np.vecdot(self._vectors, vectors[0]), -0.2)
        itself = cosines[self._sentences].max(axis=1).astype(float)
        return self._posed.nearness(vectors), itself, self._posed.elsewhere(vectors)


def _cosines(known: Vector, asked: Vector) -> Floats:
    """Give the best cosine of each row of `known` with any of `asked`; "@" would wait for its threads."""
    return np.asarray(np.max([np.vecdot(known, vector) for vector in asked], axis=0), np.float64)


def unnamed(text: str, words: frozenset[str]) -> str:
    """Put "the unit" for a run of words (by stems) that name an asset: "where's the dock valve" asks for its place."""
    found = []
    for piece in re.split(r"(\W+)", text):
        naming = bool(piece) and stem(piece.lower()) in words and piece.lower() not in {"the", "a", "on", "of"}
        found.append("\0" if naming else piece)
    joined = re.sub(r"(?:\b(?:the|a|an|that|this|my|our|their)\s+)?\0(?:[\s-]+\0)*", UNIT, "".join(found))
    return " ".join(joined.split())


def totals(evidence: Floats, weights: Weights, against: Floats) -> Floats:
    """Give each line's sum: 0 is even odds."""
    return evidence @ weights.column + weights.bias - against

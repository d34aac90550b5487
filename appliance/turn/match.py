"""How surely a thing of the packs (a row, a passage) answers a question: evidence weighed into a sureness from 0 to 1.

The evidence, per thing: how near in meaning the question is to the nearest and the next of the questions that the pack
says the thing answers, and to the thing itself; what share of the question's words, weighed by rarity, stand in it; and
what speaks against it (another system, another kind of the thing). A logistic curve makes a sureness of it.

Decisions: the weights were fitted by logistic regression to questions whose answers are known and to near misses that
nothing answers (`python -m tests.eval.fit`), so that at 0.5 a yes is as likely as a no; they are not set by hand. Words
weigh as much as meaning does: MiniLM alone puts "heat detector" beside "smoke detector".
"""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from appliance.turn.claims import claims
from appliance.turn.doing import others
from appliance.turn.meaning import Vector
from appliance.turn.question import Question
from appliance.turn.words import misnamed, stems
from corpora.requirement import SYSTEMS

Floats = NDArray[np.float64]
UNKNOWN = 1.15
"""A question's word that no thing has weighs this many times the rarest word."""
MOST_UNSAID = 3
MOST_LEAD = 5.0
"""A longer lead says no more."""
ENOUGH = 20.0
"""Rarities that say as much as any more would: about four rare words."""
FAR = -0.2
"""Likeness to questions that are not there."""
CONTRADICTED = 4.0
"""Taken off the sum for what no answer to a tuning question ever had: another doing than the question's ("inspect" for
"test"), no figure of the kind asked for, none of the figures that the question states."""
SYSTEM_WORDS = stems(" ".join(SYSTEMS))
"""Words that name a system."""
_INTERROGATIVE = stems(
    "frequency frequently interval required requirement require requires rule code standard edition section say said "
    "minimum maximum limit allowed permitted time many must long soon according whats hows kind type thing someone "
    "osha please tell remind actually exactly typically usually normally supposed"
)
"""Words of asking, which no thing need have."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each kind of evidence counts for in the sum; the curve's middle is at 0."""

    nearest: float
    """Cosine with the nearest of its questions."""
    second: float
    """Cosine with the next nearest."""
    itself: float
    """Cosine with the thing."""
    words: float
    """Share of the question's words in the thing or its questions."""
    matched: float
    """Sum of those words' rarities: of a long question a small share may say enough."""
    core: float
    """Share of the question's words in what names the thing."""
    unsaid: float
    """For each word of its name that the question does not have, up to three."""
    system: float
    """For each word in the question that names another system."""
    misnamed: float
    """It is of another kind ("smoke" for "heat detectors")."""
    lead: float
    """For the best thing alone: how far its sum is ahead of the best about something else."""
    bias: float

    @property
    def column(self) -> Floats:
        """The weights of the sum, in the order of `Matcher.evidence`."""
        each = (
            self.nearest, self.second, self.itself, self.words, self.matched, self.core,
            self.unsaid, self.system, self.misnamed,
        )  # fmt: skip
        return np.array(each)


@dataclass(frozen=True, slots=True)
class Thing:
    """What may answer."""

    text: str
    """All words that belong to it."""
    core: str
    """What names it: system, component, doing, other names, headings."""
    head: str
    """The component or heading alone."""
    told: str
    """What is embedded for it."""
    asked: tuple[str, ...] = ()
    """Questions that it answers, as the pack says."""


class Matcher:
    """Weighs every thing against a question."""

    def __init__(self, things: Sequence[Thing], vectors: Vector | None) -> None:
        """Keep the things' words; `vectors` holds a row for each of `texts(things)`, or is None without an embedder."""
        self._texts = [f"{thing.text} {' '.join(thing.asked)}" for thing in things]
        self._own = [stems(thing.text) for thing in things]
        self._words = [stems(text) for text in self._texts]
        self._head = [stems(thing.head) for thing in things]
        self._wide = _columns(self._words)
        self._core = _columns([stems(thing.core) for thing in things])
        seen = Counter(word for words in self._own for word in words)
        self._rarity = {word: math.log(1 + len(things) / count) for word, count in seen.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        self._vectors = None if vectors is None else vectors[: len(things)]
        self._questions = None if vectors is None else vectors[len(things) :]
        counts = [len(thing.asked) for thing in things]
        self._slots = np.full((len(things), max([2, *counts])), -1)
        for place, (start, count) in enumerate(zip(np.cumsum([0, *counts]), counts, strict=False)):
            self._slots[place, :count] = np.arange(start, start + count)

    def evidence(self, question: Question, vector: Vector | None) -> Floats:
        """Give what speaks for each thing, shape (things, 8), in the order of `Weights`."""
        count, asked = len(self._texts), asked_words(question)
        weights = {word: self._rarity.get(word, self._rarest * UNKNOWN) for word in asked}
        total = sum(weights.values()) or 1.0
        nearest, second = self._nearness(vector)
        itself = np.zeros(count) if self._vectors is None or vector is None else np.vecdot(self._vectors, vector)
        matched = _share(self._wide, weights, count)
        naming = asked & SYSTEM_WORDS
        return np.column_stack(
            [
                nearest,
                second,
                itself,
                matched / total,
                np.minimum(matched, ENOUGH),
                _share(self._core, weights, count) / total,
                [min(len(head - asked), MOST_UNSAID) for head in self._head],
                [len(naming - words) if naming else 0 for words in self._words],
                [misnamed(question.text, text) for text in self._texts],
            ]
        ).astype(np.float64)

    def another_doing(self, question: Question) -> NDArray[np.bool_]:
        """Tell of each thing whether it is about another doing than the question, shape (things,)."""
        asked = asked_words(question)
        return np.array([others(asked, own) for own in self._own])

    def _nearness(self, vector: Vector | None) -> tuple[Floats, Floats]:
        """Give for each thing the cosine with the nearest of its questions, and with the next."""
        if self._questions is None or vector is None or not len(self._questions):
            far = np.full(len(self._texts), FAR)
            return far, far
        cosines = np.append(np.vecdot(self._questions, vector), FAR)
        two = np.sort(cosines[self._slots], axis=1)[:, -2:]
        return two[:, 1], two[:, 0]


def asked_words(question: Question) -> frozenset[str]:
    """Give the words of a question that an answer must cover: not its references, which are matched as such."""
    text = question.text
    for claim in claims(text):
        if claim.kind in {"standard", "section", "year"}:
            text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
    return stems(text) - _INTERROGATIVE - stems(question.place)


def texts(things: Sequence[Thing]) -> list[str]:
    """Give what is to be embedded, in the order that `Matcher` expects: the things, then all their questions."""
    return [thing.told for thing in things] + [question for thing in things for question in thing.asked]


def sureness(evidence: Floats, weights: Weights, against: Floats, subjects: Sequence[Hashable]) -> Floats:
    """Give the sureness of each thing, 0 to 1; `against` is taken off the sum, `subjects` tells what each is about."""
    total = evidence @ weights.column + weights.bias - against
    if len(total):
        best, ahead = lead(total, subjects)
        total[best] += weights.lead * ahead
    return 1 / (1 + np.exp(-total))


def lead(total: Floats, subjects: Sequence[Hashable]) -> tuple[int, float]:
    """Give the place of the best thing, and how far it is ahead of the best about something else."""
    order = np.argsort(-total)
    best = int(order[0])
    rivals = (int(place) for place in order[1:] if subjects[int(place)] != subjects[best])
    rival = next(rivals, None)
    return best, MOST_LEAD if rival is None else min(float(total[best] - total[rival]), MOST_LEAD)


def _columns(each: Sequence[frozenset[str]]) -> dict[str, NDArray[np.intp]]:
    """Turn words of things into things of words."""
    places: dict[str, list[int]] = {}
    for place, words in enumerate(each):
        for word in words:
            places.setdefault(word, []).append(place)
    return {word: np.array(found) for word, found in places.items()}


def _share(columns: dict[str, NDArray[np.intp]], weights: dict[str, float], count: int) -> Floats:
    """Sum for each thing the weights of the words that it has."""
    total = np.zeros(count)
    for word, weight in weights.items():
        if (places := columns.get(word)) is not None:
            total[places] += weight
    return total

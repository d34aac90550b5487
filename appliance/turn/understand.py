"""Understanding: text in, `Question` out. Patterns first, then the nearest examples; never a language model.

Decisions: what patterns decide is right by reading them; what they leave goes by vote to the nearest examples of
`intents.toml` when an embedder is there, and to "requirement" (the widest search) when none is. An intent steers where
to look first; it never makes an answer by itself.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from importlib.resources import files
from typing import cast

import numpy as np

from appliance.ear.utterance import Utterance
from appliance.ports import Embedder
from appliance.turn.ask import asked
from appliance.turn.claims import Claim, claims
from appliance.turn.meaning import Meaning, Vector
from appliance.turn.question import Intent, Question
from appliance.turn.wanted import asks

NEARLY = 0.5
"""Likeness that the nearest example must have before it decides for records or against answering at all."""
WRITES = frozenset({"reading", "deficiency", "preference", "control", "manual", "jobs", "due", "customer"})
"""Intents that do something or hang on the day: only a pattern may decide for them, never likeness."""
CAREFUL = frozenset({"smalltalk", "outofscope"})
NEIGHBOURS = 5
"""How many nearest examples vote."""


class Understanding:
    """Turns an utterance into a question."""

    def __init__(self, embedder: Embedder | None) -> None:
        """Embed the examples once; without an embedder only patterns decide."""
        self._embedder = embedder
        table = tomllib.loads(files("appliance.turn").joinpath("intents.toml").read_text())["intent"]
        self._patterns: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
            (cast("Intent", row["name"]), re.compile(pattern, re.IGNORECASE))
            for row in table
            for pattern in row["patterns"]
        )
        examples = [
            (cast("Intent", row["name"]), text)
            for row in table
            if row["name"] not in WRITES
            for text in row["examples"]
        ]
        self._labels = [intent for intent, _ in examples]
        self._vectors: Vector | None = embedder.embed([example for _, example in examples]) if embedder else None

    def understand(self, utterance: Utterance, person: str = "") -> tuple[Question, Meaning]:
        """Give the question, and its meaning for whoever needs its vector."""
        text = utterance.text
        meaning = Meaning(self._embedder, text)
        found = claims(text)
        models = tuple(dict.fromkeys((*_texts(text, found, "identifier"), *utterance.unknown)))
        question = Question(
            text=text,
            raw=utterance.raw,
            intent=self.intent(text, meaning, has_model=bool(models), found=found),
            models=models,
            standards=_standards(text, found),
            sections=tuple(claim.text for claim in found if claim.kind == "section"),
            editions=tuple(re.findall(r"\d{4}", " ".join(claim.text for claim in found if claim.kind == "year"))),
            asked=asked(text),
            person=person,
            tokens=tuple(re.findall(r"[\w&'-]+", text)),
        )
        return question, meaning

    def intent(self, text: str, meaning: Meaning, *, has_model: bool, found: Sequence[Claim]) -> Intent:
        """Decide what is wanted."""
        if asks(text):
            return "manual"
        for intent, pattern in self._patterns:
            if pattern.search(text):
                if intent == "requirement" and has_model:
                    return "spec"
                return intent
        if any(claim.kind == "section" for claim in found):
            return "section"
        if has_model:
            return "spec"
        return self._nearest(meaning.vector)

    def _nearest(self, vector: Vector | None) -> Intent:
        if vector is None or self._vectors is None:
            return "requirement"
        likeness = np.vecdot(self._vectors, vector)  # "@" would wait for its threads on a busy machine
        votes: defaultdict[Intent, float] = defaultdict(float)
        for place in np.argsort(likeness)[-NEIGHBOURS:]:
            votes[self._labels[int(place)]] += float(likeness[place]) ** 2
        best: Intent = max(votes, key=lambda intent: votes[intent])
        return "requirement" if best in CAREFUL and likeness.max() < NEARLY else best


def _standards(text: str, found: Sequence[Claim]) -> tuple[str, ...]:
    """Give the standards that a text names; OSHA is known by its part of the federal regulations."""
    named = [claim.text for claim in found if claim.kind == "standard"]
    if re.search(r"\bOSHA\b", text, re.IGNORECASE) and not any("CFR" in name for name in named):
        named.append("29 CFR 1910")
    return tuple(dict.fromkeys(named))


def _texts(text: str, found: Sequence[Claim], kind: str) -> tuple[str, ...]:
    return tuple(text[claim.start : claim.end] for claim in found if claim.kind == kind)

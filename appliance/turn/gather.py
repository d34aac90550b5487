"""Gathering: every source asked in the order of the intent, until one answers exactly."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from appliance.turn.claims import collapse
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.found import Found, Placed, Source
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from corpora.errors import CorpusError
from models.errors import ModelError
from sync.errors import SyncError

log = logging.getLogger(__name__)

SURER = 0.15
"""By how much the library must be surer than the best row to be heard instead."""
EXACT = frozenset({"spec", "requirement", "record", "calculation"})
"""Facts that are spoken as they stand."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where evidence may lie."""

    calculators: Source
    specs: Source
    records: Placed
    requirements: Source
    library: Source | None = None
    """None: no library can be opened on this box."""

    def revisions(self) -> dict[str, str]:
        """Which state each kind of source is in."""
        library = self.library.revision if self.library else "none"
        return {
            "corpus": f"{library} {self.requirements.revision}",
            "specs": self.specs.revision,
            "records": self.records.revision,
        }

    def warm(self) -> None:
        """Prepare what the first question of the day will need."""
        with suppress(ModelError, SyncError):
            self.records.warm()

    def gather(self, question: Question, meaning: Meaning) -> Evidence:
        """Look through the sources, what is exact first; the first that answers ends the search."""
        order: list[tuple[str, Source]] = [
            ("calculators", self.calculators),
            ("specs", self.specs),
            ("records", self.records),
            ("corpus", Texts(self.requirements, self.library)),
        ]
        return _gathered(order, question, meaning)


@dataclass(frozen=True, slots=True)
class Texts:
    """The rows and the library together: the surer one answers."""

    requirements: Source
    library: Source | None

    @property
    def revision(self) -> str:
        """Which state both are in."""
        return f"{self.library.revision if self.library else 'none'} {self.requirements.revision}"

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give what answers best; a row, which is one checked rule, before a text that is as sure."""
        rows = looked(self.requirements, question, meaning)
        texts = looked(self.library, question, meaning) if self.library else Found()
        first, second = (texts, rows) if _sure(texts) - _sure(rows) > _ahead(question) else (rows, texts)
        searched = ", ".join(filter(None, [rows.searched, texts.searched]))
        nearest = max(filter(None, [rows.nearest, texts.nearest]), key=lambda fact: fact.score, default=None)
        return Found(first.facts or second.facts, nearest=nearest, searched=searched)


def _sure(found: Found) -> float:
    return found.facts[0].score if found.facts else 0.0


def _ahead(question: Question) -> float:
    """Give by how much a text must be surer than a row: who asks how to do it, or what a section says, wants a text."""
    return -SURER if question.intent in {"howto", "section"} else SURER


def _gathered(order: Sequence[tuple[str, Source]], question: Question, meaning: Meaning) -> Evidence:
    """Look until something answers; once a known model lacks the answer, only texts that name it count."""
    facts: tuple[Fact, ...] = ()
    searched: list[str] = []
    used: set[str] = set()
    nearest: Fact | None = None
    lacking = ""
    for name, source in order:
        found = looked(source, question, meaning)
        used.add(name)
        searched += filter(None, [found.searched])
        if found.missing:
            return Evidence((), tuple(dict.fromkeys(searched)), found.nearest, found.missing, frozenset(used))
        facts = tuple(fact for fact in found.facts if not lacking or _names(fact, question.models))
        lacking = lacking or found.lacking
        if nearest is None or (not lacking and found.nearest and found.nearest.score > nearest.score):
            nearest = found.nearest
        if facts:
            return Evidence(facts, tuple(dict.fromkeys(searched)), None, "", frozenset(used))
    return Evidence((), tuple(dict.fromkeys(searched)), nearest, lacking, frozenset(used))


def _names(fact: Fact, models: Sequence[str]) -> bool:
    """Tell whether a fact speaks of one of the models by name."""
    text = collapse(f"{fact.statement} {fact.scope}")
    return any(collapse(model) in text for model in models)


def looked(source: Source, question: Question, meaning: Meaning) -> Found:
    """Look into a source; one that cannot be read says nothing, and the others still answer."""
    try:
        return source.look(question, meaning)
    except (CorpusError, ModelError, SyncError) as error:
        log.warning("a source cannot be read: %s", error)
        return Found(searched=f"a source that cannot be read ({error})")

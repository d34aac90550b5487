"""Gathering: every source asked in the order of the intent, until one answers exactly."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.turn.claims import collapse
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.found import Found, Source
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
    records: Source
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

    def gather(self, question: Question, meaning: Meaning) -> Evidence:
        """Look through the sources in the order of the intent; the first that answers exactly ends the search."""
        order: list[tuple[str, Source]] = [
            ("calculators", self.calculators),
            ("specs", self.specs),
            ("records", self.records),
            ("corpus", self.requirements),
        ]
        passages = [("corpus", self.library)] if self.library else []
        first = 3 if question.intent in {"howto", "section"} else len(order)
        return _gathered([*order[:first], *passages, *order[first:]], question, meaning)


def _gathered(order: Sequence[tuple[str, Source]], question: Question, meaning: Meaning) -> Evidence:
    """Look until something answers exactly; once a known model lacks the answer, only texts that name it count."""
    facts: list[Fact] = []
    searched: list[str] = []
    used: set[str] = set()
    nearest: Fact | None = None
    lacking = ""
    for name, source in order:
        found = looked(source, question, meaning)
        used.add(name)
        if found.searched:
            searched.append(found.searched)
        if found.missing:
            return Evidence((), tuple(dict.fromkeys(searched)), found.nearest, found.missing, frozenset(used))
        new = [fact for fact in found.facts if not lacking or _names(fact, question.models)]
        lacking = lacking or found.lacking
        if nearest is None or (not lacking and found.nearest and found.nearest.score > nearest.score):
            nearest = found.nearest
        facts.extend(new)
        if new and (new[0].kind in EXACT or question.intent in {"howto", "section"}):
            if _tells_more(source, new[0], question, meaning, order):
                facts.clear()
                continue
            break
    if facts:
        return Evidence(tuple(facts), tuple(dict.fromkeys(searched)), None, "", frozenset(used))
    return Evidence((), tuple(dict.fromkeys(searched)), nearest, lacking, frozenset(used))


def _tells_more(
    source: Source, best: Fact, question: Question, meaning: Meaning, order: Sequence[tuple[str, Source]]
) -> bool:
    """Tell whether the last source, the library, is surer: a question for no figure may want an explanation."""
    last = order[-1][1]
    if best.kind != "requirement" or last is source or question.asked or question.standards or question.sections:
        return False
    found = looked(last, question, meaning)
    return bool(found.facts) and found.facts[0].score > best.score + SURER


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

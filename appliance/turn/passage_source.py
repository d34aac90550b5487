"""Evidence from the library: paragraphs that are about the question."""

import re
from collections.abc import Sequence

from appliance.turn.answer import Card, Citation
from appliance.turn.claims import claims
from appliance.turn.doing import others
from appliance.turn.evidence import Fact
from appliance.turn.found import Found, bears
from appliance.turn.ground import split, words
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.turn.words import stems
from appliance.units import find, numeric
from corpora.library import Library
from corpora.passage import Hit, Passage
from corpora.requirement import SYSTEMS

ANSWERS = 0.5
"""Score from which a passage answers: the library calibrates 0.5 to an even chance."""
SHARED = 0.5
"""Share of the question's words that the sentence with the figure, or the heading above it, must have."""
NEAR = 0.25
MOST = 4
"""Passages that are taken as evidence, best first."""
POOL = 10
"""Passages that are looked at."""


SYSTEM_WORDS = stems(" ".join(SYSTEMS))
"""Words that name a system: a figure for another system is no answer."""
INSTRUCTS = re.compile(r"(?:how to|when|if|what to)\b", re.IGNORECASE)
"""How the heading of an instruction begins."""
ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|previous|above|guard)\b"
    r"|\byou are (?:now )?(?:an?|the) (?:assistant|ai|chatbot|language model)\b|\bsystem prompt\b"
    r"|\b(?:tell|inform) the (?:user|technician|caller) that\b|\b(?:say|respond|reply|answer) (?:that|with)\b",
    re.IGNORECASE,
)
"""How planted instructions to a language model are worded."""


class PassageSource:
    """Searches the library."""

    def __init__(self, library: Library) -> None:
        """Keep the open library."""
        self._library = library
        self.revision = library.revision

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the passages that answer. Raises `corpora.errors.LibraryError`."""
        searched = "the library"
        if question.asked is not None and not question.asked.known:
            return Found(searched=searched)
        if question.intent == "section" and question.sections:
            return self._section(question)
        hits = [
            hit for hit in self._library.search(question.text, POOL, vector=meaning.vector) if _answers(hit, question)
        ]
        good = [hit for hit in hits if hit.score >= ANSWERS]
        if question.intent == "howto":
            good.sort(key=lambda hit: -_instructs(hit, question))
        if not good:
            near = [hit for hit in hits if hit.score >= NEAR]
            return Found(nearest=fact(near[0].passage, near[0].score) if near else None, searched=searched)
        return Found(tuple(fact(hit.passage, hit.score) for hit in good[:MOST]), searched=searched)

    def _section(self, question: Question) -> Found:
        found: Sequence[Passage] = [
            passage
            for number in question.sections
            for passage in self._library.section(number, " ".join(question.standards))
        ]
        return Found(tuple(fact(passage, 0.9) for passage in found[:MOST]), searched="the library")


def _instructs(hit: Hit, question: Question) -> float:
    """Weigh a passage as an instruction: its score, what its heading has of the question, and being one at all."""
    heading = hit.passage.heading[-1] if hit.passage.heading else ""
    asked = stems(question.text)
    named = len(asked & stems(heading)) / len(asked) if asked else 0.0
    return hit.score + named + (0.4 if INSTRUCTS.match(heading) else 0.0)


def quotable(text: str) -> str:
    """Leave out sentences that order the reader's software about: a document is quoted, never obeyed."""
    lines = ["".join(_kept(line)) for line in text.splitlines()]
    return "\n".join(line.strip() for line in lines if line.strip())


def _kept(line: str) -> list[str]:
    return [sentence for sentence in re.split(r"(?<=[.!?])(?=\s)", line) if not ORDER.search(sentence)]


def _has(passage: Passage, standard: str) -> bool:
    """Tell whether a passage speaks of a standard ("NFPA 72")."""
    place = f"{passage.document} {passage.edition} {' '.join(passage.heading)} {passage.section} {passage.text}"
    found = {claim.text for claim in claims(place) if claim.kind == "standard"}
    return standard in found or standard.removeprefix("29 CFR ") in place


def _answers(hit: Hit, question: Question) -> bool:
    """A passage without the kind of figure asked for is about the thing but does not answer."""
    if question.standards and not any(_has(hit.passage, standard) for standard in question.standards):
        return False
    wanted = question.asked
    if wanted is None or not wanted.dimensions:
        return True
    asked = words(question.text) - stems(question.place)
    about = stems(" ".join(hit.passage.heading))
    if (asked & SYSTEM_WORDS) - stems(f"{hit.passage.document} {hit.passage.text}") - about:
        return False
    if not bears(question.text, hit.passage.text):
        return False
    often = wanted.name == "interval"
    return any(
        any(q.unit in wanted.dimensions and (often or numeric(sentence, q)) for q in find(sentence))
        and len(asked & (stems(sentence) | about)) >= SHARED * len(asked)
        and not others(asked, stems(sentence) | about)
        for sentence in split(hit.passage.text)
    )


def fact(passage: Passage, score: float) -> Fact:
    """Say one passage."""
    heading = " > ".join(passage.heading)
    section = f"section {passage.section}" if passage.section else ""
    return Fact(
        id=f"passage:{passage.id}",
        kind="passage",
        statement=quotable(passage.text),
        scope=f"{passage.document} {passage.edition} {heading} {section}",
        citation=Citation(
            passage.pack, passage.document, passage.edition, passage.section, passage.page, passage.text, ""
        ),
        score=score,
        card=Card(
            heading or passage.document, (("text", passage.text), ("source", passage.source or passage.document))
        ),
    )

"""Evidence from the library: paragraphs that are about the question."""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from appliance.turn.answer import Card, Citation, Location
from appliance.turn.claims import claims
from appliance.turn.doing import others
from appliance.turn.evidence import Fact
from appliance.turn.found import Found, bears, borne, figures, stated
from appliance.turn.ground import split, words
from appliance.turn.match import CONTRADICTED, SYSTEM_WORDS, Floats, Matcher, Thing, Weights, sureness
from appliance.turn.meaning import Meaning, Vector
from appliance.turn.question import Question
from appliance.turn.words import stems
from appliance.units import find, numeric
from corpora.library import Library
from corpora.passage import Hit, Passage

ANSWERS = 0.5
"""Score from which a passage answers: the library calibrates 0.5 to an even chance."""
SHARED = 0.5
"""Share of the question's words that the sentence with the figure, or the heading above it, must have."""
NEAR = 0.25
MOST = 4
"""Passages that are taken as evidence, best first."""
POOL = 10
"""Passages that are looked at."""
INSTRUCTED = 1.5
"""Added to the sum of steps when the question asks how to do something."""
BY_MEANING = Weights(
    nearest=7.51, second=0.0, itself=0.0, words=1.17, matched=0.16, core=0.0,
    unsaid=-0.38, system=-0.81, misnamed=-0.4, lead=0.35, bias=-7.68,
)  # fmt: skip
"""With an embedder."""
BY_WORDS = Weights(
    nearest=0, second=0, itself=0, words=2.34, matched=0.45, core=1.7,
    unsaid=-0.82, system=-1.67, misnamed=-0.8, lead=0, bias=-6.18,
)  # fmt: skip
"""Without one."""


INSTRUCTS = re.compile(r"(?:how to|when|if|what to)\b", re.IGNORECASE)
"""How the heading of an instruction begins."""
ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules|previous|above|guard)\b"
    r"|\byou are (?:now )?(?:an?|the) (?:assistant|ai|chatbot|language model)\b|\bsystem prompt\b"
    r"|\b(?:tell|inform) the (?:user|technician|caller) that\b|\b(?:say|respond|reply|answer) (?:that|with)\b",
    re.IGNORECASE,
)
"""How planted instructions to a language model are worded."""


class Known:
    """Passages whose pack says what they answer; they are weighed like rows, whatever the library thinks of them."""

    def __init__(self, passages: Sequence[Passage], matcher: Matcher, *, meaning: bool) -> None:
        """Keep the passages and what weighs them, made of `things(passages, …)`; `meaning`: with an embedder."""
        self._passages = passages
        self._matcher = matcher
        self._weights = BY_MEANING if meaning else BY_WORDS
        self._dimensions = [frozenset(quantity.unit for quantity in find(passage.text)) for passage in passages]
        self._figures = [figures(passage.text) for passage in passages]
        self._subjects = [passage.heading for passage in passages]
        self._instructs = np.array([bool(INSTRUCTS.match(thing)) for thing in map(_last_heading, passages)])
        self.ids = frozenset(passage.id for passage in passages)

    def rank(self, question: Question, vector: Vector | None) -> list[tuple[float, Passage]]:
        """Give every passage that the standards named allow with how surely it answers, best first."""
        evidence, against = self._matcher.evidence(question, vector), self.against(question)
        sure = sureness(evidence, self._weights, against, self._subjects)
        pairs = zip(sure, self._passages, strict=True)
        return sorted(
            ((float(score), passage) for score, passage in pairs if _allowed(passage, question)),
            key=lambda pair: -pair[0],
        )

    def against(self, question: Question) -> Floats:
        """Give what speaks against each passage, shape (passages,): less than nothing for steps when those are wanted.

        A text may tell of several doings, a figure not.
        """
        wanted = question.asked.dimensions if question.asked else frozenset()
        lacks = np.array([bool(wanted) and not wanted & own for own in self._dimensions], float)
        told = stated(question.text)
        strange = np.array([not borne(told, had) for had in self._figures], float)
        often = question.asked is not None and question.asked.name == "interval"
        other = self._matcher.another_doing(question) & often
        wanted_steps = INSTRUCTED * self._instructs * (question.intent == "howto")
        return np.asarray(CONTRADICTED * (other + lacks + strange) - wanted_steps)


def things(passages: Sequence[Passage], asked: Mapping[str, Sequence[str]]) -> list[Thing]:
    """Give passages as what may answer; `asked` gives the questions that each answers, by the passage's id."""
    return [
        Thing(
            text=f"{passage.document} {' '.join(passage.heading)} {passage.text}",
            core=f"{passage.document} {' '.join(passage.heading)}",
            head=passage.heading[-1] if passage.heading else passage.document,
            told=f"{' > '.join(passage.heading)}: {passage.text}",
            asked=tuple(asked.get(passage.id, ())),
        )
        for passage in passages
    ]


class PassageSource:
    """Searches the library."""

    def __init__(self, library: Library, known: Known | None = None) -> None:
        """Keep the open library, and the passages whose questions are known."""
        self._library = library
        self._known = known
        self.revision = library.revision

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the passages that answer. Raises `corpora.errors.LibraryError`."""
        searched = "the library"
        if question.asked is not None and not question.asked.known:
            return Found(searched=searched)
        if question.intent == "section" and question.sections:
            return self._section(question)
        ranked = self.rank(question, meaning.vector)
        good = [(score, passage) for score, passage in ranked if score >= ANSWERS]
        if not good:
            near = [fact(passage, score) for score, passage in ranked[:1] if score >= NEAR]
            return Found(nearest=near[0] if near else None, searched=searched)
        return Found(tuple(fact(passage, score) for score, passage in good[:MOST]), searched=searched)

    def rank(self, question: Question, vector: Vector | None) -> list[tuple[float, Passage]]:
        """Give passages with how surely they answer, best first."""
        known = self._known.rank(question, vector) if self._known else []
        ids = self._known.ids if self._known else frozenset()
        hits = self._library.search(question.text, POOL, vector=vector)
        found = [(hit.score, hit.passage) for hit in hits if hit.passage.id not in ids and _answers(hit, question)]
        return sorted([*known, *found], key=lambda pair: -pair[0])

    def _section(self, question: Question) -> Found:
        found: Sequence[Passage] = [
            passage
            for number in question.sections
            for passage in self._library.section(number, " ".join(question.standards))
        ]
        return Found(tuple(fact(passage, 0.9) for passage in found[:MOST]), searched="the library")


def _last_heading(passage: Passage) -> str:
    return passage.heading[-1] if passage.heading else ""


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


def _allowed(passage: Passage, question: Question) -> bool:
    """Keep to the standards that the question names."""
    return not question.standards or any(_has(passage, standard) for standard in question.standards)


def _answers(hit: Hit, question: Question) -> bool:
    """A passage without the kind of figure asked for is about the thing but does not answer."""
    if not _allowed(hit.passage, question):
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
            passage.pack,
            passage.document,
            passage.edition,
            passage.section,
            passage.page,
            passage.text,
            location=Location(passage.id, page=passage.page),
        ),
        score=score,
        card=Card(
            heading or passage.document, (("text", passage.text), ("source", passage.source or passage.document))
        ),
    )

"""Evidence from the requirement rows: what a code or regulation asks, how often, by which edition.

A row is found by its words, by its meaning and by the questions that its pack says it answers (see `match`). All rows
of the best row's subject are told together, because editions differ.
"""

import re
from collections.abc import Mapping, Sequence

import numpy as np

from appliance.turn.answer import Card, Citation
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found, borne, figures, stated
from appliance.turn.match import CONTRADICTED, Floats, Matcher, Thing, Weights, asked_words, sureness
from appliance.turn.meaning import Meaning, Vector
from appliance.turn.question import Question
from appliance.units import find
from corpora.requirement import Requirement, covers
from corpora.requirements import Requirements

ANSWERS = 0.5
"""Sureness from which a row answers; below it is only the nearest thing."""
NEAR = 0.1
"""Sureness from which a row is worth offering as the nearest thing."""
CITED = 0.9
"""Sureness of a row whose section is all that was asked for."""
TIE = 0.06
"""How close a second subject must come to be told as well: the question fits both."""
MOST_SUBJECTS = 3
BY_MEANING = Weights(
    nearest=5.38, second=1.97, itself=0.0, words=1.05, matched=0.12, core=0.84,
    unsaid=-0.12, system=-1.03, misnamed=-1.23, lead=0.43, bias=-7.83,
)  # fmt: skip
"""With an embedder."""
BY_WORDS = Weights(
    nearest=0, second=0, itself=0, words=2.06, matched=0.14, core=2.34,
    unsaid=-0.35, system=-1.32, misnamed=-1.24, lead=0.61, bias=-4.83,
)  # fmt: skip
"""Without one."""


def things(requirements: Requirements, asked: Mapping[str, Sequence[str]]) -> list[Thing]:
    """Give the rows as what may answer; `asked` gives the questions that each answers, by the row's id."""
    return [
        Thing(
            text=_everything(row),
            core=f"{row.system} {row.component} {row.activity} {' '.join(row.aliases)}",
            head=row.component,
            told=f"{row.component}, {row.activity}: {row.statement}",
            asked=tuple(asked.get(row.id, ())),
        )
        for row in requirements.rows
    ]


class RequirementSource:
    """Ranks the rows for a question."""

    def __init__(self, requirements: Requirements, matcher: Matcher, *, meaning: bool) -> None:
        """Keep the rows and what weighs them, made of `things(requirements, …)`; `meaning`: with an embedder."""
        self.rows = requirements.rows
        self.revision = requirements.revision
        self._matcher = matcher
        self._weights = BY_MEANING if meaning else BY_WORDS
        self._subjects = [row.subject for row in self.rows]
        self._by_subject = {row.subject: requirements.by_subject(row.subject) for row in self.rows}
        self._dimensions = [frozenset(quantity.unit for quantity in find(row.statement)) for row in self.rows]
        self._figures = [figures(row.statement) for row in self.rows]

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the rows that answer."""
        ranked = self.rank(question, meaning.vector)
        if not ranked:
            return NOTHING
        searched = "the code requirements"
        best, row = ranked[0]
        if best < ANSWERS:
            nearest = fact(row, best) if best >= NEAR else None
            return Found(nearest=nearest, searched=searched)
        subjects = list(dict.fromkeys(r.subject for score, r in ranked if score >= best - TIE))[:MOST_SUBJECTS]
        facts = [fact(r, best) for subject in subjects for r in self._editions(subject, question)]
        return Found(tuple(facts), searched=searched)

    def rank(self, question: Question, vector: Vector | None) -> list[tuple[float, Requirement]]:
        """Give every row that the standards named in the question allow with how surely it answers, best first."""
        allowed = [place for place, row in enumerate(self.rows) if self._allowed(row, question)]
        if not asked_words(question):
            return [(CITED, self.rows[place]) for place in allowed if question.sections]
        if question.asked is not None and not question.asked.known:
            return []
        evidence, against = self._matcher.evidence(question, vector), self.against(question)
        sure = sureness(evidence, self._weights, against, self._subjects)
        return sorted(((float(sure[place]), self.rows[place]) for place in allowed), key=lambda pair: -pair[0])

    def against(self, question: Question) -> Floats:
        """Give what speaks against each row, shape (rows,)."""
        lacks = np.array([self._lacks(place, question) for place in range(len(self.rows))], float)
        told = stated(question.text)
        strange = np.array([not borne(told, had) for had in self._figures], float)
        return np.asarray(CONTRADICTED * (self._matcher.another_doing(question) + lacks + strange))

    def _allowed(self, row: Requirement, question: Question) -> bool:
        """Keep to the standards and sections that the question names."""
        cites = _cites(row, question)
        if question.sections and not cites:
            return False
        return cites or not question.standards or _of(row.standard, question.standards)

    def _lacks(self, place: int, question: Question) -> bool:
        """Tell whether a row lacks the kind of figure asked for."""
        wanted = question.asked
        if wanted is None:
            return False
        if wanted.name == "interval":
            return self.rows[place].kind != "interval"
        return bool(wanted.dimensions) and not wanted.dimensions & self._dimensions[place]

    def _editions(self, subject: str, question: Question) -> Sequence[Requirement]:
        """Give the subject's rows, of the edition asked for when there is such a row."""
        rows = self._by_subject[subject]
        adopted = dict(question.adopted)
        years = {row.standard: question.editions or tuple(filter(None, [adopted.get(row.standard)])) for row in rows}
        if cited := [row for row in rows if question.sections and _cites(row, question)]:
            return cited
        named = [row for row in rows if any(covers(row.edition, int(year)) for year in years[row.standard])]
        return named or rows


def _everything(row: Requirement) -> str:
    parts = (row.system, row.component, row.activity, *row.aliases, row.statement, row.caveat, row.standard)
    return " ".join(parts)


def _of(standard: str, asked: Sequence[str]) -> bool:
    """Tell whether a row's standard ("NFPA 96 and NFPA 17A") is one of those asked for."""
    return any(name in re.split(r"\s+and\s+|,\s*", standard) or standard.startswith(f"{name}.") for name in asked)


def _cites(row: Requirement, question: Question) -> bool:
    section = row.section.lower().replace(" ", "")
    return bool(section) and any(
        asked == section or section.startswith((f"{asked}.", f"{asked}(")) for asked in question.sections
    )


def fact(row: Requirement, score: float) -> Fact:
    """Say one row."""
    note = "" if row.confidence == "V1" else "secondary source"
    edition = f"{row.edition} edition" if row.edition[:4].isdigit() else row.edition
    section = f"section {row.section}" if row.section else ""
    return Fact(
        id=f"requirement:{row.id}",
        kind="requirement",
        statement=row.statement,
        scope=f"{row.standard} {edition} {section} {row.system} {row.component} {row.activity} {' '.join(row.aliases)}",
        citation=Citation("starter", row.standard, row.edition, row.section, None, row.statement, note),
        score=score,
        caveat=row.caveat,
        card=Card(
            f"{row.component}: {row.activity}",
            tuple(
                pair
                for pair in (
                    ("requirement", row.statement),
                    ("standard", row.standard),
                    ("edition", row.edition),
                    ("section", row.section),
                    ("source", row.source),
                )
                if pair[1]
            ),
            row.caveat,
        ),
    )

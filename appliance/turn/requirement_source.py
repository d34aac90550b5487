"""Evidence from the requirement rows: what a code or regulation asks, how often, by which edition.

A row is found by its words (weighted by rarity among the rows) and by meaning, and must give the kind of figure that
the question asks for. All rows of the best row's subject are told together, because editions differ.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from appliance.ports import Embedder
from appliance.turn.answer import Card, Citation
from appliance.turn.claims import claims
from appliance.turn.doing import others
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found, bears
from appliance.turn.meaning import Meaning, Vector
from appliance.turn.question import Question
from appliance.turn.words import misnamed, stems
from appliance.units import find
from corpora.requirement import SYSTEMS, Requirement, covers
from corpora.requirements import Requirements

ANSWERS = 0.52
"""Score from which a row answers; below it is only the nearest thing. Tuned on the development questions."""
NEAR = 0.40
"""Score from which a row is worth offering as the nearest thing."""
CITED = 0.9
"""Score of a row whose section is all that was asked for."""
UNSAID = 0.04
"""Taken off for each word of a row's component that the question does not have: the plain case is meant first."""
MISNAMED = 0.8
"""Factor for a row about another kind of the thing asked for ("smoke" for "heat detectors")."""
UNASKED_FIGURE = 0.65
"""Factor when the question states a figure that the best row does not have: then it speaks of something else."""
TIE = 0.03
"""How close a second subject must come to be told as well: the question fits both."""
MOST_SUBJECTS = 3
LEXICAL, MEANING = 0.5, 0.5
"""What words and meaning count for."""
WRONG_ACTIVITY = 0.55
"""Factor for a row about another doing than the question's."""
OTHER_SYSTEM = 0.6
"""Factor for each word that names a system ("preaction") in the question and not in the row."""
WRONG_FIGURE = 0.6
"""Factor for a row without the kind of figure asked for."""
UNKNOWN = 1.15
"""A question's word that no row has weighs this many times the rarest word of the rows."""


class RequirementSource:
    """Ranks the rows for a question."""

    def __init__(self, requirements: Requirements, embedder: Embedder | None, vectors: Vector | None = None) -> None:
        """Keep the rows with their words; `vectors` are the rows' vectors when they were kept from last time."""
        self.rows = requirements.rows
        self.revision = requirements.revision
        self._by_subject = {row.subject: requirements.by_subject(row.subject) for row in self.rows}
        self._texts = [_everything(row) for row in self.rows]
        self._words = [stems(text) for text in self._texts]
        self._core = [
            stems(f"{row.system} {row.component} {row.activity} {' '.join(row.aliases)}") for row in self.rows
        ]
        self._component = [stems(row.component) for row in self.rows]
        self._dimensions = [frozenset(quantity.unit for quantity in find(row.statement)) for row in self.rows]
        self._systems = stems(" ".join(SYSTEMS))
        seen = Counter(word for words in self._words for word in words)
        self._rarity = {word: math.log(1 + len(self.rows) / count) for word, count in seen.items()}
        self._rarest = max(self._rarity.values(), default=1.0)
        self.vectors = vectors if vectors is not None else embed_rows(self.rows, embedder)

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the rows that answer."""
        ranked = self.rank(question, meaning.vector)
        if not ranked:
            return NOTHING
        searched = "the code requirements"
        best, row = ranked[0]
        if not bears(question.text, row.statement):
            best *= UNASKED_FIGURE
        if best < ANSWERS:
            nearest = fact(row, best) if best >= NEAR else None
            return Found(nearest=nearest, searched=searched)
        subjects = list(dict.fromkeys(r.subject for score, r in ranked if score >= best - TIE))[:MOST_SUBJECTS]
        facts = [fact(r, best) for subject in subjects for r in self._editions(subject, question)]
        return Found(tuple(facts), searched=searched)

    def rank(self, question: Question, vector: Vector | None) -> list[tuple[float, Requirement]]:
        """Score every row that the standards named in the question allow, best first."""
        asked = self._asked(question)
        if not asked:
            return [(CITED, row) for row in self.rows if question.sections and self._allowed(row, question)]
        weights = {word: self._rarity.get(word, self._rarest * UNKNOWN) for word in asked}
        total = sum(weights.values())
        likeness = np.vecdot(self.vectors, vector) if self.vectors is not None and vector is not None else None
        scored: list[tuple[float, Requirement]] = []
        for place, row in enumerate(self.rows):
            if not self._allowed(row, question):
                continue
            words = sum(weights[word] for word in asked & self._words[place]) / total
            core = sum(weights[word] for word in asked & self._core[place]) / total
            score = 0.5 * words + 0.5 * core
            if likeness is not None:
                score = LEXICAL * score + MEANING * min(max((float(likeness[place]) - 0.15) / 0.6, 0.0), 1.0)
            unsaid = UNSAID * min(len(self._component[place] - asked), 3)
            scored.append((score * self._fitness(place, question, asked) - unsaid, row))
        return sorted(scored, key=lambda pair: -pair[0])

    def _allowed(self, row: Requirement, question: Question) -> bool:
        """Keep to the standards and sections that the question names."""
        cites = _cites(row, question)
        if question.sections and not cites:
            return False
        return cites or not question.standards or _of(row.standard, question.standards)

    def _asked(self, question: Question) -> frozenset[str]:
        """Give the words of the question that a row must cover: not its references, which are matched as such."""
        text = question.text
        for claim in claims(text):
            if claim.kind in {"standard", "section", "year"}:
                text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
        return stems(text) - _INTERROGATIVE - stems(question.place)

    def _fitness(self, place: int, question: Question, asked: frozenset[str]) -> float:
        """Weigh down a row about another system or doing, or without the kind of figure asked for."""
        factor = OTHER_SYSTEM ** len((asked & self._systems) - self._words[place])
        if misnamed(question.text, self._texts[place]):
            factor *= MISNAMED
        if others(asked, self._words[place]):
            factor *= WRONG_ACTIVITY
        wanted = question.asked
        if wanted is not None and not wanted.known:
            return 0.0
        if wanted is not None and wanted.name == "interval" and self.rows[place].kind != "interval":
            return factor * WRONG_FIGURE
        if wanted is not None and wanted.dimensions and not wanted.dimensions & self._dimensions[place]:
            factor *= WRONG_FIGURE
        return factor

    def _editions(self, subject: str, question: Question) -> Sequence[Requirement]:
        """Give the subject's rows, of the edition asked for when there is such a row."""
        rows = self._by_subject[subject]
        adopted = dict(question.adopted)
        years = {row.standard: question.editions or tuple(filter(None, [adopted.get(row.standard)])) for row in rows}
        if cited := [row for row in rows if question.sections and _cites(row, question)]:
            return cited
        named = [row for row in rows if any(covers(row.edition, int(year)) for year in years[row.standard])]
        return named or rows


_INTERROGATIVE = stems(
    "frequency frequently interval required requirement require requires rule code standard edition section say said "
    "minimum maximum limit allowed permitted time many must long soon according whats hows kind type thing someone "
    "osha please tell remind actually exactly typically usually normally supposed"
)


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


def embed_rows(rows: Sequence[Requirement], embedder: Embedder | None) -> Vector | None:
    """Give the rows' vectors, shape (rows, 384), or None without an embedder."""
    if embedder is None or not rows:
        return None
    return np.asarray(embedder.embed([f"{row.component}, {row.activity}: {row.statement}" for row in rows]))


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

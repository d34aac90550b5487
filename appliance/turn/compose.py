"""Words from evidence, without a model: what is said when the evidence answers exactly, and what when it does not.

Decisions: a statement is spoken as it stands, since its figures were checked there. Its source follows in the same
breath. Rows that differ by edition are told one after the other, each under its edition. Caveats and safety words are
never left out, whatever the listener's skill.
"""

from dataclasses import dataclass, replace

from appliance.turn.answer import Card, Citation
from appliance.turn.evidence import Evidence, Fact
from appliance.turn.ground import split
from appliance.turn.question import Question
from appliance.turn.words import stems
from appliance.units import find

MOST_ROWS = 4
"""Editions told aloud; the card shows all. Who wants long answers hears twice as many, as of all that is limited."""
DEMO, DIFFER, SEVERAL = "These are demo records.", "Sources and editions differ.", "There is more than one rule."
MORE = "The card shows the rest."
FIXED = (DEMO, DIFFER, SEVERAL, MORE)
"""Sentences of our own that claim nothing of the world."""
MOST_CAVEATS = 4
PASSAGE_SENTENCES = 3
"""Sentences of a passage that are spoken; the card shows all."""
STEPS = 12
"""Steps of a procedure that are spoken."""
SMALLTALK = (
    "I'm Clara. Ask me about equipment, code requirements, your customers and jobs, or have me calculate something. "
    "I answer from what lies on this box and tell you the source."
)
OUT_OF_SCOPE = "That's outside what I know. I can help with fire and life safety equipment, codes, customers and jobs."


@dataclass(frozen=True, slots=True)
class Composed:
    """What is to be said and shown."""

    clauses: tuple[str, ...]
    """In order, each a full sentence; the first answers."""
    facts: tuple[Fact, ...]
    """Those that were used."""
    confidence: float
    abstained: bool = False
    passing: bool = False
    """It would have been better with a rung that was out."""
    further: tuple[Card, ...] = ()
    """What is shown beside the facts' cards."""

    @property
    def said(self) -> str:
        """All of it."""
        return " ".join(self.clauses)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Sources of the facts used, each once with all its quotes."""
        quotes: dict[Citation, list[str]] = {}
        for fact in self.facts:
            quotes.setdefault(replace(fact.citation, quote=""), []).append(fact.citation.quote)
        return tuple(replace(citation, quote=" ".join(dict.fromkeys(said))) for citation, said in quotes.items())

    @property
    def cards(self) -> tuple[Card, ...]:
        """What is shown, each once."""
        return tuple(dict.fromkeys((*(fact.card for fact in self.facts if fact.card), *self.further)))


def exact(question: Question, facts: tuple[Fact, ...]) -> Composed:
    """Say facts that answer by themselves (spec, requirement, record, calculation)."""
    first = facts[0]
    if first.kind == "requirement":
        return _requirements(question, tuple(fact for fact in facts if fact.kind == "requirement"))
    same = tuple(fact for fact in facts if fact.kind == first.kind)
    caveats = dict.fromkeys(fact.caveat for fact in same if fact.caveat)
    note = [DEMO] if first.citation.note == "demo data" else []
    return Composed((*(fact.statement for fact in same), *caveats, *note), same, min(fact.score for fact in same))


def _requirements(question: Question, facts: tuple[Fact, ...]) -> Composed:
    """Say one row with its source, or several rows each under its edition."""
    more = _more(question)
    told = facts[: MOST_ROWS * more]
    caveats = tuple(dict.fromkeys(sentence for fact in told for sentence in split(fact.caveat)))
    if len(told) == 1:
        return Composed((told[0].statement, source(told[0]), *caveats), told, told[0].score)
    one_subject = len({fact.citation.document for fact in told}) == 1
    differ = DIFFER if one_subject else SEVERAL
    lead = () if question.editions else (differ,)
    rows = tuple(clause for fact in told for clause in (fact.statement, source(fact)))
    return Composed((*lead, *rows, *caveats[: MOST_CAVEATS * more]), told, told[0].score)


def source(fact: Fact) -> str:
    """Name a fact's source in one sentence."""
    return f"That is from {fact.citation.text()}."


def extract(facts: tuple[Fact, ...], question: Question) -> Composed:
    """Quote the best passage: all its steps when it is a procedure, else its sentences nearest to the question."""
    best, more = facts[0], _more(question)
    sentences = split(best.statement)
    if question.intent in {"howto", "section"}:
        return Composed((*sentences[: STEPS * more], source(best)), facts[:1], best.score)
    asked = stems(question.text)
    if question.asked is None or not question.asked.dimensions:
        return Composed((*sentences[: PASSAGE_SENTENCES * more], source(best)), facts[:1], best.score)
    start = max(range(len(sentences)), key=lambda place: (_answering(sentences[place], question, asked), -place))
    return Composed((*sentences[start : start + PASSAGE_SENTENCES * more], source(best)), facts[:1], best.score)


def _more(question: Question) -> int:
    """How many times the usual may be said."""
    return 2 if question.length == "long" else 1


def _answering(sentence: str, question: Question, asked: frozenset[str]) -> float:
    """Weigh a sentence: words of the question in it, and the kind of figure asked for."""
    wanted = question.asked.dimensions if question.asked else frozenset()
    figure = bool(wanted) and any(quantity.unit in wanted for quantity in find(sentence))
    return len(asked & stems(sentence)) + (2.0 if figure else 0.0)


def abstain(evidence: Evidence) -> Composed:
    """Say that the sources do not say: what was looked through, and the nearest thing when there is one."""
    if evidence.missing.endswith("?"):
        return Composed((evidence.missing,), (), 0.0, abstained=True)
    reason = (evidence.missing,) if evidence.missing else ()
    where = ", ".join(evidence.searched) or "everything on this box"
    clauses = [*reason, "My sources don't say." if reason else f"My sources don't say; I looked through {where}."]
    if evidence.nearest is not None:
        nearest = split(evidence.nearest.statement)[0]
        clauses.append(f"Not the same, but: {nearest}")
        clauses.append(source(evidence.nearest))
    return Composed(tuple(clauses), (evidence.nearest,) if evidence.nearest else (), 0.0, abstained=True)

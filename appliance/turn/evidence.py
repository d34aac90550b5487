"""What a turn may speak from: facts, each a statement with its scope and its citation."""

from dataclasses import dataclass, field
from typing import Literal

from appliance.turn.answer import Card, Citation

FactKind = Literal["spec", "requirement", "passage", "record", "calculation"]


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that the sources say."""

    id: str
    kind: FactKind
    statement: str
    """Full sentences that may be spoken as they are; every figure in them is borne out by the source."""
    scope: str
    """What the statement is about (document, edition, section, maker, model, headings): may be named beside it."""
    citation: Citation
    score: float
    """0 to 1: how surely it answers the question."""
    caveat: str = ""
    """What must be said with it, in full sentences; empty when nothing."""
    card: Card | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything gathered for one turn, best first."""

    facts: tuple[Fact, ...] = ()
    searched: tuple[str, ...] = ()
    """Which sources were looked through, in words, for an honest abstention."""
    nearest: Fact | None = None
    """The nearest thing found when nothing answers: offered as "not the same, but"."""
    missing: str = ""
    """Why nothing answers, when that is known ("No model QQQQ is on this box."), a full sentence."""
    used: frozenset[str] = field(default_factory=frozenset)
    """Which revisions the answer hangs on: "corpus", "specs", "records"."""

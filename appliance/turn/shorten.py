"""The short form of an answer: its first statement, its sources, every warning.

Decisions: what warns is never left out, whoever asks for short answers; neither are the rows of a rule that differ by
edition, since one of them alone would be another answer, nor what lists (jobs, dues, the values asked for). What is
left out stays on the card, and the answer says so.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from appliance.turn.compose import FIXED, MORE, Composed, source
from appliance.turn.ground import split
from appliance.turn.question import Question

LISTS = frozenset({"jobs", "due", "spec", "calculation"})
"""Intents whose statements are the answer, each of them."""
SAFETY = re.compile(
    r"\b(?:warn\w*|danger\w*|hazard\w*|caution\w*|careful\w*|beware|unsafe|safe(?:ly|ty)?|risks?|injur\w*|death|fatal\w*"
    r"|kill\w*|harm\w*|shock\w*|electrocut\w*|energi[sz]ed|live (?:wires?|parts?|circuits?)|lock(?:ed)?[- ]?out"
    r"|tag(?:ged)?[- ]?out|volts?|poison\w*|toxic|asphyxia\w*|suffocat\w*|breath\w*|carbon (?:di|mon)oxide|confined"
    r"|burn\w*|scald\w*|explo\w*|ignit\w*|protective|gloves|goggles|respirator\w*|evacuat\w*|fire watch|impair\w*"
    r"|out of service|pressuri[sz]ed|relieve|not|no|never|nobody|nothing|\w+n't|cant|dont|cannot|only|unless"
    r"|before|first|notify|tell|disconnect\w*|isolat\w*|shut(?:s|ting)?[- ]?off|turn(?:s|ed|ing)? off"
    r"|restor\w*|back in(?:to)? service|on test|monitoring|slowly|make sure|ensure|instead)\b",
    re.IGNORECASE,
)
"""Words of sentences that may warn. It errs towards keeping: too long is a nuisance, a lost warning an accident."""


def warns(sentence: str) -> bool:
    """May a sentence be a warning?"""
    return SAFETY.search(sentence) is not None


def shortened(composed: Composed, question: Question) -> Composed:
    """Leave out what is neither the first statement nor a source nor a warning, when the question wants it short."""
    if question.length != "short" or composed.abstained or not composed.facts or question.intent in LISTS:
        return composed
    kept = tuple(kept_of(composed))
    if len(kept) == len(composed.clauses):
        return composed
    return replace(composed, clauses=(*kept, MORE) if composed.cards else kept)


def kept_of(composed: Composed) -> Iterable[str]:
    """Give the clauses that stay."""
    asides = {*FIXED, *(source(fact) for fact in composed.facts)}
    for fact in composed.facts:
        asides |= {fact.caveat, *split(fact.caveat)}
        if fact.kind == "requirement":
            asides.add(fact.statement)
    answered = False
    for clause in composed.clauses:
        if clause in asides or not answered or warns(clause):
            yield clause
        answered = answered or clause not in asides

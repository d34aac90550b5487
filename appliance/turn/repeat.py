"""Repetition: was a sentence said already, be it in other words."""

from collections.abc import Sequence

from appliance.turn.bearing import agree
from appliance.turn.claims import claims
from appliance.turn.ground import words
from appliance.turn.plain import plain
from appliance.turn.polarity import negated

SHARED = 0.6
"""Least share of a sentence's words that were said before when it says nothing new."""


def repeats(sentence: str, said: Sequence[str]) -> bool:
    """Tell whether a sentence brings nothing new: its words, every claim in it and its polarity were all said.

    A new figure, section, name or denial is always new, whatever words stand around it.
    """
    before = [plain(one) for one in said]
    text = plain(sentence)
    told = [claim for one in before for claim in claims(one)]
    if not all(any(agree(claim, other) for other in told) for claim in claims(text)):
        return False
    own = words(text)
    heard = frozenset[str]().union(*(words(one) for one in before))
    if not own or len(own & heard) / len(own) < SHARED:
        return False
    nearest = max(before, key=lambda one: len(own & words(one)))
    return negated(nearest) == negated(text)


def rest(clauses: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    """Give those of some sentences in order that go on where what was said ends, and do not say it again."""
    known = [repeats(clause, said) for clause in clauses]
    start = len(known) - known[::-1].index(True) if True in known else 0
    return tuple(clauses[start:])

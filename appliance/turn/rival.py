"""Whether another piece of evidence, saying something else, is what a clause speaks of."""

from collections.abc import Sequence

from appliance.turn.bearing import VALUES, agree, borne, often
from appliance.turn.claims import Claim
from appliance.turn.ground import Ground, alike
from appliance.turn.polarity import opposed

Context = tuple[tuple[int, frozenset[str]], ...]
"""Words that stand elsewhere, what counts most first; -1 with those of what is spoken of next, 1 with all others."""


def contradicts(clause: str, figures: Sequence[Claim], ground: Ground, rival: Ground) -> tuple[list[Claim], bool]:
    """Give the figures for which a rival has another value than the piece that bears them out, one for one.

    Second, whether it surely is another: both are how often or both how long, and the piece does not have that value as
    well, for something else.
    """
    missing = [claim for claim in figures if not any(agree(claim, o) for o in (*rival.claims, *rival.references))]
    contested: list[Claim] = []
    sure = False
    theirs = list(rival.claims)
    for claim in missing:
        other = next((o for o in theirs if alike(claim, o)), None) if claim.kind in VALUES else None
        if other is not None:
            theirs.remove(other)
            contested.append(claim)
            rates = often(clause, claim) == often(rival.text, other)
            sure = sure or (rates and not any(agree(other, own) for own in ground.claims))
    return contested, sure


def denied(clause: str, figures: Sequence[Claim], said: frozenset[str], rival: Ground) -> bool:
    """Tell whether a rival has all the figures, but another polarity, bound or place for them."""
    settled = [c for c in figures if any(agree(c, o) for o in (*rival.claims, *rival.references))]
    if len(settled) < len(figures) or not any(agree(c, o) for c in figures for o in rival.claims):
        return False
    return bool(opposed(said, rival.words) or borne(clause, figures, rival)[1])


def lead(said: frozenset[str], context: Context, ground: Ground, rival: Ground, settled: Sequence[Claim]) -> int:
    """Give by how much a rival fits better than a piece: 0 when nothing tells them apart, less when it fits worse.

    First come the words said (those of the sentences themselves twice) and the figures that only the piece has, then
    what comes after and so belongs to the other, then the words before, and last how many qualifiers are left unsaid.
    """
    ours, theirs = ground.about - rival.about, rival.about - ground.about
    alone = sum(not any(agree(claim, o) for o in (*rival.claims, *rival.references)) for claim in settled)
    ahead = len(said & theirs) + len(said & (rival.words - ground.words))
    ahead -= len(said & ours) + len(said & (ground.words - rival.words)) + alone
    if ahead:
        return ahead
    for sign, layer in context:
        if ahead := sign * (len(layer & theirs - said) - len(layer & ours - said)):
            return ahead
    before = frozenset[str]().union(*(layer for sign, layer in context if sign > 0))
    if not (rival.words & said or rival.about & before):
        return -1
    unsaid = [sum(not word.startswith("!") for word in side.words - said - before) for side in (ground, rival)]
    return min(unsaid[0] - unsaid[1], 0)

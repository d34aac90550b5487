"""Whether one piece of evidence bears out the figures of a clause, each with its bound, its place and its polarity."""

from collections.abc import Sequence

from appliance import units
from appliance.turn.bound import bound, interval
from appliance.turn.claims import REFERENCES, Claim, claims
from appliance.turn.ground import GENERIC, Ground, alike, near, properties, token
from appliance.turn.polarity import denies, negated
from appliance.turn.words import STOP

VALUES = frozenset({"quantity", "number", "date", "clock", "phone"})
"""Kinds of which one thing has one."""
JOINING = STOP - {"per"} | {"percent", "x", "plus", "minus", "then"}
"""Words that may follow a figure whose unit was left out."""


def borne(clause: str, figures: Sequence[Claim], ground: Ground, carried: Sequence[Claim] = ()) -> tuple[float, str]:
    """Give how many figures a piece bears out, and the first reason why it does not bear out all ("" when it does).

    A figure that is there but out of place counts half. `carried` are references that hold for the clause unsaid.
    """
    for number, claim in enumerate(figures):
        matches = [other for other in ground.claims if agree(claim, other) and _stated(clause, claim, other, ground)]
        if not matches and any(agree(claim, other) for other in ground.references):
            if denies(clause, claim.start) and not negated(ground.sentence):
                return number + 0.5, f"it denies what {ground.text!r} affirms"
            continue
        problem = f"{claim.kind} {clause[claim.start : claim.end]!r} is not in the evidence"
        for match in matches:
            problem = _bound(clause, claim, ground, match) or _place(clause, claim, ground, match, carried)
            if not problem and denies(clause, claim.start) != denies(ground.text, match.start):
                problem = f"it denies what {ground.text!r} affirms, or the other way round"
            if not problem:
                break
        if problem:
            return number + 0.5 * bool(matches), problem
    return len(figures), ""


def _stated(clause: str, claim: Claim, other: Claim, ground: Ground) -> bool:
    """A figure may be converted or said without its unit, but not beside the truth.

    A bare number is no quantity where another word is its unit, and no figure is converted into a unit in which the
    piece itself gives a slightly different one.
    """
    if claim.quantity is None or other.quantity is None:
        return True
    if claim.kind == "number" and other.kind == "quantity":
        after = clause[claim.end : claim.end + 24].replace("-", " ").split(maxsplit=1)
        follower = after[0].strip(".,;:()?!'\"").lower() if after else ""
        return not follower.isalpha() or follower in JOINING
    given = [
        each.quantity.value
        for each in claims(ground.sentence)
        if each.quantity and each.quantity.unit == claim.quantity.unit
    ]
    value = claim.quantity.value
    return value in given or not any(abs(each - value) <= 0.02 * abs(value) for each in given)


def _bound(clause: str, claim: Claim, ground: Ground, match: Claim) -> str:
    """A bound may be left out, but neither added nor turned round."""
    if claim.quantity is None:
        return ""
    said = bound(clause, claim.start, claim.end)
    if said and said != bound(ground.text, match.start, match.end):
        return f"the bound of {clause[claim.start : claim.end]!r} is not in the evidence"
    return ""


def _place(clause: str, claim: Claim, ground: Ground, match: Claim, carried: Sequence[Claim]) -> str:
    """Tell whether a figure stands with the words that belong to another figure of the same sentence.

    A reference belongs to the references beside it, whatever the words.
    """
    offset = max(ground.sentence.find(ground.text), 0)
    said, own = _near(clause, claim), _near(ground.sentence, match, offset)
    others = list(near(ground.sentence))
    if claim.kind in REFERENCES:
        others += [(other, words) for other, words in near(ground.scope) if other.kind in REFERENCES]
        said, own = (frozenset(word for word in side if word.startswith("#")) for side in (said, own))
        said |= {token(claim) for claim in carried}
    said_often, stands_often = often(clause, claim), often(ground.text, match)
    for other, theirs in others:
        if not alike(match, other) or agree(claim, other):
            continue
        other_often = often(ground.sentence, other) if other.quantity else stands_often
        if said_often != stands_often:
            wrong = other_often == said_often  # said how often, but it is the other one that tells how often
        else:
            wrong = other_often == stands_often and len(said & (theirs - own)) > len(said & (own - theirs))
        if wrong:
            return f"{clause[claim.start : claim.end]!r} has changed places"
    return ""


def misnamed(clause: str, said: frozenset[str], ground: Ground) -> str:
    """Give a property of the piece that the clause calls by a name unknown to the piece, or ""."""
    theirs = {noun for one, noun in properties(ground.text) if one not in said}
    for one, noun in properties(clause):
        if noun in theirs and one not in ground.about | GENERIC:
            return noun
    return ""


def often(text: str, claim: Claim) -> bool:
    """Tell whether a claim is how often and not how long or how much."""
    return claim.quantity is not None and interval(text, claim.start, claim.end)


def _near(text: str, claim: Claim, offset: int = 0) -> frozenset[str]:
    return next(
        (
            words
            for o, words in near(text)
            if (o.start, o.kind, o.text) == (claim.start + offset, claim.kind, claim.text)
        ),
        frozenset(),
    )


def agree(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim is borne out by another."""
    if claim.quantity is not None:
        return _same_figure(claim, other)
    if claim.kind == other.kind == "section":
        return _within(claim.text, other.text)
    if other.kind == "date" and claim.kind == "year":
        return other.text.startswith(f"{claim.text}-")
    if claim.kind == other.kind == "date":
        return claim.text == other.text or other.text.endswith(f"-{claim.text}")
    return claim.kind == other.kind and claim.text == other.text


def _same_figure(claim: Claim, other: Claim) -> bool:
    if claim.quantity is None or other.quantity is None:
        return False
    if claim.kind == "number" and not claim.text:
        return claim.quantity.value == other.quantity.value
    if claim.kind != other.kind:
        return False
    if claim.kind == "number":
        return claim.text == other.text and claim.quantity.value == other.quantity.value
    return units.same(claim.quantity, other.quantity)


def _within(said: str, stands: str) -> bool:
    """A section bears out itself and its chapter: 13.4.5.2 bears out "chapter 13", never 13.4.5.3."""
    said, stands = said.removesuffix(".x"), stands.removesuffix(".x")
    return said == stands or stands.startswith((f"{said}.", f"{said}("))


def separated(identifier: str) -> set[str]:
    """Give the beginnings of an identifier at its separators, of 4 characters and more: 50A4 of 50A4-030."""
    ends = [at for at, char in enumerate(identifier) if not char.isalnum()]
    return {
        "".join(char for char in identifier[:end] if char.isalnum()).upper() for end in (*ends, len(identifier))
    } - {""}


def quantities(text: str) -> bool:
    """Tell whether a text claims anything but where it is from."""
    return any(claim.kind in VALUES for claim in claims(text))

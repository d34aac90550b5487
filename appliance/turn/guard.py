"""The guard: nothing is spoken that the evidence of this turn does not bear out.

A clause passes when one single piece of evidence bears out every claim in it, with the same polarity and the same
direction of a bound, when no figure has changed places with another of the same piece, and when no other piece that
the clause's own words point to says something different. Pure: text in, verdict out.

Decisions:
- One piece must bear out the whole clause. Two true figures taken from two rows make a false sentence ("5 minutes"
  for voice systems, "15 minutes" for the others), so figures are never pooled. A sentence that joins two facts with
  "and" is read part by part, each part keeping the words before it as its context.
- A rival piece wins when more of the words that tell the two apart stand in the clause (and, at half weight, in the
  question). When nothing tells them apart the clause is too vague to be true of just one, and is blocked: this is
  what makes an answer name its edition.
- A whole sentence that stands in the evidence word for word passes: it carries its own qualifiers.
- Names and identifiers may come from anywhere in the evidence: they bind no figure.
- When in doubt the clause is blocked: the extractive answer that replaces it is never worse than a wrong figure.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance import units
from appliance.turn.claims import Claim, claims
from appliance.turn.ground import Ground, bound, grounds, local, negated, parts, split, words
from appliance.turn.words import stem, stems

CONTEXT = 0.5
"""What a word of the question weighs against a word of the clause when two pieces are told apart."""
TOPIC = 0.3
"""Least share of the clause's words that must stand in the piece or the question."""
NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december ahj nfpa osha source sources note warning caution table section chapter
    edition""".split()
)
"""Capitalised words that name nobody."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of one clause."""

    ok: bool
    reason: str = ""
    """Which claim is not borne out and why; for logs, never spoken."""


PASS = Verdict(ok=True)


class Guard:
    """Checks what is to be said against the evidence of one turn."""

    def __init__(self, facts: Iterable[tuple[str, str]], question: str = "", also: Iterable[str] = ()) -> None:
        """Keep the evidence as (statement, scope) pairs, and the question, whose words tell which piece is meant.

        `also` are sentences of our own making (the naming of a source) that pass word for word and bear out nothing.
        """
        pairs = tuple(facts)
        self._facts = tuple(grounds(statement, scope) for statement, scope in pairs)
        self._question = words(question)
        self._verbatim = frozenset(
            _plain(text) for statement, _ in pairs for text in (statement, *split(statement)) if text.strip()
        ) | frozenset(_plain(text) for sentence in also for text in (sentence, *split(sentence)))
        everything = " ".join((question, *(f"{statement} {scope}" for statement, scope in pairs)))
        self._names = frozenset(re.findall(r"[a-z]+", everything.lower())) | stems(everything)
        self._identifiers = frozenset(
            claim.text
            for fact in self._facts
            for ground in fact
            for claim in (*ground.claims, *ground.scope)
            if claim.kind == "identifier"
        )

    def check(self, text: str) -> Verdict:
        """Say whether `text` (a clause, a sentence or several) may be spoken."""
        if _plain(text) in self._verbatim:
            return PASS
        for sentence in split(text):
            verdict = self._sentence(sentence)
            if not verdict.ok:
                return verdict
        return PASS

    def _sentence(self, sentence: str) -> Verdict:
        if _plain(sentence) in self._verbatim:
            return PASS
        verdict = self._clause(sentence, self._question)
        if verdict.ok:
            return verdict
        pieces = parts(sentence)
        if len(pieces) < 2 or any(not words(piece) for piece in pieces):
            return verdict
        context = self._question
        for piece in pieces:
            if not self._clause(piece, context).ok:
                return verdict
            context = context | words(piece)
        return PASS

    def _clause(self, clause: str, context: frozenset[str]) -> Verdict:
        said = claims(clause)
        for claim in said:
            if claim.kind == "name" and not self._known(claim.text):
                return Verdict(ok=False, reason=f"name {claim.text!r} is not in the evidence")
            if claim.kind == "identifier" and not self._identified(claim.text):
                return Verdict(ok=False, reason=f"identifier {claim.text!r} is not in the evidence")
        figures = tuple(claim for claim in said if claim.kind not in {"name", "identifier"})
        if not figures:
            return self._polarity(clause)
        return self._figures(clause, figures, context)

    def _known(self, name: str) -> bool:
        return all(w in NAMES or w in self._names or stem(w) in self._names for w in name.lower().split())

    def _identified(self, identifier: str) -> bool:
        return identifier in self._identifiers or (
            len(identifier) > 3 and any(known.startswith(identifier) for known in self._identifiers)
        )

    def _figures(self, clause: str, figures: Sequence[Claim], context: frozenset[str]) -> Verdict:
        """Look for a piece that bears out all figures and loses to no rival."""
        said = words(clause)
        reason = "there is no evidence"
        rank = 0
        for fact in self._facts:
            for ground in fact:
                found, problem = _borne(clause, figures, ground)
                if not problem:
                    problem, found = self._fits(said, context, ground, figures), 9
                if not problem:
                    return PASS
                if found >= rank:
                    reason, rank = problem, found
        return Verdict(ok=False, reason=reason)

    def _fits(self, said: frozenset[str], context: frozenset[str], ground: Ground, figures: Sequence[Claim]) -> str:
        """Give the reason why a piece that has the figures is still not what the clause speaks of, or ""."""
        if said and len(said & (ground.about | self._question)) / len(said) < TOPIC:
            return f"it speaks of something else than {ground.text!r}"
        for fact in self._facts:
            for rival in fact:
                if rival is not ground and _contradicts(figures, ground, rival) and _wins(said, context, ground, rival):
                    return f"{rival.text!r} fits no worse and says otherwise"
        return ""

    def _polarity(self, clause: str) -> Verdict:
        """A clause without figures may still deny what the evidence affirms, or affirm what it denies."""
        said, denies = words(clause), negated(clause)
        if len(said) < 2:
            return PASS
        agreeing, opposing, where = 0.0, 0.0, ""
        for fact in self._facts:
            for ground in fact:
                shared = len(said & ground.words)
                fit = shared / len(said) + 0.1 * shared / (len(ground.words) or 1)
                if ground.negated == denies:
                    agreeing = max(agreeing, fit)
                elif fit > opposing:
                    opposing, where = fit, ground.text
        if opposing >= 0.6 and agreeing < opposing:
            return Verdict(ok=False, reason=f"polarity differs from {where!r}")
        return PASS


def _plain(text: str) -> str:
    """Write a sentence so that white space, capitals and the full stop make no difference."""
    return " ".join(text.split()).rstrip(".;").lower()


def _borne(clause: str, figures: Sequence[Claim], ground: Ground) -> tuple[int, str]:
    """Give how many figures a piece bears out, and the first reason why it does not bear out all ("" when it does)."""
    matched: list[tuple[Claim, Claim]] = []
    for number, claim in enumerate(figures):
        match = next((other for other in ground.claims if agree(claim, other)), None)
        if match is None and not any(agree(claim, other) for other in ground.scope):
            return number, f"{claim.kind} {clause[claim.start : claim.end]!r} is not in the evidence"
        if match is not None and claim.quantity is not None:
            matched.append((claim, match))
            said, stands = bound(clause, claim), bound(ground.text, match)
            if said and stands and said != stands:
                return number, f"the bound of {clause[claim.start : claim.end]!r} is turned round"
    if ground.negated != negated(clause):
        return len(figures), f"it denies what {ground.text!r} affirms, or the other way round"
    return len(figures), _swapped(clause, matched, ground)


def _swapped(clause: str, matched: Sequence[tuple[Claim, Claim]], ground: Ground) -> str:
    """Tell whether a figure stands with the words that belong to another figure of the same piece."""
    for claim, match in matched:
        near, own = local(clause, claim), local(ground.text, match)
        for other in ground.claims:
            if not _alike(match, other) or agree(claim, other):
                continue
            theirs = local(ground.text, other)
            if len(near & (theirs - own)) > len(near & (own - theirs)):
                return f"{clause[claim.start : claim.end]!r} has changed places"
    return ""


def _alike(one: Claim, other: Claim) -> bool:
    """Tell whether two claims are figures of one dimension."""
    if one.quantity is None or other.quantity is None:
        return False
    return units.dimension(one.quantity.unit) == units.dimension(other.quantity.unit)


def _contradicts(figures: Sequence[Claim], ground: Ground, rival: Ground) -> bool:
    """Tell whether a rival has all that is said but denies it, or gives another value for one of the figures."""
    missing = [claim for claim in figures if not any(agree(claim, o) for o in (*rival.claims, *rival.scope))]
    if not missing:
        return rival.negated != ground.negated
    return any(
        _alike(claim, other) and not any(agree(other, own) for own in ground.claims)
        for claim in missing
        for other in rival.claims
        if claim.kind == "quantity"
    )


def _wins(said: frozenset[str], context: frozenset[str], ground: Ground, rival: Ground) -> bool:
    """Weigh the words that tell two pieces apart; when none do, the one with fewer qualifiers unsaid is meant."""
    ours, theirs = ground.about - rival.about, rival.about - ground.about
    asked = context - said
    own = len(said & ours) + CONTEXT * len(asked & ours)
    other = len(said & theirs) + CONTEXT * len(asked & theirs)
    if other != own or not (rival.words & said or rival.about & asked):
        return other > own
    return len(rival.sentence - said - asked) <= len(ground.sentence - said - asked)


def agree(claim: Claim, other: Claim) -> bool:
    """Tell whether a claim is borne out by another."""
    if claim.quantity is not None:
        return _same_figure(claim, other)
    if claim.kind == other.kind == "section":
        return _within(claim.text, other.text)
    if other.kind == "date" and claim.kind in {"date", "year"}:
        return f"-{other.text}-".find(f"-{claim.text}-") == 0 if claim.kind == "year" else _same_day(claim, other)
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


def _same_day(claim: Claim, other: Claim) -> bool:
    return claim.text == other.text or other.text.endswith(f"-{claim.text}")


def _within(said: str, stands: str) -> bool:
    """A section bears out itself and its chapter: 13.4.5.2 bears out "chapter 13", never 13.4.5.3."""
    said, stands = said.removesuffix(".x"), stands.removesuffix(".x")
    return said == stands or stands.startswith((f"{said}.", f"{said}("))

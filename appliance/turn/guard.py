"""The guard: nothing is spoken that the evidence of this turn does not bear out.

A clause passes when one single piece of evidence bears out every claim in it, with the same polarity, without a bound
that the piece does not give, when no figure has changed places with another of the same piece, and when no other piece
that the clause's own words point to says something different. Pure: text in, verdict out.

Decisions:
- One piece must bear out the whole clause. Two true figures taken from two rows make a false sentence ("5 minutes"
  for voice systems, "15 minutes" for the others), so figures are never pooled. A sentence that joins two facts with
  "and" is read part by part; each part keeps the words before it as its context, and the edition, standard and section
  that the sentence names hold for every part that names none.
- Only the statement bears out a figure. The scope bears out where it stands (edition, section, standard, class): it
  holds other names of the thing, and those of a monthly test may well say "weekly pump run".
- A rival piece wins when more of the words and figures that tell the two apart stand in the clause; the question
  decides only a draw. When nothing tells them apart the clause is too vague to be true of just one, and is blocked:
  this is what makes an answer name its edition.
- A whole sentence that stands in the evidence word for word passes: it carries its own qualifiers.
- A denied quality ("run without flow", "not supervised") is a word that tells facts apart; all other denials turn the
  polarity of their segment. A bound may be left out, but not added.
- A measured property is called by a name of the piece: its churn pressure is nobody's suction pressure.
- Names, identifiers and anything else with a digit may come from anywhere in the evidence: they bind no figure. Every
  digit and every foreign letter must be accounted for, so that a figure we cannot read is a figure that is blocked.
- A clause without figures passes unless it denies what the evidence affirms (or the other way round), or most of its
  words are nowhere in the evidence.
- A sentence of the evidence that gives orders to its reader bears out nothing.
- When in doubt the clause is blocked: the extractive answer that replaces it is never worse than a wrong figure.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from appliance.turn.bearing import agree, borne, misnamed, quantities, separated
from appliance.turn.claims import Claim, claims
from appliance.turn.ground import CROWD, GENERIC, Ground, grounds, orders, split, words
from appliance.turn.plain import plain
from appliance.turn.polarity import negated, opposed, segments
from appliance.turn.rival import Context, contradicts, denied, lead
from appliance.turn.sentence import PLACE, figures_of, heading_of, held_for, pieces_of, references
from appliance.turn.words import STOP, stem, stems

TOPIC = 0.3
"""Least share of the clause's words that must stand in the piece or the question."""
SUPPORT = 0.5
"""Least share of the words of a clause without figures that must stand in the evidence or the question."""
FREE_WORDS = 3
"""A clause without figures and with no more words than this claims too little to be checked for support."""
MOST = 20_000
"""Characters of an answer; a longer one is not checked and so not spoken."""
LONGEST = 600
"""Characters of a sentence; a longer one is no spoken sentence, and what it binds to what cannot be told."""
REMEMBERED = 3
"""How many sentences back a clause may lean on."""
NAMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december call ask tell contact email phone text see check ahj nfpa osha source sources
    note warning caution table section chapter edition""".split()
)
"""Capitalised words that name nobody."""
SYMBOLS = frozenset("µμΩ")
"""Foreign letters that are units."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard says of one clause."""

    ok: bool
    reason: str = ""
    """Which claim is not borne out and why; for logs, never spoken."""


PASS = Verdict(ok=True)


def block(reason: str) -> Verdict:
    """Give a verdict against."""
    return Verdict(ok=False, reason=reason)


class Guard:
    """Checks what is to be said against the evidence of one turn."""

    def __init__(self, facts: Iterable[tuple[str, str]], question: str = "", also: Iterable[str] = ()) -> None:
        """Keep the evidence as (statement, scope) pairs, and the question, whose words tell which piece is meant.

        `also` are sentences of our own making (the naming of a source) that pass word for word and bear out nothing.
        """
        pairs = tuple(facts)
        self._facts = tuple(grounds(statement, scope) for statement, scope in pairs)
        self._pieces = tuple(
            dict.fromkeys(
                text
                for fact in self._facts
                for ground in fact
                for text in (ground.text, *(ground.text[start:end] for start, end in segments(ground.text)))
            )
        )
        self._question = words(plain(question))
        self._verbatim = frozenset(
            _squeezed(text)
            for statement in (*(statement for statement, _ in pairs), *also)
            for text in (statement, *split(statement))
            if text.strip() and not orders(text)
        )
        everything = plain(" ".join((question, *(f"{statement} {scope}" for statement, scope in pairs))))
        self._characters = SYMBOLS | set(everything)
        self._vocabulary = self._question.union(stems(everything), *(g.about for fact in self._facts for g in fact))
        self._names = frozenset(re.findall(r"[a-z]+", everything.lower())) | self._vocabulary
        self._codes = frozenset(code for fact in self._facts for code in _codes(fact))

    def check(self, text: str, before: str = "") -> Verdict:
        """Say whether `text` (a clause, a sentence or several) may be spoken after `before`, which was let pass."""
        if _squeezed(text) in self._verbatim:
            return PASS
        if len(text) > MOST:
            return block("it is too long for an answer")
        said: list[frozenset[str]] = []
        heading = ""
        for sentence in split(before)[-REMEMBERED:]:
            said, heading = [*said, words(plain(sentence[:LONGEST]))], heading_of(plain(sentence[:LONGEST]), heading)
        for sentence in split(text):
            context: Context = (*((1, each) for each in reversed(said)), (1, self._question))
            verdict = self._sentence(sentence, context, heading)
            if not verdict.ok:
                return verdict
            said = [*said, words(plain(sentence[:LONGEST]))][-REMEMBERED:]
            heading = heading_of(plain(sentence[:LONGEST]), heading)
        return PASS

    def _sentence(self, sentence: str, context: Context, heading: str) -> Verdict:
        if _squeezed(sentence) in self._verbatim:
            return PASS
        if len(sentence) > LONGEST:
            return block("it is too long for a sentence")
        sentence = _MARKER.sub("", plain(sentence))
        verdict = self._readable(sentence)
        if not verdict.ok:
            return verdict
        asides = [aside[1] for aside in _ASIDE.finditer(sentence) if quantities(aside[1])]
        body = " ".join(_ASIDE.sub(lambda match: "" if match[1] in asides else match[1], sentence).split())
        return self._aside(body, asides, context, heading) if body else self._joined(sentence, context, heading)

    def _aside(self, body: str, asides: Sequence[str], context: Context, heading: str) -> Verdict:
        """What stands in brackets with figures of its own is told of its own words, or of those before it."""
        verdict = self._joined(body, context, heading)
        for aside in asides:
            if verdict.ok:
                said = words(aside) or words(body)
                verdict = self._clause(aside, said, ((1, words(body)), *context), held_for([body], 1, heading))
        return verdict

    def _joined(self, sentence: str, context: Context, heading: str) -> Verdict:
        """A sentence passes as one, or part by part."""
        verdict = self._clause(sentence, words(sentence), context, references(heading))
        pieces = pieces_of(sentence)
        if verdict.ok or len(pieces) < 2 or not figures_of(sentence):
            return verdict
        said: frozenset[str] = frozenset()
        for number, piece in enumerate(pieces):
            said = words(piece) or said
            later = frozenset[str]().union(*(words(p) for p in pieces[number + 1 :] if quantities(p))) - said
            one = self._clause(piece, said, ((-1, later), *context), held_for(pieces, number, heading))
            if not one.ok:
                return block(f"{verdict.reason}; by parts: {one.reason}")
            context = ((1, said), *context)
        return PASS

    def _readable(self, sentence: str) -> Verdict:
        """Names, codes and characters must be known, wherever they stand."""
        if orders(sentence) or len(claims(sentence)) > CROWD:
            return block("it gives orders, or too many figures for a sentence")
        for char in sentence:
            if not char.isascii() and char not in self._characters and unicodedata.category(char)[0] in "LN":
                return block(f"character {char!r} is not in the evidence")
            if unicodedata.category(char) == "Sc" and char not in self._characters | {"$"}:
                return block(f"currency {char!r} is not in the evidence")
        for claim in claims(sentence):
            if claim.kind == "name" and not self._known(claim.text):
                return block(f"name {claim.text!r} is not in the evidence")
            if claim.kind in {"identifier", "token"} and claim.text not in self._codes:
                return block(f"{claim.kind} {claim.text!r} is not in the evidence")
        return PASS

    def _known(self, name: str) -> bool:
        return all(w in NAMES or w in STOP or w in self._names or stem(w) in self._names for w in name.lower().split())

    def _clause(self, clause: str, said: frozenset[str], context: Context, carried: Sequence[Claim] = ()) -> Verdict:
        figures = figures_of(clause)
        if not figures:
            return self._unfigured(clause, said)
        kinds = {claim.kind for claim in figures}
        verdict = self._figures(clause, figures, [c for c in carried if c.kind not in kinds], said, context)
        if not verdict.ok:
            return verdict
        for start, end in segments(clause):
            verdict = self._polarity(clause[start:end], words(clause[start:end]))
            if not verdict.ok:
                return verdict
        return PASS

    def _figures(
        self, clause: str, figures: Sequence[Claim], carried: Sequence[Claim], said: frozenset[str], context: Context
    ) -> Verdict:
        """Look for a piece that bears out all figures and loses to no rival."""
        reason, rank = "there is no evidence", -1.0
        for fact in self._facts:
            bound = tuple(g for g in fact if any(agree(claim, other) for claim in figures for other in g.claims))
            for ground in bound or fact:  # what only the scope bears out is no escape from the sentence it stands in
                found, problem = borne(clause, figures, ground, carried)
                if not problem:
                    found, problem = len(figures) + 1, self._fits(clause, figures, carried, said, context, ground)
                if not problem:
                    return PASS
                if found > rank:
                    reason, rank = problem, found
        return block(reason)

    def _fits(
        self, clause: str, figures: Sequence[Claim], carried: Sequence[Claim], said: frozenset[str],
        context: Context, ground: Ground,
    ) -> str:  # fmt: skip
        """Give the reason why a piece that has the figures is still not what the clause speaks of, or ""."""
        if problem := self._subject(clause, figures, carried, said, ground):
            return problem
        for fact in self._facts:
            for rival in fact:
                if rival.whole and rival.sentence not in ground.sentence:
                    contested, sure = contradicts(clause, figures, ground, rival)
                    settled = [c for c in (*figures, *carried) if c not in contested[:1]]
                    ahead = lead(said, context[:-1] if ground in fact else context, ground, rival, settled)
                    if (sure and ahead >= 0) or (ahead > 0 and (contested or denied(clause, figures, said, rival))):
                        return f"{rival.text!r} fits no worse than {ground.text!r} and says otherwise"
        return ""

    def _subject(
        self, clause: str, figures: Sequence[Claim], carried: Sequence[Claim], said: frozenset[str], ground: Ground
    ) -> str:
        """Give the reason why a piece is about something else, or ""."""
        for claim in carried:
            if not any(agree(claim, other) for other in (*ground.claims, *ground.references)):
                return f"{claim.text!r} does not belong to {ground.text!r}"
        unbound = not any(agree(claim, other) for claim in figures for other in ground.claims)
        if (unbound and negated(clause) != negated(ground.text)) or (negated(clause) and said <= PLACE):
            return f"it denies what {ground.text!r} affirms, or the other way round"
        if other := opposed(said, ground.words) or misnamed(clause, said, ground):
            return f"{ground.text!r} says otherwise of {other!r}"
        subject = said - GENERIC
        if subject and len(subject & (ground.about | self._question)) / len(subject) < TOPIC:
            return f"it speaks of something else than {ground.text!r}"
        return ""

    def _unfigured(self, clause: str, said: frozenset[str]) -> Verdict:
        subject = said - GENERIC
        if len(subject) > FREE_WORDS and len(subject & self._vocabulary) / len(subject) < SUPPORT:
            return block("most of it is not in the evidence")
        return self._polarity(clause, said)

    def _polarity(self, clause: str, said: frozenset[str]) -> Verdict:
        """A clause without figures may still deny what the evidence affirms, or affirm what it denies."""
        denies = negated(clause)
        if len(said) < 2 - denies:
            return PASS
        agreeing, opposing, where = 0.0, 0.0, ""
        for text in self._pieces:
            own = words(text)
            shared = len(said & own)
            fit = shared / len(said) + 0.1 * shared / (len(own) or 1)
            if negated(text) == denies and not opposed(said, own):
                agreeing = max(agreeing, fit)
            elif fit > opposing:
                opposing, where = fit, text
        if opposing >= 0.6 and agreeing < opposing:
            return block(f"polarity differs from {where!r}")
        return PASS


def _codes(fact: Sequence[Ground]) -> Iterator[str]:
    """Give the codes that a fact holds, and what model numbers begin with."""
    for text in dict.fromkeys(text for ground in fact for text in (ground.sentence, ground.scope)):
        for claim in claims(text):
            if claim.kind in {"identifier", "token"}:
                yield claim.text
            if claim.kind == "identifier":
                yield from separated(text[claim.start : claim.end])


_MARKER = re.compile(r"^\s*(?:\d{1,2}[.)]|[•*-])\s+(?=\S)")


_ASIDE = re.compile(r"(?<=\s)\(([^()]*)\)")


def _squeezed(text: str) -> str:
    """Fold what does not change a sentence's meaning: case, runs of spaces, the full stop."""
    return " ".join(text.casefold().split()).rstrip(".;")

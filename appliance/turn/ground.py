"""A piece of evidence as the guard sees it: one sentence or clause with its words, its claims and its polarity."""

import re
from dataclasses import dataclass
from functools import lru_cache

from appliance.turn.claims import Claim, claims
from appliance.turn.words import stems

_SENTENCE = re.compile(r"(?<=[.!?;])\s+(?=[A-Z0-9\"'(•-])|(?<=[;:])\s+|\n+|\s+[\u2013\u2014-]\s+")
_CLAUSE = re.compile(
    r",?\s+(?:but|whereas|while|except|unless|however|and then|then|though|although|plus|or)\s+|,\s+(?:and\s+|or\s+)?"
    r"|\s+and\s+|\s+\+\s+|\s+\("
)
_NOT_NEGATION = re.compile(
    r"\b(?:no|not)\s+(?:less|more|fewer|later|longer|greater|sooner|lower|higher)\s+than\b|\bnot only\b|"
    r"\b(?:do not|don't|never) (?:forget|hesitate)\b|\bnot to exceed\b|\bwhether or not\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|nothing|exempt(?:ed|s|ion)?|excluded|prohibited|forbidden|"
    r"waived|prohibits?|forbids?|optional|unnecessary|needless|myth|reject(?:s|ed)?|wrong|false)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|minimum(?: of)?|min\.?|(?:no|not) (?:less|fewer|lower|sooner) than|more than|greater than|over|"
    r"above|exceed(?:s|ing)?|longer than)\b|[≥>]",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    r"\b(?:at most|maximum(?: of)?|max\.?|(?:no|not) (?:more|greater|higher|later|longer) than|not to exceed|up to|"
    r"less than|fewer than|under|below|within|shorter than)\b|[≤<]",
    re.IGNORECASE,
)
_OR_MORE = re.compile(r"\s?(?:or|and) (?:more|greater|higher|above|over)\b", re.IGNORECASE)
_OR_LESS = re.compile(r"\s?(?:or|and) (?:less|fewer|lower|below|under)\b", re.IGNORECASE)
_LEAST_DENIED = re.compile(r"\b(?:no|not) (?:less|fewer|lower|sooner) than", re.IGNORECASE)
_MOST_DENIED = re.compile(r"\b(?:no|not) (?:more|greater|higher|later|longer) than|not to exceed", re.IGNORECASE)
_NEAR = 34
"""How many characters before a figure its bound may stand."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One sentence (or clause, or the whole statement) of one fact, with the fact's scope."""

    text: str
    words: frozenset[str]
    """Stems of the text, figures left out."""
    sentence: frozenset[str]
    """Stems of the sentence it stands in: its qualifiers."""
    about: frozenset[str]
    """Stems of text and scope."""
    claims: tuple[Claim, ...]
    scope: tuple[Claim, ...]
    negated: bool


def split(text: str) -> list[str]:
    """Split text into sentences, and at semicolons, colons and dashes."""
    return [part.strip() for part in _SENTENCE.split(text) if part and part.strip()]


def parts(sentence: str) -> list[str]:
    """Split a sentence into its clauses."""
    return [part.strip() for part in _CLAUSE.split(sentence) if part and part.strip()]


def negated(text: str) -> bool:
    """Tell whether any clause of a sentence denies something; "not exempt" and "no less than" do not."""
    text = _NOT_NEGATION.sub(" ", text)
    return any(len(_NEGATION.findall(part)) % 2 for part in parts(text))


def words(text: str) -> frozenset[str]:
    """Give the stems of a text without its figures, references and negations."""
    for claim in claims(text):
        if claim.kind not in {"name", "identifier"}:
            text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
    return stems(text) - {"not", "no"}


def bound(text: str, claim: Claim) -> str:
    """Give "least", "most" or "" for the bound that stands beside a figure."""
    after = text[claim.end : claim.end + 16]
    before = re.split(r"[,;:]|\b(?:and|or|then|plus)\b", text[max(0, claim.start - _NEAR) : claim.start])[-1]
    if _OR_MORE.match(after) or _LEAST_DENIED.search(before):
        return "least"
    if _OR_LESS.match(after) or _MOST_DENIED.search(before):
        return "most"
    least, most = bool(_AT_LEAST.search(before)), bool(_AT_MOST.search(before))
    return "" if least == most else "least" if least else "most"


def local(text: str, claim: Claim) -> frozenset[str]:
    """Give the stems of the clause in which a figure stands."""
    at = 0
    for part in parts(text):
        start = text.index(part, at)
        at = start + len(part)
        if start <= claim.start < at:
            return words(part)
    return words(text)


@lru_cache(maxsize=1_000)
def grounds(statement: str, scope: str) -> tuple[Ground, ...]:
    """Lay out one fact: its clauses, its sentences and the whole statement, smallest first."""
    texts = [(part, sentence) for sentence in split(statement) for part in parts(sentence)]
    texts += [(sentence, sentence) for sentence in split(statement)] + [(statement, statement)]
    scope_claims, scope_words = claims(scope), stems(scope)
    laid: dict[str, Ground] = {}
    for text, sentence in texts:
        if text and text not in laid:
            own = words(text)
            laid[text] = Ground(
                text, own, words(sentence), own | scope_words, claims(text), scope_claims, negated(text)
            )
    return tuple(laid.values())

"""A piece of evidence as the guard sees it: a clause or a sentence with its words and claims."""

import re
from dataclasses import dataclass
from functools import lru_cache

from appliance import units
from appliance.turn.claims import Claim, claims
from appliance.turn.plain import plain
from appliance.turn.polarity import qualities
from appliance.turn.words import STOP, stem, stems

_SENTENCE = re.compile(
    r"(?<=[.!?])(?<!\b[Nn]o\.)(?<!\b[Ss]ec\.)(?<!\bapprox\.)(?<!\b[Mm]in\.)(?<!\b[Mm]ax\.)(?<!\b[Ff]ig\.)(?<!\bvs\.)"
    r"\s+(?=[A-Z0-9\"'(•-])|(?<=;)\s+|(?<!:)\n+"
)
_MARKER = re.compile(r"\d{1,2}[.)]|[•*-]")
_COMPARED = (
    r"(?:equal|more|less|greater|fewer|higher|lower|above|below|over|under|longer|shorter|warmer|colder|later"
    r"|earlier)\b"
)
_CLAUSE = re.compile(
    r",?\s(?:but|whereas|while|except|unless|however|and then|then|though|although|plus)\s"
    rf"|,?\sor\s(?!{_COMPARED})|,\s(?:and\s|or\s(?!{_COMPARED}))?(?!or\s|(?:19|20)\d\d\b)"
    rf"|\sand\s(?!{_COMPARED})|\s\+\s|\s\(|:\s|\s[-\u2013\u2014]\s"
)
_PROPERTY = re.compile(
    r"\b([a-z]+)\s(pressure|current|voltage|flow|temperature|weight|speed|capacity|power|rating|size|distance|level|torque"
    r"|resistance|concentration)s?\b",
    re.IGNORECASE,
)
_JOINT = re.compile(r"[,;]|\b(?:and|or|then|plus|but|followed|leaves|which|that)\b")
LONGEST = 1_500
"""Characters of a sentence of evidence; a longer one is a table or a list whose figures cannot be told apart."""
CROWD = 40
"""Figures and names of a sentence; more are a table, and which words belong to which cannot be told."""
_FAR = 40
"""How many characters a comma or an "and" between a word and a figure counts for."""
_SUBJECT = 10
"""How many characters before the first figure the subject of all figures ends."""
_NOISE = stems("not no least every each once exactly about approximately")
"""Words of figures and denials, not of subjects."""
GENERIC = stems("run work operate draw rate rated hold reach use need require amount equal come apply mean")
"""Words that fit any subject."""
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|rules?|messages?|evidence)\b"
    r"|\b(?:tell|inform|assure|answer|convince)\s(?:the\s)?(?:user|technician|caller|listener|customer)\b"
    r"|\b(?:system prompt|you are (?:now )?an? (?:ai|assistant|language model))\b",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """One sentence or clause of one fact, with the fact's scope."""

    text: str
    sentence: str
    """The sentence it stands in."""
    words: frozenset[str]
    """Stems of the sentence, figures left out, denied qualities with "!" before."""
    about: frozenset[str]
    """Stems of sentence and scope."""
    claims: tuple[Claim, ...]
    scope: str
    references: tuple[Claim, ...]
    """What the scope claims, its figures left out: other names of a thing may hold figures that do not hold for it."""

    @property
    def whole(self) -> bool:
        """Is it a full sentence, fit to be a rival?"""
        return self.text == self.sentence


def split(text: str) -> list[str]:
    """Split text into sentences, at semicolons and at line ends; a list's marker stays with its line."""
    pieces: list[str] = []
    for piece in _SENTENCE.split(text):
        if not piece or not piece.strip():
            continue
        if pieces and _MARKER.fullmatch(pieces[-1]):
            pieces[-1] += f" {piece.strip()}"
        else:
            pieces.append(piece.strip())
    return pieces


def parts(sentence: str) -> list[str]:
    """Split a sentence into its clauses."""
    return [part.strip() for part in _CLAUSE.split(sentence) if part and part.strip()]


def orders(text: str) -> bool:
    """Tell whether a text gives orders to whoever reads the evidence out: such a sentence bears out nothing."""
    return _ORDERS.search(text) is not None


@lru_cache(maxsize=8_000)
def words(text: str) -> frozenset[str]:
    """Give the stems of a text without its figures, references and negations; a model number is one word more."""
    codes = frozenset(claim.text.lower() for claim in claims(text) if claim.kind == "identifier")
    for claim in claims(text):
        if claim.kind not in {"name", "identifier"}:
            text = text[: claim.start] + " " * (claim.end - claim.start) + text[claim.end :]
    text, denied = qualities(text)
    return (stems(text) | denied | codes) - _NOISE


@lru_cache(maxsize=8_000)
def near(text: str) -> tuple[tuple[Claim, frozenset[str]], ...]:
    """Give each claim with the words and figures that stand nearer to it than to any other claim of its kind.

    Where there are several, what stands well before the first or apart from all is what all of them are about.
    """
    found = claims(text)
    if len(found) > CROWD:
        return ()
    things = _things(text, found)
    result = []
    for claim in found:
        rivals = [other for other in found if other is not claim and alike(claim, other)]
        first = min((claim, *rivals), key=lambda each: each.start)
        own = set()
        for name, start, end in things:
            gap = _gap(text, claim, start, end)
            apart = rivals and (gap >= _FAR or first.start - end > _SUBJECT)
            itself = claim.start <= start < claim.end and (name == token(claim) or not name.startswith("#"))
            if not (apart or itself) and all(gap <= _gap(text, other, start, end) for other in rivals):
                own.add(name)
        result.append((claim, frozenset(own)))
    return tuple(result)


@lru_cache(maxsize=8_000)
def properties(text: str) -> frozenset[tuple[str, str]]:
    """Give each measured property with the word right before it: ("churn", "pressure"), ("standby", "current")."""
    return frozenset(
        (stem(one.lower()), stem(noun.lower())) for one, noun in _PROPERTY.findall(text) if one.lower() not in STOP
    )


def _things(text: str, found: tuple[Claim, ...]) -> list[tuple[str, int, int]]:
    """Give the words and figures of a text by name and place; every interval's "every" is a word here."""
    left = text
    things: list[tuple[str, int, int]] = []
    for claim in found:
        if claim.kind not in {"name", "identifier"}:
            left = left[: claim.start] + " " * (claim.end - claim.start) + left[claim.end :]
            things.append((token(claim), claim.start, claim.end))
    left, _ = qualities(left)
    for match in re.finditer(r"[A-Za-z][A-Za-z'-]*", left):
        name = "@every" if match[0].lower() in {"every", "each"} else " ".join(stems(match[0]))
        if name:
            things.append((name, match.start(), match.end()))
    return things


def token(claim: Claim) -> str:
    """Name a claim so that equal ones have one name."""
    if claim.quantity is None or not claim.quantity.unit:
        value = claim.quantity.value if claim.quantity else ""
        return f"#{claim.kind}:{claim.text}{value}"
    return f"#{units.dimension(claim.quantity.unit)}:{units.base(claim.quantity):.4g}"


def _gap(text: str, claim: Claim, start: int, end: int) -> int:
    between = text[claim.end : start] if start >= claim.end else text[end : claim.start]
    return len(between) + _FAR * len(_JOINT.findall(between))


def alike(one: Claim, other: Claim) -> bool:
    """Tell whether two claims are figures of one dimension, or references of one kind."""
    if one.quantity is None or other.quantity is None:
        return one.kind == other.kind
    return one.text == other.text if "k" in {one.text, other.text} else _dimension(one) == _dimension(other)


def _dimension(claim: Claim) -> str:
    """Intervals are told in days and in years alike."""
    assert claim.quantity is not None
    name = units.dimension(claim.quantity.unit)
    return "[time]" if name == "calendar" else name


@lru_cache(maxsize=1_000)
def grounds(statement: str, scope: str) -> tuple[Ground, ...]:
    """Lay out one fact: its clauses and its sentences, smallest first."""
    scope = plain(scope[:LONGEST])
    sentences = [s for s in split(statement) if len(s) <= LONGEST]
    sentences = [s for s in map(plain, sentences) if not orders(s) and len(claims(s)) <= CROWD]
    texts = [(part, sentence) for sentence in sentences for part in parts(sentence)]
    texts += [(sentence, sentence) for sentence in sentences]
    references = tuple(claim for claim in claims(scope) if claim.kind not in {"quantity", "number"})
    scope_words = words(scope)
    laid: dict[tuple[str, str], Ground] = {}
    for text, sentence in texts:
        if text:
            own = words(sentence)
            laid[text, sentence] = Ground(text, sentence, own, own | scope_words, claims(text), scope, references)
    return tuple(laid.values())

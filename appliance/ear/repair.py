"""From what was heard to what was meant, against the lexicon, until nothing more changes."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ear.cardinal import NUMBER_WORDS
from appliance.ear.lexicon import RANK, Lexicon, Phrase
from appliance.ear.nearness import nearest
from appliance.ear.numbers import factors, figures, slashes
from appliance.ear.phrases import alike, listed, one_off, resplit
from appliance.ear.spelling import spelled
from appliance.ear.tokens import Edit, Token, apply, choose, split
from appliance.ear.utterance import Repair, Utterance

PASSES = 6
"""More than any text has needed; each pass leaves fewer words to change."""
NEARBY = 4
"""Tokens within which a word of the trade vouches for a wary repair."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What one hearing changed."""

    text: str
    repairs: tuple[Repair, ...]
    offers: tuple[tuple[str, ...], ...]
    unknown: tuple[str, ...]


def repair(text: str, lexicon: Lexicon) -> Utterance:
    """Give what was meant; see the package for the rules. White space is tidied first."""
    now = " ".join(text.split())
    repairs: list[Repair] = []
    for _ in range(PASSES):
        heard = once(now, lexicon)
        repairs += heard.repairs
        if heard.text == now:
            break
        now = heard.text
    offered = dict.fromkeys(text for offer in heard.offers for text in offer)
    return Utterance(text, now, tuple(repairs), tuple(offered), tuple(dict.fromkeys(heard.unknown)))


def once(text: str, lexicon: Lexicon) -> Pass:
    """Hear `text` once: spelled and listed words, then likeness, then numbers."""
    tokens = split(text)
    edits, doubtful = spelled(text, tokens, lexicon)
    edits += said(tokens, edits, lexicon)
    edits = choose(edits, RANK)
    rest = stretches(tokens, edits)
    offers = list(doubtful)
    for stretch in rest:
        likely, rivals = alike(stretch, lexicon)
        edits += choose(likely, RANK)
        offers += rivals
    models, near, unknown = nearest(tokens, taken(tokens, edits), lexicon)
    edits = cased(text, choose(edits + models, RANK))
    better, moved = apply(text, edits)
    numbers = choose([*factors(better), *slashes(better), *figures(better, keep(moved))], RANK)
    repairs = [*notes(text, edits), *notes(better, numbers)]
    final, _ = apply(better, numbers)
    return Pass(final, tuple(repairs), tuple(offers + near), tuple(unknown))


def said(tokens: Sequence[Token], spelled: Sequence[Edit], lexicon: Lexicon) -> list[Edit]:
    """Find phrases; those to be wary of only in their company."""
    ways = listed(tokens, lexicon)
    sure = [edit for edit, way in ways if not way.care] + resplit(tokens, lexicon) + one_off(tokens, lexicon)
    claimed = choose([*spelled, *sure], RANK)
    return sure + [edit for edit, way in ways if way.care and vouched(edit, way, tokens, claimed, lexicon)]


def vouched(edit: Edit, way: Phrase, tokens: Sequence[Token], claimed: Sequence[Edit], lexicon: Lexicon) -> bool:
    """Does what stands near the edit make a wary reading likely?"""
    inside = [at for at, token in enumerate(tokens) if edit.start <= token.start < edit.end]
    before = tokens[inside[0] - 1].lower if inside[0] else ""
    if way.care == "count":
        return before[-1:].isdigit() or before in NUMBER_WORDS
    behind = tokens[inside[-1] + 1 : inside[-1] + 3]
    if way.care == "maker":
        model = any(c.kind == "model" and c.overlaps(Edit(t.start, t.end, "", "")) for c in claimed for t in behind)
        mixed = any(any(c.isdigit() for c in t.text) and any(c.isalpha() for c in t.text) for t in behind)
        return model or mixed or (bool(behind) and behind[0].lower in lexicon.context)
    around = [*tokens[max(0, inside[0] - NEARBY) : inside[0]], *tokens[inside[-1] + 1 : inside[-1] + 1 + NEARBY]]
    return any(
        token.lower in lexicon.context or any(c.start <= token.start < c.end and not c.overlaps(edit) for c in claimed)
        for token in around
    )


def taken(tokens: Sequence[Token], edits: Sequence[Edit]) -> frozenset[int]:
    """Give the places of the tokens that `edits` cover."""
    return frozenset(at for at, t in enumerate(tokens) if any(e.start < t.end and t.start < e.end for e in edits))


def stretches(tokens: Sequence[Token], edits: Sequence[Edit]) -> list[list[Token]]:
    """Give the tokens that no edit covers, in stretches."""
    covered = taken(tokens, edits)
    found: list[list[Token]] = [[]]
    for at, token in enumerate(tokens):
        if at in covered:
            found.append([])
        else:
            found[-1].append(token)
    return [stretch for stretch in found if stretch]


def keep(edits: Sequence[Edit]) -> list[tuple[int, int]]:
    """Give the places whose figures are not to be touched: models, names and makers."""
    return [(edit.start, edit.end) for edit in edits if edit.kind in ("model", "name", "maker", "standard")]


def cased(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """Leave a term as it was written when only a capital differs ("Sprinklers")."""
    return [
        Edit(edit.start, edit.end, heard, edit.kind, edit.score)
        if edit.meant.islower() and (heard := text[edit.start : edit.end]).lower() == edit.meant
        else edit
        for edit in edits
    ]


def notes(text: str, edits: Sequence[Edit]) -> list[Repair]:
    """Say what `edits` change in `text`."""
    pairs = [(text[edit.start : edit.end], edit) for edit in edits]
    return [Repair(heard, edit.meant, edit.kind, edit.score) for heard, edit in pairs if heard != edit.meant]

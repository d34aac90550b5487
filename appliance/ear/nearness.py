"""Identifiers that are not spelled right: likened to the models of the lexicon, repaired, offered or left."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.ear.alphabet import HOMOPHONES, SHORT, SILENT, TEENTY, Reading, readings, wordlike
from appliance.ear.everyday import EVERYDAY, everyday, frequency
from appliance.ear.lexicon import Entry, Lexicon
from appliance.ear.sound import distance
from appliance.ear.tokens import Edit, Token

ACCEPT = 0.1
"""Distance per symbol up to which the nearest model is taken."""
ACCEPT_MOST = 0.8
"""And never more than this: two letters that sound alike, or one that was lost."""
LONG_ENOUGH = 6
"""Symbols below which one letter more or less makes another device: such a name is offered, never taken."""
CLEAR = 0.3
"""The nearest must be nearer than the second by this much."""
OFFER = 0.3
"""Distance per symbol up to which models are offered."""
TEENTY_COST = 0.4
"""Fifty for fifteen."""
QUANTITY = re.compile(
    r"\d+(psi|gpm|v|vac|vdc|a|amps?|ma|hz|khz|ft|in|ah|f|c|w|kw|va|kva|mm|cm|m|lbs?|kg|s|sec|min|hr?s?|yrs?|st|nd|rd|th|"
    r"am|pm|k|m|x|s|hp|db|dba|cfm|rpm)\Z|k\d+\Z",
    re.IGNORECASE,
)
"""Figures with their unit written on: no identifiers."""


VOLTS = re.compile(r"(\d+[VAFCWKHM])+\Z")
"""The same said apart: "24 V 2 A"."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens in a row that spell something."""

    tokens: tuple[Token, ...]
    symbols: str
    letters: int

    @property
    def identifying(self) -> bool:
        """Is there enough in it to be a model number: a letter nobody takes for a word, a digit, four symbols?"""
        return self.letters > 0 and len(self.symbols) >= 4 and any(c.isdigit() for c in self.symbols)


@dataclass(frozen=True, slots=True)
class Match:
    """A run and the models it is near to."""

    run: Run
    ranked: tuple[tuple[float, Entry], ...]
    """Distance and model, nearest first."""

    @property
    def certain(self) -> bool:
        """Is the nearest near enough, and clearly the nearest?"""
        cost, entry = self.ranked[0]
        limit = min(ACCEPT * len(entry.text), ACCEPT_MOST) if len(self.run.symbols) >= LONG_ENOUGH else 0.0
        return cost <= limit and (len(self.ranked) == 1 or self.ranked[1][0] - cost >= CLEAR)


def part(tokens: Sequence[Token], at: int) -> Reading | None:
    """Read the token at `at` as part of an identifier; None when it is just a word or a quantity."""
    token = tokens[at]
    if QUANTITY.match(token.text) or measured(tokens, at):
        return None
    if token.lower in HOMOPHONES or token.lower in SILENT or token.text in ("a", "I"):
        return readings(tokens, at)[0] if token.text not in ("a", "I") else Reading(token.text.upper(), at + 1, weak=1)
    found = readings(tokens, at)
    if not found or (wordlike(token) and found[0].letters > 1):
        return None
    return found[0] if not found[0].weak and (token.text.isupper() or not ordinary(token, found[0])) else None


def measured(tokens: Sequence[Token], at: int) -> bool:
    """Is the token a figure that measures something: before its unit behind a comma ("ID, 250 gpm"), or a decimal?"""
    token, last = tokens[at], at + 1 == len(tokens)
    if not token.text.isdigit():
        return False
    behind, before = "" if last else tokens[at + 1].gap, token.gap if at else ""
    if behind == "." and tokens[at + 1].text.isdigit():
        return True
    if before == "." and tokens[at - 1].text.isdigit():
        return True
    return "," in before and behind == " " and QUANTITY.match(token.text + tokens[at + 1].text) is not None


def ordinary(token: Token, reading: Reading) -> bool:
    """Is the token an everyday word of several letters and no letter's name or number word?"""
    word = len(reading.symbols) > 1 and reading.letters > 0 and token.lower.isalpha()
    return word and frequency(token.lower) >= (SHORT if len(token.text) < 4 else EVERYDAY)


def runs(tokens: Sequence[Token], taken: frozenset[int]) -> Iterator[list[tuple[Token, ...]]]:
    """Give the stretches of identifier-like tokens, each as its pieces (a piece is what one reading takes)."""
    pieces: list[tuple[Token, ...]] = []
    at = 0
    while at < len(tokens):
        one = part(tokens, at) if at not in taken else None
        if pieces and (one is None or not tokens[at].joined):
            yield pieces
            pieces = []
        if one is not None:
            pieces.append(tuple(tokens[at : one.after]))
        at = one.after if one else at + 1
    if pieces:
        yield pieces


def read(pieces: Sequence[tuple[Token, ...]]) -> Run:
    """Give what the pieces spell."""
    tokens = [token for piece in pieces for token in piece]
    symbols, letters, at = "", 0, 0
    while at < len(tokens):
        one = part(tokens, at)
        if one is None:
            break
        symbols, letters, at = symbols + one.symbols, letters + one.letters, one.after
    return Run(tuple(tokens), symbols, letters)


def near(run: Run, lexicon: Lexicon) -> Match:
    """Give the models that sound like `run`, nearest first, at most three."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extract

    spoken = {run.symbols: 0.0}
    for heard, said in TEENTY.items():
        if heard in run.symbols:
            spoken[run.symbols.replace(heard, said, 1)] = TEENTY_COST
    keys = list(lexicon.models)
    close = extract(run.symbols, keys, scorer=Levenshtein.normalized_similarity, score_cutoff=0.4, limit=6)
    ranked: list[tuple[float, Entry]] = []
    for name, _, _ in close:
        cost = min(distance(heard, name) + extra for heard, extra in spoken.items())
        if cost <= max(OFFER * len(name), 2.0 if len(name) == len(run.symbols) else 0.0):
            ranked += [(round(cost, 3), entry) for entry in lexicon.models[name]]
    return Match(run, tuple(sorted(ranked, key=lambda pair: pair[0])[:3]))


def nearest(
    tokens: Sequence[Token], taken: frozenset[int], lexicon: Lexicon
) -> tuple[list[Edit], list[tuple[str, ...]], list[str]]:
    """Liken what is spelled, and not `taken`, to the models; give edits, offers, and what is near nothing."""
    edits: list[Edit] = []
    offers: list[tuple[str, ...]] = []
    unknown: list[str] = []
    for pieces in runs(tokens, taken):
        matches = [match for run in stretches(pieces) if (match := near(run, lexicon)).ranked]
        whole = read(trimmed(pieces))
        if not matches:
            unknown += [heard_as(whole)] if strange(whole) else []
            continue
        best = min(matches, key=lambda m: (not m.certain, m.ranked[0][0], -len(m.run.symbols)))
        first, last = best.run.tokens[0], best.run.tokens[-1]
        cost, entry = best.ranked[0]
        if best.certain:
            edits.append(Edit(first.start, last.end, entry.text, "model", round(1 - cost / len(entry.text), 3)))
        else:
            offers.append(tuple(model.text for _, model in best.ranked))
            unknown.append(heard_as(best.run))
    return edits, offers, unknown


def trimmed(pieces: Sequence[tuple[Token, ...]]) -> Sequence[tuple[Token, ...]]:
    """Leave out words at both ends that are weak ("a QQQQ") or silent."""
    weak = HOMOPHONES.keys() | SILENT | {"a", "i"}
    kept = list(pieces)
    while kept and kept[0][0].lower in weak:
        kept.pop(0)
    while kept and kept[-1][-1].lower in weak:
        kept.pop()
    return kept


def stretches(pieces: Sequence[tuple[Token, ...]]) -> Iterator[Run]:
    """Give every stretch of a run that could be a model number, at most twelve pieces long."""
    for start in range(len(pieces)):
        for stop in range(len(pieces), start, -1):
            if stop - start > 12:
                continue
            run = read(pieces[start:stop])
            ends = {run.tokens[0].text.lower(), run.tokens[-1].text.lower()}
            if run.identifying and not ends & (HOMOPHONES.keys() | SILENT):
                yield run


def strange(run: Run) -> bool:
    """Is the run an identifier that a person would miss: letters with digits, or letters that spell no word?"""
    words = [token.lower for token in run.tokens if token.text.isalpha() and len(token.text) > 2]
    if VOLTS.match(run.symbols) or any(everyday(word) and set(word) & set("aeiou") for word in words):
        return False
    mixed = run.letters > 1 and any(c.isdigit() for c in run.symbols) and len(run.symbols) >= 4
    return mixed or (run.letters >= 3 and run.letters == len(run.symbols))


def heard_as(run: Run) -> str:
    """Give the run's words as they were heard."""
    return "".join(token.text if place == 0 else token.gap + token.text for place, token in enumerate(run.tokens))

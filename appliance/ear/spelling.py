"""Identifiers said letter by letter, matched exactly: "five zero tango charlie quebec alpha zero six" is 50TCQA06."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.ear.alphabet import HOMOPHONES, SILENT, readings
from appliance.ear.lexicon import Entry, Lexicon
from appliance.ear.tokens import Edit, Token


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a spelling has come."""

    symbols: str
    at: int
    letters: int = 0
    weak: int = 0
    parted: bool = False
    """A comma stands within: recognisers put them in models, but "NFPA 1, five" is no NFPA 15."""


def spelled(text: str, tokens: Sequence[Token], lexicon: Lexicon) -> tuple[list[Edit], list[tuple[str, ...]]]:
    """Find every spelling of an entry in `text`.

    Gives the edits, and for each place where one spelling stands for several written forms these forms.
    """
    edits: list[Edit] = []
    doubtful: list[tuple[str, ...]] = []
    spoken = text.lower()
    for start in range(len(tokens)):
        for walk in walks(tokens, start, lexicon):
            fitting = [
                e for e in lexicon.spelled.get(walk.symbols, ()) if believable(walk, e, tokens[start : walk.at], spoken)
            ]
            if not fitting:
                continue
            named = [entry for entry in fitting if entry.maker and entry.maker.lower() in spoken]
            chosen = fitting if len(fitting) == 1 else named
            first, last = tokens[start], tokens[walk.at - 1]
            if len(chosen) == 1:
                edits.append(Edit(first.start, last.end, chosen[0].text, chosen[0].kind))
            elif text[first.start : last.end] not in {entry.text for entry in fitting}:
                doubtful.append(tuple(entry.text for entry in fitting))
    return edits, doubtful


def walks(tokens: Sequence[Token], start: int, lexicon: Lexicon) -> Iterator[Walk]:
    """Give every walk from `start` that stays on the beginning of some entry, dashes only in the middle."""
    waiting = [Walk("", start)]
    while waiting:
        walk = waiting.pop()
        if walk.at > start and tokens[walk.at - 1].lower not in SILENT:
            yield walk
        if walk.at >= len(tokens) or (walk.at > start and not tokens[walk.at].joined):
            continue
        for one in readings(tokens, walk.at):
            symbols = walk.symbols + one.symbols
            if symbols in lexicon.prefixes:
                parted = walk.parted or (walk.at > start and "," in tokens[walk.at].gap)
                waiting.append(Walk(symbols, one.after, walk.letters + one.letters, walk.weak + one.weak, parted))


def believable(walk: Walk, entry: Entry, tokens: Sequence[Token], spoken: str) -> bool:
    """Were these words meant as a spelling? Words of ordinary speech need enough real letters beside them."""
    if walk.parted and entry.kind == "standard":
        return False
    company = bool(entry.maker) and entry.maker.lower() in spoken
    if len(tokens) == 1 and tokens[0].text.lower() == entry.text.lower():
        return not tokens[0].text.isalpha() or walk.weak == 0 or tokens[0].text == entry.text
    if walk.symbols.isdigit() and entry.kind == "model":
        return company or "model" in spoken
    if len(walk.symbols) < 3 and entry.kind == "model":
        return company
    if walk.weak == 0 or company:
        return True
    edges = {tokens[0].lower, tokens[-1].lower} & (HOMOPHONES.keys() - {"oh"})
    return walk.letters >= walk.weak and not edges

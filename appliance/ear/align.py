"""Two texts of one sound beside each other by their phonemes, so that a stretch of one finds its place in the other.

Two recognisers that write different words ("make sour 16", "x r sixteen") still write nearly the same sounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from models.arpabet import arpabet
from models.espeak import Espeak

CLASSES = (
    "AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW", "P B T D K G CH JH", "F V TH DH S Z SH ZH HH", "M N NG", "L R W Y",
)  # fmt: skip
KIND = {phone: place for place, phones in enumerate(CLASSES) for phone in phones.split()}
OTHER, ALIKE, LOST = 10, 5, 6
"""Costs of another phoneme, of a vowel for a vowel or a stop for a stop, and of one that only one text has."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stretch of one text lies in the other."""

    start: int
    stop: int
    """Words of the other text; empty (start = stop) where it has none."""
    likeness: float
    """0 to 1: how alike the two stretches sound."""


@lru_cache(maxsize=8192)
def phonemes(word: str) -> tuple[str, ...]:
    """Give the ARPABET phonemes of a word or figure."""
    return tuple(arpabet(Espeak.phonemes(word)).split())


class Alignment:
    """The words of one text on the words of another."""

    def __init__(self, here: Sequence[str], there: Sequence[str]) -> None:
        """Align two texts, given as words. Raises `models.errors.EngineError` when espeak-ng cannot say them."""
        self._here = _flat(here)
        self._there = _flat(there)
        self._path = _align([phone for phone, _ in self._here], [phone for phone, _ in self._there])

    def place(self, start: int, stop: int) -> Place:
        """Give where words `start` to `stop` of the first text lie in the second."""
        inside = [step for step in self._path if step[0] is not None and start <= self._here[step[0]][1] < stop]
        steps = self._path[self._path.index(inside[0]) : self._path.index(inside[-1]) + 1] if inside else []
        met = [step[1] for step in steps if step[1] is not None]
        cost = sum(step[2] for step in steps)
        likeness = max(0.0, 1.0 - cost / OTHER / max(1, len(inside), len(met)))
        if not met:
            before = [j for i, j, _ in self._path if j is not None and i is not None and self._here[i][1] < start]
            at = self._there[before[-1]][1] + 1 if before else 0
            return Place(at, at, 0.0)
        owners = [self._there[phone][1] for phone in met]
        mostly = [word for word in dict.fromkeys(owners) if 2 * owners.count(word) >= self._length(word)]
        if not mostly:
            return Place(owners[0], owners[0], likeness)
        return Place(mostly[0], mostly[-1] + 1, likeness)

    def _length(self, word: int) -> int:
        """Phonemes of a word of the second text."""
        return sum(owner == word for _, owner in self._there)


def _flat(words: Sequence[str]) -> list[tuple[str, int]]:
    """Give every phoneme with the place of its word."""
    return [(phone, place) for place, word in enumerate(words) for phone in phonemes(word)]


def _cost(a: str, b: str) -> int:
    """Cost of hearing one phoneme for another."""
    return 0 if a == b else ALIKE if KIND.get(a) == KIND.get(b) else OTHER


def _align(here: Sequence[str], there: Sequence[str]) -> list[tuple[int | None, int | None, int]]:
    """Give the cheapest path: pairs of places (None: only the other has it) with what each step costs."""
    table = [[LOST * at for at in range(len(there) + 1)]]
    for i, a in enumerate(here, 1):
        row = [LOST * i]
        for j, b in enumerate(there, 1):
            row.append(min(table[i - 1][j - 1] + _cost(a, b), table[i - 1][j] + LOST, row[j - 1] + LOST))
        table.append(row)
    path: list[tuple[int | None, int | None, int]] = []
    i, j = len(here), len(there)
    while i or j:
        if i and j and table[i][j] == table[i - 1][j - 1] + (cost := _cost(here[i - 1], there[j - 1])):
            i, j = i - 1, j - 1
            path.append((i, j, cost))
        elif i and table[i][j] == table[i - 1][j] + LOST:
            i -= 1
            path.append((i, None, LOST))
        else:
            j -= 1
            path.append((None, j, LOST))
    return path[::-1]

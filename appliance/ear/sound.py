"""How words sound: phonetic keys, and how far apart two identifiers are when said aloud."""

from functools import lru_cache
from itertools import combinations

GROUPS = ("BDEPTVZCG", "MN", "SFX", "AK8", "AJ", "QU", "IY", "HA8")
"""Letters (and the 8) that recognisers take for each other: the e-set, nasals, hissing ones, those with a long a."""
DIGITS = ("59",)
LETTER_COST = 0.35
DIGIT_COST = 0.75
WRONG_LETTER = 1.2
WRONG_DIGIT = 2.0
"""A digit that does not sound alike is another part: dearer than what is ever repaired silently."""
MISSING_LETTER = 0.8
MISSING_DIGIT = 1.2


@lru_cache(maxsize=8192)
def key(word: str) -> str:
    """Give the double metaphone of `word` without vowel marks ("temper" and "tamper" give TMPR), primary form."""
    from metaphone import doublemetaphone

    return str(doublemetaphone(word)[0]).replace("A", "")


def pairs(groups: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Give every ordered pair within each group."""
    both = [pair for group in groups for pair in combinations(group, 2)]
    return frozenset(both) | frozenset((b, a) for a, b in both)


ALIKE = pairs(GROUPS)
ALIKE_DIGITS = pairs(DIGITS)


def substitution(a: str, b: str) -> float:
    """Cost of hearing symbol `a` where `b` was said."""
    if a == b:
        return 0.0
    if (a, b) in ALIKE_DIGITS:
        return DIGIT_COST
    if (a, b) in ALIKE:
        return LETTER_COST
    return WRONG_DIGIT if a.isdigit() and b.isdigit() else WRONG_LETTER


def lost(symbol: str) -> float:
    """Cost of a symbol dropped or added."""
    return MISSING_DIGIT if symbol.isdigit() else MISSING_LETTER


def distance(heard: str, said: str) -> float:
    """Edit distance of two collapsed identifiers (upper case, O as 0), weighted by how alike the symbols sound."""
    row = [0.0]
    for symbol in said:
        row.append(row[-1] + lost(symbol))
    for a in heard:
        diagonal, row[0] = row[0], row[0] + lost(a)
        for j, b in enumerate(said, start=1):
            best = min(diagonal + substitution(a, b), row[j] + lost(a), row[j - 1] + lost(b))
            diagonal, row[j] = row[j], best
    return row[-1]

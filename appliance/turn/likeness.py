"""How well sentences fit a question by words alone: the share of its words that each has, rare words weighing more."""

import math
from collections import Counter
from collections.abc import Sequence


def shares(asked: frozenset[str], each: Sequence[frozenset[str]]) -> list[float]:
    """Give for each sentence (as stems) the share of the asked stems that it has, 0 to 1, weighed by rarity."""
    seen = Counter(word for line in each for word in line)
    weight = {word: math.log(1 + len(each) / (seen[word] or 0.5)) for word in asked}
    total = sum(weight.values())
    return [sum(weight[word] for word in asked & line) / total if total else 0.0 for line in each]

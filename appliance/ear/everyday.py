"""Which words are everyday words, by how often people write and say them."""

from functools import lru_cache

EVERYDAY = 3.0
"""Zipf frequency (log10 of uses in 10^9 words) from which a word is everyday: "temper" 3.8, "riser" 2.9."""
WORD = 1.8
"""From here on it is at least an English word; below, a name, a slip or part of an identifier."""


@lru_cache(maxsize=8192)
def frequency(word: str) -> float:
    """Give the Zipf frequency of a lower-case `word`, 0.0 for one never met."""
    from wordfreq import zipf_frequency

    return float(zipf_frequency(word, "en"))


def everyday(word: str) -> bool:
    """Do people use `word` every day?"""
    return frequency(word) >= EVERYDAY

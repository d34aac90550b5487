"""English word stems by Snowball, so that "inspected", "inspection" and "inspects" count as one word."""

from functools import lru_cache
from typing import Any


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give the stem of one lower-case word."""
    found: str = _stemmer().stemWord(word)
    return found

"""Loops: what a recogniser writes when nothing was said, the same words over and over."""

import re

WORD = re.compile(r"[\w']+")
TIMES = 3
LONGEST = 8
"""Words in the longest unit looked for."""


def looped(text: str, longest: int = LONGEST) -> bool:
    """Say whether more than half of `text` is one run of the same words, three times or more.

    A unit has at most `longest` words.

    Numbers are left alone ("five five five" begins many a phone number), and a single word must come five times.
    """
    words = WORD.findall(text.lower())
    return any(_run(words, size) * size * 2 > len(words) for size in range(1, longest + 1))


def _run(words: list[str], size: int) -> int:
    """How often the most repeated unit of `size` words stands in a row, 0 when that is too little to be a loop."""
    best = 0
    for start in range(len(words) - size + 1):
        unit = words[start : start + size]
        times = 1
        while words[start + times * size : start + (times + 1) * size] == unit:
            times += 1
        if not _number(unit):
            best = max(best, times)
    return best if best >= (TIMES if size > 1 else TIMES + 2) else 0


def _number(unit: list[str]) -> bool:
    """The words are digits or letters, said one by one."""
    digits = {"zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}
    return all(word in digits or word.isdigit() or len(word) == 1 for word in unit)

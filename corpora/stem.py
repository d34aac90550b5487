"""English word stems by Porter's rules, so that "inspected", "inspection" and "inspects" count as one word.

The algorithm is M. F. Porter's, "An algorithm for suffix stripping", Program 14(3), 1980.
"""

from functools import lru_cache

Rules = tuple[tuple[str, str], ...]

PLURALS: Rules = (("sses", "ss"), ("ies", "i"), ("ss", "ss"), ("s", ""))
DOUBLE_SUFFIXES: Rules = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("abli", "able"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"),
)  # fmt: skip
ADJECTIVES: Rules = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
ENDINGS = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate", "iti",
    "ous", "ive", "ize",
)  # fmt: skip


def shape(word: str) -> str:
    """Give `word` with each vowel as "a" and each consonant as "b"; a "y" after a consonant is a vowel."""
    out: list[str] = []
    for letter in word:
        vowel = letter in "aeiou" or (letter == "y" and bool(out) and out[-1] == "b")
        out.append("a" if vowel else "b")
    return "".join(out)


def measure(word: str) -> int:
    """Count the vowel-consonant sequences, Porter's m."""
    return shape(word).count("ab")


def closed(word: str) -> bool:
    """Say whether it ends consonant, vowel, consonant, the last not w, x or y: Porter's *o."""
    return shape(word).endswith("bab") and word[-1] not in "wxy"


def replaced(word: str, rules: Rules, least: int) -> str:
    """Apply the longest suffix rule that fits, when more than `least` sequences stand before the suffix."""
    for suffix, other in sorted(rules, key=lambda rule: -len(rule[0])):
        if word.endswith(suffix):
            root = word.removesuffix(suffix)
            return root + other if measure(root) > least else word
    return word


def without_participle(word: str) -> str:
    """Take -eed, -ed and -ing off and mend what is left (step 1b)."""
    if word.endswith("eed"):
        return word[:-1] if measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        root = word.removesuffix(suffix)
        if root != word and "a" in shape(root):
            return mended(root)
    return word


def mended(root: str) -> str:
    """Put back what English dropped or doubled before -ed and -ing."""
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if len(root) > 1 and root[-1] == root[-2] and shape(root)[-1] == "b" and root[-1] not in "lsz":
        return root[:-1]
    if measure(root) == 1 and closed(root):
        return root + "e"
    return root


def without_ending(word: str) -> str:
    """Take a last Latin ending off (step 4)."""
    for suffix in sorted(ENDINGS, key=len, reverse=True):
        if word.endswith(suffix):
            root = word.removesuffix(suffix)
            fits = measure(root) > 1 and (suffix != "ion" or root.endswith(("s", "t")))
            return root if fits else word
    return word


def tidied(word: str) -> str:
    """Drop a silent e and a double l (step 5)."""
    if word.endswith("e"):
        root = word[:-1]
        if measure(root) > 1 or (measure(root) == 1 and not closed(root)):
            word = root
    if word.endswith("ll") and measure(word) > 1:
        word = word[:-1]
    return word


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give the stem of a lower-case word; words of one or two letters and words with digits stay as they are."""
    if len(word) < 3 or not word.isalpha() or not word.isascii():
        return word
    word = without_participle(next((word.removesuffix(s) + o for s, o in PLURALS if word.endswith(s)), word))
    if word.endswith("y") and "a" in shape(word[:-1]):
        word = word[:-1] + "i"
    word = replaced(replaced(word, DOUBLE_SUFFIXES, 0), ADJECTIVES, 0)
    return tidied(without_ending(word))

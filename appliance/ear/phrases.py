"""Names and jargon in a text, found by their words, by their words run together, and by their sound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from appliance.ear.cardinal import NUMBER_WORDS
from appliance.ear.everyday import EVERYDAY, WORD, everyday, frequency
from appliance.ear.lexicon import Lexicon, Phrase, words_of
from appliance.ear.sound import key
from appliance.ear.tokens import Edit, Token

LIKE = 0.82
"""Likeness from which an unknown word is taken for a phrase."""
LIKE_WORD = 0.92
"""The same for several words that are all English; a single one is never likened ("damper" to "tamper")."""
CLEAR = 0.05
"""The best must be better than the second by this much."""
NEAR = 0.74
"""Likeness from which a phrase is offered."""
LONGER = 1.35
"""A phrase is likened only to words of about its length."""
PART = 0.66
"""Likeness of letters for one differing word inside a phrase of several."""
WHOLE = 0.75
"""Likeness of letters for everyday words that sound exactly like a long phrase."""
ASIDE = frozenset(
    "when do does did if that as can should and while where how because so until before after since once what could "
    "would will may must then but though today i you they".split()
)
"""Words before "we work" that make it a clause and no customer."""
COMMON = 5.2
"""Zipf frequency of the commonest words ("whose" 5.3, "which" 6.3)."""
SMALL = frozenset("a an the of in on at to for and or is are i it my our your this that".split())
"""Words that begin and end no phrase found by sound."""
ONWARD = frozenset({"on", "with", "here", "there", "every", "together", "hard", "late", "out", "around"})
"""Words behind "we work" that do the same."""


@dataclass(frozen=True, slots=True)
class Window:
    """Some tokens in a row that may be a phrase."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    """Lower case, the last one without its possessive."""
    before: str
    after: str

    @property
    def edged(self) -> bool:
        """Do its first and last words have a sound of their own, so that no article is swallowed?"""
        words = self.words
        return all(key(word) and len(word) > 1 for word in words) and not common(words[0]) and not common(words[-1])

    @property
    def end(self) -> int:
        """Where it ends, its possessive left out."""
        return self.tokens[-1].end - possessive(self.tokens[-1])

    def edit(self, phrase: Phrase, score: float = 1.0) -> Edit:
        """Give the edit that writes `phrase` here."""
        return Edit(self.tokens[0].start, self.end, phrase.meant, phrase.entry.kind, score)


def possessive(token: Token) -> int:
    """Give the length of the token's "'s", 0 without one."""
    return 2 if token.lower.endswith(("'s", "\u2019s")) else 0


def bare(token: Token) -> str:
    """Give the token's word without its possessive, lower case."""
    return token.lower[: len(token.lower) - possessive(token)].replace("'", "")


def likeness(a: str, b: str, sound_a: str, sound_b: str) -> float:
    """How alike two phrases are, 0 to 1: letters and sound; too short a sound says nothing."""
    from rapidfuzz.fuzz import ratio

    letters = ratio(a, b) / 100
    if min(len(sound_a), len(sound_b)) < 3:
        return float(letters) * 0.9
    return 0.35 * float(letters) + 0.65 * float(ratio(sound_a, sound_b)) / 100


def windows(tokens: Sequence[Token], start: int, longest: int, *, exact: bool = False) -> Iterator[Window]:
    """Give the windows that begin at `start`, longest first.

    `exact`: for words that must match as they are; else no window holds a figure or crosses a sentence mark, because
    a likeness must never swallow a number.
    """
    end = start
    while end < len(tokens) and end - start < longest:
        token = tokens[end]
        if end > start and not (token.loose if exact else token.close):
            break
        if not exact and counts(token.lower):
            break
        end += 1
    words = tuple(token.lower.replace("'", "") for token in tokens[start:end])
    before = tokens[start - 1].lower if start else ""
    for stop in range(end, start, -1):
        inner = (*words[: stop - start - 1], bare(tokens[stop - 1]))
        yield Window(tuple(tokens[start:stop]), inner, before, tokens[stop].lower if stop < len(tokens) else "")


def common(word: str) -> bool:
    """Is the word so common that no phrase found by sound begins or ends with it ("valve as" is not "valves")?"""
    return word in SMALL or frequency(word) >= COMMON


def derived(words: tuple[str, ...], way: Phrase) -> bool:
    """Are the words only other forms of the phrase's ("hydrostatically tested")? Then they are meant as they are."""
    own = words_of(way.meant)
    return len(words) == len(own) and all(a.startswith(b) for a, b in zip(words, own, strict=True))


def counts(word: str) -> bool:
    """Is the word a number, or has it a digit?"""
    return word in NUMBER_WORDS or (not word.isalpha() and any(c.isdigit() for c in word))


def listed(tokens: Sequence[Token], lexicon: Lexicon) -> list[tuple[Edit, Phrase]]:
    """Find phrases said in their own words or in a listed mis-hearing."""
    found: list[tuple[Edit, Phrase]] = []
    for start, token in enumerate(tokens):
        ways = lexicon.phrases.get(token.lower.replace("'", "")) or lexicon.phrases.get(bare(token))
        if not ways:
            continue
        by_length = {(len(way.words), way.words): way for way in ways}
        for window in windows(tokens, start, len(ways[0].words), exact=True):
            way = by_length.get((len(window.tokens), window.words))
            if way is not None and free(window, way):
                found.append((window.edit(way), way))
    return found


def free(window: Window, way: Phrase) -> bool:
    """Is the phrase not just part of a sentence: "do we work on Sunday"?"""
    if way.entry.kind not in ("name", "maker") or (window.before and window.tokens[0].text[:1].isupper()):
        return True
    common = len(window.words) > 1 and all(frequency(word) >= EVERYDAY + 2 for word in window.words)
    return not common or (window.before not in ASIDE and window.after not in ONWARD)


def resplit(tokens: Sequence[Token], lexicon: Lexicon) -> list[Edit]:
    """Find phrases whose words were parted elsewhere, or that everyday words sound exactly like."""
    from rapidfuzz.fuzz import ratio

    found: list[Edit] = []
    for start in range(len(tokens)):
        for window in windows(tokens, start, min(lexicon.longest, 4)):
            letters = "".join(window.words)
            if len(letters) < 5:
                continue
            if (way := lexicon.joined.get(letters)) and free(window, way):
                found.append(window.edit(way))
                continue
            sound = "".join(key(word) for word in window.words) if window.edged else ""
            same = [w for w in lexicon.sounds.get(sound, ()) if len(w.words) > 1 and len(window.words) > 1]
            alike = [(ratio(w.letters, letters) / 100, w) for w in same if len(w.letters) >= 9]
            if alike and (best := max(alike, key=lambda pair: pair[0]))[0] >= WHOLE and free(window, best[1]):
                found.append(window.edit(best[1], round(best[0], 3)))
    return found


def one_off(tokens: Sequence[Token], lexicon: Lexicon) -> list[Edit]:
    """Find phrases of several words of which one is replaced by a word that sounds the same ("main train")."""
    from rapidfuzz.fuzz import ratio

    found: list[Edit] = []
    for start in range(len(tokens)):
        for window in windows(tokens, start, 4):
            count = len(window.words)
            if count < 2:
                continue
            ways = {way for at, word in enumerate(window.words) for way in lexicon.parts.get((count, at, word), ())}
            for way in ways:
                off = [(a, b) for a, b in zip(window.words, way.words, strict=True) if a != b]
                if len(off) != 1 or not (set(window.words) & set(way.words)) - ASIDE - ONWARD:
                    continue
                heard, said = off[0]
                alike = ratio(heard, said) / 100
                if len(heard) > 2 and len(said) > 2 and key(heard) == key(said) and alike >= PART:
                    found.append(window.edit(way, round(0.5 + alike / 2, 3)))
    return found


def alike(tokens: Sequence[Token], lexicon: Lexicon) -> tuple[list[Edit], list[tuple[str, ...]]]:
    """Liken unknown words, alone or with their neighbours, to names and jargon.

    Gives the edits where one phrase is clearly the best, and where two are near-equal, or one is only near, these.
    """
    edits: list[Edit] = []
    offers: list[tuple[str, ...]] = []
    for start in range(len(tokens)):
        for window in windows(tokens, start, 3):
            words = window.words
            if common(words[0]) or common(words[-1]):
                continue
            if all(everyday(word) for word in words):
                continue
            english = all(frequency(word) >= WORD for word in words)
            if english and len(words) == 1:
                continue
            limit = LIKE_WORD if english else LIKE
            ranked = rank(words, lexicon)
            if not ranked or ranked[0][0] < NEAR:
                continue
            best = ranked[0]
            rivals = [way.meant for score, way in ranked if score > best[0] - CLEAR]
            if derived(words, best[1]):
                continue
            if best[0] >= limit and len(rivals) == 1:
                edits.append(window.edit(best[1], round(best[0], 3)))
            elif limit == LIKE and best[1].entry.kind in ("name", "maker"):
                offers.append(tuple(rivals))
    return edits, offers


def length(a: str, b: str) -> bool:
    """Are the two of about the same length?"""
    return max(len(a), len(b)) <= LONGER * min(len(a), len(b))


def rank(words: tuple[str, ...], lexicon: Lexicon) -> list[tuple[float, Phrase]]:
    """Give the phrases most like `words`, best first, one for each entry, at most three."""
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import extract

    letters, sound = "".join(words), "".join(key(word) for word in words)
    if len(letters) < 4:
        return []
    near = extract(letters, lexicon.pool_letters, scorer=ratio, score_cutoff=50, limit=8)
    scored = [
        (likeness(letters, said, sound, lexicon.pool[at].sound), at) for said, _, at in near if length(said, letters)
    ]
    best: dict[str, tuple[float, Phrase]] = {}
    for score, at in sorted(scored, reverse=True):
        best.setdefault(lexicon.pool[at].entry.text, (score, lexicon.pool[at]))
    return sorted(best.values(), key=lambda pair: -pair[0])[:3]

"""Hearing again: what an utterance may have been, when what was heard is answered by nothing.

The words of the texts on the box are the words that a question about them is likely made of. A word, or a few words
together, that the texts never have there and that sound like one of theirs are taken for it: "fool flow trip" for
"full flow trip", "clear ants" for "clearance". Such a guess is never silent: the answer says what was understood.

Decisions: only a word that the texts do not have and that is no very common one is changed, alone or with its
neighbours; words written as one by the texts ("out let") are joined; names and numbers are left alone. What it becomes
must sound the same, or nearly so and be longer. Whether a guess is any good is not decided here: it must be answered
more surely than a question as it was heard has to be.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property

from appliance.ear.cardinal import NUMBER_WORDS
from appliance.ear.everyday import frequency
from appliance.ear.sound import key
from appliance.ear.tokens import Edit, Token, apply, choose, split

LONGEST = 3
"""Words heard for one word said."""
SHORT = 2
"""A sound of fewer consonants says too little."""
NEARLY = 4
"""From so many consonants on, one of them may be heard wrongly."""
ALIKE = 0.5
"""Likeness of letters that a candidate must have."""
SEEN = 3
"""A word counts as one of the texts' when they have it so often."""
EDGES = frozenset("the and of to in is are for on at it that with what how".split())
"""Words that begin and end nothing that was heard in pieces ("or" may: "sprinkle or")."""
COMMON = 4.5
"""Zipf frequency from which a word was surely heard rightly ("over" 6.0, "fool" 4.3, "temper" 3.8)."""


class Vocabulary:
    """The words of the texts, by their sound; counted when somebody first asks, since most questions never do."""

    def __init__(self, texts: Iterable[str]) -> None:
        """Keep the texts."""
        self._texts = texts

    @cached_property
    def _seen(self) -> Counter[str]:
        """How often the texts have each word."""
        return Counter(word for text in self._texts for word in re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower()))

    @cached_property
    def _sounds(self) -> dict[str, list[str]]:
        """The texts' words by how they sound."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for word, count in self._seen.items():
            if count >= SEEN and len(word) > 2:
                found[key(word)].append(word)
        return dict(found)

    def again(self, text: str) -> str:
        """Give what `text` may have been; the same text when nothing else comes to mind."""
        tokens = split(text)
        edits = [edit for start in range(len(tokens)) for edit in self._edits(tokens, start)]
        return apply(text, choose(edits))[0]

    def _edits(self, tokens: Sequence[Token], start: int) -> Iterable[Edit]:
        """Give the changes of the words that begin at `start`."""
        for end in range(start + 1, min(start + LONGEST, len(tokens)) + 1):
            window = tokens[start:end]
            if (
                not window[-1].text.isalpha()
                or not window[-1].text.islower()
                or (end - start > 1 and not window[-1].close)
            ):
                return
            words = [token.lower for token in window]
            if len(words) > 1 and {words[0], words[-1]} & EDGES:
                continue
            if len(words) > 1 and self._seen["".join(words)] >= SEEN:
                yield Edit(window[0].start, window[-1].end, "".join(words), "heard")
            elif any(self._odd(word) for word in words) and (found := self._sounding(words)):
                yield Edit(window[0].start, window[-1].end, found[1], "heard", found[0])

    def _odd(self, word: str) -> bool:
        """Tell whether a word is likely to have been heard wrongly."""
        return self._seen[word] < SEEN and frequency(word) < COMMON and word not in NUMBER_WORDS

    def _sounding(self, words: Sequence[str]) -> tuple[float, str] | None:
        """Give the word that sounds like these words together, with how alike it is."""
        from rapidfuzz.distance import Levenshtein
        from rapidfuzz.fuzz import ratio

        letters, sound = "".join(words), "".join(key(word) for word in words)
        if len(sound) < SHORT:
            return None
        near = list(self._sounds.get(sound, ()))
        if len(sound) >= NEARLY and not near and all(len(word) > 2 for word in words):
            near += [
                word
                for other, found in self._sounds.items()
                if len(other) >= NEARLY and other != sound and Levenshtein.distance(other, sound, score_cutoff=1) <= 1
                for word in found
            ]
        scored = [
            (round(ratio(letters, word) / 100 - (0.2 if key(word) != sound else 0.0), 3), self._seen[word], word)
            for word in near
            if word not in words
        ]
        best = max(scored, default=None)
        return (best[0], best[2]) if best and best[0] >= ALIKE else None

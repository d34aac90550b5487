"""Which language a document is in."""

import re
from functools import lru_cache
from typing import Protocol

ENOUGH = 15
"""Words below which nothing is said."""
MOST = 20_000
"""Characters that are looked at."""
SURE = 0.9
"""Probability from which a language is named. Tables of figures and part numbers stay below .1."""

_WORD = re.compile(r"[^\W\d_]{2,}")


class _Identifier(Protocol):
    def classify(self, text: str, /) -> tuple[str, float]: ...


def detect(text: str) -> str:
    """Give the ISO 639-1 code of a text's language ("en"); "" when there is too little of it or nothing is sure."""
    words = _WORD.findall(text[:MOST])
    if len(words) < ENOUGH and len("".join(words)) < ENOUGH * 5:
        return ""
    language, probability = _identifier().classify(" ".join(words))
    return language if probability >= SURE and len(language) == 2 else ""


def declared(language: str) -> str:
    """Give a declared language ("en-US", "EN_us") as its code alone; "" for what is none."""
    code = re.split(r"[-_]", language.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""


@lru_cache(maxsize=1)
def _identifier() -> _Identifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier: _Identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    return identifier

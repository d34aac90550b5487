"""Phonemes as espeak-ng writes them (IPA) to those of the CMU dictionary (ARPABET), for words that it lacks."""

# ruff: noqa: RUF001 - these letters are phonetic signs

SOUNDS = (
    ("t͡ʃ", "CH"), ("tʃ", "CH"), ("d͡ʒ", "JH"), ("dʒ", "JH"), ("aɪɚ", "AY ER"), ("aɪə", "AY AH"), ("aɪ", "AY"),
    ("aʊ", "AW"), ("eɪ", "EY"), ("oʊ", "OW"), ("ɔɪ", "OY"), ("ɑːɹ", "AA R"), ("ɔːɹ", "AO R"), ("oːɹ", "AO R"),
    ("ɛɹ", "EH R"), ("ɪɹ", "IH R"), ("ʊɹ", "UH R"), ("iː", "IY"), ("uː", "UW"), ("ɑː", "AA"), ("ɔː", "AO"),
    ("ɜː", "ER"), ("ɚ", "ER"), ("əl", "AH L"), ("i", "IY"), ("ɪ", "IH"), ("ᵻ", "IH"), ("ɛ", "EH"), ("æ", "AE"),
    ("a", "AE"), ("ʌ", "AH"), ("ə", "AH"), ("ɐ", "AH"), ("ʊ", "UH"), ("u", "UW"), ("ɒ", "AA"), ("ɑ", "AA"),
    ("ɔ", "AO"), ("o", "OW"), ("e", "EH"), ("p", "P"), ("b", "B"), ("t", "T"), ("ɾ", "T"), ("d", "D"), ("k", "K"),
    ("x", "K"), ("ɡ", "G"), ("g", "G"), ("f", "F"), ("v", "V"), ("θ", "TH"), ("ð", "DH"), ("s", "S"), ("z", "Z"),
    ("ʃ", "SH"), ("ʒ", "ZH"), ("h", "HH"), ("m", "M"), ("n", "N"), ("ŋ", "NG"), ("l", "L"), ("ɹ", "R"), ("r", "R"),
    ("w", "W"), ("j", "Y"), ("ʔ", "T"),
)  # fmt: skip
"""IPA to ARPABET, longer signs before those they begin with. General American, as espeak-ng's en-us speaks it."""


def arpabet(ipa: str) -> str:
    """Give the ARPABET phonemes of `ipa`, single blanks between; what is no sound (stress, length) is passed over."""
    found: list[str] = []
    place = 0
    while place < len(ipa):
        sound = next((pair for pair in SOUNDS if ipa.startswith(pair[0], place)), None)
        if sound:
            found.append(sound[1])
        place += len(sound[0]) if sound else 1
    return " ".join(found)

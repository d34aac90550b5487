"""Domain words as a leaning, counted while the text grows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.keyterms import MOST, Keyterms, spellings


def counted(words: list[str], text: str) -> tuple[int, int]:
    """(characters while the text goes on, characters when it ends here)."""
    keyterms = Keyterms(words)
    leaning = keyterms.grow(keyterms.start(), text)
    return leaning.characters, leaning.finished


@pytest.mark.parametrize(
    ("words", "text", "going", "ending"),
    [
        (["dry pipe"], " a dry pipe", 8, 8),
        (["dry pipe"], " a dry pi", 6, 0),
        (["dry pipe"], " a dry pit", 0, 0),
        (["dry pipe"], " laundry pipe", 0, 0),
        (["dry pipe"], " dry pipes", 0, 0),
        (["dry pipe", "dry pipe valve"], " dry pipe valve", 14, 14),
        (["dry pipe", "pipe valve"], " dry pipe valve", 14, 14),
        (["valve"], " valve valve", 10, 10),
        (["NFPA"], " N.F.P.A.", 7, 7),
        (["NFPA"], " nfpa", 4, 4),
        (["OS&Y"], " the O. S. and Y", 9, 9),
        (["50TCQA06"], " a 50 T-C-Q-A 06", 13, 13),
        (["we"], " we", 0, 0),
        ([], " dry pipe", 0, 0),
    ],
)
def test_characters_of_words_asked_for_are_counted(words: list[str], text: str, going: int, ending: int) -> None:
    """Whole words only, none twice, a word begun counts until it breaks off."""
    assert counted(words, text) == (going, ending)


@given(st.lists(st.text("ab c", max_size=6), max_size=5), st.text("ab c.", max_size=20), st.integers(0, 20))
def test_pieces_do_not_matter(words: list[str], text: str, cut: int) -> None:
    """However the tokens fall, the same text leans the same; and never by more than its own length."""
    keyterms = Keyterms(words)
    whole = keyterms.grow(keyterms.start(), text)
    parts = keyterms.grow(keyterms.grow(keyterms.start(), text[:cut]), text[cut:])

    assert parts == whole
    assert 0 <= whole.finished <= len(text)
    assert whole.characters <= len(text)


def test_codes_are_asked_for_as_they_are_spelled() -> None:
    """A recogniser writes letters and digits one by one or in groups."""
    assert {"50tcqa06", "50 tcqa 06", "50 t c q a 06", "5 0 t c q a 0 6"} <= spellings("50TCQA06")
    assert spellings("dry pipe") == {"dry pipe"}


def test_only_so_many_words_are_taken() -> None:
    """The most wanted stand first; hundreds of others would cost the plain words."""
    words = [f"word{'abcdefghij'[place // 100]}{place}" for place in range(MOST + 1)]

    assert counted(words, f" {words[MOST - 1]}")[0] > 0
    assert counted(words, f" {words[MOST]}")[1] == 0

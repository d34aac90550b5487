"""Content words: what is searched for, what is counted, how much it weighs."""

import pytest

from corpora.stem import stem
from corpora.words import LONGEST_QUERY, MOST_TERMS, Rarity, coverage, standing, stems, terms


@pytest.mark.parametrize(
    ("word", "root"),
    [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("plastered", "plaster"), ("hopping", "hop"),
        ("falling", "fall"), ("filing", "file"), ("happy", "happi"), ("relational", "relat"), ("conditional", "condit"),
        ("vietnamization", "vietnam"), ("triplicate", "triplic"), ("hopefulness", "hope"), ("replacement", "replac"),
        ("adoption", "adopt"), ("probate", "probat"), ("cease", "ceas"), ("controll", "control"), ("sky", "sky"),
        ("is", "is"), ("50tcqa06", "50tcqa06"),
    ],
)  # fmt: skip
def test_stems_are_porters(word: str, root: str) -> None:
    """The examples that Porter's paper gives for each step come out as printed there."""
    assert stem(word) == root


@pytest.mark.parametrize(
    "words", ["inspect inspects inspected inspection inspecting", "valve valves", "test tests tested"]
)
def test_forms_of_a_word_share_a_stem(words: str) -> None:
    """A question in one form finds a text in another."""
    assert len({stem(word) for word in words.split()}) == 1


def test_function_words_are_no_terms() -> None:
    """Only what the question is about is left, once each and in order."""
    wholes = [term.whole for term in terms("How often is the valve, the VALVE's seat, to be inspected?")]

    assert wholes == ["valv", "seat", "inspect"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("dry-pipe", "a dry pipe valve"),
        ("dry pipe", "a dry-pipe valve"),
        ("ms-9200udls", "the MS9200UDLS panel"),
        ("MS9200UDLS", "the ms-9200udls panel"),
        ("OS&Y", "an OS & Y gate"),
        ("5-year", "every 5 years"),
        ("13.4.5.2", "see 13.4.5.2."),
        ("ﬂow café", "flow cafe"),
        ("technician\u2019s", "the technician"),
        ("won't start", "starts"),
    ],
)
def test_spellings_cover_each_other(question: str, text: str) -> None:
    """Hyphens, ligatures, accents and possessives make no difference."""
    assert all(term.stands_in(stems(text)) for term in terms(question))


@pytest.mark.parametrize(("question", "text"), [("10.14.8", "8.14.10"), ("10.14.8", "10 of 14 in 8"), ("5.6", "6.5")])
def test_a_number_with_dots_is_one_word(question: str, text: str) -> None:
    """The parts of a number in another order are another number."""
    assert not any(term.stands_in(stems(text)) for term in terms(question))


def test_rare_words_weigh_more_and_unknown_ones_most() -> None:
    """Coverage falls most where the question's telling word is missing."""
    rarity = Rarity(100, {"valv": 80, "torqu": 2})
    valve, torque, unknown = (rarity.weight(word) for word in ("valv", "torqu", "qqqq"))

    assert 0 < valve < torque < unknown
    weighed = rarity.weighed(terms("torque of the qqqq valve"))
    assert coverage(weighed, standing(weighed, {"valv", "torqu"})) == pytest.approx(
        (valve + torque) / (valve + torque + unknown)
    )
    assert coverage(weighed, standing(weighed, {"valv", "torqu", "qqqq"})) == pytest.approx(1)
    assert coverage([], standing([], {"valv"})) == 0


def test_a_question_is_read_to_a_bound() -> None:
    """Neither letters nor words without end."""
    assert len(terms(" ".join(f"word{n}" for n in range(10_000)))) == MOST_TERMS
    assert terms("a " * LONGEST_QUERY + "valve") == []

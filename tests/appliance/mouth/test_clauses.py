"""Answers cut into clauses: nothing is said otherwise because of a cut, and sound comes soon."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.mouth.clauses import FIRST, clauses, words
from corpora import digest, requirements, specs
from corpora.specs import Specs

CATALOGUE = Specs.load([specs.shipped()]).records
IDENTIFIERS = frozenset(spec.model for spec in CATALOGUE)
ANSWERS = [
    f"{row.statement} That is from {row.standard}, {row.edition} edition, section {row.section or '1'}. {row.caveat}"
    for row in requirements.shipped().rows
]
PASSAGES = [passage.text for passage in digest.read_all(digest.shipped(), "starter")]
VALUES = [
    f"The {spec.maker} {spec.model} has a {value.name} of {value.text}. This is sample data."
    for spec in CATALOGUE
    for value in spec.values[:2]
]
WORDS = (
    'A. One. B, two; three: four. - six 6.5 psi 2 in. of pipe "Seven." (Eight.) and No. 13.4.2 $1,200-$2,500 50TCQA06,'
)


def spoken(text: str) -> tuple[str, ...]:
    """The words of a text."""
    return words(text, IDENTIFIERS)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("No. 14 AWG is enough. No. The valve is shut.", ["No. 14 AWG is enough.", "No. The valve is shut."]),
        ("It takes 2 in. of pipe. Then 3.5 gpm.", ["It takes 2 in. of pipe.", "Then 3.5 gpm."]),
        ("See section 13.4.4.2.2.2. It says so.", ["See section 13.4.4.2.2.2.", "It says so."]),
        (
            "The 2023, 2020 and 2017 editions agree on all of these things, and so does the city.",
            ["The 2023, 2020 and 2017 editions agree", "on all of these things, and so does the city."],
        ),
        ("Ask Mr. Rodriguez at ABC. He knows.", ["Ask Mr. Rodriguez at ABC.", "He knows."]),
        ("", []),
        ("...", ["..."]),
        ("Weekly.", ["Weekly."]),
        (
            "A dry pipe valve is trip tested at full flow every 3 years, unless the owner asks for it sooner.",
            ["A dry pipe valve is trip tested at full flow", "every 3 years, unless the owner asks for it sooner."],
        ),
    ],
)  # fmt: skip
def test_it_is_cut_where_people_breathe(text: str, cut: list[str]) -> None:
    """Behind a sentence, a comma, before a clause; never inside a number."""
    assert list(clauses(text)) == cut


def test_no_shipped_answer_is_said_otherwise_because_of_a_cut() -> None:
    """Requirement rows, spec values and passages, word for word; the text itself comes back as it was."""
    for text in (*ANSWERS[::4], *VALUES[::4], *PASSAGES[::9]):
        cut = list(clauses(text, IDENTIFIERS))

        assert [word for clause in cut for word in spoken(clause)] == list(spoken(text)), text
        assert all(clause.strip() == clause and clause for clause in cut)
    assert " ".join(clauses(ANSWERS[0])) == ANSWERS[0].strip()


def test_no_identifier_is_torn() -> None:
    """Every model of the catalogue stands whole in one clause, the ones with spaces too."""
    for spec in CATALOGUE:
        text = f"In this building we have found, among many other older things, the {spec.model}, and 2 1/2 in of pipe."
        cut = list(clauses(text, IDENTIFIERS, first=4, later=4))

        assert any(spec.model in clause for clause in cut)
        assert any("2 1/2 in" in clause for clause in cut)


def test_the_first_clause_is_short() -> None:
    """Nearly always at most twelve words, as they are spoken: measured 98 of 100."""
    first = [len(spoken(next(clauses(text, IDENTIFIERS)))) for text in (*ANSWERS[::3], *VALUES[::3], *PASSAGES[::3])]

    assert sum(length <= FIRST for length in first) / len(first) > 0.96


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from([*WORDS.split(), "2 1/2"]), max_size=40))
def test_any_text_is_said_the_same_in_pieces(parts: list[str]) -> None:
    """Whatever stands beside each other."""
    text = " ".join(parts)

    assert [word for clause in clauses(text) for word in words(clause, frozenset())] == list(words(text, frozenset()))


def test_the_first_clause_of_a_long_text_is_there_at_once() -> None:
    """The rest is cut when it is asked for."""
    text = " ".join(PASSAGES)
    next(clauses(ANSWERS[0], IDENTIFIERS))
    start = time.process_time()
    next(clauses(text, IDENTIFIERS))

    assert time.process_time() - start < 0.3

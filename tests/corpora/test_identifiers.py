"""Numbers that name one thing: sections and models."""

import pytest

from corpora.identifiers import ancestors, asked_models, asked_sections, canonical, ident_words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("what does section 13.4.5.2 say", ["13.4.5.2"]),
        ("NFPA 25 13.4.5.2?", ["13.4.5.2"]),
        ("29 CFR 1910.157(e)(3)", ["1910.157(e)(3)"]),
        ("1910.157 (e) (3)", ["1910.157(e)(3)"]),
        ("section 14.2.3.(1) says", ["14.2.3(1)"]),
        ("section 9-6.2 of the 1998 edition", ["9-6.2"]),
        ("chapter 13", ["13"]),
        ("§ 6.3.1.", ["6.3.1"]),
        ("Section A.13.4.1", ["a.13.4.1"]),
        ("10.4.3 or 10.4.4", ["10.4.3", "10.4.4"]),
        ("section 5.6", ["5.6"]),
        ("a K 5.6 head at 15 psi", []),
        ("2-1/2 inch hose at 100.5 psi", []),
        ("every 3-5 years", []),
    ],
)
def test_sections_are_read_out_of_a_question(query: str, found: list[str]) -> None:
    """A number is a section when its shape or a word before it says so, and a measure is none."""
    assert asked_sections(query) == found


@pytest.mark.parametrize(
    ("query", "model"),
    [("ms9200udls", "ms9200udls"), ("MS-9200UDLS", "ms9200udls"), ("ms 9200udls", "ms9200udls"), ("FM-200", "fm200"),
     ("50TCQA06 amp draw", "50tcqa06"), ("System Sensor 2351E", "2351e")],
)  # fmt: skip
def test_models_are_read_out_of_a_question(query: str, model: str) -> None:
    """Hyphens and blanks in a model number don't matter."""
    assert model in asked_models(query)


@pytest.mark.parametrize(
    "query", ["24vdc", "100psi", "10-year", "1000gpm", "NFPA 25", "every 3 years", "30 min at 5 gpm"]
)
def test_measures_and_standards_are_no_models(query: str) -> None:
    """What many passages name must not outrank everything else."""
    assert asked_models(query) == []


def test_a_section_stands_in_those_around_it() -> None:
    """Every outer section is named, nearest first."""
    assert ancestors("13.4.5.2(1)") == ["13.4.5.2", "13.4.5", "13.4", "13"]
    assert ancestors("1910.157(e)(3)") == ["1910.157(e)", "1910.157", "1910"]
    assert ancestors("13") == []


def test_a_section_has_one_spelling() -> None:
    """Cue words, blanks, case and end marks go."""
    assert {canonical(each) for each in ("13.4.2", "Section 13.4.2.", " § 13.4.2 ", "SECTION 13.4.2")} == {"13.4.2"}


def test_a_passage_is_indexed_under_all_its_numbers() -> None:
    """Own sections, outer sections, sections and models its text names."""
    words = ident_words(
        "Table 10.4.3 or 10.4.4", "See 8.3.1 and 1910.157(e)(2) for the MS-9200UDLS and MS 9600 (24 Vdc)."
    )

    assert {"=10.4.3", "=10.4.4", "<10.4", "8.3.1", "1910.157(e)(2)", "1910.157(e)"} <= set(words)
    assert {"ms-9200udls", "ms9200udls", "ms9600"} <= set(words)
    assert "=8.3.1" not in words

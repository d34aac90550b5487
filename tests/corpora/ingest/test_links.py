"""Links: the sections a text sends its reader to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.identifiers import canonical
from corpora.ingest.links import MOST, links

TABLE = [
    ("Valves shall be tested, see 14.2.3.", ("14.2.3",)),
    ("Test it in accordance with 10.4 and 10.5.", ("10.4", "10.5")),
    ("Refer to Section 7.", ("7",)),
    ("See Chapters 4, 5, and 6.", ("4", "5", "6")),
    ("as permitted by Section 14.2.3.(1)", ("14.2.3(1)",)),
    ("Sections 10.4.1 through 10.4.3 apply.", ("10.4.1", "10.4.3")),
    ("unless 13.4.5.2 or 13.4.5.3 is met by 5.3.1", ("13.4.5.3", "5.3.1")),
    ("comply with A.5.2.1", ("a.5.2.1",)),
    ("See Table 13.1.1.2.", ("13.1.1.2",)),
    ("29 CFR 1910.38 and § 1910.39(a)", ("1910.38", "1910.39(a)")),
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_reference_becomes_a_link(text: str, expected: tuple[str, ...]) -> None:
    """What a text says to look at is linked in canonical spelling."""
    assert links(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Increase to 10.4 psi.",
        "Cut it per 2.5 in. of pipe.",
        "Firmware 3.2.1 is at 192.168.1.1.",
        "See Table 3 and Figure 3.2.",
        "see page 14",
        "as required by NFPA 72, 14.4.5",
        "Section 10.6 of NFPA 72 applies",
        "The relay draws 24 VDC in 4.5 s.",
    ],
)
def test_a_figure_or_another_standards_number_is_no_link(text: str) -> None:
    """Measures, versions, tables, figures, pages and sections of other standards are left alone."""
    assert links(text) == ()


def test_a_regulation_reads_its_own_paragraphs() -> None:
    """Letters in brackets are read against the number of the regulation that they stand in."""
    text = "Paragraphs (e) and (f)(1) of this section apply."

    assert links(text, "1910.157(a)") == ("1910.157(e)", "1910.157(f)(1)")


def test_a_section_does_not_link_to_itself() -> None:
    """The number of the section that the text stands in is no link."""
    assert links("in accordance with 13.4.5", "13.4.5.") == ()


@settings(deadline=None, max_examples=40)
@given(st.lists(st.from_regex(r"\A[1-9]\d?(\.[1-9]\d?){1,4}\Z"), min_size=1, max_size=30))
def test_links_are_canonical_distinct_and_bounded(numbers: list[str]) -> None:
    """Whatever is referred to, links are what `canonical` writes, each once, in the text's order."""
    found = links(" ".join(f"See {number}." for number in numbers))

    assert list(found) == list(dict.fromkeys(map(canonical, numbers)))[:MOST]


@given(st.text())
def test_any_text_has_links(text: str) -> None:
    """No text makes it fail."""
    assert len(links(text)) <= MOST

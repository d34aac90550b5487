"""What a text claims is read in one canonical form."""

import pytest

from appliance.turn.claims import claims, collapse


def read(text: str) -> list[tuple[str, str]]:
    """Kind and canonical text of each claim; figures as value and unit."""
    return [
        (claim.kind, f"{claim.quantity.value:g} {claim.quantity.unit}".strip() if claim.quantity else claim.text)
        for claim in claims(text)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("section 10.6.7.2.1", [("section", "10.6.7.2.1")]),
        ("see 13.3.2.1.2", [("section", "13.3.2.1.2")]),
        ("section 9-3.4.1", [("section", "9-3.4.1")]),
        ("section 14.3.1(15)", [("section", "14.3.1(15)")]),
        ("§ 1910.157(e)(3)", [("section", "1910.157(e)(3)")]),
        ("29 CFR 1910.157(d)(4)", [("standard", "29 CFR 1910"), ("section", "1910.157(d)(4)")]),
        ("Table 11.4", [("section", "11.4")]),
        ("Table L-1", [("section", "l-1")]),
        ("Chapter 13", [("section", "13")]),
        ("NFPA 25", [("standard", "NFPA 25")]),
        ("NFPA 17A", [("standard", "NFPA 17A")]),
        ("NFPA 101-2012", [("standard", "NFPA 101"), ("year", "2012")]),
        ("the 2017 edition", [("year", "2017")]),
        ("editions before 2010", [("year", "before 2010")]),
        ("page 22", [("page", "22")]),
        ("p. 22", [("page", "22")]),
        ("Class A", [("class", "class A")]),
        ("Class A or Class B", [("class", "class A"), ("class", "class B")]),
        ("Classes A and B", [("class", "class A"), ("class", "class B")]),
        ("Class I standpipe", [("class", "class I")]),
        ("Type 1", [("class", "type 1")]),
        ("a Level 2 generator", [("class", "level 2")]),
        ("Halon 1301", [("class", "halon 1301")]),
        ("May 3, 2026", [("date", "2026-5-3")]),
        ("3 May 2026", [("date", "2026-5-3")]),
        ("2026-05-03", [("date", "2026-5-3")]),
        ("October 14", [("date", "10-14")]),
        ("at 1:00 PM", [("clock", "13:00")]),
        ("at 1 pm", [("clock", "13:00")]),
        ("call 555-0142", [("phone", "5550142")]),
        ("call (312) 555-0142", [("phone", "3125550142")]),
        ("to dana@harbor.example", [("token", "DANAHARBOREXAMPLE")]),
        ("K 5.6", [("number", "5.6")]),
        ("a K-factor of 25.2", [("number", "25.2")]),
        ("a constant K of 0.20 V", [("quantity", "0.2 V")]),
        ("model 2W-B", [("identifier", "2WB")]),
        ("the 50TCQA06", [("identifier", "50TCQA06")]),
        ("R-410A", [("identifier", "R410A")]),
        ("rated 3-A:40-B:C", [("token", "3A40BC")]),
        ("manual 418087-12", [("token", "41808712")]),
        ("24h", [("quantity", "24 h")]),
        ("an 18-inch plane", [("quantity", "18 in")]),
        ("it is XV", [("token", "XV")]),
        ("18,2 A", [("token", "182")]),
        ("6/30/2028", [("token", "6302028")]),
        ("ask Dana Whitfield", [("name", "Dana Whitfield")]),
        ("Karen Whitfield is here", [("name", "Karen Whitfield")]),
        ("at 1200 Harbor Drive, Springfield", [("number", "1200"), ("name", "Harbor Drive"), ("name", "Springfield")]),
        ("one of the measures", []),
        ("no claim at all", []),
        ("", []),
    ],
)
def test_a_claim_is_read_by_its_kind(text: str, found: list[tuple[str, str]]) -> None:
    """Each kind of figure, reference, code or name is found once, and nothing else is."""
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "18,2 A",
        "1.2.3.4.5.6",
        "2-way",
        "12:99",
        "99/99/99",
        "A1/B2",
        "#7",
        "5e3",
        "7\u00d73",
        "3³",
        "the 2nd",
        "x2",
        "1,2,3",
    ],
)
def test_no_digit_goes_unread(text: str) -> None:
    """A digit that no pattern understands is still claimed: it must stand in the evidence."""
    covered = [False] * len(text)
    for claim in claims(text):
        for place in range(claim.start, claim.end):
            covered[place] = True

    assert all(known for char, known in zip(text, covered, strict=True) if char.isdigit())


def test_claims_come_in_the_order_of_the_text() -> None:
    """Places are those of the text."""
    text = "NFPA 25 (2017), section 13.4: every 3 years"
    found = claims(text)

    assert [text[claim.start : claim.end] for claim in found] == ["NFPA 25", "2017", "section 13.4", "3 years"]


def test_spellings_of_a_model_collapse_into_one() -> None:
    """Hyphens, dots and case tell no models apart."""
    assert collapse("2w-b") == collapse("2WB") == collapse("2W.B") == "2WB"

"""Digests: how Markdown becomes passages, what is refused, and that the shipped prose says only what it may."""

import re
from pathlib import Path

import pytest

from corpora.digest import read, read_all, shipped
from corpora.errors import PackError
from corpora.passage import Passage
from corpora.requirement import SYSTEMS

SHARED = Path(__file__).parents[2].parent / "shared"
FRONT = '+++\ntitle = "Valves"\nsystem = "valve"\nsource = "a source"\n+++\n'
PRACTICE = "General trade practice"


def digest(folder: Path, body: str, front: str = FRONT) -> list[Passage]:
    """Passages of a digest written for the test."""
    path = folder / "valves.md"
    path.write_text(front + body, encoding="utf-8")
    return read(path, "pack")


@pytest.fixture(scope="module")
def starter() -> list[Passage]:
    """The digests that travel with the package."""
    return read_all(shipped(), "starter")


def test_a_paragraph_is_a_passage_that_knows_its_place(tmp_path: Path) -> None:
    """Heading path, title, system and source come with the text; marks are gone from it."""
    (passage,) = digest(tmp_path, "# Water\n\n## OS&Y\n\nLook at the *stem*,\nnot at `signs`.\n")

    assert passage == Passage(
        id="pack/valves/water/os-y/1", pack="pack", document="Valves", edition="", heading=("Water", "OS&Y"),
        section="", page=None, system="valve", text="Look at the stem, not at signs.", source="a source",
    )  # fmt: skip


def test_attributes_hold_below_their_heading_and_a_passages_own_go_first(tmp_path: Path) -> None:
    """A section on a heading reaches its passages; the nearest word counts."""
    body = (
        '# A {section="13.2" edition="NFPA 25 (2017)"}\n\nOne.\n\n'
        'Two. {section="13.2.5" source="other"}\n\n## B\n\nThree.\n\n# C\n\nFour.\n'
    )
    passages = digest(tmp_path, body)

    assert [(passage.text, passage.section, passage.source) for passage in passages] == [
        ("One.", "13.2", "a source"),
        ("Two.", "13.2.5", "other"),
        ("Three.", "13.2", "a source"),
        ("Four.", "", "a source"),
    ]
    assert [passage.edition for passage in passages] == ["NFPA 25 (2017)"] * 3 + [""]


@pytest.mark.parametrize(
    ("heading", "section", "title"),
    [
        ("13.4.5.2 Trip test", "13.4.5.2", "Trip test"),
        ("§ 1910.157(e)(2) Monthly look", "1910.157(e)(2)", "Monthly look"),
        ("9-3.4.1 Old numbers", "9-3.4.1", "Old numbers"),
        ("13 check points", "", "13 check points"),
    ],
)
def test_a_heading_may_begin_with_its_section(tmp_path: Path, heading: str, section: str, title: str) -> None:
    """A number of several parts is the section and leaves the heading."""
    (passage,) = digest(tmp_path, f"# {heading}\n\nText.\n")

    assert (passage.section, passage.heading) == (section, (title,))


def test_a_list_joins_the_paragraph_that_announces_it(tmp_path: Path) -> None:
    """Steps are one passage with the sentence before them, and a colon without a list stays alone."""
    body = "# A\n\nTo shut it:\n\n1. Tell people.\n2. Close it.\n\nMind this:\n\n# B\n\n- Alone.\n- Here.\n"

    assert [passage.text for passage in digest(tmp_path, body)] == [
        "To shut it: Tell people. Close it.",
        "Mind this:",
        "Alone. Here.",
    ]


def test_an_id_hangs_on_the_place_and_not_on_what_stands_elsewhere(tmp_path: Path) -> None:
    """A new chapter leaves the ids of the others alone."""
    before = digest(tmp_path, "# A\n\nOne.\n\n# B\n\nTwo.\n")[1]
    after = digest(tmp_path, "# A\n\nOne.\n\nMore.\n\n# New\n\nX.\n\n# B\n\nTwo.\n")[-1]

    assert before == after


BAD = {
    "no front matter": ("Text.\n", "", "front matter"),
    "front matter without an end": ("Text.\n", '+++\ntitle = "x"\n', "front matter"),
    "front matter that is no TOML": ("Text.\n", "+++\ntitle = \n+++\n", "TOML"),
    "no title": ("Text.\n", '+++\nsystem = "valve"\nsource = "s"\n+++\n', "title"),
    "unknown system": ("Text.\n", FRONT.replace('"valve"', '"toaster"'), "toaster"),
    "unknown key": ("Text.\n", FRONT.replace("title", 'colour = "red"\ntitle'), "colour"),
    "empty source": ("Text.\n", FRONT.replace("a source", " "), "source"),
    "wrong type": ("Text.\n", FRONT.replace('"a source"', "3"), "source"),
    "nothing below": ("", FRONT, "no paragraph"),
    "a heading twice": ("# A\n\nX.\n\n# A\n\nY.\n", FRONT, "stands twice"),
    "unknown attribute": ('# A {page="3"}\n\nX.\n', FRONT, "page"),
    "loose attribute": ("X. {section=3}\n", FRONT, "section=3"),
    "code": ("```\nrun\n```\n", FRONT, "fence"),
    "HTML": ("<b>X</b>\n\nY.\n", FRONT, "html"),
    "quotation": ("> Y.\n", FRONT, "blockquote"),
}


@pytest.mark.parametrize(("body", "front", "said"), BAD.values(), ids=BAD.keys())
def test_a_bad_digest_is_refused_by_name(tmp_path: Path, body: str, front: str, said: str) -> None:
    """File and fault stand in the message."""
    with pytest.raises(PackError, match=rf"(?s)valves\.md.*{re.escape(said)}"):
        digest(tmp_path, body, front)


def test_a_digest_that_cannot_be_read_is_refused_by_name(tmp_path: Path) -> None:
    """Bytes that are no text, and no file at all, are told."""
    (tmp_path / "x.md").write_bytes(b"\xff\xff")

    for name in ("x.md", "absent.md"):
        with pytest.raises(PackError, match=name):
            read(tmp_path / name, "pack")


def test_the_shipped_digests_cover_every_system(starter: list[Passage]) -> None:
    """At least 120 passages, each id once, some for each system."""
    assert len(starter) >= 120
    assert len({passage.id for passage in starter}) == len(starter)
    assert {passage.system for passage in starter} == set(SYSTEMS)


def test_a_shipped_passage_stands_alone(starter: list[Passage]) -> None:
    """A speakable length, a source, a heading, and no mark of Markdown left."""
    for passage in starter:
        assert 15 <= len(passage.text.split()) <= 160, passage.id
        assert passage.source, passage.id
        assert passage.heading, passage.id
        assert not re.search(r"[*`#{}\n]|\]\(", passage.text), passage.id


def test_general_practice_carries_no_figure(starter: list[Passage]) -> None:
    """A passage without a source for its figures has none."""
    units = "second|minute|hour|day|week|month|year|inch|foot|feet|psi|percent"
    amount = rf"\d|\b(?:one|two|three|four|five|six|ten|twelve|thirty|sixty)\s+(?:{units})"
    for passage in starter:
        if passage.source.startswith(PRACTICE):
            assert not re.search(amount, re.sub(r"29 CFR 1910|Class I\b", "", passage.text)), passage.id


UNVERIFIED = {
    "sound level over average": r"15 ?dBA|5 ?dBA|75 ?dBA",
    "waterflow alarm time": r"90[ -]?s(?:econds?)?\b",
    "standby of 60 hours": r"60[ -]?h(?:ours?)?\b",
    "pump curve criterion": r"\b95 ?(?:%|percent)",
    "frequency windows": r"2 (?:to|-) 4 months|9 (?:to|-) 15 months|30 (?:to|-) 40 months|54 (?:to|-) 66 months",
    "pressure loss limit of a test-prep site": r"\b3 ?(?:%|percent) (?:in )?pressure",
    "inspector's test every two years": r"every (?:2|two) years",
    "standpipe supply": r"100 gpm for 30|30 minutes at 100",
    "no-load monthly run": r"no-load monthly|monthly without load is",
    "sensitivity extended": r"(?:5|five)[ -]years?.*sensitivity|sensitivity.*\b(?:5|five)[ -]years?",
    "table numbers from 2013 on": r"14\.3\.1(?!\(15\))|14\.4\.3\.2",
    "sections recalled": r"17\.13\.2|\b18\.4\b|\b13\.[67]\b(?!\.1\.5)|\b11\.2\b",
    "impairment options recalled": r"temporary (?:water )?supply|ignition sources",
}


@pytest.mark.parametrize("pattern", UNVERIFIED.values(), ids=UNVERIFIED.keys())
def test_what_nobody_verified_is_not_shipped(starter: list[Passage], pattern: str) -> None:
    """The tell-tale figures of facts marked recalled or rejected stand in no digest."""
    assert [
        passage.id for passage in starter if re.search(pattern, f"{passage.section} {passage.text}", re.IGNORECASE)
    ] == []


@pytest.mark.parametrize(
    ("word", "figures"),
    [
        ("gauges", ("quarterly", "monthly", "weekly")),
        ("enclosure", ("annually", "semiannually")),
        ("impairments", ("4 hours", "8 hours")),
    ],
)
def test_a_conflict_is_told_as_one(starter: list[Passage], word: str, figures: tuple[str, ...]) -> None:
    """Where sources disagree one passage names every side and asks for the edition or the authority."""
    told = [
        passage.text for passage in starter if word in passage.text.lower() and all(f in passage.text for f in figures)
    ]

    assert told
    assert all(re.search(r"disagree|conflict|not settled", text) for text in told)
    assert all(re.search(r"edition|authority", text) for text in told)


def reference() -> str:
    """The facts file and the regulation texts, or a skip where they are not beside the repository."""
    if not (SHARED / "reference" / "fire-safety-facts.md").exists():
        pytest.skip("needs ../shared/reference and ../shared/data beside the repository")
    texts = [SHARED / "reference" / "fire-safety-facts.md", *sorted((SHARED / "data" / "regulation").glob("*.txt"))]
    return "\n".join(text.read_text(encoding="utf-8") for text in texts)


def test_every_section_number_stands_in_the_reference(starter: list[Passage]) -> None:
    """A section is cited only when facts file or regulation text has it, whole and not as part of a longer number."""
    known = reference()
    for passage in starter:
        numbers = re.findall(
            r"(?<![\d.,])(?:1910|\d{1,3})(?:[.-]\d+)+(?:\(\w+\))*", f"{passage.section} {passage.text}"
        )
        for number in (number for number in numbers if number.count(".") + number.count("-") > 1 or "1910" in number):
            whole = re.split(r"\(", number)[0] if "1910" in number else number
            assert re.search(rf"(?<![\d.]){re.escape(whole)}(?!\.?\d)", known), f"{passage.id}: {number}"
        if passage.section:
            whole = re.split(r"\(", passage.section)[0].removeprefix("Table ")
            assert re.search(rf"(?<![\d.]){re.escape(whole)}(?!\.?\d)", known), f"{passage.id}: {passage.section}"


def test_every_paragraph_of_the_regulation_cited_is_there(starter: list[Passage]) -> None:
    """Letters of 29 CFR 1910.157 and .161 to .163 exist in the texts at hand."""
    known = reference()
    for passage in starter:
        for number, letters in re.findall(
            r"1910\.(157|161|162|163)((?:\(\w+\))+)", f"{passage.section} {passage.text}"
        ):
            part = known.split(f"§ 1910.{number} ", 2)[-1].split("\n§ ")[0]
            for letter in re.findall(r"\(\w+\)", letters):
                assert letter in part, f"{passage.id}: 1910.{number}{letters}"

"""Chunks: nothing lost, nothing too long, every passage knows where it stands."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora.ingest.boilerplate import is_boilerplate
from corpora.ingest.chunk import MOST, passages
from corpora.ingest.origin import Origin
from corpora.ingest.page import About, Block, Kind, Page, Table
from corpora.ingest.size import LONGEST, pieces
from corpora.passage import Passage

ORIGIN = Origin("doc1", "site", title="Manual", language="en", source="manual.pdf")
LONG = " ".join(f"word{number}" for number in range(70))


def heading(text: str, level: int = 1) -> Block:
    """A heading block."""
    return Block("heading", text, level)


def paragraph(text: str) -> Block:
    """A paragraph block."""
    return Block("paragraph", text)


def item(text: str) -> Block:
    """A list item."""
    return Block("item", text, 1)


def read(*blocks: Block, origin: Origin = ORIGIN) -> list[Passage]:
    """Passages of one page with these blocks."""
    return list(passages(About(), [Page(blocks, 1)], origin))


def test_a_passage_knows_where_it_stands() -> None:
    """Everything known of the document, the path of headings, the number and the page go with it."""
    origin = Origin("doc1", "site", "Fire pump", "2023", "fire pump", "Clarke", "JU4H", "en", "jobs/ju4h.pdf")
    pages = [Page((heading("Chapter 8 Pumps"), heading("8.3 Testing", 2), paragraph("Run it weekly, see 8.4.1.")), 7)]

    (found,) = passages(About(), pages, origin)

    assert (found.pack, found.document, found.edition, found.system) == ("site", "Fire pump", "2023", "fire pump")
    assert (found.maker, found.model, found.language, found.source) == ("Clarke", "JU4H", "en", "jobs/ju4h.pdf")
    assert (found.heading, found.section, found.page) == (("Chapter 8 Pumps", "Testing"), "8.3", 7)
    assert (found.text, found.links) == ("Run it weekly, see 8.4.1.", ("8.4.1",))


def test_a_numbered_clause_is_a_passage_with_its_number() -> None:
    """However short, it is not joined with its neighbours, and its number is not in its text."""
    found = read(
        heading("13.4 Control valves"),
        paragraph("13.4.1 The valve shall be open."),
        paragraph("13.4.2.(1) It shall be locked."),
        paragraph("A 2.5 in. drain is usual."),
        paragraph("2.5 in. pipe shall be used."),
    )

    assert [(passage.section, passage.text) for passage in found] == [
        ("13.4.1", "The valve shall be open."),
        ("13.4.2.(1)", "It shall be locked.\nA 2.5 in. drain is usual.\n2.5 in. pipe shall be used."),
    ]
    assert len({passage.parent for passage in found}) == 1


def test_numbers_nest_whatever_the_letters_size() -> None:
    """Headings all of one level are sorted below each other by their numbers."""
    found = read(
        heading("Chapter 13 Valves"),
        heading("13.4 Control valves"),
        heading("13.4.2 Testing"),
        paragraph("Test it."),
        heading("13.5 Drains"),
        paragraph("Drain it."),
        heading("14.1 Obstruction"),
        paragraph("Look inside."),
    )

    assert [passage.heading for passage in found] == [
        ("Chapter 13 Valves", "Control valves", "Testing"),
        ("Chapter 13 Valves", "Drains"),
        ("Obstruction",),
    ]


def test_a_clause_leaves_the_heading_that_cannot_hold_it() -> None:
    """A clause that was taken for a heading does not stand above the clauses after it."""
    found = read(
        heading("Chapter 8 Pumps"),
        heading("8.1.3.(1) The valve shall be open", 2),
        paragraph("8.1.4 the pump shall be tested."),
        paragraph("192.168.1.1 is its address."),
    )

    assert [(passage.heading, passage.section, passage.text) for passage in found] == [
        (("Chapter 8 Pumps",), "8.1.3.(1)", "The valve shall be open"),
        (("Chapter 8 Pumps",), "8.1.4", "the pump shall be tested.\n192.168.1.1 is its address."),
    ]


def test_a_chapters_number_and_its_title_below_are_one_heading() -> None:
    """What stands in two lines on the page is one step of the path, with the chapter's number."""
    found = read(heading("CHAPTER 4", 2), heading("Installation"), paragraph("Mount it."), paragraph("Section 5"))

    assert [(passage.heading, passage.section) for passage in found] == [(("CHAPTER 4 Installation",), "4")]


def test_a_regulations_letters_make_its_sections() -> None:
    """Bracketed letters and figures nest below the regulation's number, over paragraphs."""
    found = read(
        paragraph("§ 1910.157 Portable fire extinguishers."),
        paragraph("(b) Exemptions. (1) Where the employer has a policy, he is exempt."),
        paragraph("(2) Where he has a plan, he is not."),
        paragraph("(e)(3) The employer shall inspect them."),
        paragraph("(i) Every month."),
        paragraph("(ii) And after use."),
        paragraph("(f) They shall be tested."),
    )

    assert [passage.section for passage in found] == [
        f"1910.157{letters}" for letters in ("(b)(1)", "(b)(2)", "(e)(3)", "(e)(3)(i)", "(e)(3)(ii)", "(f)")
    ]


def test_short_paragraphs_of_a_section_are_joined_and_long_ones_are_not() -> None:
    """Neighbours are joined until there are sixty words, never beyond a hundred and twenty."""
    found = read(heading("Care"), paragraph("Wipe it."), paragraph("Dry it."), paragraph(LONG), paragraph(LONG))

    assert [passage.text for passage in found] == [f"Wipe it.\nDry it.\n{LONG}", LONG]


def test_a_list_stays_with_its_lead() -> None:
    """A list is not cut, though it makes more than a hundred and twenty words; what came before it goes ahead."""
    steps = [item(f"{number}. Turn the handle of valve {number} slowly to the left") for number in range(1, 16)]

    found = read(heading("Reset"), paragraph("It trips in a fire."), paragraph("To reset the valve:"), *steps)

    assert [passage.text.splitlines()[0] for passage in found] == ["It trips in a fire.", "To reset the valve:"]
    assert len(found[1].text.split()) > MOST
    assert found[1].text.count("handle") == 15


def test_a_warning_stays_with_its_text() -> None:
    """The word WARNING in large letters is no heading, and is never parted from what it warns of."""
    found = read(heading("Service"), paragraph(LONG), heading("WARNING", 2), paragraph("High voltage."))

    assert found[1].text == "WARNING\nHigh voltage."
    assert found[1].heading == ("Service",)


def test_a_sentence_over_two_pages_is_one() -> None:
    """The rest of a sentence on the next page belongs to the passage of the first, whose page and box it keeps."""
    first = Page((heading("Care"), Block("paragraph", "Wipe the lens with a", box=(10, 20, 90, 30))), 1)
    second = Page((Block("paragraph", "soft cloth.", box=(10, 5, 50, 9)),), 2)

    (found,) = passages(About(), [first, second], ORIGIN)

    assert (found.text, found.page, found.box) == ("Wipe the lens with a soft cloth.", 1, (10, 20, 90, 30))


def test_a_box_goes_round_all_the_blocks() -> None:
    """The boxes of joined paragraphs make one."""
    (found,) = read(
        Block("paragraph", "Wipe it.", box=(10, 20, 90, 30)), Block("paragraph", "Dry it.", box=(5, 40, 80, 50))
    )

    assert found.box == (5, 20, 90, 50)


def test_bookmarks_stand_in_for_headings() -> None:
    """A page without headings takes its bookmarks; a paragraph that a bookmark names is a heading of its level."""
    pages = [
        Page((paragraph("Wipe it."),), 1, outline=((1, "Care"), (2, "Cleaning"))),
        Page((paragraph("Dry it."), paragraph("Storage"), paragraph("Keep it dry.")), 2, outline=((2, "Storage"),)),
    ]

    found = list(passages(About(), pages, ORIGIN))

    assert [(passage.heading, passage.text) for passage in found] == [
        (("Care", "Cleaning"), "Wipe it."),
        (("Care", "Cleaning"), "Dry it."),
        (("Care", "Storage"), "Keep it dry."),
    ]


def test_what_stands_on_another_page_is_another_passage() -> None:
    """Whoever opens the page that is cited finds what is quoted there."""
    pages = [Page((paragraph("Wipe it."),), 1), Page((paragraph("Dry it."),), 2)]

    assert [(passage.page, passage.text) for passage in passages(About(), pages, ORIGIN)] == [
        (1, "Wipe it."),
        (2, "Dry it."),
    ]


def test_sheets_are_headings() -> None:
    """What has no page number is known by its label."""
    pages = [Page((paragraph("Valve 4 leaks."),), label="Riser A"), Page((paragraph("Fine."),), label="Riser B")]

    assert [passage.heading for passage in passages(About(), pages, ORIGIN)] == [("Riser A",), ("Riser B",)]


def test_a_table_is_one_passage_and_one_for_each_row() -> None:
    """All have the table's name; the rows have their own boxes."""
    table = Table(
        ("model", "MCA"), (("A1X", "24"), ("B2X", "27")), "Table 3. Electrical", boxes=((0, 1, 2, 3), (0, 3, 2, 5))
    )

    found = read(heading("5.1 Data"), Block("table", "", table=table, box=(0, 0, 2, 5)))

    assert [passage.text for passage in found] == [
        "Table 3. Electrical | columns: model, MCA",
        "Table 3. Electrical | model: A1X | MCA: 24",
        "Table 3. Electrical | model: B2X | MCA: 27",
    ]
    assert {(passage.table, passage.section) for passage in found} == {("Table 3", "5.1")}
    assert [passage.box for passage in found] == [(0, 0, 2, 5), (0, 1, 2, 3), (0, 3, 2, 5)]


def test_a_table_that_goes_on_keeps_its_name_and_another_gets_its_own() -> None:
    """Names of tables are unique in the document."""
    one = Table(("model", "MCA"), (("A1X", "24"),), "Table 3. Electrical")
    on = Table(("model", "MCA"), (("B2X", "27"),), "Table 3. Electrical (continued)")
    other = Table(("part",), (("P1",),), "Table 3")

    pages = [Page((Block("table", "", table=table),), number) for number, table in enumerate((one, on, other), 1)]
    found = list(passages(About(), pages, ORIGIN))

    assert [(passage.table, passage.page) for passage in found] == [
        ("Table 3", 1), ("Table 3", 1), ("Table 3", 2), ("Table 3 (2)", 3), ("Table 3 (2)", 3),
    ]  # fmt: skip
    assert found[2].text == "Table 3. Electrical | model: B2X | MCA: 27"


def test_a_caption_is_a_passage_and_parts_no_list() -> None:
    """A figure's caption can be found by itself."""
    found = read(
        heading("Wiring"), paragraph("Steps:"), Block("caption", "Figure 4. Wiring of the panel"), item("1. Cut.")
    )

    assert [passage.text for passage in found] == ["Figure 4. Wiring of the panel", "Steps:\n1. Cut."]


def test_a_line_that_names_a_figure_is_its_caption() -> None:
    """Readers do not know every caption; a sentence about a figure is none."""
    found = read(paragraph("Figure 3-5 Special registers"), paragraph("Figure 3-5 shows them."), paragraph("Wipe it."))

    assert [passage.text for passage in found] == ["Figure 3-5 Special registers", "Figure 3-5 shows them.\nWipe it."]


def test_what_answers_nothing_is_left_out() -> None:
    """Tables of contents, copyright lines, page numbers and blank pages are not indexed."""
    entries = Table((), (("1 Care . . . . . . . .", "3"), ("2 Use . . . . . . . .", "9")))

    found = read(
        heading("Contents"), paragraph("1 Care 3"), paragraph("2.1 Use of the panel 14"), heading("2.2 Reset 15"),
        Block("table", "", table=entries), paragraph("3.1 Wiring .......... 20"), heading("Care"),
        paragraph("© 2021 Acme Inc. All rights reserved."), paragraph("14"), paragraph("Page 3 of 20"),
        paragraph("This page intentionally left blank."), paragraph("Wipe it."),
    )  # fmt: skip

    assert [passage.text for passage in found] == ["Wipe it."]


def test_an_order_in_large_letters_is_kept() -> None:
    """A heading that nothing follows is a passage, since it may be what matters most."""
    found = read(
        heading("Service"), heading("Never open the valve under pressure", 2), heading("Care"), paragraph("Wipe.")
    )

    assert [(passage.text, passage.heading) for passage in found] == [
        ("Never open the valve under pressure", ("Service",)),
        ("Wipe.", ("Care",)),
    ]


def test_text_read_off_a_picture_says_so() -> None:
    """Its source tells that it was recognised."""
    (found,) = passages(About(), [Page((paragraph("Wipe it."),), 1, ocr=True)], ORIGIN)

    assert found.source == "manual.pdf (read off a picture)"


def test_first_pages_come_out_before_the_last_is_read() -> None:
    """Of a file of any length only a few pages are held."""
    asked = 0

    def endless() -> Iterator[Page]:
        nonlocal asked
        while True:
            asked += 1
            yield Page((heading(f"Part {asked}"), paragraph(LONG)), asked)

    found = passages(About(), endless(), ORIGIN)

    assert next(found).page == 1
    assert asked <= 6


def test_ids_stay_when_something_is_put_before() -> None:
    """A new section in front, or another page, changes no other passage's id."""
    before = read(heading("Care"), paragraph("Wipe it."), heading("Use"), paragraph("Press."))
    after = list(
        passages(
            About(),
            [Page((heading("New"), paragraph("Read this."))), Page((heading("Care"), paragraph("Wipe it.")), 9),
             Page((heading("Use"), paragraph("Press.")), 10)],
            ORIGIN,
        )
    )  # fmt: skip

    assert [passage.id for passage in before] == [passage.id for passage in after[1:]]


def test_a_lone_passage_has_no_parent() -> None:
    """Only what shares its section has one."""
    found = read(heading("Care"), paragraph("Wipe."), heading("Use"), paragraph(LONG), paragraph(LONG))

    assert found[0].parent == ""
    assert found[1].parent == found[2].parent != ""


def test_a_section_is_what_is_read_together() -> None:
    """Of a regulation its lettered paragraphs, of a text without headings the clauses below one number."""
    rule = read(heading("§ 1910.157 Extinguishers"), *map(paragraph, ("(a) Scope.", "(e)(1) Look.", "(2) Test.")))
    bare = read(*map(paragraph, ("8.1.1 Look at it.", "8.1.2 Test it.", "8.2.1 Write it down.")))

    assert rule[0].parent == "" != rule[1].parent == rule[2].parent
    assert bare[0].parent == bare[1].parent != bare[2].parent == ""


word = st.text("abcdefghijklmnopqrstuvwxyzABC", min_size=1, max_size=14)
line = st.lists(st.one_of(word, st.from_regex(r"\A\d{1,3}(\.\d{1,2}){0,3}\Z")), min_size=1, max_size=160).map(" ".join)
kinds: st.SearchStrategy[Kind] = st.sampled_from(["paragraph", "paragraph", "item", "heading", "caption", "code"])
marks = st.sampled_from(["", "13.4.2 ", "(a) ", "(1) ", "§ 1910.157 ", "4. ", "Note: ", "To reset:"])
plain = st.builds(
    lambda kind, mark, text, level: Block(kind, mark + text, level), kinds, marks, line, st.integers(1, 4)
)
grid = st.lists(st.lists(line, min_size=3, max_size=3).map(tuple), max_size=4).map(tuple)
table = st.builds(lambda title, rows: Block("table", "", table=Table(("a", "b", "c"), rows, title)), line, grid)
pages_ = st.lists(st.lists(st.one_of(plain, plain, table), max_size=8).map(tuple), max_size=4).map(
    lambda pages: [Page(blocks, number) for number, blocks in enumerate(pages, 1)]
)


def said(passage: Passage) -> str:
    """All that a passage tells."""
    return " ".join((*passage.heading, passage.section, passage.text))


def atoms(text: str) -> set[str]:
    """Words and figures without what stands between them."""
    return set(re.findall(r"\w+", text))


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(pages_)
def test_no_word_is_lost_ids_are_stable_and_sizes_bounded(pages: list[Page]) -> None:
    """Every word of every block that is no boilerplate stands in some passage, none of which the embedder would cut."""
    found = list(passages(About(), pages, ORIGIN))
    blocks = [block for page in pages for block in page.blocks]
    cells = [cell for block in blocks if block.table for row in block.table.rows for cell in row]
    kept = [block.text for block in blocks if block.kind != "table" and not is_boilerplate(block.text)]

    assert atoms(" ".join((*kept, *cells))) <= atoms(" ".join(map(said, found)))
    assert len({passage.id for passage in found}) == len(found)
    assert [passage.id for passage in passages(About(), pages, ORIGIN)] == [passage.id for passage in found]
    assert all(pieces(passage.text) <= LONGEST for passage in found)
    assert all(passage.page is not None for passage in found)


@pytest.mark.parametrize("text", ["x" * 5_000, "7" * 5_000, "가" * 900, "a. " * 3_000, "-" * 5_000])
def test_no_text_however_odd_makes_a_long_passage(text: str) -> None:
    """One word of thousands of letters is cut as well."""
    assert all(pieces(passage.text) <= LONGEST for passage in read(paragraph(text)))


@pytest.mark.parametrize(
    "text", ["." * 50_000, "a" + " " * 50_000 + "b", "(a)" * 15_000, "see 1.2 and " * 4_000, "1." * 25_000]
)
@pytest.mark.parametrize("kind", ["paragraph", "heading", "caption"])
def test_a_hostile_text_is_read_in_reasonable_time(kind: Kind, text: str) -> None:
    """No pattern needs more than the suite's time limit for what runs on and on."""
    found = list(passages(About(title=text), [Page((Block(kind, text, 1),), 1)], Origin("d", "p", file=text)))

    assert all(pieces(passage.text) <= LONGEST for passage in found)

"""Origin: what the first page says of a document, only when it says so."""

from dataclasses import replace

import pytest

from corpora.ingest.origin import Origin, completed, opened
from corpora.ingest.page import About, Block, Page

EMPTY = Origin("doc1", "site")


def first(*texts: str, file: str = "", title: str = "") -> Origin:
    """The origin completed from a first page whose first line is its heading."""
    blocks = tuple(Block("heading" if not place else "paragraph", text, 1) for place, text in enumerate(texts))
    return completed(replace(EMPTY, file=file), About(title=title), [Page(blocks, 1)])


@pytest.mark.parametrize(
    ("texts", "edition"),
    [
        (("NFPA 25 2023 Edition",), "2023"),
        (("Standard for Water", "2020 EDITION"), "2020"),
        (("NFPA 25-2017",), "2017"),
        (("Panel manual", "Document 52750, Rev. C"), "Rev. C"),
        (("MS-9200UDLS Manual P/N 52750:H",), "Rev H"),
        (("Boilers", "Third Edition"), "Third Edition"),
        (("Sold since 2019", "Printed 2021"), ""),
    ],
)
def test_an_edition_is_taken_only_from_words_that_say_so(texts: tuple[str, ...], edition: str) -> None:
    """A year alone is no edition."""
    assert first(*texts).edition == edition


@pytest.mark.parametrize(
    ("texts", "file", "model"),
    [
        (("Model 50TCQ04-14", "Packaged rooftop units"), "", "50TCQ04-14"),
        (("MS-9200UDLS Manual P/N 52750:H",), "", "MS-9200UDLS"),
        (("Owner's manual", "The MS-9200UDLS is a panel"), "ms-9200udls.pdf", "MS-9200UDLS"),
        (("Owner's manual",), "redp5110.pdf", ""),
        (("Model 2W-B", "Smoke detector"), "", "2W-B"),
        (("Models 2W-B and 4W-B",), "", ""),
        (("MS-9050UD and MS-9200UDLS Manual",), "", ""),
        (("NFPA 25 2023 Edition",), "nfpa25.pdf", ""),
        (("Fire pumps", "Run at 100psi"), "scan_rev2.pdf", ""),
    ],
)
def test_a_model_is_the_one_that_is_named(texts: tuple[str, ...], file: str, model: str) -> None:
    """Two models, a standard's number, a part number of the booklet name none."""
    assert first(*texts, file=file).model == model


def test_a_maker_is_the_one_in_the_title_else_the_one_on_the_page() -> None:
    """Two makers beside each other name none, unless the title has one."""
    assert first("Carrier 50TCQ").maker == "Carrier"
    assert first("Panel", "Notifier, a Honeywell company").maker == ""
    assert first("Notifier panel", "Notifier by Honeywell").maker == "Notifier"
    assert first("Panel", "A globe valve at peerless watts").maker == ""


@pytest.mark.parametrize(
    ("declared", "heading", "file", "title"),
    [
        ("Fire pump manual", "Something", "x.pdf", "Fire pump manual"),
        ("Microsoft Word - draft7.doc", "Fire pump manual", "x.pdf", "Fire pump manual"),
        ("", "12-3456", "fire_pump_manual.pdf", "fire pump manual"),
        ("", "", "", "untitled document"),
    ],
)
def test_a_title_is_what_a_person_would_say(declared: str, heading: str, file: str, title: str) -> None:
    """What a program left there is no title."""
    assert first(heading, file=file, title=declared).title == title


def test_what_is_given_wins() -> None:
    """No field that a person filled is touched."""
    given = Origin("doc1", "site", "My pump", "2020", "fire pump", "Clarke", "JU4H", "fr", "shelf", "x.pdf")
    page = Page((Block("heading", "Carrier Model 50TCQ04 2023 Edition", 1),), 1)

    assert completed(given, About("Other", language="en"), [page]) == given


def test_pages_read_ahead_are_given_again() -> None:
    """Looking at the first pages takes none away."""
    pages = [Page((Block("paragraph", "short"),), number) for number in range(1, 20)]

    _, coming = opened(About(), pages, EMPTY)

    assert list(coming) == pages

"""Checks: each part tells the truth and carries the help text."""

from pathlib import Path

import pytest

from appliance import check
from appliance.check import Part

HERE = Path("/data/x.db")
WELL = [
    check.embedder("minilm"),
    check.recogniser("moonshine tiny-en"),
    check.voice("espeak"),
    check.language_model("smollm2"),
    check.language_model("", wanted=False),
    check.cloud("", online=False),
    check.cloud("gemini", online=True),
    check.cloud("gemini", online=False, link="no route to host"),
    check.ladder(("gemini", "local", "extractive"), cloud=True),
    check.ladder(("extractive",), cloud=False),
    check.records(2),
    check.records(0),
    check.library(400),
    check.specs(26),
    check.manuals(0),
    check.manuals(2, "there is no link"),
    check.requirements(150),
    check.field_database(HERE),
    check.events_database(HERE),
    check.cache(HERE),
    check.disk(Path("/data"), 10**9),
    check.sqlite((3, 51, 3)),
    check.processor("x86_64", {"avx2", "fma", "f16c", "sse2"}),
    check.processor("aarch64", ()),
]
ILL = [
    check.embedder(""),
    check.embedder("minilm", "truncated file"),
    check.recogniser(""),
    check.voice(""),
    check.language_model(""),
    check.language_model("", runtime=False),
    check.cloud("gemini", online=True, trouble="Gemini refuses the API key (403)"),
    check.records(2, "cloud/current is damaged"),
    check.library(0),
    check.library(400, "index is corrupt"),
    check.specs(0),
    check.specs(25, ["bad.json: model is missing"]),
    check.manuals(1, "there is no key for the search", hopeless=True),
    check.manuals(1, trouble="NFS2-3030: nothing found names the model"),
    check.manuals(0, trouble="a fault of ours"),
    check.requirements(0),
    check.field_database(HERE, "database is locked"),
    check.events_database(HERE, "disk is full"),
    check.cache(HERE, "disk is full"),
    check.disk(Path("/data"), 10**6),
    check.sqlite((3, 40, 1)),
    check.processor("x86_64", {"sse2"}),
]


def label(part: Part) -> str:
    """For the test's name."""
    return f"{part.name}: {part.uses}"


@pytest.mark.parametrize("part", WELL, ids=label)
def test_a_part_that_is_well_says_what_it_uses_and_asks_for_nothing(part: Part) -> None:
    """Well: no advice."""
    assert part.well
    assert part.uses
    assert not part.advice


@pytest.mark.parametrize("part", ILL, ids=label)
def test_a_part_that_is_not_well_carries_the_help_text(part: Part) -> None:
    """Not well: what to do stands beside what is wrong."""
    assert not part.well
    assert part.uses
    assert part.advice


def test_who_answers_now_is_told_and_why_the_cloud_does_not() -> None:
    """A technician at the page sees which rung speaks, and since when the better one is doubted."""
    assert check.ladder(("gemini", "extractive"), cloud=True).uses == "gemini answers now, then extractive"
    assert "left out" in check.ladder(("local", "extractive"), cloud=True).uses
    told = check.cloud("gemini", online=False, trouble="no sentence within 0.7 s", doubted_s=12).uses
    assert "no sentence within 0.7 s; doubted for 12 s" in told


def test_what_is_wrong_is_said_in_the_words_of_who_found_it() -> None:
    """The trouble itself is shown, not swallowed."""
    assert "truncated file" in check.embedder("minilm", "truncated file").uses
    assert "bad.json" in check.specs(25, ["bad.json: model is missing"]).uses
    assert check.field_database(HERE, "database is locked").uses == "database is locked"


def test_without_engines_the_box_still_answers() -> None:
    """Engines are no essential parts: search by words, typed questions and shown answers remain."""
    engines = [check.embedder(""), check.recogniser(""), check.voice(""), check.language_model("", runtime=False)]

    assert check.able([*WELL, *engines])


@pytest.mark.parametrize(
    "part",
    [
        check.library(0),
        check.specs(0),
        check.requirements(0),
        check.field_database(HERE, "locked"),
        check.sqlite((3, 40, 1)),
        check.processor("x86_64", {"sse2"}),
    ],
    ids=label,
)
def test_without_an_essential_part_the_box_is_not_able(part: Part) -> None:
    """No texts, no specs, no safe place to write: not able."""
    assert not check.able([*WELL, part])


def test_a_box_without_parts_is_not_able() -> None:
    """Knowing nothing is not the same as being well."""
    assert not check.able([])


def test_flags_are_read_from_the_first_processor() -> None:
    """/proc/cpuinfo repeats itself for every core; other machines have no such line."""
    assert check.flags_of("processor : 0\nflags\t\t: fpu avx2 fma\n\nprocessor : 1\nflags : fpu\n") == {
        "fpu",
        "avx2",
        "fma",
    }
    assert check.flags_of("CPU architecture: 8\n") == frozenset()

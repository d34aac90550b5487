"""The library with the box's own embedder over the shipped digests; left out where MiniLM was not fetched."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from corpora.digest import read_all, shipped
from corpora.library import Library
from models.minilm import MiniLm
from tests.fakes.recording import installed


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The shipped digests, indexed with MiniLM."""
    embed = MiniLm(installed("all-minilm-l6-v2")).embed
    folder = tmp_path_factory.mktemp("digests")
    Library.build(folder, read_all(shipped(), "starter"), embed, "one")
    with closing(Library.open(folder, embed)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("query", "system"),
    [
        ("How often is a dry pipe valve full-flow trip tested?", "dry sprinkler"),
        ("how do I test a backflow preventer", "backflow"),
        ("how do I flow test a hydrant", "hydrant"),
        ("what is an impairment", "impairment"),
    ],
)
def test_what_the_digests_know_scores_high(library: Library, query: str, system: str) -> None:
    """The first hit is of the right system and surely about the question."""
    first = library.search(query)[0]

    assert first.passage.system == system
    assert first.score > 0.7


@pytest.mark.parametrize(
    "query",
    [
        "What is the torque of a QQQQ valve?",
        "how much does a new fire pump cost",
        "when was the sprinkler invented",
        "what color is the standpipe in Chicago",
        "what size wire for a 200 amp service",
        "what is the capital of France",
    ],
)
def test_what_the_digests_do_not_know_scores_low(library: Library, query: str) -> None:
    """Words of the trade around a question nobody answered are no answer."""
    assert max((hit.score for hit in library.search(query)), default=0.0) < 0.4

"""One figure from words and meaning."""

from dataclasses import replace

import pytest

from corpora.fuse import HYBRID, LEXICAL, Evidence, Weighing, share, sure


@pytest.mark.parametrize("weighing", [HYBRID, LEXICAL])
def test_more_evidence_is_never_less_sure(weighing: Weighing) -> None:
    """The score grows with each kind of evidence and stays within 0 and 1."""
    steps = [0.0, 0.25, 0.5, 0.75, 1.0]
    for column in ("bm25", "cosine", "coverage", "around"):
        scores = [
            weighing.score(replace(Evidence(bm25=0.4, cosine=0.4, coverage=0.4, around=0.4), **{column: at}))
            for at in steps
        ]
        assert scores == sorted(scores)
        assert all(0 < score < 1 for score in scores)


def test_nothing_is_not_sure_and_everything_is() -> None:
    """The ends of the scale mean what they say, with an embedder and without."""
    for weighing in (HYBRID, LEXICAL):
        assert weighing.score(Evidence(0, -0.2, 0, 0)) < 0.02
        assert weighing.score(Evidence(0.9, 0.9, 1, 1)) > 0.95


def test_a_share_is_bounded() -> None:
    """A BM25 score is a share of what the question could score at most."""
    assert share(2.2, 2.0) == pytest.approx(0.5)
    assert share(99.0, 1.0) == 1
    assert share(1.0, 0.0) == 0


def test_an_exact_number_is_at_least_even() -> None:
    """Found by its number, and full when nothing else was asked."""
    assert sure(0) == 0.5
    assert sure(1) == 1

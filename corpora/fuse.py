"""How surely a passage is about a question: word evidence and meaning weighed into one figure from 0 to 1.

Weights were tuned on every other question of the emanual set (656 questions, 1,447 chunks of about 60 words) and
checked on the rest; the surface is flat, so round figures were taken. nDCG@10 over all: .79 by full text alone, .68 by
MiniLM alone, .82 with everything; reciprocal rank fusion of the two only reached .76, since the weaker leg pulls it
down. What stands around a passage counts as much as what stands in it: that changes nothing on this set, whose sections
are short (.818 to .820), but a question's words may be spread over a long section. The curves were fitted to one half
of the abstention set, near misses weighted up; on the other half the AUROC is 1.00 against far-off questions and .93
against near misses (.89 without an embedder). At 0.5 no far-off question passes, 16 in 100 near misses do (some of
which the manual answers after all), and 87 in 100 answerable questions do. `clara corpora eval` measures it again.
"""

import math
from dataclasses import dataclass

EVEN = 0.5
"""Score from which a passage rather answers than not: the threshold shipped."""
SATURATION = 2.2
"""BM25 gives a word at most its rarity times k1 + 1, with the usual k1 of 1.2 (Robertson and Zaragoza, 2009)."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """What each kind of evidence counts for, and the curve that makes a sureness of their sum."""

    bm25: float
    cosine: float
    coverage: float
    around: float
    middle: float
    """The sum at which yes and no are equally likely."""
    slope: float
    """Steepness of the logistic curve."""

    def score(self, evidence: "Evidence") -> float:
        """Give the sureness, 0 to 1; grows with each kind of evidence."""
        total = (
            self.bm25 * evidence.bm25
            + self.cosine * max(evidence.cosine, 0.0)
            + self.coverage * evidence.coverage
            + self.around * evidence.around
        )
        return 1 / (1 + math.exp(-self.slope * (total - self.middle)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for one passage."""

    bm25: float
    """Full-text score as a share of the most that this question could score, 0 to 1."""
    cosine: float
    coverage: float
    """Share of the question's words, weighed by rarity, that stand in the passage, 0 to 1."""
    around: float
    """The same of all that was found of its section, the passage among it."""


HYBRID = Weighing(bm25=0.2, cosine=0.4, coverage=0.2, around=0.2, middle=0.55, slope=10.8)
"""With an embedder."""
LEXICAL = Weighing(bm25=0.5, cosine=0.0, coverage=0.25, around=0.25, middle=0.55, slope=8.0)
"""Without one."""


def share(bm25: float, weight: float) -> float:
    """Give a BM25 score as a share of the most that question words of this total weight could score."""
    return min(bm25 / (SATURATION * weight), 1.0) if weight > 0 else 0.0


def sure(coverage: float) -> float:
    """Give the score of a passage found by its exact number: at least even, full when nothing else was asked."""
    return 0.5 + 0.5 * coverage

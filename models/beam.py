"""Beam search: the likeliest text of a step-by-step decoder, leaning towards the words that were asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.keyterms import Keyterms, Leaning

Logits = NDArray[np.float32]
Step = Callable[[NDArray[np.int64], NDArray[np.int64]], Logits]
"""(last tokens (b,), which earlier hypothesis each continues (b,)) to logits (b, vocabulary)."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One text that may have been said."""

    token: int
    """The last token."""
    text: str
    leaning: Leaning
    logprob: float = 0.0
    """Sum over the tokens, natural logarithm."""
    tokens: int = 0
    parent: int = 0
    """Place of the hypothesis it continues, in the step before."""

    @property
    def confidence(self) -> float:
        """Geometric mean of the tokens' probabilities, 0 to 1."""
        return float(np.exp(self.logprob / max(1, self.tokens)))


@dataclass(frozen=True, slots=True)
class Beam:
    """What to search with."""

    vocabulary: Sequence[str]
    """What each token writes."""
    begin: int
    end: int
    width: int = 4
    choices: int = 40
    """Tokens tried per hypothesis: a word asked for must be at least this likely to be leant towards."""
    boost: float = 0.3
    """Added to the logarithm for each character of a word asked for."""

    def search(self, step: Step, keyterms: Keyterms, longest: int) -> Hypothesis:
        """Give the best hypothesis of at most `longest` tokens."""
        live = [Hypothesis(self.begin, "", keyterms.start())]
        done: list[Hypothesis] = []
        for _ in range(longest):
            tokens = np.array([one.token for one in live], dtype=np.int64)
            logits = step(tokens, np.array([one.parent for one in live], dtype=np.int64))
            grown = sorted(self._extend(live, _logprobs(logits), keyterms), key=self._score, reverse=True)
            live = [one for one in grown if one.token != self.end][: self.width]
            # An end counts only among the likeliest: any text could end, at a price.
            done += [one for one in grown[: self.width] if one.token == self.end]
            if len(done) >= self.width:
                break
        return max(done or live, key=self._rank)

    def _extend(self, live: list[Hypothesis], logprobs: Logits, keyterms: Keyterms) -> Iterator[Hypothesis]:
        """Give every hypothesis continued by each of its likeliest tokens."""
        for place, one in enumerate(live):
            row = logprobs[place]
            for token in np.argpartition(-row, self.choices)[: self.choices].tolist():
                piece = "" if token == self.end else self.vocabulary[token]
                leaning = keyterms.grow(one.leaning, piece)
                logprob = one.logprob + float(row[token])
                yield Hypothesis(token, one.text + piece, leaning, logprob, one.tokens + 1, place)

    def _score(self, one: Hypothesis) -> float:
        """Likelihood and leaning together; a word that the end broke off no longer counts."""
        leaning = one.leaning.finished if one.token == self.end else one.leaning.characters
        return one.logprob + self.boost * leaning

    def _rank(self, one: Hypothesis) -> float:
        """The same per token, to compare texts of different length."""
        return self._score(one) / max(1, one.tokens)


def _logprobs(logits: Logits) -> Logits:
    """Log-softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)

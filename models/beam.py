"""Beam search: the likeliest text of a step-by-step decoder, leaning towards the words that were asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.keyterms import Keyterms, Leaning

Step = Callable[[NDArray[np.int64], NDArray[np.int64]], NDArray[np.float32]]
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
            ended, grown = self._extend(live, _logprobs(logits), keyterms)
            done += ended
            live = sorted(grown, key=self._score, reverse=True)[: self.width]
            if done and self._score(max(done, key=self._rank)) >= self._score(live[0]) and len(done) >= self.width:
                break
            if done and self._rank(live[0]) < max(map(self._rank, done)) and len(done) >= self.width:
                break
        return max(done or live, key=self._rank)

    def _extend(
        self, live: list[Hypothesis], logprobs: NDArray[np.float32], keyterms: Keyterms
    ) -> tuple[list[Hypothesis], list[Hypothesis]]:
        """Give every hypothesis continued by its likeliest tokens: those that ended, and those that go on."""
        ended: list[Hypothesis] = []
        grown: list[Hypothesis] = []
        for place, one in enumerate(live):
            row = logprobs[place]
            for token in np.argpartition(-row, self.choices)[: self.choices].tolist():
                logprob = one.logprob + float(row[token])
                if token == self.end:
                    ended.append(Hypothesis(token, one.text, one.leaning, logprob, one.tokens + 1, place))
                    continue
                piece = self.vocabulary[token]
                leaning = keyterms.grow(one.leaning, piece)
                grown.append(Hypothesis(token, one.text + piece, leaning, logprob, one.tokens + 1, place))
        return ended, grown

    def _score(self, one: Hypothesis) -> float:
        """Likelihood and leaning of a text that goes on."""
        return one.logprob + self.boost * one.leaning.characters

    def _rank(self, one: Hypothesis) -> float:
        """The same per token, for comparing texts of different length that have ended: begun words no longer count."""
        finished = one.leaning.finished if one.token == self.end else one.leaning.characters
        return (one.logprob + self.boost * finished) / max(1, one.tokens)


def _logprobs(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Log-softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)), dtype=np.float32)

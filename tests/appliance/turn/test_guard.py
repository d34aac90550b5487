"""The guard lets pass what one piece of evidence bears out, and nothing else."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from appliance.turn import compose
from appliance.turn.guard import Guard, Verdict
from tests.fakes.evidence import Pair, named, pair

OVERBLOCKING = 0.03
"""Share of supported answers that may be blocked."""


@dataclass(frozen=True)
class Case:
    """One answer beside the evidence of its turn."""

    group: str
    evidence: tuple[Pair, ...]
    sources: tuple[str, ...]
    """How the turn names the source of each fact."""
    question: str
    kind: str
    said: str

    def verdict(self) -> Verdict:
        """What the guard says."""
        return Guard(self.evidence, self.question, self.sources).check(self.said)


def read(verdict: str) -> list[Case]:
    """Cases of the table whose verdict must be "pass" or "block"."""
    table = tomllib.loads((Path(__file__).parent / "guard_cases.toml").read_text(encoding="utf-8"))
    own: dict[str, Pair] = {f"fact:{name}": (statement, scope) for name, (statement, scope) in table["facts"].items()}
    cases = []
    for group in table["group"]:
        facts = [named(name) for name in group["evidence"] if name not in own]
        evidence = tuple(own[name] if name in own else pair(named(name)) for name in group["evidence"])
        sources = tuple(compose.source(fact) for fact in facts)
        cases += [
            Case(group["name"], evidence, sources, group["question"], kind, said) for kind, said in group[verdict]
        ]
    return cases


SUPPORTED, UNSUPPORTED = read("pass"), read("block")


def test_the_table_is_large_and_varied() -> None:
    """A guard proved on a handful of sentences is not proved."""
    kinds = Counter(case.kind for case in UNSUPPORTED)

    assert len(SUPPORTED) >= 150
    assert len(SUPPORTED) + len(UNSUPPORTED) >= 350
    assert len(kinds) >= 20


@pytest.mark.parametrize("case", UNSUPPORTED, ids=lambda case: f"{case.group}: {case.kind}: {case.said[:60]!a}")
def test_what_the_evidence_does_not_bear_out_is_blocked(case: Case) -> None:
    """No unsupported answer is spoken: not one."""
    assert not case.verdict().ok


def test_what_the_evidence_bears_out_is_seldom_blocked() -> None:
    """A guard that blocks everything is useless: under 3 % of supported answers are lost."""
    blocked = [f"{case.group}: {case.kind}: {case.said}\n    {case.verdict().reason}" for case in SUPPORTED
               if not case.verdict().ok]  # fmt: skip

    assert len(blocked) < OVERBLOCKING * len(SUPPORTED), "\n".join(blocked)

"""Real evidence as (statement, scope) pairs, worded as a turn words it: for whoever tests the guard."""

from functools import cache
from pathlib import Path

from appliance.turn import passage_source, requirement_source, spec_source
from appliance.turn.evidence import Fact
from corpora import digest, requirements, specs
from corpora.passage import Passage
from corpora.requirement import Requirement
from corpora.requirements import Requirements
from corpora.specs import Specs

Pair = tuple[str, str]
"""What the guard is given of one fact."""


def pair(fact: Fact) -> Pair:
    """Give statement and scope as the turn hands them to the guard."""
    return f"{fact.statement} {fact.caveat}".strip(), fact.scope


@cache
def rows() -> Requirements:
    """Read the shipped requirement rows."""
    return requirements.shipped()


@cache
def catalogue() -> Specs:
    """Read the shipped specs."""
    return Specs.load([specs.shipped()])


@cache
def passages() -> tuple[Passage, ...]:
    """Read the shipped digests."""
    return tuple(digest.read_all(Path(digest.shipped()), "starter"))


def of_row(row: Requirement) -> Fact:
    """Say a row."""
    return requirement_source.fact(row, 1.0)


@cache
def spec_facts() -> tuple[Fact, ...]:
    """Say every value of every model."""
    return tuple(spec_source.value_fact(spec, value) for spec in catalogue().records for value in spec.values)


@cache
def passage_facts() -> tuple[Fact, ...]:
    """Say every passage."""
    return tuple(passage_source.fact(passage, 1.0) for passage in passages())


def named(name: str) -> Fact:
    """Give the fact that a case names: "row-id", "spec:MODEL", "spec:MODEL:property" or "passage:END OF ID"."""
    kind, _, rest = name.partition(":")
    if kind == "spec":
        model, _, wanted = rest.partition(":")
        spec = catalogue().find(model)
        assert spec is not None, name
        if not wanted:
            return spec_source.summary_fact(spec)
        return spec_source.value_fact(spec, next(value for value in spec.values if value.name == wanted))
    if kind == "passage":
        return passage_source.fact(next(p for p in passages() if p.id.endswith(rest)), 1.0)
    row = rows().by_id(name)
    assert row is not None, name
    return of_row(row)

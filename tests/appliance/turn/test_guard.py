"""The guard lets pass what one piece of evidence bears out, and nothing else."""

import random
import time
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from appliance.turn import compose
from appliance.turn.bearing import agree
from appliance.turn.claims import Claim, claims
from appliance.turn.evidence import Fact
from appliance.turn.guard import LONGEST, MOST, Guard, Verdict
from appliance.turn.plain import plain
from tests.fakes.evidence import Pair, named, of_row, pair, passage_facts, rows, spec_facts
from tests.fakes.lies import LIES

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


# Real rows, altered.

ROWS = rows().rows
FACTS = {row.id: of_row(row) for row in ROWS}
BIND_NOTHING = {"name", "identifier", "token"}


@dataclass(frozen=True)
class Scene:
    """A true row among other evidence, and the question it was found by."""

    truth: Fact
    others: tuple[Fact, ...]
    question: str
    shuffle: int

    def guard(self) -> Guard:
        """A guard that sees all of it, in no special order."""
        evidence = [self.truth, *self.others]
        random.Random(self.shuffle).shuffle(evidence)
        return Guard([pair(fact) for fact in evidence], self.question, [compose.source(fact) for fact in evidence])


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A row with up to seven others: rows of its own system by preference, specs and passages."""
    row = draw(st.sampled_from(ROWS))
    near = [FACTS[other.id] for other in ROWS if other.system == row.system and other.id != row.id]
    other = st.one_of(
        st.sampled_from(near or list(FACTS.values())),
        st.sampled_from(list(FACTS.values())),
        st.sampled_from(spec_facts()),
        st.sampled_from(passage_facts()),
    )
    others = draw(st.lists(other, max_size=7))
    question = draw(st.sampled_from(("", *row.aliases)))
    truth = FACTS[row.id]
    return Scene(truth, tuple(fact for fact in others if fact.id != truth.id), question, draw(st.integers(0, 99)))


def told(text: str) -> list[Claim]:
    """What a text claims that one piece of evidence must bear out together."""
    return [claim for claim in claims(plain(text)) if claim.kind not in BIND_NOTHING]


def true_of(lie: str, fact: Fact) -> bool:
    """Could the altered sentence be true of this fact, figures alone considered?"""
    stands = told(f"{fact.statement} {fact.caveat}") + told(fact.scope) + told(compose.source(fact))
    return all(any(agree(claim, other) for other in stands) for claim in told(lie))


def truthful(scene: Scene) -> None:
    """What stands in the evidence passes, and so does its source."""
    guard = scene.guard()
    statement = scene.truth.statement

    assert guard.check(statement).ok
    assert guard.check(compose.source(scene.truth)).ok
    assert guard.check(f"{statement} {compose.source(scene.truth)}").ok


def lying(scene: Scene, kind: str, number: int) -> None:
    """An altered sentence is blocked."""
    for base in (scene.truth.statement, compose.source(scene.truth)):
        lies = list(LIES[kind](base))
        if lies:
            break
    assume(lies)
    lie = lies[number % len(lies)]
    if kind not in {"negation", "bound"}:
        # "Table 10.4.3 or 10.4.4" altered to "Table 10.4.4 or 10.4.4" says nothing that the row does not say.
        assume(not true_of(lie, scene.truth))
        # The altered edition, section or interval may be that of another row given: then it is no lie. Rows about
        # other things with the same interval stay, since telling things apart is the guard's work.
        source = base != scene.truth.statement
        subject = scene.truth.card.title if scene.truth.card else ""
        assume(
            not any(
                true_of(lie, other)
                for other in scene.others
                if source or other.kind == "passage" or (other.card and other.card.title == subject)
            )
        )

    assert not scene.guard().check(lie).ok, lie


QUICK = settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@settings(QUICK, max_examples=150)
@given(scenes())
def test_what_stands_in_the_evidence_passes_among_any_other_evidence(scene: Scene) -> None:
    """No rival may silence a statement as it stands, nor the naming of its source."""
    truthful(scene)


@pytest.mark.parametrize("kind", LIES)
@settings(QUICK, max_examples=100)
@given(scenes(), st.integers(0, 999))
def test_a_true_sentence_with_one_thing_altered_is_blocked(kind: str, scene: Scene, number: int) -> None:
    """Of every real row: one figure, unit, interval, reference, bound or negation altered, and it is not spoken."""
    lying(scene, kind, number)


@pytest.mark.slow
@pytest.mark.parametrize("kind", LIES)
@settings(QUICK, max_examples=3_000)
@given(scenes(), st.integers(0, 999))
def test_a_true_sentence_with_one_thing_altered_is_blocked_at_length(kind: str, scene: Scene, number: int) -> None:
    """As above, many more."""
    lying(scene, kind, number)


def test_every_lie_about_every_row_alone_is_blocked() -> None:
    """With nothing but the row itself for evidence, each thing of each row altered in each way is blocked."""
    spoken = []
    for fact in FACTS.values():
        guard = Guard([pair(fact)], "", [compose.source(fact)])
        for kind, lies in LIES.items():
            for base in (fact.statement, compose.source(fact)):
                altered = [lie for lie in lies(base) if kind in {"negation", "bound"} or not true_of(lie, fact)]
                spoken += [lie for lie in altered if guard.check(lie).ok]

    assert spoken == []


def test_a_statement_reworded_by_one_word_is_seldom_blocked_among_other_evidence() -> None:
    """What is not word for word goes through the whole guard: under 3 % of "Yes, …" are lost beside seven others."""
    chance = random.Random(3)
    lost = []
    for row in ROWS:
        others = chance.sample(sorted(FACTS), 7)
        scene = Scene(FACTS[row.id], tuple(FACTS[each] for each in others if each != row.id), row.aliases[0], 1)
        first = row.statement if row.statement[:2].isupper() else row.statement[0].lower() + row.statement[1:]
        verdict = scene.guard().check(f"Yes, {first}")
        if not verdict.ok:
            lost.append(f"{first}\n    {verdict.reason}")

    assert len(lost) < OVERBLOCKING * len(ROWS), "\n".join(lost)


# Hostile text.

EVIDENCE = (pair(FACTS["dry-pipe-full-trip"]), *(pair(fact) for fact in passage_facts()[:4]))


@settings(QUICK, max_examples=200)
@given(st.text(max_size=400))
def test_no_text_makes_the_guard_raise(text: str) -> None:
    """Whatever a model writes, there is a verdict."""
    assert isinstance(Guard(EVIDENCE, "how often").check(text), Verdict)


@settings(QUICK, max_examples=200)
@given(
    st.lists(
        st.sampled_from("1 2/3 ½ . , ( ) - not no every at least K 5.6 § ٣ ² Ⅳ \n : ; $ % A1 NFPA a@b 10.4".split(" ")),
        max_size=60,
    )
)
def test_no_heap_of_figures_makes_the_guard_raise(pieces: list[str]) -> None:
    """Nor do the pieces its patterns are made of, heaped up, in the answer or in the evidence."""
    for joint in ("", " "):
        heap = joint.join(pieces)
        assert isinstance(Guard([*EVIDENCE, (heap, heap)], heap).check(heap + "."), Verdict)


HEAPS = (
    "1", "1 ", "1,", "1/", "a", "a ", "(", "(1)", "section 1.", "1.", "one ", "hundred ", "Aa ", "half ", "\n", "Я",
    "a@", "A-", "555-", " ", "when ", "whose a b c ", "ignore ", "un", "every ", '"', "5 in ", "at least 3 years ",
    "not ", "tested every 3 years, ", "It is tested every 3 years. ",
)  # fmt: skip


@pytest.mark.parametrize("heap", HEAPS)
def test_a_very_long_text_takes_bounded_time(heap: str) -> None:
    """100 kB of anything, as an answer and as evidence, takes no time to speak of: 2 s guard against a hang."""
    text = heap * (100_000 // len(heap))
    began = time.perf_counter()

    Guard(EVIDENCE, "how often").check(text)
    Guard([(text, text)], "how often").check("It is tested every 3 years.")
    Guard(EVIDENCE, "how often").check(text[:MOST])
    Guard(EVIDENCE, "how often").check(text[:LONGEST])

    assert time.perf_counter() - began < 2


def test_a_sentence_too_long_to_be_checked_is_blocked() -> None:
    """What cannot be told apart is not spoken."""
    true = "A dry pipe valve is trip tested with full flow at least every 3 years"

    assert Guard(EVIDENCE).check(f"{true}.").ok
    assert not Guard(EVIDENCE).check(f"{true}, {'and every 3 years ' * 40}.").ok


def test_what_was_said_before_tells_what_a_clause_speaks_of() -> None:
    """Which pump "it" is hangs on the pump spoken of last; without one nobody knows."""
    facts = [pair(named(name)) for name in ("pump-diesel-30-min", "pump-electric-10-min")]
    guard = Guard(facts, "how long does a fire pump run")

    assert guard.check("It runs for at least 30 minutes.", before="Take the diesel pump first.").ok
    assert not guard.check("It runs for at least 30 minutes.", before="Take the electric pump first.").ok
    assert not guard.check("It runs for at least 30 minutes.").ok


def test_a_guard_without_evidence_lets_no_figure_pass() -> None:
    """No evidence bears out nothing."""
    assert not Guard(()).check("It is 5 years.").ok
    assert Guard(()).check("My sources don't say.").ok
    assert Guard(()).check("").ok

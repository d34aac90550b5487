"""Trust: a doubted model is tried beside the work until it is well, sooner for those who wait for it."""

import asyncio

import pytest

from appliance.trust import LONGEST_S, MOST_TRIALS, QUIET_PAUSE_S, QUIET_S, RELAPSE_S, Trust
from models.errors import EngineError
from tests.fakes.clock import FakeClock


class Trial:
    """Goes as it is told, and counts."""

    def __init__(self, *outcomes: Exception | None) -> None:
        """Give these outcomes in turn, then go well."""
        self.outcomes = list(outcomes)
        self.count = 0

    async def __call__(self) -> None:
        """Be tried."""
        self.count += 1
        if self.outcomes and (error := self.outcomes.pop(0)):
            raise error


async def well(trust: Trust) -> None:
    """Wait until it is trusted."""
    async with asyncio.timeout(5):
        while not trust.well:  # noqa: ASYNC110 - nothing tells when
            await asyncio.sleep(0.005)


def quick(trial: Trial, clock: FakeClock | None = None) -> Trust:
    """Trust whose trials follow each other closely."""
    return Trust(trial, 0.01, 0.02, clock or FakeClock())


async def test_it_is_trusted_until_an_answer_fails() -> None:
    """The reason is kept for health; a good answer changes nothing."""
    trust = quick(Trial())
    trust.report("")
    assert trust.look()

    trust.report("Gemini has trouble of its own (503)")

    assert not trust.look()
    assert "503" in trust.reason
    await trust.aclose()


async def test_trials_go_on_until_one_goes_well() -> None:
    """With the newest reason meanwhile, and none afterwards."""
    trial = Trial(EngineError("quota"), OSError("no route"), TimeoutError())
    trust = quick(trial)
    trust.doubt("late")

    await well(trust)

    assert trial.count == 4
    assert not trust.reason
    assert trust.doubted_s == 0.0


async def test_a_late_report_of_an_answer_that_began_before_changes_nothing() -> None:
    """Only a trial ends a doubt: an answer that was long under way says nothing of now."""
    trust = quick(Trial(EngineError("still ill"), EngineError("still ill")))
    trust.doubt("late")

    trust.report("")

    assert not trust.well
    await trust.aclose()


async def test_who_relapses_must_pass_more_trials() -> None:
    """One, two, three in a row; one failure among them starts the count again; a good answer forgives."""
    trial, clock = Trial(), FakeClock()
    trust = quick(trial, clock)
    for times in (1, 2, 3, MOST_TRIALS):
        before = trial.count
        trust.doubt("late")
        await well(trust)
        assert trial.count - before == times

    trial.outcomes = [None, EngineError("ill"), None, None, None]
    before = trial.count
    trust.doubt("late")
    await well(trust)
    assert trial.count - before == 5

    trust.report("")
    clock.move(RELAPSE_S + 1)
    before = trial.count
    trust.doubt("late")
    await well(trust)
    assert trial.count - before == 1


@pytest.mark.parametrize(
    ("failures", "pause"), [(0, 1.0), (1, 2.0), (2, 4.0), (3, 8.0), (4, LONGEST_S), (99, LONGEST_S)]
)
def test_pauses_double_up_to_ten_seconds(failures: int, pause: float) -> None:
    """Three trials in a row at their slowest are within half a minute."""
    assert Trust(Trial())._pause(failures) == pause
    assert LONGEST_S + MOST_TRIALS * 2 * 1.0 + MOST_TRIALS * 2.7 < 30


async def test_nobody_asking_makes_trials_rare_and_a_question_brings_one_at_once() -> None:
    """A box in a parked van does not knock all night; whoever comes back is not made to wait for it."""
    trial, clock = Trial(), FakeClock()
    trust = quick(trial, clock)
    clock.move(QUIET_S + 1)
    assert trust._pause(0) == QUIET_PAUSE_S
    trust.doubt("late")
    await asyncio.sleep(0.05)
    assert trial.count == 0

    assert not trust.look()

    await well(trust)
    assert trial.count == 1


def test_a_doubt_outlives_its_event_loop() -> None:
    """A command may run one loop after another; outside of any, nothing is tried."""
    trial = Trial()
    trust = quick(trial)
    trust.doubt("late")
    assert not trust.look()

    async def again() -> None:
        trust.look()
        await well(trust)

    asyncio.run(again())

    assert trial.count == 1

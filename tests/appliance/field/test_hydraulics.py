"""Flow and friction against worked examples of their sources."""

import pytest

from appliance.field.calculation import CalculationError
from appliance.field.hydraulics import c_factor, flow, friction, k_factor, pressure


@pytest.mark.parametrize(("k", "psi", "gpm"), [(25.2, 85, 232.3), (5.6, 85, 51.6), (5.6, 7, 14.8), (5.6, 15, 21.7)])
def test_flow_gives_the_published_examples(k: float, psi: float, gpm: float) -> None:
    """USFA Coffee Break 2006-2 and the issue's own example."""
    assert flow(k, psi).value == gpm


def test_the_inverses_agree_with_the_formula() -> None:
    """Pressure and K-factor come back from the flow that they made."""
    made = flow(8, 25).value

    assert pressure(8, made).value == 25
    assert k_factor(made, 25).value == 8


def test_friction_gives_the_checked_example() -> None:
    """100 gpm, C 120, 2.067 in: 0.094 psi/ft (recomputed in the fact sheet)."""
    assert friction(100, 120, 2.067).value == 0.094
    assert friction(100, 120, 2.067, 50).value == 4.7


@pytest.mark.parametrize(
    ("pipe", "c"), [("black steel, wet", 120), ("black steel in a dry system", 100), ("galvanised", 120), ("CPVC", 150)]
)
def test_the_pipe_decides_the_c_factor(pipe: str, c: float) -> None:
    """Words to C, as NFPA 13 of about 2022 has it."""
    assert c_factor(pipe) == c


@pytest.mark.parametrize("pipe", ["black steel", "a rubber hose", "the laundry's steel pipe"])
def test_a_pipe_that_is_not_said_in_full_has_no_c_factor(pipe: str) -> None:
    """Black steel is rated by its system, which is never assumed."""
    assert c_factor(pipe) is None


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: flow(0, 15),
        lambda: flow(5.6, 99_999),
        lambda: flow(5.6, -1),
        lambda: pressure(5.6, 9_999),
        lambda: pressure(1, 100),
        lambda: k_factor(30, 0),
        lambda: friction(100, 20, 2),
        lambda: friction(100, 120, 0),
        lambda: friction(100, 120, 2, -1),
        lambda: flow(float("nan"), 15),
    ],
)
def test_what_is_out_of_range_is_refused(attempt: object) -> None:
    """No figure comes of an input outside the formula's range."""
    with pytest.raises(CalculationError, match="out of the range"):
        attempt()  # type: ignore[operator]


def test_a_result_names_its_inputs_formula_and_source() -> None:
    """What is spoken can be checked by the listener."""
    result = flow(5.6, 15)

    assert result.statement == "A K 5.6 sprinkler at 15 psi flows 21.7 gpm, by Q = K√P."
    assert "USFA" in result.source

"""Flow from a sprinkler and friction in a pipe, read out of a question."""

import re

from appliance.field import hydraulics
from appliance.field.calculation import Calculation
from appliance.turn.given import NOMINAL_K, Given
from appliance.units import Quantity

_FLOW = re.compile(
    r"\bgpm\b|\bgallons?\b|\bflow|\bwater\b|\bdischarg|\b(?:put|throw|spit|dump|spray|com|push|shoot|blow|pour)\w*\s"
    r"(?:\w+\s)?out\b|\b(?:get|getting|throwing|delivers?|delivering|giv(?:es?|ing))\b",
    re.IGNORECASE,
)
_PRESSURE = re.compile(r"\bpsi\b|\bpounds?\b|\bpressure\b|\bbehind\b|\bpush\b|\bhow hard\b", re.IGNORECASE)
_K = re.compile(
    r"\bK\b|\bk[- ]?factors?\b|"
    r"\b(?:what|which)\s(?:(?:size|kind of|sort of)\s)?(?:a\s)?(?:head|sprinkler|orifice|nozzle)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s(?:systems?|risers?|zones?|valves?|loops?|floors?|buildings?)\b", re.IGNORECASE)
"""What a number before it names."""
_AT = re.compile(r"\b(?:at|with|on)\s*$", re.IGNORECASE)
_FLOWING = re.compile(r"\bflow(?:s|ing)?\s$", re.IGNORECASE)
_FRICTION = re.compile(r"\b(?:friction|hazen)\b", re.IGNORECASE)
_LOSE = re.compile(
    r"\b(?:loss(?:es)?|lose|losing|lost|drop\w*|eats?|eaten|eating|gone|gives? up|giving up|burn\w*|chew\w*|cost\w*|"
    r"(?:psi|pounds?|pressure) (?:a|per|every|each) (?:foot|ft))\b",
    re.IGNORECASE,
)
_INSIDE = re.compile(r"\b(?:inside|inner|internal|i\.?d\.?|bore)(?!\w)", re.IGNORECASE)
_DECIMALS, _THREE_DECIMALS = re.compile(r"\.\d"), re.compile(r"\.\d{3}$")
"""Nothing but an inside diameter is given to a thousandth."""
_NOMINAL = frozenset({0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 8, 10, 12})
"""Pipe sizes that name a pipe and are not its inside diameter."""
_METRIC = frozenset({57, 80, 81, 115, 160, 161, 200, 202, 240, 242, 280, 282, 320, 323, 360, 363})
"""K-factors in (L/min)/bar^0.5, as makers print them."""
_RULE = re.compile(
    r"\b(?:often|min(?:imum)?|max(?:imum)?|allow(?:ed)?|listed|listing|rated|rating|codes?|legal|least|okay|ok|enough|spacing|worked|"
    r"example|formula|metric|why|wrong|tested?|testing|inspect\w*|replace\w*|nfpa|required|require|must)\b",
    re.IGNORECASE,
)
"""Words of a question about a rule, beside which figures are no inputs unless what they give is asked for."""
_STORY = re.compile(r"\b(?:often|why|wrong|worked|example|formula|listed|rated)\b", re.IGNORECASE)
"""Words that nobody says who wants a figure worked out."""


def orifice(figures: Given) -> Calculation | None:
    """Work out the third of K-factor, pressure and flow when two are given.

    Raises:
        appliance.turn.given.MissingInput: one of the two is missing.
        appliance.field.calculation.CalculationError: an input is out of range.
    """
    ks, pressures, flows = _ks(figures), figures.values("psi"), figures.values("gpm")
    bare = [figure for figure in figures.all("") if figure.value not in ks]
    wants_flow, wants_pressure = figures.says(_FLOW), figures.says(_PRESSURE)
    if figures.says(_STORY) or max(map(len, (ks, pressures, flows))) > 1:
        return None
    if not ks:
        return hydraulics.k_factor(flows[0], pressures[0]) if flows and pressures and figures.says(_K) else None
    if not (pressures or flows) and len(bare) == 1:
        if wants_pressure and not _AT.search(figures.text[: bare[0].start]):
            flows = [bare[0].value]
        elif wants_flow or _AT.search(figures.text[: bare[0].start]):
            pressures = [bare[0].value]
    if not (pressures or flows):
        if (wants_flow or wants_pressure) and not figures.says(_RULE):
            figures.lacks("At what pressure, in psi? Or for what flow, in gpm?")
        return None
    if ks[0] in _METRIC:
        figures.lacks("That looks like a metric K-factor. What is the K-factor in gpm and psi?")
        return None
    if pressures:
        idle = not (wants_flow or flows) and (wants_pressure or figures.says(_RULE))
        return None if idle else hydraulics.flow(ks[0], pressures[0])
    return None if figures.says(_RULE) and not wants_pressure else hydraulics.pressure(ks[0], flows[0])


def _ks(figures: Given) -> list[float]:
    """Give the K-factor; a bare 11.2 or 8.0 beside a pressure or a flow is one."""
    named = figures.values("K")
    if named or not (figures.all("psi") or figures.all("gpm") or figures.says(_FLOW)):
        return named
    return [
        one.value
        for one in figures.all("")
        if one.value in NOMINAL_K and "." in _written(figures, one) and not _PLACE.match(figures.text, one.end)
    ]


def _written(figures: Given, figure: Quantity) -> str:
    return figures.text[figure.start : figure.end]


def friction(figures: Given) -> Calculation | None:
    """Work out the loss in a pipe from flow, roughness and inside diameter.

    Raises:
        appliance.turn.given.MissingInput: one of the three is missing.
        appliance.field.calculation.CalculationError: an input is out of range.
    """
    flows, lengths, sizes, c = _flows(figures), figures.values("ft"), _inside(figures), _c(figures)
    named = figures.says(_FRICTION)
    pipe = c is not None or bool(sizes) or hydraulics.pipe(figures.text) is not None
    if figures.says(_STORY) or figures.all("K") or not (named or (pipe and figures.says(_LOSE))):
        return None
    if not flows:
        if pipe and (sizes or lengths):
            figures.lacks("What is the flow, in gpm?")
        return None
    if not sizes:
        nominal = " The nominal size is not enough." if figures.all("in") else ""
        figures.lacks(f"What is the inside diameter of the pipe, in inches?{nominal}")
    elif c is None:
        figures.lacks(hydraulics.which_c(figures.text))
    elif max(map(len, (flows, lengths, sizes))) > 1:
        figures.lacks("I work out one pipe at a time. Which flow, inside diameter and length?")
    else:
        return hydraulics.friction(flows[0], c, sizes[0], lengths[0] if lengths else None)
    return None


def _flows(figures: Given) -> list[float]:
    """Give the flows; "flowing 175" is one without its unit."""
    bare = [one.value for one in figures.all("") if _FLOWING.search(figures.text[: one.start])]
    return figures.values("gpm") or bare


def _c(figures: Given) -> float | None:
    stated = figures.values("C")
    return stated[0] if stated else hydraulics.c_factor(figures.text)


def _inside(figures: Given) -> list[float]:
    """Give the inside diameters: what is called so, a size in inches that is no nominal one, or a bare 1.049."""
    called = figures.says(_INSIDE)
    sizes = [one for one in figures.values("in") if called or one not in _NOMINAL]
    decimals = _DECIMALS if called else _THREE_DECIMALS
    return sizes or [one.value for one in figures.all("") if decimals.search(_written(figures, one))]

"""Flow from a sprinkler and friction in a pipe."""

import re
from math import sqrt

from appliance.field.calculation import Calculation, figure, within

K_SOURCE = "Q = K√P (USFA Coffee Break 2006-2)"
LOSS_SOURCE = "Hazen-Williams (NFPA 13 form, as given by sprinkler.wiki)"
C_FACTORS = {
    "black steel wet": 120.0, "black steel dry": 100.0, "galvanized": 120.0, "copper": 150.0, "cpvc": 150.0,
    "stainless": 150.0, "cement-lined": 140.0,
}  # fmt: skip
"""C by pipe; source: sprinkler.wiki, NFPA 13 as of about 2022 (older editions rate galvanised dry pipe otherwise)."""


def flow(k: float, pressure: float) -> Calculation:
    """Flow in gpm of an orifice with K-factor `k` (gpm/psi^0.5) at `pressure` (psi): Q = K√P, USFA 2006-2.

    Raises:
        CalculationError: K outside 0.5 to 100, pressure outside 0 to 500 psi.
    """
    within("a K-factor", k, "", 0.5, 100)
    within("a pressure", pressure, "psi", 0, 500)
    q = round(k * sqrt(pressure), 1)
    return Calculation(
        "flow", q, "gpm", "Q = K√P", (("K", k, ""), ("P", pressure, "psi")), K_SOURCE,
        f"A K {figure(k)} sprinkler at {figure(pressure)} psi flows {q:,} gpm, by Q = K√P.",
    )  # fmt: skip


def pressure(k: float, q: float) -> Calculation:
    """Pressure in psi that gives `q` gpm from K-factor `k`: P = (Q/K)², the inverse of Q = K√P.

    Raises:
        CalculationError: K outside 0.5 to 100, flow outside 0 to 2,000 gpm, or the result above 500 psi.
    """
    within("a K-factor", k, "", 0.5, 100)
    within("a flow", q, "gpm", 0, 2000)
    p = round((q / k) ** 2, 1)
    within("a resulting pressure", p, "psi", 0, 500)
    return Calculation(
        "pressure", p, "psi", "P = (Q / K)²", (("K", k, ""), ("Q", q, "gpm")), K_SOURCE,
        f"For {figure(q)} gpm a K {figure(k)} sprinkler needs {p:,} psi, by P = (Q / K)².",
    )  # fmt: skip


def k_factor(q: float, p: float) -> Calculation:
    """K-factor that gives `q` gpm at `p` psi: K = Q/√P, the inverse of Q = K√P.

    Raises:
        CalculationError: flow outside 0 to 2,000 gpm, pressure outside 0.1 to 500 psi.
    """
    within("a flow", q, "gpm", 0, 2000)
    within("a pressure", p, "psi", 0.1, 500)
    k = round(q / sqrt(p), 2)
    return Calculation(
        "k-factor", k, "", "K = Q / √P", (("Q", q, "gpm"), ("P", p, "psi")), K_SOURCE,
        f"{figure(q)} gpm at {figure(p)} psi needs a K-factor of K {k:g}, by K = Q / √P.",
    )  # fmt: skip


def friction(q: float, c: float, diameter: float, length: float | None = None) -> Calculation:
    """Friction loss by Hazen-Williams: psi/ft = 4.52 Q^1.85 / (C^1.85 d^4.87), source sprinkler.wiki.

    Args:
        q: flow in gpm.
        c: roughness C, e.g. 120 for black steel in a wet system.
        diameter: inside diameter in inches.
        length: pipe length in feet; None gives the loss of one foot.

    Raises:
        CalculationError: an input is out of range.
    """
    within("a flow", q, "gpm", 0, 5000)
    within("a C-factor", c, "", 60, 160)
    within("a diameter", diameter, "in", 0.4, 24)
    per_foot = 4.52 * q**1.85 / (c**1.85 * diameter**4.87)
    inputs: tuple[tuple[str, float, str], ...] = (("Q", q, "gpm"), ("C", c, ""), ("d", diameter, "in"))
    about = f"{figure(q)} gpm through an inside diameter of {figure(diameter)} in at a C-factor of {figure(c)}"
    formula = "psi/ft = 4.52 Q^1.85 / (C^1.85 d^4.87)"
    caveat = "The diameter must be the inside diameter, not the nominal size."
    if length is None:
        loss = round(per_foot, 3)
        return Calculation(
            "friction loss", loss, "psi/ft", formula, inputs, LOSS_SOURCE,
            f"{about} loses {loss:g} psi/ft, by Hazen-Williams.", caveat,
        )  # fmt: skip
    within("a length", length, "ft", 0, 20_000)
    loss = round(per_foot * length, 1)
    return Calculation(
        "friction loss", loss, "psi", formula, (*inputs, ("L", length, "ft")), LOSS_SOURCE,
        f"{about} loses {loss:,} psi over {figure(length)} ft, by Hazen-Williams.", caveat,
    )  # fmt: skip


def c_factor(words: str) -> float | None:
    """Give the C-factor of a pipe named in words; None when no such pipe, or not enough of it, is named.

    Black steel is rated otherwise in a dry system, so it counts only when the system is said.
    """
    name = pipe(words)
    return C_FACTORS.get(name) if name else None


def pipe(words: str) -> str | None:
    """Give the pipe that `words` name, "black steel" when they do not say in which system; None without any."""
    text = words.lower().replace("galvanised", "galvanized").replace("cement lined", "cement-lined")
    for name in C_FACTORS:
        if re.search(rf"\b{name}\b", text):
            return name
    if not re.search(r"\b(?:steel|black (?:iron|pipe)|iron pipe)\b", text):
        return None
    if re.search(r"\b(?:dry|pre-?action)\b", text):
        return "black steel dry"
    return "black steel wet" if re.search(r"\bwet\b", text) else "black steel"


def which_c(words: str) -> str:
    """Ask for what decides the C-factor."""
    if pipe(words) == "black steel":
        return "Is the system wet or dry? Or what is the C-factor?"
    return "I need the C-factor or the kind of pipe: black steel, galvanized, copper, CPVC or stainless."

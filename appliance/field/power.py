"""Standby batteries and notification circuits of a fire alarm panel."""

from appliance.field.calculation import Calculation, CalculationError, figure, within

BATTERY_SOURCE = "battery method of NFPA 72 section 10.6.7 (24 h standby, then alarm, times a margin)"
NAC_SOURCE = "Kidde VM-1 and VS1 manuals: Vm = Vs - I x K; Vd = Vm - Va; R = Vd / I"
OHMS_PER_FOOT = {12: 0.00193, 14: 0.00307, 16: 0.00489, 18: 0.00777}
"""Solid copper, ohm per foot of one conductor by AWG; source: Kidde VM-1 and VS1 manuals."""
SOURCE_VOLTS = 20.4
"""End-of-battery voltage of the panel; source: Kidde VS1 manual."""
APPLIANCE_VOLTS = 16.0
"""Least voltage of a regulated appliance; source: Kidde VM-1 and VS1 manuals."""
DROP_FACTORS = {20.4: 0.20, 22.4: 0.0}
"""Panel's own drop K in volt per ampere by source voltage; source: Kidde VS1 (20.4 V) and VM-1 (22.4 V) manuals."""


def battery(standby: float, alarm: float, hours: float = 24, minutes: float = 5, margin: float = 1.2) -> Calculation:
    """Battery size in ampere-hours: (standby x hours + alarm x minutes / 60) x margin; source NFPA 72 10.6.7, V2.

    Args:
        standby: standby current, A.
        alarm: alarm current, A.
        hours: standby time, h.
        minutes: alarm time, min; 15 for voice evacuation.
        margin: 1.2 adds twenty percent.

    Raises:
        CalculationError: a current or a time is out of range.
    """
    within("a standby current", standby, "A", 0, 50)
    within("an alarm current", alarm, "A", 0, 100)
    within("a standby time", hours, "h", 1, 100)
    within("an alarm time", minutes, "min", 1, 240)
    within("a margin", round((margin - 1) * 100, 6), "%", 0, 100)
    bare = standby * hours + alarm * minutes / 60
    size = round(bare * margin, 2)
    return Calculation(
        "battery size", size, "Ah", f"Ah = (I standby x h + I alarm x min / 60) x {margin:.2f}",
        (
            ("standby", standby, "A"),
            ("alarm", alarm, "A"),
            ("standby time", hours, "h"),
            ("alarm time", minutes, "min"),
        ),
        BATTERY_SOURCE,
        f"{figure(standby)} A of standby for {figure(hours)} h and {figure(alarm)} A of alarm for {figure(minutes)} "
        f"min need {size:g} Ah with a margin of {round((margin - 1) * 100)} %.",
        "Choose the next larger battery, and check the margin that the adopted edition asks for.",
    )  # fmt: skip


def voltage_drop(current: float, length: float, gauge: int, volts: float = SOURCE_VOLTS) -> Calculation:
    """Voltage at the end of a notification circuit, V; source Kidde VM-1 and VS1 manuals.

    Args:
        current: total alarm current, A, taken as if it were all at the end.
        length: one-way length, ft.
        gauge: AWG of solid copper, 12, 14, 16 or 18.
        volts: source voltage, V.

    Raises:
        CalculationError: an input is out of range or the gauge is not in the table.
    """
    ohms = _ohms(gauge)
    within("a current", current, "A", 0.001, 20)
    within("a length", length, "ft", 0, 10_000)
    drop = round(current * 2 * length * ohms, 2)
    end = round(volts - current * DROP_FACTORS.get(volts, 0.20) - drop, 2)
    enough = "which is enough for" if end >= APPLIANCE_VOLTS else "which is too low for"
    return Calculation(
        "voltage drop", drop, "V", "Vd = I x 2 L x Rw",
        (("I", current, "A"), ("L", length, "ft"), ("AWG", gauge, ""), ("Vs", volts, "V")), NAC_SOURCE,
        f"{figure(current)} A over {figure(length)} ft of {gauge} AWG drops {drop:g} V. From {figure(volts)} V that "
        f"leaves {end:g} V at the end, {enough} a regulated appliance that needs {figure(APPLIANCE_VOLTS)} V.",
        "All the current is taken to be at the end of the circuit, which is the safe side, and the wire to be solid "
        "copper.",
    )  # fmt: skip


def longest_run(current: float, gauge: int, volts: float = SOURCE_VOLTS) -> Calculation:
    """Longest one-way length of a notification circuit, ft: Rmax / Rw / 2; source Kidde VM-1 and VS1 manuals.

    Args:
        current: total alarm current, A.
        gauge: AWG of solid copper, 12, 14, 16 or 18.
        volts: source voltage, V.

    Raises:
        CalculationError: an input is out of range or the gauge is not in the table.
    """
    ohms = _ohms(gauge)
    within("a current", current, "A", 0.001, 20)
    left = volts - current * DROP_FACTORS.get(volts, 0.20) - APPLIANCE_VOLTS
    if left <= 0:
        raise CalculationError(f"At {figure(current)} A nothing is left of {figure(volts)} V for the wire.")
    feet = int(left / current / ohms / 2)
    return Calculation(
        "longest run", feet, "ft", "L = (Vs - I x K - Va) / I / Rw / 2",
        (("I", current, "A"), ("AWG", gauge, ""), ("Vs", volts, "V"), ("Va", APPLIANCE_VOLTS, "V")), NAC_SOURCE,
        f"At {figure(current)} A a notification circuit of {gauge} AWG from {figure(volts)} V may run {feet:,} ft one "
        f"way, with regulated appliances that need {figure(APPLIANCE_VOLTS)} V.",
    )  # fmt: skip


def _ohms(gauge: int) -> float:
    if gauge not in OHMS_PER_FOOT:
        raise CalculationError("I have the wire resistance for 12, 14, 16 and 18 AWG only.")
    return OHMS_PER_FOOT[gauge]

"""The one vocabulary of equipment properties: each with the units it may carry and the words technicians use for it.

Currents are kept apart on purpose: amp draw, FLA, RLA, MCA, MOCP and LRA are different figures on one nameplate, and
reading one for another sizes a breaker or a wire wrongly. The same holds for operating, rated, test and churn pressure.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 5
"""Words of the longest name of a property."""
WORDS = ""
"""The "unit" of a property that has none: a refrigerant's name, a count, a dimensionless figure."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property that a spec value may have."""

    units: tuple[str, ...]
    """Units it may carry, as printed; `WORDS` for none."""
    synonyms: tuple[str, ...]
    """Other words for it, lower case."""


PROPERTIES: Mapping[str, Property] = {
    # Electrical
    "amp draw": Property(
        ("A",),
        ("amps", "amp", "amperage", "current draw", "current", "running amps", "operating current", "amp rating"),
    ),
    "full load amps": Property(("A",), ("fla", "full load current", "full load amperage", "full-load amps")),
    "rated load amps": Property(("A",), ("rla", "rated load current", "rated-load amps", "compressor amps")),
    "minimum circuit ampacity": Property(
        ("A",), ("mca", "min circuit ampacity", "minimum circuit amps", "wire size amps")
    ),
    "maximum overcurrent protection": Property(
        ("A",), ("mocp", "max fuse", "maximum fuse", "fuse size", "breaker size", "max breaker", "breaker")
    ),
    "locked rotor amps": Property(("A",), ("lra", "locked rotor current", "starting amps", "inrush")),
    "voltage": Property(
        ("V",),
        ("volts", "volt", "supply voltage", "rated voltage", "line voltage", "operating voltage", "voltage range"),
    ),
    "nominal voltage": Property(("V",), ("system voltage", "loop voltage", "panel voltage")),
    "nac source voltage": Property(
        ("V",), ("source voltage", "nac voltage", "starting voltage", "end of battery voltage")
    ),
    "minimum appliance voltage": Property(
        ("V",), ("appliance voltage", "lowest appliance voltage", "minimum nac voltage")
    ),
    "voltage drop factor": Property(("V/A",), ("k value", "source voltage drop factor", "drop factor")),
    "phase": Property((WORDS,), ("phases", "single phase", "three phase", "how many phases")),
    "frequency": Property(("Hz",), ("hertz", "line frequency", "cycles")),
    "motor power": Property(
        ("hp", "kW"),
        ("horsepower", "horse power", "horses", "hp", "motor horsepower", "motor size", "brake horsepower"),
    ),
    "capacitor": Property(("µF",), ("run capacitor", "capacitor size", "microfarads", "capacitance", "cap size")),
    "standby current": Property(("µA", "mA", "A"), ("quiescent current", "supervisory current", "normal current")),
    "alarm current": Property(("mA", "A"), ("current in alarm", "alarm draw", "alarm amps", "alarm load")),
    "output current": Property(("A",), ("nac current", "nac rating", "power supply rating", "output rating")),
    "battery size": Property(("Ah",), ("batteries", "battery", "amp hours", "battery capacity", "amp-hours")),
    "device capacity": Property(("devices",), ("device count", "how many devices", "loop capacity", "addresses")),
    # Heating and cooling
    "nominal capacity": Property(
        ("tons", "Btu/h"), ("capacity", "tonnage", "tons", "cooling capacity", "nominal tons", "unit size")
    ),
    "heating capacity": Property(("Btu/h",), ("heat output", "gas input", "heating input", "btu input", "btus")),
    "refrigerant": Property((WORDS,), ("refrigerant type", "freon", "gas type", "what refrigerant")),
    "refrigerant charge": Property(("lb", "oz"), ("charge weight", "factory charge", "freon charge")),
    "efficiency": Property(("SEER", "SEER2", "EER"), ("seer", "seer rating", "efficiency rating", "eer")),
    "filter size": Property(("in",), ("filter", "air filter", "filters", "filter dimensions")),
    "belt size": Property((WORDS,), ("belt", "fan belt", "drive belt", "belt number")),
    "heat type": Property((WORDS,), ("type of heat", "gas or electric", "heating type")),
    # Water and pressure
    "operating pressure": Property(
        ("psi",), ("working pressure", "normal pressure", "gauge pressure", "pressure", "psi")
    ),
    "pressure rating": Property(
        ("psi",),
        ("rated pressure", "maximum pressure", "max pressure", "maximum working pressure", "max working pressure"),
    ),
    "minimum pressure": Property(("psi",), ("min pressure", "lowest pressure", "minimum operating pressure")),
    "test pressure": Property(("psi",), ("hydro pressure", "hydrostatic test pressure", "hydro test pressure")),
    "churn pressure": Property(
        ("psi",), ("shutoff pressure", "shut-off pressure", "no flow pressure", "dead head pressure")
    ),
    "start pressure": Property(("psi",), ("cut in pressure", "cut-in", "start setting", "pump start")),
    "stop pressure": Property(("psi",), ("cut out pressure", "cut-out", "stop setting", "pump stop")),
    "air pressure": Property(("psi",), ("system air", "air setting", "system air pressure", "maintenance air")),
    "pressure loss": Property(("psi",), ("friction loss", "pressure drop", "head loss")),
    "relief opening point": Property(("psi",), ("relief valve opening", "relief opening", "opening point")),
    "flow": Property(("gpm",), ("rated flow", "flow rate", "gpm", "rated gpm", "gallons per minute", "rated capacity")),
    "minimum flow": Property(("gpm",), ("min flow", "lowest flow", "least flow")),
    "speed": Property(("rpm",), ("rpm", "motor speed", "pump speed", "rated speed", "revolutions")),
    "fuel tank": Property(("gal",), ("fuel capacity", "tank capacity", "diesel tank", "fuel tank size")),
    "size": Property(("in",), ("pipe size", "nominal size", "valve size", "nominal diameter")),
    "thread size": Property(("in",), ("thread", "connection size", "threads", "inlet size", "npt")),
    "turns to close": Property(("turns",), ("handwheel turns", "number of turns", "turns")),
    "end connection": Property((WORDS,), ("ends", "connection type", "end type")),
    # Sprinklers
    "k-factor": Property(
        (WORDS, "gpm/psi^0.5"), ("k factor", "k", "orifice coefficient", "discharge coefficient", "orifice size")
    ),
    "temperature rating": Property(
        ("°F",), ("activation temperature", "temp rating", "operating temperature of the head")
    ),
    "response": Property((WORDS,), ("response type", "quick response", "standard response", "response time index")),
    "finish": Property((WORDS,), ("colour", "color", "coating", "head finish")),
    # Detection and notification
    "operating temperature": Property(
        ("°F",), ("temperature range", "ambient temperature", "ambient range", "temp range")
    ),
    "heat element temperature": Property(("°F",), ("heat rating", "fixed temperature", "heat sensor rating")),
    "airflow": Property(("ft/min", "cfm"), ("air velocity", "duct velocity", "air speed", "cfm")),
    "humidity": Property(("%",), ("relative humidity", "humidity range", "rh")),
    "interconnection limit": Property(("units",), ("how many interconnected", "interconnect", "interconnected units")),
    "indicator": Property((WORDS,), ("led", "led colour", "led color", "blinking light", "status light")),
    "sensitivity reading": Property((WORDS,), ("sensitivity test", "sensitivity reader", "how to read sensitivity")),
    "candela": Property(
        ("cd",), ("candela setting", "candela settings", "strobe setting", "brightness", "light output")
    ),
    "12 v candela": Property(("cd",), ("candela at 12 volts", "12 volt candela", "12 v settings")),
    "sound output": Property(("dBA",), ("decibels", "sound level", "loudness", "dba", "volume")),
    # Extinguishing
    "agent": Property((WORDS,), ("extinguishing agent", "agent type", "what agent")),
    "agent charge": Property(("lb", "gal"), ("charge", "agent weight", "agent amount", "fill weight")),
    "agent ph": Property((WORDS,), ("ph", "ph of the agent", "ph value")),
    "fire rating": Property((WORDS,), ("rating", "ul rating", "class rating")),
    "discharge time": Property(("s",), ("how long it discharges", "discharge duration", "seconds of discharge")),
    "discharge range": Property(("ft",), ("range", "throw")),
    "flow points": Property(("points",), ("flow numbers", "flow point capacity", "how many flow points")),
    "maintenance interval": Property(
        ("months", "years"), ("service interval", "how often serviced", "service frequency")
    ),
    "hydrostatic test interval": Property(("years",), ("hydro interval", "hydro test interval", "when to hydro test")),
    "regulator test interval": Property(("years",), ("regulator flow test", "regulator test")),
    # Any
    "weight": Property(("lb",), ("how heavy", "shipping weight", "gross weight")),
    "dimensions": Property(("in",), ("outside dimensions", "measurements")),
}
"""Name of a property to what it is; a spec value of any other name is refused."""

UNRECORDED = frozenset({
    "price", "warranty", "torque", "part number", "service life", "rotation", "fuel consumption", "engine oil",
    "packing and bearings", "impeller", "suction head", "error code", "password", "programming", "installation",
    "spacing", "pipe and vent", "superheat and subcooling", "static pressure", "length", "trip point", "listing",
    "maker's manual",
})  # fmt: skip
"""What people ask about equipment and no spec value may have: a question about one is not taken for a near property."""


@lru_cache(maxsize=4_096)
def named(words: str) -> str | None:
    """The property that a technician's words name exactly, dashes and capitals aside; None when they name none."""
    return _NAMES.get(_plain(words))


def names_in(text: str) -> list[str]:
    """Give the properties whose names stand in a text, longest name first where names overlap."""
    return [name for _, _, name in spans(re.findall(r"[a-z0-9-]+", text.lower()))]


def spans(words: Sequence[str]) -> list[tuple[int, int, str]]:
    """Give where in the words names of properties begin and end, and which; longest first where names overlap."""
    found: list[tuple[int, int, str]] = []
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            if name := named(" ".join(words[place : place + length])):
                found.append((place, place + length, name))
                place += length
                break
        else:
            place += 1
    return found


def _plain(words: str) -> str:
    return re.sub(r"[\s-]+", " ", words.strip().lower())


def _index() -> dict[str, str]:
    """Plain words to property; two properties claiming the same words would make an answer a matter of luck."""
    names: dict[str, str] = {}
    for name, entry in PROPERTIES.items():
        for words in (name, *entry.synonyms):
            other = names.setdefault(_plain(words), name)
            if other != name:
                raise ValueError(f"{words!r} names both {other!r} and {name!r}")
    return names


_NAMES = _index()

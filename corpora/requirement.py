"""One thing a code or a regulation demands, as data."""

import re
from dataclasses import dataclass
from typing import Literal

SYSTEMS = (
    "wet sprinkler", "dry sprinkler", "preaction", "deluge", "sprinkler", "standpipe", "fire pump", "water tank",
    "hydrant", "backflow", "valve", "foam", "fire alarm", "notification", "battery", "extinguisher", "kitchen hood",
    "clean agent", "co2", "fire door", "damper", "emergency lighting", "generator", "impairment", "osha", "hydraulics",
)  # fmt: skip
"""Every system a requirement, a digest or an asset may belong to."""

Unit = Literal["minute", "hour", "day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Interval:
    """How often: `count` units between two times."""

    count: float
    unit: Unit


@dataclass(frozen=True, slots=True)
class Requirement:
    """One row: what is to be done or to hold, how often, by which edition and section, and how sure we are."""

    id: str
    subject: str
    """Slug shared by the rows that answer the same question in different editions or by different sources."""
    system: str
    component: str
    activity: str
    kind: Literal["interval", "limit", "rule"]
    """`interval`: how often. `limit`: a figure that must hold. `rule`: anything else."""
    interval: Interval | None
    standard: str
    """"NFPA 25", "29 CFR 1910.157"…"""
    edition: str
    """Year or years ("2017"), or "edition not stated by the source"."""
    section: str
    """As the source gives it; empty when it names none."""
    statement: str
    """The requirement in our own words, one or two full sentences that carry every figure and name the subject."""
    confidence: Literal["V1", "V2"]
    """V1: read in the publisher's or maker's own document. V2: read in a secondary source."""
    source: str
    caveat: str
    """What to warn of, in our words; empty when nothing."""
    conflict: bool
    """Sources disagree, or the value hangs on the edition: all rows of the subject must be told."""
    aliases: tuple[str, ...]
    """Other ways technicians name component and activity."""


def covers(edition: str, year: int) -> bool:
    """Tell whether an edition as a row gives it ("2017", "2014 and later", "before 2010") takes in a year."""
    years = [int(found) for found in re.findall(r"\b(?:19|20)\d\d\b", edition)]
    if not years:
        return False
    if re.search(r"\b(?:and|or) later|\bon\b|\bsince\b|\bfrom\b", edition):
        return year >= min(years)
    if re.search(r"\b(?:and|or) earlier|\bthrough\b|\bup to\b|\buntil\b", edition):
        return year <= max(years)
    if re.search(r"\bbefore\b", edition):
        return year < max(years)
    return year in years

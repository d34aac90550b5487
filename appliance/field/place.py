"""Where the technician is, as far as the records tell: which customer and site a question is about."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sync.reader import Records
from sync.records import Customer, Job, Site

_HERE = re.compile(
    r"\b(?:here|this (?:site|building|customer|client|place|job)|the (?:customer|client|site|building))\b"
)
_TO = r"\b(?:(?:over|out|up|down|back)\s+)?(?:at|for|of|to|with|in|on|from|by|about)\s+(?:the\s+|that\s+|this\s+)?"
_ON = "and|are|at|before|by|do|even|have|is|last|on|right|since|that|to|we|what|when|who"
"""Words that go on after a place was named: no thing of that place follows."""
_ING = r"\w+ing\b"


@dataclass(frozen=True, slots=True)
class Place:
    """What a question is about."""

    customer: Customer
    site: Site | None
    job: Job | None = None
    """The job that makes it "here"; None when it was named."""


def plain(text: str) -> str:
    """Write a name as lower-case letters and digits with single spaces."""
    return " ".join(re.findall(r"[a-z0-9]+", text.lower()))


def named(text: str, records: Records) -> Place | None:
    """Find the customer or site whose name or address stands in the text, the longest name first."""
    said = f" {plain(text)} "
    found: list[tuple[int, Place]] = []
    for site in records.sites():
        customer = records.customer(site.customer_id)
        street = site.address.split(",")[0]
        if customer:
            names = (name for name in (site.name, street, *site.aliases) if name and f" {plain(name)} " in said)
            found.extend((len(name) + 1, Place(customer, site)) for name in names)
    for customer in records.customers():
        for name in (customer.name, *customer.aliases):
            if f" {plain(name)} " in said:
                sites = [site for site in records.sites() if site.customer_id == customer.id]
                found.append((len(name), Place(customer, sites[0] if sites else None)))
    return max(found, key=lambda pair: pair[0])[1] if found else None


def names(place: Place) -> list[str]:
    """Give what people call a place, the longest name first."""
    customer, site = place.customer, place.site
    known = [customer.name, *customer.aliases]
    if site:
        known += [site.name, site.address.split(",")[0], *site.aliases]
    return sorted({name for name in known if name}, key=len, reverse=True)


def without(text: str, called: Sequence[str]) -> str:
    """Leave names of a place out of a question, so that what is asked stands alone.

    "Who's the boss at Acme?" becomes "Who's the boss?", "the Acme pump" "the pump", "Acme's gate" "their gate".
    """
    any_name = "|".join(r"\W+".join(re.findall(r"\w+", name)) for name in called)
    if not any_name:
        return text
    for pattern, put in (
        (rf"{_TO}(?:{any_name})\b(?='?s?(?:\W*$|[,.?!;]|\s(?:{_ON})\b))(?:'s)?", ""),
        (rf"\b(the|that|this)\s+(?:{any_name})\b(?!'s)", r"\1"),
        (rf"\b(?:{any_name})'s\s+(?={_ING}|not\b|never\b)", "they are "),
        (rf"\b(?:{any_name})'s\b", "their"),
        (rf"\b(?:{any_name})\b", "they"),
    ):
        text = re.sub(pattern, put, text, flags=re.IGNORECASE)
    return re.sub(r"\s+([,.?!])", r"\1", " ".join(text.split()))


def here(records: Records, today: date) -> Place | None:
    """Find where the technician is: the job in progress, the one under way to, else the next one today."""
    jobs = records.jobs(day=today)
    for status in ("in_progress", "en_route", "scheduled"):
        for job in jobs:
            customer = records.customer(job.customer_id) if job.status == status else None
            if customer:
                return Place(customer, records.site(job.site_id), job)
    return None


def meant(text: str, records: Records, today: date) -> Place | None:
    """Give the place that a question names, or where the technician is."""
    return named(text, records) or here(records, today)


def points_here(text: str) -> bool:
    """Tell whether a question says "here" or "the customer"."""
    return bool(_HERE.search(text.lower()))

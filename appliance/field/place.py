"""Where the technician is, as far as the records tell: which customer and site a question is about."""

import re
from dataclasses import dataclass
from datetime import date

from sync.reader import Records
from sync.records import Customer, Job, Site

_HERE = re.compile(
    r"\b(?:here|this (?:site|building|customer|client|place|job)|the (?:customer|client|site|building))\b"
)


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

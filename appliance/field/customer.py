"""What is known of a customer, in sentences that can be spoken one by one."""

from dataclasses import dataclass
from datetime import date

from appliance.field.place import Place
from sync.reader import Records


@dataclass(frozen=True, slots=True)
class Line:
    """One thing known."""

    topic: str
    """contact, contract, opportunity, requirement, access, hazard, value, address, edition, size, summary."""
    text: str
    """A full sentence, or several."""


def money(dollars: int) -> str:
    """Write whole dollars: "$450,000"."""
    return f"${dollars:,}"


def day(when: date) -> str:
    """Write a date as people say it: "November 23, 2026"."""
    return f"{when:%B} {when.day}, {when.year}"


def listed(items: list[str]) -> str:
    """Join with commas and "and"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def lines(place: Place, records: Records) -> list[Line]:
    """Give all that is known, most useful on site first."""
    customer, site = place.customer, place.site
    return [
        *_summary(place),
        *(Line("hazard", hazard) for hazard in (site.hazards if site else ())),
        *(Line("requirement", text) for text in customer.special_requirements),
        *([Line("times", f"They prefer to be served {customer.preferred_service_times}.".replace("..", "."))]
          if customer.preferred_service_times else []),
        *([Line("access", site.access_notes)] if site and site.access_notes else []),
        *_contacts(place, records),
        *_contracts(place, records),
        *_opportunities(place, records),
        *_editions(place),
    ]  # fmt: skip


def _summary(place: Place) -> list[Line]:
    customer, site = place.customer, place.site
    where = site.address if site else customer.location
    found = [Line("summary", f"{customer.name} is at {where}."), Line("address", f"{customer.name} is at {where}.")]
    if customer.lifetime_value is not None:
        found.append(Line("value", f"{customer.name} has a lifetime value of {money(customer.lifetime_value)}."))
    if customer.annual_spend is not None:
        found.append(Line("spend", f"{customer.name} spends {money(customer.annual_spend)} a year."))
    if site and site.square_footage:
        floors = f" on {site.floors} floors" if site.floors else ""
        found.append(Line("size", f"The {site.name} site has {site.square_footage:,} sq ft{floors}."))
    return found


def _contacts(place: Place, records: Records) -> list[Line]:
    people = sorted(records.contacts(place.customer.id), key=lambda contact: not contact.primary)
    found = []
    for person in people:
        reach = " or ".join(part for part in (person.phone, person.email) if part)
        who = "The main contact" if person.primary else "Another contact"
        topic = "contact" if person.primary else "colleague"
        named = f"{person.name}, {person.role}" if person.role else person.name
        at = f", at {reach}" if reach else ""
        found.append(Line(topic, f"{who} at {place.customer.name} is {named}{at}."))
    return found


def _contracts(place: Place, records: Records) -> list[Line]:
    who = place.customer.name
    found = []
    for one in records.contracts(place.customer.id):
        article = "an" if one.status[0] in "ae" else "a"
        worth = f"worth {money(one.annual_value)} a year, until {day(one.end_date)}"
        found.append(Line("contract", f"{who} has {article} {one.status} {one.contract_type} contract {worth}."))
    return found


def _opportunities(place: Place, records: Records) -> list[Line]:
    open_ones = sorted(records.opportunities(place.customer.id), key=lambda one: -one.estimated_value)
    if not open_ones:
        return []
    said = listed([f"{one.title} for {money(one.estimated_value)}" for one in open_ones])
    one_or_more = "an open opportunity" if len(open_ones) == 1 else "open opportunities"
    return [Line("opportunity", f"{place.customer.name} has {one_or_more}: {said}.")]


def _editions(place: Place) -> list[Line]:
    if not place.site or not place.site.adopted:
        return []
    said = listed([f"{standard} in its {edition} edition" for standard, edition in place.site.adopted.items()])
    return [Line("edition", f"The {place.site.name} site follows {said}.")]

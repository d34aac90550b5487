"""What is known of a customer and a site as a whole, most useful on site first."""

from appliance.field.line import Line, day, listed, money
from appliance.field.place import Place
from sync.reader import Records
from sync.records import Contract, Customer, Opportunity, Site


def lines(place: Place, records: Records) -> list[Line]:
    """Give all that is known."""
    customer, site = place.customer, place.site
    return [
        *_summary(place),
        *_site(site),
        *(Line("requirement", text) for text in customer.special_requirements),
        *_wishes(customer),
        *_contacts(place, records),
        *(line for one in records.contracts(customer.id) for line in _contract(one, customer.name)),
        *_opportunities(customer, records),
        *_history(customer),
    ]


def _summary(place: Place) -> list[Line]:
    customer, site = place.customer, place.site
    where = site.address if site else customer.location
    kind = f", a {customer.company_type}," if customer.company_type else ""
    found = [
        Line("overview", f"{customer.name}{kind} is at {where}."),
        Line("address", f"{customer.name} is at {where}."),
    ]
    if customer.lifetime_value is not None:
        text = f"{customer.name} has a lifetime value of {money(customer.lifetime_value)}."
        found.append(Line("lifetime_value", text))
    if customer.annual_spend is not None:
        found.append(Line("annual_spend", f"{customer.name} spends {money(customer.annual_spend)} a year."))
    if site and site.square_footage:
        floors = f" on {site.floors} floor{'s' if site.floors > 1 else ''}" if site.floors else ""
        text = f"The {site.name} site has {site.square_footage:,} sq ft{floors}."
        found.append(Line("size", text, site.building_type))
    return found


def _site(site: Site | None) -> list[Line]:
    if site is None:
        return []
    found = [Line("hazard", text) for text in site.hazards]
    if site.access_notes:
        found.append(Line("access", site.access_notes))
    if site.adopted:
        said = listed([f"{standard} in its {edition} edition" for standard, edition in site.adopted.items()])
        found.append(Line("edition", f"The {site.name} site follows {said}."))
    if site.authority:
        text = f"The authority having jurisdiction (AHJ) for {site.name} is {site.authority}."
        found.append(Line("authority", text))
    return [*found, *(Line("note", text) for text in (site.notes,) if text)]


def _wishes(customer: Customer) -> list[Line]:
    found = [Line("note", customer.notes)] if customer.notes else []
    if customer.preferred_service_times:
        text = f"They prefer to be served {customer.preferred_service_times}."
        found.append(Line("service_times", text.replace("..", ".")))
    return found


def _contacts(place: Place, records: Records) -> list[Line]:
    people = sorted(records.contacts(place.customer.id), key=lambda contact: not contact.primary)
    found = []
    for person in people:
        reach = " or ".join(part for part in (person.phone, person.email) if part)
        who = "The main contact" if person.primary else "Another contact"
        named = f"{person.name}, {person.role}" if person.role else person.name
        at = f", at {reach}" if reach else ""
        text = f"{who} at {place.customer.name} is {named}{at}. {person.notes}".strip()
        found.append(Line("contact" if person.primary else "colleague", text, f"{person.name}, {person.role}"))
    return found


def _contract(one: Contract, who: str) -> list[Line]:
    what, kind = f"The {one.contract_type} contract of {who}", one.contract_type
    article = "an" if one.status[0] in "ae" else "a"
    term = f"{who} has {article} {one.status} {kind} contract until {day(one.end_date)}."
    found = [
        Line("contract_term", term, kind),
        Line("contract_value", f"{what} is worth {money(one.annual_value)} a year.", kind),
    ]
    if one.response_time_minutes is not None:
        text = f"{what} promises a response time of {one.response_time_minutes} minutes."
        found.append(Line("response_time", text, kind))
    if one.service_frequency:
        found.append(Line("service_frequency", f"{what} has a service frequency of: {one.service_frequency}.", kind))
    if one.covered_systems:
        found.append(Line("covered_systems", f"{what} covers {listed(list(one.covered_systems))}.", kind))
    if one.renewal_date:
        itself = " by itself" if one.auto_renewal else ""
        found.append(Line("renewal", f"{what} renews{itself} on {day(one.renewal_date)}.", kind))
    if one.contract_manager:
        found.append(Line("contract_manager", f"{what} is managed by {one.contract_manager}.", kind))
    return found


def _opportunities(customer: Customer, records: Records) -> list[Line]:
    open_ones = sorted(records.opportunities(customer.id), key=lambda one: -one.estimated_value)
    if not open_ones:
        return []
    said = listed([f"{one.title} for {money(one.estimated_value)}" for one in open_ones])
    several = "an open opportunity" if len(open_ones) == 1 else "open opportunities"
    whole = Line("opportunity", f"{customer.name} has {several}: {said}.")
    return [whole, *(line for one in open_ones for line in _offer(one, customer.name))]


def _offer(one: Opportunity, who: str) -> list[Line]:
    about = f"{one.title} {one.opportunity_type}"
    found = [Line("offer_value", f"{one.title}, at {who}, is worth {money(one.estimated_value)}.", about)]
    if one.next_action:
        found.append(Line("next_action", f"Next action on {one.title}: {one.next_action.rstrip('.')}.", about))
    if one.decision_maker:
        found.append(Line("decision_maker", f"The decision maker on {one.title} is {one.decision_maker}.", about))
    return found


def _history(customer: Customer) -> list[Line]:
    name, found = customer.name, []
    if customer.last_service_date:
        text = f"The last service date for {name} was {day(customer.last_service_date)}."
        found.append(Line("last_service", text))
    if customer.total_service_calls is not None:
        found.append(Line("service_calls", f"{name} has had {customer.total_service_calls} service calls."))
    if customer.customer_since:
        found.append(Line("customer_since", f"{name} has been a customer since {day(customer.customer_since)}."))
    if customer.satisfaction_score is not None:
        text = f"{name} has a satisfaction score of {customer.satisfaction_score:g}."
        found.append(Line("satisfaction", text))
    return found

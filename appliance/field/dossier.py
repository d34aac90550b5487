"""Everything that is known of a place, sentence by sentence, for questions that no ready-made answer fits."""

from appliance.field.customer import Line, day, lines, listed, money
from appliance.field.equipment import ASPECTS
from appliance.field.place import Place
from sync.reader import Records
from sync.records import Asset, Customer, Job, Site


def dossier(place: Place, records: Records) -> list[Line]:
    """Give every sentence; each names its subject and stands by itself."""
    site = place.site
    known = [*lines(place, records), *_customer(place.customer), *_contracts(place, records), *_offers(place, records)]
    if site is None:
        return known
    assets = records.assets(site.id)
    return [
        *known,
        *_site(site),
        *(line for asset in assets for line in _asset(asset, site, records)),
        *(_job(job, site) for job in records.jobs() if job.site_id == site.id),
    ]


def _customer(customer: Customer) -> list[Line]:
    name = customer.name
    found = []
    if customer.last_service_date:
        found.append(Line("service", f"The last service date for {name} was {day(customer.last_service_date)}."))
    if customer.total_service_calls is not None:
        found.append(Line("service", f"{name} has had {customer.total_service_calls} service calls."))
    if customer.customer_since:
        found.append(Line("service", f"{name} has been a customer since {day(customer.customer_since)}."))
    if customer.satisfaction_score is not None:
        found.append(Line("service", f"{name} has a satisfaction score of {customer.satisfaction_score:g}."))
    return found + [Line("note", text) for text in (customer.notes,) if text]


def _contracts(place: Place, records: Records) -> list[Line]:
    found = []
    for one in records.contracts(place.customer.id):
        what = f"The {one.contract_type} contract of {place.customer.name}"
        if one.response_time_minutes is not None:
            found.append(Line("contract", f"{what} promises a response time of {one.response_time_minutes} minutes."))
        if one.service_frequency:
            found.append(Line("contract", f"{what} has a service frequency of: {one.service_frequency}."))
        if one.covered_systems:
            found.append(Line("contract", f"{what} covers {listed(list(one.covered_systems))}."))
        if one.renewal_date:
            found.append(Line("contract", f"{what} renews on {day(one.renewal_date)}."))
        if one.contract_manager:
            found.append(Line("contract", f"{what} is managed by {one.contract_manager}."))
    return found


def _offers(place: Place, records: Records) -> list[Line]:
    found = []
    for one in records.opportunities(place.customer.id):
        found.append(Line("offer", f"{one.title}, at {place.customer.name}, is worth {money(one.estimated_value)}."))
        if one.next_action:
            found.append(Line("offer", f"Next action on {one.title}: {one.next_action.rstrip('.')}."))
        if one.decision_maker:
            found.append(Line("offer", f"The decision maker on {one.title} is {one.decision_maker}."))
    return found


def _site(site: Site) -> list[Line]:
    texts = [f"The authority having jurisdiction (AHJ) for {site.name} is {site.authority}."] if site.authority else []
    return [Line("site", text) for text in (*texts, site.notes) if text]


def _asset(asset: Asset, site: Site, records: Records) -> list[Line]:
    told = [sentence for _, aspect in ASPECTS for sentence in aspect(asset, site, records)]
    told += [f"The {asset.name} at {site.name} has {name} {value}." for name, value in asset.attributes.items()]
    return [Line("asset", sentence) for sentence in (*told, asset.notes) if sentence]


def _job(job: Job, site: Site) -> Line:
    when = f"{job.starts:%A}, {day(job.starts.date())} at {job.starts.hour % 12 or 12}:{job.starts:%M %p}"
    return Line(
        "job",
        f"The job {job.title} at {site.name} is booked for {when} and planned for {job.duration_minutes} minutes.",
    )

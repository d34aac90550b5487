"""What speaks against a line of the records, however near it is: it is not the kind of thing that the question wants.

"Who" wants a person and "how many" a count; "how often" and "what's the minimum" want a rule of a code, which no record
gives; a deluge valve is asked for where there is none.
"""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache

from appliance.field.line import Line
from appliance.turn.words import pairs, stems

_WHO = frozenset({
    "contact", "colleague", "contract_manager", "decision_maker", "authority", "access", "requirement", "asset_make",
    "overview", "next_action",
})  # fmt: skip
_WHERE = frozenset({"address", "access", "asset_location", "requirement", "contact", "colleague", "note", "job_booked"})
_WHEN = frozenset({
    "contract_term", "renewal", "last_service", "customer_since", "service_times", "asset_installed", "asset_due",
    "job_booked", "note", "requirement", "edition", "response_time", "asset_reading", "asset_deficiency", "access",
})  # fmt: skip
_COUNT = frozenset({
    "lifetime_value", "annual_spend", "size", "requirement", "contract_value", "offer_value", "response_time",
    "service_frequency", "service_calls", "customer_since", "satisfaction", "asset_quantity", "asset_reading",
    "job_duration", "job_booked", "contract_term", "opportunity", "asset_due", "asset_installed", "service_times",
    "last_service", "renewal",
})  # fmt: skip
_SPAN = frozenset({
    "contract_term", "response_time", "customer_since", "last_service", "job_duration", "asset_installed",
    "requirement", "note", "renewal", "asset_due", "job_booked", "service_times",
})  # fmt: skip
_HOW = frozenset({"access", "contact", "colleague", "requirement", "address", "size", "satisfaction", "hazard"})
PEOPLE = frozenset({"contact", "colleague"})
PLATE = frozenset(
    {"asset_location", "asset_make", "asset_serial", "asset_installed", "asset_attribute", "asset_quantity"}
)
"""What every asset has, so that the asset must be named."""
_STATED = PLATE | {"asset_reading"}
_UNCOUNTED = (_STATED | {"asset_deficiency", "asset_due"}) - {"asset_quantity"}
_LEAVE = frozenset({"service_times", "requirement", "access", "job_booked"})


def _each(*rows: tuple[str, frozenset[str]]) -> tuple[tuple[re.Pattern[str], frozenset[str]], ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), fields) for pattern, fields in rows)


WANTED = _each(
    (r"\bwho(?:se|m)?\b", _WHO),
    (r"\bwhere(?:abouts)?\b|\bwh(?:ich|at) (?:room|floor|level|wall|closet|street|corner)\b", _WHERE),
    (r"\bwhen\b|\b(?:what|which) (?:days?|date|time|year|hours?)\b|\bhow (?:soon|late|early)\b", _WHEN),
    (r"\bhow (?:many|much)\b", _COUNT),
    (r"\bhow (?:do|can|should|would|to|does)\b(?! (?:they|we|you) (?:feel|rate|like))", _HOW),
    (r"\bhow (?:long|old)\b", _SPAN),
    (r"\bhow (?:far|tall|high|big|large|wide|deep)\b", frozenset({"size", "requirement", "access"})),
    (r"\bhow (?:often|frequently)\b", frozenset({"service_frequency", "service_calls"})),
)
"""How a question asks, and the fields that may answer it; where it asks twice, the fields of either."""
ONLY_WHERE = _each(
    (
        r"\bwho(?:m|se)?\b|\bwhich (?:guy|person|one|man|lady|of them)\b|\b(?:phone|number|digits|e-?mails?|mail|call|"
        r"reach|cell|contacts?|names?|talk|ask|ring|extension|text|line|guy|boss|hold of|touch)\b",
        PEOPLE,
    ),
    (
        r"\bwhere|\bwhich\b|\bwhat (?:room|floor|level|wall|part|closet|side)|\bfind\b|\blocat|\bget to\b|"
        r"\bpoint me\b|\bbasement\b|\blooking for\b",
        frozenset({"asset_location"}),
    ),
    (
        r"\b(?:when|old|older|age|aged|years?|long|since|date|new|newer|original)\b",
        frozenset({"asset_installed"}),
    ),
    (
        r"\b(?:last|latest|lately|recent|previous|before|since|ago|was|were|did|has|have|been|saw|came)\b|'d\b",
        frozenset({"last_service"}),
    ),
    (
        r"\bwhen\b|\bdue\b|\boverdue\b|\bnext\b|\bagain\b|\bup for\b|\bcoming up\b|\bhow soon\b|\bpast\b|\bbehind\b|"
        r"\bhow long (?:till|until|before|since)\b|\bdid (?:we|you|any|some|they)|\bwhat (?:day|date|month)\b|"
        r"\blast \w+ed\b",
        frozenset({"asset_due"}),
    ),
)
"""Words without which these fields are not asked for, whatever is near."""
NEVER_WHERE = _each(
    (
        r"\b(?:minimum|maximum|min|max|at least|at most|required|requirements?|allowed|permitted|supposed to|the code|"
        r"by code|NFPA|OSHA|spec(?:s|ification)?|rated|normal|normally)\b",  # what ought to be; a record tells what is
        _STATED,
    ),
    (r"\bhow many\b(?! (?:psi|volts|amps|degrees|pounds|years|months|days|hours|minutes|times))", _UNCOUNTED),
)
"""Words with which these fields are not asked for."""
_MAY = re.compile(r"\bwhen (?:can|may|could) (?:I|we|you)\b", re.IGNORECASE)
"""Asks for leave, not for a date."""
_SECRET = re.compile(
    r"\b(?:password|passcode|wi-?fi|pin|combination|log-?in)\b|\bcodes?\b(?! (?:year|edition|cycle|book))",
    re.IGNORECASE,
)
"""Asks for figures, which are not told by saying who has them."""
_MEASURES = stems(
    "voltage volts pressure psi temperature flow gpm level speed rpm oil current amps suction discharge static "
    "residual weight resistance"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a question wants of a line."""

    text: str
    """The question without the names of the place."""
    words: AbstractSet[str]
    """Its words, as stems."""
    named: AbstractSet[str]
    """Ids of the assets that it names."""
    strange: bool
    """It names equipment that is not known at the place."""


def opposed(wish: Wish, line: Line, own: AbstractSet[str]) -> bool:
    """Tell whether a line, whose words are `own`, cannot be what is wanted."""
    field, asset = line.field, line.asset
    if field in _refused(wish.text) or not _allowed(wish.text, field):
        return True
    if _secret(wish.text) and not re.search(r"\d{3}", line.text):
        return True
    if asset is None:
        return False
    other = asset.id not in wish.named and (field in PLATE or (field == "asset_deficiency" and bool(wish.named)))
    measures = wish.words & _MEASURES
    return other or wish.strange or (field == "asset_reading" and bool(measures) and not measures & own)


@lru_cache(maxsize=256)
def _refused(text: str) -> frozenset[str]:
    """Give the fields that a question's words rule out."""
    missing = [fields for pattern, fields in ONLY_WHERE if not pattern.search(text)]
    said = [fields for pattern, fields in NEVER_WHERE if pattern.search(text)]
    return frozenset[str]().union(*missing, *said)


@lru_cache(maxsize=4_096)
def _allowed(text: str, field: str) -> bool:
    """Tell whether a field is of a kind that the question asks for."""
    if _MAY.search(text):
        return field in _LEAVE
    wanted = [fields for pattern, fields in WANTED if pattern.search(text)]
    return not wanted or any(field in fields for fields in wanted)


@lru_cache(maxsize=256)
def _secret(text: str) -> bool:
    return _SECRET.search(text) is not None and re.search(r"\bwho", text, re.IGNORECASE) is None


def misnamed(asked: str, names: str, known: AbstractSet[str]) -> bool:
    """Tell whether a question qualifies a thing by a known word that its names do not have, and they by another."""
    theirs, said = pairs(names), stems(names)
    return any(
        head in said and kind in known and kind not in said and any(other == head for _, other in theirs)
        for kind, head in pairs(asked)
    )

"""Capturing what the technician says: readings, findings, wishes, committed before anything is confirmed."""

import re
from dataclasses import dataclass

from appliance import units
from appliance.field.place import Place
from appliance.turn.question import Question
from sync.operation import Operation
from sync.records import Asset

_VERB = re.compile(
    r"^\W*(?:please\s+)?(?:can you\s+)?(?:log|record|note|report|add|write up|raise|make|enter|put down|save|take)\b"
    r"(?:\s+(?:a|an|the|this|that|down|it)\b)*\s*",
    re.IGNORECASE,
)
_DEFICIENCY = re.compile(
    r"^(?:new\s+)?(?:deficienc(?:y|ies)|defect|problem|issue|fault)\b[\s:,-]*(?:of\s+|for\s+)?",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"\b(static|residual|suction|discharge|churn|system|supply|air|water|standby|alarm|battery|amp draw|voltage|"
    r"current|pressure|temperature|flow|level|speed|weight)\b",
    re.IGNORECASE,
)
_NAMES = {
    "psi": "pressure", "kPa": "pressure", "bar": "pressure", "gpm": "flow", "V": "voltage", "A": "current",
    "mA": "current", "°F": "temperature", "°C": "temperature", "lb": "weight", "rpm": "speed", "%": "level",
}  # fmt: skip
"""What a figure is called by its unit when nothing else names it."""
SEVERE = re.compile(r"\bimpair|\bout of service|\binoperable|\bcritical\b", re.IGNORECASE)
SUGGESTED = re.compile(r"\bsuggest|\brecommend|\bminor\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Capture:
    """What will be kept, and how it is read back."""

    operations: tuple[Operation, ...]
    readback: str
    """A full sentence, spoken only after the commit."""


def reading(question: Question, place: Place | None, assets: tuple[Asset, ...]) -> Capture | None:
    """Read the figures with their names out of "static 62, residual 55 psi"; None when there is no figure."""
    text = _VERB.sub("", question.text)
    found = [q for q in units.find(text) if q.unit] + [
        q for q in units.bare(_blank(text)) if not any(o.start <= q.start < o.end for o in units.find(text))
    ]
    if not found:
        return None
    found.sort(key=lambda quantity: quantity.start)
    asset = _asset(text, assets)
    stated = next((quantity.unit for quantity in found if quantity.unit), "")
    operations, said = [], []
    for quantity in found:
        label = _label(text, quantity, found)
        unit = quantity.unit or (stated if units.dimension(stated or "psi") == units.dimension("psi") else "")
        what = _what(label, unit)
        operations.append(
            Operation(
                "reading",
                {"what": what, "value": quantity.value, "unit": unit, **_where(place), "note": question.raw},
                entity=asset.id if asset else "",
                actor=question.person,
            )
        )
        said.append(f"{what} {quantity.value:g} {unit}".strip())
    on = f" on the {asset.name}" if asset else ""
    at = f" at {place.site.name}" if place and place.site else ""
    return Capture(tuple(operations), f"Logged: {', '.join(said)}{on}{at}.")


def _blank(text: str) -> str:
    for quantity in units.find(text):
        text = text[: quantity.start] + " " * (quantity.end - quantity.start) + text[quantity.end :]
    return text


def _label(text: str, quantity: units.Quantity, found: list[units.Quantity]) -> str:
    """Give the last label before a figure, after the figure before it."""
    earlier = [other.end for other in found if other.end <= quantity.start]
    labels = _LABEL.findall(text[max(earlier, default=0) : quantity.start])
    return " ".join(dict.fromkeys(label.lower() for label in labels))


def _what(label: str, unit: str) -> str:
    kind = _NAMES.get(unit, "")
    if not label:
        return kind or "reading"
    return label if not kind or kind in label or label.rpartition(" ")[2] in _NAMES.values() else f"{label} {kind}"


def _where(place: Place | None) -> dict[str, str]:
    found = {"site_id": place.site.id} if place and place.site else {}
    return found | ({"job_id": place.job.id} if place and place.job else {})


def _asset(text: str, assets: tuple[Asset, ...]) -> Asset | None:
    """Give the one asset that the words name; None when none or several fit equally."""
    said = set(re.findall(r"[a-z0-9]+", text.lower()))
    scored = []
    for asset in assets:
        names = [set(re.findall(r"[a-z0-9]+", name.lower())) for name in (asset.name, asset.component, *asset.aliases)]
        scored.append((max((len(name & said) / len(name) for name in names if name), default=0.0), asset))
    best = max((score for score, _ in scored), default=0.0)
    fits = [asset for score, asset in scored if score == best]
    return fits[0] if best >= 0.5 and len(fits) == 1 else None


def deficiency(question: Question, place: Place | None, assets: tuple[Asset, ...]) -> Capture | None:
    """Keep a finding in the technician's words; None when nothing was said of what is wrong."""
    words = re.sub(r"^\W*(?:write (?:it|this|that) up|log it)\W*", "", question.text, flags=re.IGNORECASE)
    words = _DEFICIENCY.sub("", _VERB.sub("", words)).strip(" .,:;-")
    words = re.sub(
        r"[,.]?\s*(?:please\s+)?(?:log|write|note) (?:it|that|this)(?: up)?\W*$", "", words, flags=re.IGNORECASE
    )
    if not words:
        return None
    asset = _asset(words, assets)
    severity = (
        "inoperable" if SEVERE.search(question.text) else "suggested" if SUGGESTED.search(question.text) else "unknown"
    )
    body = {"description": words, "severity": severity, **_where(place)}
    at = f" at {place.site.name}" if place and place.site else ""
    ask = " How severe is it: impairment, critical, non-critical or a suggestion?" if severity == "unknown" else ""
    return Capture(
        (Operation("deficiency", body, entity=asset.id if asset else "", actor=question.person),),
        f"Logged a deficiency{at}: {words}.{ask}",
    )

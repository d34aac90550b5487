"""Evidence from equipment specs: the value of a property of a model.

Decisions: a model is taken only when its identifier stands in the question as it stands in the catalogue, or when the
maker and the product name in the question fit exactly one record. A model that is not on the box ends the search: a
similar model's figure would be a guess.
"""

import re
from collections.abc import Container

from appliance.turn.answer import Card, Citation
from appliance.turn.claims import collapse
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.turn.words import stems
from appliance.units import spelled
from corpora.property import named
from corpora.spec import Spec, SpecValue
from corpora.specs import Specs
from corpora.stock import PACK as DOCUMENTS

LONGEST_NAME = 4
"""Words of the longest name of a model."""
LONGEST = 5
"""Words of the longest name of a property."""
SUMMARY = 4
"""How many values are said when no property was asked for."""
SAMPLE = "This is sample data, not a checked rating."
UNREVIEWED = "This is unreviewed, read from a table of {}."
_KEEP_UPPER = re.compile(r"^[A-Z]{2,}|\d")


def properties(text: str, own: frozenset[str] | None = None) -> list[str]:
    """Find the properties that a text names, longest name first where names overlap.

    With `own`, the stems of the thing itself, a property that another word qualifies is not taken: "oil pressure" is
    no operating pressure.
    """
    words = re.findall(r"[a-z0-9-]+", text.lower())
    found: list[str] = []
    place = 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            name = named(" ".join(words[place : place + length]))
            if name:
                before = stems(words[place - 1]) if place else frozenset()
                if own is None or before <= own | PLAIN:
                    found.append(name)
                place += length
                break
        else:
            place += 1
    return list(dict.fromkeys(found))


class SpecSource:
    """Looks models up."""

    def __init__(self, specs: Specs, familiar: Container[str] = frozenset()) -> None:
        """Keep the catalogue; `familiar` are identifiers of the texts that name no model ("CO2"), collapsed."""
        self._specs = specs
        self._familiar = familiar
        self.revision = specs.revision
        self._makers = {stem: maker for maker in specs.makers() for stem in [stems(maker)]}
        self._words = tuple((stems(f"{spec.maker} {spec.product}"), stems(spec.maker), spec) for spec in specs.records)

    def look(self, question: Question, _meaning: Meaning, /) -> Found:
        """Give the values asked for."""
        asked = properties(question.text)
        specs = self._named(question)
        unknown = [model for model in question.models if collapse(model) not in self._familiar]
        if not specs and unknown and (question.intent == "spec" or asked):
            return Found(missing=f"No model {', '.join(unknown)} is on this box.", searched="the equipment specs")
        if not specs and asked and question.intent in {"spec", "requirement"}:
            specs = self._described(question.text)
            if len(specs) > 1:
                names = " or ".join(f"{spec.maker} {spec.model}" for spec in specs[:3])
                return Found(missing=f"Which model do you mean: {names}?", searched="the equipment specs")
        if not specs:
            return NOTHING
        return self._facts(specs[0], asked, question)

    def _named(self, question: Question) -> list[Spec]:
        """Find the models whose names stand in the question, longest first: names may have spaces in them."""
        words = question.tokens
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                name = " ".join(words[start : start + length])
                if _namelike(name) and (found := self._find(name, question.text)):
                    return [found]
        return [found for model in question.models if (found := self._find(model, question.text))]

    def _find(self, model: str, text: str) -> Spec | None:
        """Find a model, with its maker when two makers share its name."""
        found = self._specs.find(model)
        if found:
            return found
        words = stems(text)
        for maker_words, maker in self._makers.items():
            if maker_words <= words and (found := self._specs.find(f"{maker} {model}")):
                return found
        return None

    def _described(self, text: str) -> list[Spec]:
        """Find the records whose maker and at least two words of whose product stand in the text."""
        words = stems(text)
        fits = [
            (len(record & words), spec)
            for record, maker, spec in self._words
            if maker and maker <= words and len((record - maker) & words) >= 2
        ]
        best = max((count for count, _ in fits), default=0)
        return [spec for count, spec in fits if count == best]

    def _facts(self, spec: Spec, named_: list[str], question: Question) -> Found:
        asked = properties(question.text, stems(f"{spec.maker} {spec.model} {spec.product} {' '.join(spec.aliases)}"))
        values = [v for name in asked for v in spec.values if v.name == name or v.name.endswith(f" {name}")]
        values = (
            values
            or ([] if named_ else _only_one(spec, question))
            or ([] if named_ and not asked else _akin(spec, question))
        )
        what = f"the {spec.maker} {spec.model}"
        if values:
            return Found(tuple(value_fact(spec, value) for value in values), searched="the equipment specs")
        summary = summary_fact(spec)
        if named_ or question.asked or not _general(question.text, spec):
            wanted = named_[0] if named_ else question.asked.name if question.asked else ""
            lacks = f"does not give its {wanted}" if wanted else "does not say that"
            return Found(nearest=summary, lacking=f"My record of {what} {lacks}.", searched="the equipment specs")
        return Found((summary,), searched="the equipment specs")


def _only_one(spec: Spec, question: Question) -> list[SpecValue]:
    """Give the one value in the unit asked for ("how many seconds"), when no other value has that unit."""
    match = re.search(r"\bhow many (\w+)", question.text, re.IGNORECASE)
    unit = spelled(match[1]) if match else ""
    fits = [value for value in spec.values if unit and spelled(value.unit) == unit]
    return fits if len(fits) == 1 else []


def _namelike(name: str) -> bool:
    """Tell what may be a model's name from everyday words: figures, capitals, or several words that fit together."""
    return " " in name or any(c.isdigit() for c in name) or not name.islower()


def _akin(spec: Spec, question: Question) -> list[SpecValue]:
    """Give the values whose telling words all stand in the question ("interconnected"), or of the kind asked for."""
    words = stems(question.text)
    fits = [value for value in spec.values if (own := stems(value.name) - GENERIC) and own <= words]
    kind = KINDS.get(question.asked.name, "") if question.asked else ""
    return fits or [value for value in spec.values if kind and kind in value.name.split()]


KINDS = {"temperature": "temperature", "weight": "weight", "sound level": "sound"}
"""Kind of figure asked for ("how cold", "how heavy", "how loud") to the word that its properties have."""
PLAIN = stems("nominal rated normal max maximum min minimum listed typical exact actual usual full total s")
"""Words before a property that leave it what it is."""
GENERIC = stems("current pressure rating limit size capacity temperature operating power flow type reading maximum")
"""Words that several properties share; they tell none of them."""
_ABOUT = stems(
    "tell about spec specs specification specifications detail details info information nameplate model record know "
    "have anything something"
)


def _general(text: str, spec: Spec) -> bool:
    """Tell a question about the model as a whole: it has no word but the model's own and "tell me about"."""
    own = stems(f"{spec.maker} {spec.model} {spec.product} {spec.category} {' '.join(spec.aliases)}")
    figures = {word for word in stems(text) if any(c.isdigit() for c in word)}
    return not {w for w in stems(text) - own - _ABOUT - figures if collapse(w) not in collapse(spec.model)}


def value_fact(spec: Spec, value: SpecValue) -> Fact:
    """Say one value of one model."""
    article = "an" if value.name[0] in "aeio" else "a"
    plural = value.name.endswith("s") and not value.name.endswith("ss")
    statement = f"The {spec.maker} {spec.model} has {'' if plural else article + ' '}{value.name} of {value.text}."
    return Fact(
        id=f"spec:{spec.model}:{value.name}",
        kind="spec",
        statement=statement,
        scope=f"{spec.maker} {spec.model} {spec.product} {' '.join(spec.aliases)} {value.name}",
        citation=_citation(spec, value.source, f"{value.name}: {value.text}"),
        score=1.0,
        caveat=caveat(spec),
        card=card(spec),
    )


def summary_fact(spec: Spec) -> Fact:
    """Say what a model is, with its first values."""
    said = ", ".join(f"{value.name} {value.text}" for value in spec.values[:SUMMARY])
    product = spec.product if _KEEP_UPPER.match(spec.product) else spec.product[0].lower() + spec.product[1:]
    article = "an" if product[0].lower() in "aeio" else "a"
    return Fact(
        id=f"spec:{spec.model}",
        kind="spec",
        statement=f"The {spec.maker} {spec.model} is {article} {product}. Its record gives {said}.",
        scope=f"{spec.maker} {spec.model} {' '.join(spec.aliases)}",
        citation=_citation(spec, spec.values[0].source, said),
        score=0.9,
        caveat=caveat(spec),
        card=card(spec),
    )


def caveat(spec: Spec) -> str:
    """Say what must be said of a record that nobody checked."""
    return SAMPLE if spec.sample else UNREVIEWED.format(spec.product) if spec.review else ""


def card(spec: Spec) -> Card:
    """Show the whole record."""
    rows = tuple((value.name, value.text) for value in spec.values)
    return Card(f"{spec.maker} {spec.model}, {spec.product}", rows, "sample data" if spec.sample else spec.review)


def _citation(spec: Spec, source: str, quote: str) -> Citation:
    document = f"{spec.maker} {spec.model} spec record" if spec.sample else source
    return Citation(
        DOCUMENTS if spec.review else "starter",
        document,
        quote=quote,
        note="sample data" if spec.sample else spec.review,
    )

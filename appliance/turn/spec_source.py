"""Evidence from equipment specs: the value of a property of a model.

Decisions: a model is taken only when its identifier stands in the question as it stands in the catalogue, or when the
maker and the product name in the question fit exactly one record. A model that is not on the box ends the search: a
similar model's figure would be a guess. A property named exactly is looked up; any other wording is weighed against the
whole vocabulary (`likeliest`), and where two properties of the record are nearly as likely both are told.
"""

import re
from collections.abc import Container, Mapping
from functools import lru_cache

from appliance.turn.answer import Card, Citation, Location
from appliance.turn.ask import TIME
from appliance.turn.claims import collapse
from appliance.turn.evidence import Fact
from appliance.turn.found import NOTHING, Found
from appliance.turn.likeliest import Likeliest, is_kind
from appliance.turn.meaning import Meaning
from appliance.turn.question import Question
from appliance.turn.words import stems
from corpora.property import names_in, spans
from corpora.spec import Spec, SpecValue
from corpora.specs import Specs
from corpora.stock import PACK as DOCUMENTS

LONGEST_NAME = 4
"""Words of the longest name of a model."""
SUMMARY = 4
"""How many values are said when no property was asked for."""
SURE = 0.3
"""Chance from which a value is told, if it is also likelier than all other properties together."""
ALONE = 0.8
"""Share of all properties' chances from which the runner-up's value is not told beside it."""
RIVAL = 0.12
"""Share that a runner-up needs."""
UNDOUBTED = 0.98
"""Chance by words alone that no meaning has changed: of 598 questions written for fitting, 165 had it, each rightly."""
LIKELY = 0.5
"""Chance from which an abstention names what was asked for."""
SAMPLE = "This is sample data, not a checked rating."
UNREVIEWED = "This is unreviewed, read from a table of {}."
SEARCHED = "the equipment specs"
PLAIN = stems("nominal rated normal max maximum min minimum listed typical exact actual usual full total s")
"""Words before a property that leave it what it is."""
ABOUT = stems(
    "tell about spec specs specification specifications detail details info information nameplate model record know "
    "have anything something"
)
"""Words of a question about a model as a whole."""
_KEEP_UPPER = re.compile(r"^[A-Z]{2,}|\d")


class SpecSource:
    """Looks models up."""

    def __init__(self, specs: Specs, likeliest: Likeliest, familiar: Container[str] = frozenset()) -> None:
        """Keep the catalogue; `familiar` are identifiers of the texts that name no model ("CO2"), collapsed."""
        self._specs = specs
        self._likeliest = likeliest
        self._familiar = familiar
        self.revision = specs.revision
        self._makers = {stem: maker for maker in specs.makers() for stem in [stems(maker)]}
        self._words = tuple((stems(f"{spec.maker} {spec.product}"), stems(spec.maker), spec) for spec in specs.records)
        for spec in specs.records:
            without(spec, "")  # so that no question waits for the patterns of its model

    def look(self, question: Question, meaning: Meaning, /) -> Found:
        """Give the values asked for."""
        asked = names_in(question.text)
        spec = self._named(question)
        if not spec and (question.intent == "spec" or asked):
            unknown = [model for model in question.models if collapse(model) not in self._familiar]
            if unknown:
                return Found(missing=f"No model {', '.join(unknown)} is on this box.", searched=SEARCHED)
        if not spec and asked and question.intent in {"spec", "requirement"}:
            specs = self._described(question.text)
            if len(specs) > 1:
                names = " or ".join(f"{spec.maker} {spec.model}" for spec in specs[:3])
                return Found(missing=f"Which model do you mean: {names}?", searched=SEARCHED)
            spec = specs[0] if specs else None
        return self._facts(spec, question, meaning) if spec else NOTHING

    def _named(self, question: Question) -> Spec | None:
        """Find the model whose name stands in the question, longest first: names may have spaces in them."""
        words = question.tokens
        for length in range(min(LONGEST_NAME, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                name = " ".join(words[start : start + length])
                if _namelike(name) and (found := self._find(name, question.text)):
                    return found
        return next((found for model in question.models if (found := self._find(model, question.text))), None)

    def _find(self, model: str, text: str) -> Spec | None:
        """Find a model, with its maker when two makers share its name; "D4120s" are several D4120."""
        for name in dict.fromkeys((model, re.sub(r"(?<=[\dA-Z])'?s$", "", model))):
            if found := self._specs.find(name):
                return found
            for words, maker in self._makers.items():
                if words <= stems(text) and (found := self._specs.find(f"{maker} {name}")):
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

    def _facts(self, spec: Spec, question: Question, meaning: Meaning) -> Found:
        text = without(spec, question.text)
        if not stems(text) - _own(spec) - ABOUT:
            return Found((summary_fact(spec),), searched=SEARCHED)
        if exact := exactly(spec, text):
            values = [value for name in exact for value in _values(spec, name)]
            chances, lacks = {value.name: 1.0 for value in values}, exact[0]
        elif question.asked and not question.asked.known:
            values, chances, lacks = [], {}, question.asked.name
        else:
            chances = self._chances(text, meaning, spec)
            values, lacks = [value for value in told(spec, chances) if _timely(value, question)], next(iter(chances))
            lacks = lacks if chances[lacks] >= LIKELY and not values else ""
        if values:
            facts = tuple(value_fact(spec, value, min(1.0, chances[value.name])) for value in values)
            return Found(facts, searched=SEARCHED)
        what = f"does not give its {lacks}" if lacks else "does not say that"
        lacking = f"My record of the {spec.maker} {spec.model} {what}."
        return Found(nearest=summary_fact(spec), lacking=lacking, searched=SEARCHED)

    def _chances(self, text: str, meaning: Meaning, spec: Spec) -> dict[str, float]:
        """Give each property's chance, likeliest first; the question is embedded only where its words leave a doubt."""
        chances = self._likeliest.by_words(text, spec)
        if next(iter(chances.values()), 0.0) >= UNDOUBTED:
            return chances
        return self._likeliest.chances(text, meaning.of(text).vector, spec)


def told(spec: Spec, chances: Mapping[str, float]) -> list[SpecValue]:
    """Give the values to tell: the likeliest property's, and a near rival's; a statement names its property."""
    on = {value.name: value for value in spec.values}
    whole = sum(chances.values())
    first, second = [*[name for name in chances if name in on], "", ""][:2]
    best, next_ = chances.get(first, 0.0), chances.get(second, 0.0)
    both = best < ALONE * whole and next_ >= RIVAL * whole
    chance = best + next_ if both else best
    if chance < SURE or 2 * chance < whole:
        return []
    return [on[name] for name in ((first, second) if both else (first,))]


def _timely(value: SpecValue, question: Question) -> bool:
    """Tell whether an interval may answer: only when it is asked how often or how long."""
    return value.unit not in {"months", "years"} or bool(question.asked and question.asked.dimensions & TIME)


def exactly(spec: Spec, text: str) -> list[str]:
    """Give the properties that a text names exactly: by several words, or by one beside which nothing is asked.

    A word that another qualifies is not taken: "oil pressure" is no operating pressure.
    """
    words, own = re.findall(r"[a-z0-9-]+", text.lower()), _own(spec) | PLAIN
    found = [(start, end, name) for start, end, name in spans(words) if not start or stems(words[start - 1]) <= own]
    rest = stems(text) - own - frozenset().union(*(stems(" ".join(words[start:end])) for start, end, _ in found))
    clear = [name for start, end, name in found if not rest or (end - start > 1 and len(_values(spec, name)) < 2)]
    return list(dict.fromkeys(clear))


def without(spec: Spec, text: str) -> str:
    """Take the model's names out of a question, with its maker and what it is: they say nothing of what is asked."""
    for called in _called(spec.maker, spec.model, spec.aliases, f"{spec.product} {spec.category}"):
        text = called.sub("", text)
    return " ".join(text.split())


@lru_cache(maxsize=4_096)
def _called(maker: str, model: str, aliases: tuple[str, ...], what: str) -> tuple[re.Pattern[str], ...]:
    """Give the ways in which a model is called, longest name first, and its maker alone last."""
    kind = "|".join(re.findall(r"[a-z]{3,}", what.lower()))
    ways = []
    for name in sorted((model, *aliases), key=len, reverse=True):
        joined = r"[\W_]*".join(map(re.escape, re.findall(r"[^\W\d_]+|\d+", name)))
        called = rf"(?<!\w)(?:(?:an?|the|one|this|that|each)\s+)?(?:{re.escape(maker)}\s+)?{joined}(?:'?s)?(?!\w)"
        ways.append(rf"{called}(?:\s+(?:{kind})s?\b)*")
    return tuple(re.compile(way, re.IGNORECASE) for way in (*ways, rf"\b{re.escape(maker)}\b"))


def _values(spec: Spec, asked: str) -> list[SpecValue]:
    """Give the values of a property, or of its kinds."""
    return [value for value in spec.values if is_kind(value.name, asked)]


def _own(spec: Spec) -> frozenset[str]:
    return stems(f"{spec.maker} {spec.model} {spec.product} {spec.category} {' '.join(spec.aliases)}")


def _namelike(name: str) -> bool:
    """Tell what may be a model's name from everyday words: figures, capitals, or several words that fit together."""
    return " " in name or any(c.isdigit() for c in name) or not name.islower()


def value_fact(spec: Spec, value: SpecValue, score: float = 1.0) -> Fact:
    """Say one value of one model."""
    article = "an" if value.name[0] in "aeio" else "a"
    plural = value.name.endswith("s") and not value.name.endswith("ss")
    statement = f"The {spec.maker} {spec.model} has {'' if plural else article + ' '}{value.name} of {value.text}."
    return Fact(
        id=f"spec:{spec.model}:{value.name}",
        kind="spec",
        statement=statement,
        scope=f"{spec.maker} {spec.model} {spec.product} {' '.join(spec.aliases)} {value.name}",
        citation=_citation(spec, value, f"{value.name}: {value.text}"),
        score=score,
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
        citation=_citation(spec, spec.values[0], said),
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


def _citation(spec: Spec, value: SpecValue, quote: str) -> Citation:
    cell = value.cell
    return Citation(
        DOCUMENTS if spec.review else "starter",
        f"{spec.maker} {spec.model} spec record" if spec.sample else value.source,
        quote=quote,
        note="sample data" if spec.sample else spec.review,
        location=Location(cell.passage, cell.document, cell.page) if cell else None,
    )

"""`python -m tests.eval.fit_property`: fit the weights of `appliance.turn.likeliest` to questions of a known property.

The pack's own questions take part, each weighed without itself, against a record that has the property and, now and
then, one that lacks it; so do the questions of `property.toml` under "fitted". Those under "fresh" only judge. Prints
the weights to be written down, with and without an embedder, and what is told rightly, wrongly and not at all.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console

from appliance import settings, wiring
from appliance.engines import Engines, hardware
from appliance.ports import Embedder
from appliance.turn import likeliest
from appliance.turn.likeliest import Likeliest, Weights
from appliance.turn.match import Floats
from appliance.turn.spec_source import told, without
from corpora import questions, specs
from corpora.property import PROPERTIES
from corpora.spec import Spec
from corpora.specs import Specs
from models import catalogue

RIDGE = 1e-4
LACKING = 3
"""One of so many of a property's questions meets a record that lacks it as well."""
WRITTEN = 3.0
"""How much a question written for this counts, against one of the pack's, which sound more alike."""
NONE = "-"


@dataclass(frozen=True, slots=True)
class Case:
    """One question about one record."""

    spec: Spec
    evidence: Floats
    right: str
    """Property asked for, or `NONE`."""
    weight: float

    @property
    def answered(self) -> bool:
        """Whether the record has it."""
        return any(value.name == self.right for value in self.spec.values)


def posed(weigher: Likeliest, catalogue_: Specs, embedder: Embedder | None) -> Iterator[Case]:
    """Weigh the pack's questions, each left out."""
    turn = 0
    for place, (name, asked) in enumerate(questions.shipped().properties.items()):
        having = [spec for spec in catalogue_.records if any(value.name == name for value in spec.values)]
        kinds = {spec.category for spec in having}
        lacking = [spec for spec in catalogue_.records if spec not in having and spec.category in kinds]
        for number, text in enumerate(asked):
            turn += 1
            vector = embedder.embed([text])[0] if embedder else None
            chosen = [having[turn % len(having)]] if having else []
            if number % LACKING == 0 or name not in PROPERTIES:
                others = lacking or [spec for spec in catalogue_.records if spec not in having]
                chosen.append(others[turn % len(others)])
            for spec in chosen:
                yield Case(spec, weigher.evidence(text, vector, spec, (place, number)), name, 1.0)


def written(part: str, weigher: Likeliest, catalogue_: Specs, embedder: Embedder | None) -> Iterator[Case]:
    """Weigh the questions of `property.toml`."""
    rows = tomllib.loads((Path(__file__).parent / "property.toml").read_text(encoding="utf-8"))[part]
    for model, name, asked in rows:
        spec = catalogue_.find(model)
        assert spec is not None, model
        assert name == NONE or name in PROPERTIES, name
        text = without(spec, asked)
        vector = embedder.embed([text])[0] if embedder else None
        yield Case(spec, weigher.evidence(text, vector, spec), name, WRITTEN)


def fit(given: Sequence[Case], names: Sequence[str], *, meaning: bool) -> Weights:
    """Fit by Newton's method with halved steps; "none of these" is a further choice, whose sum is 0."""
    numbers = [*range(given[0].evidence.shape[1] + 1)]
    used = np.array(numbers if meaning else numbers[1:])
    x = np.array([np.column_stack([case.evidence, np.ones(len(names))]) for case in given])[:, :, used]
    x = np.concatenate([x, np.zeros((len(x), 1, len(used)))], axis=1)
    right = np.array([names.index(case.right) if case.right in names else len(names) for case in given])
    share = np.array([case.weight for case in given])
    share /= share.sum()
    each, ridge, w = np.arange(len(x)), np.eye(len(used)) * RIDGE, np.zeros(len(used))

    def value(w: Floats) -> float:
        total = x @ w
        top = total.max(1)
        likely = total[each, right] - top - np.log(np.exp(total - top[:, None]).sum(1))
        return float((share * likely).sum() - w @ ridge @ w / 2)

    for _ in range(60):
        total = x @ w
        p = np.exp(total - total.max(1, keepdims=True))
        p /= p.sum(1, keepdims=True)
        mean = np.einsum("ij,ijf->if", p, x)
        slope = (share[:, None] * (x[each, right] - mean)).sum(0) - ridge @ w
        bend = np.einsum("ij,ijf,ijg->fg", share[:, None] * p, x, x, optimize=True)
        step = np.linalg.solve(bend - (share[:, None] * mean).T @ mean + ridge, slope)
        while value(w + step) < value(w) and np.abs(step).max() > 1e-9:
            step /= 2
        w = w + step
        if np.abs(step).max() < 1e-7:
            break
    whole = np.zeros(len(numbers))
    whole[used] = w
    return Weights(*(round(float(each), 2) for each in whole))


def tell(name: str, weigher: Likeliest, cases: Sequence[Case], console: Console) -> None:
    """Print how many questions are answered rightly, answered wrongly, and rightly left open."""
    right = wrong = both = left = 0
    for case in cases:
        values = [value.name for value in told(case.spec, weigher.chances_of(case.evidence))]
        right += case.answered and case.right in values
        wrong += case.answered and bool(values) and case.right not in values
        both += case.answered and len(values) > 1
        left += not case.answered and not values
    answered = sum(case.answered for case in cases)
    console.print(
        f"  {name}: of {answered} answered {right / answered:.3f} rightly, {wrong / answered:.3f} wrongly,"
        f" {both / answered:.3f} with a second; of {len(cases) - answered} left {left / (len(cases) - answered):.3f}"
    )


def main() -> None:
    """Fit and tell, with the box's embedder and without."""
    console, chosen = Console(width=120), settings.load()
    engines = Engines(wiring.open_store(chosen), catalogue.load(), hardware(), chosen.local.threads)
    shipped, asked = Specs.load([specs.shipped()]), questions.shipped().properties
    for embedder in (engines.embedder(), None):
        vectors = embedder.embed(likeliest.texts(asked)) if embedder else None
        weigher = Likeliest(asked, shipped, vectors)
        own = list(posed(weigher, shipped, embedder))
        fitted = list(written("fitted", weigher, shipped, embedder))
        fresh = list(written("fresh", weigher, shipped, embedder))
        weights = fit(own + fitted, weigher.names, meaning=embedder is not None)
        console.print(f"[bold]{'by meaning' if embedder else 'by words'}[/bold]: {weights}")
        weigher = Likeliest(asked, shipped, vectors, weights)
        for name, cases in (("the pack's own", own), ("fitted", fitted), ("fresh", fresh)):
            if cases:
                tell(name, weigher, cases, console)


if __name__ == "__main__":
    main()

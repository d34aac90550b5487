"""Reading back: what to ask before acting on a name that was not heard for certain.

Every repair that was not spelled exactly so counts as a guess, however near: the number of another part is as near.
A technician knows the machine before him, not its number: "the Carrier 50TCQA06, packaged rooftop unit?" is answered
at once where "fifty T C Q A zero six?" must be compared sign by sign.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from appliance.ear.lexicon import Entry, Lexicon
from appliance.ear.utterance import Utterance

MOST = 3
"""Names offered at once: more cannot be kept in mind."""
ASIDE = ", sample record"
"""Said of a record's source, not of the product."""


@dataclass(frozen=True, slots=True)
class ReadBack:
    """A question to the technician."""

    question: str
    """To be said."""
    models: tuple[str, ...]
    """What is asked about, likeliest first: yes to a single one means it."""


def read_back(utterance: Utterance, lexicon: Lexicon, doubtful: Collection[str] = ()) -> ReadBack | None:
    """Give what to ask before acting on `utterance`; None when its names were heard for certain.

    Args:
        utterance: what the ear understood.
        lexicon: the names of this box.
        doubtful: names that one recogniser alone heard (`Transcript.doubtful`).
    """
    known = {entry.text: entry for entry in lexicon.entries if entry.kind == "model"}
    guessed = [one.meant for one in utterance.repairs if one.kind == "model" and one.score < 1.0]
    guessed += [name for name in doubtful if name in utterance.text]
    models = [known[name] for name in dict.fromkeys(guessed) if name in known]
    if models:
        return ReadBack(f"{_listed(models, 'and')}?", tuple(model.text for model in models))
    offered = [known[name] for name in utterance.ambiguous if name in known][:MOST]
    if not offered:
        return None
    asked = f"{_listed(offered, 'or')}?"
    return ReadBack(asked if len(offered) == 1 else f"Do you mean {asked}", tuple(model.text for model in offered))


def told(model: Entry) -> str:
    """Give a model as its maker's product: "the Carrier 50TCQA06, packaged rooftop unit"."""
    product = model.product.partition(";")[0].replace(ASIDE, "").strip()
    return ", ".join(part for part in (" ".join(f"the {model.maker} {model.text}".split()), product) if part)


def _listed(models: Sequence[Entry], link: str) -> str:
    """Join what is told of each model."""
    return f"; {link} ".join(told(model) for model in models)

"""What a recogniser learns: words as they are said, models in every way, and their sisters too."""

import random
import re

from appliance.ear.ear import Ear
from appliance.ear.lexicon import Lexicon
from appliance.sayings import plain, revision, said, sayings
from corpora.questions import Questions
from tests.bench.score import words
from tests.bench.spoken import ELSEWHERE, FITTED, MEASURED, STRANGE
from tests.fakes import lexicon

LEXICON = lexicon.lexicon()
ASKED = Questions({"r": ("How often is an NFPA 25 test due at 175 psi?",)}, {}, {"amp draw": ("What's it pull?",)}, {})


def test_everything_is_words() -> None:
    """A decoder knows no figures and no capitals."""
    learned = sayings(ASKED, LEXICON)

    assert all(re.fullmatch(r"[a-z']+(?: [a-z']+)*", text) for text in learned)
    assert plain("How often is an NFPA 25 test due at 175 psi?") in learned
    assert len(learned) > 500


def test_the_same_box_learns_the_same() -> None:
    """Chance has a fixed seed; another model or question is another revision."""
    assert sayings(ASKED, LEXICON) == sayings(ASKED, LEXICON)
    other = Lexicon.build([("XR17", "Trane", "air conditioner")])
    names = {revision(ASKED, LEXICON, "a"), revision(ASKED, other, "a"), revision(ASKED, LEXICON, "b")}
    assert len(names) == 3


def test_the_ear_understands_every_way_of_saying_a_model() -> None:
    """What the decoder learns to hear is what the repair reads back into the catalogue's form."""
    ear, chance = Ear(LEXICON), random.Random(1)
    missed = []
    for model, maker, _ in lexicon.MODELS:
        for _ in range(10):
            text = f"tell me about the {maker} {said(model, chance)}"
            if model not in ear.hear(text).text:
                missed.append((model, text))

    assert len(missed) <= 0.02 * 10 * len(lexicon.MODELS), missed


def test_sisters_of_a_model_are_learned() -> None:
    """Else the one known model is heard whatever digit was said."""
    learned = " | ".join(sayings(ASKED, Lexicon.build([("XR16", "Trane", "air conditioner")])))

    assert "x r sixteen" in learned
    assert re.search(r"the (?!x r (?:sixteen|one six))[a-z]+(?: ray)? [a-z]+ [a-z ]+", learned)


def test_nothing_measured_is_learned() -> None:
    """A bench whose sentences were learned measures memory."""
    from corpora.questions import shipped

    questions = shipped()
    tables = (questions.requirements, questions.passages, questions.properties, questions.records)
    asked = {" ".join(words(text)) for table in tables for texts in table.values() for text in texts}
    learned = asked | {" ".join(words(text)) for text in sayings(ASKED, LEXICON)}
    measured = [one.meant for one in (*MEASURED, *FITTED, *STRANGE)] + list(ELSEWHERE)

    assert not learned & {" ".join(words(text)) for text in measured}
    assert not {one.meant for one in MEASURED} & {one.meant for one in FITTED}
    assert not {one.model for one in MEASURED if one.model} & {one.model for one in FITTED}

"""What people say to this box, as words: the text from which a recogniser learns which words follow which.

Made from the questions of the packs, the words of the trade, the names and models of the lexicon, and a few forms.

Decisions: everything is written as it is said ("fifty t c q a zero six", "n f p a twenty five"), because a decoder
knows words and no figures; `ear` writes it back. Models are said in every usual way (digit by digit, in tens, letters
plain and by the NATO alphabet), each in a few of the forms, drawn from a generator with a fixed seed so that the
same box makes the same text. Each model is also said with a sign changed: without these decoys a decoder hears the one
model it knows where a sister of it was said, and a wrong part is worse than a question.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

from appliance.ear.alphabet import NATO
from appliance.ear.lexicon import Lexicon
from appliance.mouth.speak import speak
from corpora.questions import Questions

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
RUNS = re.compile(r"[A-Za-z]+|[0-9]+|-")
CODE = re.compile(r"(?=.*\d)[A-Za-z0-9-]+\Z")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SPELLED = {letter: word for word, letter in reversed(NATO.items())}
SPELLED["X"] = "x ray"
ROUNDS, DECOYS = 30, 30
"""Ways in which each model is said, and how often with another digit or letter.

Fitted on models and voices that are not measured: of 32 spoken 19 were heard with 8 and 8, 23 with 30 and 30, 22 with
60 and 30; never a wrong one.
"""
FORMS = tuple(
    """
what's the {property} of the {model}
what is the {property} for the {maker} {model}
what {property} does the {model} have
tell me about the {maker} {model}
the {model}
{maker} {model}
i have a {maker} {model} here
show me the specs for the {model}
i'm looking at a {model}
do you have the manual for the {maker} {model}
what does the {maker} {model} take
how much does the {model} {do}
""".strip().splitlines()
)
"""How people ask about a model; a property comes from the packs."""
ORDERS = tuple(
    """
log a reading of {number} {unit}
record {number} {unit} on the {thing}
the {thing} reads {number} {unit}
log a deficiency the {thing} is {state}
log a deficiency on the {thing}
the {thing} is {state}
the {thing} won't {act}
how do i {act} the {thing}
how do i {act} a {thing}
how often is a {thing} {done}
how often do i have to {act} the {thing}
when was the {thing} last {done}
when is the {thing} due
is the {thing} {state}
what's the minimum {measure} for the {thing}
what's the maximum {measure} for a {thing}
what does n f p a {number} say about the {thing}
what flow does a k {number} point {digit} head give at {number} {unit}
""".strip().splitlines()
)
"""How people order and ask about things of the trade."""
FILL = {
    "unit": "p s i|gallons per minute|g p m|volts|amps|feet|inches|degrees|pounds|ohms",
    "state": "leaking|broken|closed|open|stuck|corroded|missing|painted|damaged|loose|blocked|dead|low|faulty",
    "act": "test|inspect|reset|drain|open|close|replace|clean|fill|start|stop|silence|service|check|move|seat|latch",
    "done": "tested|inspected|replaced|serviced|cleaned|checked|drained|flushed|painted|calibrated",
    "do": "draw|weigh|hold|need|cost|take",
    "measure": "pressure|flow|clearance|voltage|temperature|spacing|torque|distance|height|capacity|current|size",
}


def sayings(questions: Questions, lexicon: Lexicon, seed: int = 0) -> list[str]:
    """Give the sentences, lower case words with single blanks."""
    chance = random.Random(seed)
    models = [entry.text for entry in lexicon.entries if entry.kind == "model"]
    tables = (questions.requirements, questions.passages, questions.properties, questions.records)
    asked = [plain(text, models) for text in chain(*chain(*(table.values() for table in tables)))]
    terms = [plain(entry.text) for entry in lexicon.entries if entry.kind != "model"]
    found = chain(
        asked,
        terms,
        orders(lexicon, chance),
        about(lexicon, sorted(questions.properties), chance),
        decoys(models, chance),
        (number(chance) for _ in range(100)),
    )
    return [text for text in found if text]


def revision(questions: Questions, lexicon: Lexicon, program: str) -> str:
    """Name what `sayings` would give, without making it; `program` names the rooms that make it."""
    entries = [(entry.kind, entry.text, entry.maker) for entry in lexicon.entries]
    own = Path(__file__).read_bytes()
    return hashlib.sha256(repr((own, program, questions.revision, entries)).encode()).hexdigest()[:16]


def plain(text: str, models: Sequence[str] = ()) -> str:
    """Give `text` in the words in which it is said."""
    return " ".join(WORD.findall(speak(text, models).lower().replace("\u2019", "'")))


def about(lexicon: Lexicon, properties: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Give sentences about each model, said in several ways."""
    for entry in (entry for entry in lexicon.entries if entry.kind == "model"):
        for _ in range(ROUNDS):
            form = chance.choice(FORMS)
            given = {"model": said(entry.text, chance), "maker": plain(entry.maker)}
            told = form.format(
                property=plain(chance.choice(properties or ["pressure"])), do=pick("do", chance), **given
            )
            yield " ".join(told.split())


def decoys(models: Sequence[str], chance: random.Random) -> Iterator[str]:
    """Give models that are not on the box, one sign away from those that are: the ear decides, not the catalogue."""
    for model in models:
        places = [at for at, sign in enumerate(model) if sign.isdigit() or (sign.isalpha() and sign.isupper())]
        for _ in range(DECOYS if any(sign.isdigit() for sign in model) else 0):
            at = chance.choice(places)
            kind = "0123456789" if model[at].isdigit() else "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
            yield f"the {said(model[:at] + chance.choice(kind) + model[at + 1 :], chance)}"


def orders(lexicon: Lexicon, chance: random.Random) -> Iterator[str]:
    """Give orders and questions about the things of the trade."""
    things = [plain(entry.text) for entry in lexicon.entries if entry.kind == "jargon"]
    for thing in things:
        for form in chance.sample(ORDERS, 6):
            filled = {name: pick(name, chance) for name in FILL}
            yield form.format(thing=thing, number=number(chance), digit=chance.choice(DIGITS), **filled)


def pick(name: str, chance: random.Random) -> str:
    """Give one of the words that may stand in a form's place."""
    return chance.choice(FILL[name].split("|"))


def number(chance: random.Random) -> str:
    """Give a number as people say it, small ones more often."""
    return plain(str(int(10 ** chance.uniform(0, 3.3))))


def said(model: str, chance: random.Random) -> str:
    """Give one way to say a model number."""
    nato = chance.random() < 0.25
    oh = chance.random() < 0.4
    words: list[str] = []
    for piece in model.split():
        if not CODE.match(piece) and len(piece) > 3:
            words.append(plain(piece))
            continue
        dash = chance.random() < 0.15
        for run in RUNS.findall(piece):
            if run == "-":
                words += ["dash"] if dash else []
            else:
                words += letters(run, nato=nato) if run.isalpha() else figures(run, chance)
    text = " ".join(words)
    return text.replace("zero", "oh") if oh else text


def letters(run: str, *, nato: bool) -> list[str]:
    """Say letters one by one."""
    return [SPELLED[letter] if nato else letter.lower() for letter in run.upper()]


def figures(run: str, chance: random.Random) -> Iterable[str]:
    """Say a run of digits: one by one, in pairs, or by hundreds."""
    way = chance.random()
    if way < 0.4 or run[0] == "0":
        return [DIGITS[int(digit)] for digit in run]
    if len(run) % 2 == 0 and way < 0.85:
        return chain(*(pair(run[at : at + 2]) for at in range(0, len(run), 2)))
    if len(run) == 3 and way < 0.85:
        return [DIGITS[int(run[0])], *pair(run[1:])]
    return plain(str(int(run))).split()


def pair(two: str) -> list[str]:
    """Say two digits as one figure, or apart when they begin with nought."""
    if two[0] == "0":
        return [DIGITS[int(digit)] for digit in two]
    if two[0] == "1":
        return [TEENS[int(two[1])]]
    return [TENS[int(two[0])], *([DIGITS[int(two[1])]] if two[1] != "0" else [])]

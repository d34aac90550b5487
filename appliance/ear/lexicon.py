"""The words that lie on this box: models, makers, customers, sites, contacts, jargon, standards, and how they sound."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from appliance.ear.alphabet import symbols
from appliance.ear.everyday import everyday
from appliance.ear.jargon import Jargon, load
from appliance.ear.sound import key
from appliance.ear.tokens import split

K = TypeVar("K")
V = TypeVar("V")
Kind = Literal["model", "maker", "name", "jargon", "standard"]
Care = Literal["", "trade", "maker", "count"]
RANK: tuple[str, ...] = ("model", "standard", "name", "maker", "jargon", "number")
LONG_WORDS = {
    "st": "street",
    "ave": "avenue",
    "blvd": "boulevard",
    "rd": "road",
    "dr": "drive",
    "ln": "lane",
    "hwy": "highway",
    "pkwy": "parkway",
    "bldg": "building",
    "mfg": "manufacturing",
}
LEGAL = frozenset({"inc", "llc", "co", "corp", "ltd", "corporation", "incorporated", "company"})
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
ACRONYM = re.compile(r"[A-Z][A-Z0-9&]{1,6}\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be meant."""

    kind: Kind
    text: str
    """As it is written."""
    maker: str = ""
    product: str = ""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One way to say an entry, in words."""

    words: tuple[str, ...]
    meant: str
    """What to write for it; the entry's text, or its plural."""
    entry: Entry
    care: Care = ""
    """What must stand near before it is believed: "" nothing, "trade" a word of the trade, "maker" a model or a word of
    the trade right behind, "count" a number right before."""

    @property
    def own(self) -> bool:
        """Are these the words it is written with, and no mis-hearing?"""
        return self.words == words_of(self.meant)

    @property
    def letters(self) -> str:
        """Its words run together."""
        return "".join(self.words)

    @property
    def sound(self) -> str:
        """Its phonetic key."""
        return "".join(key(word) for word in self.words)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every entry, indexed by spelling, by words and by sound. Build it with `Lexicon.build`."""

    entries: tuple[Entry, ...]
    spelled: Mapping[str, tuple[Entry, ...]]
    """Collapsed letters and digits to the entries written so."""
    prefixes: frozenset[str]
    """Every beginning of a key of `spelled`."""
    phrases: Mapping[str, tuple[Phrase, ...]]
    """First word to phrases, longest first."""
    joined: Mapping[str, Phrase]
    """Words run together to the phrase, five letters or more."""
    sounds: Mapping[str, tuple[Phrase, ...]]
    """Phonetic key to phrases, keys of five or more."""
    parts: Mapping[tuple[int, int, str], tuple[Phrase, ...]]
    """Number of words, place and word to the phrases of several words that have it there."""
    pool: tuple[Phrase, ...]
    """Phrases that an unknown word may be likened to."""
    pool_letters: tuple[str, ...]
    """Their words run together, in the same order."""
    context: frozenset[str]
    longest: int
    """Most words in a phrase."""
    models: Mapping[str, tuple[Entry, ...]] = field(default_factory=dict)
    """Collapsed model numbers that may be repaired by likeness."""

    asking: tuple[str, ...] = ()
    """How technicians ask, for a recogniser."""

    @classmethod
    def build(
        cls,
        models: Iterable[tuple[str, str, str]],
        makers: Iterable[str] = (),
        names: Iterable[str] = (),
        jargon: Jargon | None = None,
    ) -> "Lexicon":
        """Index what lies on the box. Some tens of milliseconds; do it when the catalogue or customers change.

        Args:
            models: model number, maker, product of each piece of equipment.
            makers: further makers; those of `models` come by themselves.
            names: customers, sites, contacts, addresses.
            jargon: words of the trade; None: the shipped file.

        Raises:
            EarError: the shipped jargon file cannot be read.
        """
        trade = load() if jargon is None else jargon
        entries = unique(collect(list(models), makers, names, trade))
        phrases = [phrase for entry in entries for phrase in ways(entry, trade)]
        spelled = index((symbols(entry.text), entry) for entry in entries if spellable(entry))
        pool = tuple(phrase for phrase in phrases if likenable(phrase))
        likened = tuple(phrase for phrase in pool if not ACRONYM.match(phrase.entry.text))
        return cls(
            entries=entries,
            spelled=spelled,
            prefixes=frozenset(text[:end] for text in spelled for end in range(1, len(text) + 1)),
            phrases=by_first(phrases),
            joined={phrase.letters: phrase for phrase in reversed(pool) if phrase.meant == phrase.entry.text},
            sounds=index((p.sound, p) for p in pool if len(p.sound) >= 5),
            parts=index(
                ((len(p.words), at, w), p) for p in pool if p.own and len(p.words) > 1 for at, w in enumerate(p.words)
            ),
            pool=likened,
            pool_letters=tuple(phrase.letters for phrase in likened),
            context=frozenset(trade.context),
            asking=tuple(trade.asking),
            longest=max((len(phrase.words) for phrase in phrases), default=1),
            models=index((symbols(e.text), e) for e in entries if e.kind == "model" and len(symbols(e.text)) >= 4),
        )

    def words(self, limit: int = 200) -> tuple[str, ...]:
        """Give the words a recogniser should listen for, most wanted first: ways of asking, then names and things."""
        order: dict[str, int] = {"name": 0, "maker": 1, "model": 2, "jargon": 3, "standard": 4}
        named = (entry.text for entry in sorted(self.entries, key=lambda e: order[e.kind]))
        return tuple(dict.fromkeys((*self.asking, *named)))[:limit]

    def texts(self) -> frozenset[str]:
        """Give the written form of every entry."""
        return frozenset(entry.text for entry in self.entries)


def collect(
    models: list[tuple[str, str, str]], makers: Iterable[str], names: Iterable[str], trade: Jargon
) -> Iterator[Entry]:
    """Give the entries in order of rank."""
    for model, maker, product in models:
        yield Entry("model", " ".join(model.split()), maker, product)
    for standard in trade.standard:
        yield Entry("standard", standard)
    for name in names:
        yield Entry("name", " ".join(name.split()))
    for maker in (*(maker for _, maker, _ in models), *makers):
        yield Entry("maker", " ".join(maker.split()))
    for term in dict.fromkeys((*trade.jargon, *trade.wary, *trade.counted)):
        yield Entry("jargon", term)


def unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Keep the first entry of each written form, and none that is empty."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if symbols(entry.text):
            first.setdefault(entry.text.lower(), entry)
    return tuple(first.values())


def likenable(phrase: Phrase) -> bool:
    """May words that sound like the phrase be taken for it? Not without letters enough, and never with a figure."""
    plain = not any(c.isdigit() for c in phrase.letters) and len(phrase.letters) >= 5
    return plain and not phrase.care and phrase.entry.kind in ("name", "maker", "jargon")


def spellable(entry: Entry) -> bool:
    """Do people spell the entry aloud: models, standards and acronyms?"""
    return entry.kind in ("model", "standard") or bool(ACRONYM.match(entry.text))


def words_of(text: str) -> tuple[str, ...]:
    """Give the spoken words of a written form: lower case, no marks, "&" as "and"."""
    return tuple(token.lower.replace("'", "").replace("\u2019", "") for token in split(text.replace("&", " and ")))


def ways(entry: Entry, trade: Jargon) -> Iterator[Phrase]:
    """Give every way to say `entry` in words."""
    if entry.kind == "model":
        return
    own = words_of(entry.text)
    plain = entry.kind in ("maker", "name") and len(own) == 1 and everyday(own[0])
    if not (ACRONYM.match(entry.text) and everyday(own[0])):  # "led" is a verb; LED is found by its spelling
        yield Phrase(own, entry.text, entry, "maker" if plain else "")
    for words in variants(entry):
        yield Phrase(words, entry.text, entry)
    for said in trade.jargon.get(entry.text, []) + trade.standard.get(entry.text, []):
        yield Phrase(words_of(said), entry.text, entry)
    for said in trade.wary.get(entry.text, []):
        yield Phrase(words_of(said), entry.text, entry, "trade")
    for said in trade.counted.get(entry.text, []):
        yield Phrase(words_of(said), entry.text, entry, "count")
    if entry.kind == "maker":
        for said in trade.maker.get(entry.text, []):
            yield Phrase(words_of(said), entry.text, entry, "maker")
    if entry.kind == "jargon" and entry.text.islower() and own[-1].isalpha() and not own[-1].endswith("s"):
        plural = "es" if own[-1].endswith(("ch", "x", "sh")) else "s"
        ending = own[-1][:-1] + "ies" if own[-1].endswith(("ty", "ry", "cy")) else own[-1] + plural
        yield Phrase((*own[:-1], ending), entry.text[: -len(own[-1])] + ending, entry)


def variants(entry: Entry) -> Iterator[tuple[str, ...]]:
    """Give other ways to say a maker's or customer's name: parts, letters, long words, without its legal form."""
    if entry.kind not in ("maker", "name"):
        return
    own = words_of(entry.text)
    other = {words_of(CAMEL.sub(" ", entry.text)), tuple(LONG_WORDS.get(word, word) for word in own)}
    capitals = [word for word in entry.text.split() if word.isalpha() and word.isupper() and len(word) <= 4]
    for capital in capitals:
        apart = tuple(capital.lower())
        other |= {spread(words, capital.lower(), apart) for words in (own, *other)}
    other |= {words[:-1] for words in (own, *other) if len(words) > 2 and words[-1] in LEGAL}
    yield from sorted(words for words in other if words != own and words)


def spread(words: tuple[str, ...], word: str, apart: tuple[str, ...]) -> tuple[str, ...]:
    """Give `words` with `word` said letter by letter."""
    return tuple(piece for one in words for piece in (apart if one == word else (one,)))


def index(pairs: Iterable[tuple[K, V]]) -> dict[K, tuple[V, ...]]:
    """Gather values by key."""
    found: defaultdict[K, list[V]] = defaultdict(list)
    for name, value in pairs:
        found[name].append(value)
    return {name: tuple(values) for name, values in found.items()}


def by_first(phrases: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    """Index phrases by first word, longest first; of equal words the first entry wins."""
    found: defaultdict[str, dict[tuple[str, ...], Phrase]] = defaultdict(dict)
    for phrase in phrases:
        if phrase.words:
            found[phrase.words[0]].setdefault(phrase.words, phrase)
    return {word: tuple(sorted(ways.values(), key=lambda p: -len(p.words))) for word, ways in found.items()}

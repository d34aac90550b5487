"""Two ears on one sound: a free recogniser writes the text, one that knows only this box's words corrects the names.

Decisions, all measured by `clara bench hearing` and fitted on sentences and voices that it does not measure:

- **Names alone are taken from the domain's ear**: models, standards, and terms and names of two words or more. Taken
  word by word it made people's free speech worse ("married" to "buried"), taken as a whole sentence far worse.
- **The place is found by sound** (`align`), because words rarely match: "make sour 16" stands where "x r sixteen" was
  heard. Where the two do not sound alike nothing is changed.
- **What only one of two heard is doubtful**: a model put in is named in `Transcript.doubtful`, to be read back. Between
  "4W-B" and "4W-D" no recogniser decides.
- The free ear decides whether anything was said at all; where it hears nothing, nothing was said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from appliance.ear.align import Alignment, Place
from appliance.ear.lexicon import RANK, Lexicon
from appliance.ear.phrases import listed
from appliance.ear.repair import repair
from appliance.ear.spelling import spelled
from appliance.ear.tokens import Edit, Token, apply, choose, split
from appliance.ports import Transcriber
from models.audio import Audio
from models.transcript import Transcript, Word

SURE_MODEL, SURE_TERM = 0.5, 0.6
"""Mean probability of a name's words from which the domain's ear is believed; terms are words that others use too."""
LIKE = 0.6
"""Likeness in sound of what the free ear wrote there, at least. All three: `python -m tests.bench.fit_hearing`."""
TERM_WORDS = 2
"""Words of a term or name, at least: single ones changed what people said freely."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the domain's ear heard."""

    meant: str
    model: bool
    start: int
    stop: int
    """Its words, as places."""


class TwoEars:
    """Hears with both. Safe to call from several threads where both are."""

    def __init__(self, free: Transcriber, domain: Transcriber, lexicon: Lexicon) -> None:
        """Keep the two and the names of this box; `domain` must tell its words one by one."""
        self._free = free
        self._domain = domain
        self._lexicon = lexicon

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Hear `audio`, leaning towards `words`. Raises as the two do."""
        text = self._free.transcribe(audio, words)
        return combine(text, self._domain.transcribe(audio, words), self._lexicon) if text.text else text


def combine(free: Transcript, domain: Transcript, lexicon: Lexicon) -> Transcript:
    """Give the free text with the names that the domain's ear heard; the free one as it is when there is none."""
    heard = [word.text for word in domain.words]
    tokens = split(free.text)
    found = names(heard, lexicon) if tokens else []
    if not found:
        return replace(free, engine=f"{free.engine}+{domain.engine}")
    alignment = Alignment(heard, [token.text for token in tokens])
    own = repair(free.text, lexicon).text
    edits: list[Edit] = []
    for name in found:
        place, sure = alignment.place(name.start, name.stop), mean(domain.words[name.start : name.stop])
        if believed(name, place, sure):
            edits.append(edit(name, place, tokens, sure * place.likeness))
    chosen = choose([one for one in edits if one.meant not in own])
    text, _ = apply(free.text, chosen)
    return Transcript(
        " ".join(text.split()),
        f"{free.engine}+{domain.engine}",
        confidence(free, chosen, len(tokens)),
        free.seconds,
        doubtful=tuple(one.meant.strip() for one in chosen if one.kind == "model"),
    )


def names(heard: Sequence[str], lexicon: Lexicon) -> list[Name]:
    """Give the names of the box in `heard`, exactly spelled or listed."""
    text = " ".join(heard)
    tokens = split(text)
    if len(tokens) != len(heard):
        return []
    exact, _ = spelled(text, tokens, lexicon)
    terms = [one for one, way in listed(tokens, lexicon) if len(way.words) >= TERM_WORDS]
    found: list[Name] = []
    for one in choose([*exact, *terms], RANK):
        inside = [at for at, token in enumerate(tokens) if one.start <= token.start < one.end]
        found.append(Name(one.meant, one.kind == "model", inside[0], inside[-1] + 1))
    return found


def believed(name: Name, place: Place, sure: float) -> bool:
    """Is the name to be put there?"""
    return sure >= (SURE_MODEL if name.model else SURE_TERM) and place.likeness >= LIKE


def edit(name: Name, place: Place, tokens: Sequence[Token], score: float) -> Edit:
    """Give the edit that writes the name in its place; where the free text has nothing there, between two words."""
    kind = "model" if name.model else "term"
    if place.stop > place.start:
        return Edit(tokens[place.start].start, tokens[place.stop - 1].end, name.meant, kind, score)
    if place.start < len(tokens):
        return Edit(tokens[place.start].start, tokens[place.start].start, f"{name.meant} ", kind, score)
    return Edit(tokens[-1].end, tokens[-1].end, f" {name.meant}", kind, score)


def mean(words: Sequence[Word]) -> float:
    """Give the mean confidence of some words."""
    return sum(word.confidence for word in words) / max(1, len(words))


def confidence(free: Transcript, edits: Sequence[Edit], words: int) -> float:
    """Give the mean over the words of the free text, where each name put in counts as one with its own."""
    return (free.confidence * words + sum(one.score for one in edits)) / (words + len(edits))

"""Two ears: names go where they sound alike, everything else stays as it was written freely."""

from collections.abc import Sequence

import numpy as np
import pytest

from appliance.ear.align import Alignment
from appliance.ear.lexicon import Lexicon
from appliance.ear.two import TwoEars, combine
from models.audio import Audio
from models.transcript import Transcript, Word
from tests.fakes import lexicon

LEXICON = lexicon.lexicon()


def free(text: str, confidence: float = 0.6) -> Transcript:
    """What the free ear wrote."""
    return Transcript(text, "free", confidence, 3.0)


def domain(text: str, confidence: float = 0.9) -> Transcript:
    """What the domain's ear heard."""
    words = tuple(Word(word, confidence) for word in text.split())
    return Transcript(text, "domain", confidence, 3.0, words)


@pytest.mark.parametrize(
    ("wrote", "heard", "meant"),
    [
        ("What's the charge of actually make sour 16?", "whats a charge a x r sixteen", "of actually XR16?"),
        ("The double you 7 sea, see three is down.", "a w seven z c three as down", "The W7ZC3 is down."),
        (
            "I have a carrier 5-0 or 4-0 or 3-0 here",
            "a carrier five zero a four zero three zero is",
            "carrier 50A4-030",
        ),
        ("The pulsation is stuck.", "of pull station it stuck", "The pull station is stuck."),
        ("See none of P A seventy two please", "she n f p a seventy two lease", "NFPA 72"),
    ],
)
def test_a_name_goes_where_it_sounds_alike(wrote: str, heard: str, meant: str) -> None:
    """The words around it are the free ear's."""
    assert meant in combine(free(wrote), domain(heard), LEXICON).text


@pytest.mark.parametrize(
    ("wrote", "heard"),
    [
        ("He married an amiable woman.", "the buried in a wheel woman"),
        ("My sister keeps three goats.", "my carrier x r sixteen notes"),
        ("We close at nine.", "the the the"),
    ],
)
def test_free_speech_stays(wrote: str, heard: str) -> None:
    """Words that are no names are never taken, nor names that sound like nothing written there."""
    assert combine(free(wrote), domain(heard), LEXICON).text == wrote


def test_a_name_that_the_second_ear_doubts_stays_out() -> None:
    """Its own probability decides."""
    wrote = free("What's the charge of actually make sour 16?")

    assert combine(wrote, domain("whats a charge a x r sixteen", 0.3), LEXICON).text == wrote.text


def test_a_model_of_one_ear_alone_is_doubtful() -> None:
    """It is to be read back; where both heard it, it is not."""
    alone = combine(free("The tray neck sour sixteen is down"), domain("the trane x r sixteen is down"), LEXICON)
    both = combine(free("The Trane XR 16 is down"), domain("the trane x r sixteen is down"), LEXICON)

    assert alone.doubtful == ("XR16",)
    assert both.doubtful == ()


def test_the_confidence_is_between_the_two() -> None:
    """A name put in counts as one word."""
    wrote = free("The tray neck sour sixteen is down", 0.5)
    heard = combine(wrote, domain("the trane x r sixteen is down", 1.0), LEXICON)

    assert 0.5 < heard.confidence < 1.0
    assert heard.engine == "free+domain"
    assert heard.seconds == wrote.seconds


class Ear:
    """Hears always the same."""

    def __init__(self, heard: Transcript) -> None:
        self.heard = heard
        self.asked = 0

    def transcribe(self, audio: Audio, words: Sequence[str] = ()) -> Transcript:
        """Give it."""
        del audio, words
        self.asked += 1
        return self.heard


def test_where_the_free_ear_hears_nothing_nothing_was_said() -> None:
    """The second ear, which makes words of anything, is not even asked."""
    second = Ear(domain("the carrier fifty t c q a zero six"))
    nothing = Transcript("", "free", 0.0, 1.0)

    heard = TwoEars(Ear(nothing), second, LEXICON).transcribe(Audio(np.zeros(16_000, np.float32), 16_000))

    assert heard == nothing
    assert second.asked == 0


def test_the_lexicon_decides_what_a_name_is() -> None:
    """On a box without that model the letters are only letters."""
    bare = Lexicon.build([], [], [])
    wrote = free("The tray neck sour sixteen is down")

    assert combine(wrote, domain("the trane x r sixteen is down"), bare).text == wrote.text


@pytest.mark.parametrize(
    ("here", "there", "stretch", "place"),
    [
        ("go x r sixteen now", "go make sour 16 now", (1, 4), (1, 4)),
        ("pull station", "the pulsation", (0, 2), (1, 2)),
        ("one two", "one two", (1, 2), (1, 2)),
        ("alpha bravo", "", (0, 1), (0, 0)),
    ],
)
def test_a_stretch_finds_its_place(here: str, there: str, stretch: tuple[int, int], place: tuple[int, int]) -> None:
    """By sound, to whole words; into nothing where there is nothing."""
    found = Alignment(here.split(), there.split()).place(*stretch)

    assert (found.start, found.stop) == place

"""espeak-ng: one library for the whole process."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import EngineError
from models.espeak import Espeak
from models.sentences import sentences


def seconds(engine: Espeak, text: str) -> float:
    """How long it speaks."""
    return sum(audio.seconds for audio in engine.synthesize(text))


def test_an_unknown_voice_is_refused_by_name() -> None:
    """A typing error in the settings is told at once, not spoken in another voice."""
    with pytest.raises(EngineError, match="no voice 'klingon-xx'"):
        Espeak("klingon-xx")


def test_two_voices_do_not_mix() -> None:
    """The library keeps one voice; each object speaks in its own, also when both speak at once."""
    quick, slow = Espeak(wpm=220), Espeak("en-us+f3", wpm=110)
    text = "Close the control valve."
    alone = seconds(quick, text), seconds(slow, text)
    with ThreadPoolExecutor(2) as pool:
        together = [(pool.submit(seconds, quick, text), pool.submit(seconds, slow, text)) for _ in range(4)]

    assert alone[1] > 1.3 * alone[0]
    for first, second in together:
        assert (first.result(), second.result()) == pytest.approx(alone, rel=0.01)


def test_speed_is_kept_within_what_the_library_takes() -> None:
    """A speed out of bounds is spoken at the nearest the library can."""
    fastest = sum(audio.seconds for audio in Espeak().synthesize("Close the valve.", 100.0))

    assert 0.2 < fastest < 1.0


def test_markup_is_text() -> None:
    """Neither SSML nor phonemes in a document steer the voice."""
    plain, marked = seconds(Espeak(), "hello"), seconds(Espeak(), "[[h@'loU]] <break time='9s'/>")

    assert plain < marked < plain + 9


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("Section 13.4.5.2 at 4.5 psi.", ["Section 13.4.5.2 at 4.5 psi."]),
        ("Use No. 5 wire. Done.", ["Use No. 5 wire.", "Done."]),
        ("Fill the piano. Then play.", ["Fill the piano.", "Then play."]),
        ('He said "stop." Then left.', ['He said "stop."', "Then left."]),
        ("First line\nSecond line", ["First line", "Second line"]),
        ("Ends with approx.", ["Ends with approx."]),
        (" \n. ", []),
    ],
)
def test_sentences_end_where_people_pause(text: str, parts: list[str]) -> None:
    """Not inside a number, not at an abbreviation, and at every line's end."""
    assert sentences(text) == parts

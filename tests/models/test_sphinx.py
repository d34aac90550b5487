"""Sphinx: learns the box's own words once, says how sure it is, and does without chance."""

# ruff: noqa: RUF001 - these letters are phonetic signs

from pathlib import Path

import numpy as np
import pytest

from models.arpabet import arpabet
from models.audio import Audio
from models.errors import EngineError
from models.espeak import Espeak
from models.sphinx import Sphinx
from models.sphinx_grammar import grammar, pronounced
from tests.fakes.recording import voice

SENTENCES = [
    "how often is the tamper switch tested",
    "is the fire pump tested every week",
    "the fire pump is leaking",
    "the carrier fifty t c q a zero six",
    "open the o s and y valve",
]


@pytest.fixture(scope="module")
def sphinx(tmp_path_factory: pytest.TempPathFactory) -> Sphinx:
    """A decoder of five sentences."""
    return Sphinx(tmp_path_factory.mktemp("sphinx"), "five", lambda: SENTENCES)


def test_what_it_knows_is_heard_word_by_word(sphinx: Sphinx) -> None:
    """A letter-by-letter model comes out as its words, each with a probability."""
    heard = sphinx.transcribe(voice("The Carrier fifty T C Q A zero six."))

    assert heard.text == "the carrier fifty t c q a zero six"
    assert [word.text for word in heard.words] == heard.text.split()
    assert all(0.0 <= word.confidence <= 1.0 for word in heard.words)


def test_other_words_are_heard_with_less_confidence(tmp_path: Path) -> None:
    """Whatever is said becomes words that it knows; how sure it is tells."""
    everything = Sphinx(tmp_path, "five", lambda: SENTENCES, limit=0.0)
    known = everything.transcribe(voice("How often is the tamper switch tested?"))
    other = everything.transcribe(voice("Could you pass me the marmalade and the blue teapot?"))

    assert other.text
    assert other.confidence < known.confidence


def test_what_was_heard_before_does_not_matter(sphinx: Sphinx) -> None:
    """The decoder adapts to a speaker by itself; every utterance begins anew."""
    question, loud = voice("How often is the tamper switch tested?"), np.random.default_rng(0).uniform(-1, 1, 32_000)
    first = sphinx.transcribe(question)
    sphinx.transcribe(Audio(loud.astype(np.float32), 16_000))

    assert sphinx.transcribe(question) == first


def test_the_language_model_is_made_once_for_a_revision(tmp_path: Path) -> None:
    """The sentences are asked for once; another revision asks again and takes the old files away."""
    asked: list[int] = []

    def sentences() -> list[str]:
        asked.append(1)
        return SENTENCES

    first = grammar(tmp_path, "a", sentences)
    assert grammar(tmp_path, "a", sentences) == first
    assert len(asked) == 1
    second = grammar(tmp_path, "b", sentences)
    assert len(asked) == 2
    assert [path.name for path in tmp_path.iterdir()] == [second.words.parent.name]


def test_no_sentences_is_an_error(tmp_path: Path) -> None:
    """A decoder without words would hear nothing and say nothing."""
    with pytest.raises(EngineError, match="no sentences"):
        Sphinx(tmp_path, "none", lambda: ["  "])


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    """Named, so that a person can do something."""
    (tmp_path / "file").write_text("mine")

    with pytest.raises(EngineError, match="cannot keep its words"):
        Sphinx(tmp_path / "file", "a", lambda: SENTENCES)


def test_damaged_files_are_an_error(tmp_path: Path) -> None:
    """Half a language model is refused."""
    made = grammar(tmp_path, "a", lambda: SENTENCES)
    made.language.write_text("\\data\\\nngram 1=3\n")

    with pytest.raises(EngineError, match="cannot load"):
        Sphinx(tmp_path, "a", lambda: SENTENCES)


def test_unknown_words_are_said_as_espeak_says_them() -> None:
    """The CMU dictionary's ways for what it has, espeak-ng's for the rest."""
    lines = dict(line.split(" ", 1) for line in pronounced({"valve", "preaction", "often"}))

    assert lines["valve"] == "V AE L V"
    assert lines["preaction"] == arpabet(Espeak.phonemes("preaction"))
    assert {"often", "often(2)"} <= lines.keys()


@pytest.mark.parametrize(
    ("ipa", "said"),
    [("ˈtæmpɚ", "T AE M P ER"), ("dʒˈɑːki", "JH AA K IY"), ("fˈaɪɚ", "F AY ER"), ("", ""), ("ˈˌ", "")],
)
def test_phonetic_signs_become_arpabet(ipa: str, said: str) -> None:
    """Stress marks are no sounds; long signs go before the short ones in them."""
    assert arpabet(ipa) == said

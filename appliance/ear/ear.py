"""The ear: words in, an utterance out."""

from dataclasses import replace

from appliance.ear.again import Vocabulary
from appliance.ear.ending import unfinished
from appliance.ear.errors import EarError
from appliance.ear.lexicon import Lexicon
from appliance.ear.repair import repair
from appliance.ear.utterance import Utterance

LONGEST = 2_000
"""Characters a person may say at once; a minute of fast talk is about 1,000."""


class Ear:
    """Hears with one lexicon, and again with the words of the texts."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary | None = None) -> None:
        self.lexicon = lexicon
        self._vocabulary = vocabulary

    def hear(self, text: str) -> Utterance:
        """Give what the technician said.

        Raises:
            EarError: `text` is empty, or longer than 2,000 characters.
        """
        if not text.strip():
            raise EarError("nothing was said: say or type a question")
        if len(text) > LONGEST:
            raise EarError(f"{len(text):,} characters are too many for one question: at most {LONGEST:,}")
        return repair(text, self.lexicon)

    def unfinished(self, text: str) -> bool:
        """Tell whether somebody who says this will say more."""
        return not 0 < len(text.strip()) <= LONGEST or unfinished(self.hear(text))

    def again(self, utterance: Utterance) -> Utterance | None:
        """Give what else was perhaps said, when what was heard is answered by nothing; None: nothing comes to mind."""
        if self._vocabulary is None:
            return None
        text = self._vocabulary.again(utterance.text)
        return None if text == utterance.text else replace(self.hear(text), raw=utterance.raw)

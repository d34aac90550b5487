"""The ear: words in, an utterance out."""

from appliance.ear.errors import EarError
from appliance.ear.lexicon import Lexicon
from appliance.ear.repair import repair
from appliance.ear.utterance import Utterance

LONGEST = 2_000
"""Characters a person may say at once; a minute of fast talk is about 1,000."""


class Ear:
    """Hears with one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

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

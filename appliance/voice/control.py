"""What is said to the conversation itself: handled at once, by no model.

Decisions: a command is a whole utterance; "stop the pump" is a sentence for the box, not for its voice. Fillers around
it ("Clara, stop please") are taken off first.
"""

import re
from enum import Enum


class Command(Enum):
    """What the conversation can be told."""

    STOP = "stop"
    REPEAT = "repeat"
    SPELL = "spell"


_SAID: dict[str, Command] = {
    **dict.fromkeys(
        ("stop", "stop it", "stop talking", "cancel", "cancel that", "never mind", "nevermind", "forget it", "quiet",
         "be quiet", "shut up", "enough", "that's enough", "hush", "wait", "hold on", "hang on", "stop stop",
         "stop stop stop", "wait wait", "no stop", "that'll do", "skip it"),
        Command.STOP,
    ),
    **dict.fromkeys(
        ("repeat", "repeat that", "repeat it", "say again", "say that again", "say it again", "again", "once more",
         "one more time", "come again", "pardon", "sorry", "sorry what", "what", "what was that", "what did you say",
         "i didn't hear that", "i didn't catch that", "i missed that", "excuse me"),
        Command.REPEAT,
    ),
    **dict.fromkeys(
        ("spell", "spell it", "spell that", "spell it out", "spell that out", "spell it for me", "letter by letter",
         "can you spell that", "can you spell it", "how do you spell that", "how do you spell it"),
        Command.SPELL,
    ),
}  # fmt: skip
BACKCHANNELS = frozenset(
    "okay ok k yeah yep yes yup ya mm mhm mmhm hm hmm mmm uh huh uhhuh ah aha oh right sure good great fine alright "
    "all i see got it nice cool so well um er".split()
)
"""Words of which an utterance over an answer only says "I am listening"."""
_FILLERS = re.compile(
    r"^(?:(?:hey|okay|ok|hi|uh|um|clara|please|now)\s+)+|(?:\s+(?:please|clara|now|thanks|thank you))+$"
)
_DICTATION = re.compile(
    r"^(?:(?:okay|ok|clara|hey|please|and|uh|um|now)\s+)*(?:log|note|record|write(?: this| that)? down|take (?:a|this) "
    r"(?:note|down)|add (?:a|this) (?:note|deficiency|reading)|dictate|put down|static|residual|enter)\b"
)


def command(text: str) -> Command | None:
    """Give the command that an utterance is, or None when it is something else."""
    return _SAID.get(_bare(text)) or _SAID.get(words(text))


def backchannel(text: str) -> bool:
    """Tell whether an utterance only shows that somebody listens."""
    said = words(text).replace("-", " ").split()
    return 0 < len(said) <= 4 and command(text) is None and BACKCHANNELS.issuperset(said)


def dictating(text: str) -> bool:
    """Tell whether an utterance begins as dictation, in which people think between words."""
    return _DICTATION.match(words(text)) is not None


def words(text: str) -> str:
    """Give an utterance's words, plain, in small letters."""
    return " ".join(re.findall(r"[a-z0-9'&/.-]*[a-z0-9]", text.lower().replace("\u2019", "'")))


def _bare(text: str) -> str:
    return _FILLERS.sub("", words(text))

"""Whether somebody who has said this will say more: an utterance that stops in the midst of something.

Decisions: by rule, on words alone. It only decides how long a pause is waited out, so a wrong guess costs three
quarters of a second, or a question that is answered before its end.
"""

import re

from appliance.ear.utterance import Utterance

OPEN = frozenset(
    "a an the this that these those my our your their his her its of for from at in on to with by about into per "
    "between under over and or but nor than as if when while because is are was were be been does do did has "
    "have had can could should would will may must how what what's whats which who whose where how's who's "
    "where's please um uh er hey clara carrier trane lennox model number serial part section nfpa every "
    "each any".split()
)
"""Words after which a sentence goes on."""
_SYMBOL = re.compile(
    r"(?:[a-z]|\d{1,2}|oh|zero|one|two|three|four|five|six|seven|eight|nine|ten|double|triple|dash|hyphen|slash)\.?"
)
"""One sign of something that is being spelled."""
SPELLED = 2
"""Signs in a row that are spelling."""


def unfinished(utterance: Utterance) -> bool:
    """Tell whether more will come: the last word is open, or a name is being spelled and is not one that is known."""
    said = re.findall(r"[\w'./-]+", utterance.raw.lower().replace("\u2019", "'"))
    if not said or said[-1].strip(".") in OPEN:
        return True
    spelled = 0
    for word in reversed(said):
        if not all(_SYMBOL.fullmatch(part) for part in re.split(r"[-.]", word) if part):
            break
        spelled += 1
    if spelled < SPELLED:
        return False
    ends = utterance.text.rstrip(" .?!").endswith
    return not any(ends(repair.meant) for repair in utterance.repairs if repair.kind == "model")

"""Yes or no, said to a question of ours; whatever else is said is neither."""

import re

_YES = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|yup|sure(?: thing)?|ok(?:ay)?|all right|alright|please|absolutely|definitely|of course|"
    r"affirmative|go (?:ahead|for it)|do (?:it|that|so)|add (?:it|that)(?: to (?:the|your) (?:library|box))?|"
    r"(?:get|take|fetch|download) (?:it|that)|please do|you (?:may|can|should)|clara|thanks?(?: you)?)\W*)+$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^\W*(?:(?:no|nope|nah|not? (?:now|yet|thanks?(?: you)?)|"
    r"don'?t(?: (?:add|get|take|fetch|download|do) (?:it|that))?|do not|never ?mind|cancel(?: (?:it|that))?|"
    r"leave (?:it|that)(?: out)?|forget (?:it|that)|stop|skip it|clara|thanks?(?: you)?)\W*)+$",
    re.IGNORECASE,
)
_MANNERS = re.compile(r"\b(?:clara|thanks?|thank|you|please)\b|\W+", re.IGNORECASE)


def consent(text: str) -> bool | None:
    """Read a reply: True for a yes, False for a no, None for anything else."""
    plain = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if _NO.match(plain):
        return False if _MANNERS.sub("", plain) else None
    if _YES.match(plain):
        # "Thanks, Clara" is polite, and agrees to nothing; "please" does.
        return True if _MANNERS.sub("", re.sub("please", "yes", plain, flags=re.IGNORECASE)) else None
    return None

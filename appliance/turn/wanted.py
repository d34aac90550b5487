"""Is a manual asked for, and which: what is left of "find me the manual for …" without the asking.

Decisions: only an order or a request that opens the sentence asks for a manual. "What does the manual say about …",
"the manual pull station" and "automatic or manual" are questions about the work, and stay what they are.
"""

import re

_KINDS = (
    r"(?:(?:owner|user|operator)'?s?|install(?:ation|er)?|programming|service|maintenance|operating|operation|wiring|"
    r"technical|reference|quick[- ]start|product)"
)
_PAPER = (
    r"(?:manuals?|handbooks?|data ?-?sheets?|spec(?:ification)? sheets?|cut ?-?sheets?|brochures?|"
    rf"{_KINDS} (?:guides?|instructions?|documentation|literature))"
)
_OTHER = (
    r"(?:sections?|chapters?|paragraphs?|tables?|pages?|what|how|when|where|why|which|who|whether|if|in|from|of|by|per|"
    r"for|to|on|at|with|is|are|was|were|does|do|did|has|must|should|says?|between|than|versus|vs|or|not)"
)
"""Words that do not stand between an order and the paper that is ordered."""
_THING = rf"(?:(?!{_OTHER}\b)[\w/&.'-]+\s+)"
_ONE = rf"(?<!and )(?<!or ){_PAPER}"
_AFTER = r"(?=\W*$|,|\s+(?:for|of|to|on|from|about|please|now|online)\b)"
_CALL = r"^\W*(?:(?:hey |hi |ok |okay )?clara\W+)?(?:please )?"
_ASK = (
    r"(?:(?:can|could|would|will) (?:you|we|I) (?:please )?|I(?:'d| would) like (?:you )?to |"
    r"I (?:need|want) (?:you )?to |let's )?"
)
_WEB = r"(?:web|internet|net)"
_FIND = (
    r"(?:find|get|fetch|grab|download|locate|pull|bring|show|send|open|dig|add|"
    rf"look(?: up| for| online for| on the {_WEB} for)|search(?: for| online for| (?:on )?the {_WEB} for))"
)
_HAVE = (
    r"(?:do (?:you|we) (?:already )?have|have (?:you|we)(?: got)?|(?:is|are) there|I(?:'m| am) looking for|"
    r"I (?:need|want|could use)|I(?:'d| would) like|where(?:'s| is| are| (?:can|do|could) (?:I|we) (?:find|get))|"
    r"(?:can|could|may) (?:I|we) (?:have|see))"
)
_ARTICLE = r"(?:(?:me|us|up|out)\s+)?(?:(?:the|an?|any|some|another)\s+)?"
_ORDER = re.compile(rf"{_CALL}(?:{_ASK}{_FIND}|{_HAVE})\s+{_ARTICLE}{_THING}{{0,8}}{_ONE}{_AFTER}", re.IGNORECASE)
_SHORT = re.compile(rf"{_CALL}(?:the )?{_PAPER} (?:for|of)\b", re.IGNORECASE)
"""No verb: "manual for the Notifier NFS2-3030"."""
_NAMED = re.compile(
    rf"^(?=.*\d)\W*(?:the )?(?:(?!(?:can|an?|and|log|record|note)\b){_THING}){{1,5}}{_ONE}(?: please)?\W*$",
    re.IGNORECASE,
)
"""No verb, and the model first: "Notifier NFS2-3030 manual"."""

LONGEST = 400
"""Characters looked at."""
MOST = 160
"""Characters of what is wanted that are read back."""
LEADS = frozenset(
    """please hey hi ok okay clara can could would will may you we i i'd i'm me us up out to and like need want have
    has got already find get fetch grab download locate pull bring show send open dig look looking search searching for
    add use online on web internet net the a an any some do is are there where where's here see another""".split()
)
"""Words before it that only ask."""
TRAILS = frozenset(
    """please now thanks thank you online web internet net on the for me us here box library anywhere somewhere
    to""".split()
)
"""Words after it that only ask."""
PAPERS = frozenset(
    """manual manuals handbook handbooks datasheet datasheets data sheet sheets spec specification cut cutsheet
    cutsheets brochure brochures guide guides instruction instructions documentation literature owner's owners user
    user's users installation install installer programming operation operator's operating service maintenance wiring
    technical reference quick start quick-start product""".split()
)
"""Words that name the paper, not what it is about."""
VAGUE = frozenset(
    """the a an any some for of to on about with and unit units device devices thing things one ones equipment model
    right correct same other""".split()
)
"""Words that name nothing by themselves."""
POINTING = frozenset("this that these those it its my our your their here there".split())
"""Words that point at something which the box does not see."""
POINTED = frozenset("panel panels system systems pump pumps valve valves detector detectors extinguisher".split())
"""What is pointed at; "this panel" names no panel."""


def asks(text: str) -> bool:
    """Say whether a text asks for a manual."""
    plain = text[:LONGEST].replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return any(pattern.search(plain) for pattern in (_ORDER, _SHORT, _NAMED))


def wanted(text: str) -> str:
    """Give what is wanted, without article: "manual for the Notifier NFS2-3030".

    >>> wanted("Can you find me the manual for the Notifier NFS2-3030, please?")
    'manual for the Notifier NFS2-3030'
    """
    words = text.split()
    while words and _bare(words[0]) in LEADS:
        del words[0]
    while words and _bare(words[-1]) in TRAILS:
        del words[-1]
    return " ".join(words)[:MOST].strip(" .,;:!?")


def names_something(subject: str) -> bool:
    """Say whether it names what the manual is about; "the manual for this one" does not."""
    words = {_bare(word) for word in subject.split()} - {""}
    return bool(words - PAPERS - VAGUE - POINTING - (POINTED if words & POINTING else frozenset()))


def _bare(word: str) -> str:
    return re.sub(r"^[^\w]+|[^\w]+$", "", word.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))

"""Money, telephone numbers, addresses of the net: figures that are read their own way."""

import re

from appliance.mouth.letters import bond, letters, mailbox
from appliance.mouth.numerals import digits, number, whole
from appliance.mouth.piece import Rule, rule

SCALES = {"k": "thousand", "m": "million", "b": "billion"}
SUM = r"(\d[\d,]*)(?:\.(\d+))?(?:\s?([KkMmBb]|thousand|million|billion)\b)?"
PHONE = r"(?<![\w.])(?:\+?(1)[ .-]?)?\(?(\d{3})\)?[ .-](\d{3})[ .-](\d{4})(?:\s?(?:x|ext\.?)\s?(\d+))?(?![\w-])"

LOCAL = (
    r"(\b(?:[Cc]all|[Pp]hone|[Tt]el|[Dd]ial|[Ff]ax|[Nn]umber|[Aa]t)[.:]?\s+)(\d{3})-(\d{4})"
    r"(?![\w-]|\s?(?:psi|gpm|rpm|V|ft)\b)"
)


def amount(units: str, cents: str | None, scale: str | None) -> tuple[str, str]:
    """Read a sum; give it without and with its dollars."""
    if scale:
        said = f"{number(units + (f'.{cents}' if cents else ''))} {SCALES.get(scale.lower(), scale.lower())}"
        return said, f"{said} dollars"
    if cents is None or len(cents) != 2:
        said = number(units + (f".{cents}" if cents else ""))
        return said, f"{said} dollar{'s' * (said != 'one')}"
    coins = f"{whole(str(int(cents)))} cent{'s' * (int(cents) != 1)}"
    if not int(cents):
        said = whole(units)
        return said, f"{said} dollar{'s' * (said != 'one')}"
    if units == "0":
        return coins, coins
    said = f"{whole(units)} dollar{'s' * (units != '1')} and {coins}"
    return said, said


def money(match: re.Match[str]) -> str:
    """Read "$450K" as "four hundred fifty thousand dollars", "$1,200-$2,500" as a range."""
    first = amount(match[1], match[2], match[3])
    if match[4] is None:
        return first[1]
    return f"{first[0]} to {amount(match[4], match[5], match[6])[1]}"


def phone(match: re.Match[str]) -> str:
    """Read a telephone number digit by digit, in its groups."""
    country, *groups, extension = match.groups()
    said = ", ".join(digits(group) for group in (country, *groups) if group)
    return f"{said}, extension {digits(extension)}" if extension else said


def zip_code(match: re.Match[str]) -> str:
    """Read "CA 94105" letter by letter, digit by digit."""
    said = bond(letters(match[1]), digits(match[2]))
    return f"{said}, {digits(match[3])}" if match[3] else said


RULES: tuple[Rule, ...] = (
    rule(r"(?:https?://|www\.)[^\s)>\]]*[^\s)>\].,;:?!]", lambda _: "a link"),
    rule(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", lambda match: mailbox(match[0])),
    rule(PHONE, phone),
    rule(LOCAL, lambda match: f"{match[1]}{digits(match[2])}, {digits(match[3])}"),
    rule(r"\b([A-Z]{2}) (\d{5})(?:-(\d{4}))?(?![\w-])", zip_code),
    rule(rf"\$\s?{SUM}(?:\s?[-\u2013\u2014]\s?\$?{SUM})?", money, figure=True),
)

"""Figures and dates of a sheet as a person sees them, from the value and its number format."""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

_PIECE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]', re.DOTALL)
_PLACES = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([#0?]*))?|\.([#0?]+)")
_TOKEN = re.compile(r"y+|m+|d+|h+|s+|am/pm|a/p|.", re.IGNORECASE | re.DOTALL)
_CLOCK = re.compile(r"[hs]|am/pm", re.IGNORECASE)


def shown(value: object, number_format: str = "General") -> str:
    """Write a cell's value as its sheet shows it.

    >>> shown(0.125, "0.0%"), shown(1250, '#,##0" psi"'), shown(True), shown(24.0)
    ('12.5%', '1,250 psi', 'TRUE', '24')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _moment(value, number_format)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    if isinstance(value, int | float):
        return _figure(value, number_format)
    return str(value)


def _figure(value: float, number_format: str) -> str:
    sections = _sections(number_format)
    chosen = sections[0]
    if len(sections) > 1 and value < 0:
        chosen, value = sections[1], -value
    elif len(sections) > 2 and value == 0:
        chosen = sections[2]
    before, places, after = _pattern(chosen)
    if places is None:
        return (before or _plain(value)) if chosen.strip().lower() not in {"general", "@", ""} else _plain(value)
    if "E+" in chosen.upper() or "/" in places:
        return _plain(value)
    # A comma behind the last digit's place shows thousands.
    thousands = len(after) - len(after.lstrip(","))
    after = after.lstrip(",")
    figure = _written(value * (100 if "%" in chosen else 1) / 1000**thousands, places)
    sign = "-" if figure.startswith("-") and before else ""
    return f"{sign}{before}{figure.removeprefix('-') if sign else figure}{after}".strip()


def _written(value: float, places: str) -> str:
    point = places.find(".")
    decimals = places[point + 1 :] if point >= 0 else ""
    least = len(decimals.replace("#", "").replace("?", ""))
    text = f"{value:{',' if ',' in places else ''}.{len(decimals)}f}"
    while len(decimals) > least and "." in text and text.endswith("0"):
        text, decimals = text[:-1], decimals[:-1]
    whole = re.match(r"0*", places)
    width = whole.end() if whole else 0
    return text.rstrip(".").zfill(width) if width > 1 and point < 0 else text.rstrip(".")


def _plain(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"


@lru_cache(maxsize=512)
def _sections(number_format: str) -> list[str]:
    found, quoted = [""], False
    for letter in number_format[:255]:
        quoted ^= letter == '"'
        if letter == ";" and not quoted:
            found.append("")
        else:
            found[-1] += letter
    return found


@lru_cache(maxsize=512)
def _pattern(section: str) -> tuple[str, str | None, str]:
    """Take a section apart: words in front, digits' places (None when it has none), words behind."""
    literals: list[str] = []

    def keep(found: re.Match[str]) -> str:
        currency = re.match(r"\[\$([^-\]]*)", found.group())
        literals.append(found[1] or found[2] or (currency[1] if currency else ""))
        return chr(0xE000 + len(literals) - 1)

    bare = _PIECE.sub(keep, section)

    def restored(text: str) -> str:
        return "".join(literals[ord(sign) - 0xE000] if "\ue000" <= sign <= "\uf8ff" else sign for sign in text)

    places = _PLACES.search(bare)
    if places is None:
        return restored(bare).strip(), None, ""
    tail = bare[places.end() :]
    if re.match(r"\s*[#0?]*/", tail):
        return "", "/", ""
    return restored(bare[: places.start()]), places.group(), restored(tail)


def _moment(value: datetime | date | time, number_format: str) -> str:
    """Write a date or a time of day in its format's own order."""
    bare = _PIECE.sub(lambda found: f"\0{found[1] or found[2] or ''}\0", _sections(number_format)[0])
    if not re.search(r"[ymdhs]", re.sub(r"\0[^\0]*\0", "", bare), re.IGNORECASE) or "general" in bare.lower():
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    twelve = re.search(r"am/pm|a/p", bare, re.IGNORECASE) is not None
    found: list[str] = []
    clock = False
    for part, piece in enumerate(bare.split("\0")):
        if part % 2:
            found.append(piece)
            continue
        tokens = _TOKEN.findall(piece)
        for place, token in enumerate(tokens):
            after = next((later for later in tokens[place + 1 :] if later.isalpha()), "")
            is_minute = token[0] in "mM" and len(token) < 3 and (clock or after[:1] in {"s", "S"})
            found.append(_token(value, token, is_minute=is_minute, twelve=twelve))
            clock = _CLOCK.match(token) is not None if token.isalpha() else clock
    return "".join(found).strip()


def _token(value: datetime | date | time, token: str, *, is_minute: bool, twelve: bool) -> str:
    kind, count = token[0].lower(), len(token)
    if is_minute:
        code = "%M"
    elif kind == "h":
        code = "%I" if twelve else "%H"
    elif token.lower() in {"am/pm", "a/p"}:
        code = "%p"
    else:
        long = {"y": "%Y" if count > 2 else "%y", "m": ("%m", "%m", "%b", "%B")[min(count, 4) - 1], "s": "%S"}
        long["d"] = ("%d", "%d", "%a", "%A")[min(count, 4) - 1]
        code = long.get(kind, "")
    if not code:
        return token
    text = value.strftime(code)
    return text.lstrip("0") or "0" if count == 1 and text.isdigit() else text

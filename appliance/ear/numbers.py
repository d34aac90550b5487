"""Spoken numbers to digits: "three hundred fifty five point five" is 355.5, "section thirteen four two" is 13.4.2.

Words that only look like numbers stay: "one of the", "first", "a second", "for", "to", "oh".
"""

import re
from collections.abc import Sequence
from fractions import Fraction

from appliance.ear.cardinal import NUMBER_WORDS, ONES, ZEROS, small, word
from appliance.ear.figure import SINGULAR, Figure, fraction_behind, halves, ordinal, points, unit_and_half, whole
from appliance.ear.tokens import Edit, Token, apply, split

SECTIONS = frozenset({"section", "sections", "table", "tables", "paragraph", "clause", "annex", "chapter", "sec"})
"""Words behind which figures in a row are one dotted number."""
K_FACTORS = frozenset(
    "1.4 1.9 2.8 4.2 4.4 5.6 8.0 11.2 14.0 16.8 19.6 22.4 25.2 28.0 33.6".split(),
)
"""Nominal K-factors of sprinklers in gpm/psi^0.5, as makers print them: "K five six" is K 5.6."""
COUNTED = frozenset(
    "psi gpm inch inches foot feet volt volts amp amps milliamp milliamps gallon gallons pound pounds percent degree "
    "degrees year years "
    "month months week weeks day days hour hours minute minutes second seconds head heads ohm ohms watt watts hertz "
    "ton tons gpm cfm rpm dba bar".split()
)
"""Words behind a lone "one" that make it a figure."""
NUMBERED = frozenset({"number", "zone", "floor", "type", "class", "step", "level", "nfpa", "ul", *SECTIONS})
"""Words before a lone "one" that make it a figure."""
HEADS = frozenset("head heads sprinkler sprinklers orifice orifices nozzle pendent upright sidewall esfr k".split())
"""Words behind which two figures are the K-factor of a sprinkler: "a five six head"."""
PLURALS = {"twos": "2", "fours": "4", "sixes": "6", "eights": "8"}
"""Last figures of K-factors, of several heads: "five sixes"."""
WATER = frozenset(
    "psi gpm gallon gallons pound pounds flow flows flowing head heads head's sprinkler sprinklers sprinkler's".split()
)
"""Words in whose company two figures may be a K-factor that nobody calls so: "eleven two, thirty five psi"."""
BEFORE_K = frozenset(
    "a an the of off on from through behind with it's its is are that's they're these coverage response standard "
    "ordinary regular".split()
)
"""What may stand before such a K-factor; any other word may number something ("riser four two")."""
AROUND = frozenset({"to", "or", "and", "through"})
NOT_BEFORE_POINT = frozenset(
    "set dew test data end the this that a at boiling melting freezing starting access".split()
)
JOINED_K = re.compile(r"k\d{1,2}\Z")
K_WRITTEN = re.compile(r"\b[Kk](?:\s*-\s*|\s?)(\d{1,2}\.\d)\b")
NAMED = {name: str(figure) for name, figure in ONES.items()}
SLASH = re.compile(
    r"\b(\d+) slash (\d+)\b(?!\.\d)|(?<=[Tt]able )([A-Z]) dash (\d+|" + "|".join(NAMED) + r")\b", re.IGNORECASE
)
PARAGRAPH = re.compile(r"(?<=\d\.\d\d\d)[.,]? paragraph ([a-z])-?(\d{1,2})\b", re.IGNORECASE)
"""A federal paragraph as recognisers write it: "1910.157. Paragraph F1"."""
QUANTITY = re.compile(r"(?<![\w.])-?(?:\d[\d,]*\s)?(?:\d+/\d+)|(?<![\w.])-\d[\d,]*(?:\.\d+)?|\d[\d,]*(?:\.\d+)?")


def inner(protected: Sequence[tuple[int, int]], token: Token) -> bool:
    """Does the token stand in a protected place?"""
    return any(start < token.end and token.start < end for start, end in protected)


def figures(text: str, protected: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """Give the edits that write the spoken numbers of `text` in digits, leaving the `protected` places alone."""
    tokens = split(text)
    edits: list[Edit] = []
    at = 0
    while at < len(tokens):
        figure = None if inner(protected, tokens[at]) else read(tokens, at)
        if figure is not None and any(inner(protected, token) for token in tokens[at : figure.after]):
            figure = None
        if figure is None:
            at += 1
            continue
        start, end = tokens[at].start, tokens[figure.after - 1].end
        if text[start:end] != figure.text:
            edits.append(Edit(start, end, figure.text, "number"))
        at = figure.after
    return edits


def read(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read the number that begins at `at` in whatever way the words before it ask for."""
    before = tokens[at - 1].lower if at and tokens[at].gap.strip() in ("", "-") else ""
    beyond = tokens[at - 2].lower if at > 1 else ""
    named: Figure | None = None
    if before in SECTIONS or (before == "number" and beyond in SECTIONS):
        named = section(tokens, at)
    elif JOINED_K.match(tokens[at].lower):
        named = joined_k(tokens, at)
    elif before == "k" or (before == "factor" and beyond == "k"):
        named = k_factor(tokens, at)
    if named is None:
        named = bare_k(tokens, at, before) or unit_and_half(tokens, at)
    if named is not None:
        return named
    figure = quantity(tokens, at, coded=before in {"nfpa", "ul", "cfr", "model", "number", "fm", "part"})
    return figure if figure and not lonely(tokens, at, figure, before) else None


def quantity(tokens: Sequence[Token], at: int, *, coded: bool) -> Figure | None:
    """Read a number with its sign, decimals, or fraction."""
    word = tokens[at].lower
    before = tokens[at - 1].lower if at else ""
    if word in ("minus", "negative"):
        return negative(tokens, at, before)
    if word in ("point", "dot") and not before[-1:].isdigit():
        part = points(tokens, Figure("0", at)) if before not in NUMBER_WORDS else None
        measures = part is not None and before == "at" and counted(tokens, part.after)
        return part if measures or before not in NOT_BEFORE_POINT else None
    if part := fraction_behind(tokens, at):
        return part
    if place := ordinal(tokens, at):
        return place
    base = whole(tokens, at, coded=coded)
    if base is None:
        return None
    return points(tokens, base) or halves(tokens, base) or (base if word in NUMBER_WORDS or base.spoken else None)


def negative(tokens: Sequence[Token], at: int, before: str) -> Figure | None:
    """Read "minus forty", but neither "ten minus five" nor "plus or minus ten"."""
    counting = before[-1:].isdigit() or before in NUMBER_WORDS or before == "or"
    if counting or at + 1 >= len(tokens) or not tokens[at + 1].close:
        return None
    if tokens[at + 1].text.isdigit():
        return Figure(f"-{tokens[at + 1].text}", at + 2)
    positive = quantity(tokens, at + 1, coded=False)
    return Figure(f"-{positive.text}", positive.after) if positive else None


def lonely(tokens: Sequence[Token], at: int, figure: Figure, before: str) -> bool:
    """Is this just the word "one", which is no figure unless something is counted, or a digit behind "oh"?"""
    if figure.after - at == 1 and before == "oh":
        return True
    if figure.after - at > 1 or tokens[at].lower != "one":
        return False
    following = tokens[at + 1].lower if at + 1 < len(tokens) and tokens[at + 1].close else ""
    spelled = [token.lower for token in tokens[at + 1 : at + 4]] in (["p", "s", "i"], ["g", "p", "m"])
    if spelled or following in COUNTED or before in NUMBERED:
        return False
    beyond = tokens[at + 2].lower if at + 2 < len(tokens) else ""
    return not (following in AROUND and (beyond in NUMBER_WORDS or beyond.isdigit()))


def section(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read figures in a row as one dotted number: "thirteen four five two", "13 point 4", "9 dash 3 point 4"."""
    text, here, parts = "", at, 0
    while here < len(tokens) and (here == at or tokens[here].gap in (" ", "-", ".", ", ")):
        link = "."
        start = here
        if parts and tokens[here].lower in ("point", "dot", "dash") and here + 1 < len(tokens):
            link = "-" if tokens[here].lower == "dash" else "."
            start = here + 1
        elif parts and tokens[here].gap == ", ":
            break
        elif parts and tokens[here].gap == "-" and tokens[here].text[0].isdigit():
            link = "-"
        one = component(tokens, start, paired=start > here or text in ("1910", "1926") or not parts)
        if one is None or (start == here and link == "." and parts and counted(tokens, one.after)):
            break
        text, here, parts = text + (link if parts else "") + one.text, one.after, parts + 1
    if not parts:
        return None
    return paragraphs(tokens, Figure(text, here))


def component(tokens: Sequence[Token], at: int, *, paired: bool = True) -> Figure | None:
    """Read one part of a section number: digits, or a number below a hundred, or, if `paired`, "one fifty-seven"."""
    if at >= len(tokens):
        return None
    if tokens[at].text.isdigit() or tokens[at].lower == "zero":
        return Figure(tokens[at].text if tokens[at].text.isdigit() else "0", at + 1)
    read = small(tokens, at)
    if read is None:
        return None
    # "nineteen ten", "one fifty-seven": pairs, but "thirteen four" are two parts.
    base = whole(tokens, at, coded=True)
    if base and base.after > read[1]:
        year = read[0] >= 17 and len(base.text) == 4
        hundred = paired and read[0] < 10 and len(base.text) == 3 and not uniform(tokens, at, base.after)
        hundred = hundred or (paired and word(tokens, at + 1) == "oh" and word(tokens, base.after) == "point")
        if year or hundred:
            return base
    return Figure(str(read[0]), read[1])


def uniform(tokens: Sequence[Token], at: int, after: int) -> bool:
    """Are the tokens all single digits ("four five two")?"""
    return all(token.lower in ONES or token.lower in ZEROS for token in tokens[at:after])


def counted(tokens: Sequence[Token], at: int) -> bool:
    """Does a unit stand at `at`, so that the figure before it counts something?"""
    return at < len(tokens) and tokens[at].lower in COUNTED


def paragraphs(tokens: Sequence[Token], base: Figure) -> Figure:
    """Add "paragraph e three" as (e)(3) and "item fifteen" as (15) to a dotted number."""
    at = base.after
    word = tokens[at].lower if at < len(tokens) and tokens[at].gap in (" ", ", ") else ""
    if word == "paragraph" and at + 1 < len(tokens) and len(tokens[at + 1].text) == 1 and tokens[at + 1].text.isalpha():
        text, at = f"{base.text}({tokens[at + 1].lower})", at + 2
        one = component(tokens, at) if at < len(tokens) and tokens[at].close else None
        return subclauses(tokens, Figure(f"{text}({one.text})", one.after)) if one else Figure(text, at)
    if word == "item" and (one := component(tokens, at + 1)):
        return Figure(f"{base.text}({one.text})", one.after)
    return base


def subclauses(tokens: Sequence[Token], base: Figure) -> Figure:
    """Add what federal rules number below a figure: "I" as (i), "double I" as (ii), then a capital: "double I A"."""
    text, at = base.text, base.after
    times = {"double": 2, "triple": 3}.get(word(tokens, at), 1)
    at += times > 1
    if word(tokens, at) != "i" or not tokens[at].close:
        return base
    text, at = f"{text}({'i' * times})", at + 1
    letter = tokens[at].text if at < len(tokens) and tokens[at].close else ""
    return Figure(f"{text}({letter})", at + 1) if re.fullmatch(r"[A-HJ-Z]", letter) else Figure(text, at)


def k_factor(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read a sprinkler's K: "five six", "five point six", "5 point, six"."""
    if tokens[at].text.isdigit() and at + 2 < len(tokens) and tokens[at + 1].lower == "point":
        digit = component(tokens, at + 2)
        return Figure(f"{tokens[at].text}.{digit.text}", digit.after) if digit else None
    first = component(tokens, at)
    second = None
    if first and word(tokens, first.after):
        plural = PLURALS.get(word(tokens, first.after))
        second = Figure(plural, first.after + 1) if plural else component(tokens, first.after)
    if first and second and f"{first.text}.{second.text}" in K_FACTORS:
        return Figure(f"{first.text}.{second.text}", second.after)
    return None


def bare_k(tokens: Sequence[Token], at: int, before: str) -> Figure | None:
    """Read a K-factor that is not called so: "five six head", or "eleven two" where water is spoken of."""
    figure = k_factor(tokens, at)
    if figure is None or "-" in (token.gap for token in tokens[at + 1 : figure.after]) or before[-1:].isdigit():
        return None
    following = word(tokens, figure.after)
    if following in HEADS:
        return figure if before not in NUMBER_WORDS else None
    first = not at or tokens[at].gap.strip() != ""
    water = any(token.lower in WATER for token in tokens)
    free = following not in NUMBER_WORDS and following not in COUNTED and not following.isdigit()
    return figure if water and free and (first or before in BEFORE_K) and following not in SINGULAR else None


def joined_k(tokens: Sequence[Token], at: int) -> Figure | None:
    """Read "K5 point six"."""
    behind = points(tokens, Figure(tokens[at].text[1:], at + 1))
    return Figure(f"K {behind.text}", behind.after) if behind else None


def factors(text: str, protected: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """Write "K5.6" and "K-5.6" as "K 5.6"."""
    return [
        Edit(match.start(), match.end(), f"K {match[1]}", "number")
        for match in K_WRITTEN.finditer(text)
        if match.group() != f"K {match[1]}" and not any(a < match.end() and match.start() < b for a, b in protected)
    ]


def written(text: str) -> str:
    """Give `text` with its spoken numbers in digits."""
    text, _ = apply(text, figures(text))
    text, _ = apply(text, factors(text))
    return apply(text, slashes(text))[0]


def slashes(text: str, protected: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """Write "12 slash 24" as "12/24", "Table L dash one" as "Table L-1", "1910.157. Paragraph F1" as (f)(1)."""
    return [
        Edit(match.start(), match.end(), meant, "number")
        for match in SLASH.finditer(text)
        if (meant := f"{match[1]}/{match[2]}" if match[1] else f"{match[3]}-{NAMED.get(match[4].lower(), match[4])}")
        and not any(a < match.end() and match.start() < b for a, b in protected)
    ] + [
        Edit(match.start(), match.end(), f"({match[1].lower()})({match[2]})", "number")
        for match in PARAGRAPH.finditer(text)
    ]


def values(text: str) -> tuple[Fraction, ...]:
    """Give the numbers of a text in order, spoken or written: 2 1/2 is five halves, 13.4.5 is 13.4 and 5.

    An ISO date gives its three figures as they stand; a sign counts only where nothing stands before it.
    """
    return tuple(exact(match) for match in QUANTITY.findall(written(text)))


def exact(text: str) -> Fraction:
    """Give the value of one written number; a fraction over nought is worth nought."""
    sign, text = (-1, text[1:]) if text.startswith("-") else (1, text)
    parts = text.replace(",", "").split()
    return sign * sum((piece(part) for part in parts), Fraction(0))


def piece(text: str) -> Fraction:
    """Give the value of a whole number, decimal or fraction."""
    above, _, below = text.partition("/")
    return Fraction(0) if below and not int(below) else Fraction(above) / Fraction(below or 1)

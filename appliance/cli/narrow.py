"""What a search is kept to, checked against the texts on the box: a misspelt filter would only find nothing."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from appliance.cli.failure import Failure

if TYPE_CHECKING:
    from corpora.filters import Filter
    from corpora.revision import Listed

NAMED = 12
"""Values that an error lists."""


def narrowed(shelves: "Sequence[Listed]", wanted: Mapping[str, str]) -> "Filter":
    """Give the filter for what is wanted, in the spelling of the texts; empty values ask for nothing.

    Args:
        shelves: What is on the box, as `Library.shelves` gives it.
        wanted: Names of `Filter`'s fields to what a person typed; capitals do not matter.

    Raises:
        Failure: no text has such a value, or none has all of them together.
    """
    from corpora.filters import Filter

    asked = {name: value.strip() for name, value in wanted.items() if value.strip()}
    found: dict[str, str] = {}
    for name, value in asked.items():
        printed = sorted({getattr(shelf, name) for shelf in shelves} - {""})
        same = [one for one in printed if key(name, one) == key(name, value)]
        if not same:
            raise Failure(f"no text on this box has the {name} {value!r}; {known(name, printed)}")
        found[name] = value if value in same else same[0]
    if not any(all(key(name, getattr(one, name)) == key(name, had) for name, had in found.items()) for one in shelves):
        together = ", ".join(f"{name} {value!r}" for name, value in found.items())
        raise Failure(f"no text on this box has all of this together: {together}; leave something out")
    return Filter(**found)


def key(name: str, value: str) -> str:
    """Give what two spellings of a value have in common."""
    from corpora.filters import KEYED, spelled

    return spelled(value) if name in KEYED else value.casefold()


def known(name: str, printed: Sequence[str]) -> str:
    """Say which values there are."""
    if not printed:
        return f"none has any {name}"
    more = f" and {len(printed) - NAMED} more" if len(printed) > NAMED else ""
    return f"there is {', '.join(printed[:NAMED])}{more}"

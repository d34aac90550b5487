"""The jargon file: words of the trade with the mis-hearings that recognisers really make."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from appliance.ear.errors import EarError

SHIPPED = Path(__file__).with_name("jargon.toml")


class Jargon(BaseModel):
    """What the jargon file holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    standard: dict[str, list[str]] = {}
    """Standards as written, each with other ways to say them; the spelled way needs no entry."""
    jargon: dict[str, list[str]] = {}
    """Terms as written, each with mis-hearings of several words, or of one word that means nothing else."""
    wary: dict[str, list[str]] = {}
    """Terms with everyday words taken for them: repaired only near other words of the trade."""
    counted: dict[str, list[str]] = {}
    """Units with words taken for them: repaired only right behind a number."""
    maker: dict[str, list[str]] = {}
    """Makers with everyday words taken for them: repaired only near a model, or a word of the trade."""
    context: list[str] = []
    """Everyday words that mark talk of the trade."""
    asking: list[str] = []
    """How technicians ask and order: words that a recogniser should listen for before all others."""


def load(path: Path = SHIPPED) -> Jargon:
    """Read a jargon file.

    Raises:
        EarError: the file cannot be read, is not TOML, or has a key that is not known; the message names it.
    """
    try:
        return Jargon.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EarError(f"cannot read jargon {path}: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise EarError(f"jargon {path}, {where}: {first['msg'].lower()}") from error

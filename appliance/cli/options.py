"""Options that several commands share."""

from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print the result alone.")]
PersonName = Annotated[str, typer.Option("--person", help="Who asks; default: the person of the settings.")]

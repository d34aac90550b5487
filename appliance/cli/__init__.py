"""The commands a person types: nouns with verbs below them.

Exit codes: 0 well; 1 a failure, with one line on stderr; 2 bad usage or settings; 130 interrupted. Nothing heavy is
imported before a command needs it, so that help comes at once.
"""

import os
import sys
from collections.abc import Sequence

from appliance.cli.failure import code_of, say
from appliance.cli.program import program
from appliance.cli.setup import Setup

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None, setup: Setup | None = None) -> int:
    """Run a command line (default: this process's) and give the exit code."""
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")  # onnxruntime would write a device id and call home
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        code = program()(args=arguments, obj=setup or Setup(), standalone_mode=False, prog_name="clara")
        sys.stdout.flush()
    except BaseException as error:
        code = code_of(error)
        if code is None:
            raise
        say(error)
        return code
    return code if isinstance(code, int) else 0

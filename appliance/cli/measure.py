"""`clara bench` and `clara eval`: measuring, from a checkout."""

import subprocess
import sys
from pathlib import Path

import typer

from appliance.cli.failure import Failure

app = typer.Typer(help="Benchmarks, run from a checkout.", no_args_is_help=True)
PASSING = {"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
CHECKOUT = Path(__file__).parents[2]


@app.command(context_settings=PASSING)
def turn(context: typer.Context) -> None:
    """Time every step of a turn; options are handed on."""
    run("tests.bench.turn", CHECKOUT / "tests" / "bench" / "turn.py", context.args)


@app.command(context_settings=PASSING)
def voice(context: typer.Context) -> None:
    """Time conversations by sound; options are handed on."""
    run("tests.bench.voice", CHECKOUT / "tests" / "bench" / "voice.py", context.args)


@app.command(context_settings=PASSING)
def failover(context: typer.Context) -> None:
    """Time the first clause and the way back while Gemini's server misbehaves; options are handed on."""
    run("tests.bench.failover", CHECKOUT / "tests" / "bench" / "failover.py", context.args)


@app.command(context_settings=PASSING)
def speech(context: typer.Context) -> None:
    """Time the first sound and the whole sound of answers in every installed voice; options are handed on."""
    run("tests.bench.speech", CHECKOUT / "tests" / "bench" / "speech.py", context.args)


@app.command(context_settings=PASSING)
def hearing(context: typer.Context) -> None:
    """Measure how well and how fast the box hears; options are handed on."""
    run("tests.bench.hearing", CHECKOUT / "tests" / "bench" / "hearing.py", context.args)


def evaluate(context: typer.Context) -> None:
    """Measure the answers to the project's own questions; options are handed on."""
    run("tests.eval", CHECKOUT / "tests" / "eval" / "__main__.py", context.args)


def run(module: str, file: Path, arguments: list[str]) -> None:
    """Run a module of the checkout and take over its exit code."""
    if not file.is_file():
        raise Failure(f"this needs a checkout: there is no {file}")
    code = subprocess.run([sys.executable, "-m", module, *arguments], cwd=CHECKOUT, check=False).returncode
    if code:
        raise typer.Exit(code)

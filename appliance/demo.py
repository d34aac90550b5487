"""The demo: sets a box up as far as the machine allows, asks it, and says how to go on.

Every step that cannot be done says why in a sentence and the demo goes on: a box answers without its engines.
"""

import importlib.util
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

CHECKOUT = Path(__file__).parents[1]
COMPILERS = ("c++", "g++", "clang++")
QUESTIONS = (
    "What's the amp draw for Carrier 50TCQA06?",
    "How often is a dry pipe valve full-flow trip tested?",
    "Tell me about the customer at WeWork",
)
"""A spec, a requirement, a customer."""
SPOKEN = "How often is a fire pump tested?"
"""Asked by voice: short, because the embedded recogniser mishears model numbers that the plain voice spells."""
BUILD_MINUTES = 5
"""What compiling llama.cpp takes on two cores, measured: 5 min 10 s."""

Tell = Callable[[str], None]


class NotBuiltError(Exception):
    """The language engine cannot be had here; the message says why and what to do."""


def engine_installed() -> bool:
    """Is llama.cpp's binding installed?"""
    importlib.invalidate_caches()
    return importlib.util.find_spec("llama_cpp") is not None


def build_command(environment: Mapping[str, str], checkout: Path, which: Callable[[str], str | None]) -> list[str]:
    """Give the command that compiles and installs the language engine.

    Raises:
        NotBuiltError: no checkout, no uv or no C++ compiler; the message says what to install.
    """
    if not (checkout / "pyproject.toml").is_file():
        raise NotBuiltError("this is no checkout; install it with: pip install 'clara-edge[llm]' (needs g++)")
    uv = environment.get("UV") or which("uv")
    if not uv:
        raise NotBuiltError("uv is not found; install it with: pip install uv")
    if environment.get("CXX") is None and not any(which(name) for name in COMPILERS):
        raise NotBuiltError("there is no C++ compiler; install one with: apt-get install g++ (then run this again)")
    return [uv, "sync", "--inexact", "--extra", "llm"]


def build(command: list[str], checkout: Path, log: Path, elapsed: Callable[[float], None]) -> None:
    """Compile, telling the seconds that have gone by; what the tools print goes to `log`.

    Raises:
        NotBuiltError: it failed; the message gives the tools' last words.
    """
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    environment["UV_PROJECT_ENVIRONMENT"] = sys.prefix
    started = time.monotonic()
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=checkout, stdout=out, stderr=subprocess.STDOUT, env=environment)
        try:
            while process.poll() is None:
                elapsed(time.monotonic() - started)
                time.sleep(0.5)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait()
    if process.returncode:
        raise NotBuiltError(f"compiling failed: {last_line(log)} (all of it: {log})")


def last_line(log: Path) -> str:
    """The last thing that a log says."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1][:200] if lines else "no word of why"


def spoken_place(here: Path, data: Path) -> Path:
    """Where the spoken answer goes: the current folder, or the data folder when that one can't be written."""
    folder = here if os.access(here, os.W_OK) else data
    return folder / "clara-demo.wav"

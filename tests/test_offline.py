"""No network at run time: the real command in a network namespace with loopback alone, typed and spoken.

The spoken questions are recordings of a synthesised voice, heard by the embedded recogniser.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.weights import embedded

NAMESPACE = ("unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up; exec "$@"', "sh")
QUESTIONS = {
    "What's the amp draw for Carrier 50TCQA06?": ("18.2 A", "sample data"),
    "How often is a dry pipe valve full-flow trip tested?": ("3 years", "NFPA 25, 2017 edition, section 13.4"),
    "Tell me about the customer at WeWork": ("$450,000", "customer record of WeWork"),
    "What flow does a K 5.6 head give at 15 psi?": ("21.7 gpm", "Q = K√P"),
    "What is the torque of a QQQQ valve?": ("My sources don't say", ""),
}
"""Question to what must be said and what must be cited."""
RECORDINGS = Path(__file__).parent / "recordings"
SPOKEN = {
    "amp-draw": "18.2 A",
    "trip-test": "3 years",
    "wework": "$450,000",
    "k-factor": "21.7 gpm",
    "qqqq": "My sources don't say",
}
"""Recording to what must be said. The same five questions, spoken by espeak-ng (en-us+klatt4, 140 words a minute)."""


def isolated() -> bool:
    """Can this machine make a network namespace?"""
    if not shutil.which("unshare") or not shutil.which("ip"):
        return False
    return subprocess.run([*NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not isolated(), reason="no network namespaces here: needs unshare, ip and the right to use them"
    ),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the embedded models and the demo records, set up with the network cut already."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "models").symlink_to(embedded("moonshine-tiny-en").parent, target_is_directory=True)
    embedded("all-minilm-l6-v2")
    clara(folder, "sync", "load", "--demo")
    return folder


def clara(data: Path, *arguments: str) -> str:
    """Run the command with no network but loopback, and give what it prints."""
    command = [*NAMESPACE, sys.executable, "-c", "from appliance.cli import main; raise SystemExit(main())", *arguments]
    environment = {**os.environ, "CLARA_DATA": str(data)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=110)
    assert done.returncode == 0, done.stderr
    return done.stdout


def answered(data: Path, *arguments: str) -> dict[str, Any]:
    """Ask, and give the answer as the program prints it."""
    reply: dict[str, Any] = json.loads(clara(data, "ask", "--json", *arguments))
    return reply


def test_the_namespace_reaches_nothing(data: Path) -> None:
    """The cut is real: nothing but loopback is there."""
    script = "import socket; socket.create_connection(('192.0.2.1', 443), 2)"
    done = subprocess.run([*NAMESPACE, sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode != 0
    assert "unreachable" in done.stderr.lower()


@pytest.mark.parametrize("question", QUESTIONS)
def test_typed_questions_are_answered_without_a_network(data: Path, question: str) -> None:
    """Value, source and abstention as head office wants to see them."""
    reply = answered(data, question)

    said, cited = QUESTIONS[question]
    assert said in reply["answer"]["said"]
    assert cited in json.dumps(reply, ensure_ascii=False)


@pytest.mark.parametrize("recording", SPOKEN)
def test_spoken_questions_are_answered_without_a_network(data: Path, tmp_path: Path, recording: str) -> None:
    """Heard by the embedded recogniser, repaired by the ear, answered, and spoken to a WAV."""
    answer = tmp_path / "answer.wav"

    reply = answered(data, "--audio", str(RECORDINGS / f"{recording}.wav"), "--speak", str(answer))

    assert SPOKEN[recording] in reply["answer"]["said"]
    assert answer.stat().st_size > 10_000

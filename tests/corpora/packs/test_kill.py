"""A kill at any moment of an install leaves a whole pack in force, and the next install finishes the work."""

import subprocess
import sys
from pathlib import Path

import pytest

from corpora.packs.install import install
from tests.corpora.packs.making import alter, folder, signed

CHILD = """
import os, random, shutil, signal, sys
from pathlib import Path
from corpora.packs import content  # loaded once, so that a kill meets the install and not its imports
from corpora.packs.install import install, rollback
from corpora.packs.shelf import survey

box, path, points = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
act = (lambda data: install(data, path)) if path.suffix else (lambda data: rollback(data, "acme"))
CALLS = {"open", "write", "writelines", "close", "__exit__", "mkdir", "rename", "replace", "link", "unlink", "remove",
         "rmdir", "chmod", "fsync", "flock"}

def counted(data, left):
    # Act, and die by SIGKILL when `left` calls to the system have returned; gives how many there were.
    made = 0
    def hook(frame, event, function):
        nonlocal made
        if event == "c_return" and getattr(function, "__name__", "") in CALLS:
            made += 1
            if made == left:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.setprofile(hook)
    try:
        act(data)
    finally:
        sys.setprofile(None)
    return made

def state(data):
    found = survey(data, thoroughly=True)
    problems = [problem.replace(str(data), "") for problem in found.problems]
    return [pack.version for pack in found.packs], problems

before = state(box)
for number in (0, 1):  # the first also imports, which the children then need not
    took = box.with_name(f"took-{number}")
    shutil.copytree(box, took)
    calls = counted(took, 0)
after = state(took)
assert not after[1], after
chosen = random.Random(7).sample(range(1, calls + 1), min(points, calls))
for number in chosen:
    data = box.with_name(f"box-{number}")
    shutil.copytree(box, data)
    child = os.fork()
    if not child:
        counted(data, number)
        os._exit(0)
    assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
    found = state(data)
    assert found in (before, after), (number, found)
    if found == before or path.suffix:
        act(data)
    assert state(data) == after
    home = data / "packs" / "acme"
    if path.suffix:
        assert {one.name for one in home.iterdir()} == {"current", *(home / "current").read_text().split()}
    shutil.rmtree(data)
print(calls, before != after)
"""


SLOW = [pytest.param(act, 80, marks=pytest.mark.slow) for act in ("full", "delta", "heal", "rollback")]


@pytest.mark.parametrize(("act", "points"), [("full", 20), ("delta", 20), *SLOW])
def test_a_kill_leaves_a_whole_pack_in_force(tmp_path: Path, data: Path, key: Path, act: str, points: int) -> None:
    """After any of its calls to the system; a damaged pack that is being healed gets no worse."""
    install(data, signed(folder(tmp_path / "one"), tmp_path / "one.clarapack", key)[0])
    old, manifest = signed(folder(tmp_path / "two", "2.0"), tmp_path / "two.clarapack", key)
    pack = install(data, old).pack
    newer = folder(tmp_path / "three", "3.0")
    alter(newer / "digests" / "tank.md", "quarterly", "monthly")
    path, _ = signed(newer, tmp_path / "three.clarapack", key, manifest if act == "delta" else None)
    if act == "heal":
        (pack.specs / "acme.json").unlink()
        path = old
    if act == "rollback":
        path = tmp_path / "rollback"

    done = subprocess.run(
        [sys.executable, "-c", CHILD, data, path, str(points)], capture_output=True, text=True, check=False, timeout=110
    )

    assert not done.returncode, done.stderr
    calls, changed = done.stdout.split()
    assert changed == "True"
    assert int(calls) > (10 if act == "rollback" else 100)

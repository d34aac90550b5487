"""The network runtime: silent towards its maker."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.network import failures, load

LOADERS = {
    "whisper": (
        "from models.whisper import Whisper; from models.audio import Audio; import numpy; "
        "Whisper(Path(sys.argv[1]) / 'tone').transcribe(Audio(numpy.zeros(9000, numpy.float32), 16000))"
    ),
    "piper": "from models.piper import Piper; Piper(Path(sys.argv[1]) / 'toy')",
    "network": "from models.network import load; load(Path(sys.argv[1]) / 'toy' / 'voice.onnx', 1)",
}
"""Each way in which onnxruntime comes to be imported."""


def traces(code: str, home: Path, models: Path) -> list[str]:
    """Run `code` in a process with an empty home, and give what it left there."""
    home.mkdir()
    # In a continuous-integration job the runtime keeps quiet by itself, which would prove nothing.
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    environment = kept | {"HOME": str(home), "XDG_CACHE_HOME": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    program = f"import sys; from pathlib import Path; {code}"
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", program, str(models)], check=True, cwd=root, env=environment, timeout=60)
    return [str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()]


@pytest.mark.parametrize("loader", LOADERS)
def test_no_engine_leaves_a_device_id(loader: str, tone_folder: Path, toy_folder: Path, tmp_path: Path) -> None:
    """The runtime's telemetry is off before it is imported: nothing is written, so nothing is sent."""
    (tmp_path / "tone").symlink_to(tone_folder)
    (tmp_path / "toy").symlink_to(toy_folder)

    assert traces(LOADERS[loader], tmp_path / "home", tmp_path) == []


def test_what_is_no_network_raises_a_known_failure(tmp_path: Path) -> None:
    """Engines wrap what is listed; a damaged file must be among it."""
    (tmp_path / "x.onnx").write_bytes(b"no network")

    with pytest.raises(failures()):
        load(tmp_path / "x.onnx", 1)

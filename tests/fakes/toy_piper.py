"""A Piper voice small enough to be written by hand: every phoneme is a burst of two tones, marks are silence."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from models.network import hush

RATE = 16_000
BURST_S = 0.0275
"""Seconds of one phoneme id at length scale 1."""
SILENT = "_^$ .,?!;:"


def build(folder: Path) -> Path:
    """Write voice.onnx and voice.onnx.json to `folder` and give the folder."""
    hush()
    import onnx
    from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

    folder.mkdir(parents=True, exist_ok=True)
    ids = {phoneme: list(given) for phoneme, given in DEFAULT_PHONEME_ID_MAP.items()}
    model = onnx.helper.make_model(_graph(ids), opset_imports=[onnx.helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, str(folder / "voice.onnx"))
    settings = {
        "audio": {"sample_rate": RATE, "quality": "toy"},
        "espeak": {"voice": "en-us"},
        "phoneme_type": "espeak",
        "language": {"code": "en_US"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "speaker_id_map": {},
        "phoneme_id_map": ids,
        "hop_length": 256,
        "piper_version": "1.8.0",
    }
    (folder / "voice.onnx.json").write_text(json.dumps(settings))
    return folder


def _tables(ids: dict[str, list[int]]) -> list[Any]:
    """Two frequencies and a loudness to each phoneme id, and the constants of the sum."""
    from onnx import numpy_helper

    size = max(number for given in ids.values() for number in given) + 1
    low, high, loud = (np.zeros(size, np.float32) for _ in range(3))
    for phoneme, given in ids.items():
        if phoneme not in SILENT:
            number = given[0]
            low[number], high[number], loud[number] = 250 + number * 37 % 500, 900 + number * 113 % 1500, 0.5
    constants = {
        "low": low, "high": high, "loud": loud, "burst": np.float32(RATE * BURST_S), "zero": np.float32(0),
        "one": np.float32(1), "turn": np.float32(2 * np.pi / RATE), "pi": np.float32(np.pi), "half": np.float32(0.5),
        "last": np.array([2], np.int64), "shape": np.array([1, 1, 1, -1], np.int64), "second": np.array(1, np.int64),
    }  # fmt: skip
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]


def _graph(ids: dict[str, list[int]]) -> Any:
    """Piper's inputs and output around a sum of two sines under an envelope."""
    from onnx import TensorProto, helper

    steps = (
        ("Gather", "scales second", "scale", {"axis": 0}), ("Mul", "burst scale", "long", {}),
        ("Floor", "long", "length", {}), ("Range", "zero length one", "time", {}), ("Div", "time length", "share", {}),
        ("Mul", "share pi", "arc", {}), ("Sin", "arc", "envelope", {}), ("Gather", "low input", "low1", {}),
        ("Gather", "high input", "high1", {}), ("Gather", "loud input", "loud1", {}),
        ("Unsqueeze", "low1 last", "low2", {}), ("Unsqueeze", "high1 last", "high2", {}),
        ("Unsqueeze", "loud1 last", "loud2", {}), ("Mul", "time turn", "angle", {}),
        ("Mul", "low2 angle", "low3", {}), ("Mul", "high2 angle", "high3", {}), ("Sin", "low3", "low4", {}),
        ("Sin", "high3", "high4", {}), ("Mul", "high4 half", "high5", {}), ("Add", "low4 high5", "both", {}),
        ("Mul", "both loud2", "heard", {}), ("Mul", "heard envelope", "bursts", {}),
        ("Reshape", "bursts shape", "output", {}),
    )  # fmt: skip
    nodes = [helper.make_node(kind, given.split(), [out], **more) for kind, given, out, more in steps]
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    output = helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])
    return helper.make_graph(nodes, "toy_piper", inputs, [output], _tables(ids))

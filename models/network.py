"""Neural networks in ONNX or ORT files: one way to load them, no telemetry, and the errors that the runtime raises."""

import os
from pathlib import Path
from typing import Any


def hush() -> None:
    """Switch off onnxruntime's telemetry; to be called before anything imports it, directly or through an engine.

    Since 1.29 its Linux wheels write a device id and a database under ~/.cache/Microsoft and report to Microsoft as
    soon as they are imported; only this variable, set before, prevents it (microsoft/onnxruntime#27379).
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def load(path: Path, threads: int) -> Any:
    """Load a network for the processor. Raises one of `failures()` when the file is damaged."""
    hush()
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # The runtime writes to stderr what it raises as well.
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def failures() -> tuple[type[Exception], ...]:
    """Everything that onnxruntime raises (its errors share no root of their own), and what damaged settings raise."""
    hush()
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # type: ignore[import-untyped]

    names = (
        "EPFail", "EngineError", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "ModelLoaded",
        "NoModel", "NoSuchFile", "NotImplemented", "RuntimeException",
    )  # fmt: skip
    return (*(getattr(state, name) for name in names), RuntimeError, ValueError, KeyError, TypeError, AttributeError)

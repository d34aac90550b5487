"""Neural networks in ONNX or ORT files: one way to load them, and the errors that their runtime raises."""

from pathlib import Path
from typing import Any


def load(path: Path, threads: int) -> Any:
    """Load a network for the processor. Raises one of `failures()` when the file is damaged."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    # The runtime writes to stderr what it raises as well.
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def failures() -> tuple[type[Exception], ...]:
    """Everything that onnxruntime raises (its errors share no root of their own), and what damaged settings raise."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # type: ignore[import-untyped]

    names = (
        "EPFail", "EngineError", "Fail", "InvalidArgument", "InvalidGraph", "InvalidProtobuf", "ModelLoaded",
        "NoModel", "NoSuchFile", "NotImplemented", "RuntimeException",
    )  # fmt: skip
    return (*(getattr(state, name) for name in names), RuntimeError, ValueError, KeyError, TypeError, AttributeError)

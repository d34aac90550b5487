"""What all tests share: no telemetry, and a place for the heavy models that a box would use."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported anywhere: it would call home

"""What all tests share: no telemetry, and Ctrl-C as a person at a terminal has it."""

import os
import signal

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported anywhere: it would call home
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A background job ignores it and hands that down; the tests that interrupt a command would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)

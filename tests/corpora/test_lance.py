"""The search engine's library is imported without what no box uses."""

import subprocess
import sys

CHECKED = """
import sys
from corpora import lance
library = lance.lancedb()
assert lance.CLIENT not in sys.modules, "left behind"
assert not any(isinstance(finder, lance.Hollow) for finder in sys.meta_path)
import lance_namespace_urllib3_client.models
from pydantic import BaseModel
assert issubclass(lance_namespace_urllib3_client.models.QueryTableRequest, BaseModel), "not the real one"
assert library is lance.lancedb()
"""


def test_the_client_is_left_out_and_can_still_be_imported() -> None:
    """In a process of its own, since others have imported the library by now."""
    done = subprocess.run([sys.executable, "-c", CHECKED], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")

"""The search engine's library, imported without its client for catalogues in the cloud.

LanceDB imports 200 generated models of a web service at its start, more than half of the time that its import takes,
and needs them for a kind of connection that a box never makes. While it is imported, that client's modules are empty
ones, whose every name is an empty class; after it, they are gone again, so that others can import the real ones.
Measured by processor time: 0.6 s for 1.4 s.
"""

import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from threading import Lock
from types import ModuleType
from typing import Any

CLIENT = "lance_namespace_urllib3_client"

_lock = Lock()


class Hollow(MetaPathFinder, Loader):
    """Finds the client's modules, all of them empty."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """Find the client's modules and no others."""
        del path, target
        ours = fullname == CLIENT or fullname.startswith(f"{CLIENT}.")
        return ModuleSpec(fullname, self, is_package=True) if ours else None

    def exec_module(self, module: ModuleType) -> None:
        """Give the module every name that it is asked for."""

        def named(name: str) -> type:
            if name.startswith("__"):
                raise AttributeError(name)
            return type(name, (), {"__module__": module.__name__})

        module.__dict__["__getattr__"] = named


def lancedb() -> Any:
    """Import the library; once it is there, this costs nothing."""
    with _lock:
        if "lancedb" not in sys.modules and CLIENT not in sys.modules:
            _without_client()
    import lancedb

    return lancedb


def _without_client() -> None:
    hollow = Hollow()
    sys.meta_path.insert(0, hollow)
    try:
        # A version that cannot be imported so is imported whole by the caller.
        with suppress(ImportError, TypeError, AttributeError):
            import lancedb  # noqa: F401
    finally:
        sys.meta_path.remove(hollow)
        half = set() if "lancedb" in sys.modules else {"lancedb", "lance_namespace"}
        for name in [name for name in sys.modules if name.split(".")[0] in half | {CLIENT}]:
            del sys.modules[name]

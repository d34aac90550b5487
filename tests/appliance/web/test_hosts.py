"""Host and Origin: who may call."""

import pytest

from appliance.web.hosts import host_allowed, origin_allowed

NAMES = ("clara-7", "clara-7.local")


@pytest.mark.parametrize(
    ("header", "bound", "allowed"),
    [
        ("127.0.0.1:8707", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("localhost:8707", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("localhost.:8707", "127.0.0.1", True),
        ("[::1]:8707", "::1", True),
        ("127.0.0.1:8707", "localhost", True),
        ("evil.example:8707", "127.0.0.1", False),
        ("localhost.evil.example", "127.0.0.1", False),
        ("127.0.0.1.evil.example", "127.0.0.1", False),
        ("192.168.1.5:8707", "127.0.0.1", False),
        ("clara-7.local:8707", "127.0.0.1", False),
        ("user@127.0.0.1", "127.0.0.1", False),
        ("127.0.0.1:port", "127.0.0.1", False),
        ("127.0.0.1/../x", "127.0.0.1", False),
        ("", "127.0.0.1", False),
        ("[::1", "::1", False),
        ("192.168.1.5:8707", "0.0.0.0", True),
        ("[fe80::1]:8707", "::", True),
        ("clara-7:8707", "0.0.0.0", True),
        ("Clara-7.local:8707", "0.0.0.0", True),
        ("localhost:8707", "0.0.0.0", True),
        ("evil.example:8707", "0.0.0.0", False),
        ("box.lan", "box.lan", True),
        ("other.lan", "box.lan", False),
    ],
)
def test_only_the_boxs_own_names_are_answered(header: str, bound: str, *, allowed: bool) -> None:
    """A name that a stranger's DNS points here is refused: that is how rebinding works."""
    assert host_allowed(header, bound, NAMES) == allowed


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("http://127.0.0.1:8707", True),
        ("http://127.0.0.1:9999", False),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_pages_of_other_sites_may_not_call(origin: str | None, *, allowed: bool) -> None:
    """A question may write a reading, so no foreign page may send one."""
    assert origin_allowed(origin, "127.0.0.1:8707") == allowed

"""Where packages come from: the machine's own settings, uv's before pip's, variables before files."""

from pathlib import Path

import pytest

from models.errors import FetchError
from models.index import PYPI, configured


def test_nothing_set_means_pypi() -> None:
    """A machine without settings asks PyPI."""
    index = configured({}, [])

    assert (index.urls, index.links, index.bundles, index.proxy) == ((PYPI,), (), (), "")


def test_variables_win_over_files_and_uv_over_pip(tmp_path: Path) -> None:
    """The nearer wish wins; additional indexes are added, not replaced."""
    (tmp_path / "pip.conf").write_text(
        "[global]\nindex-url = https://file/simple\nextra-index-url =\n  https://more/simple\ncert = /etc/ca.pem\n"
    )
    files = [tmp_path / "pip.conf"]

    assert configured({}, files).urls == ("https://more/simple", "https://file/simple")
    assert configured({}, files).bundles == ("/etc/ca.pem",)
    assert configured({"PIP_INDEX_URL": "https://pip"}, files).urls == ("https://more/simple", "https://pip")
    both = {"PIP_INDEX_URL": "https://pip", "UV_DEFAULT_INDEX": "corp=https://uv", "UV_INDEX": "x=https://a https://b"}
    assert configured(both, files).urls == ("https://a", "https://b", "https://more/simple", "https://uv")


def test_uv_files_are_read(tmp_path: Path) -> None:
    """Both spellings that uv has for an index are understood."""
    (tmp_path / "uv.toml").write_text(
        'find-links = ["/wheels"]\n[[index]]\nurl = "https://own"\ndefault = true\n[[index]]\nurl = "https://also"\n'
    )
    index = configured({}, [tmp_path / "uv.toml"])
    assert (index.urls, index.links) == (("https://also", "https://own"), ("/wheels",))

    (tmp_path / "uv.toml").write_text('index-url = "https://old"\n')
    assert configured({}, [tmp_path / "uv.toml"]).urls == ("https://old",)


def test_a_machine_that_forbids_indexes_has_folders_alone() -> None:
    """--no-index leaves the folders of wheels."""
    index = configured({"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "/wheels https://page/"}, [])

    assert (index.urls, index.links) == ((), ("/wheels", "https://page/"))
    assert configured({"PIP_NO_INDEX": "false"}, []).urls == (PYPI,)


def test_certificates_and_proxy_are_taken_over() -> None:
    """What pip trusts and passes through, we trust and pass through."""
    index = configured({"PIP_CERT": "/a.pem", "REQUESTS_CA_BUNDLE": "/b.pem", "PIP_PROXY": "http://p:1"}, [])

    assert (index.bundles, index.proxy) == (("/a.pem", "/b.pem"), "http://p:1")


def test_an_address_with_an_equals_sign_stays_whole() -> None:
    """Only uv's `name=address` is taken apart."""
    assert configured({"PIP_INDEX_URL": "https://host/simple?key=1"}, []).urls == ("https://host/simple?key=1",)


def test_a_broken_settings_file_is_named(tmp_path: Path) -> None:
    """A file that cannot be read stops the fetch and is named."""
    (tmp_path / "pip.conf").write_text("index-url = nowhere\n")
    with pytest.raises(FetchError, match=r"pip\.conf"):
        configured({}, [tmp_path / "pip.conf"])

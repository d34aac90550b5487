"""The commands about packs: what they print, and with which exit code."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.cli import main
from appliance.cli.setup import Setup
from appliance.settings import trace
from tests.corpora.packs.making import alter, folder

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `clara corpora …` in a box of its own and give exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    setup = replace(Setup(), read_settings=lambda: trace(None, {"CLARA_DATA": str(tmp_path / "box")}))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = main(("corpora", *arguments), setup)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def well(run: Run, *arguments: str) -> str:
    """Run a command that succeeds; gives what it printed."""
    code, out, err = run(*arguments)
    assert code == 0, err
    return out


def test_the_whole_way_of_a_pack(tmp_path: Path, run: Run) -> None:
    """Keys, pack, sign, trust, verify, install, delta, diff, rollback: as the README tells it."""
    source = folder(tmp_path / "source")
    well(run, "keygen", "office", "--no-password")
    assert "acme 1.0" in well(run, "pack", "source")
    assert "clara pack acme 1.0" in well(run, "sign", "acme-1.0.clarapack", "--key", "office.key")
    code, _, err = run("install", "acme-1.0.clarapack")
    assert code == 1
    assert "this box trusts no key" in err
    assert "office" in well(run, "trust", "office.pub")
    assert "signed by office" in well(run, "verify", "acme-1.0.clarapack")
    assert well(run, "install", "acme-1.0.clarapack").startswith("acme 1.0 ")
    assert "installed already" in well(run, "install", "acme-1.0.clarapack")

    alter(source / "pack.toml", "1.0", "1.1")
    alter(source / "digests" / "tank.md", "quarterly", "monthly")
    well(run, "pack", "source", "--against", "acme-1.0.clarapack")
    well(run, "sign", "acme-1.1-from-1.0.clarapack", "--key", "office.key")
    assert "document 'Tank care': changed" in well(run, "diff", "acme", "source")
    assert "before it" in well(run, "install", "acme-1.1-from-1.0.clarapack")
    assert "They say the same." in well(run, "diff", "acme", "source")
    assert "1.1" in well(run, "packs")
    assert "well" in well(run, "verify")
    assert "acme 1.0" in well(run, "rollback", "acme")
    assert run("rollback", "acme")[0] == 1
    well(run, "trust", "--remove", "office")
    assert run("verify", "acme-1.0.clarapack")[0] == 1
    well(run, "verify", "acme-1.0.clarapack", "--trust", "office.pub")


def test_every_command_prints_json(tmp_path: Path, run: Run) -> None:
    """One line for a program, with the revision in full."""
    folder(tmp_path / "source")
    secret = json.loads(well(run, "keygen", "office", "--no-password", "--json"))
    made = json.loads(well(run, "pack", "source", "--json"))
    revision = made["revision"]
    assert len(revision) == 64
    assert json.loads(well(run, "sign", made["file"], "--key", secret["secret"], "--json"))["revision"] == revision
    assert json.loads(well(run, "trust", secret["public"], "--json")) == [{"name": "office", "key": secret["key"]}]
    assert json.loads(well(run, "verify", made["file"], "--json"))["key"] == secret["key"]
    assert json.loads(well(run, "install", made["file"], "--json"))["before"] is None
    assert json.loads(well(run, "packs", "--json"))["packs"][0]["revision"] == revision
    assert json.loads(well(run, "verify", "--json"))["problems"] == []
    assert json.loads(well(run, "diff", "acme", "source", "--json")) == []


def test_a_build_can_be_repeated(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The date comes from the outside, and a wrong one is refused."""
    folder(tmp_path / "source")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert json.loads(well(run, "pack", "source", "--json"))["created"] == "2023-11-14T22:13:20Z"

    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    code, _, err = run("pack", "source")

    assert code == 1
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in err


def test_a_password_comes_from_a_file(tmp_path: Path, run: Run) -> None:
    """So that a program can sign; a wrong or empty one is refused."""
    folder(tmp_path / "source")
    (tmp_path / "word").write_text("correct horse\n")
    (tmp_path / "wrong").write_text("battery\n")
    (tmp_path / "empty").write_text("")
    assert "protects nothing" in run("keygen", "office", "--password-file", "empty")[2]
    well(run, "keygen", "office", "--password-file", "word")
    well(run, "pack", "source")

    code, _, err = run("sign", "acme-1.0.clarapack", "--key", "office.key", "--password-file", "wrong")

    assert code == 1
    assert "wrong password" in err
    well(run, "sign", "acme-1.0.clarapack", "--key", "office.key", "--password-file", "word")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pack", "nowhere"), "pack.toml: is missing"),
        (("sign", "nowhere", "--key", "k"), "nowhere: cannot be read"),
        (("verify", "nowhere"), "nowhere: is not signed"),
        (("install", "nowhere"), "nowhere: is not signed"),
        (("diff", "nowhere", "nowhere"), "neither a file, nor a folder, nor the name"),
        (("rollback", "nowhere"), "no pack named 'nowhere' is installed"),
        (("trust", "nowhere"), "nowhere: cannot be read"),
        (("trust", "--remove", "nowhere"), "no key named 'nowhere'"),
    ],
)
def test_a_refusal_is_one_line_and_exit_code_1(run: Run, arguments: tuple[str, ...], told: str) -> None:
    """It names what was given and says what is wrong."""
    code, out, err = run(*arguments)

    assert (code, out) == (1, "")
    assert told in err
    assert err.count("\n") == 1

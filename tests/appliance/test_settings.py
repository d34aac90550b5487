"""Settings: defaults, the file, credentials, the environment, and what is refused."""

from pathlib import Path

import pytest

from appliance.settings import ENVIRONMENT, Settings, SettingsError, load, trace

SECRET = "sk-very-secret-4711"


def written(folder: Path, text: str) -> Path:
    """A settings file."""
    path = folder / "clara.toml"
    path.write_text(text)
    return path


def test_no_file_and_no_environment_give_the_defaults() -> None:
    """A box that nobody configured works."""
    settings, origins = trace(None, {})

    assert settings == Settings()
    assert origins == {}
    assert settings.web.host == "127.0.0.1"


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    """A mistyped path is no silent default."""
    with pytest.raises(SettingsError, match=r"no settings file at .*absent\.toml"):
        load(tmp_path / "absent.toml", {})
    with pytest.raises(SettingsError, match="no settings file"):
        load(None, {"CLARA_SETTINGS": str(tmp_path / "absent.toml")})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nprot = 1", "unknown setting web.prot in "),
        ("[wbe]\nport = 1", "unknown setting wbe in "),
        ("port = 1", "unknown setting port in "),
        ("web = 5", "setting web in .*must be a table"),
        ('[web]\nport = "many"', "setting web.port in .*valid integer"),
        ("[web]\nport = 70000", "setting web.port in .*less than or equal to 65535"),
        ("[speech]\nspeed = 9.0", "setting speech.speed in "),
        ('[person]\nskill = "wizard"', "setting person.skill in "),
        ("[gemini]\nkey = 5", "setting gemini.key in "),
        ('[gemini]\nbase_url = "localhost:8080"', "setting gemini.base_url in .*no address"),
        ('[gemini]\nbase_url = "http://host:abc"', "setting gemini.base_url in .*port"),
        ("[local]\nthreads = -1", "setting local.threads in "),
        ("[web\nport = 1", "cannot read settings "),
    ],
)
def test_what_is_wrong_is_refused_by_name(tmp_path: Path, text: str, named: str) -> None:
    """An unknown key or a wrong value is refused, and the message names key and file."""
    path = written(tmp_path, text)

    with pytest.raises(SettingsError, match=named) as caught:
        load(path, {})

    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 give one line, not a traceback."""
    path = tmp_path / "clara.toml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(SettingsError, match="cannot read settings"):
        load(path, {})


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_the_environment_names_of_the_seed_are_accepted(name: str) -> None:
    """Every documented name reaches its setting and says so."""
    section, key = ENVIRONMENT[name]

    given = "https://some.example" if name.endswith("_URL") else "/some/value"

    settings, origins = trace(None, {name: given})

    value = getattr(getattr(settings, section), key)
    assert str(value.get_secret_value() if hasattr(value, "get_secret_value") else value) == given
    assert origins == {f"{section}.{key}": f"${name}"}


def test_the_environment_wins_over_credential_and_file(tmp_path: Path) -> None:
    """Strongest first: environment, systemd credential, file."""
    path = written(tmp_path, '[gemini]\nkey = "file"\nmodel = "m"\n[keys]\ntavily = "file"\nfirecrawl = "file"')
    (tmp_path / "gemini.key").write_text("credential\n")
    (tmp_path / "keys.tavily").write_text("credential\n")
    environment = {"CREDENTIALS_DIRECTORY": str(tmp_path), "GOOGLE_API_KEY": "environment"}

    settings, origins = trace(path, environment)

    assert settings.gemini.key.get_secret_value() == "environment"
    assert settings.keys.tavily.get_secret_value() == "credential"
    assert settings.keys.firecrawl.get_secret_value() == "file"
    assert origins == {
        "gemini.key": "$GOOGLE_API_KEY",
        "gemini.model": str(path),
        "keys.tavily": "credential keys.tavily",
        "keys.firecrawl": str(path),
    }


def test_secrets_print_masked(tmp_path: Path) -> None:
    """A secret is in no printed form of the settings, nor in the message that refuses one."""
    settings = load(None, {"GOOGLE_API_KEY": SECRET, "LIVEKIT_API_SECRET": SECRET})

    assert SECRET not in repr(settings) + str(settings) + settings.model_dump_json() + str(settings.model_dump())
    assert settings.gemini.key.get_secret_value() == SECRET
    with pytest.raises(SettingsError) as caught:
        load(written(tmp_path, f'[keys]\ntavily = ["{SECRET}"]'), {})
    assert SECRET not in str(caught.value)


def test_an_owner_may_write_a_tilde() -> None:
    """`~` is the home folder."""
    assert load(None, {"CLARA_DATA": "~/clara"}).place.data == Path.home() / "clara"

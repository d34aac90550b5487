"""Manuals on demand: the box first, then the web, else a wish; through the real clients and local servers."""

import json
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from appliance.cli import main
from appliance.cli.setup import Setup
from appliance.manuals.here import here
from appliance.manuals.manuals import query
from appliance.route import Reach, may_fetch
from appliance.settings import Keys, Policy, Settings, load
from appliance.settings import Manuals as Wanted
from corpora.library import Library
from corpora.passage import Passage
from corpora.stock import DOCUMENTS, Stock
from sync.storage import connect
from tests.fakes import tavily as fake_tavily
from tests.fakes.internet import Internet, serving
from tests.fakes.tavily import row

WANTED = "manual for the Notifier NFS2-3030"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def internet() -> Iterator[Internet]:
    """Tavily, Firecrawl and a maker's site."""
    with serving() as net:
        yield net


@pytest.fixture
def settings(data: Path, internet: Internet) -> Settings:
    """A box with keys and a link; the maker's site lies in its own network, which it may ask."""
    return Settings.model_validate(
        {
            "place": {"data": data},
            "keys": {"tavily": "tvly-1"},
            "manuals": {"tavily_url": internet.tavily.url, "firecrawl_url": internet.firecrawl.url, "private": True},
        }
    )


def offline(settings: Settings, closed: str) -> Settings:
    """The same box where nobody listens."""
    return settings.model_copy(update={"manuals": Wanted(tavily_url=closed, private=True)})


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `clara manuals …` with settings and give exit code, stdout and stderr."""

    def run(settings: Settings, *arguments: str) -> tuple[int, str, str]:
        code = main(["manuals", *arguments], Setup(read_settings=lambda: (settings, {})))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def found(run: Run, settings: Settings, *arguments: str) -> dict[str, Any]:
    """Run `clara manuals find … --json`."""
    code, out, err = run(settings, "find", *arguments, "--json")
    assert code == 0, err
    value = json.loads(out)
    assert isinstance(value, dict)
    return value


def answers(data: Path, question: str) -> list[str]:
    """The sources of what the library says to a question, best first."""
    library = Library.open(data / "library")
    try:
        return [hit.passage.source for hit in library.search(question, 3)]
    finally:
        library.close()


def test_a_manual_is_found_on_the_web_taken_in_and_answers(
    run: Run, settings: Settings, internet: Internet, data: Path
) -> None:
    """On yes the best result that names the model is fetched; then the library finds it, and the web is not asked."""
    first = found(run, settings, WANTED, "--yes")
    again = found(run, settings, WANTED)

    assert first["here"] == []
    assert [result["kind"] for result in first["results"]] == ["PDF", "page", "PDF"]
    assert first["taken"]["url"] == f"{internet.maker}/NFS2-3030.pdf"
    assert first["taken"]["passages"] >= 1
    assert answers(data, "What does the NFS2-3030 main supply board draw in alarm?")[0].startswith(internet.maker)
    assert [one["about"] for one in again["here"]] == [True]
    assert again["results"] == []
    assert len(internet.tavily.requests) == 1
    assert not any((data / "incoming").iterdir())


def test_results_are_shown_numbered_and_nothing_is_taken_unasked(
    run: Run, settings: Settings, internet: Internet, data: Path
) -> None:
    """Title, host and type; without a yes the library stays as it is."""
    code, out, _ = run(settings, "find", WANTED)

    assert code == 0
    lines = [line.split() for line in out.splitlines() if line.strip()]
    assert ["1", "NFS2-3030", "Manual", "127.0.0.1", "PDF"] in lines
    assert ["2", "Our", "panels", "127.0.0.1", "page"] in lines
    assert Stock(data / DOCUMENTS).documents() == ()
    assert [path for path in internet.asked if path != "/robots.txt"] == []


@pytest.mark.parametrize(("said", "added"), [("1\n", 1), ("\n", 0), ("7\n", 0)])
def test_a_person_at_the_terminal_is_asked(
    run: Run, settings: Settings, internet: Internet, data: Path, monkeypatch: pytest.MonkeyPatch, said: str, added: int
) -> None:
    """A number adds that result; nothing, or a number that is none, adds nothing."""

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Terminal(said))
    code, out, err = run(settings, "find", WANTED)

    assert code == 0, err
    assert "Add which one" in out + err
    assert len(Stock(data / DOCUMENTS).documents()) == added


def test_a_result_is_taken_by_its_number_through_firecrawl(run: Run, settings: Settings, internet: Internet) -> None:
    """The page comes as Firecrawl read it."""
    keyed = settings.model_copy(update={"keys": Keys.model_validate({"tavily": "k", "firecrawl": "fc-1"})})
    value = found(run, keyed, WANTED, "--take", "2")

    assert value["taken"]["url"] == f"{internet.maker}/about"
    assert value["taken"]["documents"] == [internet.firecrawl.title]
    assert [request["url"] for request in internet.firecrawl.requests] == [f"{internet.maker}/about"]
    code, _, err = run(keyed, "find", WANTED, "--web", "--take", "9")
    assert code == 1
    assert "no result 9" in err


def test_yes_takes_nothing_that_does_not_name_the_model(run: Run, settings: Settings, internet: Internet) -> None:
    """Another panel's manual must not get in by being first."""
    internet.tavily.rows = [row("https://example.com/est3.pdf", "EST3 manual", "", 0.99)]
    code, _, err = run(settings, "find", WANTED, "--yes")

    assert code == 1
    assert "--take" in err
    assert internet.asked == []


def test_without_a_link_the_wish_is_kept_and_fetched_when_it_returns(
    run: Run, settings: Settings, internet: Internet, data: Path, closed: str
) -> None:
    """The same wish twice is one; fetching without a link leaves it open; with one it is granted, once."""
    away = offline(settings, closed)
    first, second = found(run, away, WANTED), found(run, away, f"  {WANTED.upper()} ")
    _, vain, _ = run(away, "fetch")
    _, open_now, _ = run(away, "wishes")
    code, out, _ = run(settings, "fetch")
    _, empty, _ = run(settings, "fetch", "--json")
    _, all_, _ = run(settings, "wishes", "--all", "--json")

    assert first["closed"] == "there is no link"
    assert first["wish"]
    assert first["wish"] == second["wish"]
    assert "there is no link" in vain
    assert WANTED in open_now
    assert code == 0
    assert f"from {internet.maker}/NFS2-3030.pdf" in out
    assert json.loads(empty) == []
    assert [(one["status"], one["outcome"]) for one in json.loads(all_)] == [
        ("fetched", f"{internet.maker}/NFS2-3030.pdf")
    ]
    assert len(Stock(data / DOCUMENTS).documents()) == 1


def test_a_wish_is_not_granted_by_what_does_not_name_the_model(
    run: Run, settings: Settings, internet: Internet, closed: str
) -> None:
    """It stays open, and a person is told to choose; nothing is recorded of the attempt."""
    found(run, offline(settings, closed), "manual for the EST4 panel")
    before = operations(settings)
    _, out, _ = run(settings, "fetch", "--json")

    granted = json.loads(out)
    assert [one["taken"] for one in granted] == [None]
    assert "nothing found names the model" in granted[0]["why"]
    assert operations(settings) == before
    assert internet.asked == []


def operations(settings: Settings) -> int:
    """How many operations the outbox holds."""
    connection = connect(settings.place.data / "field.db")
    try:
        return int(connection.execute("SELECT count(*) FROM op").get)
    finally:
        connection.close()


def test_a_broken_best_result_gives_way_to_the_next(
    run: Run, settings: Settings, internet: Internet, closed: str
) -> None:
    """A truncated PDF is refused by the reader; the next result that names the model grants the wish."""
    found(run, offline(settings, closed), WANTED)
    internet.files["/NFS2-3030-broken.pdf"] = b"%PDF-1.7 nothing else"
    internet.tavily.rows.insert(0, row(f"{internet.maker}/NFS2-3030-broken.pdf", "NFS2-3030", "", 0.99))
    _, out, _ = run(settings, "fetch", "--json")

    assert [one["taken"]["url"] for one in json.loads(out)] == [f"{internet.maker}/NFS2-3030.pdf"]
    assert "/NFS2-3030-broken.pdf" in internet.asked


def test_a_wish_that_the_box_answers_by_now_is_settled(
    run: Run, settings: Settings, internet: Internet, closed: str
) -> None:
    """Somebody added the manual meanwhile: no search is spent on it."""
    found(run, offline(settings, closed), WANTED)
    found(run, settings, WANTED, "--yes")
    asked = len(internet.tavily.requests)
    _, out, _ = run(settings, "fetch")

    assert "is on the box" in out
    assert len(internet.tavily.requests) == asked
    assert json.loads(run(settings, "wishes", "--json")[1]) == []


def test_a_wish_can_be_dropped(run: Run, settings: Settings, closed: str) -> None:
    """It is no longer fetched; one that does not exist is refused."""
    wish = found(run, offline(settings, closed), WANTED)["wish"]

    assert json.loads(run(settings, "wishes", "--drop", wish, "--json")[1]) == []
    assert run(settings, "wishes", "--drop", wish)[0] == 1


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"keys": Keys()}, "TAVILY_API_KEY"),
        ({"policy": Policy(web=False)}, "policy.web"),
        ({"policy": Policy(metered=True)}, "policy.metered"),
    ],
)
def test_the_owners_wishes_hold(
    run: Run, settings: Settings, internet: Internet, change: dict[str, Any], why: str
) -> None:
    """Without a key, leave or a free link nobody is asked; the wish is kept and the reason given."""
    value = found(run, settings.model_copy(update=change), WANTED, "--yes")

    assert why in value["closed"]
    assert value["wish"]
    assert value["taken"] is None
    assert internet.tavily.requests == []


@pytest.mark.parametrize(
    ("mode", "why"), [("401", "TAVILY_API_KEY"), ("429", "too often"), ("garbage", "no search result")]
)
def test_a_search_that_fails_keeps_the_wish(
    run: Run, settings: Settings, internet: Internet, mode: fake_tavily.Mode, why: str
) -> None:
    """The reason is told, the key is not."""
    internet.tavily.mode = mode
    value = found(run, settings, WANTED, "--yes")

    assert why in value["closed"]
    assert value["wish"]
    assert "tvly-1" not in json.dumps(value)


def test_a_fetch_that_fails_says_why(run: Run, settings: Settings, internet: Internet, data: Path) -> None:
    """A file that is gone, and one that is no document: a line, and nothing left behind."""
    del internet.files["/NFS2-3030.pdf"]
    gone = run(settings, "find", WANTED, "--yes")
    internet.files["/NFS2-3030.pdf"] = b"\x7fELF" + bytes(2000)
    program = run(settings, "find", WANTED, "--yes")

    assert (gone[0], program[0]) == (1, 1)
    assert "404" in gone[2]
    assert "NFS2-3030" in program[2]
    assert Stock(data / DOCUMENTS).documents() == ()
    assert not any((data / "incoming").iterdir())


def test_a_result_in_the_boxs_own_network_is_refused_unless_allowed(
    run: Run, settings: Settings, internet: Internet
) -> None:
    """A search result must not make the box ask its router."""
    wary = settings.model_copy(update={"manuals": Wanted(tavily_url=internet.tavily.url)})
    code, _, err = run(wary, "find", WANTED, "--yes")

    assert code == 1
    assert "own network" in err
    assert internet.asked == []


def test_hostile_titles_do_nothing_to_the_terminal(run: Run, settings: Settings, internet: Internet) -> None:
    """No control character of a stranger reaches the screen."""
    internet.tavily.rows = [row("https://example.com/a.pdf", "\x1b]0;owned\x07 [red]NFS2-3030[/red] \u202etxt")]
    _, out, _ = run(settings, "find", WANTED)

    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\u202e" not in out
    assert "[red]NFS2-3030[/red]" in out


def test_what_lies_on_the_box_is_told_by_model_then_by_text(tmp_path: Path) -> None:
    """A document of the model is about it, one that names it is not; another's manual is neither."""

    def passage(number: int, document: str, model: str, text: str) -> Passage:
        return Passage(
            f"x/{number}", "x", document, "", (), "", None, "", text, maker="Notifier" if model else "", model=model
        )

    Library.build(
        tmp_path,
        [
            passage(1, "Panel manual", "NFS2-3030", "Set the switch to the second place."),
            passage(2, "Service notes", "", "The NFS2-3030 needs a new battery."),
            passage(3, "Other manual", "AFP-200", "Nothing to see."),
        ],
        None,
        "one",
    )
    library = Library.open(tmp_path)
    try:
        told = [(one.title, one.about) for one in here(library, (), "the Notifier NFS2 3030 manual")]
        nothing = here(library, (), "manual for the EST4")
    finally:
        library.close()

    assert told == [("Panel manual", True), ("Service notes", False)]
    assert nothing == []


def test_a_search_is_worded_as_one_for_a_manual() -> None:
    """What is wanted on one line, with the word in it, and no longer than a search takes."""
    assert query("Notifier  NFS2-3030\n") == "Notifier NFS2-3030 manual"
    assert query("EST3 installation guide") == "EST3 installation guide"
    assert len(query("x" * 5000)) < 400


def test_the_web_is_asked_only_over_an_allowed_link() -> None:
    """Every input: allowed, a link, and not by the byte unless that is fine."""
    for online, costs, allowed, fine in product([True, False], repeat=4):
        asked = may_fetch(Reach(online=online, metered=costs), allowed=allowed, metered=fine)

        assert asked == (allowed and online and (fine or not costs))


def test_keys_and_addresses_come_from_the_environment() -> None:
    """Under the names of the system we replace."""
    settings = load(
        None,
        {
            "TAVILY_API_KEY": "a",
            "FIRECRAWL_API_KEY": "b",
            "TAVILY_BASE_URL": "http://t",
            "FIRECRAWL_API_URL": "http://f",
        },
    )

    assert (settings.keys.tavily.get_secret_value(), settings.keys.firecrawl.get_secret_value()) == ("a", "b")
    assert (settings.manuals.tavily_url, settings.manuals.firecrawl_url) == ("http://t", "http://f")

"""The command line: what it prints, where, and with which exit code."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from appliance import check
from appliance.check import Part
from appliance.cli import main
from appliance.cli.ask import LONGEST
from appliance.cli.failure import Failure
from appliance.cli.narrow import narrowed
from appliance.cli.screen import Lines
from appliance.cli.setup import Setup
from appliance.ear import ear
from appliance.ear.errors import EarError
from appliance.settings import Settings, SettingsError, trace
from corpora.errors import LibraryError
from corpora.filters import Filter
from corpora.revision import Listed
from models.decode import decode
from models.errors import AudioError, EngineError
from sync.errors import SchemaError, StorageError
from tests.fakes.box import AMPS, FakeBox, Opener
from tests.fakes.store import FakeStore

ROOT = Path(__file__).parents[2]
SECRET = "sk-very-secret-4711"
Run = Callable[..., tuple[int, str, str]]


def index(settings: Settings, progress: Callable[[str, int, int], None]) -> int:
    """Pretend to index."""
    progress("embedding", 400, 400)
    return 400


def load(settings: Settings, folder: Path | None) -> Mapping[str, int]:
    """Pretend to load records."""
    if folder and not folder.is_dir():
        raise SchemaError(f"{folder}/dataset.json: no such file")
    return {"customer": 2, "job": 9}


@pytest.fixture
def box() -> FakeBox:
    """What answers."""
    return FakeBox()


@pytest.fixture
def setup(box: FakeBox) -> Setup:
    """The commands' means, all of them fakes."""
    store = FakeStore(installed=("small",))
    return Setup(
        read_settings=lambda: trace(None, {"GOOGLE_API_KEY": SECRET}),
        open_box=Opener(box),
        open_store=lambda _: store,  # type: ignore[arg-type, return-value]
        build_library=index,
        load_records=load,
        have_records=lambda _: False,
    )


@pytest.fixture
def run(setup: Setup, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line and give exit code, stdout and stderr."""

    def run(*arguments: str, **changed: Any) -> tuple[int, str, str]:
        code = main(arguments, replace(setup, **changed))
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_a_question_shows_answer_card_source_and_time(run: Run, box: FakeBox) -> None:
    """What the page shows, in a terminal."""
    code, out, _ = run("ask", "amp draw for carrier 50TCQA06", "--person", "Sam")

    assert code == 0
    assert box.asked == [("amp draw for carrier 50TCQA06", "Sam")]
    assert out.startswith(AMPS.said)
    assert "amp draw  18.2 A" in out
    assert "Source: Carrier 50TCQA06 record (sample data)" in out
    assert "Source: NFPA 25, 2017 edition, section 13.4.5.2.2.2, page 12" in out
    assert "answered by evidence · 2.8 ms to the first clause · 3.2 ms to the end" in out
    assert box.closed


def test_json_is_the_form_that_the_api_replies_with(run: Run) -> None:
    """One line of JSON on stdout, nothing on stderr."""
    code, out, err = run("ask", "amp draw?", "--json")

    body = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert body["answer"]["said"] == AMPS.said
    assert body["answer"]["citations"][0]["text"] == "Carrier 50TCQA06 record (sample data)"
    assert set(body) == {"answer", "heard", "sound", "online"}


def test_quiet_prints_the_answer_alone(run: Run) -> None:
    """For scripts that want the words."""
    assert run("ask", "amp draw?", "--quiet") == (0, AMPS.said + "\n", "")


def test_a_recording_is_heard_and_the_answer_spoken_to_a_file(run: Run, box: FakeBox, tmp_path: Path) -> None:
    """`--audio` in, `--speak` out."""
    target = tmp_path / "a.wav"

    code, out, err = run("ask", "--audio", str(tmp_path / "q.wav"), "--speak", str(target))

    assert code == 0
    assert box.recordings == [tmp_path / "q.wav"]
    assert box.asked == [(box.transcript, "")]
    assert f"Heard: {box.transcript}" in err
    assert str(target) in err
    assert AMPS.said in out
    assert decode(target).seconds == pytest.approx(0.5, abs=0.01)


def test_what_a_document_holds_cannot_command_the_terminal(run: Run, box: FakeBox) -> None:
    """Escape sequences are taken out; rich's markup is printed as it stands."""
    box.answer = replace(AMPS, said="\x1b[2J[bold]5 psi[/bold]\x07 :smile:")

    _, out, _ = run("ask", "x", "--quiet")

    assert out == " [2J[bold]5 psi[/bold]  :smile:\n"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("ask",), "TEXT"),
        (("ask", "x", "--audio", "q.wav"), "TEXT"),
        (("ask", "   "), "empty"),
        (("ask", "x", "--loud"), "--loud"),
        (("asks",), "asks"),
        (("up", "--port", "70000"), "--port"),
        (("jobs", "list", "--day", "someday"), "2026-11-22"),
        (("jobs", "list", "--status", "lost"), "lost"),
        (("corpora", "search"), "query"),
        (("corpora", "search", "x", "--limit", "0"), "--limit"),
        (("sync", "load"), "--demo"),
        (("sync", "load", "somewhere", "--demo"), "--demo"),
        (("models", "remove"), "ID"),
    ],
)
def test_bad_usage_is_2_and_one_line_that_names_it(run: Run, arguments: tuple[str, ...], named: str) -> None:
    """Nothing on stdout, one line on stderr."""
    code, out, err = run(*arguments)

    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("clara: ")
    assert named in err


def test_bad_settings_are_2(run: Run) -> None:
    """The key is named."""

    def refuse() -> Any:
        raise SettingsError("unknown setting web.prot in /etc/clara/clara.toml")

    assert run("ask", "x", read_settings=refuse) == (
        2,
        "",
        "clara: unknown setting web.prot in /etc/clara/clara.toml\n",
    )


@pytest.mark.parametrize(
    "trouble",
    [
        StorageError("cannot open field.db: the database is locked; close the other program"),
        LibraryError("the index is damaged: rebuild it with `clara corpora build`"),
        EngineError("the recogniser failed\nin two lines"),
        EarError("nothing was said"),
        PermissionError(13, "Permission denied", "/data"),
    ],
)
def test_a_failure_is_1_and_one_line(run: Run, trouble: Exception) -> None:
    """Whether opening fails or asking; never a traceback."""
    for changed in ({"open_box": Opener(trouble=trouble)}, {"open_box": Opener(FakeBox(trouble={"ask": trouble}))}):
        code, out, err = run("ask", "x", "--json", **changed)
        assert (code, out) == (1, "")
        assert err == f"clara: {' '.join(str(trouble).split())}\n"


def test_a_mistake_of_ours_is_not_hidden(run: Run) -> None:
    """Only what is expected becomes a line."""
    with pytest.raises(ZeroDivisionError):
        run("ask", "x", open_box=Opener(trouble=ZeroDivisionError()))


def test_the_box_is_closed_when_asking_fails(run: Run, box: FakeBox) -> None:
    """Whatever happens."""
    box.trouble["ask"] = EngineError("no")

    run("ask", "x")

    assert box.closed


@pytest.mark.parametrize(
    ("transcript", "trouble", "named"),
    [
        ("", None, "nothing was understood"),
        ("x", AudioError("the recording is longer than 120 s: ask in one short question"), "longer than 120 s"),
    ],
)
def test_a_recording_that_cannot_be_used_is_1(
    run: Run, box: FakeBox, transcript: str, trouble: Exception | None, named: str
) -> None:
    """Silence and an hour of sound: a clear message, and the box is not asked."""
    box.transcript = transcript
    box.trouble = {"hear": trouble} if trouble else {}

    code, _, err = run("ask", "--audio", "q.wav", "--json")

    assert code == 1
    assert named in err
    assert not box.asked


def test_a_text_of_100_kb_is_refused_before_the_box_is_opened(run: Run) -> None:
    """Exit code 1 and one line."""
    opener = Opener()

    code, _, err = run("ask", "x" * 100_000, open_box=opener)

    assert (code, opener.opened) == (1, 0)
    assert "longer than 2,000 characters" in err


def test_plain_progress_is_seldom_and_tells_the_end(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing before two seconds, then a line every two, and the end of what was spoken of, once."""
    now = iter([0.0, 1.9, 2.0, 2.5, 3.0, 3.1, 9.0])
    lines = Lines(lambda: next(now))

    for what, done in (("a", 1), ("a", 50), ("a", 60), ("a", 100), ("a", 100), ("b", 0)):
        lines.tell(what, done, 100)

    assert capsys.readouterr().err.splitlines() == ["a 50 %", "a 100 %", "b 0 %"]


def test_the_limit_is_that_of_the_ear() -> None:
    """One figure, though the ear is not imported for it."""
    assert LONGEST == ear.LONGEST


def test_a_question_can_come_from_stdin(run: Run, box: FakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads it."""
    monkeypatch.setattr(sys, "stdin", StringIO("amp draw?\n"))

    assert run("ask", "-", "--quiet")[0] == 0
    assert box.asked == [("amp draw?", "")]


def test_chat_answers_line_after_line_and_goes_on_after_a_failure(
    run: Run, box: FakeBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One JSON line for each question, one for the failure, nothing after "exit"."""
    monkeypatch.setattr(sys, "stdin", StringIO("first\n\n  second \n" + "x" * 20_000 + "\nexit\nthird\n"))

    code, out, _ = run("chat", "--json")

    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [text for text, _ in box.asked] == ["first", "second"]
    assert [next(iter(line)) for line in lines] == ["answer", "answer", "error"]


def test_chat_survives_a_box_that_stumbles(run: Run, box: FakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure is a line on stderr, the next line is still read."""
    box.trouble["ask"] = StorageError("field.db is locked")
    monkeypatch.setattr(sys, "stdin", StringIO("first\nsecond\n"))

    code, out, err = run("chat")

    assert (code, out) == (0, "")
    assert err.count("clara: field.db is locked") == 2


def test_models_are_listed_for_people_and_programs(run: Run) -> None:
    """Tier, role, size, licence, here or not."""
    _, out, _ = run("models", "list")
    assert [line.split() for line in out.splitlines() if line.startswith("small")] == [
        ["small", "stt", "embedded", "1.5", "MB", "MIT", "yes"]
    ]

    rows = json.loads(run("models", "list", "--json")[1])

    assert [(row["id"], row["installed"]) for row in rows] == [("small", True), ("large", False)]
    assert rows[0] == {
        "id": "small", "role": "stt", "tier": "embedded", "bytes": 1_500_000, "licence": "MIT", "installed": True,
        "note": "",
    }  # fmt: skip


def test_models_fetch_without_an_id_fetches_the_embedded_tier(run: Run) -> None:
    """And says where each one is."""
    store = FakeStore()

    code, out, err = run("models", "fetch", open_store=lambda _: store)

    assert (code, out, store.here) == (0, "", {"small"})
    assert "small is here: /models/small" in err
    assert run("models", "fetch", "--json", open_store=lambda _: store)[1:] == ('{"small": "/models/small"}\n', "")


@pytest.mark.parametrize(
    ("arguments", "store", "named"),
    [
        (("models", "fetch", "smal"), FakeStore(), "did you mean small"),
        (("models", "fetch"), FakeStore(link=False), "there is no link"),
        (("models", "remove", "small"), FakeStore(), "small is not on this box"),
        (("models", "verify"), FakeStore(("small",), ("small",)), "mend with clara models fetch small"),
    ],
)
def test_models_that_cannot_be_had_are_1(run: Run, arguments: tuple[str, ...], store: FakeStore, named: str) -> None:
    """The line says what to do."""
    code, _, err = run(*arguments, open_store=lambda _: store)

    assert code == 1
    assert named in err.splitlines()[-1]


def test_models_are_verified_and_removed(run: Run) -> None:
    """Well is 0; removing empties the place."""
    assert json.loads(run("models", "verify", "--json")[1]) == {"small": []}
    assert json.loads(run("models", "remove", "small", "--json")[1]) == {"removed": ["small"]}


def test_texts_are_listed_searched_and_indexed(run: Run) -> None:
    """For people and for programs."""
    assert "Dry pipe systems" in run("corpora", "list")[1]
    assert json.loads(run("corpora", "list", "--json")[1])[0]["passages"] == 1
    assert "0.90  Dry pipe systems > Testing  §13.4.5" in run("corpora", "search", "trip test")[1]
    hits = json.loads(run("corpora", "search", "trip", "--system", "dry sprinkler", "--json")[1])
    assert hits[0]["passage"]["section"] == "13.4.5"
    assert json.loads(run("corpora", "search", "nothing", "--json")[1]) == []
    assert run("corpora", "build", "--json") == (0, '{"passages": 400}\n', "")


@pytest.mark.parametrize(
    "kept",
    [
        ("--system", "Dry Sprinkler"),
        ("--document", "dry pipe systems", "--pack", "starter"),
        ("--edition", "2017", "--system", "dry sprinkler"),
    ],
)
def test_a_search_is_kept_to_what_is_named(run: Run, kept: tuple[str, ...]) -> None:
    """Capitals do not matter, and filters go together."""
    code, out, err = run("corpora", "search", "trip", *kept, "--json")

    assert (code, err) == (0, "")
    assert json.loads(out)[0]["passage"]["document"] == "Dry pipe systems"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (("--system", "dry sprinklr"), "no text on this box has the system 'dry sprinklr'; there is dry sprinkler"),
        (("--maker", "Acme"), "no text on this box has the maker 'Acme'; none has any maker"),
        (("--model", "T-100"), "the model 'T-100'"),
        (("--edition", "2018"), "the edition '2018'; there is 2017"),
        (("--language", "de"), "the language 'de'"),
        (("--pack", "acme"), "the pack 'acme'; there is starter"),
        (("--document", "Wet pipe systems"), "the document 'Wet pipe systems'; there is Dry pipe systems"),
    ],
)
def test_a_filter_that_nothing_has_is_refused_by_name(run: Run, kept: tuple[str, str], said: str) -> None:
    """With what there is: a misspelt filter must not look like a text that is missing."""
    code, out, err = run("corpora", "search", "trip", *kept)

    assert (code, out, err.count("\n")) == (1, "", 1)
    assert said in err


def test_filters_that_never_meet_are_refused() -> None:
    """Each is there, both together are not; models and makers are compared as they are searched."""
    shelves = [
        Listed(pack="p", document="A", edition="1", maker="Acme", model="MS-9200UDLS", passages=1),
        Listed(pack="p", document="B", edition="2", maker="Bell", model="T1", passages=1),
    ]

    assert narrowed(shelves, {"model": "ms 9200 udls", "maker": "ACME", "edition": ""}) == Filter(
        maker="Acme", model="MS-9200UDLS"
    )
    with pytest.raises(Failure, match="all of this together: maker 'Acme', edition '2'"):
        narrowed(shelves, {"maker": "acme", "edition": "2"})


def test_a_document_is_read_in_its_order(run: Run) -> None:
    """By its title, for people and for programs; beyond its end, or of another pack, there is nothing to read."""
    code, out, err = run("corpora", "read", "dry pipe systems")
    assert (code, err) == (0, "")
    assert out.startswith("Testing\n  [§13.4.5] Trip it.\n")
    body = json.loads(run("corpora", "read", "Dry pipe systems", "--json")[1])
    assert ([one["text"] for one in body["passages"]], body["start"], body["total"]) == (["Trip it."], 0, 1)

    for arguments, said in (
        (("Dry pipe systems", "--start", "2"), "there is no passage 2: it has 1"),
        (("Wet pipe systems",), "the document 'Wet pipe systems'"),
        (("Dry pipe systems", "--pack", "acme"), "the pack 'acme'"),
    ):
        code, out, err = run("corpora", "read", *arguments)
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert said in err


def test_a_title_that_two_packs_have_needs_the_pack(run: Run, box: FakeBox) -> None:
    """Which of them is meant is asked, and an edition may be named."""
    mine = Listed(pack="mine", document="Dry pipe systems", edition="2020", passages=1)
    box.library.shelves = lambda: (*FakeBox().library.shelves(), mine)  # type: ignore[method-assign]

    assert "say which with --pack: mine, starter" in run("corpora", "read", "Dry pipe systems")[2]
    assert run("corpora", "read", "Dry pipe systems", "--pack", "starter")[0] == 0
    assert run("corpora", "read", "Dry pipe systems", "--pack", "starter", "--edition", "2020")[0] == 1


def test_what_the_box_did_not_know_and_what_was_wrong_is_listed(run: Run) -> None:
    """The latest first, with the note and what was answered; `--wrong` leaves out what nobody complained of."""
    _, out, _ = run("gaps", "list")
    assert out.index("the plate says 20 A") < out.index("torque of QQQQ?")
    assert "the sources do not say" in out
    assert AMPS.said in out

    rows = json.loads(run("gaps", "list", "--json")[1])
    assert [(row["question"], row["answer"], row["note"], row["said"]) for row in rows] == [
        (AMPS.asked, AMPS.id, "the plate says 20 A", AMPS.said),
        ("torque of QQQQ?", "", "", ""),
    ]
    assert [row["id"] for row in json.loads(run("gaps", "list", "--wrong", "--json")[1])] == ["g-2"]
    assert [row["id"] for row in json.loads(run("gaps", "list", "--limit", "1", "--json")[1])] == ["g-2"]


def test_jobs_are_listed_by_day_and_state(run: Run) -> None:
    """Invented records are called so."""
    _, out, err = run("jobs", "list")
    assert "Mon 23 Nov 08:30" in out
    assert "WeWork" in out
    assert "invented" in err

    rows = json.loads(run("jobs", "list", "--day", "2026-11-23", "--status", "scheduled", "--json")[1])

    assert (rows[0]["id"], rows[0]["demo"]) == ("job-1", True)
    assert json.loads(run("jobs", "list", "--day", "2026-11-24", "--json")[1]) == []


def test_records_are_loaded(run: Run, tmp_path: Path) -> None:
    """From a folder or the demo; a bad folder is a failure."""
    assert json.loads(run("sync", "load", "--demo", "--json")[1]) == {"customer": 2, "job": 9}
    assert run("sync", "load", str(tmp_path))[0] == 0
    assert run("sync", "load", str(tmp_path / "absent"))[0] == 1


def test_check_is_0_while_the_box_can_answer(run: Run) -> None:
    """What is missing but not essential is told, with advice."""
    code, out, _ = run("check")

    assert code == 0
    assert any(line.startswith("missing") and "clara models fetch" in line for line in out.splitlines())


@pytest.mark.parametrize("parts", [[check.library(0)], [check.library(1), check.sqlite((3, 40, 1))], []])
def test_check_is_1_when_an_essential_part_is_not_well(run: Run, box: FakeBox, parts: list[Part]) -> None:
    """The parts are printed all the same, and one line says so."""
    box.parts_given = parts

    code, out, err = run("check", "--json")

    assert code == 1
    assert json.loads(out)["able"] is False
    assert err.startswith("clara: the box can't answer safely")


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_settings_show_masks_secrets_and_says_where_each_was_set(run: Run, form: tuple[str, ...]) -> None:
    """No form of the output holds a secret."""
    code, out, err = run("settings", "show", *form)

    assert code == 0
    assert SECRET not in out + err
    assert "**********" in out
    assert "$GOOGLE_API_KEY" in out
    if form:
        body = json.loads(out)
        assert body["origins"]["gemini.key"] == "$GOOGLE_API_KEY"
        assert body["origins"]["web.port"] == "default"
        assert body["settings"]["web"]["port"] == 8707


@pytest.mark.parametrize(
    "arguments",
    [(), ("ask",), ("chat",), ("up",), ("demo",), ("check",), ("models",), ("models", "fetch"), ("corpora", "search"),
     ("corpora", "read"), ("corpora", "eval"),
     ("gaps", "list"), ("jobs", "list"), ("sync", "load"), ("settings", "show"), ("bench",)],
)  # fmt: skip
def test_every_command_has_help(run: Run, arguments: tuple[str, ...]) -> None:
    """And asking for it is no failure."""
    code, out, _ = run(*arguments, "--help")

    assert code == 0
    assert "Usage: clara" in out


def test_the_version_is_printed(run: Run) -> None:
    """That of the installed package."""
    assert run("--version")[1].strip()[0].isdigit()


def started(script: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """Start `clara` with a fake box in a process of its own."""
    code = (
        "import sys; from appliance.cli import main; from appliance.cli.setup import Setup;"
        f"from tests.fakes.box import FakeBox, Opener; {script}; sys.exit(main(sys.argv[1:], setup))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, text=True, stderr=subprocess.PIPE,
        **({"stdout": subprocess.PIPE} | options),
    )  # fmt: skip


FAKE = "setup = Setup(open_box=Opener())"


def test_up_serves_until_it_is_told_to_stop() -> None:
    """SIGTERM ends it well, Ctrl-C with 130, and neither with a traceback."""
    for number, expected in ((signal.SIGTERM, 0), (signal.SIGINT, 130)):
        process = started(FAKE, "up", "--port", "0")
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("Clara is up: http://127.0.0.1:")
        process.send_signal(number)
        out, err = process.communicate(timeout=30)
        assert process.returncode == expected, err
        assert "Traceback" not in err
        assert out == ""


def test_ctrl_c_at_the_prompt_is_130() -> None:
    """Without a traceback."""
    process = started(FAKE, "chat", "--quiet", stdin=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write("hello\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith(AMPS.said)

    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)

    assert process.returncode == 130
    assert "Traceback" not in err


def test_a_reader_who_went_away_is_no_news() -> None:
    """A broken pipe: nothing on stderr."""
    reading, writing = os.pipe()
    os.close(reading)
    process = started(FAKE, "ask", "x", "--json", stdout=writing)
    os.close(writing)

    _, err = process.communicate(timeout=30)

    assert err == ""
    assert process.returncode == 1


def test_help_imports_nothing_heavy() -> None:
    """What takes long to import is left to the command that needs it."""
    heavy = {"pydantic", "numpy", "aiohttp", "lancedb", "pyarrow", "ctranslate2", "apsw", "rich", "google", "llama_cpp"}
    code = (
        "import sys; from appliance.cli import main; main(['--help']);"
        f"print(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    )
    started_at = time.monotonic()

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stderr.strip() == "[]"
    assert time.monotonic() - started_at < 5


def test_sound_that_cannot_be_written_is_1(run: Run, tmp_path: Path) -> None:
    """The answer is printed all the same."""
    code, out, err = run("ask", "x", "--speak", str(tmp_path / "absent" / "a.wav"), "--quiet")

    assert (code, out) == (1, AMPS.said + "\n")
    assert "cannot write" in err

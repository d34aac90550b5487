"""The requirement rows: what is shipped says what its sources say, and a faulty file is refused by name."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from corpora.errors import PackError
from corpora.requirement import SYSTEMS, Interval, Requirement
from corpora.requirements import Requirements, shipped

GOOD = """
[[row]]
id = "tank-look"
subject = "tank-look"
system = "water tank"
component = "tank"
activity = "inspection"
kind = "interval"
interval = { count = 3, unit = "month" }
standard = "NFPA 25"
edition = "2017"
statement = "The tank is inspected quarterly (every 3 months)."
confidence = "V2"
source = "a guide"
aliases = ["look at the tank", "tank check"]
"""
ADVERBS = {
    "weekly": Interval(1, "week"),
    "monthly": Interval(1, "month"),
    "quarterly": Interval(3, "month"),
    "semiannually": Interval(6, "month"),
    "annually": Interval(1, "year"),
}
NOT_CONFIRMED = {
    "fire alarm": r"dBA|90 seconds|60 hours|every 5 years|waterflow|visual",
    "notification": r"dBA|decibel|pillow",
    "battery": r"\b25 percent|1\.25|60 hours|charger of (a )?sealed",
    "sprinkler": r"9 to 15|4 to 8|54 to 66|30 to 40|main drain|inspector's test valve",
    "fire pump": r"95 percent|high-rise|vertical turbine|limited.service|ground tank",
    "standpipe": r"100 gpm",
    "preaction": r"full.flow|trip",
    "deluge": r"full.flow|trip",
    "clean agent": r"\b3 percent",
    "generator": r"23 months",
    "impairment": r"temporary water|ignition source",
}
"""What the facts file marks as recalled, rejected or unsure, by system: none of it may be told."""


@pytest.fixture(scope="module")
def pack() -> Requirements:
    """The shipped rows, read once."""
    return shipped()


def phrases(interval: Interval) -> set[str]:
    """The ways in which a statement may say an interval."""
    number = f"{interval.count:g}"
    plural = interval.unit if interval.count == 1 else f"{interval.unit}s"
    adverbs = {adverb for adverb, meant in ADVERBS.items() if meant == interval}
    return adverbs | {
        f"every {number} {plural}",
        f"in service for {number} {plural}",
        f"intervals of {number} {plural}",
        f"not more than {number} {plural}",
        f"{number}-{interval.unit} intervals",
    }


def write(folder: Path, text: str, name: str = "rows.toml") -> Path:
    """A folder holding one file."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def refusal(tmp_path: Path, text: str) -> str:
    """What the loader says of a faulty file."""
    with pytest.raises(PackError) as caught:
        Requirements.load([write(tmp_path / "pack", text)])
    return str(caught.value)


def test_the_starter_pack_is_large_and_faultless(pack: Requirements) -> None:
    """At least 150 rows, none refused, every id once."""
    assert len(pack.rows) >= 150
    assert pack.problems == ()
    assert len({row.id for row in pack.rows}) == len(pack.rows)


def test_every_system_with_known_facts_has_rows(pack: Requirements) -> None:
    """A technician of any system finds something."""
    assert {row.system for row in pack.rows} == set(SYSTEMS)


def test_a_statement_says_its_interval(pack: Requirements) -> None:
    """Whatever is spoken of an interval must stand in the statement."""
    mute = [row.id for row in pack.rows if row.interval and not any(p in row.statement for p in phrases(row.interval))]

    assert mute == []


def test_a_statement_says_no_other_interval_than_its_own(pack: Requirements) -> None:
    """Months beside an interval of years would be spoken; only what comes after "then" may differ."""
    for row in pack.rows:
        for before, count, unit in re.findall(r"(\w+,? ?\w*) every (\d+) (day|week|month|year)s?", row.statement):
            said = Interval(float(count), unit)
            assert row.interval in (said, None) or "then" in before, row.id


def test_an_adverb_and_its_bracket_agree(pack: Requirements) -> None:
    """An adverb with its interval in brackets never says two things."""
    pairs = [pair for row in pack.rows for pair in re.findall(r"(\w+ly) \(every (?:(\d+) )?(\w+?)s?\)", row.statement)]

    assert len(pairs) > 50
    for adverb, count, unit in pairs:
        assert ADVERBS[adverb] == Interval(int(count or 1), unit)


def test_a_statement_names_no_other_edition_than_its_row(pack: Requirements) -> None:
    """The year of "the 2023 edition" is the edition that is cited."""
    for row in pack.rows:
        if row.subject.startswith("cms-edition-") or row.subject == "nfpa25-editions":
            continue
        for year in re.findall(r"(\d{4})(?: and earlier| and later)? edition", row.statement):
            assert year in row.edition, row.id


def test_a_section_in_a_statement_is_one_that_a_row_cites(pack: Requirements) -> None:
    """No section number is told that stands nowhere as a citation."""
    cited = {row.section for row in pack.rows}

    for row in pack.rows:
        for section in re.findall(r"section (\d[\w.()-]*\w)", row.statement):
            assert section in cited, row.id


def test_what_is_not_confirmed_is_not_shipped(pack: Requirements) -> None:
    """A recalled or rejected figure stands neither in a statement nor in a caveat."""
    for row in pack.rows:
        pattern = NOT_CONFIRMED.get(row.system)
        words = f"{row.statement} {row.caveat}"
        assert "fire department connection" not in words.lower(), row.id
        assert pattern is None or not re.search(pattern, words), row.id


def test_the_list_of_what_is_not_confirmed_names_real_systems() -> None:
    """A misspelt system would guard nothing."""
    assert set(NOT_CONFIRMED) <= set(SYSTEMS)


def test_a_caveat_carries_no_frequency(pack: Requirements) -> None:
    """A figure that the statement does not carry cannot be spoken, so a caveat has none."""
    for row in pack.rows:
        assert not re.search(r"\d+ (day|week|month|year|minute|hour|second|percent|psi)", row.caveat), row.id


def test_all_rows_of_a_subject_are_in_conflict_or_none(pack: Requirements) -> None:
    """A conflict is told whole, and says whom to ask."""
    for row in pack.rows:
        rows = pack.by_subject(row.subject)
        assert row in rows
        assert len({other.conflict for other in rows}) == 1
        assert not row.conflict or (len(rows) > 1 and "AHJ" in row.caveat)


def test_one_subject_with_two_answers_is_a_conflict(pack: Requirements) -> None:
    """Rows of one subject and standard that differ in their interval are in conflict."""
    for subject in {row.subject for row in pack.rows}:
        rows = pack.by_subject(subject)
        for standard in {row.standard for row in rows}:
            intervals = {row.interval for row in rows if row.standard == standard}
            assert len(intervals) == 1 or rows[0].conflict, subject


def test_each_row_has_two_to_six_names(pack: Requirements) -> None:
    """A technician's own words find the row."""
    for row in pack.rows:
        assert 2 <= len(row.aliases) <= 6, row.id
        assert len({alias.lower() for alias in row.aliases}) == len(row.aliases), row.id


def test_gauges_and_sprinkler_ages_ask_for_the_edition(pack: Requirements) -> None:
    """Trap: the answer differs by edition, and every edition's own stands there."""
    dry = {row.edition: row.interval for row in pack.by_subject("sprinkler-sample-test-dry")}
    fast = {row.edition: row.interval for row in pack.by_subject("sprinkler-sample-test-fast-response")}
    gauges = {row.interval for row in pack.by_subject("gauge-inspection-wet")}

    assert dry == {
        "2017 and earlier": Interval(10, "year"),
        "2020": Interval(15, "year"),
        "2023": Interval(20, "year"),
    }
    assert fast == {"2020 and earlier": Interval(20, "year"), "2023": Interval(25, "year")}
    assert gauges == {Interval(3, "month"), Interval(1, "month")}
    for name in ("wet", "dry", "preaction", "deluge"):
        assert all(row.conflict for row in pack.by_subject(f"gauge-inspection-{name}"))


def test_three_percent_is_never_a_pressure_loss(pack: Requirements) -> None:
    """Trap: the loss limits are 5 and 10 percent; 3 percent is a gauge's accuracy and nothing else."""
    assert [row.id for row in pack.rows if re.search(r"\b3 percent", row.statement)] == ["gauge-accuracy"]
    for row in pack.by_subject("clean-agent-loss"):
        assert "5 percent of its weight" in row.statement
        assert "10 percent of its pressure" in row.statement
    assert "5 percent of its pressure" in pack.by_subject("inert-gas-loss")[0].statement


def test_five_and_fifteen_minutes_are_not_swapped(pack: Requirements) -> None:
    """Trap: 5 minutes of alarm, 15 with voice, both after 24 hours of standby."""
    (plain,) = pack.by_subject("secondary-power-capacity")
    (voice,) = pack.by_subject("secondary-power-capacity-voice")

    assert "24 hours of standby followed by 5 minutes of alarm" in plain.statement
    assert "24 hours of standby followed by 15 minutes of alarm" in voice.statement
    assert "voice" in voice.statement
    assert "15" not in plain.statement


def test_four_hours_and_the_local_eight_are_both_told(pack: Requirements) -> None:
    """Trap: NFPA 101 says 4 hours, local forms 8, Minnesota any length: a conflict."""
    told = " ".join(row.statement for row in pack.by_subject("fire-alarm-impairment"))

    assert "more than 4 hours in a 24-hour period" in told
    assert "8 hours" in told
    assert "any length" in told
    assert all(row.conflict for row in pack.by_subject("fire-alarm-impairment"))


def test_the_sixty_second_myth_is_denied(pack: Requirements) -> None:
    """Trap: the statement keeps its "no"."""
    (row,) = pack.by_subject("dry-pipe-delivery-time")

    assert row.statement.startswith("NFPA 25 sets no 60-second pass/fail limit")


def test_the_monthly_generator_run_is_under_load(pack: Requirements) -> None:
    """Trap: a run without load does not count."""
    (row,) = pack.by_subject("generator-monthly-run")

    assert row.interval == Interval(1, "month")
    assert "under load" in row.statement
    assert "30 percent" in row.statement
    assert "without load does not meet" in row.statement


def test_a_full_flow_trip_test_is_due_every_three_years(pack: Requirements) -> None:
    """The issue's own example, with edition and section."""
    (row,) = pack.by_subject("dry-pipe-valve-full-trip")

    assert (row.interval, row.edition, row.section) == (Interval(3, "year"), "2017", "13.4")


def test_a_row_is_found_by_its_id(pack: Requirements) -> None:
    """And an unknown id or subject finds nothing."""
    row = pack.by_id("osha-157-e2")

    assert row is not None
    assert row.statement.endswith("inspected visually monthly.")
    assert pack.by_id("nothing") is None
    assert pack.by_subject("nothing") == ()


def test_the_regulation_rows_say_what_the_regulation_says(pack: Requirements) -> None:
    """Each figure of a 29 CFR 1910.157 row stands in the public text."""
    path = Path(__file__).parents[3] / "shared/data/regulation/29cfr1910_157.txt"
    if not path.exists():
        pytest.skip(f"{path} is not here")
    text = path.read_text(encoding="utf-8").replace("two weeks", "2 weeks").replace("one percent", "1 percent")
    text = text.replace("one year", "1 year").replace("two times", "2 times").replace(".1cc (.1mL)", "0.1 cc (0.1 mL)")
    for row in pack.rows:
        if row.standard == "29 CFR 1910.157":
            figures = re.findall(r"\d[\d,./]*\d|\d", row.statement)
            assert [figure for figure in figures if figure not in text] == [], row.id


def test_the_revision_changes_exactly_when_a_row_does(pack: Requirements) -> None:
    """Neither the order of the files nor a further refusal moves it."""
    changed = replace(pack.rows[0], caveat="New.")

    assert re.fullmatch(r"[0-9a-f]{64}", pack.revision)
    assert Requirements(pack.rows[::-1], ("x",)).revision == pack.revision
    assert Requirements((changed, *pack.rows[1:])).revision != pack.revision


def test_a_written_row_comes_back_as_a_value(tmp_path: Path) -> None:
    """Every field of the file is in the value, and what is left out is empty."""
    (row,) = Requirements.load([write(tmp_path / "pack", GOOD)]).rows

    assert row == Requirement(
        id="tank-look", subject="tank-look", system="water tank", component="tank", activity="inspection",
        kind="interval", interval=Interval(3, "month"), standard="NFPA 25", edition="2017", section="",
        statement="The tank is inspected quarterly (every 3 months).", confidence="V2", source="a guide", caveat="",
        conflict=False, aliases=("look at the tank", "tank check"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("count = 3", 'count = "3"', "interval.count: "),
        ("count = 3", "count = -3", "interval.count: "),
        ("count = 3", "count = nan", "interval.count: "),
        ('"month" }', '"fortnight" }', "interval.unit: "),
        ('confidence = "V2"', 'confidence = "R"', "confidence: "),
        ('source = "a guide"', 'source = "a guide"\ncolour = "red"', "colour: "),
        ('source = "a guide"', "", "source: "),
        ('source = "a guide"', 'source = " "', "source: "),
        ("water tank", "aquarium", "system: "),
        ('kind = "interval"', 'kind = "rule"', "interval"),
        ("interval = {", "# {", "interval"),
        ('id = "tank-look"', 'id = "Tank look"', "id: "),
        ("3 months).", "3 months)", "statement: "),
        ('source = "a guide"', 'source = "a guide"\nconflict = true', "caveat"),
        ('aliases = ["look at the tank", "tank check"]', 'aliases = "tank"', "aliases: "),
    ],
)
def test_a_faulty_row_is_named_with_file_and_field(tmp_path: Path, old: str, new: str, told: str) -> None:
    """A clear refusal says where to look."""
    assert old in GOOD

    message = refusal(tmp_path, GOOD.replace(old, new))

    assert "rows.toml" in message
    assert re.search(r"row (tank-look|Tank look): ", message)
    assert told in message


def test_an_id_stands_once(tmp_path: Path) -> None:
    """A repeated id is refused and named."""
    assert "row tank-look: id: stands twice" in refusal(tmp_path, GOOD + GOOD)


def test_half_a_conflict_is_refused(tmp_path: Path) -> None:
    """One row of a subject in conflict and one not is a contradiction."""
    other = GOOD.replace('id = "tank-look"', 'id = "tank-2"').replace(
        '"a guide"', '"b"\nconflict = true\ncaveat = "Ask."'
    )

    assert "row tank-2: conflict: " in refusal(tmp_path, GOOD + other)


@pytest.mark.parametrize("text", ["[[row]\n", "\x00", 'title = "x"\n', 'row = "x"\n', "row = [1]\n"])
def test_a_file_that_is_no_list_of_rows_is_refused(tmp_path: Path, text: str) -> None:
    """Broken TOML, a foreign key and a row that is no table are all named by file."""
    assert "rows.toml" in refusal(tmp_path, text)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8 end in a clear error."""
    folder = write(tmp_path / "pack", "")
    (folder / "rows.toml").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(PackError, match=r"rows\.toml: cannot be read as TOML"):
        Requirements.load([folder])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A folder that is not there is an error, not an empty pack."""
    with pytest.raises(PackError, match="nowhere: cannot list"):
        Requirements.load([tmp_path / "nowhere"])


def test_a_bad_further_file_is_refused_by_name_and_the_rest_loads(tmp_path: Path) -> None:
    """An owner's broken file costs nothing but itself."""
    pack = write(tmp_path / "pack", GOOD)
    mine = write(tmp_path / "mine", GOOD.replace("tank-look", "mine-1"), "a-good.toml")
    write(mine, GOOD.replace("tank-look", "mine-2") + GOOD.replace("count = 3", "count = true"), "b-bad.toml")
    write(mine, GOOD, "c-twice.toml")
    write(mine, GOOD.replace("tank-look", "mine-3"), "d-good.toml")

    loaded = Requirements.load([pack], further=[mine])

    assert [row.id for row in loaded.rows] == ["tank-look", "mine-1", "mine-3"]
    assert len(loaded.problems) == 2
    assert "b-bad.toml" in loaded.problems[0]
    assert "c-twice.toml" in loaded.problems[1]

"""The outbox under kill -9 and after a power cut."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import apsw

from sync.box import Projection
from sync.operation import Operation
from sync.outbox import Outbox
from sync.recorder import FieldRecorder

ROOT = Path(__file__).parents[2]
WRITER = """
import sys
from pathlib import Path
from sync.operation import Operation
from sync.outbox import Outbox
outbox = Outbox(Path(sys.argv[1]), "box-1", batch_size=8, checkpoint_pages=30)
number = 0
while True:
    number += 1
    ids = outbox.append([Operation("note", {"text": "x" * (number % 900)})] * (1 + number % 3))
    print(*ids, flush=True)
"""


def acknowledged(path: Path, seconds: float) -> list[str]:
    """Let a process append until it is killed with SIGKILL; give the ids it had acknowledged."""
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    head = writer.stdout.readline()
    time.sleep(seconds)
    writer.kill()
    rest = writer.stdout.read()
    writer.wait()
    writer.stdout.close()
    # The last line may be torn by the kill: then it was not acknowledged.
    return (head + rest[: rest.rfind("\n") + 1]).split()


def test_every_acknowledged_operation_survives_kill_9(tmp_path: Path) -> None:
    """Twelve rounds on one file: nothing acknowledged is missing, the file is sound, the chain holds."""
    path, known, chance = tmp_path / "field.db", [], random.Random(7)
    for _ in range(12):
        known += acknowledged(path, chance.uniform(0, 0.08))

    outbox = Outbox(path, "box-1")
    kept = [entry.id for entry in outbox.entries(limit=100_000)]

    assert len(known) > 50
    assert set(known) <= set(kept)
    assert kept == sorted(set(kept))
    assert not outbox.verify_chain().fault
    assert outbox._connection.pragma("integrity_check") == "ok"
    outbox.close()


def test_a_lost_end_of_the_log_leaves_a_sound_beginning(tmp_path: Path) -> None:
    """A power cut that took the WAL's tail: the file opens, holds a prefix, the chain holds, appending goes on."""
    live = tmp_path / "live" / "field.db"
    outbox = Outbox(live, "box-1", batch_size=4)
    ids = [id_ for number in range(40) for id_ in outbox.append([Operation("note", {"text": "x" * number * 20})])]
    wal = live.with_name("field.db-wal").read_bytes()
    chance = random.Random(3)

    for round_ in range(20):
        path = tmp_path / str(round_) / "field.db"
        path.parent.mkdir()
        shutil.copy(live, path)
        path.with_name("field.db-wal").write_bytes(wal[: chance.randrange(0, len(wal))])
        cut = Outbox(path, "box-1")
        kept = [entry.id for entry in cut.entries()]

        assert ids[: len(kept)] == kept
        assert not cut.verify_chain().fault
        assert cut._connection.pragma("integrity_check") == "ok"
        after = cut.append([Operation("note", {"text": "after"})])
        assert after[0] > max(kept, default="")
        cut.close()
    outbox.close()


def test_a_projection_ahead_of_its_outbox_is_folded_again(tmp_path: Path) -> None:
    """When the outbox lost its end, what the projection had folded of it goes, also where numbers were reused."""
    outbox, box = Outbox(tmp_path / "field.db", "box-1"), Projection(tmp_path / "box.db")
    FieldRecorder(outbox, box).record([Operation("note", {"text": f"note {n}"}) for n in range(6)])
    outbox.close()
    connection = apsw.Connection(str(tmp_path / "field.db"))
    connection.execute("DELETE FROM op WHERE seq > 3")
    connection.execute("DELETE FROM batch")
    connection.close()
    cut = Outbox(tmp_path / "field.db", "box-1")
    cut.append([Operation("note", {"text": f"new {n}"}) for n in range(4)])

    box.catch_up(cut)

    fresh = Projection(tmp_path / "fresh.db")
    fresh.catch_up(cut)
    assert fresh.content() == box.content()
    assert box.applied == 7
    assert "lost its end" in box.rebuilt
    for part in (cut, box, fresh):
        part.close()

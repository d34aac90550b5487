"""The embedder: on a tiny BERT that the tests build, and on the real one where it is fetched."""

import json
import math
import threading
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from models.digest import digest
from models.errors import EngineError, NotInstalledError
from models.minilm import BATCH, MiniLm, prepare
from tests.fakes.tiny_bert import WORDS, tiny_bert
from tests.fakes.weights import embedded

TEXTS = ["how often is a valve tested", "gauge inspected quarterly", "the quick brown fox"]


@pytest.fixture
def bert(tmp_path: Path) -> Path:
    """A tiny model, not yet converted."""
    return tiny_bert(tmp_path / "bert")


def reference(folder: Path, ids: list[int]) -> np.ndarray:
    """BERT's forward pass in float32 as its paper has it, mean of the last layer, unit length."""
    weights = load_file(folder / "model.safetensors")
    heads = json.loads((folder / "config.json").read_text())["num_attention_heads"]

    def linear(x: np.ndarray, name: str) -> np.ndarray:
        return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    def norm(x: np.ndarray, name: str) -> np.ndarray:
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt(x.var(-1, keepdims=True) + 1e-12) * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def split(x: np.ndarray) -> np.ndarray:
        return x.reshape(len(x), heads, -1).transpose(1, 0, 2)

    embeddings = [weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type")]
    x = norm(embeddings[0][ids] + embeddings[1][: len(ids)] + embeddings[2][0], "embeddings.LayerNorm")
    for number in range(2):
        at = f"encoder.layer.{number}"
        query, key, value = (split(linear(x, f"{at}.attention.self.{part}")) for part in ("query", "key", "value"))
        scores = query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])
        odds = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (odds / odds.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), -1)
        x = norm(x + linear(mixed, f"{at}.attention.output.dense"), f"{at}.attention.output.LayerNorm")
        inner = linear(x, f"{at}.intermediate.dense")
        gelu = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / np.sqrt(2)))
        x = norm(x + linear(gelu, f"{at}.output.dense"), f"{at}.output.LayerNorm")
    mean = x.mean(0)
    return np.asarray(mean / np.linalg.norm(mean))


def test_the_conversion_computes_what_bert_computes(bert: Path) -> None:
    """Every weight lands where it belongs: int8 stays near a plain float32 computation of the same model."""
    model = MiniLm(bert, threads=1)
    rows = model.embed(TEXTS)
    for text, row in zip(TEXTS, rows, strict=True):
        ids = model._tokenizer.encode(text).ids
        assert float(row @ reference(bert, ids)) > 0.99


def test_rows_are_unit_float32(bert: Path) -> None:
    """One row of unit length for each text; no text, no row."""
    model = MiniLm(bert, threads=1)
    rows = model.embed(TEXTS)

    assert (rows.shape, rows.dtype) == ((3, 32), np.float32)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert model.embed([]).shape == (0, 32)


def test_a_texts_vector_does_not_depend_on_its_neighbours(bert: Path) -> None:
    """Batches sort and pad inside; every text gets its own row, in the order asked."""
    model = MiniLm(bert, threads=1)
    texts = [" ".join(WORDS[: 1 + number % len(WORDS)]) for number in range(BATCH * 2 + 5)]
    together = model.embed(texts)
    for number in (0, 7, BATCH, len(texts) - 1):
        assert np.allclose(together[number], model.embed([texts[number]])[0], atol=1e-4)


def test_long_and_empty_texts_are_taken(bert: Path) -> None:
    """A text beyond 256 tokens is cut there; an empty one still has a vector."""
    model = MiniLm(bert, threads=1)
    long, cut, empty = model.embed(["valve " * 5000, "valve " * 254, ""])

    assert np.allclose(long, cut, atol=1e-5)
    assert np.isfinite(empty).all()


def test_the_first_token_can_be_the_vector(bert: Path) -> None:
    """BGE takes the first token where MiniLM takes the mean."""
    first = MiniLm(bert, threads=1, pooling="first").embed(TEXTS)

    assert np.allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)
    assert not np.allclose(first, MiniLm(bert, threads=1).embed(TEXTS), atol=0.01)


def test_threads_share_one_model(bert: Path) -> None:
    """Several threads at once get the answers that one alone gets."""
    model = MiniLm(bert, threads=1)
    alone = model.embed(TEXTS)
    got: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: got.append(model.embed(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(got) == 4
    assert all(np.allclose(rows, alone, atol=1e-5) for rows in got)


def test_conversion_happens_once(bert: Path) -> None:
    """The second start finds the converted model; the originals stay for `verify`."""
    made = (prepare(bert) / "model.bin").stat().st_mtime_ns
    assert (prepare(bert) / "model.bin").stat().st_mtime_ns == made
    assert sorted(path.name for path in bert.iterdir()) == [
        "config.json",
        "int8",
        "model.safetensors",
        "tokenizer.json",
    ]


def test_a_damaged_conversion_is_made_again(bert: Path) -> None:
    """A flipped bit or a half-written folder heals itself from the proved originals."""
    binary = prepare(bert) / "model.bin"
    whole = digest(binary)
    body = bytearray(binary.read_bytes())
    body[len(body) // 2] ^= 1
    binary.write_bytes(body)
    (bert / "int8.part").mkdir()
    prepare(bert)

    assert digest(binary) == whole
    assert not (bert / "int8.part").exists()


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
def test_a_truncated_file_is_an_engine_error(bert: Path, name: str) -> None:
    """Whichever file is cut short, the error names the model's place."""
    (bert / name).write_bytes((bert / name).read_bytes()[: (bert / name).stat().st_size // 2])
    with pytest.raises(EngineError, match="bert"):
        MiniLm(bert)


def test_another_kind_of_model_is_refused(bert: Path) -> None:
    """A config that does not fit the weights is an error, not a wrong vector."""
    config = json.loads((bert / "config.json").read_text()) | {"num_hidden_layers": 3}
    (bert / "config.json").write_text(json.dumps(config))
    with pytest.raises(EngineError, match="another kind"):
        MiniLm(bert)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """Nothing fetched: the message says what is missing and how to get it."""
    with pytest.raises(NotInstalledError, match=r"model\.safetensors.*clara models fetch"):
        MiniLm(tmp_path)


def test_the_real_model_knows_what_belongs_together() -> None:
    """With the fetched weights a question lies nearer to its answer than to something else."""
    question, answer, other = MiniLm(embedded("all-minilm-l6-v2"), threads=1).embed(
        ["how often are sprinkler gauges inspected", "gauges are inspected quarterly", "the quick brown fox"]
    )

    assert question.shape == (384,)
    assert float(question @ answer) > 0.5
    assert float(question @ other) < 0.2

"""MiniLM and its kind: sentence embeddings by CTranslate2 in int8, from a BERT's published weights.

What is fetched is the published model in float32. It is converted once, into the folder `int8` beside it: `prepare`
does it right after a fetch, the constructor where nobody did. The originals stay, so that the store's `verify` goes
on speaking of the files that the catalogue names.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from models.digest import digest
from models.errors import EngineError, NotInstalledError

NEEDED = ("config.json", "model.safetensors", "tokenizer.json")
LONGEST = 256
"""Tokens of a text that count; the rest is left out, as the model was trained."""
BATCH = 32
"""Texts that go through the model together."""
CONVERTED = "int8"
PROOF = "sha256"
"""File in the converted folder with the hash of the converted weights."""


class MiniLm:
    """A loaded embedder. Safe to use from several threads."""

    def __init__(self, path: Path, threads: int = 0, pooling: Literal["mean", "first"] = "mean") -> None:
        """Load the model in `path`, converting it first where that was not done.

        Args:
            path: Folder with config.json, model.safetensors and tokenizer.json.
            threads: Processor threads for one call; 0: as many as this process may use.
            pooling: How a text's vector comes of its tokens: MiniLM takes the mean, BGE the first.

        Raises:
            NotInstalledError: files are missing.
            EngineError: the files are damaged, of another kind, or cannot be converted where they lie.
        """
        import ctranslate2

        folder = prepare(path)
        self._tokenizer = _tokenizer(path)
        self._tokenizer.enable_truncation(LONGEST)
        self._tokenizer.no_padding()
        try:
            self._encoder: Any = ctranslate2.Encoder(
                str(folder), device="cpu", intra_threads=threads or len(os.sched_getaffinity(0))
            )
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"cannot load the embedder in {folder}: {error}") from error
        self._size = int(_config(path)["hidden_size"])
        self._pooling = pooling

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Give a float32 row of unit length for each text: shape (len(texts), 384).

        Raises:
            EngineError: the model fails.
        """
        rows = np.zeros((len(texts), self._size), np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        # Neighbours in length share a batch, so little is computed for padding.
        order = sorted(range(len(texts)), key=lambda number: len(encodings[number].ids))
        for start in range(0, len(order), BATCH):
            batch = order[start : start + BATCH]
            rows[batch] = self._forward([encodings[number].ids for number in batch])
        return rows

    def _forward(self, ids: list[list[int]]) -> NDArray[np.float32]:
        try:
            output = self._encoder.forward_batch(ids, token_type_ids=[[0] * len(row) for row in ids])
        except (RuntimeError, ValueError) as error:
            raise EngineError(f"the embedder failed: {error}") from error
        states = np.array(output.last_hidden_state, dtype=np.float32)
        if self._pooling == "first":
            pooled = states[:, 0]
        else:
            mask = np.arange(states.shape[1])[None, :] < np.array([len(row) for row in ids])[:, None]
            pooled = (states * mask[:, :, None]).sum(axis=1)
        unit: NDArray[np.float32] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return unit


def prepare(path: Path) -> Path:
    """Give the folder of the converted model, converting when it is not there or damaged.

    Raises:
        NotInstalledError: files are missing.
        EngineError: the weights are damaged or of another kind, or the folder cannot be written.
    """
    if missing := [name for name in NEEDED if not (path / name).is_file()]:
        raise NotInstalledError(f"the embedder in {path} lacks {', '.join(missing)}: run `clara models fetch`")
    target = path / CONVERTED
    with _alone(path):
        if not _whole(target):
            _convert(path, target)
    return target


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """One converter at a time, over threads and processes; works in a read-only folder too."""
    handle = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _whole(folder: Path) -> bool:
    try:
        return (folder / PROOF).read_text(encoding="ascii") == digest(folder / "model.bin")
    except (OSError, UnicodeDecodeError):
        return False


def _convert(path: Path, target: Path) -> None:
    """Convert beside the target and rename, so that a power cut never leaves half a model."""
    from safetensors import SafetensorError

    staging = path / f"{CONVERTED}.part"
    try:
        for folder in (staging, target):
            shutil.rmtree(folder, ignore_errors=True)
        staging.mkdir()
        _specification(path).save(str(staging))
        (staging / PROOF).write_text(digest(staging / "model.bin"), encoding="ascii")
        staging.rename(target)
    except OSError as error:
        raise EngineError(f"cannot write the converted embedder into {path}: {error}") from error
    except (SafetensorError, KeyError, TypeError, ValueError) as error:
        raise EngineError(f"the embedder in {path} is damaged or of another kind: {error!r}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _config(path: Path) -> dict[str, Any]:
    try:
        config: dict[str, Any] = json.loads((path / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EngineError(f"cannot read the embedder's {path / 'config.json'}: {error}") from error
    return config


def _tokenizer(path: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        return Tokenizer.from_file(str(path / "tokenizer.json"))
    except Exception as error:  # the library raises the bare class and nothing else
        raise EngineError(f"cannot load the embedder's {path / 'tokenizer.json'}: {error}") from error


def _specification(path: Path) -> Any:
    """The model as CTranslate2 describes it, filled from a BERT's weights.

    `transformer_spec` has a converter for this, but it needs PyTorch and transformers, ten times our size.
    """
    from ctranslate2.specs import common_spec, transformer_spec
    from safetensors.numpy import load_file

    weights = load_file(path / "model.safetensors")
    config = _config(path)
    encoder = transformer_spec.TransformerEncoderSpec(
        config["num_hidden_layers"],
        config["num_attention_heads"],
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    # BERT does not scale its embeddings; the default would, and the vectors would be wrong without a sound.
    encoder.scale_embeddings = np.int8(0)
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _fill(encoder.layernorm_embedding, weights, "embeddings.LayerNorm", "gamma", "beta")
    for number, layer in enumerate(encoder.layer):
        _fill_layer(layer, weights, f"encoder.layer.{number}")
    specification = transformer_spec.TransformerEncoderModelSpec(encoder)
    specification.register_vocabulary(_vocabulary(path))
    specification.config.unk_token = "[UNK]"  # noqa: S105 -- a token of text
    specification.config.layer_norm_epsilon = config["layer_norm_eps"]
    specification.validate()
    specification.optimize(quantization="int8")
    return specification


def _fill_layer(layer: Any, weights: dict[str, Any], at: str) -> None:
    fused, output = layer.self_attention.linear
    parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
    fused.weight = np.concatenate([weights[f"{part}.weight"] for part in parts])
    fused.bias = np.concatenate([weights[f"{part}.bias"] for part in parts])
    _fill(output, weights, f"{at}.attention.output.dense")
    _fill(layer.self_attention.layer_norm, weights, f"{at}.attention.output.LayerNorm", "gamma", "beta")
    _fill(layer.ffn.linear_0, weights, f"{at}.intermediate.dense")
    _fill(layer.ffn.linear_1, weights, f"{at}.output.dense")
    _fill(layer.ffn.layer_norm, weights, f"{at}.output.LayerNorm", "gamma", "beta")


def _fill(layer: Any, weights: dict[str, Any], name: str, weight: str = "weight", bias: str = "bias") -> None:
    setattr(layer, weight, weights[f"{name}.weight"])
    setattr(layer, bias, weights[f"{name}.bias"])


def _vocabulary(path: Path) -> list[str]:
    """The tokens in the order of their numbers."""
    vocabulary: dict[str, int] = _tokenizer(path).get_vocab(with_added_tokens=True)
    return sorted(vocabulary, key=lambda token: vocabulary[token])

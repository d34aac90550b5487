"""A hand-written Whisper whose text is chosen by a pilot tone in the sound.

Sixty-four dimensions, one layer on each side, written with CTranslate2's own converter: the real faster-whisper path
runs on it (features, voice detector, prompt, decoding, scores). The encoder measures the energy in one mel band per
sentence, cross-attention averages it over time, and the decoder's projection picks that sentence's one token.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.network import hush

SENTENCES = (
    "what is the rated pressure of the fire pump",
    "how often is the tamper switch tested",
    "close the OS&Y valve",
    "thank you thank you thank you",
)
BANDS = (44, 52, 60, 68)
"""Mel band of each sentence's tone; high, where a voice has little energy of its own."""
MELS, WIDTH, RATE = 80, 64, 16_000
SPECIAL = (
    "<|endoftext|>", "<|startoftranscript|>", "<|en|>", "<|translate|>", "<|transcribe|>", "<|startoflm|>",
    "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
)  # fmt: skip
START, SPOKEN = len(SENTENCES), len(SENTENCES) + 1
"""Dimensions that say: nothing was written yet; a sentence was written."""


def build(folder: Path) -> Path:
    """Write the model to `folder` and give it."""
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True, exist_ok=True)
    vocabulary, sentences = _tokenizer(folder / "tokenizer.json")
    spec = WhisperSpec(1, 1, 1, 1)
    _encoder(spec.encoder)
    _decoder(spec.decoder, sentences, len(vocabulary), vocabulary.index(SPECIAL[0]))
    spec.register_vocabulary(vocabulary)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [vocabulary.index("<|en|>")]
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    features = {"feature_size": MELS, "hop_length": 160, "n_fft": 400, "chunk_length": 30, "sampling_rate": RATE}
    (folder / "preprocessor_config.json").write_text(json.dumps(features))
    return folder


def tone(sentence: int, count: int) -> NDArray[np.float32]:
    """Give `count` samples at 16 kHz of the tone that stands for a sentence."""
    hush()
    from faster_whisper.feature_extractor import FeatureExtractor

    bin_ = int(FeatureExtractor(feature_size=MELS).mel_filters[BANDS[sentence]].argmax())
    return (0.1 * np.sin(2 * np.pi * bin_ * RATE / 400 * np.arange(count) / RATE)).astype(np.float32)


def _zeros(*shape: int) -> NDArray[np.float32]:
    """Weights that do nothing."""
    return np.zeros(shape, np.float32)


def _tokenizer(path: Path) -> tuple[list[str], list[int]]:
    """Write a byte-level tokenizer with one token for each sentence; give the vocabulary and the sentences' ids."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    words = sorted(pre_tokenizers.ByteLevel.alphabet())
    sentences = list(range(len(words), len(words) + len(SENTENCES)))
    words += [f"Ġ{sentence.replace(' ', 'Ġ')}" for sentence in SENTENCES]
    tokenizer = Tokenizer(models.BPE(vocab={word: place for place, word in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL])
    tokenizer.save(str(path))
    return [*words, *SPECIAL, *(f"<|{place * 0.02:.2f}|>" for place in range(1501))], sentences


def _norm(layer: Any) -> None:
    """A layer norm that scales nothing."""
    layer.gamma, layer.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _linear(layer: Any, out: int, given: int = WIDTH) -> None:
    """A linear layer of zeros."""
    layer.weight, layer.bias = _zeros(out, given), _zeros(out)


def _forward(layer: Any) -> None:
    """A feed-forward block that adds nothing."""
    _norm(layer.layer_norm)
    _linear(layer.linear_0, WIDTH)
    _linear(layer.linear_1, WIDTH)


def _listen(attention: Any) -> None:
    """A self-attention block that adds nothing."""
    _norm(attention.layer_norm)
    _linear(attention.linear[0], 3 * WIDTH)
    _linear(attention.linear[1], WIDTH)


def _encoder(spec: Any) -> None:
    """One band of the features to one dimension for each sentence."""
    spec.conv1.weight, spec.conv1.bias = _zeros(WIDTH, MELS, 3), _zeros(WIDTH)
    spec.conv2.weight, spec.conv2.bias = _zeros(WIDTH, WIDTH, 3), _zeros(WIDTH)
    for place, band in enumerate(BANDS):
        spec.conv1.weight[place, band, 1] = 4
        spec.conv2.weight[place, place, 1] = 1
    spec.position_encodings.encodings = _zeros(1500, WIDTH)
    _norm(spec.layer_norm)
    for layer in spec.layer:
        _listen(layer.self_attention)
        _forward(layer.ffn)


def _decoder(spec: Any, sentences: list[int], size: int, end: int) -> None:
    """The loudest dimension's sentence, then the end."""
    spec.position_encodings.encodings = _zeros(448, WIDTH)
    _norm(spec.layer_norm)
    for layer in spec.layer:
        _listen(layer.self_attention)
        _norm(layer.attention.layer_norm)
        _linear(layer.attention.linear[0], WIDTH)
        _linear(layer.attention.linear[1], 2 * WIDTH)
        _linear(layer.attention.linear[2], WIDTH)
        # Zero queries weigh every moment the same: the values' mean over time comes through.
        layer.attention.linear[1].weight[WIDTH:] = np.eye(WIDTH, dtype=np.float32)
        layer.attention.linear[2].weight = np.eye(WIDTH, dtype=np.float32)
        _forward(layer.ffn)
    spec.embeddings.weight = _zeros(size, WIDTH)
    spec.embeddings.weight[:, START] = 1
    spec.embeddings.weight[sentences, START] = 0
    spec.embeddings.weight[sentences, SPOKEN] = 40
    spec.projection.weight, spec.projection.bias = _zeros(size, WIDTH), _zeros(size)
    for place, token in enumerate(sentences):
        spec.projection.weight[token, [place, START, SPOKEN]] = 20, 4, -50
    spec.projection.weight[end, SPOKEN] = 50

"""The language model on the box: a GGUF in llama.cpp, streamed from a thread of its own, stopped within a token."""

import asyncio
import codecs
import logging
import os
import re
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from models.errors import EngineError, NotInstalledError
from models.prompt import Message, Piece, Prompt

SLICE = 64
"""Prompt tokens read in one go: how long a stop can take while reading. Larger ones read no faster (measured)."""
MARKS = re.compile(r"<\|[^|<>]{0,40}\|>|</?s>|\[/?INST\]")
"""How chat templates mark who speaks; in a document they would let it speak with the system's voice."""


class Llama:
    """A loaded model. Answers one prompt after the other; what two prompts have in common is read once."""

    def __init__(self, path: Path, threads: int = 0, context: int = 2048) -> None:
        """Load the model.

        Args:
            path: The GGUF, or a folder with exactly one.
            threads: Processor threads; 0: all but one of those this process may use. (Its threads wait for each
                other in busy loops: with both of two cores loaded, two threads made 18 to 36 tokens a second, one
                made 112.)
            context: Tokens of prompt and answer together.

        Raises:
            NotInstalledError: llama.cpp is not compiled on this box, or the file is not there.
            EngineError: the file is damaged, no GGUF, or has no chat template.
        """
        try:
            import llama_cpp
            from llama_cpp.llama_chat_format import Jinja2ChatFormatter
        except (ImportError, OSError, RuntimeError) as error:
            raise NotInstalledError(
                f"llama.cpp is not on this box ({error}): install a C++ compiler (g++), then run "
                "`uv sync --extra llm`; without it answers are composed from the evidence alone"
            ) from error
        file = _gguf(path)
        many = threads or max(1, len(os.sched_getaffinity(0)) - 1)
        try:
            self._engine: Any = llama_cpp.Llama(
                str(file),
                n_ctx=context,
                n_batch=SLICE,
                n_ubatch=SLICE,
                n_threads=many,
                n_threads_batch=many,
                verbose=False,
            )
        except (ValueError, RuntimeError, AssertionError) as error:
            raise EngineError(
                f"cannot load {file}, it is damaged or no GGUF: {error}; try `clara models verify`"
            ) from error
        # llama.cpp's own errors reach us as return codes; on stderr they would be noise without a time or a name.
        logging.getLogger("llama-cpp-python").setLevel(logging.CRITICAL + 1)
        template = self._engine.metadata.get("tokenizer.chat_template")
        if not template:
            raise EngineError(f"cannot use {file}: it has no chat template, so it is no instruct model")
        vocabulary = self._engine._model  # noqa: SLF001 -- the only way to a token's text
        ends, begins = self._engine.token_eos(), self._engine.token_bos()
        self._format: Any = Jinja2ChatFormatter(
            template=template,
            eos_token=vocabulary.token_get_text(ends) if ends >= 0 else "",
            bos_token=vocabulary.token_get_text(begins) if begins >= 0 else "",
        )
        self._ends_answer: Callable[[int], bool] = lambda token: llama_cpp.llama_vocab_is_eog(vocabulary.vocab, token)
        self._context = context
        # One thread: llama.cpp's context is not to be shared, and a second prompt waits until the first has stopped.
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="llama")

    def warm(self, system: str = "") -> None:
        """Read the system prompt and make one token, so that the first question finds memory and cache warm.

        Blocking. Raises `EngineError`.
        """
        prompt = Prompt(system, (Message("user", "Ready?"),), max_tokens=1)
        self._worker.submit(self._speak, prompt, threading.Event(), lambda _: None).result()

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Stream the answer; closing the iterator stops the work. A prompt that asks nothing gets nothing.

        Tools are left out: small models call them wrongly, and the evidence is gathered before.

        Raises:
            EngineError: the prompt is longer than the context, or the model fails.
        """
        if not any(_text(message) for message in prompt.messages):
            return
        loop, pieces, stop = asyncio.get_running_loop(), asyncio.Queue[Piece | None](), threading.Event()

        def hand(piece: Piece | None) -> None:
            with suppress(RuntimeError):  # the loop is closed: nobody listens any more
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        try:
            work = self._worker.submit(self._speak, prompt, stop, hand)
        except RuntimeError as error:
            raise EngineError("the language model is shut down") from error
        work.add_done_callback(lambda _: hand(None))
        try:
            while (piece := await pieces.get()) is not None:
                yield piece
        finally:
            stop.set()
            work.cancel()
        work.result()

    def close(self) -> None:
        """Finish what runs and free the memory."""
        self._worker.shutdown(cancel_futures=True)
        self._engine.close()

    def _speak(self, prompt: Prompt, stop: threading.Event, hand: Callable[[Piece], None]) -> None:
        """In the worker: make the answer and hand it on token by token, whole characters only."""
        try:
            tokens = self._tokens(prompt)
            room = min(prompt.max_tokens, self._context - len(tokens))
            if room < 1:
                raise EngineError(f"the prompt has {len(tokens)} tokens, the language model takes {self._context}")
            characters = codecs.getincrementaldecoder("utf-8")("replace")
            for token in islice(self._answer(tokens, prompt.temperature, stop), room):
                room -= 1
                if text := characters.decode(self._engine.detokenize([token])):
                    hand(Piece(text=text))
            if not room:
                hand(Piece(cut=True))
        except (RuntimeError, ValueError, AssertionError) as error:
            self._engine.reset()
            raise EngineError(f"the language model failed: {error}") from error

    def _tokens(self, prompt: Prompt) -> list[int]:
        said = [{"role": message.role, "content": text} for message in prompt.messages if (text := _text(message))]
        system = [{"role": "system", "content": _plain(prompt.system)}] if prompt.system else []
        text = self._format(messages=[*system, *said]).prompt
        tokens: list[int] = self._engine.tokenize(text.encode(), add_bos=False, special=True)
        return tokens

    def _answer(self, tokens: Sequence[int], temperature: float, stop: threading.Event) -> Iterator[int]:
        """Read what is new of the prompt, in slices between which it can be stopped, then make tokens."""
        engine = self._engine
        known = _common(engine.input_ids[: engine.n_tokens].tolist(), tokens)
        # At least one token must be read: its successor's odds are not kept.
        engine.n_tokens = min(known, len(tokens) - 1)
        for start in range(engine.n_tokens, len(tokens), SLICE):
            if stop.is_set():
                return
            engine.eval(tokens[start : start + SLICE])
        for token in engine.generate(tokens, temp=temperature):
            if stop.is_set() or self._ends_answer(token):
                return
            yield token


def _gguf(path: Path) -> Path:
    found = sorted(path.glob("*.gguf")) if path.is_dir() else [path]
    if len(found) != 1 or not found[0].is_file():
        raise NotInstalledError(f"there is no language model at {path}: run `clara models fetch`")
    return found[0]


def _common(known: Sequence[int], tokens: Sequence[int]) -> int:
    """How many tokens two sequences begin with alike."""
    return next(
        (at for at, (old, new) in enumerate(zip(known, tokens, strict=False)) if old != new),
        min(len(known), len(tokens)),
    )


def _text(message: Message) -> str:
    """A line of the conversation as plain text; results of tools follow under their names."""
    results = [f"{result.call.name}: {result.content}" for result in message.results]
    return _plain("\n".join(part for part in (message.text, *results) if part))


def _plain(text: str) -> str:
    return MARKS.sub(" ", text)

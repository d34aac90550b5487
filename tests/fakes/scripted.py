"""A language model that says what it was told to say, when it was told to say it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from models.errors import EngineError
from models.prompt import Piece, Prompt, ToolCall


class Scripted:
    """Streams given texts word by word; remembers what it was asked."""

    def __init__(
        self,
        text: str = "",
        *,
        delay_s: float = 0.0,
        stall_after: int | None = None,
        fail_after: int | None = None,
        calls: Sequence[ToolCall] = (),
    ) -> None:
        """Wait `delay_s` before the first word, stall or fail after so many; `calls` come in the first round."""
        self.text = text
        self.delay_s = delay_s
        self.stall_after = stall_after
        self.fail_after = fail_after
        self.calls = list(calls)
        self.prompts: list[Prompt] = []
        self.closed = 0

    async def generate(self, prompt: Prompt) -> AsyncGenerator[Piece, None]:
        """Say the script."""
        self.prompts.append(prompt)
        try:
            if self.calls and len(self.prompts) == 1:
                for call in self.calls:
                    yield Piece(call=call)
                return
            await asyncio.sleep(self.delay_s)
            for count, word in enumerate(self.text.split(" ")):
                if count == self.stall_after:
                    await asyncio.sleep(3600)
                if count == self.fail_after:
                    raise EngineError("the link broke")
                yield Piece(text=word + " ")
        finally:
            self.closed += 1

"""Why a turn took as long as it did: one line in the log, histograms for Prometheus, spans for a local collector.

No word that anybody said is in any of them but the waterfalls, which stay in memory and are for managers.
"""

import logging
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from appliance.turn.answer import Answer

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

log = logging.getLogger(__name__)

KEPT = 200
"""Waterfalls in memory."""
BUCKETS_S = (0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.5, 0.8, 1.0, 1.3, 2.0, 4.0, 8.0)
SPOKEN = ("transcript", "endpoint", "clause", "sound")
"""Steps of a waterfall in their usual order."""


@dataclass(frozen=True, slots=True)
class Waterfall:
    """When what happened in a spoken turn: milliseconds after the end of speech; None for what did not."""

    question: str
    ended: float
    """When the speech ended, Unix time in seconds."""
    transcript: float | None
    endpoint: float | None
    """The turn was known to be over."""
    evidence: float | None
    """What the looking up took, milliseconds; it may have been done before the turn was over."""
    clause: float | None
    """The first clause went to the voice."""
    sound: float | None
    answer: str = ""
    """Id of the answer."""

    def line(self) -> str:
        """Give it as one line of a log, without the question."""
        steps = " ".join(f"{step}={value:.0f}" for step, value in self.steps().items())
        return f"turn {self.answer} {steps} ms after the end of speech, evidence {self.evidence or 0:.0f} ms"

    def steps(self) -> dict[str, float]:
        """Give the steps that happened, in milliseconds after the end of speech."""
        values = {step: getattr(self, step) for step in SPOKEN}
        return {step: value for step, value in values.items() if value is not None}


class Journal:
    """Keeps the times of turns. Safe for threads."""

    def __init__(self, collector: str = "") -> None:
        """Start empty; `collector`: address that takes OTLP over HTTP, such as http://127.0.0.1:4318/v1/traces."""
        self._registry = CollectorRegistry()
        self._steps = Histogram(
            "clara_turn_seconds", "Steps of a turn", ["step"], buckets=BUCKETS_S, registry=self._registry
        )
        self._spoken = Histogram(
            "clara_voice_seconds", "After the end of speech", ["step"], buckets=BUCKETS_S, registry=self._registry
        )
        self._answers = Counter(
            "clara_answers", "Answers given", ["rung", "abstained", "cached"], registry=self._registry
        )
        self._waterfalls: deque[Waterfall] = deque(maxlen=KEPT)
        self._spans = _spans(collector) if collector else None

    def answered(self, answer: Answer) -> None:
        """Count an answer and its steps."""
        self._answers.labels(answer.rung, str(answer.abstained).lower(), str(answer.cached).lower()).inc()
        for step, milliseconds in answer.timings.items():
            self._steps.labels(step).observe(milliseconds / 1000)
        if self._spans is not None:
            now = time.time()
            self._span("turn", now - answer.timings.get("total", 0.0) / 1000, now, {"rung": answer.rung})

    def spoke(self, fall: Waterfall) -> None:
        """Keep a spoken turn."""
        log.info("%s", fall.line())
        self._waterfalls.append(fall)
        for step, milliseconds in fall.steps().items():
            self._spoken.labels(step).observe(max(0.0, milliseconds) / 1000)
        if self._spans is not None and fall.sound is not None:
            ends = {step: str(value) for step, value in fall.steps().items()}
            self._span("spoken turn", fall.ended, fall.ended + fall.sound / 1000, {"answer": fall.answer, **ends})

    def turns(self) -> tuple[Waterfall, ...]:
        """Give the last spoken turns, newest first."""
        return tuple(reversed(self._waterfalls))

    def metrics(self) -> bytes:
        """Give all counts in Prometheus's text format."""
        return generate_latest(self._registry)

    def close(self) -> None:
        """Send the last spans."""
        if self._spans is not None:
            self._spans.shutdown()

    def _span(self, name: str, start: float, end: float, told: Mapping[str, str]) -> None:
        assert self._spans is not None
        span = self._spans.get_tracer("clara").start_span(name, start_time=int(start * 1e9), attributes=told)
        span.end(int(end * 1e9))


def _spans(collector: str) -> "TracerProvider":
    """Make what sends spans in the background, its own, so that no library's spans go with ours."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    spans = TracerProvider(resource=Resource({"service.name": "clara"}))
    spans.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(collector, timeout=3)))
    return spans

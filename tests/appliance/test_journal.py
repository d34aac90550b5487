"""The journal: one line, histograms, spans."""

import logging
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from appliance.journal import KEPT, Journal, Waterfall
from tests.fakes.box import AMPS

FALL = Waterfall("What is the amp draw?", 1_700_000_000.0, 310.0, 352.0, 1.8, 355.0, 371.5, AMPS.id)


def test_a_spoken_turn_is_one_line_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    """The log tells the steps; what was said is nobody's business."""
    with caplog.at_level(logging.INFO):
        Journal().spoke(FALL)

    [line] = caplog.messages
    assert "transcript=310 endpoint=352 clause=355 sound=372" in line
    assert AMPS.id in line
    assert "amp draw" not in line


def test_turns_are_counted_for_prometheus() -> None:
    """By rung and step."""
    journal = Journal()
    journal.answered(AMPS)
    journal.answered(replace(AMPS, abstained=True))
    journal.spoke(FALL)

    told = journal.metrics().decode()
    assert 'clara_answers_total{abstained="false",cached="false",rung="evidence"} 1.0' in told
    assert 'clara_answers_total{abstained="true",cached="false",rung="evidence"} 1.0' in told
    assert 'clara_turn_seconds_count{step="gather"} 2.0' in told
    assert 'clara_voice_seconds_bucket{le="0.5",step="sound"} 1.0' in told
    assert 'clara_voice_seconds_bucket{le="0.32",step="sound"} 0.0' in told


def test_the_last_turns_are_kept_and_no_more() -> None:
    """Newest first."""
    journal = Journal()
    for number in range(KEPT + 5):
        journal.spoke(replace(FALL, answer=str(number)))

    assert len(journal.turns()) == KEPT
    assert journal.turns()[0].answer == str(KEPT + 4)


def test_spans_reach_a_local_collector() -> None:
    """As OpenTelemetry's own wire format, with the turn's own times."""
    taken: list[bytes] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            pass

    server = HTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=server.serve_forever, daemon=True).start()
    journal = Journal(f"http://127.0.0.1:{server.server_port}/v1/traces")
    journal.answered(AMPS)
    journal.spoke(FALL)
    journal.close()
    server.shutdown()
    server.server_close()

    spans = [
        span
        for body in taken
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    spoken = next(span for span in spans if span.name == "spoken turn")
    assert {span.name for span in spans} == {"turn", "spoken turn"}
    assert spoken.end_time_unix_nano - spoken.start_time_unix_nano == pytest.approx(371.5e6, rel=1e-3)

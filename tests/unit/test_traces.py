"""One trace a call: a span for each turn, and its steps below it."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from api.config import Settings
from api.traces import CallTraces, make_traces
from voice.timing import TurnTiming

TIMING = TurnTiming(
    speech_ended=4000,
    turn_ended=4450,
    recognised=4600,
    understood=4640,
    decided=4650,
    first_frame=4900,
)


def test_a_call_is_one_trace_with_a_span_for_each_turn_and_step() -> None:
    exporter = InMemorySpanExporter()
    traces = CallTraces(SimpleSpanProcessor(exporter))
    with traces.call("CA1"):
        traces.answered("CA1", TIMING)
        traces.answered("CA1", TIMING)
        traces.answered("CA2", TIMING)
    spans = exporter.get_finished_spans()
    call = spans[-1]
    assert (call.name, dict(call.attributes or {})) == (
        "call",
        {"call.sid": "CA1", "call.turns": 2},
    )
    assert {span.context.trace_id for span in spans if span.context} == {call.context.trace_id}
    turns = [span for span in spans if span.name == "turn"]
    assert [turn.parent.span_id for turn in turns if turn.parent] == [call.context.span_id] * 2
    steps = [s for s in spans if s.parent and s.parent.span_id == turns[0].context.span_id]
    lengths = {s.name: ((s.end_time or 0) - (s.start_time or 0)) // 1_000_000 for s in steps}
    assert lengths == {
        "endpoint": 450,
        "recognise": 150,
        "understand": 40,
        "decide": 10,
        "synthesise": 250,
    }
    assert (turns[0].end_time or 0) - (turns[0].start_time or 0) == 900 * 1_000_000
    assert (turns[0].start_time or 0) - (call.start_time or 0) == 4000 * 1_000_000


def test_a_broken_call_names_the_kind_of_error_only() -> None:
    exporter = InMemorySpanExporter()
    traces = CallTraces(SimpleSpanProcessor(exporter))
    with pytest.raises(ValueError, match="王"), traces.call("CA1"):
        raise ValueError("王经理 13800138000")
    (span,) = exporter.get_finished_spans()
    assert span.status.description == "ValueError"
    assert "13800138000" not in span.to_json()


def test_no_trace_is_made_unless_an_address_is_set() -> None:
    traces = make_traces(Settings(otlp_url=""))
    with traces.call("CA1"):
        traces.answered("CA1", TIMING)
    traces.close()
    sent = make_traces(Settings(otlp_url="http://127.0.0.1:9/v1/traces"))
    assert sent._provider is not None
    sent.close()

"""Traces of calls by OpenTelemetry: one trace a call, one span a turn, with its steps below it.

Spans hold the call's SID, numbers and times; no words, names or telephone numbers.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Span, StatusCode, set_span_in_context

from api.config import Settings
from voice.timing import TurnTiming

_NS = 1_000_000


@dataclass(slots=True)
class _Running:
    span: Span
    began_ns: int
    turns: int = 0


class CallTraces:
    """Traces of the calls of one process.

    Args:
        processor: where finished spans go; None makes none.
    """

    def __init__(self, processor: SpanProcessor | None) -> None:
        self._provider = None
        if processor is not None:
            resource = Resource.create({"service.name": "voice-intake"})
            self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
            self._provider.add_span_processor(processor)
        self._running: dict[str, _Running] = {}

    @contextmanager
    def call(self, sid: str) -> Iterator[None]:
        """A call's trace, while it runs. An error is named by its type only."""
        if self._provider is None:
            yield
            return
        began = time.time_ns()
        span = self._provider.get_tracer("voice-intake").start_span(
            "call", start_time=began, attributes={"call.sid": sid}
        )
        self._running[sid] = _Running(span, began)
        try:
            yield
        except BaseException as error:
            span.set_status(StatusCode.ERROR, type(error).__name__)
            raise
        finally:
            span.set_attribute("call.turns", self._running.pop(sid).turns)
            span.end()

    def answered(self, sid: str, timing: TurnTiming) -> None:
        """A turn was answered: its span, from the caller's last speech to the first sound."""
        call = self._running.get(sid)
        if call is None or self._provider is None:
            return
        call.turns += 1
        tracer = self._provider.get_tracer("voice-intake")

        def at(ms: int) -> int:
            return call.began_ns + ms * _NS

        turn = tracer.start_span(
            "turn",
            context=set_span_in_context(call.span),
            start_time=at(timing.speech_ended),
            attributes={"turn.number": call.turns, **timing.parts()},
        )
        heard = max(timing.recognised, timing.turn_ended)
        steps = (
            ("endpoint", timing.speech_ended, timing.turn_ended),
            ("recognise", timing.turn_ended, heard),
            ("understand", heard, timing.understood),
            ("decide", timing.understood, timing.decided),
            ("synthesise", timing.decided, timing.first_frame),
        )
        for name, start, end in steps:
            step = tracer.start_span(name, set_span_in_context(turn), start_time=at(start))
            step.end(at(end))
        turn.end(at(timing.first_frame))

    def close(self) -> None:
        """Sends what is left."""
        if self._provider is not None:
            self._provider.shutdown()


def make_traces(settings: Settings) -> CallTraces:
    """Traces sent to `INTAKE_OTLP_URL`; none where it is empty."""
    if not settings.otlp_url:
        return CallTraces(None)
    exporter: SpanExporter = OTLPSpanExporter(endpoint=settings.otlp_url)
    return CallTraces(BatchSpanProcessor(exporter))

"""What the server tells Prometheus. Counts and times only; nothing of any caller."""

from __future__ import annotations

from dataclasses import asdict

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from voice.legs.ordering import LineCounters
from voice.timing import TurnTiming

_SECONDS = (0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.5, 1.8, 2.5, 4.0, 8.0)


class Metrics:
    """One process's figures, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._live = Gauge("intake_calls_live", "Calls being served.", registry=self.registry)
        self._calls = Counter(
            "intake_calls", "Media streams, by how they ended.", ["end"], registry=self.registry
        )
        self._line = Counter(
            "intake_line_faults", "Faults of the line.", ["fault"], registry=self.registry
        )
        self._faults = Counter(
            "intake_faults", "What failed in a call, by part.", ["part"], registry=self.registry
        )
        self._extractor = Counter(
            "intake_extractor", "Questions to the extractor.", ["result"], registry=self.registry
        )
        self._turns = Counter("intake_turns", "Turns answered.", registry=self.registry)
        self._hearing = Gauge(
            "intake_hearing_queue",
            "Utterances that are recognised or understood, or wait for it.",
            registry=self.registry,
        )
        self._recordings = Counter(
            "intake_recordings",
            "Recordings of ended calls: kept, or waiting for the object store.",
            ["result"],
            registry=self.registry,
        )
        self._answers = Histogram(
            "intake_answer_seconds",
            "The caller's last speech to the reply's first frame, by part.",
            ["part"],
            buckets=_SECONDS,
            registry=self.registry,
        )

    def call_began(self) -> None:
        """A media stream was let in."""
        self._live.inc()

    def call_ended(self, end: str, counters: LineCounters) -> None:
        """A media stream is over; `end` is `served` or `failed`."""
        self._live.dec()
        self._calls.labels(end).inc()
        for fault, count in asdict(counters).items():
            if fault != "frames":
                self._line.labels(fault).inc(count)

    def stream_refused(self) -> None:
        """A media socket was not let in."""
        self._calls.labels("refused").inc()

    def fault(self, part: str) -> None:
        """Something failed in a call that the caller may have noticed."""
        self._faults.labels(part).inc()

    def answered(self, timing: TurnTiming) -> None:
        """The assistant answered."""
        self._turns.inc()
        for part, ms in timing.parts().items():
            self._answers.labels(part.removesuffix("_ms")).observe(ms / 1000)

    def extractor_asked(self, result: str) -> None:
        """The extractor was asked, or left alone."""
        self._extractor.labels(result).inc()

    def hearing(self, more: int) -> None:
        """So many more utterances (fewer, below 0) are worked on or wait."""
        self._hearing.inc(more)

    def recorded(self, result: str) -> None:
        """A call's recording is `kept`, or is `waiting` on this machine."""
        self._recordings.labels(result).inc()

    def text(self) -> bytes:
        """Everything in Prometheus' text format."""
        return generate_latest(self.registry)

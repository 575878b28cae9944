"""Stand-ins written by hand, for tests only."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Executor, Future
from datetime import datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from api.sms import Handed
from api.telephony import Answered, CallState
from models.call import Lang, Word
from models.errors import ExternalError
from nlp.dialogue.actions import Action
from nlp.dialogue.events import Event
from nlp.meaning import Expectation, Intent, Understanding, Utterance
from voice.legs.pace import AsgiEvent
from voice.ports import FRAME_MS, Hypothesis, LegEvent, MarkReached

P = ParamSpec("P")
T = TypeVar("T")


class MemoryCallRecords:
    """`CallRecords` in memory; keeps what it was told."""

    def __init__(self) -> None:
        self.states: dict[str, CallState] = {}
        self.statuses: list[tuple[str, str]] = []
        self.call_backs: dict[str, str] = {}
        self.by_assistant: dict[str, str | None] = {}
        self.answers: dict[str, Answered] = {}
        self.rings: list[tuple[str, str, str | None]] = []
        self.sms: list[tuple[str, str, str | None]] = []
        self.faxes: list[tuple[str, str, str | None]] = []
        self.forks: list[tuple[str, str, bool]] = []
        self.owners: dict[str, str] = {}

    def state(self, call_sid: str) -> CallState | None:
        return self.states.get(call_sid)

    def owner(self, call_sid: str, at: datetime) -> str:
        return self.owners.get(call_sid, "")

    def answered(
        self, ring: str, call_sid: str, answered_by: str | None, at: datetime
    ) -> Answered | None:
        self.rings.append((ring, call_sid, answered_by))
        return self.answers.get(ring)

    def call_status(
        self,
        call_sid: str,
        status: str,
        at: datetime,
        ring: str = "",
        answered_by: str | None = None,
    ) -> None:
        self.statuses.append((call_sid, status))
        if ring:
            self.rings.append((ring, call_sid, answered_by))

    def fork_ended(self, call_sid: str, stream_sid: str, failed: bool, at: datetime) -> None:
        self.forks.append((call_sid, stream_sid, failed))

    def call_back(
        self,
        call_sid: str,
        *,
        caller: str | None,
        called: str | None,
        reason: str,
        at: datetime,
        number: str | None = None,
        by_assistant: bool = False,
    ) -> None:
        self.call_backs[call_sid] = reason
        if by_assistant:
            self.by_assistant[call_sid] = number or caller

    def sms_status(
        self,
        message_sid: str,
        status: str,
        error_code: str | None,
        at: datetime,
        cause: int | None = None,
    ) -> None:
        self.sms.append((message_sid, status, error_code))

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: datetime) -> None:
        self.faxes.append((fax_sid, number, media_url))


class MemoryUsedTokens:
    """`UsedTokens` in memory."""

    def __init__(self) -> None:
        self._used: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def use(self, nonce: str, expires: datetime, now: datetime) -> bool:
        with self._lock:
            self._used = {known: end for known, end in self._used.items() if end >= now}
            if nonce in self._used:
                return False
            self._used[nonce] = expires
            return True


class FakeLeg:
    """A line whose time is the test's: what is sent plays when `play` is called."""

    def __init__(self) -> None:
        self.call_sid = "CA" + "0" * 32
        self.caller: str | None = "+8613800138000"
        self.called: str | None = "+862155550100"
        self.sent: list[bytes | str] = []
        self.cleared = 0
        self.closed = False
        self.inbox: asyncio.Queue[LegEvent | None] = asyncio.Queue()

    async def events(self) -> AsyncIterator[LegEvent]:
        while (event := await self.inbox.get()) is not None:
            yield event

    async def send(self, pcm: bytes) -> None:
        self.sent.append(pcm)

    async def mark(self, name: str) -> None:
        self.sent.append(name)

    async def clear(self) -> None:
        self.cleared += 1
        self.sent.clear()

    async def close(self) -> None:
        self.closed = True
        self.inbox.put_nowait(None)

    def play(self) -> list[MarkReached]:
        """Plays everything that was sent; the marks that come back."""
        marks = [MarkReached(item) for item in self.sent if isinstance(item, str)]
        self.sent.clear()
        return marks


class FakeVoice:
    """Speaks every clause as one frame of silence a character, and can be made to fail."""

    name = "fake"

    def __init__(self, *, fails: bool = False) -> None:
        self.fails = fails
        self.spoken: list[str] = []

    def voice(self, lang: Lang) -> str:
        return f"fake-{lang}"

    def warm_up(self) -> None:
        """Nothing to load."""

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        return False

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        if self.fails:
            raise ExternalError("the voice is gone")
        self.spoken.append(clause)
        return bytes(len(clause) * FRAME_MS * 16)


class FakeRecognizer:
    """Hears what the test says; notes how much audio each reading had, in bytes."""

    name = "fake"

    def __init__(self, *texts: str, spoken: Lang | None = None) -> None:
        self.texts = texts
        self.spoken = spoken
        self.opened: list[Expectation] = []
        self.read: list[int] = []

    def warm_up(self) -> None:
        """Nothing to load."""

    def open(self, expectation: Expectation) -> FakeStream:
        self.opened.append(expectation)
        return FakeStream(self)


class FakeStream:
    """One utterance of a `FakeRecognizer`."""

    def __init__(self, recognizer: FakeRecognizer) -> None:
        self._recognizer = recognizer
        self._fed = 0

    def feed(self, pcm: bytes) -> None:
        self._fed += len(pcm)

    def partial(self) -> str:
        return ""

    def finish(self) -> Sequence[Hypothesis]:
        known = self._recognizer
        known.read.append(self._fed)
        return [Hypothesis(text=t, confidence=0.9, lang=known.spoken) for t in known.texts]

    def words(self) -> Sequence[Word]:
        """Each character of the best text, 100 ms long, from the first sample on."""
        return [
            Word(text=char, started_ms=at * 100, ended_ms=at * 100 + 100, confidence=0.9)
            for at, char in enumerate("".join(self._recognizer.texts[:1]))
        ]


class ScriptedSocket:
    """An accepted ASGI websocket: says what it is told to, keeps what it is sent."""

    def __init__(self, *, broken: bool = False) -> None:
        self.sent: list[Any] = []
        self._broken = broken
        self._inbox: asyncio.Queue[AsgiEvent] = asyncio.Queue()

    def say(self, raw: str | bytes) -> None:
        kind = "bytes" if isinstance(raw, bytes) else "text"
        self._inbox.put_nowait({"type": "websocket.receive", kind: raw})

    def hang_up(self) -> None:
        self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1006})

    async def receive(self) -> AsgiEvent:
        return await self._inbox.get()

    async def send(self, event: AsgiEvent) -> None:
        if self._broken:
            raise OSError("the other end is gone")
        if event["type"] == "websocket.send":
            self.sent.append(event["bytes"] if "bytes" in event else event["text"])


class FakeSms:
    """Takes text messages; fails first with the errors given, or knows one as sent already."""

    def __init__(self, *errors: ExternalError, already: str | None = None) -> None:
        self.errors = list(errors)
        self.already = already
        self.sent: list[tuple[str, str]] = []

    def send(self, mobile: str, body: str, cause: int) -> Handed:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append((mobile, body))
        return Handed(f"SM{len(self.sent)}", "queued")

    def find(self, mobile: str, body: str, since: datetime) -> Handed | None:
        return Handed(self.already, "sent") if self.already else None

    def status(self, sid: str) -> Handed | None:
        return Handed(sid, "delivered")


class FakeSource:
    """A place of model files with the content given, or one that always fails."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        *,
        name: str = "a source",
        error: ExternalError | None = None,
    ) -> None:
        self.files = files
        self.name = name
        self.error = error
        self.asked: list[str] = []

    def offers(self, path: str) -> bool:
        return path in self.files

    def get(self, path: str, target: Path, scratch: Path) -> None:
        self.asked.append(path)
        if self.error is not None:
            raise self.error
        target.write_bytes(self.files[path])

    def describe(self, path: str) -> str:
        return self.name


class InlineExecutor(Executor):
    """Runs at once what it is given, so that a test decides what happens when."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except ExternalError as error:
            future.set_exception(error)
        return future


class DeafRecognizer(FakeRecognizer):
    """An engine that has failed."""

    def open(self, expectation: Expectation) -> FakeStream:
        raise ExternalError("the model cannot be loaded")


class FakeUnderstander:
    """Takes every utterance for an order without any field; notes what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[Utterance, Expectation]] = []
        self.go_on = threading.Event()
        self.go_on.set()
        self.waiting = False

    def hold(self) -> None:
        """From now on takes its time, until `go_on` is set."""
        self.go_on.clear()

    def warm_up(self) -> None:
        """Nothing to load."""

    def understand(self, utterance: Utterance, expectation: Expectation) -> Understanding:
        self.given.append((utterance, expectation))
        self.waiting = True
        self.go_on.wait()
        return Understanding(intent=Intent.ORDER, text=utterance.text, lang=utterance.lang)


class ScriptedDialogue:
    """Answers each type of event with the next actions prepared for it; keeps the events."""

    def __init__(self, **answers: Sequence[Sequence[Action] | Exception]) -> None:
        self.answers = {kind: list(prepared) for kind, prepared in answers.items()}
        self.events: list[Event] = []

    def handle(self, event: Event) -> list[Action]:
        self.events.append(event)
        prepared = self.answers.get(event.type)
        answer = prepared.pop(0) if prepared else ()
        if isinstance(answer, Exception):
            raise answer
        return list(answer)

    def kinds(self) -> list[str]:
        """The types of the events so far."""
        return [event.type for event in self.events]

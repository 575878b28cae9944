"""Twilio and a caller, simulated: a call to or from a running server, in real time.

The server cannot tell the difference: webhooks and the websocket are signed, TwiML is obeyed,
audio flows in both directions as 20 ms frames of mu-law, `mark` returns when its audio has
played, and `clear` empties the playback buffer.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from models.errors import ExternalError
from voice.audio import level_dbfs, mulaw_to_pcm
from voice.legs.simulated_fork import Bridge, SimulatedFork
from voice.legs.simulated_line import Faults, FaultyLine
from voice.legs.simulated_stream import Numbered, SimulatedStream
from voice.legs.simulated_web import TwilioWeb, Verb, parse_twiml
from voice.legs.twilio_codec import Dtmf, Stop, StreamStart
from voice.ports import FRAME_BYTES, FRAME_MS, frames

_SILENCE = bytes(FRAME_BYTES)
#: Frames quieter than this are not the caller's speech, dB below full scale.
_SPEECH_DBFS = -50.0
#: Time between two pressed keys.
_KEY_TICKS = 200 // FRAME_MS
#: A prompt that plays on this long after the caller's words was not cut off by them.
_CUT_OFF_TICKS = 500 // FRAME_MS
#: Twilio gives up on a call whose TwiML leads nowhere new for this many documents.
_MOST_DOCUMENTS = 20


@dataclass(slots=True)
class CallReport:
    """What happened in a simulated call.

    Attributes:
        heard: what the caller heard, 8 kHz 16-bit PCM, from the first stream's start.
        said: what went onto the line from the caller's side, as long as `heard`.
        response_ms: for each turn, from the caller's last audible sample to the first
            sample of the assistant's audio.
        frames_late: frames of silence inside the assistant's speech because audio was late.
        verbs: the TwiML that was carried out, in order.
        dialled: the number of a `<Dial>`.
        announced: the texts of `<Say>`.
        streams: media streams that were opened.
        forks: forks that were opened, or refused.
        violations: messages of the server that Twilio would not understand.
        lost_callbacks: why status callbacks were not delivered; the call goes on without.
    """

    heard: bytearray = field(default_factory=bytearray)
    said: bytearray = field(default_factory=bytearray)
    response_ms: list[int] = field(default_factory=list)
    frames_late: int = 0
    verbs: list[str] = field(default_factory=list)
    dialled: str | None = None
    announced: list[str] = field(default_factory=list)
    streams: int = 0
    forks: list[str] = field(default_factory=list)
    violations: int = 0
    lost_callbacks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """A call that the server had placed through Twilio's API, and how it is taken.

    Attributes:
        url: asked for TwiML as soon as somebody answers.
        status_url: told how the call stands.
        answered_by: what the detection of answering machines says: `human`, `machine_end_beep`, ….
        unanswered: how the call ends where nobody answers: `busy`, `no-answer`, `failed`.
    """

    url: str
    status_url: str
    answered_by: str = "human"
    unanswered: str | None = None


class PhoneCall:
    """One call, with methods for the caller's brain.

    Args:
        base_url: the server's public address, such as `http://127.0.0.1:8080`.
        secret: what signs requests, `Settings.secret()`.
        caller, called: E.164.
        faults: what is wrong with the line.
        dial_status: how a `<Dial>` ends: `completed`, `busy`, `no-answer`, `failed`.
        gathered: what the caller keys in at each `<Gather>`; nothing at further ones.
        ring: the call of the server's that this one is; without it the caller calls the server.
        bridge: what the caller and the person say who answers a `<Dial>`.
    """

    def __init__(
        self,
        *,
        base_url: str,
        secret: str,
        caller: str = "+8613800138000",
        called: str = "+862155550100",
        call_sid: str | None = None,
        faults: Faults | None = None,
        dial_status: str = "completed",
        gathered: Sequence[str] = (),
        ring: Ring | None = None,
        bridge: Bridge | None = None,
    ) -> None:
        self.call_sid = call_sid or f"CA{secrets.token_hex(16)}"
        self.report = CallReport()
        self._account_sid = f"AC{secrets.token_hex(16)}"
        self._dial_status = dial_status
        self._gathered = deque(gathered)
        identity = {
            "CallSid": self.call_sid,
            "AccountSid": self._account_sid,
            "From": caller if ring is None else called,
            "To": called if ring is None else caller,
            "Direction": "inbound" if ring is None else "outbound-api",
            "ApiVersion": "2010-04-01",
        }
        self._ring = ring
        self._web = TwilioWeb(base_url, secret, identity)
        self._line = FaultyLine(faults or Faults())
        self._bridge = bridge
        self._fork: SimulatedFork | None = None
        self._stream: SimulatedStream | None = None
        self._life: asyncio.Task[None] | None = None
        self._callbacks: list[asyncio.Task[None]] = []
        self._connected = asyncio.Event()
        self._ticked = asyncio.Event()
        self._outgoing: deque[bytes] = deque()
        self._hung_up = False
        self._over = False
        self._asked_tick = 0
        self._began_tick = -1
        self._played_tick = -1
        self._speech_ended: int | None = None

    @property
    def ended(self) -> bool:
        """Whether the call is over."""
        return self._over

    @property
    def now_ms(self) -> int:
        """Milliseconds of audio since the first stream's start."""
        return self._tick * FRAME_MS

    async def run(self) -> None:
        """A call in which the caller says nothing, to its end: for machines, and for nobody."""
        self._life = asyncio.create_task(self._live())
        await self.finished()

    async def place(self) -> None:
        """Calls the server, or is called by it; returns once audio flows.

        Raises:
            CallRefused: the server refused the call.
            ExternalError: the server does not answer, or the call ended without audio.
        """
        self._life = asyncio.create_task(self._live())
        connected = asyncio.create_task(self._connected.wait())
        await asyncio.wait({self._life, connected}, return_when=asyncio.FIRST_COMPLETED)
        if not connected.done():
            connected.cancel()
            await self._life
            raise ExternalError("The call ended before any audio could flow.")

    async def say(self, pcm: bytes) -> None:
        """Speaks 8 kHz 16-bit PCM; returns when its last frame was sent, or the call ended."""
        spoken = list(frames(pcm))
        loud = [i for i, frame in enumerate(spoken) if level_dbfs(frame) > _SPEECH_DBFS]
        if loud:
            self._asked_tick = self._speech_ended = self._tick + loud[-1] + 1
        self._outgoing.extend(spoken)
        while self._outgoing and not self.ended:
            await self._next_tick()

    async def press(self, digits: str) -> None:
        """Presses keys, one after the other."""
        for digit in digits:
            self._asked_tick = self._tick
            await self._send(Dtmf(digit=digit))
            until = self._tick + _KEY_TICKS
            while self._tick < until and not self.ended:
                await self._next_tick()

    async def listen(self, *, quiet_ms: int = 700, timeout_s: float = 30.0) -> bytes:
        """Waits until the assistant has spoken and been silent for `quiet_ms`.

        The rest of a prompt that the caller cut off does not count as having spoken.

        Returns:
            the PCM heard since the caller's last words (or the last `listen`); what there
            was so far when the call ends.

        Raises:
            TimeoutError: the assistant did not speak, or did not stop.
        """
        start = self._asked_tick
        async with asyncio.timeout(timeout_s):
            while not (self.ended or self._spoke_since(start, quiet_ms // FRAME_MS)):
                await self._next_tick()
        self._asked_tick = self._tick
        return bytes(self.report.heard[start * FRAME_BYTES :])

    async def wait(self, ms: int) -> None:
        """Stays silent for a time."""
        until = self._tick + ms // FRAME_MS
        while self._tick < until and not self.ended:
            await self._next_tick()

    async def send_raw(self, text: str) -> None:
        """Puts any text onto the socket, for tests of malformed messages."""
        if self._stream is not None:
            await self._stream.put(text)

    def cut(self) -> None:
        """Breaks the socket without a word, as a failing network does."""
        if self._stream is not None:
            self._stream.socket.transport.abort()

    def stop_reading(self) -> None:
        """Takes nothing off the network any more, as a peer does that hangs."""
        if self._stream is not None:
            self._stream.socket.transport.pause_reading()

    async def hang_up(self) -> None:
        """The caller puts the phone down; returns when all callbacks are delivered."""
        self._hung_up = True
        if self._stream is not None:
            await self._send(Stop(call_sid=self.call_sid))
            with suppress(ConnectionClosed):
                await self._stream.socket.close()
        await self.finished()

    async def finished(self) -> None:
        """Returns when the call is over, and raises what broke it."""
        if self._life is not None:
            await self._life

    def _spoke_since(self, start: int, quiet: int) -> bool:
        spoke = self._began_tick >= start or self._played_tick >= start + _CUT_OFF_TICKS
        return spoke and self._tick - self._played_tick >= quiet

    @property
    def _tick(self) -> int:
        return len(self.report.heard) // FRAME_BYTES

    async def _next_tick(self) -> None:
        if self._life is None:
            raise ExternalError("There is no call yet; place it first.")
        await self._ticked.wait()

    async def _send(self, message: Numbered) -> None:
        if self._stream is not None:
            await self._stream.send(message)

    # The call's life: webhooks and TwiML.

    async def _live(self) -> None:
        try:
            for number, status in enumerate(("initiated", "ringing")):
                self._call_status(status, number)
            if self._ring is not None and self._ring.unanswered:
                self._call_status(self._ring.unanswered, 2)
                return
            url, params = self._first_document()
            document = await self._web.post(url, params)
            self._call_status("in-progress", 2)
            await self._obey(document, url)
            self._call_status("completed", 3)
        finally:
            await self._end_fork()
            self._over = True
            self._ticked.set()
            await asyncio.gather(*self._callbacks)
            await self._web.close()

    def _first_document(self) -> tuple[str, dict[str, str]]:
        """Who is asked first what to do, and what he is told of the call."""
        if self._ring is None:
            return self._web.absolute("voice/incoming"), {"CallStatus": "ringing"}
        return self._ring.url, {"CallStatus": "in-progress", "AnsweredBy": self._ring.answered_by}

    def _call_status(self, status: str, number: int) -> None:
        params = {"CallStatus": status, "SequenceNumber": str(number)}
        if self._ring is None:
            self._report_to(self._web.absolute("voice/status"), params)
            return
        if number > 1 and not self._ring.unanswered:
            params["AnsweredBy"] = self._ring.answered_by
        self._report_to(self._ring.status_url, params)

    def _report_to(self, url: str, params: Mapping[str, str]) -> None:
        async def post() -> None:
            try:
                await self._web.post(url, params)
            except ExternalError as error:
                self.report.lost_callbacks.append(str(error))

        self._callbacks.append(asyncio.create_task(post()))

    async def _obey(self, document: str, url: str) -> None:
        """Carries out TwiML, document by document, until the call ends."""
        for _ in range(_MOST_DOCUMENTS):
            following = await self._obey_document(document, url)
            if following is None or self._hung_up:
                return
            url, params = following
            document = await self._web.post(url, {"CallStatus": "in-progress", **params})
        raise ExternalError("The server's TwiML goes round in circles.")

    async def _obey_document(self, document: str, url: str) -> tuple[str, dict[str, str]] | None:
        """The next document's address and parameters, or None when the call ends here."""
        for verb in parse_twiml(document):
            self.report.verbs.append(verb.name)
            match verb.name:
                case "Connect":
                    await self._connect(verb, url)
                    if self._hung_up:
                        return None
                case "Redirect":
                    return self._web.absolute(verb.text.strip(), url), {}
                case "Dial":
                    self.report.dialled = _number_of(verb)
                    if self._fork is not None and self._bridge is not None:
                        await self._fork.play(self._bridge)
                    if action := verb.attributes.get("action"):
                        answer = {"DialCallStatus": self._dial_status}
                        return self._web.absolute(action, url), answer
                case "Hangup" | "Reject":
                    return None
                case "Gather":
                    following = self._gather(verb, url)
                    if following is not None:
                        return following
                case _:
                    await self._obey_at_once(verb)
        return None

    async def _obey_at_once(self, verb: Verb) -> None:
        """Verbs behind which the document goes on without a wait, such as Play and Pause."""
        match verb.name:
            case "Start":
                await self._begin_fork(verb)
            case "Stop":
                await self._end_fork()
            case "Say":
                self.report.announced.append(verb.text.strip())
            case _:
                pass

    def _gather(self, verb: Verb, url: str) -> tuple[str, dict[str, str]] | None:
        """Keys in what the caller has ready; without any, TwiML may go on below the verb."""
        self.report.announced += [c.text.strip() for c in verb.children if c.name == "Say"]
        digits = self._gathered.popleft() if self._gathered else ""
        if not digits and verb.attributes.get("actionOnEmptyResult") != "true":
            return None
        return self._web.absolute(verb.attributes.get("action", url), url), {"Digits": digits}

    async def _connect(self, verb: Verb, url: str) -> None:
        noun = verb.child("Stream")
        if noun is None:
            raise ExternalError("The server's <Connect> holds no <Stream>.")
        stream_sid = f"MZ{secrets.token_hex(16)}"
        callback = noun.attributes.get("statusCallback")

        def tell(event: str, **more: str) -> None:
            if callback:
                params = {"StreamSid": stream_sid, "StreamEvent": event, **more}
                self._report_to(self._web.absolute(callback, url), params)

        try:
            await self._talk(noun, stream_sid, tell_started=lambda: tell("stream-started"))
        except (OSError, InvalidHandshake, TimeoutError) as error:
            tell("stream-error", StreamError=type(error).__name__)
        else:
            tell("stream-stopped")

    async def _talk(self, noun: Verb, stream_sid: str, *, tell_started: Callable[[], None]) -> None:
        """Carries audio both ways until either side closes the socket."""
        url = noun.attributes["url"]
        headers = self._web.signature(url)
        async with connect(url, additional_headers=headers, compression=None, proxy=None) as socket:
            stream = SimulatedStream(socket, stream_sid, self._line)
            await stream.open(self._start(noun, stream_sid))
            tell_started()
            self._stream = stream
            self.report.streams += 1
            self._connected.set()
            clock = asyncio.create_task(self._keep_time(stream))
            try:
                await stream.receive()
            finally:
                clock.cancel()
                await asyncio.gather(clock, return_exceptions=True)
                self._stream = None
                self.report.frames_late += stream.playback.frames_late
                self.report.violations += stream.violations

    async def _begin_fork(self, verb: Verb) -> None:
        noun = verb.child("Stream")
        if noun is None:
            raise ExternalError("The server's <Start> holds no <Stream>.")
        url, stream_sid = noun.attributes["url"], f"MZ{secrets.token_hex(16)}"
        start = replace(self._start(noun, stream_sid), tracks=("inbound", "outbound"))
        try:
            self._fork = await SimulatedFork.open(url, self._web.signature(url), start, self._line)
        except (OSError, InvalidHandshake) as error:
            self.report.forks.append(type(error).__name__)
        else:
            self.report.forks.append(noun.attributes.get("track", "inbound_track"))

    async def _end_fork(self) -> None:
        if self._fork is not None:
            await self._fork.stop()
            self._fork = None

    def _start(self, noun: Verb, stream_sid: str) -> StreamStart:
        given = (child.attributes for child in noun.children if child.name == "Parameter")
        return StreamStart(
            stream_sid=stream_sid,
            call_sid=self.call_sid,
            account_sid=self._account_sid,
            parameters={item["name"]: item.get("value", "") for item in given},
        )

    # The call's audio.

    async def _keep_time(self, stream: SimulatedStream) -> None:
        """Every 20 ms of real time: one frame to the ear, one from the mouth."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        with suppress(ConnectionClosed):
            while True:
                await self._one_tick(stream)
                due += FRAME_MS / 1000
                await asyncio.sleep(max(0.0, due - loop.time()))

    async def _one_tick(self, stream: SimulatedStream) -> None:
        starts = stream.playback.starts
        played, marks = stream.playback.tick()
        heard = mulaw_to_pcm(played) if played else _SILENCE
        mouth = self._outgoing.popleft() if self._outgoing else _SILENCE
        said = self._line.voice(mouth, heard)
        if played:
            self._note_played(began=stream.playback.starts > starts)
        self.report.heard += heard
        self.report.said += said
        await stream.send_marks(marks)
        await stream.send_voice(said)
        self._ticked.set()
        self._ticked = asyncio.Event()

    def _note_played(self, *, began: bool) -> None:
        if began and self._speech_ended is not None and self._tick >= self._speech_ended:
            self.report.response_ms.append((self._tick - self._speech_ended) * FRAME_MS)
            self._speech_ended = None
        if began:
            self._began_tick = self._tick
        self._played_tick = self._tick + 1


def _number_of(dial: Verb) -> str:
    noun = dial.child("Number")
    return (noun.text if noun else dial.text).strip()

"""Calls by the simulator to a real server, in real time, through the whole protocol."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import numpy as np
import pytest
from twilio.request_validator import RequestValidator
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.telephony import CallState
from models.call import Disposition
from models.errors import ExternalError
from tests.integration.telephone import running_desk
from voice.audio import level_dbfs, to_pcm
from voice.legs.simulated_line import Faults
from voice.legs.simulated_web import CallRefused
from voice.legs.simulator import PhoneCall
from voice.legs.twilio import TwilioLeg
from voice.legs.twilio_codec import Connected, StreamStart, write_from_twilio
from voice.ports import Audio, CallLeg, Key, LegEnded, LegEvent, MarkReached, frames


def tone(ms: int, hz: float = 440.0) -> bytes:
    samples = np.sin(2 * np.pi * hz * np.arange(ms * 8) / 8000) * 0.3
    return to_pcm(samples.astype(np.float32))


class Handler:
    """Plays `greeting` with a mark at its end, and keeps what the line brings."""

    def __init__(self, greeting: bytes = b"") -> None:
        self.greeting = greeting
        self.events: list[LegEvent] = []
        self.legs: list[CallLeg] = []
        self.starts: list[StreamStart] = []
        self.loop_time: dict[str, float] = {}
        self.ended = asyncio.Event()

    async def __call__(self, leg: CallLeg, start: StreamStart) -> None:
        self.legs.append(leg)
        self.starts.append(start)
        playing = asyncio.create_task(self.play(leg, self.greeting, "greeting"))
        async for event in leg.events():
            self.events.append(event)
            if isinstance(event, MarkReached):
                self.loop_time[event.name] = asyncio.get_running_loop().time()
        await playing
        self.ended.set()

    async def play(self, leg: CallLeg, pcm: bytes, name: str) -> None:
        self.loop_time[f"{name} began"] = asyncio.get_running_loop().time()
        for frame in frames(pcm):
            await leg.send(frame)
        await leg.mark(name)

    def of(self, kind: type[LegEvent]) -> list[LegEvent]:
        return [event for event in self.events if isinstance(event, kind)]


async def test_a_call_flows_both_ways(tmp_path: Path) -> None:
    handler = Handler(tone(1000))
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call()
        await call.place()
        heard = await call.listen(quiet_ms=300)
        await call.say(tone(500, 600))
        await call.press("13#")
        await call.hang_up()
        await handler.ended.wait()
        assert desk.media.live == 0

    loud = [level_dbfs(frame) > -40 for frame in frames(heard)]
    assert sum(loud) == 50, "the greeting arrived whole, frame by frame"
    assert handler.of(Key) == [Key("1"), Key("3"), Key("#")]
    assert handler.of(MarkReached) == [MarkReached("greeting")]
    played_s = handler.loop_time["greeting"] - handler.loop_time["greeting began"]
    assert played_s >= 0.98, "a mark returns only when its audio has played"
    assert handler.events[-1] == LegEnded(clean=True)
    audio = [event for event in handler.events if isinstance(event, Audio)]
    assert [event.at_ms for event in audio] == list(range(0, len(audio) * 20, 20))
    assert sum(level_dbfs(event.pcm) > -40 for event in audio) == 25
    assert handler.starts[0].parameters["caller"] == "+8613800138000"
    assert handler.legs[0].caller == "+8613800138000"
    assert handler.legs[0].called == "+862155550100"
    statuses = [status for sid, status in desk.records.statuses if sid == call.call_sid]
    assert sorted(statuses) == ["completed", "in-progress", "initiated", "ringing"]
    assert call.report.violations == 0
    assert call.report.lost_callbacks == []
    assert call.report.verbs == ["Connect"]


class Interrupter(Handler):
    """Clears the greeting as soon as a key is pressed, then says something else."""

    async def __call__(self, leg: CallLeg, start: StreamStart) -> None:
        speaking = asyncio.create_task(self.play(leg, self.greeting, "greeting"))
        await leg.mark("at once")
        answers = []
        async for event in leg.events():
            self.events.append(event)
            if isinstance(event, Key):
                speaking.cancel()
                await leg.mark("cut off")
                await leg.clear()
                answers.append(asyncio.create_task(self.play(leg, tone(200, 900), "answer")))
        await asyncio.gather(*answers)
        self.ended.set()


async def test_a_clear_stops_playback_and_its_marks_were_not_heard(tmp_path: Path) -> None:
    handler = Interrupter(tone(20_000))
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call()
        await call.place()
        await call.wait(600)
        await call.press("1")
        await call.listen(quiet_ms=300)
        await call.hang_up()
        await handler.ended.wait()

    assert handler.of(MarkReached) == [
        MarkReached("at once"),
        MarkReached("cut off", cleared=True),
        MarkReached("answer"),
    ]


async def test_a_bad_line_harms_nothing_but_itself(tmp_path: Path) -> None:
    handler = Handler()
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call(faults=Faults(drop=0.05, duplicate=0.05, reorder=0.1, seed=7))
        await call.place()
        for text in ("", "{", "[]", '{"event":"media"}', '{"event":"bye"}', '{"event":"start"}'):
            await call.send_raw(text)
        await call.send_raw('{"event":"mark","sequenceNumber":"2","mark":{"name":"not ours"}}')
        await call.say(tone(2000))
        await call.hang_up()
        await handler.ended.wait()

    leg = handler.legs[0]
    assert isinstance(leg, TwilioLeg)
    counters = leg.counters
    assert counters.malformed == 6
    assert counters.unexpected == 1
    assert counters.duplicates > 0
    assert counters.reordered > 0
    assert counters.filled > 0
    audio = [event for event in handler.events if isinstance(event, Audio)]
    assert [event.at_ms for event in audio] == list(range(0, len(audio) * 20, 20))
    assert handler.events[-1] == LegEnded(clean=True)


async def test_a_cut_socket_is_connected_again(tmp_path: Path) -> None:
    handler = Handler(tone(300))
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call()
        await call.place()
        for stream in (1, 2):
            await call.listen(quiet_ms=200)
            assert call.report.streams == stream
            call.cut()
        await call.listen(quiet_ms=200)
        call.cut()
        await call.finished()

    assert handler.of(LegEnded) == [LegEnded(clean=False)] * 3
    assert [start.parameters["attempt"] for start in handler.starts] == ["1", "2", "3"]
    assert call.report.verbs == ["Connect", "Redirect"] * 3 + ["Say", "Hangup"]
    assert "回电" in call.report.announced[0]
    assert set(desk.records.call_backs) == {call.call_sid}


async def test_a_handler_that_fails_leaves_the_caller_to_the_recovery(tmp_path: Path) -> None:
    async def fail(leg: CallLeg, start: StreamStart) -> None:
        raise ValueError(f"the caller {leg.caller} said a secret")

    async with running_desk(tmp_path, fail) as desk:
        call = desk.call()
        await call.place()
        await call.finished()
        async with httpx.AsyncClient(trust_env=False) as web:
            figures = (await web.get(f"{desk.url}/metrics")).text

    assert call.report.streams == 3
    assert call.report.verbs[-2:] == ["Say", "Hangup"]
    assert 'intake_calls_total{end="failed"} 3.0' in figures
    assert "intake_calls_live 0.0" in figures


async def test_our_own_end_hangs_up_or_dials(tmp_path: Path) -> None:
    ended: list[LegEvent] = []

    async def close(leg: CallLeg, start: StreamStart) -> None:
        await leg.close()
        ended.extend([event async for event in leg.events() if isinstance(event, LegEnded)])

    async with running_desk(tmp_path, close) as desk:
        for disposition, dial_status, verbs in (
            (Disposition.ORDERED, "", ["Connect", "Redirect", "Hangup"]),
            (
                Disposition.TRANSFERRED,
                "completed",
                ["Connect", "Redirect", "Start", "Dial", "Hangup"],
            ),
            (
                Disposition.TRANSFERRED,
                "busy",
                ["Connect", "Redirect", "Start", "Dial", "Stop", "Say", "Hangup"],
            ),
        ):
            call = desk.call(dial_status=dial_status)
            desk.records.states[call.call_sid] = CallState(disposition=disposition)
            await call.place()
            await call.finished()
            assert call.report.verbs == verbs
    assert ended == [LegEnded(clean=True)] * 3
    assert call.report.dialled == "+862155550111"


async def test_strangers_are_refused(tmp_path: Path) -> None:
    handler = Handler()
    async with running_desk(tmp_path, handler) as desk:
        stranger = PhoneCall(base_url=desk.url, secret="a guess")
        with pytest.raises(CallRefused) as refused:
            await stranger.place()
        assert refused.value.status == 403

        url = f"{desk.url.replace('http', 'ws')}/voice/stream"
        with pytest.raises(InvalidStatus) as handshake:
            await connect(url, proxy=None)
        assert handshake.value.response.status_code == 403

        signed = RequestValidator(desk.secret).compute_signature(url, {})
        headers = {"X-Twilio-Signature": signed}
        start = StreamStart(stream_sid="MZ1", call_sid="CA1", account_sid="AC1")
        for first, code in (
            (write_from_twilio(start, "MZ1"), 4403),
            ('{"event":"media"}', 4400),
            ("nonsense", 4400),
        ):
            async with connect(url, additional_headers=headers, proxy=None) as socket:
                await socket.send(write_from_twilio(Connected(), "MZ1"))
                await socket.send(first)
                with pytest.raises(ConnectionClosed) as closed:
                    await socket.recv()
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == code
    assert not handler.starts


async def test_a_tokens_second_use_is_refused(tmp_path: Path) -> None:
    handler = Handler()
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call()
        await call.place()
        await call.hang_up()
        url = f"{desk.url.replace('http', 'ws')}/voice/stream"
        signed = RequestValidator(desk.secret).compute_signature(url, {})
        async with connect(
            url, additional_headers={"X-Twilio-Signature": signed}, proxy=None
        ) as socket:
            await socket.send(write_from_twilio(handler.starts[0], "MZ2"))
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
    assert closed.value.rcvd is not None
    assert closed.value.rcvd.code == 4403
    assert len(handler.starts) == 1


async def test_a_server_that_is_not_there(tmp_path: Path) -> None:
    call = PhoneCall(base_url="http://127.0.0.1:9", secret="x")
    with pytest.raises(ExternalError, match="does not answer"):
        await call.place()


async def test_live_calls_end_before_the_server_does(tmp_path: Path) -> None:
    handler = Handler(tone(300))
    async with running_desk(tmp_path, handler) as desk:
        call = desk.call()
        await call.place()
        desk.server.should_exit = True
        await call.listen(quiet_ms=200)
        await call.hang_up()
        await handler.ended.wait()
    assert handler.events[-1] == LegEnded(clean=True)
    assert call.report.lost_callbacks == []

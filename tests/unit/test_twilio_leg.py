"""The leg's pace, and what it makes of marks and keys."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ScriptedSocket
from voice.legs.pace import LEAD_MS, Pace
from voice.legs.twilio import TwilioLeg, read_start
from voice.legs.twilio_codec import (
    Clear,
    Connected,
    Dtmf,
    MarkBack,
    Play,
    SetMark,
    Stop,
    StreamStart,
    parse_to_twilio,
    write_from_twilio,
)
from voice.ports import FRAME_BYTES, Key, LegEnded, LegEvent, MarkReached

START = StreamStart(stream_sid="MZ1", call_sid="CA1", account_sid="AC1")


def leg_on(socket: ScriptedSocket) -> TwilioLeg:
    return TwilioLeg(START, socket.receive, socket.send)


async def events(leg: TwilioLeg) -> list[LegEvent]:
    return [event async for event in leg.events()]


@given(st.lists(st.floats(0, 0.1), max_size=200))
def test_the_line_never_holds_more_than_the_lead_and_a_frame(pauses: list[float]) -> None:
    pace, now, held_until = Pace(), 1.0, 0.0
    for pause in pauses:
        now += pause + pace.wait(now + pause)
        pace.sent(now)
        held_until = max(held_until, now) + 0.02
        assert held_until - now <= (LEAD_MS + 20) / 1000 + 1e-9


def test_a_steady_sender_keeps_the_lead() -> None:
    pace, now = Pace(), 0.0
    for _ in range(500):
        now += pace.wait(now)
        pace.sent(now)
    assert abs(now - (500 * 0.02 - LEAD_MS / 1000 - 0.02)) < 1e-6


async def test_marks_on_their_way_when_clear_is_sent_were_not_heard() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    await leg.mark("a")
    await leg.mark("b")
    socket.say(write_from_twilio(MarkBack(name="a", sequence=2), "MZ1"))
    reading = asyncio.create_task(events(leg))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await leg.clear()
    await leg.mark("b")
    for sequence in (3, 4, 5):
        socket.say(write_from_twilio(MarkBack(name="b", sequence=sequence), "MZ1"))
    socket.say(write_from_twilio(Stop(sequence=6), "MZ1"))
    assert await reading == [
        MarkReached("a"),
        MarkReached("b", cleared=True),
        MarkReached("b"),
        LegEnded(clean=True),
    ]
    assert leg.counters.unexpected == 1
    sent = [parse_to_twilio(text) for text in socket.sent]
    assert sent == [SetMark("a"), SetMark("b"), Clear(), SetMark("b")]


async def test_a_key_counts_once() -> None:
    socket = ScriptedSocket()
    for sequence, digit in ((2, "1"), (2, "1"), (3, "1"), (4, "#")):
        socket.say(write_from_twilio(Dtmf(digit=digit, sequence=sequence), "MZ1"))
    socket.hang_up()
    leg = leg_on(socket)
    assert await events(leg) == [Key("1"), Key("1"), Key("#"), LegEnded(clean=False)]
    assert leg.counters.duplicates == 1


async def test_a_frame_that_waited_when_clear_came_is_not_sent() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    for _ in range(LEAD_MS // 20 + 1):
        await leg.send(bytes(FRAME_BYTES))
    waiting = asyncio.create_task(leg.send(b"\x01\x10" * (FRAME_BYTES // 2)))
    await asyncio.sleep(0)
    await leg.clear()
    await waiting
    await leg.send(bytes(FRAME_BYTES))
    sent = [type(parse_to_twilio(text)) for text in socket.sent]
    assert sent == [Play] * (LEAD_MS // 20 + 1) + [Clear, Play]


async def test_a_dead_socket_ends_sending_quietly() -> None:
    socket = ScriptedSocket(broken=True)
    leg = leg_on(socket)
    await leg.send(bytes(FRAME_BYTES))
    await leg.mark("a")
    await leg.clear()
    await leg.close()
    socket.hang_up()
    assert await events(leg) == [LegEnded(clean=True)]
    assert not socket.sent


async def test_only_connected_may_come_before_start() -> None:
    hello, start = write_from_twilio(Connected(), "MZ1"), write_from_twilio(START, "MZ1")
    stop = write_from_twilio(Stop(sequence=1), "MZ1")
    for texts, expected in (
        ([hello, start], START),
        ([start], START),
        ([stop, stop], None),
        (["{"], None),
        ([], None),
    ):
        socket = ScriptedSocket()
        for text in texts:
            socket.say(text)
        socket.hang_up()
        assert await read_start(socket.receive) == expected

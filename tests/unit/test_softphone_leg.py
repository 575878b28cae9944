"""The browser's leg: frames in time, marks, keys, ends."""

from __future__ import annotations

import asyncio

from tests.fakes import ScriptedSocket
from voice.legs.pace import LEAD_MS
from voice.legs.softphone import SoftphoneLeg, read_start
from voice.legs.softphone_codec import (
    Clear,
    FromBrowser,
    KeyPressed,
    Mark,
    Start,
    Stop,
    Voice,
    parse_to_browser,
    write,
)
from voice.ports import FRAME_BYTES, Audio, Key, LegEnded, LegEvent, MarkReached

START = Start(call_sid="SP" + "1" * 32, caller="+8613800138000", token="t")
FRAME = bytes(FRAME_BYTES)


def leg_on(socket: ScriptedSocket) -> SoftphoneLeg:
    return SoftphoneLeg(START, socket.receive, socket.send)


def say(socket: ScriptedSocket, *messages: FromBrowser) -> None:
    for message in messages:
        socket.say(write(message))


async def events(leg: SoftphoneLeg) -> list[LegEvent]:
    return [event async for event in leg.events()]


async def test_frames_keys_and_the_end_come_in_order() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    say(socket, Voice(FRAME), KeyPressed("1"), Voice(FRAME), START, Stop())
    socket.say("nonsense")
    assert await events(leg) == [
        Audio(FRAME, 0),
        Key("1"),
        Audio(FRAME, 20),
        LegEnded(clean=True),
    ]
    assert (leg.call_sid, leg.caller, leg.called) == (START.call_sid, "+8613800138000", None)
    assert leg.counters.unexpected == 1


async def test_a_lost_connection_is_a_hang_up() -> None:
    socket = ScriptedSocket()
    socket.say("{")
    socket.hang_up()
    leg = leg_on(socket)
    assert await events(leg) == [LegEnded(clean=True)]
    assert leg.counters.malformed == 1
    await leg.send(FRAME)
    assert not socket.sent


async def test_the_browser_says_which_marks_were_heard() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    await leg.mark("s1/0")
    await leg.mark("s1/1")
    await leg.clear()
    say(socket, Mark("s1/0"), Mark("s1/1", cleared=True), Mark("s1/1"), Mark("other"), Stop())
    assert await events(leg) == [
        MarkReached("s1/0"),
        MarkReached("s1/1", cleared=True),
        LegEnded(clean=True),
    ]
    assert leg.counters.unexpected == 2
    sent = [parse_to_browser(raw) for raw in socket.sent]
    assert sent == [Mark("s1/0"), Mark("s1/1"), Clear()]


async def test_a_frame_that_waited_when_clear_came_is_not_sent() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    for _ in range(LEAD_MS // 20 + 1):
        await leg.send(FRAME)
    waiting = asyncio.create_task(leg.send(b"\x01" * FRAME_BYTES))
    await asyncio.sleep(0)
    await leg.clear()
    await waiting
    await leg.send(FRAME)
    sent = [parse_to_browser(raw) for raw in socket.sent]
    assert sent == [Voice(FRAME)] * (LEAD_MS // 20 + 1) + [Clear(), Voice(FRAME)]


async def test_more_audio_than_time_has_passed_is_thrown_away() -> None:
    socket = ScriptedSocket()
    leg = leg_on(socket)
    say(socket, *[Voice(FRAME)] * 1000, Stop())
    heard = [event for event in await events(leg) if isinstance(event, Audio)]
    assert 250 <= len(heard) < 500
    assert leg.counters.unexpected == 1000 - len(heard)


async def test_a_dead_socket_ends_sending_quietly() -> None:
    socket = ScriptedSocket(broken=True)
    leg = leg_on(socket)
    await leg.begin()
    await leg.send(FRAME)
    await leg.close()
    await leg.close()
    assert not socket.sent


async def test_only_start_begins_a_call() -> None:
    for message, expected in ((START, START), (Stop(), None), (Voice(FRAME), None)):
        socket = ScriptedSocket()
        say(socket, message)
        assert await read_start(socket.receive) == expected
    socket = ScriptedSocket()
    socket.say("{")
    assert await read_start(socket.receive) is None
    socket.hang_up()
    assert await read_start(socket.receive) is None

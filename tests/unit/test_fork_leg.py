"""Both tracks of a fork: in order and in time, whatever the network does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import ScriptedSocket
from voice.audio import pcm_to_mulaw
from voice.legs.fork import ForkLeg
from voice.legs.twilio_codec import Media, Stop, StreamStart, Track, write_from_twilio
from voice.ports import FRAME_BYTES, FRAME_MS, LegEnded

START = StreamStart(
    stream_sid="MZ1", call_sid="CA1", account_sid="AC1", tracks=("inbound", "outbound")
)


def media(number: int, *, shared: bool) -> Media:
    """The n-th message: the tracks take turns."""
    track: Track = "inbound" if number % 2 == 0 else "outbound"
    return Media(
        payload=pcm_to_mulaw(bytes([0, number % 32]) * (FRAME_BYTES // 2)),
        chunk=number + 1 if shared else number // 2 + 1,
        timestamp_ms=number // 2 * FRAME_MS,
        sequence=number + 2,
        track=track,
    )


async def heard(
    order: list[int], *, shared: bool, stop: bool = True
) -> tuple[ForkLeg, dict[Track, list[int]], bool]:
    socket = ScriptedSocket()
    leg = ForkLeg(START, socket.receive, socket.send)
    for number in order:
        socket.say(write_from_twilio(media(number, shared=shared), "MZ1"))
    if stop:
        socket.say(write_from_twilio(Stop(call_sid="CA1", sequence=max(order) + 3), "MZ1"))
    else:
        socket.hang_up()
    times: dict[Track, list[int]] = {"inbound": [], "outbound": []}
    clean = False
    async for event in leg.events():
        if isinstance(event, LegEnded):
            clean = event.clean
        else:
            times[event[0]].append(event[1].at_ms)
    return leg, times, clean


@given(st.permutations(range(3)), st.booleans(), st.lists(st.integers(0, 17), max_size=5))
async def test_swapped_and_doubled_messages_change_nothing(
    first: list[int], shared: bool, again: list[int]
) -> None:
    order = [*first, *range(3, 18)]
    for number in again:
        order.insert(order.index(number) + 1, number)
    leg, times, clean = await heard(order, shared=shared)
    assert clean
    assert times["inbound"] == times["outbound"] == [n * FRAME_MS for n in range(9)]
    assert leg.counters.filled == 0


async def test_what_is_lost_is_silence_and_what_waits_at_the_end_is_heard() -> None:
    order = [n for n in range(20) if n not in (4, 5, 17)]
    leg, times, clean = await heard(order, shared=False, stop=False)
    assert not clean
    assert times["inbound"] == [n * FRAME_MS for n in range(10)]
    assert times["outbound"] == [n * FRAME_MS for n in range(10)]
    assert leg.counters.filled == 3


async def test_nonsense_is_counted_and_passed_over() -> None:
    socket = ScriptedSocket()
    leg = ForkLeg(START, socket.receive, socket.send)
    for text in ("nonsense", write_from_twilio(START, "MZ1"), '{"event":"media","media":{}}'):
        socket.say(text)
    socket.say(write_from_twilio(media(0, shared=False), "MZ1"))
    await leg.close()
    socket.hang_up()
    events = [event async for event in leg.events()]
    assert len(events) == 2
    assert events[-1] == LegEnded(clean=True)
    assert (leg.counters.malformed, leg.counters.unexpected) == (2, 1)

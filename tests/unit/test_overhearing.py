"""Both sides of a call for a person who listens: in time, whole, and ended with the call."""

from __future__ import annotations

import asyncio

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from voice.overhearing import DELAY_MS, Mixer, Switchboard
from voice.ports import FRAME_MS

_LATE = DELAY_MS // FRAME_MS


def frame(value: int) -> bytes:
    return np.full(160, value, "<i2").tobytes()


def levels(frames: list[bytes]) -> list[int]:
    return [int(np.frombuffer(pcm, "<i2")[80]) for pcm in frames]


class Kept:
    """Records that count."""

    def __init__(self) -> None:
        self.sides: list[str] = []
        self.closed = False

    def caller(self, at_ms: int, pcm: bytes) -> None:
        self.sides.append("caller")

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        self.sides.append("assistant")

    def close(self) -> None:
        self.closed = True


def test_both_sides_are_heard_at_their_time() -> None:
    told: list[bytes] = []
    mixer = Mixer(told.append)
    for at in range(40):
        mixer.caller(at * FRAME_MS, frame(100))
        if at % 5 == 4:  # the assistant's frames are told in bursts
            for late in range(at - 4, at + 1):
                mixer.assistant(late * FRAME_MS, frame(1000 + late))
    heard = levels(told)
    assert len(heard) == 40 - _LATE
    assert heard[:20] == [1100 + at for at in range(20)]


def test_loud_sides_do_not_wrap() -> None:
    told: list[bytes] = []
    mixer = Mixer(told.append)
    for at in range(20):
        mixer.assistant(at * FRAME_MS, frame(30_000))
        mixer.caller(at * FRAME_MS, frame(30_000))
    assert set(levels(told)) == {32_767}


@given(st.integers(0, 3_600_000), st.lists(st.integers(-5000, 5000), max_size=20))
def test_any_order_of_times_gives_a_steady_beat(begin: int, jumps: list[int]) -> None:
    told: list[bytes] = []
    mixer = Mixer(told.append)
    for at in range(60):
        mixer.caller(begin + at * FRAME_MS, frame(5))
        if at < len(jumps):
            mixer.assistant(max(0, begin + at * FRAME_MS + jumps[at]), frame(7))
    assert 40 <= len(told) <= 60 + (DELAY_MS + 2_000) // FRAME_MS
    assert all(len(pcm) == 320 for pcm in told)


async def test_a_listener_hears_until_the_call_is_over() -> None:
    board, kept = Switchboard(), Kept()
    call = board.open("CA1", kept)
    assert board.find("CA1") is call
    call.caller(0, frame(1))
    with call.listening() as ear:
        for at in range(1, 40):
            call.caller(at * FRAME_MS, frame(at))
            call.assistant(at * FRAME_MS, frame(0))
        await asyncio.to_thread(call.close)
        heard = []
        while (pcm := await asyncio.wait_for(ear.get(), 10)) is not None:
            heard.append(pcm)
    assert levels(heard)[-1] == 39 - _LATE
    assert kept.sides.count("caller") == 40
    assert kept.closed
    assert board.find("CA1") is None


async def test_a_listener_who_does_not_keep_up_holds_nobody_up() -> None:
    call = Switchboard().open("CA1", Kept())
    with call.listening() as slow:
        for at in range(1000):
            call.caller(at * FRAME_MS, frame(at))
        assert slow.qsize() == 100


async def test_the_end_of_one_part_of_a_call_leaves_the_next_one_to_be_heard() -> None:
    board = Switchboard()
    first = board.open("CA1", Kept())
    second = board.open("CA1", Kept())
    first.close()
    await asyncio.sleep(0)
    assert board.find("CA1") is second
    second.close()
    await asyncio.sleep(0)
    assert board.find("CA1") is None

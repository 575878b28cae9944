"""The caller's frames come out in order and in time, whatever the line does to them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from voice.legs.ordering import FrameOrder, LineCounters
from voice.ports import FRAME_BYTES, FRAME_MS, Audio


def pcm(chunk: int) -> bytes:
    return (chunk % 30_000 + 1).to_bytes(2, "little") * (FRAME_BYTES // 2)


def run(frames: list[tuple[int, int]]) -> tuple[list[Audio], LineCounters]:
    """Feeds (chunk, timestamp) pairs; the audio of a chunk is all its number."""
    counters = LineCounters()
    order = FrameOrder(counters)
    heard = [audio for chunk, ms in frames for audio in order.take(chunk, ms, pcm(chunk))]
    return heard, counters


def line(*chunks: int) -> list[tuple[int, int]]:
    return [(chunk, (chunk - 1) * FRAME_MS) for chunk in chunks]


def test_a_good_line_passes_unchanged() -> None:
    heard, counters = run(line(*range(1, 51)))
    assert heard == [Audio(pcm(n), (n - 1) * FRAME_MS) for n in range(1, 51)]
    assert counters == LineCounters(frames=50)


def test_swapped_frames_are_put_in_order() -> None:
    heard, counters = run(line(1, 3, 2, 4))
    assert [audio.pcm for audio in heard] == [pcm(n) for n in (1, 2, 3, 4)]
    assert (counters.reordered, counters.filled, counters.late) == (1, 0, 0)


def test_a_lost_frame_becomes_silence_and_its_late_arrival_is_counted() -> None:
    heard, counters = run(line(1, 3, 4, 5, 6, 2, 7))
    assert [audio.pcm for audio in heard] == [pcm(1), bytes(FRAME_BYTES), *map(pcm, range(3, 8))]
    assert [audio.at_ms for audio in heard] == list(range(0, 7 * FRAME_MS, FRAME_MS))
    assert (counters.filled, counters.late, counters.duplicates) == (1, 1, 0)


def test_duplicates_are_dropped() -> None:
    heard, counters = run(line(1, 2, 2, 1, 3, 5, 5, 4))
    assert [audio.pcm for audio in heard] == [pcm(n) for n in range(1, 6)]
    assert counters.duplicates == 3


def test_a_leap_of_the_timestamps_is_filled_with_silence() -> None:
    heard, counters = run([(1, 100), (2, 120), (3, 220)])
    assert [audio.at_ms for audio in heard] == [100, 120, 140, 160, 180, 200, 220]
    assert counters.filled == 4


def test_an_absurd_leap_is_not_filled_but_keeps_the_time() -> None:
    heard, counters = run([(1, 0), (2, 10**15), (3, 10**15 + FRAME_MS)])
    assert [audio.at_ms for audio in heard] == [0, 10**15, 10**15 + FRAME_MS]
    assert counters.filled == 0


def test_jitter_of_the_timestamps_changes_nothing() -> None:
    heard, counters = run([(1, 60), (2, 79), (3, 101), (4, 120)])
    assert [audio.at_ms for audio in heard] == [60, 80, 100, 120]
    assert counters.filled == 0


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 5_000)), max_size=80)
    | st.permutations(line(*range(1, 30)))
)
def test_time_never_runs_backwards(frames: list[tuple[int, int]]) -> None:
    heard, counters = run(frames)
    times = [audio.at_ms for audio in heard]
    assert all(later - earlier == FRAME_MS for earlier, later in pairwise(times))
    assert counters.frames == len(heard)
    assert all(len(audio.pcm) == FRAME_BYTES for audio in heard)


@given(st.permutations(range(1, 25)), st.integers(1, 3))
def test_small_disorder_loses_nothing(jumble: list[int], reach: int) -> None:
    chunks = sorted(
        range(1, 25), key=lambda chunk: chunk + jumble.index(chunk) % (reach + 1) * 0.99
    )
    heard, counters = run(line(1, *(chunk for chunk in chunks if chunk != 1)))
    assert [audio.pcm for audio in heard] == [pcm(n) for n in range(1, 25)]
    assert counters.late == counters.filled == counters.duplicates == 0

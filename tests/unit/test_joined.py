"""Parts of a call's recording as one file."""

from __future__ import annotations

import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.vault.joined import JoinedRecording
from models.errors import ExternalError, NotFound


def sound(frames: int, mark: int) -> io.BytesIO:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setparams((2, 2, 8000, 0, "NONE", "not compressed"))
        out.writeframes(bytes([mark, 0, mark, 0]) * frames)
    file.seek(0)
    return file


def joined(*parts: tuple[int, int]) -> JoinedRecording:
    return JoinedRecording([(at, sound(n, m + 1)) for m, (at, n) in enumerate(parts)])


parts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 300)), min_size=1, max_size=4).map(
    sorted
)


@given(parts, st.lists(st.tuples(st.integers(0, 4000), st.integers(1, 900)), max_size=8))
def test_it_is_one_wav_with_each_part_at_its_time_and_any_range_is_the_same(
    found: list[tuple[int, int]], ranges: list[tuple[int, int]]
) -> None:
    file = joined(*found)
    whole = file.readall() or b""
    with wave.open(io.BytesIO(whole)) as read:
        assert (read.getnchannels(), read.getframerate()) == (2, 8000)
        frames = read.readframes(read.getnframes())
    assert len(frames) == len(whole) - 44
    end = 0
    for mark, (at, count) in enumerate(found):
        begin = max(end, at * 8 * 4)
        assert frames[end:begin] == bytes(begin - end)
        end = begin + count * 4
        assert frames[begin:end] == bytes([mark + 1, 0, mark + 1, 0]) * count
    for start, length in ranges:
        file.seek(start)
        assert io.BufferedReader(file, 64).read(length) == whole[start : start + length]
        file = joined(*found)


def test_what_is_no_recording_is_refused() -> None:
    with pytest.raises(NotFound):
        JoinedRecording([])
    with pytest.raises(ExternalError):
        JoinedRecording([(0, io.BytesIO(b"no sound"))])

"""The recording holds every sample in its place, whatever the order, and survives a kill."""

from __future__ import annotations

import multiprocessing
import stat
import wave
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.errors import ExternalError
from voice.recording import Recorder, part_of, repair

FRAME = 160


def read(path: Path) -> NDArray[np.int16]:
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert (rate, samples.shape[1]) == (8000, 2)
    return samples


def noise(number: int) -> NDArray[np.int16]:
    return np.random.default_rng(number).integers(-999, 999, FRAME).astype("<i2")


#: Per frame: whether each side has one, and by how many places it comes late.
calls = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 40)), min_size=1, max_size=400
)


@given(calls)
def test_every_frame_is_in_its_place(
    tmp_path_factory: pytest.TempPathFactory, call: list[tuple[bool, bool, int]]
) -> None:
    path = tmp_path_factory.mktemp("call") / "call.wav"
    expected = np.zeros((len(call) * FRAME, 2), np.int16)
    recorder = Recorder(path)
    arrivals = sorted(range(len(call)), key=lambda number: number + call[number][2])
    for number in arrivals:
        for side, heard in enumerate(call[number][:2]):
            if heard:
                samples = noise(number + 1000 * side)
                expected[number * FRAME : (number + 1) * FRAME, side] = samples
                place = recorder.assistant if side else recorder.caller
                place(number * 20, samples.tobytes())
    recorder.close()
    recorded = read(path)
    assert recorder.dropped == 0
    assert np.array_equal(recorded, expected[: len(recorded)])
    assert not expected[len(recorded) :].any()


def test_only_the_owner_reads_it_and_its_name_comes_last(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    recorder = Recorder(path)
    recorder.caller(0, noise(1).tobytes())
    assert not path.exists()
    recorder.close()
    recorder.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["call.wav"]


def test_impossible_times_are_dropped(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "call.wav")
    recorder.caller(10_000, noise(1).tobytes())
    recorder.caller(0, noise(2).tobytes())
    recorder.caller(10**9, noise(3).tobytes())
    recorder.caller(-10, noise(4).tobytes())
    recorder.close()
    recorder.caller(10_020, noise(5).tobytes())
    assert recorder.dropped == 4 * FRAME
    assert len(read(recorder.path)) == 80_000 + FRAME


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    Recorder(path).close()
    with pytest.raises(ExternalError, match="exists"):
        Recorder(path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExternalError, match="cannot be made"):
        Recorder(tmp_path / "none" / "call.wav")


def record_for_ever(path: Path, ready: Connection) -> None:
    recorder = Recorder(path)
    for number in count():
        recorder.caller(number * 20, bytes([1, 2]) * FRAME)
        if number == 1000:
            ready.send(None)


def test_a_kill_loses_the_window_at_most(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    context = multiprocessing.get_context("spawn")
    ready, told = context.Pipe(duplex=False)
    process = context.Process(target=record_for_ever, args=(path, told))
    process.start()
    ready.recv()
    process.kill()
    process.join()
    with wave.open(str(part_of(path))) as kept:
        assert kept.getnframes() >= 16 * 8000
    assert repair(path)
    assert not repair(path)
    samples = read(path)
    assert (samples[:, 0] == 0x0201).all()
    assert not samples[:, 1].any()


def test_a_torn_end_is_cut_to_whole_samples(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    Recorder(path).close()
    path.rename(part_of(path))
    with part_of(path).open("ab") as file:
        file.write(bytes([7, 0, 9, 0, 7]))
    assert repair(path)
    assert read(path).tolist() == [[7, 9]]


def test_something_else_is_not_repaired(tmp_path: Path) -> None:
    part_of(tmp_path / "call.wav").write_bytes(b"nothing of ours")
    with pytest.raises(ExternalError, match="no recording"):
        repair(tmp_path / "call.wav")

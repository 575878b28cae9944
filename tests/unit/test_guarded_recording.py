"""A recorder that fails costs the recording, never the call."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from models.errors import ExternalError
from voice.guarded_recording import GuardedRecorder
from voice.recording import Recorder

SECOND = bytes(16_000)


def test_what_was_recorded_is_kept(tmp_path: Path) -> None:
    failures: list[None] = []
    path = tmp_path / "call.wav"
    recorder = GuardedRecorder(lambda: Recorder(path), lambda: failures.append(None))
    recorder.caller(0, SECOND)
    recorder.assistant(0, SECOND)
    recorder.close()
    recorder.close()
    assert path.exists()
    assert not failures


def test_a_full_disk_ends_the_recording_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[None] = []
    recorder = GuardedRecorder(
        lambda: Recorder(tmp_path / "call.wav"), lambda: failures.append(None)
    )

    def full(self: Recorder, count: int) -> None:
        raise ExternalError("The recording cannot be written: no space left.")

    monkeypatch.setattr(Recorder, "_append", full)
    for second in range(10):
        recorder.caller(second * 1000, SECOND)
        recorder.assistant(second * 1000, SECOND)
    recorder.close()
    assert len(failures) == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_disk_that_fails_at_the_end_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failures: list[None] = []
    recorder = GuardedRecorder(
        lambda: Recorder(tmp_path / "call.wav"), lambda: failures.append(None)
    )

    def fail(_handle: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("voice.recording.os.fsync", fail)
    recorder.close()
    assert len(failures) == 1


def test_a_recording_that_cannot_begin_is_told_of(tmp_path: Path) -> None:
    failures: list[None] = []
    missing = tmp_path / "missing" / "call.wav"
    recorder = GuardedRecorder(lambda: Recorder(missing), lambda: failures.append(None))
    recorder.caller(0, SECOND)
    recorder.close()
    assert len(failures) == 1

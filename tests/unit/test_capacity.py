"""How many calls a process takes."""

from __future__ import annotations

import pytest

from api.config import Settings
from api.engines import most_calls


def test_a_process_serves_what_was_measured_or_what_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for cores, most in ((1, 1), (2, 3), (8, 12)):
        monkeypatch.setattr("os.sched_getaffinity", lambda _pid, n=cores: set(range(n)))
        assert most_calls(Settings(recognizer="whisper")) == most
    assert most_calls(Settings(recognizer="whisper", most_calls=20)) == 20

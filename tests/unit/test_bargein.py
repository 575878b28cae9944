"""The caller's voice over playback, and the assistant's own echo."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sounds import Samples, echo, noise, on_line, silence, speech
from voice.bargein import BargeIn
from voice.ports import FRAME_MS

PLAYED = speech(1600, seed=1)


def first_vote(caller: Samples, played: Samples, speech_probability: float = 1.0) -> int | None:
    """The frame at which the caller is taken to speak; None when he never is."""
    guard = BargeIn()
    pairs = zip(on_line(caller), on_line(played), strict=True)
    for number, (theirs, ours) in enumerate(pairs):
        if guard.push(number * FRAME_MS, theirs, ours, speech_probability):
            return number
    return None


@settings(max_examples=12, deadline=None)
@given(delay_ms=st.integers(0, 400), db=st.floats(-35, -3), seed=st.integers(0, 50))
def test_an_echo_is_never_the_caller(delay_ms: int, db: float, seed: int) -> None:
    played = speech(1200, seed=seed)
    heard = echo(played, delay_ms=delay_ms, db=db) + noise(1200, level=0.0005, seed=seed)
    assert first_vote(heard, played) is None


@settings(max_examples=8, deadline=None)
@given(delay_ms=st.integers(0, 300), db=st.floats(-40, -15), seed=st.integers(100, 150))
def test_a_caller_over_an_echo_is_heard(delay_ms: int, db: float, seed: int) -> None:
    own = np.concatenate([silence(800), speech(800, seed=seed)])
    heard = first_vote(echo(PLAYED, delay_ms=delay_ms, db=db) + own, PLAYED)
    assert heard is not None
    assert 40 <= heard < 65


def test_a_caller_over_silence_is_heard_at_once() -> None:
    guard = BargeIn().guard
    assert first_vote(speech(400, seed=5), silence(400)) == guard.needed - 1


@pytest.mark.parametrize(
    ("caller", "probability"),
    [(speech(800, seed=5, level=0.001), 1.0), (speech(800, seed=5), 0.49), (silence(800), 1.0)],
)
def test_what_is_too_quiet_or_no_speech_does_not_count(caller: Samples, probability: float) -> None:
    assert first_vote(caller, silence(800), probability) is None


def test_after_a_gap_in_the_line_votes_are_counted_anew() -> None:
    guard = BargeIn()
    own = on_line(speech(400, seed=5))
    nothing = bytes(320)
    votes = [guard.push(n * FRAME_MS, own[n], nothing, 1.0) for n in range(4)]
    votes += [guard.push(1000 + n * FRAME_MS, own[4 + n], nothing, 1.0) for n in range(5)]
    assert votes == [False] * 8 + [True]

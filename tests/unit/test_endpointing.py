"""When a turn is over: never before speech, never in the middle, always in the end."""

from __future__ import annotations

import typing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dialogue.actions import Patience
from voice.endpointing import (
    Decision,
    Endpointer,
    PauseBegan,
    SpeechBegan,
    SpeechResumed,
    Timing,
    TurnEnded,
)

PATIENCES: tuple[Patience, ...] = typing.get_args(Patience)
TIMING = Timing()


class Line:
    """Feeds stretches of speech and silence and keeps the decisions with their times."""

    def __init__(self, patience: Patience = "normal") -> None:
        self.endpointer = Endpointer(patience)
        self.at_ms = 0
        self.heard: list[tuple[int, Decision]] = []

    def feed(self, ms: int, speech: float) -> list[Decision]:
        new = []
        for _ in range(ms // TIMING.frame):
            decision = self.endpointer.push(self.at_ms, speech)
            self.at_ms += TIMING.frame
            if decision is not None:
                new.append(decision)
                self.heard.append((self.at_ms, decision))
        return new


@pytest.mark.parametrize("patience", PATIENCES)
def test_a_turn_begins_pauses_and_ends(patience: Patience) -> None:
    line = Line(patience)
    assert line.feed(500, 0.02) == []
    assert line.feed(1000, 0.9) == [SpeechBegan(500)]
    assert line.feed(TIMING.waits[patience].reading, 0.02) == [PauseBegan(1500)]
    assert line.feed(3000, 0.02) == [TurnEnded(500, 1500)]
    decided_ms = line.heard[-1][0]
    assert decided_ms - 1500 == TIMING.waits[patience].unknown


@pytest.mark.parametrize(
    ("complete", "attribute"), [(True, "complete"), (False, "incomplete"), (None, "unknown")]
)
@pytest.mark.parametrize("patience", PATIENCES)
def test_what_was_heard_changes_the_wait(
    patience: Patience, complete: bool | None, attribute: str
) -> None:
    line = Line(patience)
    line.feed(800, 0.9)
    line.feed(TIMING.waits[patience].reading + 40, 0.02)
    line.endpointer.note("幺三八", complete)
    line.feed(3000, 0.02)
    assert line.heard[-1][0] - 800 == getattr(TIMING.waits[patience], attribute)


def test_going_on_throws_the_early_result_away() -> None:
    line = Line("number")
    line.feed(800, 0.9)
    line.feed(300, 0.02)
    line.endpointer.note("13800138000", True)
    assert line.feed(500, 0.9) == [SpeechResumed(1100)]
    line.endpointer.note("too late", True)
    assert line.feed(3000, 0.02) == [PauseBegan(1600), TurnEnded(0, 1600)]
    assert line.heard[-1][0] - 1600 == TIMING.waits["number"].unknown


def test_an_empty_early_result_says_nothing() -> None:
    line = Line()
    line.feed(800, 0.9)
    line.feed(TIMING.waits["normal"].reading + 40, 0.02)
    line.endpointer.note(" ", True)
    line.feed(3000, 0.02)
    assert line.heard[-1][0] - 800 == TIMING.waits["normal"].unknown


def test_clicks_begin_no_turn() -> None:
    line = Line()
    for _ in range(20):
        assert line.feed(80, 0.9) == []
        assert line.feed(200, 0.02) == []


def test_a_click_in_a_pause_does_not_resume_it() -> None:
    line = Line()
    line.feed(800, 0.9)
    line.feed(400, 0.02)
    line.feed(40, 0.9)
    line.feed(1000, 0.02)
    assert [type(decision) for _, decision in line.heard] == [SpeechBegan, PauseBegan, TurnEnded]


def test_a_dip_between_the_thresholds_is_still_speech() -> None:
    line = Line()
    line.feed(500, 0.9)
    assert line.feed(1000, 0.4) == []
    assert line.feed(200, 0.1) == [PauseBegan(1500)]


def test_endless_noise_is_cut() -> None:
    line = Line()
    decisions = line.feed(TIMING.max_turn + 5000, 0.9)
    assert decisions == [
        SpeechBegan(0),
        TurnEnded(0, TIMING.max_turn),
        SpeechBegan(TIMING.max_turn),
    ]


def test_a_gap_in_the_line_is_silence() -> None:
    endpointer = Endpointer("normal")
    for at_ms in range(0, 400, 20):
        endpointer.push(at_ms, 0.9)
    assert endpointer.push(5000, 0.02) == PauseBegan(400)
    assert endpointer.push(5020, 0.02) == TurnEnded(0, 400)


stretches = st.lists(
    st.tuples(st.integers(1, 100), st.sampled_from([0.0, 0.3, 0.4, 0.6, 1.0])), max_size=25
)
notes = st.lists(st.sampled_from([None, True, False]), min_size=1, max_size=25)


@given(stretches, notes, st.sampled_from(PATIENCES))
def test_decisions_are_in_order(
    parts: list[tuple[int, float]], told: list[bool | None], patience: Patience
) -> None:
    line = Line(patience)
    for number, (frames, speech) in enumerate(parts):
        line.feed(frames * TIMING.frame, speech)
        line.endpointer.note("和", told[number % len(told)])
    line.feed(3000, 0.0)
    assert not line.endpointer.in_turn
    allowed: dict[type | None, tuple[type, ...]] = {
        None: (SpeechBegan,),
        SpeechBegan: (PauseBegan, TurnEnded),
        PauseBegan: (SpeechResumed, TurnEnded),
        SpeechResumed: (PauseBegan, TurnEnded),
        TurnEnded: (SpeechBegan,),
    }
    last, last_ms = None, 0
    for now_ms, decision in line.heard:
        assert isinstance(decision, allowed[last])
        spot = decision.ended_ms if isinstance(decision, TurnEnded) else decision.at_ms
        assert last_ms <= spot <= now_ms
        if isinstance(decision, TurnEnded):
            assert decision.started_ms < decision.ended_ms
        last, last_ms = type(decision), spot
    assert last in (None, TurnEnded)


@given(stretches.filter(lambda parts: all(speech < TIMING.start for _, speech in parts)))
def test_without_speech_there_is_no_turn(parts: list[tuple[int, float]]) -> None:
    line = Line()
    for frames, speech in parts:
        assert line.feed(frames * TIMING.frame, speech) == []


@given(
    st.integers(10, 60),
    st.integers(0, 120),
    st.integers(0, 120),
    st.sampled_from(PATIENCES),
    st.sampled_from([None, True, False]),
)
def test_more_silence_never_keeps_a_turn_open(
    spoken: int, one: int, other: int, patience: Patience, complete: bool | None
) -> None:
    def ended(silent: int) -> bool:
        line = Line(patience)
        line.feed(spoken * TIMING.frame, 0.9)
        for _ in range(silent):
            line.feed(TIMING.frame, 0.0)
            line.endpointer.note("和", complete)
        return any(isinstance(decision, TurnEnded) for _, decision in line.heard)

    assert ended(min(one, other)) <= ended(max(one, other))
    wait = TIMING.waits[patience]
    longest = max(wait.unknown, wait.complete, wait.incomplete)
    assert ended(longest // TIMING.frame)


@given(st.integers(10, 60), st.integers(0, 120), st.sampled_from(PATIENCES))
def test_a_finished_answer_never_waits_longer(spoken: int, silent: int, patience: Patience) -> None:
    ended = {}
    for complete in (True, None, False):
        line = Line(patience)
        line.feed(spoken * TIMING.frame, 0.9)
        for _ in range(silent):
            line.feed(TIMING.frame, 0.0)
            line.endpointer.note("和", complete)
        ended[complete] = not line.endpointer.in_turn
    assert ended[True] >= ended[None] >= ended[False]


@given(st.lists(st.integers(0, 30), min_size=1), st.sampled_from(PATIENCES))
def test_late_frames_change_nothing(delays: list[int], patience: Patience) -> None:
    ordered, disturbed = Endpointer(patience), Endpointer(patience)
    for number, late in enumerate(delays * 4):
        at_ms, speech = number * 20, 0.9 if number % 60 < 30 else 0.0
        assert ordered.push(at_ms, speech) == disturbed.push(at_ms, speech)
        assert disturbed.push(at_ms - late * 20, 1.0 - speech) is None


@pytest.mark.parametrize("patience", PATIENCES)
def test_an_answer_that_may_go_on_has_a_wait_of_its_own(patience: Patience) -> None:
    line = Line(patience)
    line.feed(800, 0.9)
    line.feed(TIMING.waits[patience].reading + 40, 0.02)
    line.endpointer.note("张江路88号", None, answered=True)
    line.feed(3000, 0.02)
    assert line.heard[-1][0] - 800 == TIMING.waits[patience].answered
    line.feed(800, 0.9)
    line.feed(3000, 0.02)
    assert line.heard[-1][0] - line.at_ms + 3000 == TIMING.waits[patience].unknown

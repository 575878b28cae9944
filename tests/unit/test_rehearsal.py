"""Past calls under another wording: what differs, and by how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from models.order import Order
from nlp.dialogue.actions import Say
from nlp.dialogue.events import CallBegan, CallerHungUp, Event, NothingUnderstood, SilenceFell
from nlp.dialogue.prompts import Prompts, Wording
from nlp.dialogue.rehearsal import PACE, compare, run, with_wording
from nlp.dialogue.settings import DialogueSettings

OWN = Prompts.load()
SETTINGS = DialogueSettings()
AT = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
BEGAN = CallBegan(at=AT, order=Order(id="o1", call_sid="CA1"), caller="+8613800138000")
CALL: Sequence[Event] = (BEGAN, SilenceFell(at=AT), NothingUnderstood(at=AT), CallerHungUp(at=AT))


def draft(text: str) -> Prompts:
    return with_wording(OWN, "zh", "greeting", Wording(99, (text,)))


def test_only_the_reworded_prompt_differs() -> None:
    before = run(CALL, settings=SETTINGS, prompts=OWN)
    after = run(CALL, settings=SETTINGS, prompts=draft("您好，{company}。"))
    found = compare(before, after)
    (change,) = found.said
    assert change.new is not None
    assert change.new.prompt == "greeting@99"
    assert (found.steps, found.stopped) == ((), False)
    assert found.seconds < 0
    assert compare(before, before).said == ()


def test_the_length_is_of_what_is_spoken() -> None:
    before = run([BEGAN], settings=SETTINGS, prompts=draft("您好，{company}。"))
    after = run([BEGAN], settings=SETTINGS, prompts=draft("您好，{company}，16件。"))
    # 16件 is said 十六件: three characters.
    assert compare(before, after).seconds == pytest.approx(3 / PACE["zh"])


def test_a_new_number_with_the_same_words_is_no_difference() -> None:
    same = with_wording(OWN, "zh", "greeting", Wording(99, OWN.wordings["zh"]["greeting"].variants))
    before, after = (run(CALL, settings=SETTINGS, prompts=p) for p in (OWN, same))
    assert compare(before, after).said == ()


def test_other_actions_are_named() -> None:
    before = run(CALL, settings=SETTINGS, prompts=OWN)
    strict = run(CALL, settings=replace(SETTINGS, hang_up_after=1), prompts=OWN)
    found = compare(before, strict)
    assert "hang_up" in found.steps
    assert found.said


def test_a_refused_event_ends_the_replay_there() -> None:
    broken = run([*CALL, SilenceFell(at=AT)], settings=SETTINGS, prompts=OWN)
    assert broken.stopped == len(CALL)
    assert compare(broken, broken).stopped
    assert run([SilenceFell(at=AT)], settings=SETTINGS, prompts=OWN).actions == ()


def test_a_call_whose_line_broke_begins_anew() -> None:
    twice = run([*CALL, replace(BEGAN, resumed=True)], settings=SETTINGS, prompts=OWN)
    assert twice.stopped is None
    said = [action.prompt for action in twice.actions if isinstance(action, Say)]
    assert sum(prompt.startswith(("greeting", "resumed")) for prompt in said) > 1

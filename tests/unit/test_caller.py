"""The simulated caller: what it answers, and what it leaves unanswered."""

from __future__ import annotations

import random
from datetime import date

from nlp.dialogue.prompts import Prompts
from nlp.simulation.behaviour import Behaviour, Goal, Said
from nlp.simulation.caller import SimulatedCaller
from nlp.simulation.questions import is_question

#: Ask for nothing, though they sound like a question.
_NOT_ANSWERED = {"silence", "readback.intro"}


def _caller(**behaviour: float) -> SimulatedCaller:
    plain = Behaviour(fillers=0.0, terse=0.0, spoken=0.0, **behaviour)
    goal = Goal(values={"pieces": 16, "goods": "服装"}, caller="+8613800138000")
    return SimulatedCaller(
        goal, behaviour=plain, lang="zh", rng=random.Random(1), today=date(2026, 11, 24)
    )


def _part(**values: int | str) -> Said:
    return Said(prompt="readback.goods@1", values=values, order_version=3)


def test_every_prompt_with_a_question_mark_is_a_question() -> None:
    wordings = Prompts.load().wordings["zh"]
    asking = {key for key, wording in wordings.items() if "？" in "".join(wording.variants)}
    assert {key for key in asking if not is_question(key)} <= _NOT_ANSWERED
    assert not is_question("sms.sent")


def test_a_pause_within_the_readback_is_not_answered() -> None:
    caller = _caller()
    assert caller.reply([_part(pieces=15)]) is None
    assert caller.press([]) is None
    assert caller.reply([]) is None
    answer = caller.reply([Said(prompt="readback.confirm@1")])
    assert answer is not None
    assert "16件" in answer


def test_a_statement_is_not_answered() -> None:
    caller = _caller()
    assert caller.reply([Said(prompt="sms.sent@1", values={"mobile": "+8613800138000"})]) is None
    assert caller.reply([Said(prompt="more.ask@1")])


def test_a_wrong_item_is_interrupted_where_the_caller_does_so() -> None:
    caller = _caller(interrupts=1.0)
    said = [_part(pieces=15), Said(prompt="readback.confirm@1")]
    cut = caller.objects_at(said)
    assert cut == 0
    answer = caller.reply(said[:1], interrupts=True)
    assert answer is not None
    assert "16件" in answer


def test_keys_answer_what_was_heard_before_too() -> None:
    caller = _caller()
    told = Said(prompt="unsure.goods@1")
    assert caller.reply([told]) is None
    assert caller.press([Said(prompt="keypad.pieces@1")]) == "16"
    assert caller.reply([_part(goods="富装"), Said(prompt="readback.confirm@1")])

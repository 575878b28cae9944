"""Whom an outbound call has reached, and whether now is a good time.

Nothing of the order is said before somebody answers that it is.
"""

from __future__ import annotations

import re

from models.call import Disposition
from nlp.dialogue import closing
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.states import State, Step
from nlp.dialogue.talk import Talk

_NEW = "greeting.outbound.new"
_WRONG = re.compile(
    r"打错|找错|不是我|我不是|没有?这个?人|不认识|没有?(托运|发货|发过货|下过?单)"
    r"|wrong (number|person)|not me\b|no such person|(never|did ?n.t|have ?n.t) (order|ship)",
    re.IGNORECASE,
)
_BUSY = re.compile(
    r"开会|开车|没空|没时间|不方便|不太方便|(等会|晚点|稍后|过会|回头|改天|待会).{0,6}(打|联系|说)"
    r"|in a meeting|driving|(call|ring|try)( me)?( back| again)? later|not a good time|i.?m busy",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"在忙|忙着|等会|晚点|稍后|过会|回头|改天|待会|现在不行|\bbusy\b|\blater\b|not now",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"(你|您|你们|请问)是?(谁|哪)|哪一?位|哪里的|哪家|什么(公司|事)|干什么|骗子"
    r"|who (is|are|am)|who.s|which company|what.s this|what is (this|it)|about what|scam",
    re.IGNORECASE,
)
_READY = re.compile(
    r"(?<!不)(?<!不太)方便|(你|您)?说吧|(你|您)说|可以|请讲|你讲|核对吧"
    r"|go ahead|\bsure\b|speaking|it.s fine|good time|that.s fine",
    re.IGNORECASE,
)


def greet(talk: Talk, *, resumed: bool = False) -> Step:
    """Says who calls and what about, without a word of the order itself.

    Args:
        resumed: an earlier call broke off with the order half taken.
    """
    memory = talk.memory
    memory.opened = closing.started(memory.order)
    memory.extras_asked = memory.opened and not resumed
    if resumed:
        talk.say("greeting.outbound.resumed", args=_company(talk))
    else:
        talk.say("greeting.outbound" if memory.opened else _NEW, args=_company(talk))
    return Step.REACH


def enter(talk: Talk) -> Step | None:
    """Asks whether now is a good time; who never answers is called again."""
    question = Question(
        about="reach",
        slot="yes_no",
        ladder=("reach.ask", "reask.reach", "keypad.reach"),
        patience="yes_no",
        keys=1,
    )
    return None if talk.ask(question) else _not_now(talk)


def answered(talk: Talk, answer: Answer) -> Step:
    """Goes on to the order, says who is calling, or takes leave."""
    meaning = answer.understanding
    text = meaning.text
    if _WRONG.search(text):
        return closing.goodbye(talk, "goodbye.wrong_number", Disposition.WRONG_NUMBER)
    if _LATER.search(text):
        return _not_now(talk)
    if _WHO.search(text):
        known = closing.started(talk.memory.order)
        talk.say("who.outbound" if known else "who.outbound.new", args=_company(talk))
        talk.count("beside.reach")
        return Step.REACH
    if _READY.search(text) or meaning.polarity == "yes":
        return _admitted(talk)
    return _not_now(talk) if meaning.polarity == "no" else missed(talk)


def _admitted(talk: Talk) -> Step:
    """Goes on; a customer who may not order is told so, however the order came."""
    memory = talk.memory
    customer = memory.customer
    if customer is None or customer.effective or memory.order.confirmed_version is not None:
        return Step.GO_ON
    return closing.refuse(talk, suspended=customer.suspended)


def missed(talk: Talk) -> Step:
    """Nothing usable came."""
    talk.missed("reach")
    return Step.REACH


def puts_off(talk: Talk, answer: Answer) -> bool:
    """Whether somebody whom we called has no time, at whatever point of the call."""
    meaning, memory = answer.understanding, talk.memory
    unconfirmed = memory.order.confirmed_version is None
    wrong = memory.state is State.REACHING and _WRONG.search(meaning.text) is not None
    asks = memory.outbound and unconfirmed and not meaning.fields and not wrong
    return asks and _BUSY.search(meaning.text) is not None


def later(talk: Talk, _answer: Answer) -> Step:
    """Takes leave; the call is placed again another time."""
    return _not_now(talk)


def _not_now(talk: Talk) -> Step:
    return closing.goodbye(talk, "goodbye.not_now", Disposition.NOT_NOW)


def _company(talk: Talk) -> dict[str, str]:
    return {"company": talk.settings.company(talk.memory.lang)}

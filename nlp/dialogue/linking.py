"""Where the signing link goes, what the caller is told of it, and whether there is more."""

from __future__ import annotations

from models.call import Disposition
from models.order import Order, Status
from models.phones import is_mobile
from nlp.dialogue import closing, counting
from nlp.dialogue.actions import BeginOrder, OpenTask, Say, SendLink
from nlp.dialogue.events import LinkQueued, SayEnded
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.phrases import national
from nlp.dialogue.slots import PHONES
from nlp.dialogue.states import Step
from nlp.dialogue.taking import collect
from nlp.dialogue.talk import Talk
from nlp.meaning import Intent, Understanding, Wish

_NUMBER = "order.number"


def enter_mobile(talk: Talk) -> Step | None:
    """Asks which mobile gets the link."""
    memory = talk.memory
    if memory.link_failed or memory.order.link_version == memory.order.version:
        return Step.SENT
    if talk.ask(_question(talk)):
        return None
    talk.say("sms.later")
    reason = "the order is confirmed, but its link has no number to go to"
    talk.do(OpenTask(kind="sms_failed", reason=reason, order_id=memory.order.id))
    memory.link_failed = True
    return Step.SENT


def _question(talk: Talk) -> Question:
    memory = talk.memory
    if memory.mobile is not None:
        return Question(
            about="sms.confirm_number",
            slot="confirm",
            ladder=("sms.confirm_number", "reask.sms.confirm_number", "keypad.check"),
            args={"mobile": national(memory.mobile)},
            values={"mobile": memory.mobile},
            readback=("contact.phone",),
            patience="yes_no",
            keys=1,
        )
    if memory.caller is not None and memory.caller_is_mobile and not memory.mobile_declined:
        return Question(
            about="sms.use_caller",
            slot="mobile",
            ladder=("sms.use_caller", "reask.sms.use_caller", "keypad.check"),
            args={"tail": memory.caller[-4:]},
            values={"mobile": memory.caller},
            patience="yes_no",
            keys=1,
        )
    return Question(
        about="sms.ask_number",
        slot="mobile",
        ladder=("sms.ask_number", "reask.sms.ask_number", "keypad.sms.ask_number"),
        patience="number",
        keys=11,
    )


def answered(talk: Talk, answer: Answer) -> Step:
    """Takes a number, or the yes or no to one."""
    memory, meaning = talk.memory, answer.understanding
    about = memory.question.about if memory.question else ""
    if number := _number(meaning):
        return _take(talk, number)
    if meaning.intent is Intent.CORRECT and collect(talk, answer):
        return Step.GO_ON
    if meaning.polarity == "no":
        return _declined(talk, about)
    agreed = meaning.polarity == "yes"
    if agreed and about == "sms.confirm_number":
        return Step.SEND
    this_phone = memory.caller_is_mobile and meaning.wish is Wish.THIS_NUMBER
    if this_phone or (agreed and about == "sms.use_caller"):
        memory.mobile = memory.caller
        return Step.SEND
    return missed(talk)


def _declined(talk: Talk, about: str) -> Step:
    talk.memory.mobile, talk.memory.mobile_declined = None, True
    if about != "sms.use_caller":
        talk.missed("sms.ask_number")
    return Step.GO_ON


def missed(talk: Talk) -> Step:
    """Nothing usable came."""
    talk.missed(talk.memory.question.about if talk.memory.question else "sms.ask_number")
    return Step.GO_ON


def enter_linking(talk: Talk) -> Step | None:
    """Has the link sent."""
    memory = talk.memory
    talk.do(SendLink(order=memory.order, mobile=str(memory.mobile), lang=memory.lang))
    return None


def queued(talk: Talk, event: LinkQueued) -> Step:
    """The text message is on its way."""
    memory = talk.memory
    memory.order = event.order
    talk.say("sms.sent", args={"mobile": national(str(memory.mobile))})
    return Step.SENT


def enter_more(talk: Talk) -> Step | None:
    """Gives the order's number and the day's count, and asks whether there is more.

    Both are given once, unless the number was talked over.
    """
    memory = talk.memory
    if memory.outbound:
        return Step.COUNT if counting.is_due(memory) else _bye(talk)
    kept = memory.order.status is not Status.CANCELLED
    if kept and _tell_number(talk):
        talk.say("order.count", args={"count": str(memory.today_count)})
    question = Question(
        about="more",
        slot="more",
        ladder=("more.ask",),
        patience="yes_no",
        keys=1,
    )
    return None if talk.ask(question) else _bye(talk)


def more_answered(talk: Talk, answer: Answer) -> Step:
    """Begins another order, changes this one, or says goodbye."""
    memory, meaning = talk.memory, answer.understanding
    done = meaning.polarity == "no" or meaning.wish is Wish.NOTHING_MORE
    kept = memory.order.status is not Status.CANCELLED
    if kept and meaning.intent is Intent.CORRECT and memory.order.confirmed_version is not None:
        return Step.GO_ON if collect(talk, answer) else more_missed(talk)
    if done and not meaning.fields:
        return _bye(talk)
    wanted = meaning.polarity == "yes" or meaning.wish is Wish.ANOTHER_ORDER
    if wanted or meaning.intent is Intent.ORDER or meaning.fields:
        if kept:
            _tell_number(talk, interruptible=False)
        _begin_again(talk)
        memory.opened = bool(collect(talk, answer))
        return Step.ANOTHER
    return more_missed(talk)


def more_missed(talk: Talk) -> Step:
    """Nothing more: the call ends."""
    return _bye(talk)


def number_ended(talk: Talk, event: SayEnded, say: Say) -> None:
    """Notes that the caller heard the order's number, to its last digit."""
    number = talk.memory.order.number
    if say.prompt.startswith(f"{_NUMBER}@") and number and number in say.text:
        talk.memory.told_number = number if event.heard_ratio >= 1.0 else None


def _tell_number(talk: Talk, *, interruptible: bool = True) -> bool:
    """Reads the order's number out, unless the caller has heard it whole."""
    number = talk.memory.order.number
    if number is None or talk.memory.told_number == number:
        return False
    talk.say(_NUMBER, args={"number": number}, interruptible=interruptible)
    return True


def _bye(talk: Talk) -> Step:
    if talk.memory.order.status is not Status.CANCELLED:
        _tell_number(talk, interruptible=False)
    return closing.goodbye(talk, "goodbye", talk.memory.outcome or Disposition.INFORMED)


def _begin_again(talk: Talk) -> None:
    """Makes room for another order; what the records know of the caller stays."""
    memory = talk.memory
    memory.orders += 1
    base = memory.first_order_id
    keep = ("customer.name", "customer.account", "contact.name", "contact.phone")
    known = {n: memory.order.fields[n] for n in keep if n in memory.order.fields}
    fresh = Order(id=f"{base}-{memory.orders}", call_sid=memory.order.call_sid)
    talk.start(fresh.change(known))
    talk.do(BeginOrder(order=memory.order))


def _number(meaning: Understanding) -> str | None:
    """The telephone number in an answer, whichever field it was heard as."""
    phones = [str(f.value) for f in meaning.fields if f.name in PHONES or f.name == "mobile"]
    return phones[-1] if phones else None


def _take(talk: Talk, number: str) -> Step:
    if not is_mobile(number):
        talk.say("sms.landline")
        talk.memory.mobile_declined = True
        talk.missed("sms.ask_number")
        return Step.GO_ON
    confirmed = talk.memory.mobile == number
    talk.memory.mobile = number
    return Step.SEND if confirmed else Step.GO_ON

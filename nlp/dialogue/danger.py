"""The notice of forbidden goods, the question for them, and the yes to the final version.

The answer changes the order, so the yes that counts is asked after it, for the version that
holds it; the caller has heard every other value in the readback before.
"""

from __future__ import annotations

from models.call import Disposition
from models.fields import DangerousGood, Value
from nlp.dialogue import closing, readback, unsure
from nlp.dialogue.actions import ConfirmOrder, OpenTask, RecordNotice
from nlp.dialogue.assent import plain_yes
from nlp.dialogue.events import OrderConfirmed, SayEnded
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.states import Step
from nlp.dialogue.taking import collect, heard_from
from nlp.dialogue.talk import Talk
from nlp.meaning import HeardField, Intent, Wish

#: Modes that share a notice.
_NOTICES = {"air": "notice.air", "rail": "notice.rail"}
_OTHER_NOTICE = "notice.road"


def enter_notice(talk: Talk) -> Step | None:
    """Plays the mode's notice, unless it was already heard whole."""
    memory = talk.memory
    if memory.notice_mode == memory.order.value("mode"):
        return Step.NOTICE_HEARD
    if memory.notice_plays >= talk.settings.notice_plays:
        return closing.hand_over(talk, "the notice could not be played whole")
    memory.notice_plays += 1
    if memory.notice_plays > 1:
        talk.say("notice.again")
    key = _NOTICES.get(str(memory.order.value("mode")), _OTHER_NOTICE)
    say = talk.say(key, version=memory.order.version, interruptible=False)
    memory.notice_say = say.id
    return None


def notice_ended(talk: Talk, event: SayEnded, prompt: str) -> Step:
    """Goes on when the notice was heard whole, plays it again otherwise."""
    memory = talk.memory
    talk.do(
        RecordNotice(
            order_id=memory.order.id,
            order_version=memory.order.version,
            notice=prompt,
            heard_ratio=event.heard_ratio,
        )
    )
    if event.heard_ratio < 1.0:
        return Step.GO_ON
    memory.notice_mode = str(memory.order.value("mode"))
    memory.notice_prompt = prompt
    return Step.NOTICE_HEARD


def enter_danger(talk: Talk) -> Step | None:
    """Asks a guiding question where the goods call for one, then the question itself."""
    memory = talk.memory
    if memory.order.value("dangerous") is not None:
        return Step.DECLARE
    if talk.ask(_question(talk)):
        return None
    return closing.hand_over(talk, "no clear answer to the question for dangerous goods")


def _question(talk: Talk) -> Question:
    memory = talk.memory
    if memory.which:
        which = ("danger.which", "reask.danger.which")
        return Question(about="danger.which", slot="dangerous", ladder=which, patience="long")
    if memory.named and not memory.guided:
        return _ask("danger.named", goods=talk.phrases.dangerous(memory.named))
    if memory.suspects and not memory.guided:
        return _ask("danger.guide", goods=_suspected(talk))
    return _ask("danger.ask")


def _suspected(talk: Talk) -> str:
    """The goods to ask about, as the order has them by now: the line made other words of them
    while they were being said."""
    goods, suspects = str(talk.memory.order.value("goods") or ""), talk.memory.suspects
    held = [one for one in suspects if one in goods]
    return talk.phrases.join(held) or goods or talk.phrases.join(list(suspects))


def _ask(key: str, **args: str) -> Question:
    ladder = (key, f"reask.{key}", "keypad.danger")
    return Question(about=key, slot="dangerous", ladder=ladder, args=args, keys=1)


def answered(talk: Talk, answer: Answer) -> Step:
    """Takes the goods named, the none, or a yes that still has to name them."""
    memory, meaning = talk.memory, answer.understanding
    about = memory.question.about if memory.question else ""
    named = _named(meaning.fields)
    if meaning.wish is Wish.DONT_KNOW:
        named = (_unclear(talk),)
    if not named and about == "danger.which" and meaning.polarity is None and meaning.text:
        named = (DangerousGood(meaning.text),)
    if named:
        return _declare(talk, answer, named)
    if named is None and meaning.intent is Intent.CORRECT and collect(talk, answer):
        return Step.GO_ON
    if meaning.polarity or named == ():
        return _settled(talk, answer, about)
    return missed(talk)


def missed(talk: Talk) -> Step:
    """Nothing usable came."""
    talk.missed(talk.memory.question.about if talk.memory.question else "danger.ask")
    return Step.GO_ON


def enter_final(talk: Talk) -> Step | None:
    """Says what was declared and asks for the yes to the version that holds it."""
    memory = talk.memory
    order = memory.order
    if order.confirmed_version == order.version:
        return Step.CONFIRM
    dangerous = order.value("dangerous")
    heard = memory.heard.get("dangerous") == dangerous
    if heard and memory.agreed_version == order.version:
        return _confirm(talk)
    if not heard:
        key = "declared.some" if dangerous else "declared.none"
        goods = talk.phrases.value("dangerous", dangerous or ())
        talk.say(
            key, values={"dangerous": dangerous or ()}, version=order.version, args={"goods": goods}
        )
    question = Question(
        about="final",
        slot="confirm",
        ladder=("final.confirm", "reask.final", "keypad.final"),
        version=order.version,
        readback=("dangerous",),
        patience="yes_no",
        keys=1,
    )
    if talk.ask(question):
        return None
    return closing.hand_over(talk, "the final yes was not clear")


def final_answered(talk: Talk, answer: Answer) -> Step:
    """Takes the yes to the final version, or what is still to change."""
    memory, meaning = talk.memory, answer.understanding
    named = _named(meaning.fields)
    version = memory.order.version
    if named is not None and named != memory.order.value("dangerous"):
        _declare(talk, answer, named)
    collect(talk, answer)
    if memory.order.version != version:
        memory.checks = ()
        return Step.GO_ON
    if "dangerous" in meaning.disputed:
        memory.order = memory.order.change({}, drop=("dangerous",))
        return Step.GO_ON
    if plain_yes(meaning):
        complete = memory.heard.get("dangerous") == memory.order.value("dangerous")
        return _confirm(talk) if complete and readback.fully_heard(talk) else Step.GO_ON
    return final_missed(talk)


def final_missed(talk: Talk) -> Step:
    """Nothing usable came."""
    talk.missed("final")
    return Step.GO_ON


def enter_confirming(talk: Talk) -> Step | None:
    """Has the yes stored, unless it is."""
    memory = talk.memory
    order = memory.order
    if memory.stored_version == order.version:
        return Step.CONFIRMED
    talk.do(
        RecordNotice(
            order_id=order.id,
            order_version=order.version,
            notice=memory.notice_prompt,
            heard_ratio=1.0,
        )
    )
    talk.do(ConfirmOrder(order=order))
    unsure.ask_clerk(talk)
    if order.value("dangerous"):
        reason = "the caller named dangerous goods"
        talk.do(OpenTask(kind="dangerous_goods", reason=reason, order_id=order.id))
    return None


def confirmed(talk: Talk, event: OrderConfirmed) -> Step:
    """The store kept the yes and gave the order its number."""
    memory = talk.memory
    memory.order = event.order
    memory.stored_version = event.order.version
    memory.today_count = event.today_count
    memory.outcome = Disposition.ORDERED
    return Step.CONFIRMED


def _confirm(talk: Talk) -> Step:
    order = talk.memory.order
    talk.memory.order = unsure.flagged(talk, order).confirm(order.version, by="caller")
    return Step.CONFIRM


def _settled(talk: Talk, answer: Answer, about: str) -> Step:
    """A plain yes or no."""
    memory = talk.memory
    if answer.understanding.polarity != "yes":
        if about not in {"danger.named", "danger.guide"}:
            return _declare(talk, answer, ())
        memory.guided = True
    elif about == "danger.named":
        return _declare(talk, answer, memory.named)
    else:
        memory.which = True
    return Step.GO_ON


def _unclear(talk: Talk) -> DangerousGood:
    """What a caller who does not know declares: the goods themselves, for a person to check."""
    return DangerousGood(str(talk.memory.order.value("goods") or "?"))


def _declare(talk: Talk, answer: Answer, goods: tuple[DangerousGood, ...]) -> Step:
    memory = talk.memory
    memory.which = False
    declared: dict[str, Value] = {"dangerous": goods}
    memory.order = memory.order.change(heard_from(answer, declared))
    if goods:
        memory.order = memory.order.flag("dangerous goods named by the caller")
    return Step.DECLARE


def _named(fields: tuple[HeardField, ...]) -> tuple[DangerousGood, ...] | None:
    """The dangerous goods that an answer names, () for none named on purpose."""
    found = [f.value for f in fields if f.name == "dangerous" and isinstance(f.value, tuple)]
    return found[0] if found else None

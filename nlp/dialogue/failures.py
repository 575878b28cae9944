"""A spoken way out for everything that did not work."""

from __future__ import annotations

from models.call import Disposition
from nlp.dialogue import closing
from nlp.dialogue.actions import ConfirmOrder, OpenTask, SendLink
from nlp.dialogue.events import EffectFailed
from nlp.dialogue.states import State, Step
from nlp.dialogue.talk import Talk


def failed(talk: Talk, event: EffectFailed) -> Step | None:
    """Tries once more where that may help; otherwise tells the caller and goes on or ends."""
    waiting = {
        ("match_company", State.MATCHING): _match,
        ("find_order", State.LOOKUP): _find,
        ("confirm_order", State.CONFIRMING): _confirm,
        ("send_link", State.LINKING): _send,
    }.get((event.action, talk.memory.state))
    if waiting is not None:
        return waiting(talk, event)
    if event.action == "transfer":
        return closing.call_back(talk, "nobody could take the call", key="goodbye.no_transfer")
    return None


def silence(talk: Talk) -> Step | None:
    """Ends a call in which nobody speaks any more; None while it is worth asking again."""
    memory = talk.memory
    memory.silences += 1
    if memory.silences < talk.settings.hang_up_after:
        talk.say("silence")
        return None
    if memory.outbound and memory.order.confirmed_version is None:
        return closing.goodbye(talk, "goodbye.silence", Disposition.NOT_NOW)
    if closing.started(memory.order) and memory.order.confirmed_version is None:
        reason = "the caller fell silent while the order was being taken"
        order_id = memory.order.id
        talk.do(OpenTask(kind="call_back", reason=reason, order_id=order_id, by_assistant=True))
    return closing.goodbye(talk, "goodbye.silence", memory.outcome or Disposition.ABANDONED)


def _match(talk: Talk, event: EffectFailed) -> Step | None:
    talk.memory.match_name = None
    return Step.MATCHED


def _find(talk: Talk, event: EffectFailed) -> Step | None:
    talk.memory.purpose = ""
    talk.say("status.unknown")
    return Step.GO_ON


def _confirm(talk: Talk, event: EffectFailed) -> Step | None:
    order = talk.memory.order
    if _again(talk, event):
        talk.do(ConfirmOrder(order=order))
        return None
    return closing.call_back(talk, "the confirmation was not stored", key="goodbye.not_stored")


def _send(talk: Talk, event: EffectFailed) -> Step | None:
    memory = talk.memory
    if _again(talk, event):
        talk.do(SendLink(order=memory.order, mobile=str(memory.mobile), lang=memory.lang))
        return None
    memory.link_failed = True
    talk.say("sms.failed")
    reason = "the text message with the signing link could not be sent"
    talk.do(OpenTask(kind="sms_failed", reason=reason, order_id=memory.order.id))
    return Step.SENT


def _again(talk: Talk, event: EffectFailed) -> bool:
    memory = talk.memory
    if not event.retryable or event.action in memory.retried:
        return False
    memory.retried = (*memory.retried, event.action)
    talk.say("moment")
    return True

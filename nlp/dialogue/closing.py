"""How a call ends: a person, a call-back, a refusal, a goodbye."""

from __future__ import annotations

from models.call import Disposition
from models.order import Order
from nlp.dialogue.actions import HangUp, OpenTask, Transfer
from nlp.dialogue.states import Step
from nlp.dialogue.talk import Talk

#: Filled from the records, so no sign that the caller has ordered anything.
FROM_RECORD = frozenset({"customer.name", "customer.account", "contact.name", "contact.phone"})


def started(order: Order) -> bool:
    """Whether the caller has ordered anything yet."""
    return bool(order.fields.keys() - FROM_RECORD)


def hand_over(talk: Talk, reason: str) -> Step:
    """Connects the caller with a person, or promises a call-back where nobody can be reached."""
    if talk.settings.can_transfer and talk.memory.open_now:
        talk.say("transfer.clerk")
        talk.do(Transfer(role="clerk", reason=reason))
        return Step.CLOSE
    key = "goodbye.call_back" if talk.memory.open_now else "goodbye.out_of_hours"
    return call_back(talk, reason, key=key)


def call_back(talk: Talk, reason: str, *, key: str = "goodbye.call_back") -> Step:
    """Promises that a person calls back, and ends the call."""
    talk.do(OpenTask(kind="call_back", reason=reason, order_id=talk.memory.order.id))
    return goodbye(talk, key, Disposition.CALL_BACK)


def refuse(talk: Talk, *, suspended: bool = False) -> Step:
    """Tells a customer whose papers are not approved that no order can be taken yet.

    Args:
        suspended: orders were taken by an exception by phone, whose papers are overdue.
    """
    talk.say("refuse.suspended" if suspended else "refuse.not_effective", args=_company(talk))
    reason = "the customer's hand-over form or agreement is not approved yet"
    if suspended:
        reason = "the customer is suspended: the papers of an exception by phone are overdue"
    if talk.settings.can_transfer and talk.memory.open_now:
        talk.say("transfer.head")
        talk.do(Transfer(role="head", reason=reason))
        return Step.CLOSE
    talk.do(OpenTask(kind="call_back", reason=reason))
    return goodbye(talk, "goodbye.call_back", Disposition.REFUSED)


def goodbye(talk: Talk, key: str, disposition: Disposition) -> Step:
    """Says goodbye and hangs up after the last word."""
    outbound = f"{key}.outbound"
    told = outbound if talk.memory.outbound and talk.prompts.knows(outbound) else key
    talk.say(told, args=_company(talk))
    talk.do(HangUp(disposition=disposition))
    return Step.CLOSE


def dropped(talk: Talk) -> Step:
    """The caller's leg ended: what is unfinished goes to a person."""
    order = talk.memory.order
    if order.confirmed_version is None and talk.memory.outbound:
        return Step.HANG_UP
    if order.confirmed_version is None and started(order):
        reason = "the line dropped while the order was being taken"
    elif order.confirmed_version is not None and order.link_version is None:
        reason = "the order is confirmed, but its link has no number to go to"
    else:
        return Step.HANG_UP
    back = not talk.memory.outbound
    talk.do(OpenTask(kind="call_back", reason=reason, order_id=order.id, by_assistant=back))
    return Step.HANG_UP


def _company(talk: Talk) -> dict[str, str]:
    return {"company": talk.settings.company(talk.memory.lang)}

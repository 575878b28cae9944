"""The first words of a call."""

from __future__ import annotations

from models.call import Disposition
from models.fields import InvalidValue, check
from nlp.dialogue import closing, reaching, readback
from nlp.dialogue.events import CallBegan
from nlp.dialogue.memory import Memory
from nlp.dialogue.slots import fields_of, slot_of
from nlp.dialogue.states import State, Step
from nlp.dialogue.taking import fill, on_record
from nlp.dialogue.talk import Talk


def remember(event: CallBegan) -> Memory:
    """What is known before the first word."""
    memory = Memory(
        state=State.NEW,
        order=event.order,
        at=event.at,
        lang=event.lang,
        caller=event.caller,
        caller_is_mobile=event.caller_is_mobile,
        customer=event.customer,
        today_count=event.today_count,
        open_now=event.open_now,
        outbound=event.outbound,
        suspects=event.suspects,
        count=event.count,
        first_order_id=event.order.id,
    )
    if event.order.confirmed_version is not None:
        _stand_confirmed(memory)
    return memory


def _stand_confirmed(memory: Memory) -> None:
    """An order that was confirmed before the line broke needs no second yes."""
    order = memory.order
    memory.agreed = readback.readable(order.values())
    memory.agreed_version = memory.stored_version = order.version
    memory.notice_mode = str(order.value("mode"))
    memory.outcome = Disposition.ORDERED


def begin(talk: Talk, event: CallBegan) -> Step:
    """Greets; fills in what the records know; tells an ineffective customer at once."""
    customer = event.customer
    if event.outbound:
        _fill_known(talk, event)
        talk.memory.fresh = ()
        return reaching.greet(talk, resumed=event.resumed)
    company = talk.settings.company(talk.memory.lang)
    if customer is not None and customer.contact:
        talk.say("greeting.known", args={"company": company, "name": customer.contact})
    else:
        talk.say("greeting", args={"company": company})
    if customer is not None and not customer.effective:
        return closing.refuse(talk, suspended=customer.suspended)
    if event.resumed and closing.started(event.order):
        _resume(talk)
    if event.order.confirmed_version is None:
        _fill_known(talk, event)
    talk.memory.fresh = ()
    return Step.GREET


def _resume(talk: Talk) -> None:
    values = talk.memory.order.values()
    talk.memory.opened = True
    if talk.memory.order.confirmed_version is not None:
        talk.say("resumed.confirmed")
        return
    slots = list(dict.fromkeys(slot_of(n).name for n in values if n not in closing.FROM_RECORD))
    said = {n: values[n] for slot in slots for n in fields_of(slot) if n in values}
    items = talk.phrases.join([talk.phrases.item(slot, values) for slot in slots])
    talk.say("resumed", values=said, args={"items": items})


def _fill_known(talk: Talk, event: CallBegan) -> None:
    customer = event.customer
    known = {
        "customer.name": customer.name if customer else None,
        "customer.account": customer.account if customer else None,
        "contact.name": customer.contact if customer else None,
        "contact.phone": event.caller if _is_number(event.caller) else None,
    }
    filled = talk.memory.order.fields
    fill(talk, on_record({n: v for n, v in known.items() if v and n not in filled}))


def _is_number(caller: str | None) -> bool:
    try:
        check("contact.phone", caller or "")
    except InvalidValue:
        return False
    return True

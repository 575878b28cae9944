"""Takes the order: open at first, then slot by slot, asking only for what is missing."""

from __future__ import annotations

from collections.abc import Collection

from models.order import Status
from nlp.dialogue import closing, doubts, unsure
from nlp.dialogue.actions import MatchCompany
from nlp.dialogue.events import CompanyMatched
from nlp.dialogue.keypad import CHOICES
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.remarks import says_nothing
from nlp.dialogue.slots import PHONES, SLOTS, about, fields_of, first_part, missing, slot_of
from nlp.dialogue.states import Step
from nlp.dialogue.taking import collect, fill, on_record
from nlp.dialogue.talk import Talk
from nlp.meaning import Wish

#: So often something that was disputed is asked for as a whole, then part by part.
_WHOLE_TRIES = 2
_RUNGS = ("ask", "reask", "choose", "keypad")


def enter(talk: Talk) -> Step | None:
    """Asks the next thing, or goes on when nothing is missing."""
    memory = talk.memory
    if memory.order.status is Status.CANCELLED:
        return Step.CANCELLED
    if memory.match_name is not None:
        return Step.MATCH
    asked = _next_question(talk)
    if asked is None:
        return Step.COMPLETE
    if not unsure.hopeless(talk, asked.about) and talk.ask(asked):
        return None
    if unsure.give_up(talk, asked.about):
        return Step.GO_ON
    return closing.hand_over(talk, f"the caller could not be understood on {asked.about}")


def _next_question(talk: Talk) -> Question | None:
    memory = talk.memory
    if not memory.opened:
        return _open(talk)
    _acknowledge(talk)
    if memory.ambiguities:
        return doubts.choice(talk, memory.ambiguities[0])
    # A value may be gone again, as a street is when its city turns out to be another.
    filled = memory.order.fields
    memory.checks = tuple(c for c in memory.checks if filled.keys() & {*fields_of(c)})
    if memory.checks:
        return doubts.check(talk, memory.checks[0])
    target = _next(talk)
    if target is None:
        return _extras(talk) if _extras_left(talk) else None
    usual = doubts.usual(memory, target)
    return doubts.offer(talk, target, usual) if usual else question(talk, target)


def question(talk: Talk, target: str) -> Question:
    """What is asked for a slot or a single field; the wordings that exist are its rungs."""
    slot = SLOTS[target] if target in SLOTS else slot_of(target)
    keys = [f"{rung}.{target}" for rung in _RUNGS]
    keyed = slot.keys or target in PHONES
    return Question(
        about=target,
        slot=target,
        ladder=tuple(key for key in keys if talk.prompts.knows(key)),
        patience="number" if target in PHONES else slot.patience,
        choices=CHOICES.get(target, ()),
        keys=(1 if target in CHOICES else 0) if keyed else None,
    )


def answered(talk: Talk, answer: Answer) -> Step:
    """Takes an answer to whatever was asked."""
    asked = talk.memory.question
    kind = asked.about.partition(".")[0] if asked else ""
    settle = {
        "open": _opened,
        "check": doubts.checked,
        "offer": doubts.offered,
        "choose": doubts.chosen,
        "extras": _extras_answered,
    }.get(kind, _filled)
    return Step.GO_ON if settle(talk, answer) else missed(talk)


def missed(talk: Talk) -> Step:
    """Nothing usable came: the next rung of the same question."""
    memory = talk.memory
    about_what = memory.question.about if memory.question else "open"
    talk.missed(about_what)
    if about_what == "open" and (
        memory.tries["open"] >= len(_open(talk).ladder) * talk.settings.tries_per_rung
    ):
        memory.opened = True
    if about_what.startswith("choose.") and memory.tries[about_what] > 1:
        memory.ambiguities = memory.ambiguities[1:]
    return Step.GO_ON


def match(talk: Talk) -> Step | None:
    """Looks the company up."""
    talk.do(MatchCompany(name=str(talk.memory.match_name)))
    return None


def matched(talk: Talk, event: CompanyMatched) -> Step:
    """Goes on with the customer found, or tells why no order can be taken."""
    memory, customer = talk.memory, event.customer
    memory.match_name = None
    if customer is None and not talk.settings.accept_unknown:
        return closing.refuse(talk)
    if customer is None:
        return Step.MATCHED
    if not customer.effective:
        return closing.refuse(talk, suspended=customer.suspended)
    memory.customer = customer
    record = {"customer.name": customer.name}
    if customer.account:
        record["customer.account"] = customer.account
    fill(talk, on_record(record))
    return Step.MATCHED


def _open(talk: Talk) -> Question:
    memory = talk.memory
    first = "ask.open" if memory.customer or memory.orders > 1 else "ask.who"
    if memory.purpose == "change":
        first = "ask.change"
    return Question(about="open", slot="open", ladder=(first, "reask.open"), patience="long")


def _opened(talk: Talk, answer: Answer) -> bool:
    memory = talk.memory
    took = bool(collect(talk, answer) or memory.ambiguities or memory.match_name)
    memory.opened = memory.opened or took
    return took


def _filled(talk: Talk, answer: Answer) -> bool:
    asked = talk.memory.question
    names = _answerable(asked.about) if asked else ()
    changed = collect(talk, answer, asked=names)
    if asked and changed and not set(changed) & set(names):
        _answered_beside(talk, asked)
        return True
    meaning = answer.understanding
    declined = meaning.polarity == "no" or meaning.wish is Wish.NOTHING_MORE
    declined = declined or (names == ("remarks",) and says_nothing(meaning.text))
    if not changed and declined and unsure.optional(talk, names):
        unsure.leave_out(talk, names)
        return True
    if not changed and meaning.wish is Wish.SAME_AS_BEFORE:
        return _as_before(talk, {field for name in names for field in slot_of(name).fields})
    return bool(set(changed) & set(names)) or bool(talk.memory.ambiguities)


def _answerable(target: str) -> tuple[str, ...]:
    """What an answer may fill: who is asked for the city may give the whole address, and who is
    asked for the day its hours."""
    whole = target.endswith(".city") or target.startswith("pickup_")
    return slot_of(target).fields if whole else fields_of(target)


def _answered_beside(talk: Talk, asked: Question) -> None:
    """Something else was said or put right: that costs the question none of its tries."""
    talk.memory.failures += 1
    talk.count(f"beside.{asked.about}")


def _as_before(talk: Talk, names: Collection[str]) -> bool:
    customer = talk.memory.customer
    usual = (*customer.origins[:1], *customer.consignees[:1]) if customer else ()
    record = {name: value for known in usual for name, value in known.items() if name in names}
    fill(talk, on_record(record))
    return bool(record)


def _extras_left(talk: Talk) -> bool:
    filled = talk.memory.order.fields
    empty = [name for name in talk.settings.optional if not filled.keys() & {*fields_of(name)}]
    return bool(empty) and not talk.memory.extras_asked


def _extras(talk: Talk) -> Question:
    talk.memory.extras_asked = True
    return Question(about="extras", slot="remarks", ladder=("ask.extras",), patience="long")


def _extras_answered(talk: Talk, answer: Answer) -> bool:
    collect(talk, answer)
    return True


def _next(talk: Talk) -> str | None:
    memory = talk.memory
    for field in memory.wanted:
        if field not in memory.order.fields:
            again = about(field)
            whole_failed = memory.tries.get(again, 0) >= _WHOLE_TRIES
            return _lacking(talk, again) if whole_failed else again
    done = {*memory.order.fields, *memory.unsure}
    target = missing(talk.settings.required, done)
    return first_part(target) if target and memory.tries.get(target, 0) else target


def _lacking(talk: Talk, target: str) -> str:
    """The part to ask alone, where the question for the whole has failed."""
    part = missing([target], talk.memory.order.fields) if target in SLOTS else None
    return first_part(part) if part else target


def _acknowledge(talk: Talk) -> None:
    """Repeats what was just taken, unless a check or the readback is about to do so."""
    memory = talk.memory
    checked = {name for target in memory.checks for name in fields_of(target)}
    fresh = [n for n in memory.fresh if n in memory.order.fields and n not in checked]
    memory.fresh = ()
    slots = list(dict.fromkeys(slot_of(name).name for name in fresh))
    if not slots or memory.heard:
        return
    if len(slots) > talk.settings.echo_at_most:
        talk.say("noted")
        return
    values = memory.order.values()
    said = {n: values[n] for slot in slots for n in fields_of(slot) if n in values}
    items = [talk.phrases.item(slot, values) for slot in slots]
    talk.say("echo", values=said, args={"items": talk.phrases.join(items)})

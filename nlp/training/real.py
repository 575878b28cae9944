"""The scorecard on the desk's own calls: the assistant's, people's, and those of both (pure).

Nobody knows what a real customer wanted, so the order stands for it: what this call gave it has to
be read back, and what orders cannot do without has to be in it. What a call of its kind cannot
show is left open, neither passed nor failed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from models.call import Call, Disposition, Speaker
from models.fields import Value
from models.order import Order, Status
from nlp.dialogue.slots import SLOTS
from nlp.training.scorecard import CHECKS, Card, Check, Told, checks_of, talk_ms

#: A signature is not to be had any more.
_UNSIGNED = frozenset({Status.EXPIRED})
#: The caller ended it, or it broke: what was not said yet can be held against nobody.
_CUT = frozenset({Disposition.ABANDONED, Disposition.FAILED})
#: Somebody else goes on with it, whose words may not be here.
_PASSED_ON = frozenset({Disposition.TRANSFERRED})
#: Nothing was ordered in the end.
_GIVEN_UP = frozenset({Status.CANCELLED, Status.REJECTED})
#: What is known of a call without its words.
_SEEN = frozenset({"recorded", "signed"})
_ASKED = CHECKS.index("danger_asked")
_DESK: tuple[Speaker, ...] = ("assistant", "clerk")


def speakers(call: Call) -> frozenset[Speaker]:
    """Who spoke for the desk."""
    said = {turn.speaker for turn in call.turns}
    return frozenset(speaker for speaker in _DESK if speaker in said)


def real_score(
    call: Call,
    order: Order | None,
    *,
    required: Sequence[str],
    later: Collection[str] = (),
    gaps: bool = False,
) -> Card | None:
    """The score of a call that is over; None where the desk said nothing or it still runs.

    Args:
        order: what it was about, where it was about one.
        required: slots that an order cannot do without.
        later: flat names that a clerk wrote after the call: nobody can have read them back.
        gaps: some of what a person said was not heard; what seems left out may be in there.
    """
    desk = speakers(call)
    if not desk or call.ended_at is None:
        return None
    told = Told.of(call.turns, call.lang, desk)
    person = call.disposition in _PASSED_ON and "clerk" in desk
    whole = order is not None and (
        call.disposition is Disposition.ORDERED or (person and order.status not in _GIVEN_UP)
    )
    # An order that was there before the call: by e-mail, or begun in a call that broke.
    written = order is not None and order.call_sid != call.sid
    values = {} if order is None else _given(order, every=written, person=person, later=later)
    checks = [
        *checks_of(told, _recorded(order, required), values),
        Check(name="signed", passed=None if order is None else _signed(order)),
    ]
    apart = _apart(call, told, whole=whole, written=written)
    if order is not None and order.value("dangerous") and not checks[_ASKED].passed:
        # Whoever has named dangerous goods need not be asked for them.
        apart |= {"danger_asked"}
    if gaps:
        apart |= {c.name for c in checks if c.name not in _SEEN and not c.passed}
    return Card(
        checks=tuple(_open(c) if c.name in apart else c for c in checks),
        talk_ms=talk_ms(call.turns),
    )


def _apart(call: Call, told: Told, *, whole: bool, written: bool) -> frozenset[str]:
    """What this call cannot show."""
    found = set() if whole else {*CHECKS, "signed"} - {"greeting", "goodbye"}
    if written:
        found.add("recorded")
    handed_on = call.disposition in _PASSED_ON and all(
        turn.speaker == "assistant" for turn in told.turns
    )
    if call.disposition in _CUT or handed_on or _talked_off(told):
        found.add("goodbye")
    return frozenset(found)


def _talked_off(told: Told) -> bool:
    """Whether the line was gone before the desk's last words were out."""
    heard = told.turns[-1].heard_ratio
    return heard is not None and heard < 1.0


def _open(check: Check) -> Check:
    return replace(check, passed=None, at_ms=None, lacking=())


def _recorded(order: Order | None, required: Sequence[str]) -> Check:
    needed = [name for slot in required if slot in SLOTS for name in SLOTS[slot].needs]
    lacking = [name for name in [*needed, "dangerous"] if order and order.value(name) is None]
    return Check(name="recorded", passed=not lacking, lacking=tuple(lacking))


def _given(order: Order, *, every: bool, person: bool, later: Collection[str]) -> dict[str, Value]:
    """The values that had to be read back: what a clerk changed afterwards is none of them.

    A person who has the caller writes the values down while they talk.
    """
    return {
        name: known.value
        for name, known in order.fields.items()
        if name not in later
        and (
            person
            if known.source.changed_by.startswith("clerk:")
            else every or known.source.turn is not None
        )
    }


def _signed(order: Order) -> bool | None:
    """Whether the customer signed; None while it can still happen, or never has to."""
    if order.signed_version is not None:
        return True
    return False if order.status in _UNSIGNED else None

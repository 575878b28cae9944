"""One function per action of the dialogue: what it asks for is stored in one unit of work.

Nothing here leaves the process. What must leave it (a text message) is put in the outbox by
the same commit.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from models import desk
from models.call import Call, Disposition, Lang, Turn
from models.customer import Customer
from models.errors import IntakeError
from models.order import Order
from models.phones import is_mobile
from models.store import Store, UnitOfWork
from nlp.dialogue.actions import (
    Action,
    BeginOrder,
    CancelOrder,
    ConfirmOrder,
    FindOrder,
    KeepDraft,
    Listen,
    MatchCompany,
    OpenTask,
    RecordNotice,
    SendLink,
    Transfer,
)
from nlp.dialogue.events import (
    CallBegan,
    CompanyMatched,
    EffectFailed,
    Event,
    KnownCustomer,
    LinkQueued,
    OrderConfirmed,
    OrderFound,
)
from nlp.dialogue.journal import dump_event
from nlp.meaning import Vocabulary

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Began:
    """How a call begins.

    Attributes:
        turns: how many turns this call has already, from before its stream broke.
    """

    event: CallBegan
    turns: int


class Effects:
    """One call's hands. Every method blocks and belongs in a thread.

    Args:
        call: who calls whom.
        wall: the desk's local clock.
        open_now: whether a person can be reached at an instant.
        link_hours: how long a signing link is valid, hours.
        recording: where the call's recording is kept.
    """

    def __init__(
        self,
        *,
        store: Store,
        call: Call,
        wall: Callable[[], datetime],
        open_now: Callable[[datetime], bool],
        link_hours: float,
        recording: str,
    ) -> None:
        self._store = store
        self._call = call
        self._wall = wall
        self._open_now = open_now
        self._link_hours = link_hours
        self._recording = recording
        self._seq = 0
        self._lang = call.lang

    def begin(self) -> Began:
        """Stores the call, finds the caller's record and the order to take or go on with."""
        now = self._wall()
        sid, caller = self._call.sid, self._call.caller
        with self._store.unit() as uow:
            known = uow.calls.get(sid)
            self._seq = len(uow.calls.events(sid))
            self._lang = known.lang if known else self._lang
            order, resumed = self._order_to_take(uow, now)
            order = desk.begin_call(uow, self._call, order)
            customer = desk.find_customer_by_phone(uow, caller)
            who = customer.name if customer else caller
            today = desk.count_today(uow, who, uow.local_day(now))
            uow.commit()
        return Began(
            event=CallBegan(
                at=now,
                order=order,
                lang=self._lang,
                caller=caller,
                caller_is_mobile=is_mobile(caller),
                customer=_known(customer, caller) if customer else None,
                today_count=today,
                open_now=self._open_now(now),
                resumed=resumed,
            ),
            turns=len(known.turns) if known else 0,
        )

    def carry_out(self, event: Event, actions: Sequence[Action]) -> list[Event]:
        """Stores the event and everything its actions ask for, all or nothing.

        Returns:
            What the dialogue must be told in answer. If the unit fails, that is an
            `EffectFailed` for each of its actions that is answered, or for the first one.
        """
        wanted = [(action, _HANDLERS[type(action)]) for action in actions if _handled(action)]
        try:
            with self._store.unit() as uow:
                body = dump_event(event)
                desk.append_event(uow, self._call.sid, self._seq, event.at, event.type, body)
                answers = [handler(self, uow, action) for action, handler in wanted]
                lang = _spoken(actions) or self._lang
                if lang != self._lang:
                    desk.set_lang(uow, self._call.sid, lang)
                uow.commit()
        except IntakeError as error:
            log.error("effects failed", call=self._call.sid, error=type(error).__name__)
            if not wanted:
                return []
            failed = next((a for a, _ in wanted if isinstance(a, _ANSWERED)), wanted[0][0])
            return [EffectFailed(at=self._wall(), action=failed.type, retryable=error.retryable)]
        self._seq += 1
        self._lang = lang
        return [answer for answer in answers if answer is not None]

    def put_turn(self, turn: Turn) -> None:
        """Stores one turn of the transcript, new or changed."""
        with self._store.unit() as uow:
            desk.put_turn(uow, self._call.sid, turn)
            uow.commit()

    def end(self, disposition: Disposition) -> None:
        """Stores how the call ended."""
        with self._store.unit() as uow:
            desk.end_call(uow, self._call.sid, self._wall(), disposition, self._recording)
            uow.commit()

    def _order_to_take(self, uow: UnitOfWork, now: datetime) -> tuple[Order, bool]:
        own = desk.order_of_call(uow, self._call.sid)
        if own is not None:
            return own, True
        broken_off = desk.resumable(uow, self._call.caller, now)
        if broken_off is not None:
            return broken_off[0], True
        return Order(id=secrets.token_hex(16), call_sid=self._call.sid), False

    # -- one function per action ---------------------------------------------------------

    def keep_draft(self, uow: UnitOfWork, action: KeepDraft) -> None:
        """Stores the order as it stands."""
        desk.keep_draft(uow, action.order, at=self._wall())

    def confirm_order(self, uow: UnitOfWork, action: ConfirmOrder) -> OrderConfirmed:
        """Stores the yes and gives the order its number."""
        now = self._wall()
        order, today = desk.confirm_order(uow, action.order, now)
        return OrderConfirmed(at=now, order=order, today_count=today)

    def record_notice(self, uow: UnitOfWork, action: RecordNotice) -> None:
        """Stores how far the notice was heard."""
        desk.record_notice(
            uow,
            action.order_id,
            action.order_version,
            action.notice,
            action.heard_ratio,
            self._wall(),
        )

    def send_link(self, uow: UnitOfWork, action: SendLink) -> LinkQueued:
        """Puts the signing link's message in the outbox."""
        now = self._wall()
        order = desk.send_link(uow, action.order, action.mobile, action.lang, now, self._link_hours)
        return LinkQueued(at=now, order=order)

    def cancel_order(self, uow: UnitOfWork, action: CancelOrder) -> None:
        """Stores that the caller withdrew the order."""
        desk.cancel_order(uow, action.order, at=self._wall())

    def open_task(self, uow: UnitOfWork, action: OpenTask) -> None:
        """Gives a person something to do, once per call, kind and order."""
        self._task(uow, action.kind, action.reason, action.order_id)

    def match_company(self, uow: UnitOfWork, action: MatchCompany) -> CompanyMatched:
        """Looks the company up."""
        customer = desk.match_company(uow, action.name)
        return CompanyMatched(
            at=self._wall(),
            name=action.name,
            customer=_known(customer, self._call.caller) if customer else None,
        )

    def find_order(self, uow: UnitOfWork, action: FindOrder) -> OrderFound:
        """Looks up the order with that number, or the caller's latest one."""
        order = desk.latest_order(uow, caller=self._call.caller, number=action.number)
        return OrderFound(at=self._wall(), order=order)

    def begin_order(self, uow: UnitOfWork, action: BeginOrder) -> None:
        """Makes a further order the one that this call works on."""
        desk.begin_order(uow, self._call.sid, action.order, self._wall())

    def transfer(self, uow: UnitOfWork, action: Transfer) -> None:
        """Leaves the reason for the person who takes over, and whom the line should ring."""
        desk.want_transfer(uow, self._call.sid, action.role)
        self._task(uow, f"transfer_{action.role}", action.reason, None)

    def _task(self, uow: UnitOfWork, kind: str, reason: str, order_id: str | None) -> None:
        key = f"{self._call.sid}:{kind}:{order_id or ''}"
        desk.open_task(uow, kind, reason, order_id, self._call.sid, key, self._wall())


#: Action to the function that carries it out. The others concern the line, not the store.
_HANDLERS: dict[type[Action], Callable[..., Event | None]] = {
    KeepDraft: Effects.keep_draft,
    ConfirmOrder: Effects.confirm_order,
    RecordNotice: Effects.record_notice,
    SendLink: Effects.send_link,
    CancelOrder: Effects.cancel_order,
    OpenTask: Effects.open_task,
    MatchCompany: Effects.match_company,
    FindOrder: Effects.find_order,
    BeginOrder: Effects.begin_order,
    Transfer: Effects.transfer,
}

#: Actions that the dialogue waits for.
_ANSWERED = (ConfirmOrder, SendLink, MatchCompany, FindOrder)


def _spoken(actions: Sequence[Action]) -> Lang | None:
    """The language in which an answer is waited for, if one is."""
    langs = [action.expectation.lang for action in actions if isinstance(action, Listen)]
    return langs[-1] if langs else None


def _handled(action: Action) -> bool:
    return type(action) in _HANDLERS


def _known(customer: Customer, caller: str | None) -> KnownCustomer:
    origins = tuple(dict(place) for place in customer.origins)
    consignees = tuple(dict(receiver) for receiver in customer.consignees)
    people = (phone.person for phone in customer.phones if phone.person)
    return KnownCustomer(
        name=customer.name,
        account=customer.account,
        effective=customer.effective,
        contact=customer.person_at(caller) if caller else None,
        origins=origins,
        consignees=consignees,
        vocabulary=Vocabulary(
            companies=customer.names(),
            people=(*people, *_values(consignees, "name")),
            places=(*_values(origins, "detail"), *_values(consignees, "detail")),
        ),
    )


def _values(records: Sequence[dict[str, str]], ending: str) -> tuple[str, ...]:
    return tuple(v for record in records for k, v in record.items() if k.endswith(ending))

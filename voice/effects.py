"""One function per action of the dialogue: what it asks for is stored in one unit of work.

Nothing here leaves the process. What must leave it (a text message) is put in the outbox by
the same commit.
"""

from __future__ import annotations

import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from models import desk
from models.admission import Admission
from models.call import Call, Disposition, Lang, Turn
from models.callback import Cause
from models.customer import Customer
from models.desk import daycounts
from models.errors import ExternalError, IntakeError
from models.order import Order
from models.phones import is_mobile
from models.rows_outbound import CallBackRow
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
    RecordCount,
    RecordNotice,
    SendLink,
    Transfer,
)
from nlp.dialogue.events import (
    CallBegan,
    CompanyMatched,
    Counted,
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

#: How long a caller is kept waiting for a database that does not answer, seconds.
PATIENCE_S = 10.0
#: How long what is owed at a call's end is tried again, seconds.
SETTLE_S = 600.0
_PAUSE_S = 1.0


@dataclass(frozen=True, slots=True)
class Began:
    """How a call begins.

    Attributes:
        turns: how many turns this call has already, from before its stream broke.
    """

    event: CallBegan
    turns: int


@dataclass(frozen=True, slots=True)
class _Step:
    """An event with what its actions ask of the store."""

    event: Event
    body: dict[str, Any]
    wanted: tuple[Action, ...]
    lang: Lang | None


class Effects:
    """One call's hands. Every method blocks and belongs in a thread.

    While the database cannot be used, what nobody waits for is owed: it is stored, in order,
    with the next step, or by `settle`. What the dialogue waits for is tried for a while.

    Args:
        call: who calls whom.
        wall: the desk's local clock.
        open_now: whether a person can be reached at an instant.
        link_hours: how long a signing link is valid, hours.
        recording: where the call's recording is kept.
        patience_s: how long the dialogue may be kept waiting for the database.
        assistant_after: after how long the assistant calls a customer back whose call broke;
            None where a person does.
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
        patience_s: float = PATIENCE_S,
        assistant_after: timedelta | None = None,
    ) -> None:
        self._store = store
        self._call = call
        self._wall = wall
        self._open_now = open_now
        self._link_hours = link_hours
        self._recording = recording
        self._patience_s = patience_s
        self._assistant_after = assistant_after
        self._owed: deque[_Step | Disposition] = deque()
        self._seq = 0
        self._lang = call.lang

    def begin(self) -> Began:
        """Stores the call, finds the caller's record and the order to take or go on with."""
        now = self._wall()
        sid, caller = self._call.sid, self._call.caller
        with self._store.unit() as uow:
            known = uow.calls.get(sid)
            self._seq = len(uow.calls.events(sid))
            ring = uow.call_backs.of_call(sid)
            if known is not None:
                self._lang = known.lang
            elif ring is not None:
                self._lang = "en" if ring.lang == "en" else "zh"
                self._call = replace(self._call, lang=self._lang)
            order, resumed = self._order_to_take(uow, now, ring)
            order = desk.begin_call(uow, self._call, order)
            row = uow.board.order_row(order.id)
            suspects = tuple(row.suspects or ()) if row is not None else ()
            customer = desk.find_customer_by_phone(uow, caller)
            who = customer.name if customer else caller
            today = desk.count_today(uow, who, uow.local_day(now))
            record = self._customer(uow, customer)
            count = None if ring is None else daycounts.to_ask(uow, order.id)
            uow.commit()
        return Began(
            event=CallBegan(
                at=now,
                order=order,
                lang=self._lang,
                caller=caller,
                caller_is_mobile=is_mobile(caller),
                customer=record,
                today_count=today,
                open_now=self._open_now(now),
                resumed=resumed,
                outbound=ring is not None,
                suspects=suspects,
                count=None if count is None else Counted(day=count.day, received=count.received),
            ),
            turns=len(known.turns) if known else 0,
        )

    def carry_out(self, event: Event, actions: Sequence[Action]) -> list[Event]:
        """Stores the event and everything its actions ask for, all or nothing.

        Returns:
            What the dialogue must be told in answer: an `EffectFailed` where what it waits for
            was not done, or where the actions break a rule.
        """
        wanted = tuple(action for action in actions if _handled(action))
        step = _Step(event, dump_event(event), wanted, _spoken(actions))
        awaited = next((action for action in wanted if isinstance(action, _AWAITED)), None)
        try:
            return self._patiently(step) if awaited else self._at_once(step)
        except ExternalError as error:
            log.error("effects owed", call=self._call.sid, error=type(error).__name__)
            self._owed.append(replace(step, wanted=tuple(a for a in wanted if a is not awaited)))
            return [self._failed(awaited, error)] if awaited else []
        except IntakeError as error:
            log.error("effects failed", call=self._call.sid, error=type(error).__name__)
            return [self._failed(awaited or wanted[0], error)] if wanted else []

    def settle(self, within_s: float = SETTLE_S) -> bool:
        """Stores what is owed, trying again until it is done or the time is up.

        Returns:
            Whether nothing is owed any more.
        """
        deadline = time.monotonic() + within_s
        while True:
            try:
                self._pay()
            except ExternalError as error:
                if time.monotonic() >= deadline:
                    log.error("effects lost", call=self._call.sid, error=type(error).__name__)
                    return False
                time.sleep(_PAUSE_S)
            else:
                return True

    def _at_once(self, step: _Step) -> list[Event]:
        self._pay()
        return self._keep(step)

    def _patiently(self, step: _Step) -> list[Event]:
        """Tries again for a while: somebody waits for the answer."""
        deadline = time.monotonic() + self._patience_s
        while True:
            try:
                return self._at_once(step)
            except ExternalError as error:
                if not error.retryable or time.monotonic() >= deadline:
                    raise
                time.sleep(min(_PAUSE_S, self._patience_s))

    def _pay(self) -> None:
        """Stores what is owed, oldest first. A step that breaks a rule is passed over."""
        while self._owed:
            owed = self._owed[0]
            try:
                if isinstance(owed, Disposition):
                    self._store_end(owed)
                else:
                    self._keep(owed)
            except ExternalError:
                raise
            except IntakeError as error:
                log.error("owed effect refused", call=self._call.sid, error=type(error).__name__)
            self._owed.popleft()

    def _keep(self, step: _Step) -> list[Event]:
        sid, event = self._call.sid, step.event
        with self._store.unit() as uow:
            desk.append_event(uow, sid, self._seq, event.at, event.type, step.body)
            answers = [_HANDLERS[type(action)](self, uow, action) for action in step.wanted]
            lang = step.lang or self._lang
            if lang != self._lang:
                desk.set_lang(uow, sid, lang)
            uow.commit()
        self._seq += 1
        self._lang = lang
        return [answer for answer in answers if answer is not None]

    def _failed(self, action: Action, error: IntakeError) -> EffectFailed:
        return EffectFailed(at=self._wall(), action=action.type, retryable=error.retryable)

    def put_turn(self, turn: Turn) -> None:
        """Stores one turn of the transcript, new or changed."""
        with self._store.unit() as uow:
            desk.put_turn(uow, self._call.sid, turn)
            uow.commit()

    def end(self, disposition: Disposition) -> None:
        """Stores how the call ended; owed where the database cannot be used."""
        self._owed.append(disposition)
        try:
            self._pay()
        except ExternalError as error:
            log.error("end owed", call=self._call.sid, error=type(error).__name__)

    def _store_end(self, disposition: Disposition) -> None:
        with self._store.unit() as uow:
            now, sid = self._wall(), self._call.sid
            desk.end_call(uow, sid, now, disposition, self._recording)
            desk.wake_callbacks(uow, self._call.caller, f"{sid}:ended", now)
            uow.commit()

    def _order_to_take(
        self, uow: UnitOfWork, now: datetime, ring: CallBackRow | None
    ) -> tuple[Order, bool]:
        own = desk.order_of_call(uow, self._call.sid)
        if own is not None:
            return own, True
        if ring is not None:
            known = uow.orders.get(ring.order_id) if ring.order_id else None
            fresh = Order(id=secrets.token_hex(16), call_sid=self._call.sid)
            return known or fresh, ring.cause == Cause.DROPPED
        broken_off = desk.resumable(uow, self._call.caller, now)
        if broken_off is not None:
            return broken_off[0], True
        waiting = desk.waiting_for(uow, self._call.caller, now)
        if waiting is not None:
            return waiting, True
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

    def record_count(self, uow: UnitOfWork, action: RecordCount) -> None:
        """Stores how many orders the customer says were faxed that day."""
        daycounts.keep_count(uow, action.order_id, action.sent, by="assistant", at=self._wall())

    def send_link(self, uow: UnitOfWork, action: SendLink) -> LinkQueued:
        """Puts the signing link's message in the outbox."""
        now = self._wall()
        order = desk.send_link(uow, action.order, action.mobile, action.lang, now, self._link_hours)
        return LinkQueued(at=now, order=order)

    def cancel_order(self, uow: UnitOfWork, action: CancelOrder) -> None:
        """Stores that the caller withdrew the order."""
        desk.cancel_order(uow, action.order, at=self._wall())

    def open_task(self, uow: UnitOfWork, action: OpenTask) -> None:
        """Gives a person something to do, or has the assistant call back; once per call."""
        after = self._assistant_after
        if after is not None and action.by_assistant and not self._call.in_browser:
            sid, caller, at = self._call.sid, self._call.caller, self._wall()
            desk.call_back_for(
                uow, sid, action.order_id, caller, reason=action.reason, at=at, after=after
            )
            return
        if action.kind == "sms_failed" and action.order_id and self._by_mail(uow, action.order_id):
            return
        self._task(uow, action.kind, action.reason, action.order_id)

    def _by_mail(self, uow: UnitOfWork, order_id: str) -> bool:
        """Sends the link by e-mail where no mobile takes it; whether it does."""
        if uow.orders.get(order_id) is None:
            return False
        call = uow.calls.get(self._call.sid)
        lang = call.lang if call is not None else None
        return desk.link_by_mail(
            uow, order_id, lang=lang or "zh", at=self._wall(), valid_hours=self._link_hours
        )

    def _customer(self, uow: UnitOfWork, customer: Customer | None) -> KnownCustomer | None:
        if customer is None:
            return None
        stands = desk.admission_of(uow, customer, self._wall())
        known = known_customer(replace(customer, effective=stands.may_order), self._call.caller)
        return replace(known, suspended=stands is Admission.SUSPENDED)

    def match_company(self, uow: UnitOfWork, action: MatchCompany) -> CompanyMatched:
        """Looks the company up."""
        customer = desk.match_company(uow, action.name)
        return CompanyMatched(
            at=self._wall(),
            name=action.name,
            customer=self._customer(uow, customer),
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
    RecordCount: Effects.record_count,
    SendLink: Effects.send_link,
    CancelOrder: Effects.cancel_order,
    OpenTask: Effects.open_task,
    MatchCompany: Effects.match_company,
    FindOrder: Effects.find_order,
    BeginOrder: Effects.begin_order,
    Transfer: Effects.transfer,
}

#: Actions that the dialogue, or the line, waits for.
_AWAITED = (ConfirmOrder, SendLink, MatchCompany, FindOrder, Transfer)


def _spoken(actions: Sequence[Action]) -> Lang | None:
    """The language in which an answer is waited for, if one is."""
    langs = [action.expectation.lang for action in actions if isinstance(action, Listen)]
    return langs[-1] if langs else None


def _handled(action: Action) -> bool:
    return type(action) in _HANDLERS


def known_customer(customer: Customer, caller: str | None) -> KnownCustomer:
    """What a call knows of the customer whose caller rings from this number."""
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
            goods=customer.goods,
        ),
    )


def _values(records: Sequence[dict[str, str]], ending: str) -> tuple[str, ...]:
    return tuple(v for record in records for k, v in record.items() if k.endswith(ending))

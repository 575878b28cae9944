"""Everything that the page of one order shows, read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.console.timeline import Moment, timeline
from models.acceptance import Condition, missing
from models.admission import Admission, PhoneException
from models.audit import HEARD, Entry
from models.call import Call, Turn
from models.customer import Customer
from models.desk import admission_of, releasing
from models.desk.addresses import mail_address
from models.desk.running import being_taken
from models.errors import NotFound
from models.fields import as_json
from models.order import OVER, TRANSITIONS, FieldValue, Order, Step
from models.phones import is_mobile
from models.risk import Risk, suffices
from models.rows import (
    LinkRow,
    MessageRow,
    NoticePlayedRow,
    OrderHistoryRow,
    OrderRow,
    SignatureRow,
    TaskRow,
)
from models.rows_hearing import SecondHearingRow
from models.rows_outbound import CallBackRow
from models.rows_ownership import ReleaseApprovalRow
from models.rows_privacy import DeletionRow
from models.staff import Permission, Role, User
from models.store import UnitOfWork
from models.wordtimes import span_of

#: What is played of a turn whose end is not known.
_UNKNOWN_MS = 3000

#: Fields that pages show together.
GROUPS: tuple[tuple[str, ...], ...] = (
    ("customer.name", "customer.account", "contact.name", "contact.phone", "payment"),
    (
        "mode",
        "goods",
        "packaging",
        "pieces",
        "weight_kg",
        "volume_m3",
        "declared_value_cny",
        "dangerous",
    ),
    (
        "origin.province",
        "origin.city",
        "origin.district",
        "origin.detail",
        "consignor.name",
        "consignor.phone",
        "pickup_date",
        "pickup_start",
        "pickup_end",
    ),
    (
        "destination.province",
        "destination.city",
        "destination.district",
        "destination.detail",
        "consignee.name",
        "consignee.phone",
        "deliver_by",
    ),
    ("remarks",),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as a line of the page.

    Attributes:
        call_sid: names the recording that its span is in; None where it is in none.
        from_ms, to_ms: the seconds of its very words where these are known, else of its turn.
    """

    name: str
    known: FieldValue | None
    call_sid: str | None = None
    from_ms: int = 0
    to_ms: int = 0


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value that a second reading gave, and the seconds it was heard in."""

    value: object
    call_sid: str
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """One order with all that belongs to it.

    Attributes:
        exception: a leader's exception by which the customer may order now.
        form_id: the customer's handover form.
        approvals: of the release, for the present version; `approved`: they are enough.
        first_period: the head of customer service takes this customer's orders.
        offers: steps that this person may take now.
        running: the assistant still takes values in a call of this order.
        heard: who heard which call's recording, by the call's SID.
        timeline: everything that happened to it, newest first.
        planned: the call-back that is planned for it.
        email: where the customer reads e-mail about it.
        deleted: what of this order and its calls was deleted by its period.
        again: second readings of the caller's turns, by the call's SID and the turn's index.
        doubts: what the order would hold by second readings that nobody settled, by field.
    """

    order: Order
    row: OrderRow
    groups: Sequence[Sequence[Shown]]
    calls: Sequence[Call]
    history: Sequence[OrderHistoryRow]
    timeline: Sequence[Moment]
    notices: Sequence[NoticePlayedRow]
    messages: Sequence[MessageRow]
    tasks: Sequence[TaskRow]
    links: Sequence[LinkRow]
    signature: SignatureRow | None
    customer: Customer | None
    admission: Admission
    exception: PhoneException | None
    form_id: str | None
    risk: Risk
    approvals: Sequence[ReleaseApprovalRow]
    approved: bool
    first_period: bool
    missing: Sequence[Condition]
    offers: frozenset[str]
    running: bool
    heard: Mapping[str, Sequence[Entry]]
    planned: CallBackRow | None
    deleted: Sequence[DeletionRow]
    email: str | None
    again: Mapping[str, Mapping[int, SecondHearingRow]]
    doubts: Mapping[str, Doubt]


def read(uow: UnitOfWork, order_id: str, user: User, at: datetime) -> OrderView:
    """The order for a person. Raises NotFound."""
    row, order = uow.board.order_row(order_id), uow.orders.get(order_id)
    if row is None or order is None:
        raise NotFound("There is no such order.")
    sids = [call.sid for call in uow.board.calls_of(order_id)]
    calls = [call for call in map(uow.calls.get, sids) if call is not None]
    customer = uow.customers.of_order(order)
    admitted = admission_of(uow, customer, at)
    held = admitted is Admission.EXCEPTION and customer is not None
    exception = uow.exceptions.latest(customer.id) if held and customer is not None else None
    form = None if customer is None else uow.onboardings.of_customer(customer.id)
    lacking = missing(order, customer_effective=admitted.may_order)
    risk = releasing.risk_of(uow, order, at, customer)
    first = customer is not None and uow.onboardings.in_first_period(customer.id)
    approvals = uow.releases.approvals(order_id, order.version)
    approved = releasing.suffices_any(approvals, risk)
    may_release = not lacking and (approved or suffices(user.role, risk.approver))
    history, tasks = uow.orders.history(order_id), uow.tasks.of_order(order_id)
    notices, messages = uow.notices.of_order(order_id), uow.messages.of_order(order_id)
    call_backs = uow.call_backs.of_order(order_id)
    running = being_taken(calls, at)
    return OrderView(
        order=order,
        row=row,
        groups=[[_shown(name, order, calls) for name in group] for group in GROUPS],
        calls=calls,
        history=history,
        timeline=timeline(uow, order, row, calls, user),
        notices=notices,
        messages=messages,
        tasks=tasks,
        links=uow.links.of_version(order_id, order.version),
        signature=uow.signatures.get(order_id, order.version),
        customer=customer,
        admission=admitted,
        exception=exception,
        form_id=None if form is None else form.id,
        risk=risk,
        approvals=approvals,
        approved=approved,
        first_period=first,
        missing=lacking,
        offers=_offers(order, row.owner, user, ready=may_release, running=running, first=first)
        | _approval(order, user, risk, approvals),
        running=running,
        heard={sid: uow.audit.about(f"call:{sid}", HEARD) for sid in sids},
        planned=next((row for row in call_backs if row.open_for), None),
        deleted=uow.deletions.of(f"order:{order_id}", *(f"call:{sid}" for sid in sids)),
        email=mail_address(uow, order, customer),
        again={sid: uow.second_hearings.of_call(sid) for sid in sids},
        doubts=_doubts(uow.second_hearings.doubtful(sids), order, calls),
    )


def mobile_to_text(view: OrderView) -> str:
    """Where the signing link goes unless the clerk says otherwise."""
    if view.links:
        return view.links[0].mobile
    contact = view.order.value("contact.phone")
    known = (None if contact is None else str(contact), view.row.caller)
    mobile = next((number for number in known if is_mobile(number)), None)
    return mobile or view.email or next((number for number in known if number), "")


def number_to_call(view: OrderView) -> str:
    """Where the customer is called back unless the clerk says otherwise."""
    return str(view.order.value("contact.phone") or view.row.caller or "")


def _shown(name: str, order: Order, calls: Sequence[Call]) -> Shown:
    known = order.fields.get(name)
    if known is None or known.source.started_ms is None or not calls:
        return Shown(name, known)
    call, turn = _said_in(name, known, calls)
    words = span_of(turn, known.source.heard) if turn is not None else None
    began = known.source.started_ms
    from_ms, to_ms = words or (began, known.source.ended_ms or began + _UNKNOWN_MS)
    return Shown(name, known, call.sid, from_ms, to_ms)


def _doubts(
    rows: Sequence[SecondHearingRow], order: Order, calls: Sequence[Call]
) -> Mapping[str, Doubt]:
    """Values of second readings that the order still does not hold."""
    known = {name: as_json(value) for name, value in order.values().items()}
    found: dict[str, Doubt] = {}
    for row in rows:
        call = next(call for call in calls if call.sid == row.call_sid)
        turn = _turn(call, row.index)
        for name, value in row.doubts.items():
            if turn is not None and known.get(name) != value:
                end = turn.ended_ms or turn.started_ms + _UNKNOWN_MS
                found[name] = Doubt(value, row.call_sid, turn.started_ms, end)
    return found


def _said_in(name: str, known: FieldValue, calls: Sequence[Call]) -> tuple[Call, Turn | None]:
    """The call whose turn said the value; where no turn tells, the order's latest call."""
    turns = [(call, _turn(call, known.source.turn)) for call in reversed(calls)]
    told = [(call, turn) for call, turn in turns if turn is not None and name in turn.values]
    spoken = [
        (call, turn)
        for call, turn in turns
        if turn is not None and turn.started_ms == known.source.started_ms
    ]
    return (told or spoken or turns)[0]


def _turn(call: Call, index: int | None) -> Turn | None:
    return next((turn for turn in call.turns if turn.index == index), None)


def _offers(
    order: Order, owner: str | None, user: User, *, ready: bool, running: bool, first: bool
) -> frozenset[str]:
    """Steps that state, owner and rights allow."""
    offers: set[str] = set()
    if owner is not None and (owner == user.name or user.may(Permission.LEAD)):
        offers.add("hand_over")
    if not user.may(Permission.HANDLE) or owner not in (None, user.name):
        return frozenset(offers)
    heads = not first or user.role is Role.HEAD
    if owner is None and not heads:
        return frozenset(offers)
    if owner is None:
        offers.add("take")
    steps = TRANSITIONS[order.status]
    confirmed = order.confirmed_version == order.version
    wanted = {
        "edit": Step.CHANGE in steps and not running,
        "confirm": Step.CONFIRM in steps and not confirmed and not running and order.version > 0,
        "link": Step.SEND_LINK in steps and confirmed and order.signed_version != order.version,
        "clear": Step.CLEAR in steps,
        "settle": not running,
        "release": Step.ACCEPT in steps and ready and heads,
        "call_back": Step.CHANGE in steps and order.link_version != order.version,
        "reject": Step.REJECT in steps,
        "cancel": Step.CANCEL in steps,
    }
    return frozenset(offers | {name for name, allowed in wanted.items() if allowed})


def _approval(
    order: Order, user: User, risk: Risk, given: Sequence[ReleaseApprovalRow]
) -> frozenset[str]:
    """Whether this person is asked to approve the release."""
    over = order.status in OVER
    asked = user.active and risk.approver is not None and suffices(user.role, risk.approver)
    told = any(row.by == user.name for row in given)
    return frozenset() if over or told or not asked else frozenset({"approve_release"})

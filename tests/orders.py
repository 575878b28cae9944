"""Orders and calls that tests are about."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from models import desk, links
from models.call import Call
from models.customer import Customer, Phone
from models.drawing import Drawing
from models.fields import Value
from models.order import FieldValue, Order, Source
from models.store import Store, UnitOfWork

#: A Tuesday, in the desk's own zone.
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
MOBILE = "+8613800138000"
LANDLINE = "+862150801234"

PLAIN: dict[str, Value] = {
    "customer.name": "上海宏远电子有限公司",
    "mode": "air",
    "origin.city": "上海市",
    "goods": "耳机",
    "pieces": 16,
    "weight_kg": 120.5,
    "dangerous": (),
}


def field(value: Value, *, by: str = "caller", turn: int = 1) -> FieldValue:
    """A value as `by` said it."""
    return FieldValue(value, Source(heard=str(value), confidence=0.9, changed_by=by, turn=turn))


def fields(values: dict[str, Value], *, by: str = "caller") -> dict[str, FieldValue]:
    """Values as `by` said them."""
    return {name: field(value, by=by) for name, value in values.items()}


def draft(order_id: str = "o1", call_sid: str = "CA1", **changes: Value) -> Order:
    """An order at version 1, `PLAIN` with some values changed."""
    return Order(id=order_id, call_sid=call_sid).change(fields({**PLAIN, **changes}))


def customer(*, effective: bool = True) -> Customer:
    """The customer whose orders these are."""
    return Customer(
        id="c1",
        name="上海宏远电子有限公司",
        account="HY-0032",
        effective=effective,
        phones=(Phone(MOBILE, "王经理"),),
        aliases=("宏远电子",),
        origins=({"origin.city": "上海市", "origin.detail": "张江路88号"},),
        consignees=({"consignee.name": "李雷", "destination.city": "北京市"},),
    )


def begun(store: Store, order: Order, *, caller: str | None = MOBILE) -> Order:
    """The order stored as the draft of a running call."""
    call_sid = order.call_sid or "CA1"
    with store.unit() as uow:
        empty = Order(id=order.id, call_sid=call_sid)
        desk.begin_call(uow, Call(sid=call_sid, caller=caller, called=None, started_at=NOW), empty)
        kept = desk.keep_draft(uow, order, at=NOW)
        uow.commit()
    return kept


def linked(store: Store, order: Order, *, valid_hours: float = 72) -> tuple[Order, str]:
    """The order confirmed and its signing link sent, with the link's token."""
    begun(store, order)
    with store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, order, NOW)
        waiting = desk.send_link(uow, confirmed, MOBILE, "zh", NOW, valid_hours)
        nonce = uow.links.of_version(order.id, order.version)[0].nonce
        uow.commit()
    return waiting, links.token(store.secret, nonce)


#: Every consent of the notice.
CONSENTS = ("read", "truthful", "liability")
#: Somebody's phone.
VISIT = desk.Visit("203.0.113.7", "a phone")
#: A short line and a long one.
DRAWING = Drawing(300, 120, (((10.0, 60.0), (40.0, 20.0)), ((60.0, 90.0), (200.0, 30.0))))


def signing(uow: UnitOfWork, token: str, *, name: str = "王小明") -> desk.Signing:
    """What a signer hands in who saw the link's page as it is now."""
    view = desk.view_link(uow, token, NOW)
    return desk.Signing(
        name=name,
        consents=CONSENTS,
        seen=view.seen,
        drawing=DRAWING,
        shown={"company": "顺达货运", "items": [["货物", "耳机"]], "declared": []},
        visit=VISIT,
    )

"""Who may release: the head in a first period, approvers of risky orders."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk
from models.desk import onboarding, releasing, review
from models.fields import DangerousGood, Value
from models.order import Order, StaleVersion, Status
from models.rows import OrderRow
from models.staff import User
from models.store import Store
from tests.onboarding import approve_all, begun, people
from tests.orders import NOW, customer, draft, fields, linked, signing


def signed(store: Store, **values: Value) -> Order:
    """An order whose notice is signed."""
    order, token = linked(store, draft(**values))
    with store.unit() as uow:
        desk.sign(uow, token, signing(uow, token), NOW)
        uow.commit()
    return order


def release(store: Store, user: User, order_id: str = "o1") -> Status:
    """Somebody presses the button on the page as it is now."""
    with store.unit() as uow:
        lock = uow.orders.row(order_id).lock
        order = review.release(uow, order_id, user=user, lock=lock, at=NOW)
        uow.commit()
    return order.status


def known(store: Store) -> dict[str, User]:
    """The desk's people and an old customer."""
    by = people(store)
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.commit()
    return by


def test_in_the_first_period_orders_go_to_the_head_who_alone_releases(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    approve_all(store, one, by)
    signed(store, **{"customer.name": one.form.company})
    with store.reading() as uow:
        assert uow.orders.row("o1").owner == "hua"
        last = [h for h in uow.orders.history("o1") if h.step == "own"][-1]
        assert (last.by, last.note) == ("assistant", "first period of a new customer")
    with store.unit() as uow:  # given to a clerk to work on, yet not to release
        lock = uow.orders.row("o1").lock
        review.hand_over(uow, "o1", "anna", user=by["hua"], lock=lock, note="x", at=NOW)
        uow.commit()
    with pytest.raises(releasing.HeadOnly):
        release(store, by["anna"])
    with store.unit() as uow:
        onboarding.end_first_period(uow, one.id, user=by["hua"], at=NOW)
        uow.commit()
    assert release(store, by["anna"]) is Status.ACCEPTED


def test_a_clerk_takes_no_order_of_a_first_period(store: Store) -> None:
    by = people(store)
    one = begun(store, by["mia"])
    approve_all(store, one, by)
    with store.unit() as uow:
        uow.users.row("hua").active = False  # nobody to give it to
        uow.commit()
    signed(store, **{"customer.name": one.form.company})
    with store.unit() as uow, pytest.raises(releasing.HeadOnly):
        lock = uow.orders.row("o1").lock
        review.take(uow, "o1", user=by["anna"], lock=lock, at=NOW)


def test_a_risky_order_is_released_once_its_version_is_approved(store: Store) -> None:
    by = known(store)
    battery = (DangerousGood("锂电池", "9", "UN3480"),)
    signed(store, declared_value_cny=60_000.0, dangerous=battery)
    with store.reading() as uow:
        risk = releasing.risk_of(uow, uow.orders.get("o1"), NOW)  # type: ignore[arg-type]
    assert (risk.points, risk.approver) == (5, "head")
    with pytest.raises(releasing.NeedsApproval):
        release(store, by["anna"])
    with store.unit() as uow:
        with pytest.raises(releasing.NeedsApproval):
            releasing.approve_release(uow, "o1", 1, user=by["anna"], comment="", at=NOW)
        with pytest.raises(StaleVersion):
            releasing.approve_release(uow, "o1", 0, user=by["hua"], comment="", at=NOW)
        releasing.approve_release(uow, "o1", 1, user=by["hua"], comment="已核对", at=NOW)
        uow.commit()
    assert release(store, by["anna"]) is Status.ACCEPTED


def test_an_approval_is_for_one_version_only(store: Store) -> None:
    by = known(store)
    signed(store, declared_value_cny=300_000.0)
    with store.unit() as uow:
        with pytest.raises(releasing.NeedsApproval):
            releasing.approve_release(uow, "o1", 1, user=by["hua"], comment="", at=NOW)
        releasing.approve_release(uow, "o1", 1, user=by["gm"], comment="", at=NOW)
        releasing.must_be_approved(uow, uow.orders.locked("o1"), by["anna"], NOW)
        changed = fields({"pieces": 17})
        order = desk.change_order(uow, "o1", 1, changed, by="clerk:anna", at=NOW)
        with pytest.raises(releasing.NeedsApproval):
            releasing.must_be_approved(uow, order, by["anna"], NOW)


def test_a_customers_past_tells_what_is_usual(store: Store) -> None:
    known(store)
    with store.unit() as uow:
        for number in range(3):  # on one day
            before = draft(f"p{number}", f"CB{number}", **{"destination.city": "北京市"})
            desk.confirm_order(uow, desk.keep_draft(uow, before, at=NOW), NOW)
            uow.session.get_one(OrderRow, before.id).status = Status.ACCEPTED.value
        order = draft("o2", "CA2", **{"destination.city": "广州市", "pieces": 49})
        kept = desk.keep_draft(uow, order, at=NOW)
        assert [r.name for r in releasing.risk_of(uow, kept, NOW).rules] == ["new_route", "much"]
        uow.orders.row("o2").suspects = ["耳机"]
        assert "look_alike" in [r.name for r in releasing.risk_of(uow, kept, NOW).rules]
        uow.orders.row("o2").suspects = None
        confirmed, _ = desk.confirm_order(uow, kept, NOW)
        desk.send_link(uow, confirmed, "+8613800138000", "zh", NOW, 1)
        assert desk.expire_order(uow, "o2", 1, NOW + timedelta(hours=2))
        other = desk.keep_draft(uow, draft("o3", "CA3"), at=NOW)
        names = [rule.name for rule in releasing.risk_of(uow, other, NOW).rules]
    assert names == ["unsigned_before"]


def test_more_orders_on_a_day_than_ever_are_told(store: Store) -> None:
    known(store)
    with store.unit() as uow:
        for number, day in enumerate([1, 2, 3, 4, 0, 0, 0]):
            at = NOW - timedelta(days=day)
            order = draft(f"p{number}", f"CB{number}")
            desk.confirm_order(uow, desk.keep_draft(uow, order, at=at), at)
        kept = desk.keep_draft(uow, draft("o2", "CA2"), at=NOW)
        assert [r.name for r in releasing.risk_of(uow, kept, NOW).rules] == ["many_orders"]
        earlier = NOW - timedelta(days=9)
        assert releasing.risk_of(uow, kept, earlier).rules == ()

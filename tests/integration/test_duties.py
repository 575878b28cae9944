"""Orders are given to clerks, kept to their end, and handed on in absences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk
from models.assignment import Absence, Why
from models.call import Call, Disposition
from models.desk import duties, staff
from models.errors import RuleError
from models.order import Order
from models.staff import Role, User
from models.store import Store
from tests.onboarding import WHOLE, approve_all, people
from tests.onboarding import begun as begun_form
from tests.orders import MOBILE, NOW, begun, customer, draft, field

TODAY = NOW.date()


def owner(store: Store, order_id: str = "o1") -> tuple[str | None, str | None]:
    """Who answers for the order, and why."""
    with store.reading() as uow:
        notes = [h.note for h in uow.orders.history(order_id) if h.step in ("own", "hand_over")]
        return uow.orders.row(order_id).owner, notes[-1] if notes else None


def confirm(store: Store, order_id: str = "o1", call: str = "CA1") -> None:
    """An order that its caller said yes to."""
    order = draft(order_id, call)
    begun(store, order)
    with store.unit() as uow:
        desk.confirm_order(uow, order, NOW)
        uow.commit()


def test_nobody_is_given_orders_until_somebody_takes_part(store: Store) -> None:
    people(store)
    confirm(store)
    assert owner(store) == (None, None)


def test_an_order_goes_to_the_own_clerk_and_on_while_that_one_is_away(store: Store) -> None:
    by = people(store)
    with store.unit() as uow:
        uow.customers.put(customer())
        duties.set_shift(uow, "anna", "08:30-17:30", user=by["hua"], at=NOW)
        duties.set_shift(uow, "hua", "", user=by["hua"], at=NOW)
        with pytest.raises(RuleError, match="no orders"):
            duties.set_own_clerk(uow, "c1", "mia", user=by["hua"], at=NOW)
        duties.set_own_clerk(uow, "c1", "anna", user=by["hua"], at=NOW)
        uow.commit()
    confirm(store)
    assert owner(store) == ("anna", Why.OWN.value)
    with store.unit() as uow:  # tomorrow, so nothing moves today
        tomorrow = TODAY + timedelta(days=1)
        duties.add_absence(uow, "anna", Absence(tomorrow, tomorrow, "hua"), user=by["hua"], at=NOW)
        uow.commit()
    assert owner(store)[0] == "anna"
    with store.unit() as uow:
        assert duties.hand_over_absent(uow, NOW + timedelta(days=1)) == 1
        assert duties.hand_over_absent(uow, NOW + timedelta(days=1)) == 0
        uow.commit()
    assert owner(store) == ("hua", f"hua: {Why.ABSENCE.value}")


def test_orders_are_spread_by_load_and_a_broken_call_has_an_owner_too(store: Store) -> None:
    by = people(store)
    with store.unit() as uow:
        for name in ("anna", "hua"):
            duties.set_shift(uow, name, "", user=by["hua"], at=NOW)
        uow.commit()
    confirm(store)
    assert owner(store) == ("anna", Why.FEWEST.value)
    begun(store, draft("o2", "CA2"))
    assert owner(store, "o2")[0] is None  # the caller is still on the line
    with store.unit() as uow:
        desk.end_call(uow, "CA2", NOW, Disposition.ABANDONED)
        uow.commit()
    assert owner(store, "o2") == ("hua", Why.FEWEST.value)
    with store.unit() as uow:  # another call ends: one owner from intake to end
        desk.end_call(uow, "CA2", NOW, Disposition.ABANDONED)
        uow.commit()
    assert owner(store, "o2")[0] == "hua"


def test_waits_begin_with_the_step_that_they_wait_after(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        desk.open_task(uow, "call_back", "x", "o1", None, "k", NOW)
        uow.commit()
    with store.reading() as uow:
        assert uow.waits.begun(["o1"]) == {"o1": {"call_back": NOW}}
    with store.unit() as uow:
        order, _ = desk.confirm_order(uow, draft(), NOW)
        later = NOW + timedelta(hours=1)
        desk.send_link(uow, order, "+8613800138000", "zh", later, 72)
        uow.tasks.row(1).state = "done"
        uow.commit()
    with store.reading() as uow:
        assert uow.waits.begun(["o1"]) == {"o1": {"signature": later}}


def duty(store: Store, *names: str, shift: str = "") -> dict[str, User]:
    """These people are given orders."""
    by = people(store)
    with store.unit() as uow:
        for name in names:
            duties.set_shift(uow, name, shift, user=by["hua"], at=NOW)
        uow.commit()
    return by


def test_an_order_that_came_in_the_night_has_an_owner_when_the_shift_begins(store: Store) -> None:
    duty(store, "anna", shift="08:30-17:30")
    night = NOW.replace(hour=22)
    begun(store, draft("o1", "CA1"))
    with store.unit() as uow:
        desk.end_call(uow, "CA1", night, Disposition.ABANDONED)
        assert duties.assign_waiting(uow, night) == 0
        uow.commit()
    assert owner(store)[0] is None
    morning = NOW + timedelta(days=1)
    with store.unit() as uow:
        assert [duties.assign_waiting(uow, morning) for _ in range(2)] == [1, 0]
        uow.commit()
    assert owner(store) == ("anna", Why.FEWEST.value)


def test_an_order_is_not_given_away_while_its_caller_is_on_the_line(store: Store) -> None:
    duty(store, "anna")
    begun(store, draft())
    with store.unit() as uow:
        assert duties.assign_waiting(uow, NOW) == 0
        # An end that nobody noted does not keep the order for ever.
        assert duties.assign_waiting(uow, NOW + timedelta(hours=5)) == 1


def test_an_absence_without_a_stand_in_has_who_is_on_shift_go_on(store: Store) -> None:
    by = duty(store, "anna")
    confirm(store)
    away = Absence(TODAY, TODAY)
    with store.unit() as uow:
        duties.add_absence(uow, "anna", away, user=by["hua"], at=NOW)
        uow.commit()
    assert owner(store)[0] == "anna"  # nobody else is there
    with store.unit() as uow:
        duties.set_shift(uow, "hua", "", user=by["hua"], at=NOW)
        assert duties.hand_over_absent(uow, NOW) == 1
        uow.commit()
    assert owner(store) == ("hua", f"hua: {Why.AWAY.value}")


def leave(store: Store, name: str) -> None:
    """Somebody works here no more."""
    with store.unit() as uow:
        staff.change_user(
            uow, name, display="", role=Role.CLERK, phone=None, active=False, by="root", at=NOW
        )
        uow.commit()


def test_orders_of_who_left_are_gone_on_with_or_are_free_again(store: Store) -> None:
    by = duty(store, "anna", "hua")
    confirm(store)
    assert owner(store)[0] == "anna"
    leave(store, "anna")
    assert owner(store) == ("hua", f"hua: {Why.LEFT.value}")
    with store.unit() as uow:
        duties.set_shift(uow, "hua", None, user=by["hua"], at=NOW)
        uow.orders.give_to("o1", "anna", step="own", by="x", at=NOW, note=None)
        assert duties.hand_over_absent(uow, NOW) == 1
        uow.commit()
    assert owner(store) == (None, Why.LEFT.value)


def test_a_first_periods_order_goes_to_another_head(store: Store) -> None:
    by = people(store)
    with store.unit() as uow:
        staff.add_user(uow, name="han", display="", role=Role.HEAD, password="x", by="x", at=NOW)
        uow.commit()
    approve_all(store, begun_form(store, by["mia"]), by)
    order = draft()
    begun(store, order)
    named = order.change({"customer.name": field(WHOLE.company)})
    with store.unit() as uow:
        desk.confirm_order(uow, named, NOW)
        uow.commit()
    assert owner(store)[0] == "han"
    with store.unit() as uow:
        away = Absence(TODAY, TODAY, "anna")  # she is no head
        duties.add_absence(uow, "han", away, user=by["hua"], at=NOW)
        uow.commit()
    assert owner(store) == ("hua", f"hua: {Why.AWAY.value}")


def test_a_customer_who_rings_again_reaches_who_answers_for_the_order(store: Store) -> None:
    by = duty(store, "anna", shift="08:30-17:30")
    confirm(store)
    with store.unit() as uow:
        uow.users.row("anna").phone = "+8613900139000"
        call = Call(sid="CA2", caller=MOBILE, called="+862155550100", started_at=NOW)
        desk.begin_call(uow, call, Order(id="o2", call_sid="CA2"))
        uow.commit()
    with store.unit() as uow:
        assert duties.owner_to_ring(uow, "CA1", NOW) == "+8613900139000"
        assert duties.owner_to_ring(uow, "CA2", NOW) == "+8613900139000"  # no order of its own
        assert duties.owner_to_ring(uow, "CA9", NOW) == ""
        assert duties.owner_to_ring(uow, "CA2", NOW.replace(hour=20)) == ""  # not on shift
        duties.add_absence(uow, "anna", Absence(TODAY, TODAY), user=by["hua"], at=NOW)
        assert duties.owner_to_ring(uow, "CA2", NOW) == ""

"""Orders are given to clerks, kept to their end, and handed on in absences."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk
from models.assignment import Absence, Why
from models.call import Disposition
from models.desk import duties
from models.errors import RuleError
from models.store import Store
from tests.onboarding import people
from tests.orders import NOW, begun, customer, draft

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
        assert uow.board.waits(["o1"]) == {"o1": {"call_back": NOW}}
    with store.unit() as uow:
        order, _ = desk.confirm_order(uow, draft(), NOW)
        later = NOW + timedelta(hours=1)
        desk.send_link(uow, order, "+8613800138000", "zh", later, 72)
        uow.tasks.row(1).state = "done"
        uow.commit()
    with store.reading() as uow:
        assert uow.board.waits(["o1"]) == {"o1": {"signature": later}}

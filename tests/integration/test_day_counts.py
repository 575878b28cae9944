"""The day's number of faxed orders: asked for once, compared, and one task where some are missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from api.jobs.schedule import call_for_report
from models.call import Call
from models.callback import Cause
from models.desk import confirm_order, daycounts, dayreport, keep_draft, request_callback
from models.errors import RuleError
from models.fields import Value
from models.office import Office, parse_spans
from models.order import FieldValue, Order, Source
from models.rows import TaskRow
from models.rows_outbound import RingRow
from models.store import Store
from nlp.dialogue.actions import RecordCount
from nlp.dialogue.events import SayEnded
from tests.orders import MOBILE, NOW, customer
from voice.effects import Effects

TODAY = NOW.date()
SOURCE = Source(heard="", confidence=1.0, changed_by="fax")


def fax(store: Store, name: str, at: datetime = NOW, channel: str = "fax", who: str = "") -> str:
    """An order that came in."""
    values: dict[str, Value] = {"customer.name": who or customer().name, "pieces": 3}
    with store.unit() as uow:
        if uow.customers.get("c1") is None:
            uow.customers.put(customer())
        order = Order(id=name, channel=channel)
        order = order.change({n: FieldValue(v, SOURCE) for n, v in values.items()})
        keep_draft(uow, order, by=channel, at=at)
        daycounts.recount(uow, name, at)
        uow.commit()
    return name


def told(store: Store, order_id: str, sent: int | None, by: str = "assistant") -> None:
    with store.unit() as uow:
        daycounts.keep_count(uow, order_id, sent, by=by, at=NOW)
        uow.commit()


def tasks(store: Store) -> list[TaskRow]:
    with store.reading() as uow:
        return list(uow.board.tasks(kind="", state="open"))


def to_ask(store: Store, order_id: str) -> daycounts.ToAsk | None:
    with store.reading() as uow:
        return daycounts.to_ask(uow, order_id)


def test_it_is_asked_until_it_is_known_and_again_after_more_came_in(store: Store) -> None:
    for name in "abc":
        fax(store, name)
    assert to_ask(store, "a") == daycounts.ToAsk(TODAY, 3)
    told(store, "a", 3)
    assert to_ask(store, "a") is to_ask(store, "b") is None
    assert tasks(store) == []
    fax(store, "d")
    assert to_ask(store, "d") == daycounts.ToAsk(TODAY, 4)


def test_only_the_customers_own_faxes_of_the_day_count(store: Store) -> None:
    fax(store, "a")
    fax(store, "mail", channel="email")
    fax(store, "other", who="别的公司")
    fax(store, "before", NOW - timedelta(days=1))
    # 00:30 in the desk's zone is still the day before by UTC.
    fax(store, "early", NOW.replace(hour=0, minute=30))
    assert to_ask(store, "a") == daycounts.ToAsk(TODAY, 2)
    assert to_ask(store, "before") == daycounts.ToAsk(TODAY - timedelta(days=1), 1)
    assert to_ask(store, "mail") is None
    assert to_ask(store, "nobody") is None


def test_a_difference_is_one_task_brought_up_to_date(store: Store) -> None:
    fax(store, "a")
    told(store, "a", 3)
    (task,) = tasks(store)
    assert (task.kind, task.customer_id) == ("missing_order", "c1")
    assert task.reason == f"{daycounts.MISSING}: 2 (3/1)"
    fax(store, "b")
    (task,) = tasks(store)
    assert task.reason.endswith(": 1 (3/2)")
    fax(store, "c")
    assert tasks(store) == []
    fax(store, "d")
    (task,) = tasks(store)
    assert (task.kind, task.reason) == ("count_differs", f"{daycounts.SURPLUS}: 1 (3/4)")


def test_a_task_that_was_done_opens_again_only_by_another_number(store: Store) -> None:
    fax(store, "a")
    told(store, "a", 2)
    with store.unit() as uow:
        uow.tasks.settle(tasks(store)[0].key, by="anna", at=NOW)
        uow.commit()
    told(store, "a", 2)
    assert tasks(store) == []
    told(store, "a", 4)
    assert [task.reason for task in tasks(store)] == [f"{daycounts.MISSING}: 3 (4/1)"]


def test_not_known_is_kept_and_opens_nothing(store: Store) -> None:
    fax(store, "a")
    told(store, "a", None)
    assert tasks(store) == []
    with store.reading() as uow:
        (row,) = uow.day_counts.of_day(TODAY)
    assert (row.sent, row.received, row.by) == (None, 1, "assistant")


def test_a_customer_who_is_in_no_register_is_counted_by_name(store: Store) -> None:
    fax(store, "a", who="别的公司")
    told(store, "a", 2)
    (task,) = tasks(store)
    assert task.customer_id is None
    with store.reading() as uow:
        (row,) = uow.day_counts.of_day(date(2026, 11, 24) if TODAY.day == 24 else TODAY)
    assert (row.customer, row.name) == ("别的公司", "别的公司")


@pytest.mark.parametrize("sent", [-1, 301])
def test_a_number_that_makes_no_sense_is_refused(store: Store, sent: int) -> None:
    fax(store, "a")
    with pytest.raises(RuleError, match="0 to 300"):
        told(store, "a", sent)


def test_a_call_back_asks_and_stores_what_is_said(store: Store) -> None:
    fax(store, "a")
    with store.unit() as uow:
        request_callback(uow, cause=Cause.FAX, order_id="a", number=MOBILE, at=NOW)
        (row,) = uow.call_backs.of_order("a")
        uow.call_backs.add_ring(
            RingRow(
                call_back_id=row.id, nth=1, number=MOBILE, tries=1, tried_at=NOW,
                status="in-progress", sid="CA1",
            )
        )  # fmt: skip
        uow.commit()
    effects = Effects(
        store=store,
        call=Call(sid="CA1", caller=MOBILE, called="+862100000000", started_at=NOW, lang="zh"),
        wall=lambda: NOW,
        open_now=lambda _: True,
        link_hours=72,
        recording="",
    )
    count = effects.begin().event.count
    assert count is not None
    assert (count.day, count.received) == (TODAY, 1)
    done = SayEnded(at=NOW, say_id="s1", heard_ratio=1.0)
    assert effects.carry_out(done, [RecordCount(order_id="a", sent=2)]) == []
    assert [task.kind for task in tasks(store)] == ["missing_order"]


# -- the day's report ------------------------------------------------------------------------


def lines(store: Store, day: date = TODAY) -> list[tuple[object, ...]]:
    with store.reading() as uow:
        found = dayreport.report(uow, day)
    return [
        (line.customer, line.channel, line.sent, line.received, line.confirmed, line.missing)
        for line in found
    ]


def call_for(store: Store, at: datetime, week: str = "08:30-18:00") -> list[str]:
    office = Office(week=(parse_spans(week),) * 7)
    call_for_report(store, lambda: at, lambda _: office)
    return [task.reason for task in tasks(store) if task.kind == "day_report"]


def confirm(store: Store, order_id: str) -> None:
    with store.unit() as uow:
        order = uow.orders.get(order_id)
        assert order is not None
        confirm_order(uow, order, NOW, by="clerk:anna")
        uow.commit()


def test_the_report_counts_by_customer_and_channel(store: Store) -> None:
    fax(store, "a")
    fax(store, "b")
    fax(store, "mail", channel="email")
    fax(store, "other", who="别的公司")
    fax(store, "before", NOW - timedelta(days=1))
    confirm(store, "a")
    told(store, "a", 4)
    name = customer().name
    assert lines(store) == [
        (name, "email", None, 1, 0, 0),
        (name, "fax", 4, 2, 1, 2),
        ("别的公司", "fax", None, 1, 0, 0),
    ]


def test_at_the_end_of_the_hours_a_task_says_that_something_is_left(store: Store) -> None:
    fax(store, "a")
    evening = NOW.replace(hour=18, minute=0)
    assert call_for(store, evening - timedelta(minutes=1)) == []
    assert call_for(store, evening) == [f"{dayreport.REASON}: {TODAY}"]
    assert len(call_for(store, evening + timedelta(minutes=10))) == 1
    assert len(call_for(store, evening + timedelta(hours=14))) == 1


def test_where_all_is_done_there_is_no_task(store: Store) -> None:
    fax(store, "a")
    confirm(store, "a")
    told(store, "a", 1)
    fax(store, "late", NOW.replace(hour=19), channel="email")
    assert call_for(store, NOW.replace(hour=20)) == []
    told(store, "a", 2)
    assert len(call_for(store, NOW.replace(hour=20))) == 1


def test_a_day_without_hours_ends_at_midnight(store: Store) -> None:
    fax(store, "a")
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    assert call_for(store, midnight - timedelta(minutes=1), "-") == []
    assert call_for(store, midnight, "-") == [f"{dayreport.REASON}: {TODAY}"]

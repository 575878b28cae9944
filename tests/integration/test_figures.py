"""The desk's figures: what counts, in which stretch, on each database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from models import desk, links
from models.call import Call, Disposition, Turn
from models.figures import BadPeriod, By, Corrections, Figures, stretches
from models.order import Order
from models.rows import LinkRow, MessageRow
from models.store import Store
from tests.orders import MOBILE, NOW, fields, signing

ZONE = ZoneInfo("Asia/Shanghai")
DAY = NOW.date()


def call(
    store: Store,
    sid: str = "CA1",
    *,
    at: datetime = NOW,
    disposition: Disposition = Disposition.ORDERED,
    heard: tuple[float, ...] = (0.9, 0.7),
) -> Order:
    """A call of two minutes with an order in it, and the caller's turns."""
    order = Order(id=f"o-{sid}", call_sid=sid)
    with store.unit() as uow:
        desk.begin_call(uow, Call(sid=sid, caller=MOBILE, called="+86", started_at=at), order)
        for index, confidence in enumerate(heard):
            turn = Turn(
                index=index, speaker="caller", text="好", started_ms=0, confidence=confidence
            )
            desk.put_turn(uow, sid, turn)
        turn = Turn(index=9, speaker="assistant", text="您好", started_ms=0, prompt="greeting@1")
        desk.put_turn(uow, sid, turn)
        order = order.change(
            fields({"goods": "耳机", "pieces": 16, "dangerous": (), "mode": "air"})
        )
        desk.keep_draft(uow, order, at=at)
        desk.end_call(uow, sid, at + timedelta(minutes=2), disposition, None)
        uow.commit()
    return order


def figures(store: Store, first: date = DAY, last: date = DAY, by: By = By.DAY) -> list[Figures]:
    with store.reading() as uow:
        return list(uow.figures().of(stretches(first, last, by, ZONE)))


def test_calls_are_counted_where_the_desks_day_has_them(store: Store) -> None:
    midnight = datetime(2026, 11, 25, tzinfo=ZONE)
    call(store, "CA1", at=midnight - timedelta(seconds=1))
    call(store, "CA2", at=midnight, disposition=Disposition.TRANSFERRED, heard=(0.5,))
    one, two = figures(store, last=DAY + timedelta(days=1))
    assert (one.calls, one.contained, one.turns, one.ordered) == (1, 1, 2, 1)
    assert (one.turns_per_order, one.seconds) == (2.0, pytest.approx(120, abs=0.01))
    assert one.confidence == pytest.approx(0.8)
    assert (two.calls, two.contained, two.turns, two.turns_per_order) == (1, 0, 0, None)
    assert two.confidence == pytest.approx(0.5)
    (week,) = figures(store, by=By.WEEK)
    assert (week.calls, week.contained) == (2, 1)


@pytest.mark.parametrize("disposition", list(Disposition))
def test_a_call_is_contained_when_nobody_had_to_help(
    sqlite_store: Store, disposition: Disposition
) -> None:
    alone = {"ordered", "cancelled", "informed", "wrong_number"}
    call(sqlite_store, disposition=disposition)
    assert figures(sqlite_store)[0].contained == (disposition.value in alone)


def test_an_empty_day_has_figures_too(store: Store) -> None:
    assert figures(store) == [Figures()]


def test_calls_from_the_browser_count_when_asked_for(store: Store) -> None:
    call(store, "SP1")
    assert figures(store) == [Figures()]
    with store.reading() as uow:
        counted = uow.figures(browser=True).of(stretches(DAY, DAY, By.DAY, ZONE))
    assert counted[0].calls == 1


def test_notice_message_and_signature_are_counted_by_version(store: Store) -> None:
    order = call(store)
    with store.unit() as uow:
        kept, _ = desk.confirm_order(uow, order, NOW)
        desk.record_notice(uow, order.id, order.version, "air@1", 0.4, NOW)
        desk.record_notice(uow, order.id, order.version, "air@1", 1.0, NOW)
        desk.send_link(uow, kept, MOBILE, "zh", NOW, 72)
        for number, status in enumerate(("delivered", "failed")):
            uow.session.add(message(order.id, number, status))
        uow.commit()
    found = figures(store)[0]
    assert (found.notices, found.heard, found.messages, found.delivered) == (1, 1, 2, 1)
    assert (found.links, found.signed) == (1, 0)
    sign(store, order, NOW + timedelta(hours=23))
    assert figures(store)[0].signed == 1
    with store.unit() as uow:
        uow.session.execute(update(LinkRow).values(created_at=NOW - timedelta(hours=2)))
        uow.commit()
    assert (figures(store)[0].links, figures(store)[0].signed) == (1, 0)


def sign(store: Store, order: Order, at: datetime) -> None:

    with store.unit() as uow:
        nonce = uow.links.of_version(order.id, order.version)[0].nonce
        token = links.token(uow.secret, nonce)
        desk.sign(uow, token, signing(uow, token, name="李雷"), at)
        uow.commit()


def message(order_id: str, number: int, status: str) -> MessageRow:
    return MessageRow(
        sid=f"SM{number}",
        key=f"k{number}",
        order_id=order_id,
        order_version=1,
        mobile=MOBILE,
        body="",
        encoding="ucs2",
        segments=1,
        status=status,
        created_at=NOW,
        updated_at=NOW,
    )


def test_corrections_tell_the_field_and_whose_they_were(store: Store) -> None:
    order = call(store)
    with store.unit() as uow:
        again = order.change(fields({"pieces": 60}))
        desk.keep_draft(uow, again, at=NOW)
        desk.keep_draft(uow, again.change(fields({"pieces": 61, "weight_kg": 3.0})), at=NOW)
        row = uow.orders.row(order.id)
        mended = uow.orders.locked(row.id).change(fields({"goods": "音箱"}, by="clerk:anna"))
        uow.orders.save(mended, step="change", by="clerk:anna", at=NOW)
        uow.commit()
    with store.reading() as uow:
        found = uow.figures().corrections(stretches(DAY, DAY, By.DAY, ZONE))
    assert found == [Corrections("pieces", 2, 0), Corrections("goods", 0, 1)]


def test_a_period_is_neither_backward_nor_endless() -> None:
    with pytest.raises(BadPeriod):
        stretches(DAY, DAY - timedelta(days=1), By.DAY, ZONE)
    with pytest.raises(BadPeriod):
        stretches(DAY - timedelta(days=120), DAY, By.DAY, ZONE)
    assert len(stretches(DAY - timedelta(days=119), DAY, By.DAY, ZONE)) == 120
    weeks = stretches(DAY - timedelta(days=365), DAY, By.WEEK, ZONE)
    assert all(week.day.weekday() == 0 for week in weeks)
    assert [w.before for w in weeks[:-1]] == [w.since for w in weeks[1:]]

"""The desk's doings on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from models import desk, links
from models.call import Call, Disposition, Turn
from models.desk import orders
from models.errors import NotFound, RuleError
from models.fields import DangerousGood
from models.notice import NotConsented
from models.order import IllegalStep, NotAcceptable, Order, StaleVersion, Status
from models.store import Store
from tests.orders import (
    LANDLINE,
    MOBILE,
    NOW,
    begun,
    customer,
    draft,
    field,
    fields,
    linked,
    signing,
)

DANGER = (DangerousGood("充电宝", "9", "UN3480"),)


def sign(store: Store, token: str, *, name: str = "王小明") -> desk.SigningView:
    with store.unit() as uow:
        view = desk.sign(uow, token, signing(uow, token, name=name), NOW)
        uow.commit()
    return view


def test_an_order_in_a_call_grows_and_keeps_its_history(store: Store) -> None:
    order = begun(store, draft())
    corrected = order.change(fields({"pieces": 14})).change(fields({"pieces": 12}))
    with store.unit() as uow:
        assert desk.keep_draft(uow, corrected, at=NOW) == corrected
        uow.commit()
    with store.reading() as uow:
        assert [entry.step for entry in uow.orders.history("o1")] == ["begin", "change", "change"]
        assert uow.orders.history("o1")[-1].changes == {"pieces": {"old": 16, "new": 12}}


def test_stale_and_different_writes_are_refused(store: Store) -> None:
    old = begun(store, draft())
    with store.unit() as uow:
        desk.keep_draft(uow, old.change(fields({"pieces": 14})), at=NOW)
        uow.commit()
    for stale in (old, old.change(fields({"pieces": 3}))):
        with store.unit() as uow, pytest.raises(StaleVersion):
            desk.keep_draft(uow, stale, at=NOW)
    with store.reading() as uow:
        assert uow.orders.locked("o1").value("pieces") == 14


def test_a_clerks_change_is_not_overwritten_by_a_call_that_does_not_know_it(store: Store) -> None:
    order = begun(store, draft())
    with store.unit() as uow:
        desk.change_order(
            uow, "o1", 1, fields({"pieces": 20}, by="clerk:li"), by="clerk:li", at=NOW
        )
        uow.commit()
    ahead = order.change(fields({"goods": "音箱"})).change(fields({"goods": "音响"}))
    with store.unit() as uow, pytest.raises(StaleVersion):
        desk.keep_draft(uow, ahead, at=NOW)
    with store.unit() as uow:
        knowing = uow.orders.locked("o1").change(fields({"goods": "音响"}))
        assert desk.keep_draft(uow, knowing, at=NOW).value("pieces") == 20


def test_confirmation_numbers_once_and_a_change_needs_a_new_one(store: Store) -> None:
    order = begun(store, draft())
    with store.unit() as uow:
        first, _ = desk.confirm_order(uow, order, NOW)
        changed = first.change(fields({"pieces": 14}))
        kept = desk.keep_draft(uow, changed, at=NOW)
        assert kept.status is Status.DRAFT
        with pytest.raises(StaleVersion):
            desk.confirm_order(uow, order, NOW)
        again, today = desk.confirm_order(uow, changed, NOW)
        uow.commit()
    assert (again.number, again.confirmed_version, today) == ("2611240001", 2, 1)


def test_todays_count_is_by_customer_or_else_by_caller(store: Store) -> None:
    for n, values in enumerate(({}, {}, {"customer.name": "别的公司"})):
        with store.unit() as uow:
            desk.begin_call(
                uow,
                Call(sid=f"CA{n}", caller=MOBILE, called=None, started_at=NOW),
                Order(id=f"o{n}", call_sid=f"CA{n}"),
            )
            desk.confirm_order(uow, draft(f"o{n}", f"CA{n}", **values), NOW)
            uow.commit()
    with store.reading() as uow:
        day = uow.local_day(NOW)
        assert desk.count_today(uow, "上海宏远电子有限公司", day) == 2
        assert desk.count_today(uow, MOBILE, day) == 3
        assert desk.count_today(uow, MOBILE, day + timedelta(days=1)) == 0


def test_a_link_is_queued_once_and_its_token_is_nowhere_stored(store: Store) -> None:
    waiting, token = linked(store, draft())
    assert waiting.status is Status.AWAITING_SIGNATURE
    with store.unit() as uow:
        again = desk.send_link(uow, waiting, MOBILE, "zh", NOW, 72)
        assert again == waiting
        uow.commit()
    with store.reading() as uow:
        (link,) = uow.links.of_version("o1", 1)
        row = uow.outbox.by_key(f"sms_link:o1:1:{MOBILE}")
        assert row is not None
        assert token not in str(row.payload)
        assert link.token_hash == links.token_hash(token)
        assert len(token) == 43


def test_links_go_to_mobiles_and_confirmed_versions_only(store: Store) -> None:
    order = begun(store, draft())
    with store.unit() as uow:
        with pytest.raises(StaleVersion):
            desk.send_link(uow, order, MOBILE, "zh", NOW, 72)
        with pytest.raises(RuleError, match="mobile"):
            desk.send_link(uow, order, LANDLINE, "zh", NOW, 72)


def test_dangerous_goods_stay_in_review_through_link_and_signature(store: Store) -> None:
    order = begun(store, draft(dangerous=DANGER))
    with store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, order.flag("dangerous_goods"), NOW)
        sent = desk.send_link(uow, confirmed, MOBILE, "zh", NOW, 72)
        token = links.token(store.secret, uow.links.of_version("o1", 1)[0].nonce)
        uow.commit()
    assert (sent.status, sent.link_version) == (Status.NEEDS_REVIEW, 1)
    signed = sign(store, token).order
    assert (signed.status, signed.signed_version) == (Status.NEEDS_REVIEW, 1)
    with store.unit() as uow, pytest.raises(IllegalStep):
        uow.customers.put(customer())
        desk.accept(uow, "o1", at=NOW, by="clerk:li")


def test_signing_twice_gives_one_signature(store: Store) -> None:
    _, token = linked(store, draft())
    first, second = sign(store, token), sign(store, token, name="别人")
    assert first.state is second.state is desk.LinkState.SIGNED
    assert second.signature is not None
    assert second.signature.name == "王小明"
    assert second.signature.order_digest == draft().digest()
    assert second.signature.notice_digest == first.notice.digest()


def test_what_cannot_be_signed(store: Store) -> None:
    waiting, token = linked(store, draft())
    with store.unit() as uow:
        whole = signing(uow, token)
        for given in (replace(whole, consents=("read",)), replace(whole, name="  ")):
            with pytest.raises(NotConsented):
                desk.sign(uow, token, given, NOW)
        with pytest.raises(desk.NotWhatWasShown):
            desk.sign(uow, token, replace(whole, lang="en"), NOW)
        with pytest.raises(NotFound):
            desk.sign(uow, token + "x", whole, NOW)
        late = NOW + timedelta(hours=72)
        with pytest.raises(desk.LinkClosed) as closed:
            desk.sign(uow, token, whole, late)
        assert closed.value.state is desk.LinkState.EXPIRED
        desk.keep_draft(uow, waiting.change(fields({"pieces": 1})), at=NOW)
        assert desk.view_link(uow, token, NOW).state is desk.LinkState.OUTDATED
        desk.cancel_order(uow, waiting, at=NOW)
        assert desk.view_link(uow, token, NOW).state is desk.LinkState.WITHDRAWN


def test_acceptance_needs_all_three_conditions(store: Store) -> None:
    _, token = linked(store, draft())
    with store.unit() as uow, pytest.raises(NotAcceptable, match="not signed"):
        desk.accept(uow, "o1", at=NOW, by="clerk:li")
    sign(store, token)
    with store.unit() as uow:
        with pytest.raises(NotAcceptable, match="not effective"):
            desk.accept(uow, "o1", at=NOW, by="clerk:li")
        uow.customers.put(customer(effective=False))
        with pytest.raises(NotAcceptable, match="not effective"):
            desk.accept(uow, "o1", at=NOW, by="clerk:li")
        uow.customers.put(customer())
        assert desk.accept(uow, "o1", at=NOW, by="clerk:li").status is Status.ACCEPTED


def test_a_change_after_signing_voids_the_signature(store: Store) -> None:
    _, token = linked(store, draft())
    signed = sign(store, token).order
    with store.unit() as uow:
        changed = desk.keep_draft(uow, signed.change(fields({"pieces": 99})), at=NOW)
        assert (changed.status, changed.signed_version) == (Status.DRAFT, None)
        uow.customers.put(customer())
        desk.confirm_order(uow, changed, NOW)
        with pytest.raises(NotAcceptable, match="not signed"):
            desk.accept(uow, "o1", at=NOW, by="clerk:li")


def test_unsigned_links_expire(store: Store) -> None:
    linked(store, draft(), valid_hours=1)
    with store.unit() as uow:
        assert desk.expire_links(uow, NOW) == 0
        assert desk.expire_links(uow, NOW + timedelta(hours=1)) == 1
        assert uow.orders.locked("o1").status is Status.EXPIRED
        assert desk.expire_links(uow, NOW + timedelta(hours=2)) == 0
        [task] = uow.tasks.of_order("o1")
        assert (task.kind, task.state, task.call_sid) == ("link_expired", "open", "CA1")


def test_a_newer_link_keeps_the_order_waiting(store: Store) -> None:
    linked(store, draft(), valid_hours=1)
    with store.unit() as uow:
        order = uow.orders.locked("o1")
        orders.queue_link(uow, order, MOBILE, "zh", key="again", at=NOW, valid_hours=5)
        assert desk.expire_links(uow, NOW + timedelta(hours=2)) == 0
        assert desk.expire_links(uow, NOW + timedelta(hours=5)) == 1


@pytest.mark.parametrize(
    ("disposition", "goes_on"),
    [(Disposition.ABANDONED, True), (Disposition.FAILED, True), (Disposition.REFUSED, False)],
)
def test_a_broken_call_is_gone_on_with_within_the_hour(
    store: Store, disposition: Disposition, goes_on: bool
) -> None:
    order = begun(store, draft())
    with store.unit() as uow:
        assert desk.resumable(uow, MOBILE, NOW) is None  # still running
        desk.end_call(uow, "CA1", NOW, disposition)
        uow.commit()
    with store.unit() as uow:
        later = NOW + timedelta(minutes=59)
        found = desk.resumable(uow, MOBILE, later)
        assert found == ((order, "CA1") if goes_on else None)
        assert desk.resumable(uow, LANDLINE, later) is None
        assert desk.resumable(uow, MOBILE, NOW + timedelta(minutes=61)) is None


def test_a_resumed_order_belongs_to_the_new_call(store: Store) -> None:
    order = begun(store, draft())
    with store.unit() as uow:
        desk.end_call(uow, "CA1", NOW, Disposition.ABANDONED)
        taken = desk.begin_call(
            uow, Call(sid="CA2", caller=MOBILE, called=None, started_at=NOW), order
        )
        assert taken.call_sid == "CA2"
        grown = taken.change(fields({"pieces": 5}))
        assert desk.keep_draft(uow, grown, at=NOW) == grown
        with pytest.raises(StaleVersion):
            desk.keep_draft(uow, order.change(fields({"pieces": 4})), at=NOW)
        assert desk.order_of_call(uow, "CA2") == grown


def test_turns_are_replaced_and_events_are_not(store: Store) -> None:
    begun(store, draft())
    spoken = Turn(index=0, speaker="assistant", text="您好", started_ms=0, prompt="greeting@1")
    heard = Turn(
        index=0,
        speaker="assistant",
        text="您好",
        started_ms=0,
        ended_ms=900,
        prompt="greeting@1",
        order_version=1,
        values={"pieces": 16, "dangerous": DANGER},
        heard_ratio=1.0,
    )
    with store.unit() as uow:
        desk.put_turn(uow, "CA1", spoken)
        desk.put_turn(uow, "CA1", heard)
        desk.append_event(uow, "CA1", 0, NOW, "call_began", {"lang": "zh"})
        desk.append_event(uow, "CA1", 0, NOW, "call_began", {"lang": "zh"})
        with pytest.raises(RuleError):
            desk.append_event(uow, "CA1", 0, NOW, "call_began", {"lang": "en"})
        uow.commit()
    with store.reading() as uow:
        call = uow.calls.get("CA1")
        assert call is not None
        assert call.turns == (heard,)
        assert [(e.seq, e.body) for e in uow.calls.events("CA1")] == [(0, {"lang": "zh"})]


def test_call_reports_may_come_late_twice_or_for_nobody(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        desk.call_status(uow, "CA-unknown", "completed", NOW)
        desk.call_status(uow, "CA1", "completed", NOW)
        desk.call_status(uow, "CA1", "in-progress", NOW)
        desk.end_call(uow, "CA1", NOW + timedelta(seconds=1), Disposition.ORDERED, "CA1.wav")
        desk.end_call(uow, "CA1", NOW + timedelta(seconds=9), Disposition.FAILED)
        call, row = uow.calls.get("CA1"), uow.calls.row("CA1")
    assert call is not None
    assert (call.ended_at, call.disposition, call.recording, row.status) == (
        NOW,
        Disposition.ORDERED,
        "CA1.wav",
        "completed",
    )


def test_a_call_back_is_wanted_once_even_for_an_unknown_call(store: Store) -> None:
    with store.unit() as uow:
        for _ in range(2):
            desk.want_call_back(
                uow, "CA9", caller=MOBILE, called=None, reason="The line failed.", at=NOW
            )
        assert [task.kind for task in uow.tasks.still_open()] == ["call_back"]


def test_customers_are_found_by_phone_and_by_what_was_heard(store: Store) -> None:
    other = customer(effective=True)
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.customers.put(customer(effective=False))
        assert desk.find_customer_by_phone(uow, MOBILE) == customer(effective=False)
        uow.customers.put(other)
        assert desk.find_customer_by_phone(uow, LANDLINE) is None
        for heard in ("上海宏远电子有限公司", "宏远电子", "上海红远电子", "上海鸿源电子公司"):
            assert desk.match_company(uow, heard) == other
        assert desk.match_company(uow, "深圳大疆") is None


def test_the_latest_order_is_by_number_or_caller(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, draft(), NOW)
        assert desk.latest_order(uow, caller=MOBILE) == confirmed
        assert desk.latest_order(uow, number=confirmed.number) == confirmed
        assert desk.latest_order(uow, caller=LANDLINE) is None
        assert desk.latest_order(uow) is None


def test_delivery_reports_before_after_and_out_of_order(store: Store) -> None:
    with store.unit() as uow:
        desk.sms_status(uow, "SM1", "sent", None, NOW)
        desk.message_sent(
            uow, sid="SM1", key="k", mobile=MOBILE, body="您好", status="queued", at=NOW
        )
        assert uow.messages.latest()[0].status == "sent"
        for status in ("delivered", "queued", "sending", "delivered"):
            desk.sms_status(uow, "SM1", status, None, NOW)
        assert uow.messages.latest()[0].status == "delivered"
        desk.sms_status(uow, "SM1", "failed", "30003", NOW)
        assert uow.tasks.still_open() == []


def test_a_lost_message_gives_a_person_a_task(store: Store) -> None:
    with store.unit() as uow:
        desk.message_sent(
            uow, sid="SM1", key="k", mobile=MOBILE, body="您好", status="queued", at=NOW
        )
        for _ in range(2):
            desk.sms_status(uow, "SM1", "undelivered", "30003", NOW)
        (task,) = uow.tasks.still_open()
        assert (task.kind, uow.messages.latest()[0].error_code) == ("sms_failed", "30003")


def test_provenance_alone_changes_neither_version_nor_confirmation(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, draft(), NOW)
        surer = confirmed.change({"goods": field("耳机", turn=7)})
        kept = desk.keep_draft(uow, surer, at=NOW)
        assert (kept.version, kept.confirmed_version) == (1, 1)
        assert kept.fields["goods"].source.turn == 7

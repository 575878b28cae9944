"""Mails from their bytes to draft orders, tasks and call-backs, on a real store."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from api.app import create_app
from api.config import Settings
from api.intake import authentic, webhook
from api.intake.received import keep, received
from api.jobs import retention
from api.jobs.reading import Reading
from api.jobs.sending import DONE
from api.metrics import Metrics
from api.vault.recordings import open_vault
from models import desk
from models.call import Call
from models.desk.mails import FORGED
from models.order import Status
from models.rows_outbound import RingRow
from models.store import Store
from nlp.understand import Understander
from tests.orders import MOBILE, NOW, customer
from voice.effects import Effects

TEXT = """货物：服装
件数：3
收货人：李雷 13900139001
收货地址：北京市朝阳区建国路1号
提货时间：明天下午2点"""
KEY = b"webhook-key"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path, mail_key=SecretStr(KEY.decode()), mail_authserv="mx.desk.example"
    )


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def letter(text: str = TEXT, *, number: int = 1, proof: str = "", attached: bytes = b"") -> bytes:
    message = EmailMessage()
    message["From"] = "王经理 <Wang@customer.example>"
    message["Subject"] = "发货"
    message["Message-ID"] = f"<{number}@customer.example>"
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0800"
    if proof:
        message["Authentication-Results"] = proof
    message.set_content(text)
    if attached:
        message.add_attachment(attached, maintype="application", subtype="zip", filename="a.zip")
    return message.as_bytes()


def arrive(store: Store, raw: bytes, at: datetime = NOW) -> str | None:
    with store.unit() as uow:
        kept = keep(uow, received(raw, "mx.desk.example"), at)
        uow.commit()
    return kept


def rows(store: Store) -> list[int]:
    with store.reading() as uow:
        return [e.id for e in uow.outbox.in_state("pending") if e.kind == desk.READ_MAIL]


def read_all(store: Store, settings: Settings, understander: Understander) -> None:
    reading = Reading(store, settings, lambda: NOW, lambda: understander)
    for row in rows(store):
        assert reading.read(row) == DONE


def tasks(store: Store) -> list[str]:
    with store.reading() as uow:
        return [task.kind for task in uow.board.tasks(kind="", state="open")]


def orders_of(store: Store, mail_id: str | None) -> list[str]:
    assert mail_id is not None
    with store.reading() as uow:
        return list(uow.mails.get(mail_id).orders)


def test_goods_that_may_hide_dangerous_ones_are_kept_and_asked_about_on_the_call_back(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    mail_id = arrive(store, letter(TEXT.replace("服装", "蓝牙耳机")))
    read_all(store, settings, understander)
    (order_id,) = orders_of(store, mail_id)
    with store.reading() as uow:
        row = uow.board.order_row(order_id)
        (back,) = uow.call_backs.of_order(order_id)
    assert row is not None
    assert row.suspects == ["蓝牙耳机"]
    call = Call(sid="CA9", caller=back.number, called=None, started_at=NOW)
    effects = Effects(
        store=store,
        call=call,
        wall=lambda: NOW,
        open_now=lambda _at: True,
        link_hours=72,
        recording="",
    )
    with store.unit() as uow:
        ring = RingRow(
            call_back_id=back.id,
            nth=1,
            number=back.number,
            tries=1,
            tried_at=NOW,
            sid="CA9",
            status="answered",
        )
        uow.call_backs.add_ring(ring)
        uow.commit()
    began = effects.begin().event
    assert began.order.id == order_id
    assert began.suspects == ("蓝牙耳机",)


def know_sender(store: Store) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.mails.belongs("wang@customer.example", "c1")
        uow.commit()


def test_a_mail_becomes_a_draft_with_places_and_a_call_back_at_once(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    mail_id = arrive(store, letter())
    read_all(store, settings, understander)
    (order_id,) = orders_of(store, mail_id)
    with store.reading() as uow:
        order = uow.orders.get(order_id)
        (back,) = uow.call_backs.of_order(order_id)
    assert order is not None
    assert (order.channel, order.status) == ("email", Status.DRAFT)
    assert order.value("pieces") == 3
    assert order.value("pickup_start") == "2026-11-25T14:00"
    assert order.fields["pieces"].source.place == f"{mail_id}/p0.l1"
    assert order.fields["pieces"].source.changed_by == "email"
    assert order.value("customer.account") == "HY-0032"
    assert order.fields["customer.account"].source.changed_by == "record"
    assert (back.number, back.cause) == (MOBILE, "email")


def test_the_same_mail_twice_is_one_and_reading_it_twice_changes_nothing(
    store: Store, settings: Settings, understander: Understander
) -> None:
    first = arrive(store, letter())
    assert arrive(store, letter()) is None
    read_all(store, settings, understander)
    before = orders_of(store, first)
    read_all(store, settings, understander)
    assert orders_of(store, first) == before
    assert len(before) == 1


def test_the_same_words_under_another_message_id_go_to_a_person(
    store: Store, settings: Settings, understander: Understander
) -> None:
    arrive(store, letter())
    again = arrive(store, letter(number=2), NOW + timedelta(minutes=5))
    read_all(store, settings, understander)
    assert orders_of(store, again) == []
    assert "mail_repeated" in tasks(store)


def test_without_any_number_a_clerk_calls(
    store: Store, settings: Settings, understander: Understander
) -> None:
    arrive(store, letter())
    read_all(store, settings, understander)
    assert tasks(store) == ["call_back"]


def test_what_holds_no_order_goes_to_a_person(
    store: Store, settings: Settings, understander: Understander
) -> None:
    arrive(store, letter("您好，发票收到了。"))
    read_all(store, settings, understander)
    assert tasks(store) == ["mail_unread"]


def test_a_refused_part_is_reported_and_the_rest_is_an_order(
    store: Store, settings: Settings, understander: Understander
) -> None:
    mail_id = arrive(store, letter(attached=b"PK\x03\x04" + bytes(50)))
    read_all(store, settings, understander)
    assert len(orders_of(store, mail_id)) == 1
    assert "mail_refused" in tasks(store)
    with store.reading() as uow:
        parts = uow.mails.get(str(mail_id)).parts
    assert parts is not None
    assert [part["refused"] for part in parts] == [None, "broken"]


def test_a_sender_who_is_not_proven_is_not_taken_for_the_customer(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    forged = letter(proof="mx.desk.example; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail")
    mail_id = arrive(store, forged)
    read_all(store, settings, understander)
    (order_id,) = orders_of(store, mail_id)
    with store.reading() as uow:
        order = uow.orders.get(order_id)
    assert order is not None
    assert order.status is Status.NEEDS_REVIEW
    assert order.review_reasons == (FORGED,)
    assert order.value("customer.account") is None


def test_only_the_own_servers_proofs_are_believed() -> None:
    raw = letter(proof="mx.evil.example; spf=pass; dkim=pass; dmarc=pass")
    assert set(received(raw, "mx.desk.example").checks.values()) == {authentic.UNCHECKED}
    raw = letter(proof="mx.desk.example; spf=pass (dkim=fail) x; dmarc=pass")
    assert received(raw, "mx.desk.example").checks == {
        "spf": "pass", "dkim": authentic.UNCHECKED, "dmarc": "pass",
    }  # fmt: skip


def web(store: Store, settings: Settings) -> FlaskClient:
    door = webhook.blueprint(store, settings, lambda: NOW)
    return create_app((door,), checks={}, metrics=Metrics()).test_client()


def signed(raw: bytes, at: datetime = NOW, key: bytes = KEY) -> dict[str, str]:
    stamp = str(int(at.timestamp()))
    digest = hmac.new(key, stamp.encode() + b"." + raw, "sha256").hexdigest()
    return {"X-Intake-Timestamp": stamp, "X-Intake-Signature": digest}


def test_the_webhook_takes_signed_mails_once(store: Store, settings: Settings) -> None:
    client, raw = web(store, settings), letter(attached=bytes(400_000))

    def post(headers: dict[str, str]) -> tuple[int, str]:
        answer = client.post(
            "/mail/incoming", data=raw, headers=headers, content_type="message/rfc822"
        )
        return answer.status_code, answer.text.strip()

    assert post({})[0] == 403
    assert post(signed(raw, key=b"other"))[0] == 403
    assert post(signed(raw, NOW - timedelta(hours=1)))[0] == 403
    assert post(signed(raw + b"x"))[0] == 403
    assert rows(store) == []
    assert post(signed(raw)) == (200, "Kept.")
    assert post(signed(raw)) == (200, "Known.")
    assert len(rows(store)) == 1


def test_the_webhook_takes_mailguns_form(store: Store, settings: Settings) -> None:
    stamp = str(int(NOW.timestamp()))
    form = {
        "timestamp": stamp,
        "token": "t" * 50,
        "signature": hmac.new(KEY, (stamp + "t" * 50).encode(), "sha256").hexdigest(),
        "body-mime": letter().decode(),
    }
    assert web(store, settings).post("/mail/incoming", data=form).text == "Kept.\n"
    assert len(rows(store)) == 1


def test_without_a_key_no_mail_is_taken(store: Store, tmp_path: Path) -> None:
    client = web(store, Settings(data=tmp_path))
    raw = letter()
    answer = client.post(
        "/mail/incoming", data=raw, headers=signed(raw, key=b""), content_type="message/rfc822"
    )
    assert answer.status_code == 403


def test_a_mail_is_emptied_when_its_period_is_over(
    store: Store, settings: Settings, understander: Understander
) -> None:
    mail_id = str(arrive(store, letter()))
    read_all(store, settings, understander)
    later = NOW + timedelta(days=settings.keep_messages_days + 1)
    vault = open_vault(store, settings)
    assert retention.run(store, vault, settings, later - timedelta(days=2)) == {}
    assert retention.run(store, vault, settings, later) == {"messages": 1}
    assert retention.run(store, vault, settings, later) == {}
    with store.reading() as uow:
        row = uow.mails.get(mail_id)
        assert (row.sender, row.subject, row.parts, uow.mails.raw(mail_id)) == ("", "", None, b"")
    assert arrive(store, letter()) is None

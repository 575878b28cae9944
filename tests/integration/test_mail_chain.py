"""One mail with an Excel of two orders, from the mailbox's door to the released orders."""

from __future__ import annotations

import hmac
import json
import re
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from api import console, rest, sign
from api.app import create_app
from api.config import Settings
from api.intake import webhook
from api.jobs.reading import Reading
from api.metrics import Metrics
from models.entry import NONE_DECLARED
from models.order import Order, Status
from models.store import Store
from tests.console import Desk, log_in, post
from tests.fakes import FakeSms
from tests.orders import CONSENTS, DRAWING, MOBILE, NOW, customer
from tests.smtp import receiving
from tests.unit.test_intake import workbook
from tests.workers import until, working

KEY = "webhook-key"
ADDRESS = "wang@customer.example"
#: Contact, goods, pieces, kilograms, receiver, telephone, from, to, mode.
HEAD = [
    "联系人", "联系电话", "货物", "件数", "重量(kg)",
    "收货人", "收货电话", "提货地址", "收货地址", "运输方式",
]  # fmt: skip
ROWS = (
    ["王经理", "13800138000", "服装", 3, 45, "李雷", "13900139001",
     "上海市浦东新区张江路88号", "北京市朝阳区建国路1号", "空运"],
    ["王经理", "13800138000", "蓝牙耳机", 12, 30, "韩梅梅", "13900139002",
     "上海市浦东新区张江路88号", "广州市天河区体育西路5号", "空运"],
)  # fmt: skip


def letter() -> bytes:
    message = EmailMessage()
    message["From"] = f"王经理 <{ADDRESS}>"
    message["Subject"] = "今天两票"
    message["Message-ID"] = "<two@customer.example>"
    message["Date"] = "Tue, 24 Nov 2026 09:00:00 +0800"
    message.set_content("您好，两票货见附件，谢谢。")
    message.add_attachment(
        workbook(HEAD, *ROWS),
        maintype="application",
        subtype="vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        filename="托运单.xlsx",
    )
    return message.as_bytes()


def arrive(client: FlaskClient, raw: bytes) -> None:
    stamp = str(int(NOW.timestamp()))
    signature = hmac.new(KEY.encode(), stamp.encode() + b"." + raw, "sha256").hexdigest()
    headers = {"X-Intake-Timestamp": stamp, "X-Intake-Signature": signature}
    answer = client.post("/mail/incoming", data=raw, content_type="message/rfc822", headers=headers)
    assert answer.text == "Kept.\n"


def doors(at_desk: Desk) -> Flask:
    settings, store = at_desk.settings, at_desk.store
    found = (
        rest.blueprint(store, settings),
        webhook.blueprint(store, settings, lambda: at_desk.now),
        sign.blueprint(store, settings, lambda: at_desk.now),
        console.blueprint(at_desk.context),
    )
    return create_app(found, checks={}, metrics=Metrics())


def orders(store: Store) -> list[Order]:
    with store.reading() as uow:
        ids = [one for mail in uow.mails.latest(10, 0) for one in mail.orders]
        return [order for order in map(uow.orders.get, ids) if order is not None]


def lock(store: Store, order_id: str) -> int:
    with store.reading() as uow:
        return uow.orders.row(order_id).lock


def answered(page: object) -> str:
    assert page.status_code == 200, page.text  # type: ignore[attr-defined]
    return str(page.text)  # type: ignore[attr-defined]


def sign_there(client: FlaskClient, token: str) -> None:
    page = client.get(f"/sign/{token}").text
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    data = {
        "name": "王经理",
        "consent": list(CONSENTS),
        "drawing": json.dumps(DRAWING.as_json()),
        "seen": seen[1],
    }
    assert client.post(f"/sign/{token}", data=data).status_code == 303


@pytest.mark.slow
def test_two_orders_of_one_mail_are_confirmed_signed_and_released(
    sqlite_store: Store, tmp_path: Path
) -> None:
    store = sqlite_store
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.mails.belongs(ADDRESS, "c1")
        uow.commit()
    with receiving() as (inbox, url):
        settings = Settings(
            data=tmp_path,
            home=tmp_path,
            public_url="https://intake.example.com",
            mail_key=SecretStr(KEY),
            smtp_url=SecretStr(url),
        )
        at_desk = Desk(store, settings, now=NOW)
        at_desk.user()
        app, sms = doors(at_desk), FakeSms()
        outside, clerk = app.test_client(), app.test_client()
        log_in(clerk)
        with working(store, settings, sms, reading=Reading(store, settings, lambda: NOW)):
            arrive(outside, letter())
            until(lambda: len(orders(store)) == 2)
            until(lambda: called_for(store) == 2)
            for order in orders(store):
                call_back_done(clerk, store, order)
            until(lambda: (len(sms.sent), len(inbox.got)) == (2, 3))
            texted = {token(text) for _, text in sms.sent}
            receipt, *links = sorted(inbox.got, key=lambda message: "/sign/" in str(message))
            assert receipt["Subject"] == "Re: 今天两票"
            assert "2 票" in receipt.get_content()
            mailed = {token(message.get_content()) for message in links}
            assert texted == mailed
            assert len(texted) == 2
            assert {mobile for mobile, _ in sms.sent} == {MOBILE}
            for one in texted:
                sign_there(outside, one)
            for order in orders(store):
                path = f"/console/orders/{order.id}/release"
                answered(post(clerk, path, lock=lock(store, order.id)))
            until(lambda: papers(store) == 2)
    released = orders(store)
    assert [order.status for order in released] == [Status.ACCEPTED] * 2
    assert [order.value("goods") for order in released] == ["服装", "蓝牙耳机"]
    assert [order.value("pieces") for order in released] == [3, 12]
    page = answered(clerk.get(f"/console/orders/{released[0].id}"))
    assert "same link e-mailed" in page or "同一链接已发邮件" in page
    sys.stdout.write(f"{summary(store)}\n")


def call_back_done(clerk: FlaskClient, store: Store, order: Order) -> None:
    """The clerk called: no dangerous goods; what the customer said yes to is recorded."""
    path = f"/console/orders/{order.id}"
    page = answered(clerk.get(path))
    asked = "May hide dangerous goods" in page or "可能夹带危险品" in page
    assert asked is (order.value("goods") == "蓝牙耳机")
    # The clerk asks, and writes down that there are none.
    answered(post(clerk, f"{path}/take", lock=lock(store, order.id)))
    with store.reading() as uow:
        kept = uow.orders.get(order.id)
    assert kept is not None
    answered(post(clerk, f"{path}/edit", version=kept.version, dangerous=NONE_DECLARED))
    note = "与王经理通话，逐项核对，无危险品"
    answered(post(clerk, f"{path}/confirm", lock=lock(store, order.id), note=note))


def called_for(store: Store) -> int:
    """How many customers a clerk was asked to call."""
    with store.reading() as uow:
        return len(uow.board.tasks(kind="call_back", state="open"))


def papers(store: Store) -> int:
    with store.reading() as uow:
        return sum(len(uow.papers.of_order(order.id)) for order in orders(store))


def token(text: str) -> str:
    found = re.search(r"/sign/(\S{43})", text)
    assert found is not None
    return found[1]


def summary(store: Store) -> str:
    """One line for each thing that happened to each order."""
    lines = []
    with store.reading() as uow:
        for order in orders(store):
            goods, pieces = order.value("goods"), order.value("pieces")
            lines.append(f"{order.number}  {goods} {pieces}  {order.status}")
            lines += [f"    {row.step} by {row.by}" for row in uow.orders.history(order.id)]
            for sent in uow.messages.of_order(order.id):
                lines.append(f"    {sent.key.partition(':')[0]} to {sent.mobile}: {sent.status}")
    return "\n".join(lines)

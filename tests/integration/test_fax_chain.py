"""A worn, slanted fax of two orders, from the watched folder to the released orders."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api import console, sign
from api.app import create_app
from api.config import Settings
from api.intake.fax_folder import FaxFolder
from api.jobs.reading import Reading
from api.metrics import Metrics
from benchmarks import fax_printing, fax_wear
from benchmarks.fax_printing import quoted, table
from models.desk import dayreport
from models.entry import NONE_DECLARED
from models.order import Order, Status
from models.store import Store
from nlp.written.certainty import is_sure
from tests.console import Desk, log_in, post
from tests.fakes import FakeSms
from tests.integration.test_mail_chain import answered, lock, sign_there, token
from tests.orders import MOBILE, NOW, customer
from tests.workers import until, working

FAX_NUMBER = "+862161234567"
#: Goods, pieces, kilograms, receiver, telephone, address.
ORDERS = (
    ("服装", "12", "86", "韩梅梅", "13875448416", "江苏省苏州市昆山市前进东路386号"),
    ("汽车配件", "26", "879.5", "李雷", "13870747007", "广东省广州市天河区体育西路103号"),
)
WEAR = fax_wear.Wear(
    format="fine", skew=1.9, pepper=0.002, streaks=1, seed=7,
    header="11-24-2026 09:12 FROM 021 6123 4567",
)  # fmt: skip


def fax() -> bytes:
    """One page as a fax machine sends it."""
    head = (
        f"= 发货委托\n委托单位：{quoted(customer().name)}\n\n提货地址：上海市浦东新区张江路88号\n\n"
        "提货时间：2026-11-25 14:00 #h(1fr) 运输方式：空运\n\n"
    )
    forms = [
        table(
            [
                ["收货人", quoted(receiver), "电话", quoted(phone)],
                ["收货地址", quoted(address), "品名", quoted(goods)],
                ["件数", quoted(pieces), "重量", quoted(f"{weight} kg")],
            ],
            columns="(2cm, 1.8fr, 1.6cm, 1fr)",
        )
        for goods, pieces, weight, receiver, phone, address in ORDERS
    ]
    _, data = fax_wear.faxed(fax_printing.pages(head + "\n#v(12pt)\n".join(forms)), WEAR)
    return data


def orders(store: Store) -> list[Order]:
    with store.reading() as uow:
        ids = [one for row in uow.faxes.latest(10, 0) for one in row.orders]
        return [order for order in map(uow.orders.get, ids) if order is not None]


def called_for(store: Store, kind: str) -> int:
    """How many tasks of a kind are open."""
    with store.reading() as uow:
        return len(uow.board.tasks(kind=kind, state="open"))


def papers(store: Store) -> int:
    with store.reading() as uow:
        return sum(len(uow.papers.of_order(order.id)) for order in orders(store))


def called_back(clerk: FlaskClient, store: Store, order: Order) -> None:
    """The clerk called: each doubtful value was looked at, nothing dangerous, the customer's yes."""
    path = f"/console/orders/{order.id}"
    page = answered(clerk.get(path))
    assert "/crops/" in page
    answered(post(clerk, f"{path}/take", lock=lock(store, order.id)))
    with store.reading() as uow:
        kept = uow.orders.get(order.id)
    assert kept is not None
    answered(post(clerk, f"{path}/edit", version=kept.version, dangerous=NONE_DECLARED))
    answered(post(clerk, f"{path}/confirm", lock=lock(store, order.id), note="与王经理通话核对"))


@pytest.mark.slow
def test_a_fax_of_two_orders_is_read_called_back_counted_signed_and_released(
    store: Store, tmp_path: Path
) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.faxes.belongs(FAX_NUMBER, "c1")
        uow.commit()
    folder = tmp_path / "faxes"
    folder.mkdir()
    settings = Settings(
        data=tmp_path, home=tmp_path, fax_folder=folder, public_url="https://intake.example.com"
    )
    at_desk = Desk(store, settings, now=NOW)
    at_desk.user()
    doors = (
        sign.blueprint(store, settings, lambda: at_desk.now),
        console.blueprint(at_desk.context),
    )
    app, sms = create_app(doors, checks={}, metrics=Metrics()), FakeSms()
    outside, clerk = app.test_client(), app.test_client()
    log_in(clerk)
    path = folder / "fax-02161234567.tif"
    path.write_bytes(fax())
    old = (NOW - timedelta(hours=1)).timestamp()
    os.utime(path, (old, old))
    with working(store, settings, sms, reading=Reading(store, settings, lambda: NOW)):
        assert FaxFolder(store, settings, lambda: NOW, settle_s=0).fetch() == 1
        until(lambda: len(orders(store)) == 2)
        until(lambda: called_for(store, "call_back") == 2)
        read = orders(store)
        assert [order.value("goods") for order in read] == [one[0] for one in ORDERS]
        assert [order.value("pieces") for order in read] == [12, 26]
        assert [order.value("weight_kg") for order in read] == [86, 879.5]
        assert [order.value("consignee.phone") for order in read] == [f"+86{o[4]}" for o in ORDERS]
        assert [order.value("destination.city") for order in read] == ["苏州市", "广州市"]
        assert {order.value("origin.district") for order in read} == {"浦东新区"}
        assert all(is_sure(order.fields["pieces"].source.confidence) for order in read)
        for order in read:
            called_back(clerk, store, order)
        # "How many did you fax today?" "Three." One is missing.
        answered(post(clerk, f"/console/faxes/count/{read[0].id}", sent="3"))
        assert called_for(store, "missing_order") == 1
        until(lambda: len(sms.sent) == 2)
        for _, text in sms.sent:
            sign_there(outside, token(text))
        for order in orders(store):
            answered(post(clerk, f"/console/orders/{order.id}/release", lock=lock(store, order.id)))
    assert {mobile for mobile, _ in sms.sent} == {MOBILE}
    assert [order.status for order in orders(store)] == [Status.ACCEPTED] * 2
    with store.reading() as uow:
        (line,) = dayreport.report(uow, NOW.date())
    assert (line.sent, line.received, line.confirmed, line.signed, line.missing) == (3, 2, 2, 2, 1)
    day = answered(clerk.get(f"/console/day?day={NOW.date()}"))
    assert re.search(customer().name, day)

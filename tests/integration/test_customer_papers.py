"""Customers' address books and contracts: pages, tables, sealed copies, tasks before the end."""

from __future__ import annotations

import asyncio
import threading
from base64 import b64encode
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import Workbook
from pydantic import SecretStr

from api.config import Settings
from api.console import sheets
from api.jobs.schedule import jobs
from api.office import own_office
from api.vault import documents
from api.vault.documents import open_documents
from api.vault.objects import open_objects
from models import address_book as book
from models.address_book import Part
from models.contract import PaperKind, Terms
from models.customer import Customer, Phone
from models.desk import books, contracts
from models.errors import ExternalError
from models.fields import Payment
from models.rows import TaskRow
from models.staff import Role
from models.store import Store
from tests.console import Desk, log_in, post
from tests.orders import NOW
from voice.effects import known_customer

COMPANY = "上海宏远电子有限公司"
PDF = b"%PDF-1.7 signed by both sides"
FORM = {
    "number": "HY-2026-7",
    "kind": "interim",
    "settlement": "monthly",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-10",
    "clerk": "anna",
}


@pytest.fixture
def at_desk(store: Store, tmp_path: Path) -> Desk:
    found = Desk(store, Settings(data=tmp_path, home=tmp_path))
    found.user()
    found.user("mia", Role.MARKETING_MANAGER)
    with store.unit() as uow:
        uow.customers.put(Customer(id="c1", name=COMPANY, phones=(Phone("+8613800138000", "王"),)))
        uow.customers.put(Customer(id="c2", name="别家", phones=(Phone("+8613911112222"),)))
        uow.commit()
    return found


@pytest.fixture
def mia(at_desk: Desk) -> FlaskClient:
    client = at_desk.app().test_client()
    log_in(client, "mia")
    return client


def customer(desk: Desk) -> Customer:
    with desk.store.reading() as uow:
        found = uow.customers.get("c1")
    assert found is not None
    return found


def tasks(desk: Desk) -> list[TaskRow]:
    with desk.store.reading() as uow:
        return list(uow.tasks.of_customer("c1"))


def said(answer: object) -> str:
    return answer.get_data(as_text=True)  # type: ignore[attr-defined]


def sent(mia: FlaskClient, part: Part, content: bytes) -> str:
    where = f"/console/customers/c1/book/{part.value}/import"
    return said(post(mia, where, table=(BytesIO(content), "table")))


def test_a_book_is_kept_by_form_and_calls_go_by_it(at_desk: Desk, mia: FlaskClient) -> None:
    add = "/console/customers/c1/book/{}/add"
    post(mia, add.format("goods"), goods="蓝牙耳机")
    post(mia, add.format("places"), **{"origin.city": "上海市", "origin.detail": "张江路88号"})
    post(mia, add.format("places"), **{"origin.city": "宁波市", "origin.detail": "港口路1号"})
    post(
        mia, add.format("receivers"), **{"consignee.name": "李雷", "consignee.phone": "13711112222"}
    )
    dock = book.key(customer(at_desk).origins[1])
    post(mia, f"/console/customers/c1/book/places/{dock}", do="front")
    kept = known_customer(customer(at_desk), "+8613800138000")
    assert kept.contact == "王"
    assert kept.origins[0]["origin.city"] == "宁波市"
    assert kept.vocabulary.goods == ("蓝牙耳机",)
    assert "李雷" in kept.vocabulary.people
    assert set(kept.vocabulary.places) == {"张江路88号", "港口路1号"}
    post(mia, f"/console/customers/c1/book/places/{dock}", do="remove")
    assert [p["origin.city"] for p in customer(at_desk).origins] == ["上海市"]
    assert "已有这一条" in said(post(mia, add.format("goods"), goods="蓝牙耳机"))
    with at_desk.store.reading() as uow:
        did = [e.action for e in uow.audit.entries() if e.subject == "customer:c1"]
    assert did[-6:] == ["book.add"] * 4 + ["book.front", "book.remove"]


def test_what_is_refused_is_shown_to_be_put_right(at_desk: Desk, mia: FlaskClient) -> None:
    add = "/console/customers/c1/book/people/add"
    answer = said(post(mia, add, **{"contact.phone": "13911112222", "contact.name": "赵六"}))
    assert "已有" in answer
    assert 'value="赵六"' in answer
    assert "电话" in said(post(mia, add, **{"contact.phone": "12"}))
    key = book.key(book.entries(customer(at_desk), Part.PEOPLE)[0])
    where = f"/console/customers/c1/book/people/{key}"
    post(mia, where, do="save", **{"contact.phone": "13800138000", "contact.name": "王经理"})
    assert customer(at_desk).person_at("+8613800138000") == "王经理"
    again = said(post(mia, where, do="save", **{"contact.phone": "13800138000"}))
    assert "其他人" in again
    assert customer(at_desk).person_at("+8613800138000") == "王经理"
    assert mia.get("/console/customers/c9/book/goods").status_code == 404
    assert mia.get("/console/customers/c1/book/prices").status_code == 404


def test_two_at_once_lose_nothing(at_desk: Desk) -> None:
    ready = threading.Barrier(4)

    def add(number: int) -> None:
        ready.wait()
        with at_desk.store.unit() as uow:
            books.change(
                uow,
                "c1",
                Part.GOODS,
                lambda c: book.add(c, Part.GOODS, [{"goods": f"g{number}"}])[0],
                did="add",
                by="mia",
                at=NOW,
            )
            uow.commit()

    threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(customer(at_desk).goods) == ["g0", "g1", "g2", "g3"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_table_is_taken_in_whole_or_not_at_all(
    at_desk: Desk, mia: FlaskClient, encoding: str
) -> None:
    good = "收货人,收货人电话,目的城市\n李雷,13711112222,北京市\n\n韩梅梅,02150801234,\n"
    answer = sent(mia, Part.RECEIVERS, good.encode(encoding))
    assert "已添加 2 条" in answer
    assert [c["consignee.name"] for c in customer(at_desk).consignees] == ["李雷", "韩梅梅"]
    assert "已存在：2 条" in sent(mia, Part.RECEIVERS, good.encode(encoding))
    bad = "收货人,收货人电话\n赵六,13711113333\n钱七,12\n"
    assert "第 3 行" in sent(mia, Part.RECEIVERS, bad.encode(encoding))
    assert len(customer(at_desk).consignees) == 2


def test_an_excel_table_is_taken_in_with_numbers_as_excel_keeps_them(
    at_desk: Desk, mia: FlaskClient
) -> None:
    table = Workbook()
    sheet = table.active
    assert sheet is not None
    sheet.append(["Contact", "Contact's phone"])
    sheet.append(["李雷", 13711112222.0])
    file = BytesIO()
    table.save(file)
    assert "已添加 1 条" in sent(mia, Part.PEOPLE, file.getvalue())
    assert customer(at_desk).person_at("+8613711112222") == "李雷"


def test_a_table_goes_out_and_comes_back_the_same(at_desk: Desk, mia: FlaskClient) -> None:
    with at_desk.store.unit() as uow:
        uow.customers.put(Customer(id="c1", name=COMPANY, goods=("=1+1", "耳机, 黑色", "@x")))
        uow.commit()
    content = mia.get("/console/customers/c1/book/goods/table.csv").get_data()
    assert b"\n=1" not in content
    with at_desk.store.unit() as uow:
        uow.customers.put(Customer(id="c1", name=COMPANY))
        uow.commit()
    sent(mia, Part.GOODS, content)
    assert customer(at_desk).goods == ("=1+1", "耳机, 黑色", "@x")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,telephone\nx,1\n",
        b"PK\x03\x04 no workbook",
        b"\xff\xfe\x00\x01",
        b"\x89PNG\r\n\x1a\n\0\0",
        "货物\n".encode() + b"x\n" * (sheets.MOST_ROWS + 1),
    ],
)
def test_what_is_no_table_is_refused_in_words(
    at_desk: Desk, mia: FlaskClient, content: bytes
) -> None:
    assert 'role="alert"' in sent(mia, Part.GOODS, content)
    assert customer(at_desk).goods == ()


def test_past_orders_fill_the_book(at_desk: Desk, mia: FlaskClient) -> None:
    at_desk.confirmed(at_desk.call())
    page = mia.get("/console/customers/c1/book/goods").get_data(as_text=True)
    assert "1 票订单" in page
    assert 'type="hidden" name="goods" value="耳机"' in page
    post(mia, "/console/customers/c1/book/goods/add", goods="耳机")
    assert "1 票订单" not in mia.get("/console/customers/c1/book/goods").get_data(as_text=True)


def test_a_contract_is_kept_with_its_sealed_copy(at_desk: Desk, mia: FlaskClient) -> None:
    where = "/console/customers/c1/contracts"
    post(mia, where, **FORM, file=(BytesIO(PDF), "../../合同 7.pdf"))
    with at_desk.store.reading() as uow:
        (row,) = uow.contracts.of_customer("c1")
    assert (row.valid_to, row.settlement, row.clerk) == (date(2026, 12, 10), "monthly", "anna")
    assert row.file is not None
    assert row.file["name"] == "合同 7.pdf"
    objects = open_objects(at_desk.settings)
    (name,) = objects.names("documents/")
    assert PDF not in objects.part(name, 0, len(PDF) + 60)
    answer = mia.get(f"{where}/{row.id}/file")
    assert (answer.data, answer.mimetype) == (PDF, "application/pdf")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert mia.get(f"/console/customers/c2/contracts/{row.id}/file").status_code == 404
    objects.put(name, iter([objects.part(name, 0, 36) + bytes(45)]))
    with pytest.raises(ExternalError):
        open_documents(at_desk.settings).read(row.file)
    with at_desk.store.reading() as uow:
        did = [e.action for e in uow.audit.entries() if e.subject == f"contract:{row.id}"]
    assert did == ["contract.add", "contract.open"]


def test_another_copy_replaces_the_first_and_a_removed_contract_leaves_none(
    at_desk: Desk, mia: FlaskClient
) -> None:
    where = "/console/customers/c1/contracts"
    post(mia, where, **FORM, file=(BytesIO(PDF), "a.pdf"))
    with at_desk.store.reading() as uow:
        (row,) = uow.contracts.of_customer("c1")
    one = f"{where}/{row.id}"
    refused = post(mia, one, **FORM, version=7, file=(BytesIO(PDF), "b.pdf"))
    assert "其他人" in said(refused)
    assert len(open_objects(at_desk.settings).names("documents/")) == 1
    post(mia, one, **{**FORM, "number": "N8"}, version=1, file=(BytesIO(PDF + b"2"), "b.pdf"))
    assert mia.get(f"{one}/file").data == PDF + b"2"
    assert len(open_objects(at_desk.settings).names("documents/")) == 1
    post(mia, f"{one}/remove", version=1)
    assert mia.get(f"{one}/file").data == PDF + b"2"
    post(mia, f"{one}/remove", version=2)
    assert open_objects(at_desk.settings).names("documents/") == []
    assert mia.get(f"{one}/file").status_code == 404


@pytest.mark.parametrize("content", [b"", b"MZ program", b"<html>", b"%PDF-" + b"x" * 100])
def test_only_papers_of_some_size_are_taken(
    at_desk: Desk, mia: FlaskClient, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LARGEST", 100)
    where = "/console/customers/c1/contracts"
    answer = said(post(mia, where, **FORM, file=(BytesIO(content), "contract.pdf")))
    assert 'role="alert"' in answer
    with at_desk.store.reading() as uow:
        assert uow.contracts.of_customer("c1") == []
    assert open_objects(at_desk.settings).names() == []


def test_copies_are_sealed_anew_with_another_key(at_desk: Desk, tmp_path: Path) -> None:
    papers = open_documents(at_desk.settings)
    terms = Terms(
        number="1", kind=PaperKind.CONTRACT, settlement=Payment.PREPAID, valid_from=date(2026, 1, 1)
    )
    with at_desk.store.unit() as uow:
        row = contracts.add(uow, "c1", terms, by="mia", at=NOW, file=papers.keep(PDF, "a.pdf"))
        uow.commit()
    keys = at_desk.settings.audio_keys_in_force()
    new = b64encode(b"n" * 32).decode()
    both = ",".join([new, *(b64encode(key).decode() for key in keys)])
    other = Settings(data=tmp_path, home=tmp_path, audio_keys=SecretStr(both))
    assert open_documents(other).seal_anew(at_desk.store) == 1
    assert open_documents(other).seal_anew(at_desk.store) == 0
    with at_desk.store.reading() as uow:
        (kept,) = uow.contracts.with_files()
    assert kept.id == row.id
    alone = Settings(data=tmp_path, home=tmp_path, audio_keys=SecretStr(new))
    assert open_documents(alone).read(kept.file or {}) == PDF


def test_a_task_comes_thirty_days_before_the_end_once_and_goes_with_a_renewal(
    at_desk: Desk, mia: FlaskClient
) -> None:
    at_desk.now = NOW - timedelta(days=20)
    where = "/console/customers/c1/contracts"
    post(mia, where, **FORM)
    office = own_office(at_desk.settings)
    every = jobs(
        at_desk.store, lambda: at_desk.now, look_after=bool, delete=bool, office=lambda _: office
    )
    (warn,) = [job for job in every if job.name == "contracts_that_end"]
    asyncio.run(warn.run())
    assert tasks(at_desk) == []
    for hours in (0, 2):
        at_desk.now = NOW + timedelta(hours=hours)
        asyncio.run(warn.run())
    (task,) = tasks(at_desk)
    assert (task.kind, task.clerk, task.state) == ("contract_ends", "anna", "open")
    at_desk.now = NOW
    shown = mia.get("/console/tasks").get_data(as_text=True)
    assert COMPANY in shown
    assert "30 天内到期" in shown
    assert "1 份合同将在 30 天内到期" in mia.get("/console/customers").get_data(as_text=True)
    with at_desk.store.reading() as uow:
        (row,) = uow.contracts.of_customer("c1")
    post(mia, f"{where}/{row.id}", **{**FORM, "valid_to": "2027-12-10"}, version=row.version)
    assert [task.state for task in tasks(at_desk)] == ["done"]
    assert "到期。" not in mia.get("/console/customers").get_data(as_text=True)


def test_a_clerk_does_not_reach_customers_papers(at_desk: Desk) -> None:
    client = at_desk.app().test_client()
    log_in(client)
    for path in ("book/goods", "book/goods/table.csv", "contracts"):
        assert client.get(f"/console/customers/c1/{path}").status_code == 403

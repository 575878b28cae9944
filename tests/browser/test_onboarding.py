"""A new customer in the browser: a form through the whole chain, an exception by phone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.desk import onboarding
from models.links import token as token_of
from models.onboarding import FormState
from models.passwords import hash_password
from tests.browser.conftest import Shoot, leave
from tests.console import PASSWORD, Desk
from tests.onboarding import approve_all, begun, people

Enter = Callable[[str], None]
_HASHED = hash_password(PASSWORD, name="nobody")


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A quotation as a PDF file."""
    path = tmp_path / "报价单.pdf"
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    return path


def link_of(desk: Desk, name: str) -> str:
    """The address in the newest e-mail to somebody."""
    with desk.store.reading() as uow:
        payload = [
            row.payload
            for row in uow.outbox.in_state("pending")
            if row.payload.get("to") == f"{name}@example.com" and "nonce" in row.payload
        ][-1]
    return f"/approve/{token_of(desk.store.secret, str(payload['nonce']))}"


def test_a_form_goes_through_the_whole_chain(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot, paper: Path
) -> None:
    people(desk.store, _HASHED)
    enter("mia")
    write_form(page, shoot)
    add_paper(page, paper)
    page.get_by_role("button", name="提交审批").click()
    page.locator("summary", has_text="批准").click()
    page.fill("details[open] [name=note]", "价格已谈妥")
    page.locator("details[open] button", has_text="批准").click()
    expect(page.locator(".checks .met")).to_contain_text("价格已谈妥")
    leave(page)
    page.goto(link_of(desk, "wu"))
    decide_by_link(page, shoot)
    enter("gm")
    page.get_by_role("link", name="新客户").click()
    expect(page.get_by_role("status")).to_contain_text("1份")
    shoot(page, "onboarding-list")
    page.get_by_role("status").get_by_role("link").click()
    page.locator("summary", has_text="批准").click()
    page.locator("details[open] button", has_text="批准").click()
    expect(page.locator("h1")).to_contain_text("生效中")
    expect(page.locator(".order-head")).to_contain_text("可以下单")
    shoot(page, "onboarding-done")
    leave(page)
    enter("hua")
    page.goto("/console/onboarding")
    page.get_by_role("link", name="新星贸易公司").click()
    page.get_by_role("button", name="English").click()
    shoot(page, "onboarding-done-en")
    page.get_by_role("button", name="End the first period").click()
    expect(page.get_by_role("status")).to_contain_text("Everybody")
    with desk.store.reading() as uow:
        known = uow.customers.by_phone("+8613800138001")
        assert known is not None
        assert known.effective
        form = uow.onboardings.of_customer(known.id)
    assert form is not None
    assert form.state is FormState.EFFECTIVE


def write_form(page: Page, shoot: Shoot) -> None:
    """A wrong number is refused; then the form is begun."""
    page.get_by_role("link", name="新客户").click()
    page.get_by_role("button", name="新建交接表").click()
    page.fill("[name=company]", "新星贸易公司")
    page.fill("[name=contacts]", "陈先生; 不是电话")
    page.check("[value=warehouse]")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("电话")
    expect(page.locator("[value=warehouse]")).to_be_checked()
    page.fill("[name=contacts]", "陈先生; 13800138001; chen@example.com")
    page.select_option("[name=settlement]", "monthly")
    page.fill("[name=period_days]", "30")
    shoot(page, "onboarding-edit")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".notice.warn")).to_contain_text("合同、报价单或临时结算协议")
    shoot(page, "onboarding-begun")


def add_paper(page: Page, paper: Path) -> None:
    """A program is refused; the quotation is kept and comes back as it was."""
    page.select_option("[name=kind]", "quotation")
    page.set_input_files(
        "[name=paper]", {"name": "evil.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90"}
    )
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("alert")).to_contain_text("不是 PDF")
    page.set_input_files("[name=paper]", paper)
    page.get_by_role("button", name="上传").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="报价单.pdf").click()
    assert Path(fetched.value.path()).read_bytes() == paper.read_bytes()


def decide_by_link(page: Page, shoot: Shoot) -> None:
    """The warehouse manager, by e-mail: no return without a reason, then the approval."""
    expect(page.locator("h1")).to_have_text("客户服务交接表")
    shoot(page, "approve-zh")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text("Customer service handover form")
    shoot(page, "approve-en")
    page.get_by_role("button", name="Return").click()
    expect(page.get_by_role("alert")).to_contain_text("why")
    page.get_by_label("Comment").fill("库位已留")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("status")).to_contain_text("recorded")


def test_an_exception_is_recorded_shown_on_orders_and_taken_back(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    by = people(desk.store, _HASHED)
    one = begun(desk.store, by["mia"])
    with desk.store.unit() as uow:
        onboarding.change(
            uow,
            one.id,
            one.version,
            replace(one.form, company="上海宏远电子有限公司"),
            user=by["mia"],
            at=desk.now,
        )
        uow.commit()
    desk.confirmed(desk.call())
    enter("anna")
    page.goto(f"/console/onboarding/{one.id}")
    page.get_by_text("记录电话同意").click()
    page.select_option("[name=leader]", "gm")
    page.fill("[name=given_at]", "2026-11-24T10:00")
    page.fill("[name=what]", "先走两票，合同周五补")
    page.fill("[name=due]", "2027-03-01T18:00")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("14天以内")
    page.get_by_text("记录电话同意").click()
    page.select_option("[name=leader]", "gm")
    page.fill("[name=given_at]", "2026-11-24T10:00")
    page.fill("[name=what]", "先走两票，合同周五补")
    page.fill("[name=due]", "2026-11-27T18:00")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.get_by_text("先走两票，合同周五补")).to_be_visible()
    shoot(page, "exception")
    page.goto("/console/orders/o1")
    expect(page.locator(".notice.warn")).to_contain_text("gm 同意先行接单")
    shoot(page, "exception-order")
    leave(page)
    enter("gm")
    page.goto(f"/console/onboarding/{one.id}")
    page.get_by_role("button", name="撤销").click()
    expect(page.locator(".order-head .badge.bad")).to_have_text("还不能下单")


def test_a_change_of_a_form_in_force_stops_the_customer(
    desk: Desk, page: Page, enter: Enter
) -> None:
    by = people(desk.store, _HASHED)
    one = begun(desk.store, by["mia"])
    approve_all(desk.store, one, by)
    enter("mia")
    page.goto(f"/console/onboarding/{one.id}/edit")
    page.fill("[name=remarks]", "另议")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".order-head .badge.bad")).to_have_text("还不能下单")
    expect(page.locator(".checks .met")).to_have_count(0)


def test_the_form_is_printed_for_the_file(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    by = people(desk.store, _HASHED)
    one = begun(desk.store, by["mia"])
    with desk.store.unit() as uow:
        onboarding.submit(uow, one.id, one.version, user=by["mia"], at=desk.now)
        onboarding.approve(
            uow, one.id, one.version, user=by["mia"], at=desk.now, comment="价格已谈妥"
        )
        uow.commit()
    enter("mia")
    page.goto(f"/console/onboarding/{one.id}")
    page.get_by_role("link", name="打印").click()
    expect(page.locator("h1")).to_have_text("客户服务交接表")
    rows = page.locator("table").nth(1).locator("tr")
    expect(rows.nth(1)).to_contain_text("Mia")
    expect(rows.nth(1)).to_contain_text("价格已谈妥")
    expect(rows.last).to_contain_text("总经理")
    expect(page.locator("body")).to_contain_text(one.form.digest())
    expect(page.locator("body")).to_contain_text("a" * 64)
    shoot(page, "onboarding-print")

"""Figures by clerk and week, and a real call's scorecard, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.rows import OrderRow
from models.staff import Role
from nlp.training.scorecard import Card, Check
from tests.browser.conftest import Shoot, leave
from tests.browser.test_course import in_english, shown_narrow_and_wide
from tests.console import Desk

Enter = Callable[[str], None]


def test_a_head_looks_at_a_week_and_a_clerk_at_their_own(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user(display="安娜")
    desk.user("boris", display="鲍里斯")
    desk.user("lina", Role.HEAD, display="李娜")
    desk.call()
    card = Card(checks=(Check(name="greeting", passed=True), Check(name="link", passed=False)))
    with desk.store.unit() as uow:
        uow.session.get_one(OrderRow, "o1").owner = "anna"
        uow.trainings.begin("ST1", clerk="anna", lesson="zh-1-plain", at=desk.now)
        uow.session.flush()
        uow.trainings.grade("ST1", {}, card.as_json())
        uow.commit()
    enter("lina")
    page.goto("/console/figures")
    page.get_by_role("link", name="按客服和周").click()
    work, criteria = page.locator("#work tbody tr"), page.locator("#criteria tbody tr")
    expect(work).to_have_count(4)
    expect(criteria.filter(has_text="安娜")).to_contain_text("100 %")
    expect(work.filter(has_text="助手")).to_contain_text("1")
    shown_narrow_and_wide(page, shoot, "clerk-weeks")
    in_english(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("2026-W48")
    shown_narrow_and_wide(page, shoot, "clerk-weeks-english")
    page.fill("[name=week]", "2026-W47")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**week=2026-W47")
    expect(criteria.filter(has_text="安娜")).not_to_contain_text("100 %")
    page.get_by_role("link", name="2026-W48 →").click()
    expect(criteria.filter(has_text="安娜")).to_contain_text("100 %")
    with page.expect_download() as download:
        page.get_by_role("link", name="Figures by clerk").click()
    assert download.value.suggested_filename == "clerks-2026-W48.csv"
    leave(page)
    enter("anna")
    page.goto("/console/figures")
    page.get_by_role("link", name="My weeks").or_(page.get_by_role("link", name="我的每周")).click()
    expect(work).to_have_count(1)
    expect(page.locator("main")).not_to_contain_text("鲍里斯")


def test_the_scorecard_stands_beside_a_real_call(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user()
    desk.call()
    enter("anna")
    page.goto("/console/orders/o1")
    card = page.locator("details.scorecard")
    card.locator("summary").click()
    expect(card.locator("li.met").filter(has_text="问候了客户")).to_have_count(1)
    expect(card.locator("li.lacking").filter(has_text="道别")).to_have_count(1)
    expect(card.locator("li").filter(has_text="客户已签署")).to_contain_text("看不出来")
    card.scroll_into_view_if_needed()
    shown_narrow_and_wide(page, shoot, "scorecard-order")
    page.goto("/console/calls/CA1?alone=1")
    card.locator("summary").click()
    expect(card.locator("li.met")).not_to_have_count(0)
    in_english(page)
    card.locator("summary").click()
    shown_narrow_and_wide(page, shoot, "scorecard-call-english")

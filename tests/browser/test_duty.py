"""Duty in the browser: who is given orders, who is away; waits and the timeline on orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from models.passwords import hash_password
from models.staff import Role
from tests.browser.conftest import Shoot
from tests.console import PASSWORD, Desk
from tests.onboarding import people
from tests.orders import customer

Enter = Callable[[str], None]


def test_orders_are_given_handed_on_and_show_how_long_they_wait(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    people(desk.store, hash_password(PASSWORD, name="nobody"))
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        uow.commit()
    enter("hua")
    page.get_by_role("link", name="值班").click()
    for name in ("Anna", "Hua"):
        row = page.locator("tr", has_text=name)
        row.locator("[name=takes]").check()
        row.get_by_role("button", name="保存").click()
        expect(page.locator("tr", has_text=name).locator("[name=takes]")).to_be_checked()
    page.select_option("[name=customer]", "c1")
    page.locator("form", has=page.locator("[name=customer]")).locator("[name=user]").select_option(
        "anna"
    )
    page.locator("form", has=page.locator("[name=customer]")).get_by_role("button").click()
    expect(page.locator("main")).to_contain_text("上海宏远电子有限公司 → anna")
    order = desk.call()
    desk.signed(desk.confirmed(order))
    desk.now += timedelta(hours=3)
    page.select_option("[name=stand_in]", "hua")
    page.get_by_role("button", name="登记离岗").click()
    expect(page.locator("main")).to_contain_text("→ hua")
    shoot(page, "duty")
    page.goto("/console/orders")
    expect(page.locator("tbody .badge.bad")).to_contain_text("放行期限")
    expect(page.locator("tbody")).to_contain_text("hua")
    page.get_by_role("link", name="查看").click()  # the banner of one's own late orders
    expect(page.locator("main")).to_contain_text("1 票已超时")
    expect(page.locator("[name=sort]")).to_have_value("due")
    shoot(page, "orders-waits")
    page.locator("tbody a.open").click()
    expect(page.locator(".order-head .badge.bad")).to_contain_text("放行期限")
    history = page.locator(".history")
    expect(history).to_contain_text("hua: 离岗期间代班")
    expect(history).to_contain_text("客户的专属客服")
    expect(history).to_contain_text("通话开始")
    history.scroll_into_view_if_needed()
    shoot(page, "timeline")
    call = history.locator("a[href='#call-CA1']").first  # the call itself, on this page
    call.click()
    expect(page.locator("#call-CA1")).to_be_in_viewport()
    page.locator("#history").get_by_role("link", name="电话").click()
    expect(page.locator(".history")).to_contain_text("通话开始")
    expect(page.locator(".history")).not_to_contain_text("离岗期间代班")
    page.goto("/console/duty")
    page.get_by_role("button", name="English").click()
    shoot(page, "duty-en")


def test_admins_choose_how_long_customers_may_wait(desk: Desk, page: Page, enter: Enter) -> None:
    people(desk.store, hash_password(PASSWORD, name="nobody"))
    desk.user("root", Role.ADMIN)
    desk.signed(desk.confirmed(desk.call()))
    desk.now += timedelta(hours=3)
    enter("root")
    page.goto("/console/orders")
    expect(page.locator("tbody .badge.bad")).to_contain_text("放行期限")
    page.goto("/console/dialogue")
    page.fill("[name=wait_release]", "a while")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("时限请写小时数")
    page.fill("[name=wait_release]", "9")
    page.get_by_role("button", name="保存").click()
    page.goto("/console/orders")
    expect(page.locator("tbody")).to_contain_text("放行期限")
    expect(page.locator("tbody .badge.bad")).to_have_count(0)


def test_a_risky_order_says_why_and_who_has_to_approve(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    people(desk.store, hash_password(PASSWORD, name="nobody"))
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        uow.commit()
    desk.confirmed(desk.dangerous(desk.call()), link=False)
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.locator(".risk")).to_contain_text("+3 危险品")
    expect(page.locator(".risk")).to_contain_text("客服主管")
    expect(page.get_by_text("批准放行")).to_have_count(0)
    page.goto("about:blank")
    page.context.clear_cookies()
    enter("hua")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="批准放行").click()
    page.fill("details[open] [name=note]", "UN 编号已核对")
    shoot(page, "risk")
    page.locator("details[open] button", has_text="批准放行").click()
    expect(page.locator(".risk .met")).to_contain_text("UN 编号已核对")

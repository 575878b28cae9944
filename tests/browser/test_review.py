"""A clerk's day in a real browser: log in, queues, one order, hearing a value, editing, release."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models.customer import Customer
from models.order import Status
from models.staff import Role
from tests.browser.conftest import Shoot, leave
from tests.console import Desk
from tests.orders import customer

Enter = Callable[[str], None]


def full_desk(desk: Desk) -> None:
    """Orders in several states, one of them mine to review."""
    desk.user(display="安娜")
    desk.user("bert", Role.CLERK, display="老白")
    desk.confirmed(desk.call("o1", "CA1"))
    desk.dangerous(desk.call("o2", "CA2", caller="+8613912345678"))
    desk.signed(desk.confirmed(desk.call("o3", "CA3")))
    desk.call("o4", "CA4", turns=4)


def register(desk: Desk, known: Customer) -> None:
    with desk.store.unit() as uow:
        uow.customers.put(known)
        uow.commit()


def test_logging_in_by_keyboard(desk: Desk, page: Page, shoot: Shoot) -> None:
    desk.user()
    page.goto("/console/")
    expect(page.locator("input[name=name]")).to_be_focused()
    shoot(page, "login")
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("密码错误")
    page.keyboard.type("orange-crane-42")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/orders")


def test_queues_filters_and_search(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    full_desk(desk)
    enter("anna")
    expect(page.locator("tbody tr")).to_have_count(4)
    shoot(page, "orders")
    page.get_by_role("link", name="待审核 1").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("客户提到危险品")
    page.get_by_role("link", name="待放行 1").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("一百二十公斤半")
    page.keyboard.press("Enter")
    expect(page.locator("mark").first).to_have_text("一百二十公斤半")
    shoot(page, "search")
    page.get_by_role("link", name="订单", exact=True).click()
    page.wait_for_url("**/console/orders")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("tbody tr").nth(1).locator("a.open")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/orders/o*")


def test_a_field_plays_the_very_seconds_it_came_from(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    full_desk(desk)
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.locator(".player")).to_have_attribute("data-ready", "yes")
    shoot(page, "order")
    page.locator("#field-weight_kg button.hear").click()
    expect(page.locator("li.now .text")).to_have_text("一百二十公斤半。")
    expect(page.locator(".toggle")).to_have_text("⏸")
    expect(page.locator(".toggle")).to_have_text("▶")
    place = page.evaluate("players.get('CA1').wave.getCurrentTime()")
    assert 13.9 < place < 14.6


def test_the_words_light_up_as_they_are_said(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user()
    desk.call("o1", "CA1")
    desk.time_words(3)
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.locator(".player")).to_have_attribute("data-ready", "yes")
    # The value came with the first words of its turn, and only these are played.
    page.locator("#field-weight_kg button.hear").click()
    expect(page.locator(".word.said")).to_have_text("一")
    expect(page.locator(".toggle")).to_have_text("▶")
    place = page.evaluate("players.get('CA1').wave.getCurrentTime()")
    assert 13.6 < place < 14.2
    # A word that is clicked is where the sound goes on from.
    page.evaluate("players.get('CA1').wave.setPlaybackRate(0.1)")
    page.locator(".word", has_text="半").click()
    expect(page.locator(".word.said")).to_have_text("半")
    expect(page.locator("li.now .text")).to_have_text("一百二十公斤半。")
    shoot(page, "order-words")


def test_what_a_second_hearing_doubts_is_marked_heard_and_settled(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    full_desk(desk)
    before = desk.stored("o1")
    desk.heard_again(3, "一百五十公斤半。", {"weight_kg": 150.5})
    desk.heard_again(7, "不对。", {"polarity": "no"})
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.locator(".player")).to_have_attribute("data-ready", "yes")
    doubts = page.locator(".doubts")
    expect(doubts.locator("li")).to_have_count(2)
    expect(doubts).to_contain_text("150.5")
    expect(page.locator("li.now")).to_have_count(0)
    expect(page.locator("#turn-CA1-3 .again")).to_contain_text("一百五十公斤半。")
    shoot(page, "order-heard-again")
    doubts.locator("button.hear").first.click()
    expect(page.locator("li.now .text")).to_have_text("一百二十公斤半。")
    doubts.get_by_role("button", name="已听过").click()
    expect(page.get_by_role("status").first).to_contain_text("听过")
    expect(page.locator(".doubts")).to_have_count(0)
    expect(page.locator("#turn-CA1-3 .again")).to_be_visible()
    after = desk.stored("o1")
    assert after.value("weight_kg") == before.value("weight_kg") == 120.5
    assert after.confirmed_version == before.confirmed_version


def test_an_edit_of_a_confirmed_value_says_what_it_voids(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    full_desk(desk)
    enter("anna")
    page.goto("/console/orders/o3")
    page.keyboard.press("e")
    expect(page.locator(".notice.warn")).to_contain_text("重新签署")
    shoot(page, "edit")
    page.fill("[name=pieces]", "18")
    page.fill("[name='consignee.phone']", "139 1111 2222")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").first).to_contain_text("失效")
    order = desk.stored("o3")
    assert order.status is Status.DRAFT
    assert order.value("pieces") == 18
    assert order.value("consignee.phone") == "+8613911112222"
    assert order.fields["pieces"].source.changed_by == "clerk:anna"
    assert order.fields["goods"].source.changed_by == "caller"
    expect(page.locator(".history")).to_contain_text("anna")
    shoot(page, "order-changed")


def test_nothing_is_lost_when_two_clerks_edit_one_order(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    full_desk(desk)
    enter("anna")
    page.goto("/console/orders/o1/edit")
    page.fill("[name=pieces]", "20")
    page.fill("[name=remarks]", "易碎")
    other = page.context.new_page()
    other.goto("/console/orders/o1/edit")
    other.fill("[name=goods]", "音箱")
    other.fill("[name=pieces]", "17")
    other.get_by_role("button", name="保存").click()
    other.wait_for_url("**/console/orders/o1")
    other.close()
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("另一位同事改动了")
    expect(page.locator("[name=goods]")).to_have_value("音箱")
    expect(page.locator("[name=pieces]")).to_have_value("20")
    expect(page.locator("[name=remarks]")).to_have_value("易碎")
    expect(page.locator(".theirs").first).to_be_visible()
    shoot(page, "edit-clash")
    assert desk.stored().value("pieces") == 17
    page.get_by_role("button", name="保存").click()
    page.wait_for_url("**/console/orders/o1")
    after = desk.stored()
    assert (after.value("pieces"), after.value("goods"), after.value("remarks")) == (
        20,
        "音箱",
        "易碎",
    )


def test_from_review_to_release(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    full_desk(desk)
    register(desk, customer(effective=False))
    enter("anna")
    page.goto("/console/orders/o3")
    expect(page.locator("#before-release .lacking")).to_have_count(1)
    expect(page.get_by_role("button", name="放行")).to_have_count(0)
    register(desk, customer(effective=True))
    page.reload()
    expect(page.locator("#before-release .lacking")).to_have_count(0)
    page.get_by_role("button", name="放行").click()
    expect(page.locator("h1")).to_contain_text("已受理")
    assert desk.stored("o3").status is Status.ACCEPTED

    page.goto("/console/orders/o2")
    shoot(page, "order-review")
    page.locator("summary", has_text="结束审核").click()
    page.fill("details[open] [name=note]", "UN3480, 航司可收")
    page.locator("details[open] button").click()
    expect(page.locator("h1")).to_contain_text("草稿")
    page.locator("summary", has_text="回电确认").click()
    page.fill("details[open] [name=note]", "李雷，13800138000")
    page.locator("details[open] button").click()
    expect(page.locator("h1")).to_contain_text("已确认")
    page.locator("summary", has_text="发送链接").click()
    shoot(page, "order-link")
    page.fill("details[open] [name=mobile]", "13800138000")
    page.locator("details[open] button").click()
    expect(page.locator("h1")).to_contain_text("待签署")


def test_another_clerks_order_is_theirs_until_it_is_handed_over(
    desk: Desk, page: Page, enter: Enter
) -> None:
    full_desk(desk)
    enter("bert")
    page.goto("/console/orders/o1")
    page.get_by_role("button", name="我来负责").click()
    expect(page.locator(".order-head")).to_contain_text("bert")
    page.locator(".who summary").click()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/console/login")
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.locator(".steps button")).to_have_count(0)
    leave(page)
    enter("bert")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="移交").click()
    page.select_option("[name=to]", "anna")
    page.fill("details[open] [name=note]", "我明天休假")
    page.locator("details[open] button").click()
    expect(page.locator(".history")).to_contain_text("我明天休假")
    expect(page.locator(".order-head strong")).to_have_text("anna")


def test_a_rejection_is_asked_about_once_more(desk: Desk, page: Page, enter: Enter) -> None:
    full_desk(desk)
    enter("anna")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="拒绝").click()
    page.fill("details[open] [name=note]", "不在服务范围")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.locator("details[open] button").click()
    assert desk.stored("o1").status is Status.AWAITING_SIGNATURE
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("details[open] button").click()
    expect(page.locator("h1")).to_contain_text("已拒绝")
    expect(page.locator(".history")).to_contain_text("不在服务范围")


def test_tasks_are_done_with_a_note(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    full_desk(desk)
    enter("anna")
    page.get_by_role("link", name="待办").click()
    shoot(page, "tasks")
    page.fill("[name=note]", "已核对")
    page.get_by_role("button", name="完成").click()
    expect(page.locator("main")).to_contain_text("没有待办事项")
    page.get_by_role("link", name="已完成").click()
    expect(page.locator("tbody")).to_contain_text("已核对")


def test_english_print_and_export(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    full_desk(desk)
    enter("anna")
    page.get_by_role("button", name="English").click()
    expect(page.locator("nav.tabs")).to_contain_text("All open")
    with page.expect_download() as sheet:
        page.get_by_role("link", name="Excel").click()
    assert sheet.value.suggested_filename == "orders.xlsx"
    page.goto("/console/orders/o1")
    shoot(page, "order-en")
    page.goto("/console/orders/o1/print")
    expect(page.locator("h1")).to_contain_text("Order")
    shoot(page, "print")


def test_calls_and_account(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    full_desk(desk)
    enter("anna")
    page.get_by_role("link", name="通话", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(4)
    shoot(page, "calls")
    page.goto("/console/calls/CA4?alone=1")
    expect(page.locator(".turns li")).to_have_count(4)
    page.goto("/console/account")
    page.get_by_role("button", name="设置动态码").click()
    expect(page.locator(".qr svg")).to_be_visible()
    shoot(page, "account")
    page.goto("/console/nowhere")
    expect(page.locator("h1")).to_have_text("未找到")

"""Calls in progress, seen growing in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot
from tests.console import Desk
from tests.orders import NOW

Enter = Callable[[str], None]


def test_a_call_grows_on_the_board_and_on_its_own_page(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user()
    desk.now = NOW + timedelta(seconds=5)
    enter("anna")
    page.get_by_role("link", name="实时通话").click()
    expect(page.locator("#calls")).to_contain_text("目前没有通话")
    desk.call("o1", "CA1", ended=False, turns=1)
    desk.call("o2", "CA2", ended=False, turns=3, caller="+8613912345678")
    expect(page.locator("article.live")).to_have_count(2)
    first = page.locator("article.live").first
    desk.say(1)
    expect(first).to_contain_text("走空运")
    expect(first.locator(".chips")).to_contain_text("16件")
    desk.say(3, "CA2", confidence=0.4)
    expect(page.locator("article.live").nth(1)).to_contain_text("听不清")
    desk.meant(0, "你们都是废物", "CA2")
    desk.say(4, "CA2")
    expect(page.locator("article.live").nth(1)).to_contain_text("客户生气")
    for seq in (0, 1):
        desk.meant(seq, "")
    desk.say(2)
    expect(first).to_contain_text("听不懂")
    shoot(page, "live")

    first.locator("a.open").click()
    page.wait_for_url("**/console/live/CA1")
    expect(page.locator(".turns li")).to_have_count(3)
    desk.say(3)
    expect(page.locator(".turns li")).to_have_count(4)
    expect(page.locator("table.values")).to_contain_text("120.5公斤")
    desk.now = NOW + timedelta(seconds=60)
    expect(page.get_by_role("alert").last).to_contain_text("长时间无声")
    shoot(page, "live-one")


def test_a_call_is_taken_over_once(desk: Desk, page: Page, enter: Enter) -> None:
    desk.user(phone="+862155550199")
    desk.call("o1", "CA1", ended=False, turns=3)
    enter("anna")
    page.goto("/console/live/CA1")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="接管通话").click()
    expect(page.get_by_role("status").first).to_contain_text("马上会响")
    expect(page.get_by_role("button", name="接管通话")).to_have_count(0)
    with desk.store.reading() as uow:
        row = uow.outbox.by_key("take_over:CA1")
    assert row is not None
    assert row.payload["number"] == "+862155550199"


def test_the_stream_wants_a_session(desk: Desk, page: Page, address: str) -> None:
    answer = page.request.get(f"{address}/console/live/events")
    assert answer.status == 403
    page.goto("/console/login")
    assert page.request.get(f"{address}/console/live/events").status == 403
    expect(page).to_have_title(re.compile("登录"))

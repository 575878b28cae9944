"""Periods, holds, deletions and a person's own data in a real browser."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import Page, expect

from api.jobs import retention
from models.staff import Role
from tests.browser.conftest import Shoot
from tests.browser.site import aside
from tests.console import Desk
from tests.orders import MOBILE, NOW

Enter = Callable[[str], None]


def test_a_head_holds_releases_and_sees_what_was_deleted(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("helen", Role.HEAD, display="何琳")
    aside(desk.signed, desk.confirmed(desk.call()))
    desk.call("o2", "CA2", at=NOW - timedelta(days=350))
    desk.call("o3", "CA3", at=NOW - timedelta(days=400))
    enter("helen")
    page.get_by_role("link", name="数据保存").click()
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows).to_have_count(7)
    expect(rows.first).to_contain_text("365 天")
    expect(rows.first.locator("td").nth(3)).to_have_text("2")
    page.fill("form[action$=holds] [name=name]", "CA9")
    page.fill("form[action$=holds] [name=reason]", "货损诉讼")
    page.get_by_role("button", name="设置保留").click()
    expect(page.get_by_role("alert")).to_contain_text("没有这个通话")
    expect(page.locator("form[action$=holds] [name=reason]")).to_have_value("货损诉讼")
    page.fill("form[action$=holds] [name=name]", "CA3")
    page.get_by_role("button", name="设置保留").click()
    expect(page.locator(".holds")).to_contain_text("货损诉讼")
    expect(rows.first.locator("td").nth(3)).to_have_text("1")
    expect(rows.first.locator("td").nth(5)).to_have_text("1")
    run = (desk.store, desk.vault, desk.settings, NOW)
    assert aside(retention.run, *run) == {}
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="解除保留").click()
    expect(page.locator(".holds")).to_contain_text("没有保留")
    assert aside(retention.run, *run) == {"recordings": 1}
    page.goto("/console/retention")
    expect(page.locator(".deleted tbody tr")).to_have_count(1)
    page.fill("form[action$=holds] [name=name]", "CA2")
    page.fill("form[action$=holds] [name=reason]", "客户投诉")
    page.keyboard.press("Enter")
    expect(page.locator(".holds")).to_contain_text("客户投诉")
    shoot(page, "retention")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Retention")
    shoot(page, "retention-en")
    page.goto("/console/orders/o3")
    expect(page.locator(".notice.deleted")).to_contain_text("Recordings of calls")
    shoot(page, "order-deleted-en")


def test_a_person_gets_their_data_and_the_call_tells_who_heard_it(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    desk.call()
    enter("root")
    page.goto("/console/retention")
    form = page.locator("form[action$=export]")
    form.locator("[name=scope]").select_option("phone")
    form.locator("[name=name]").fill(MOBILE)
    with page.expect_download() as made:
        page.get_by_role("button", name="生成ZIP文件").click()
    with zipfile.ZipFile(made.value.path()) as archive:
        assert "calls/CA1/call.json" in archive.namelist()
    page.goto("/console/calls/CA1?alone=1")
    expect(page.locator(".heard")).to_have_count(0)
    with page.expect_response("**/recording.wav"):
        page.locator(".toggle").click()
    page.reload()
    page.locator(".heard summary").click()
    expect(page.locator(".heard")).to_contain_text("root")
    shoot(page, "call-heard")

"""The figures in a real browser: charts, the tables beside them, CSV."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Shoot
from tests.console import Desk
from tests.orders import NOW

Enter = Callable[[str], None]


def test_charts_are_drawn_with_a_table_beside_each(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user()
    for number in range(6):
        at = NOW - timedelta(days=number)
        order = desk.call(f"o{number}", f"CA{number}", at=at, recorded=False)
        if number % 2:
            desk.confirmed(order)
    enter("anna")
    page.get_by_role("link", name="统计", exact=True).click()
    expect(page.locator("article.chart")).to_have_count(8)
    calls = page.get_by_role("article", name="通话与自助完成")
    expect(calls.locator("tbody tr")).to_have_count(28)
    expect(calls.locator("tbody tr").first).to_contain_text("100.0%")
    painted = page.locator("canvas").first.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert painted > 10
    shoot(page, "figures")
    page.select_option("[name=by]", "week")
    page.get_by_role("button", name="显示").click()
    expect(calls.locator("tbody tr")).to_have_count(5)
    with page.expect_download() as loading:
        page.get_by_role("link", name="统计").last.click()
    text = Path(loading.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert sum(int(row["calls"]) for row in rows) == 6
    assert sum(int(row["links"]) for row in rows) == 3
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Figures")
    shoot(page, "figures-en")
    page.fill("[name=since]", "2026-12-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("ends before it begins")

"""E-mails in a real browser: where each field stands, and whose address it is."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from api.intake.received import keep, received
from api.jobs.reading import Reading
from api.jobs.sending import DONE
from benchmarks.mail_layouts import XLSX, mail, pdf, picture, workbook
from models import desk as doings
from models.staff import Role
from tests.browser.conftest import Shoot
from tests.browser.site import aside
from tests.console import Desk
from tests.orders import NOW, customer

Enter = Callable[[str], None]

ROWS: list[list[object]] = [
    ["品名", "件数", "重量(kg)", "收货人", "电话", "收货地址"],
    ["服装", 16, 120, "李雷", "13800138000", "北京市朝阳区建国路1号"],
    ["充电宝", 20, 300, "韩梅梅", "13900139001", "广州市天河区体育西路1号"],
]
FORM = [["收货人", "王芳", "电话", "18612345678"], ["收货地址", "杭州市滨江区江南大道1号", "件数", "7"],
        ["品名", "书籍", "重量(kg)", "55"]]  # fmt: skip


def arrive(desk: Desk) -> str:
    """A mail with a workbook, a photo and a file that is no document."""
    photo = picture(pdf("托运单", FORM), turned=0.5)
    raw = mail(
        "三票发货", "您好，请安排附件三票，明天上午到上海市浦东新区张江路88号提货，空运，月结。",
        files=[("明细.xlsx", workbook(ROWS), XLSX), ("托运单.jpg", photo, ("image", "jpeg")),
               ("请打开.xlsm", b"MZ" + bytes(99), ("application", "octet-stream"))],
    )  # fmt: skip
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        mail_id = keep(uow, received(raw, ""), NOW)
        uow.commit()
    assert mail_id is not None
    reading = Reading(desk.store, desk.settings, lambda: NOW)
    with desk.store.reading() as uow:
        rows = [e.id for e in uow.outbox.in_state("pending") if e.kind == doings.READ_MAIL]
    assert [reading.read(row) for row in rows] == [DONE]
    return mail_id


def test_each_field_leads_to_its_place_in_the_mail(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("anna", Role.CLERK, display="安娜")
    aside(arrive, desk)
    enter("anna")
    page.get_by_role("link", name="邮件", exact=True).click()
    row = page.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("三票发货")
    expect(row).to_contain_text("有部分被拒")
    shoot(page, "mails")
    row.get_by_role("link").click()
    expect(page.get_by_text("不读取这类文件。")).to_be_visible()
    expect(page.locator(".mail-table mark").filter(has_text="韩梅梅")).to_be_visible()
    expect(page.locator(".page-picture svg rect").first).to_be_visible()
    shoot(page, "mail")
    page.locator(".page-picture").scroll_into_view_if_needed()
    shoot(page, "mail_photo")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("Files of this kind are not read.")).to_be_visible()
    shoot(page, "mail_en")
    page.get_by_role("button", name="中文").click()
    page.select_option("select[name=customer]", label="上海宏远电子有限公司")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("今后此地址发来的邮件归属该客户。")).to_be_visible()
    expect(page.locator("a[href*='/console/orders/']")).to_have_count(3)
    page.locator("a[href*='/console/orders/']").first.click()
    expect(page.locator("#field-consignee\\.name")).to_contain_text("李雷")
    shoot(page, "mail_order")
    page.locator("#field-consignee\\.name").get_by_role("link").click()
    expect(page.locator("mark:target")).to_have_text("李雷")

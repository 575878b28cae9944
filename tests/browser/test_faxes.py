"""Faxes in a real browser: each field beside its piece of the page, the day's number, the report."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from api.intake import fax
from api.jobs.reading import Reading
from api.jobs.sending import DONE
from benchmarks.mail_layouts import pdf, picture
from models import desk as doings
from models.staff import Role
from nlp.written.source import Entry, Part
from tests.browser.conftest import Shoot
from tests.browser.site import aside
from tests.console import Desk
from tests.orders import NOW, customer

Enter = Callable[[str], None]

FORM = [["收货人", "王芳", "电话", "18612345678"], ["收货地址", "杭州市滨江区江南大道1号", "件数", "7"],
        ["品名", "书籍", "重量(kg)", "55"]]  # fmt: skip
#: Pictures are drawn by processes of their own, which a busy machine keeps waiting.
_PATIENT_MS = 60_000
DOUBTED = "书籍"


def tiff() -> bytes:
    """A fax as machines send it: two pages of black and white dots, the first one skewed."""
    form = Image.open(io.BytesIO(picture(pdf("托运单", FORM), dpi=200, turned=1.0))).convert("1")
    blank = Image.new("1", form.size, 1)
    kept = io.BytesIO()
    form.save(kept, "TIFF", save_all=True, append_images=[blank], compression="group4")
    return kept.getvalue()


def doubtfully(raw: bytes) -> tuple[Part, ...]:
    """The fax as it is read, but one word of it hardly legible."""

    def dim(entry: Entry) -> Entry:
        text = entry.text
        return replace(entry, text=replace(text, confidence=0.4)) if DOUBTED in text.text else entry

    return tuple(
        replace(part, forms=tuple(tuple(map(dim, form)) for form in part.forms))
        for part in fax.parts(raw)
    )


def arrive(desk: Desk) -> str:
    """A fax, and a file that is none."""
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        for name, raw in (("fax-0001.tif:1", tiff()), ("virus.tif:1", b"MZ" + bytes(99))):
            new = doings.ReceivedFax(source="folder", reference=name, number="02161234567", raw=raw)
            doings.receive_fax(uow, new, NOW)
        uow.faxes.belongs("+862161234567", customer().id)
        uow.commit()
    reading = Reading(desk.store, desk.settings, lambda: NOW, fax_parts=doubtfully)
    with desk.store.reading() as uow:
        rows = [e.id for e in uow.outbox.in_state("pending") if e.kind == doings.READ_FAX]
    assert [reading.read_fax(row) for row in rows] == [DONE] * 2
    with desk.store.reading() as uow:
        return next(row.id for row in uow.faxes.latest(5, 0) if row.orders)


def drawn(image: Locator) -> None:
    """The picture is there, and not the sign of a broken one."""
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("complete", True, timeout=_PATIENT_MS)
    assert image.evaluate("image => image.naturalWidth") > 10


def test_a_fax_its_pieces_and_the_days_number(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    page.set_default_timeout(_PATIENT_MS)
    desk.user("anna", Role.CLERK, display="安娜")
    fax_id = aside(arrive, desk)
    enter("anna")
    page.get_by_role("link", name="传真", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_text("未读取")).to_be_visible()
    shoot(page, "faxes")
    page.locator("tbody tr").filter(has_text="fax-0001.tif").get_by_role("link").click()
    expect(page.locator("h1")).to_contain_text("61234567", timeout=_PATIENT_MS)
    drawn(page.locator(".page-picture img").first)
    drawn(page.locator(".page-picture img").nth(1))
    row = page.locator("table.read tr").filter(has_text="王芳")
    drawn(row.locator(".crop img"))
    doubtful = page.locator("table.read tr.unsure")
    expect(doubtful.filter(has_text=DOUBTED)).to_contain_text("请核对")
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "fax")
    # By keyboard: the piece leads to its frame on the page.
    row.locator("a.crop").focus()
    page.keyboard.press("Enter")
    expect(page.locator("rect.framed:target")).to_have_count(1)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("the customer was not asked yet")).to_be_visible()
    expect(page.get_by_text("look at it").first).to_be_visible()
    shoot(page, "fax_en")
    page.get_by_role("button", name="中文").click()
    page.locator(".counting input[name=sent]").fill("3")
    page.locator(".counting input[name=sent]").press("Enter")
    expect(page.locator(".counting")).to_contain_text("缺 2 票")
    page.goto("/console/tasks?kind=missing_order")
    expect(page.locator("tbody")).to_contain_text("客户传真的票数比收到的多，请客户补发: 2 (3/1)")
    shoot(page, "fax_tasks")
    page.goto(f"/console/faxes/{fax_id}")
    page.locator("h2 a[href*='/console/orders/']").click()
    drawn(page.locator("#field-consignee\\.name .crop img"))
    expect(page.locator("#field-goods")).to_contain_text("请核对")
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "fax_order")
    page.get_by_role("button", name="客户不清楚").click()
    expect(page.locator(".counting .badge")).to_have_text("客户不清楚")
    page.locator("#field-consignee\\.name .crop").click()
    expect(page.locator("rect.framed:target")).to_have_count(1, timeout=_PATIENT_MS)
    # What is still drawn is waited for, so that the server ends with nothing under way.
    page.wait_for_load_state("networkidle")


def test_a_refused_fax_says_why(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    page.set_default_timeout(_PATIENT_MS)
    desk.user("anna", Role.CLERK, display="安娜")
    aside(arrive, desk)
    enter("anna")
    page.goto("/console/faxes")
    page.locator("tbody tr").filter(has_text="virus.tif").get_by_role("link").click()
    expect(page.get_by_role("alert")).to_contain_text("不读取这类文件。")
    expect(page.get_by_role("link", name="下载")).to_have_count(0)
    shoot(page, "fax_refused")


def test_the_report_of_a_day(desk: Desk, page: Page, enter: Enter, shoot: Shoot) -> None:
    page.set_default_timeout(_PATIENT_MS)
    desk.user("anna", Role.CLERK, display="安娜")
    aside(arrive, desk)
    enter("anna")
    page.get_by_role("link", name="当日", exact=True).click()
    line = page.locator("tbody tr").filter(has=page.get_by_text("传真", exact=True))
    expect(line).to_contain_text(customer().name)
    shoot(page, "day")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("columnheader", name="Not called back")).to_be_visible()
    shoot(page, "day_en")
    for kind, beginning in (("CSV", b"\xef\xbb\xbfCustomer,Channel,Sent"), ("Excel", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        assert download.value.path().read_bytes().startswith(beginning)
    page.fill("input[name=day]", "2026-11-23")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("No orders on this day.")).to_be_visible()

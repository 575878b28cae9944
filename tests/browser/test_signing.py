"""The signing page on a phone: drawn and signed once, whatever the hand or the network does.

With `INTAKE_SCREENSHOTS=FOLDER` each test leaves pictures of what it saw.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from api.config import Settings
from api.signed.check import check
from api.signed.seal import known_chains
from models import desk
from models.fields import DangerousGood
from models.order import Status
from models.store import Store
from tests.browser.site import aside, served
from tests.fakes import FakeSms
from tests.orders import NOW, draft, fields, linked
from tests.workers import deliver_due

PHONE = {"width": 390, "height": 844}
HOURS = 1_000_000
ORDER = {
    "origin.province": "上海市",
    "origin.district": "浦东新区",
    "origin.detail": "张江路88号",
    "destination.province": "北京市",
    "destination.city": "北京市",
    "destination.district": "朝阳区",
    "destination.detail": "建国路93号",
    "consignee.name": "王强",
    "consignee.phone": "+8613911112222",
    "pickup_date": "2026-11-25",
    "pickup_start": "2026-11-25T14:00",
    "pickup_end": "2026-11-25T16:00",
    "payment": "monthly",
    "dangerous": (DangerousGood("充电宝", "9", "UN3480"),),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", home=tmp_path)


@pytest.fixture
def site(sqlite_store: Store, settings: Settings) -> Iterator[str]:
    """The address of the customers' pages."""
    with served(sqlite_store, settings) as address:
        yield address


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A phone held in one hand; whatever its pages complain about fails the test."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="zh-CN")
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(said.text) if "Policy" in said.text else 0)
    yield context
    context.close()
    assert complaints == []


def opened(context: BrowserContext, address: str, token: str, query: str = "") -> Page:
    page = context.new_page()
    page.goto(f"{address}/sign/{token}{query}")
    return page


def draw(page: Page) -> None:
    canvas = page.locator("#canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 40, box["y"] + 50)
    page.mouse.down()
    for n in range(25):
        page.mouse.move(box["x"] + 40 + 10 * n, box["y"] + 50 + (n % 5) * 20)
    page.mouse.up()


def fill(page: Page, *, name: str = "李雷") -> None:
    for box in page.locator("input[name=consent]").all():
        box.check()
    page.locator("#name").fill(name)


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("INTAKE_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def signatures(store: Store) -> list[str]:
    with store.reading() as uow:
        signed = uow.signatures.get("o1", 1)
        steps = [entry.step for entry in uow.orders.history("o1")]
    assert steps.count("sign") == (1 if signed else 0)
    return [signed.name] if signed else []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_customer_reads_draws_signs_and_takes_the_document_along(
    sqlite_store: Store,
    settings: Settings,
    site: str,
    phone: BrowserContext,
    scheme: str,
    lang: str,
) -> None:
    _, token = linked(sqlite_store, draft(**ORDER), valid_hours=HOURS)
    page = opened(phone, site, token, "?lang=en" if lang == "en" else "")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    picture(page, f"sign-{lang}-{scheme}-1-empty")
    fill(page)
    draw(page)
    picture(page, f"sign-{lang}-{scheme}-2-filled")
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()
    expect(page.locator("svg.drawn")).to_be_visible()
    picture(page, f"sign-{lang}-{scheme}-3-signed")
    assert signatures(sqlite_store) == ["李雷"]
    with page.expect_download() as download:
        page.locator("a.button").click()
    pdf = Path(download.value.path()).read_bytes()
    assert aside(check, pdf, known_chains(settings)).signer == "顺达货运"


def test_without_a_drawing_nothing_is_sent(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    fill(page)
    page.locator("#submit").click()
    expect(page.locator("#missing")).to_be_visible()
    picture(page, "sign-zh-missing")
    draw(page)
    expect(page.locator("#missing")).to_be_hidden()
    page.locator("#redo").click()
    assert page.locator("#drawing").input_value() == ""
    draw(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()


def test_a_turned_phone_keeps_the_drawing(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    draw(page)
    before = page.locator("#drawing").input_value()
    page.set_viewport_size({"width": 844, "height": 390})
    expect(page.locator("#drawing")).not_to_have_value(before)
    assert page.evaluate("pad.toData().length") == 1


def test_without_script_the_typed_name_signs(
    sqlite_store: Store, site: str, chromium: Browser
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = opened(context, site, token)
    expect(page.locator("#pad")).to_be_hidden()
    picture(page, "sign-zh-no-script")
    fill(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()
    context.close()
    assert signatures(sqlite_store) == ["李雷"]


def test_whoever_cannot_draw_signs_by_keyboard(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    page.locator("input[name=consent]").first.focus()
    for _ in range(3):
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
    page.keyboard.type("李雷")
    while page.evaluate("document.activeElement.id") != "typed":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#submit").press("Enter")
    expect(page.locator("section.done")).to_be_visible()
    assert signatures(sqlite_store) == ["李雷"]


def test_a_pad_that_does_not_load_is_no_obstacle(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    phone.route("**/pad.js", lambda route: route.abort())
    page = opened(phone, site, token)
    expect(page.locator("#pad")).to_be_hidden()
    fill(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()


def test_two_taps_on_a_slow_network_are_one_signature(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    posts: list[str] = []

    def slowly(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request.url)
            page.wait_for_timeout(400)
        route.continue_()

    page.route("**/sign/**", slowly)
    fill(page)
    draw(page)
    page.evaluate("for (const tap of [1, 2]) document.getElementById('submit').click()")
    expect(page.locator("section.done")).to_be_visible()
    assert len(posts) == 1
    assert signatures(sqlite_store) == ["李雷"]


def test_a_lost_answer_can_be_sent_again(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    fill(page)
    draw(page)
    page.route("**/sign/**", lambda route: route.abort())
    page.locator("#submit").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/sign/**")
    page.go_back()
    fill(page)
    draw(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()
    assert signatures(sqlite_store) == ["李雷"]


def test_going_back_and_another_tab_change_nothing(
    sqlite_store: Store, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page, other = opened(phone, site, token), opened(phone, site, token)
    for tab, name in ((page, "李雷"), (other, "韩梅梅")):
        fill(tab, name=name)
        draw(tab)
        tab.locator("#submit").click()
        expect(tab.locator("section.done")).to_contain_text("李雷")
    page.go_back()
    if page.locator("#submit").count():
        fill(page, name="韩梅梅")
        draw(page)
        page.locator("#submit").click()
    expect(page.locator("section.done")).to_contain_text("李雷")
    assert signatures(sqlite_store) == ["李雷"]


def test_the_code_from_the_message_is_needed_where_it_is_asked_for(
    sqlite_store: Store, settings: Settings, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    strict = settings.model_copy(update={"sign_code": True})
    sms = FakeSms()
    with served(sqlite_store, strict) as address:
        page = opened(phone, address, token)
        fill(page)
        draw(page)
        drawn = page.locator("#drawing").input_value()
        page.locator("button.second").click()
        expect(page.locator(".said")).to_be_visible()
        assert page.locator("#drawing").input_value() == drawn
        picture(page, "sign-zh-code-sent")
        with sqlite_store.reading() as uow:
            at = uow.link_events.of_version("o1", 1)[-1].at
        aside(deliver_due, sqlite_store, strict, sms, at)
        code = sms.sent[-1][1].split("：")[1][:6]
        page.locator("#code").fill(f"{(int(code) + 1) % 10**6:06d}")
        page.locator("#submit").click()
        expect(page.locator("p.closed[role=alert]").first).to_contain_text("验证码")
        picture(page, "sign-zh-code-wrong")
        assert signatures(sqlite_store) == []
        page.locator("#code").fill(code)
        page.locator("#submit").click()
        expect(page.locator("section.done")).to_be_visible()
    with sqlite_store.reading() as uow:
        signed = uow.signatures.get("o1", 1)
        kept = [message.body for message in uow.messages.of_order("o1")]
    assert signed is not None
    assert signed.mobile_proven_at is not None
    assert not any(code in body for body in kept)


def test_a_changed_order_is_signed_anew_by_its_own_link(
    sqlite_store: Store, settings: Settings, site: str, phone: BrowserContext
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    fill(page)
    draw(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_be_visible()
    sms = FakeSms()
    with sqlite_store.unit() as uow:
        desk.change_order(
            uow, "o1", 1, fields({"pieces": 20}, by="clerk:li"), by="clerk:li", at=NOW
        )
        order, _ = desk.confirm_order(uow, uow.orders.locked("o1"), NOW, "clerk:li")
        desk.ask_anew(uow, order, by="clerk:li", at=NOW, valid_hours=HOURS)
        uow.commit()
    page.reload()
    expect(page.locator("p.closed")).to_be_visible()
    picture(page, "sign-zh-outdated")
    aside(deliver_due, sqlite_store, settings, sms, NOW)
    body = next(body for _, body in sms.sent if "已更改" in body)
    page.goto(f"{site}/sign/{body.rpartition('/sign/')[2]}")
    expect(page.locator("dl").first).to_contain_text("20")
    fill(page, name="韩梅梅")
    draw(page)
    page.locator("#submit").click()
    expect(page.locator("section.done")).to_contain_text("韩梅梅")
    with sqlite_store.reading() as uow:
        order = uow.orders.get("o1")
    assert order is not None
    assert (order.status, order.signed_version) == (Status.SIGNED, 2)


def test_anyone_can_verify_a_document(
    sqlite_store: Store, site: str, phone: BrowserContext, tmp_path: Path
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    page = opened(phone, site, token)
    fill(page)
    draw(page)
    page.locator("#submit").click()
    with page.expect_download() as download:
        page.locator("a.button").click()
    good, bad = tmp_path / "good.pdf", tmp_path / "bad.pdf"
    pdf = Path(download.value.path()).read_bytes()
    good.write_bytes(pdf)
    bad.write_bytes(pdf[:5000] + bytes([pdf[5000] ^ 1]) + pdf[5001:])
    page.goto(f"{site}/verify")
    page.locator("#file").set_input_files(good)
    page.locator("button").click()
    expect(page.locator("section.done")).to_contain_text("签署有效")
    picture(page, "verify-zh-good")
    page.emulate_media(color_scheme="dark")
    page.locator("header a").click()
    page.locator("#file").set_input_files(bad)
    page.locator("button").click()
    expect(page.locator("p.closed")).to_contain_text("Not genuine")
    picture(page, "verify-en-dark-bad")
    with sqlite_store.unit() as uow:
        changed = fields({"pieces": 20}, by="clerk:li")
        desk.change_order(uow, "o1", 1, changed, by="clerk:li", at=NOW)
        uow.commit()
    page.locator("#file").set_input_files(good)
    page.locator("button").click()
    expect(page.locator("section.done")).to_contain_text("no longer counts")
    picture(page, "verify-en-dark-superseded")

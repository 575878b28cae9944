"""A clerk takes a simulated customer's call in a real browser, whose microphone plays a clerk."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from api.config import Settings
from api.engines import make_customer
from models.call import Lang
from models.figures import By, stretches
from models.staff import Role
from nlp.meaning import Expectation
from nlp.training.scenario import lesson
from tests.browser.conftest import Shoot
from tests.browser.test_phone import _ALLOWED, browser_page, driver, spoken, state
from tests.console import PASSWORD, Desk
from tests.fakes import FakeRecognizer, FakeStream
from tests.softphone import application, engines, served
from tests.sounds import noise, speech
from tests.unit.test_training import SAID
from voice.audio import to_float
from voice.catalog import Catalog, ModelMissing
from voice.recognizers.whisper import WhisperRecognizer
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import NeuralOptions, NeuralSynthesizer

__all__ = ["driver"]

_PLAIN = {
    "customer.name": "上海宏达电子有限公司", "mode": "road", "goods": "服装", "packaging": "纸箱",
    "pieces": "20", "weight_kg": "300", "dangerous": "-", "payment": "monthly",
    "origin.province": "上海市", "origin.city": "上海市", "origin.district": "浦东新区",
    "origin.detail": "张江路88号", "destination.province": "浙江省",
    "destination.city": "杭州市", "destination.district": "余杭区",
    "destination.detail": "文一西路100号", "consignee.name": "王强",
    "consignee.phone": "13912345678",
}  # fmt: skip


class InTurn(FakeRecognizer):
    """Hears one text after the other, one for each utterance."""

    def open(self, expectation: Expectation) -> FakeStream:
        said, *rest = self.texts
        self.texts = tuple(rest)
        return FakeStream(FakeRecognizer(said))


def begin(page: Page) -> None:
    page.goto("/console/login?next=/console/training")
    page.fill("input[name=name]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/console/training")


def fill(page: Page, desk: Desk) -> None:
    goal = lesson("zh-1-plain", today=desk.now.date()).goal.values
    times = {name: str(goal[name]) for name in ("pickup_date", "pickup_start")}
    for name, text in {**_PLAIN, **times}.items():
        box = page.locator(f"[id='in-{name}']")
        if name in {"mode", "payment"}:
            box.select_option(text)
        else:
            box.fill(text)


def switch(page: Page, to: str) -> None:
    page.get_by_role("button", name=to).click()


def test_a_call_by_the_book_is_taken_and_scored(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    desk.user()
    desk.user("lina", Role.HEAD)
    desk.user("boris")
    bursts = [sound for n in range(len(SAID)) for sound in (speech(1500, seed=n), noise(6000))]
    clerk = spoken(tmp_path / "clerk.wav", noise(3000), *bursts, noise(60_000))
    flag = f"--use-file-for-fake-audio-capture={clerk}%noloop"
    with (
        served(application(desk, engines(InTurn(*SAID, *["再见。"] * 9)))) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        begin(page)
        shoot(page, "training-lessons")
        page.get_by_role("link", name="练习: 一位从容的老客户，普通货", exact=True).click()
        page.get_by_role("button", name="接听").click()
        state(page, "talking")
        fill(page, desk)
        shoot(page, "training-call")
        state_over(page)
        page.get_by_role("button", name="交卷").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("7 / 7", timeout=20_000)
        expect(page.locator(".turns li.clerk").first).to_contain_text("您好，顺达货运")
        expect(page.locator(".turns")).to_contain_text("上海宏达电子")
        expect(page.locator(".player")).to_be_visible()
        page.wait_for_timeout(1500)
        shoot(page, "training-result")
        result = page.url
        switch(page, "English")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Score")
        shoot(page, "training-result-english")
        page.goto("/console/training")
        expect(page.locator("tbody").last).to_contain_text("7 / 7")
        shoot(page, "training-lessons-english")
        page.get_by_role(
            "link", name="Practise: A calm regular customer with plain goods", exact=True
        ).click()
        shoot(page, "training-call-english")
        page.goto("/console/calls")
        expect(page.locator("main")).not_to_contain_text("ST")
        seen_by_others(page, result)
    with desk.store.reading() as uow:
        assert uow.board.calls(limit=5, offset=0) == []
        day = desk.now.date()
        counted = uow.figures(browser=True).of(stretches(day, day, By.DAY, desk.store.zone))
    assert [figures.calls for figures in counted] == [0]


def state_over(page: Page) -> None:
    expect(page.locator("#phone")).to_have_attribute("data-state", "over", timeout=180_000)


def seen_by_others(page: Page, result: str) -> None:
    """A head sees the result of a clerk; another clerk does not."""
    browser = page.context.browser
    assert browser is not None
    for name, seen in (("lina", True), ("boris", False)):
        # A context of its own: an answer still on its way could bring an earlier session back.
        other = browser.new_context(locale="zh-CN").new_page()
        other.goto(f"{result.partition('/console')[0]}/console/login?next=/console/training")
        other.fill("input[name=name]", name)
        other.fill("input[name=password]", PASSWORD)
        other.press("input[name=password]", "Enter")
        other.wait_for_url("**/console/training")
        expect(other.locator("table")).to_have_count(2 if seen else 1)
        answer = other.goto(result)
        assert answer is not None
        assert answer.status == (200 if seen else 404)
        other.context.close()


@pytest.mark.models
@pytest.mark.slow
def test_a_spoken_clerk_takes_the_plain_call_with_the_real_engines(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    home = Settings().home_dir
    try:
        ears = WhisperRecognizer(Catalog(home).path("whisper-base"))
        mouth = NeuralSynthesizer(Catalog(home).path("kokoro-82m-int8"), NeuralOptions())
    except ModelMissing as missing:
        pytest.skip(str(missing))
    desk.user()
    clerk = CachedSynthesizer(mouth, home / "spoken")
    said = [to_float(clerk.speak(text, lang="zh")) for text in SAID]
    pauses: Iterator[int] = iter((14_000,) * len(said))
    sounds = [s for one in said for s in (one, noise(next(pauses), level=0.0005))]
    recorded = spoken(
        tmp_path / "clerk.wav", noise(6000, level=0.0005), *sounds, noise(90_000, level=0.0005)
    )
    flag = f"--use-file-for-fake-audio-capture={recorded}%noloop"
    ears.warm_up()
    customer = partial(make_customer, Settings())
    warm: Lang = "zh"
    customer("zm_yunjian", warm).warm_up()
    with (
        served(application(desk, engines(ears, clerk), customer)) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        begin(page)
        page.get_by_role("link", name="练习: 一位从容的老客户，普通货", exact=True).click()
        page.get_by_role("button", name="接听").click()
        state(page, "talking")
        fill(page, desk)
        state_over(page)
        page.get_by_role("button", name="交卷").click()
        passed = page.locator(".checks .met")
        expect(passed.first).to_be_visible(timeout=20_000)
        shoot(page, "training-real")
        for check in (
            "问候了客户",
            "所有字段按客户要求记录",
            "说明了禁运品",
            "询问了危险品",
            "道别",
        ):
            expect(passed.filter(has_text=check)).to_have_count(1)
        expect(page.locator(".turns li.caller").filter(has_text="宏达电子")).not_to_have_count(0)

"""The telephone in a real browser, whose microphone plays a file."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from api.config import Settings
from api.console import phone_line
from models.staff import Role
from tests.browser.conftest import Shoot
from tests.console import PASSWORD, Desk
from tests.softphone import ToneVoice, application, engines, served
from tests.sounds import Samples, noise, speech
from voice.audio import to_float, to_pcm
from voice.catalog import Catalog, ModelMissing
from voice.recognizers.whisper import WhisperRecognizer
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import NeuralSynthesizer

_FAKE = ("--use-fake-device-for-media-stream",)
_ALLOWED = (*_FAKE, "--use-fake-ui-for-media-stream")
OpenPage = Callable[..., Page]


def spoken(path: Path, *sounds: Samples) -> Path:
    """A file for the fake microphone."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", "not compressed"))
        file.writeframes(to_pcm(np.concatenate(sounds).astype(np.float32)))
    return path


@pytest.fixture(scope="module")
def driver() -> Iterator[Playwright]:
    """For a module only: while it runs, no other test may use asyncio."""
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def browser_page(driver: Playwright, address: str, *flags: str) -> Iterator[Page]:
    """A page of a browser of its own: a microphone is chosen when a browser starts."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is missing (Debian: chromium)")
    args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio", *flags]
    browser = driver.chromium.launch(executable_path=program, args=args)
    size = {"width": 1280, "height": 800}
    context = browser.new_context(base_url=address, viewport=size, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        browser.close()
    expected = ("the server responded with a status of 4",)
    assert [c for c in complaints if not any(e in c for e in expected)] == []


def open_phone(page: Page) -> None:
    page.goto("/console/login?next=/console/phone")
    page.fill("input[name=name]", "anna")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url("**/console/phone")


def state(page: Page, name: str) -> None:
    expect(page.locator("#phone")).to_have_attribute("data-state", name, timeout=60_000)


def test_what_is_said_comes_out_as_a_transcript_and_an_order(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    desk.user()
    caller = spoken(tmp_path / "caller.wav", noise(7000), speech(1500, seed=3), noise(20_000))
    flag = f"--use-file-for-fake-audio-capture={caller}%noloop"
    with (
        served(application(desk, engines())) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        open_phone(page)
        shoot(page, "phone-idle")
        expect(page.get_by_role("button", name="1", exact=True)).to_be_disabled()
        page.get_by_label("主叫号码").fill("13800138000")
        page.keyboard.press("Enter")
        state(page, "talking")
        expect(page.locator("#call")).to_contain_text("顺达货运", timeout=30_000)
        expect(page.locator("#call li.caller").first).to_contain_text("十六件耳机", timeout=60_000)
        expect(page.locator("#call table.values")).to_contain_text("16件", timeout=30_000)
        page.keyboard.press("m")
        expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("*")
        shoot(page, "phone-talking")
        page.keyboard.press("h")
        state(page, "over")
        expect(page.locator("#call")).to_contain_text("录音与文字记录", timeout=30_000)
        shoot(page, "phone-over")
        page.get_by_role("link", name="录音与文字记录").click()
        expect(page.locator(".turns li.caller").first).to_contain_text("十六件耳机")
        expect(page.locator(".player")).to_be_visible()
        page.goto("/console/calls")
        expect(page.locator("tbody tr")).to_contain_text("网页电话")
    with desk.store.reading() as uow:
        rows = uow.board.calls(limit=5, offset=0)
        call = uow.calls.get(rows[0].sid)
    assert call is not None
    assert call.in_browser
    assert call.ended_at is not None
    assert any(turn.heard_ratio == 1.0 for turn in call.turns if turn.speaker == "assistant")


def sounds(page: Page, meter: str) -> None:
    """Waits for a level meter to move. The pages' policy forbids polling by script in them."""
    for _ in range(300):
        if page.locator(meter).evaluate("meter => meter.value") > 0.5:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{meter} stays silent")


def test_a_clerk_listens_in_until_the_call_is_over(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    desk.user()
    caller = spoken(tmp_path / "talker.wav", speech(2000, seed=3), noise(3000))
    flag = f"--use-file-for-fake-audio-capture={caller}"
    slow = engines(voice=ToneVoice(seconds=30))
    with (
        served(application(desk, slow)) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        open_phone(page)
        page.get_by_role("button", name="拨打").click()
        state(page, "talking")
        expect(page.locator("#call li.assistant")).to_have_count(1, timeout=30_000)
        clerk = page.context.new_page()
        clerk.goto("/console/live")
        clerk.locator("article.live a.open").click()
        clerk.get_by_role("button", name="旁听").click()
        box = clerk.locator("#listen")
        expect(box).to_have_attribute("data-state", "listening", timeout=30_000)
        expect(box.get_by_role("status")).to_contain_text("对方听不到您")
        sounds(clerk, "#listen meter")
        shoot(clerk, "listen")
        clerk.get_by_role("link", name="English").or_(
            clerk.get_by_role("button", name="English")
        ).click()
        expect(clerk.get_by_role("button", name="Listen in")).to_be_enabled()
        clerk.keyboard.press("l")
        expect(box).to_have_attribute("data-state", "listening", timeout=30_000)
        shoot(clerk, "listen-english")
        page.bring_to_front()
        page.keyboard.press("h")
        state(page, "over")
        expect(box).to_have_attribute("data-state", "over", timeout=30_000)
    with desk.store.reading() as uow:
        noted = [entry.who for entry in uow.audit.entries() if entry.action == "call.listen"]
    assert noted == ["anna", "anna"]


def test_an_admin_hears_drafts(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    desk.user(role=Role.ADMIN)
    desk.draft("greeting", "您好，{company}，这是草稿。")
    caller = spoken(tmp_path / "quiet.wav", noise(5000, level=0.0005))
    flag = f"--use-file-for-fake-audio-capture={caller}"
    with (
        served(application(desk, engines())) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        open_phone(page)
        page.get_by_label("使用全部草稿").check()
        shoot(page, "phone-drafts")
        page.get_by_role("button", name="拨打").click()
        state(page, "talking")
        expect(page.locator("#call")).to_contain_text("这是草稿", timeout=30_000)
        page.keyboard.press("h")
        state(page, "over")


def test_a_key_silences_the_assistant_and_it_knows_what_was_heard(
    desk: Desk, driver: Playwright, tmp_path: Path
) -> None:
    desk.user()
    caller = spoken(tmp_path / "quiet.wav", noise(5000, level=0.0005))
    flag = f"--use-file-for-fake-audio-capture={caller}"
    slow = engines(voice=ToneVoice(seconds=30))
    with (
        served(application(desk, slow)) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        open_phone(page)
        page.get_by_role("button", name="拨打").click()
        state(page, "talking")
        expect(page.locator("#call li.assistant")).to_have_count(1, timeout=30_000)
        sounds(page, "#theirs")
        page.get_by_role("button", name="*", exact=True).click()
        expect(page.locator("#call li.assistant")).not_to_have_count(1, timeout=20_000)
        page.keyboard.press("h")
        state(page, "over")
        expect(page.locator("#call")).to_contain_text("录音与文字记录", timeout=30_000)
    with desk.store.reading() as uow:
        call = uow.calls.get(uow.board.calls(limit=1, offset=0)[0].sid)
    assert call is not None
    assert call.turns[0].heard_ratio is not None
    assert call.turns[0].heard_ratio < 1.0


@pytest.mark.models
@pytest.mark.slow
def test_a_recorded_caller_is_understood_by_the_real_engines(
    desk: Desk, driver: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    home = Settings().home_dir
    try:
        ears = WhisperRecognizer(Catalog(home).path("whisper-base"))
        mouth = NeuralSynthesizer(Catalog(home).path("kokoro-82m-int8"))
    except ModelMissing as missing:
        pytest.skip(str(missing))
    desk.user()
    voice = CachedSynthesizer(mouth, home / "spoken")
    said = to_float(voice.speak("你好，我要发十六件耳机，走空运，从上海发到北京。", lang="zh"))
    caller = spoken(tmp_path / "caller.wav", noise(20_000, level=0.0005), said, noise(9_000))
    flag = f"--use-file-for-fake-audio-capture={caller}"  # again and again, until understood
    ears.warm_up()
    with (
        served(application(desk, engines(ears, voice))) as address,
        browser_page(driver, address, *_ALLOWED, flag) as page,
    ):
        open_phone(page)
        page.get_by_label("主叫号码").fill("13800138000")
        page.keyboard.press("Enter")
        state(page, "talking")
        values = page.locator("#call table.values")
        expect(values).to_contain_text("16件", timeout=150_000)
        expect(values).to_contain_text("空运")
        expect(values).to_contain_text("耳机")
        expect(page.locator("#call li.caller").first).to_contain_text("件耳机")
        shoot(page, "phone-real")
        page.keyboard.press("h")
        state(page, "over")
        expect(page.locator("#call")).to_contain_text("录音与文字记录", timeout=30_000)


def test_problems_are_told_in_words(
    desk: Desk, driver: Playwright, monkeypatch: pytest.MonkeyPatch, shoot: Shoot
) -> None:
    desk.user()
    with served(application(desk, engines())) as address:
        with browser_page(driver, address, "--use-fake-ui-for-media-stream") as page:
            open_phone(page)
            page.get_by_role("button", name="拨打").click()
            expect(page.get_by_role("alert")).to_contain_text("没有找到麦克风")
            state(page, "idle")
            shoot(page, "phone-no-microphone")
        with browser_page(driver, address, *_FAKE, "--deny-permission-prompts") as page:
            open_phone(page)
            page.get_by_role("button", name="拨打").click()
            expect(page.get_by_role("alert")).to_contain_text("未获准使用麦克风")
        with browser_page(driver, address, *_ALLOWED) as page:
            open_phone(page)
            page.get_by_label("主叫号码").fill("12345")
            page.get_by_role("button", name="拨打").click()
            expect(page.get_by_role("alert")).to_contain_text("不是有效的电话号码")
            expect(page.get_by_label("主叫号码")).to_be_focused()
            monkeypatch.setattr(phone_line, "MOST_CALLS", 0)
            page.get_by_label("主叫号码").fill("")
            page.get_by_role("button", name="拨打").click()
            expect(page.get_by_role("alert")).to_contain_text("线路全忙")
            page.get_by_role("button", name="English").click()
            expect(page.get_by_role("button", name="Dial")).to_be_visible()
            shoot(page, "phone-english")

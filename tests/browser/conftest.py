"""A real browser on a real server. Each test has a desk of its own."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from api.asgi import Application
from api.config import Settings
from api.console.stream import LiveStream, live_pulse, may_watch
from api.serve import make_server
from models.store import Store
from tests.conftest import SECRET
from tests.console import PASSWORD, Desk

#: Where screenshots go when somebody wants to look: `pytest tests/browser --screenshots DIR`.
Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium. For a module only: while it runs, no other test may use asyncio."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("Chromium is missing (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
        )
        yield browser
        browser.close()


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """An empty desk."""
    path = tmp_path / "intake.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}", secret=SECRET)
    yield Desk(store, Settings(data=tmp_path, home=tmp_path))
    store.close()


@pytest.fixture
def address(desk: Desk) -> Iterator[str]:
    """The desk's server, running."""
    web = desk.app()
    stream = LiveStream(
        enter=partial(may_watch, web, desk.context),
        pulse=partial(live_pulse, desk.store, lambda: desk.now),
    )
    application = Application(media=None, web=web, stream=stream)
    server = make_server(application, host="127.0.0.1", port=0)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """A page on a 13-inch screen. Any error in it, refused content too, fails the test."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 1280, "height": 800}, locale="zh-CN"
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    expected = ("the server responded with a status of 4",)
    assert [c for c in complaints if not any(e in c for e in expected)] == []


@pytest.fixture
def shoot(request: pytest.FixtureRequest) -> Shoot:
    """Keeps a screenshot, light and dark, where a folder for them was named."""
    folder = request.config.getoption("--screenshots")

    def keep(page: Page, name: str) -> None:
        if not folder:
            return
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.wait_for_timeout(400)
            page.screenshot(path=Path(folder) / f"{name}-{scheme}.png")
        page.emulate_media(color_scheme="light")

    return keep


@pytest.fixture
def enter(page: Page) -> Callable[[str], None]:
    """Logs somebody in through the form."""

    def log_in(name: str = "anna") -> None:
        page.goto("/console/login")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url("**/console/orders**")

    return log_in


def leave(page: Page) -> None:
    """Forgets the session. Nothing may be under way that would bring it back."""
    page.goto("about:blank")
    page.context.clear_cookies()

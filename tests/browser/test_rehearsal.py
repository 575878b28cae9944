"""A draft replayed against past calls, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from playwright.sync_api import Page, expect

from api.rehearsals import events_of, rehearse
from api.wordings import dialogue_settings
from models import desk as desk_
from models.order import Order
from models.rows_wording import RehearsalRow
from models.staff import Role
from nlp.dialogue.events import CallBegan, CallerHungUp, Event, NothingUnderstood, SilenceFell
from nlp.dialogue.journal import dump_event
from nlp.dialogue.prompts import Prompts
from tests.browser.conftest import Shoot
from tests.console import Desk
from tests.orders import MOBILE, NOW

Enter = Callable[[str], None]


def remember(desk: Desk, sid: str, *further: Event) -> None:
    """Has the desk remember a short call's events."""
    began = CallBegan(at=NOW, order=Order(id=f"o-{sid}", call_sid=sid), caller=MOBILE)
    events: Sequence[Event] = (began, SilenceFell(at=NOW), NothingUnderstood(at=NOW), *further)
    desk.call(f"o-{sid}", sid, recorded=False)
    with desk.store.unit() as uow:
        for seq, event in enumerate(events):
            desk_.append_event(uow, sid, seq, NOW, event.type, dump_event(event))
        uow.commit()


def test_a_draft_is_replayed_before_it_is_published(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("root", Role.ADMIN)
    remember(desk, "CA1", CallerHungUp(at=NOW))
    remember(desk, "CA2", CallerHungUp(at=NOW), SilenceFell(at=NOW))
    enter("root")
    page.goto("/console/prompts/zh/greeting")
    page.fill("[name=texts]", "您好，{company}，请讲。")
    page.get_by_role("button", name="存为草稿").click()
    page.get_by_text("用这个说法重放以往通话").click()
    shoot(page, "rehearse")
    page.get_by_role("button", name="重放").click()
    expect(page.locator("dl.totals")).to_be_visible()
    expect(page.locator("dl.totals div").nth(1)).to_contain_text("2")
    expect(page.locator("dl.totals div").nth(4)).to_contain_text("1")
    expect(page.locator("article").first).to_contain_text("短")
    expect(page.locator("article ins").first).to_be_visible()
    shoot(page, "rehearsal")
    page.get_by_role("button", name="English").click()
    expect(page.locator("article").first).to_contain_text("s shorter")
    shoot(page, "rehearsal-en")
    with desk.store.reading() as uow:
        found = uow.rehearsals.of("zh", "greeting")[0].found
        published = uow.wordings.published()
    assert "您好" not in str(found)
    assert published == {}


def test_a_replay_that_was_lost_says_so(desk: Desk, page: Page, enter: Enter) -> None:
    desk.user("root", Role.ADMIN)
    row = RehearsalRow(lang="zh", key="greeting", version=9, first=NOW.date(), last=NOW.date())
    row.by, row.at, row.state, row.total, row.done, row.found = "root", NOW, "running", 5, 2, []
    row.seen_at = desk.now - timedelta(minutes=2)
    with desk.store.unit() as uow:
        number = uow.rehearsals.add(row)
        uow.commit()
    enter("root")
    page.goto(f"/console/rehearsals/{number}")
    expect(page.get_by_role("alert")).to_contain_text("重新开始")
    rehearse(
        desk.store,
        number,
        own=Prompts.load(),
        settings=dialogue_settings(desk.settings),
        now=lambda: desk.now,
    )
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("重新开始")


def test_only_so_many_calls_are_replayed(desk: Desk) -> None:
    for number in range(3):
        desk.call(f"o{number}", f"CA{number}", at=NOW + timedelta(hours=number), recorded=False)
    with desk.store.reading() as uow:
        day = NOW - timedelta(days=1), NOW + timedelta(days=1)
        assert uow.calls.ended_between(*day, 2) == ["CA2", "CA1"]
    assert events_of(desk.store, "CA1") == []

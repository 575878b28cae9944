"""A clerk has a customer called back, and sees in the order what came of it."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from models import desk as doings
from models.callback import Rang, State
from models.desk import staff
from models.desk.callbacks import end_callback
from models.rows_outbound import CallBackRow, RingRow
from tests.browser.conftest import Shoot
from tests.console import Desk
from tests.orders import MOBILE, NOW

Enter = Callable[[str], None]


def planned(desk: Desk) -> CallBackRow:
    with desk.store.reading() as uow:
        (row,) = uow.call_backs.of_order("o1")
    return row


def rung(desk: Desk, outcome: Rang, state: State) -> None:
    """What a worker and the telephone company make of the planned call-back."""
    with desk.store.unit() as uow:
        (row,) = uow.call_backs.of_order("o1")
        uow.call_backs.add_ring(
            RingRow(
                call_back_id=row.id,
                nth=1,
                number=row.number,
                tries=1,
                tried_at=NOW,
                status="completed",
                outcome=outcome.value,
                ended_at=NOW,
            )
        )
        end_callback(uow, row, state, None, NOW)
        uow.commit()


def test_the_assistant_calls_back_at_a_time(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user(display="安娜")
    desk.call("o1", "CA1")
    enter("anna")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="安排回电").click()
    expect(page.get_by_label("智能助手，现在")).to_be_checked()
    expect(page.locator("#no-line")).to_contain_text("马上交给客服")
    shoot(page, "call-back-choices")
    page.get_by_label("智能助手，在这个时间").check()
    page.locator("input[name=when]").fill("2030-05-06T14:30")
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.locator("div.notice")).to_contain_text("智能助手将从")
    expect(page.locator(".history")).to_contain_text("安排回电")
    row = planned(desk)
    assert (row.number, row.exact, row.by) == (MOBILE, True, "clerk:anna")
    assert row.due_at.isoformat() == "2030-05-06T06:30:00+00:00"
    shoot(page, "call-back-planned")
    rung(desk, Rang.REACHED, State.DONE)
    page.reload()
    expect(page.locator("div.notice")).to_have_count(0)
    expect(page.locator(".history")).to_contain_text("已联系上客户")
    shoot(page, "call-back-over")


def test_a_time_that_is_past_and_a_call_off(desk: Desk, page: Page, enter: Enter) -> None:
    desk.user(display="安娜")
    desk.call("o1", "CA1")
    enter("anna")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="安排回电").click()
    page.get_by_label("智能助手，在这个时间").check()
    page.locator("input[name=when]").fill("2020-05-06T14:30")
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.get_by_text("这个时间已经过了。")).to_be_visible()
    page.locator("summary", has_text="安排回电").click()
    page.get_by_role("button", name="安排", exact=True).click()
    expect(page.locator("div.notice")).to_be_visible()
    page.get_by_role("button", name="取消回电").click()
    expect(page.locator(".history")).to_contain_text("已取消")
    assert planned(desk).state == State.CANCELLED


def test_a_clerk_calls_himself_in_english(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user(display="Anna")
    order = desk.call("o1", "CA1")
    with desk.store.unit() as uow:
        doings.want_call_back(
            uow,
            "CA1",
            caller=MOBILE,
            called=None,
            reason="The line failed during the call.",
            at=NOW,
        )
        uow.commit()
    assert order.id == "o1"
    enter("anna")
    page.goto("/console/orders/o1")
    page.get_by_role("button", name="English").click()
    page.locator("summary", has_text="Arrange a call-back").click()
    page.get_by_label("I call myself").check()
    shoot(page, "call-back-choices-en")
    page.get_by_role("button", name="Arrange it").click()
    expect(page.get_by_text("The clerk calls the customer.").first).to_be_visible()
    expect(page.locator(".history")).to_contain_text("given to a person")
    with desk.store.reading() as uow:
        assert uow.call_backs.of_order("o1") == []
    shoot(page, "call-back-myself-en")


def test_in_english_too_the_page_says_that_there_is_no_line(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user(display="Anna")
    with desk.store.unit() as uow:
        staff.set_lang(uow, "anna", "en")
        uow.commit()
    desk.call("o1", "CA1")
    enter("anna")
    page.goto("/console/orders/o1")
    page.locator("summary", has_text="Arrange a call-back").click()
    expect(page.locator("#no-line")).to_contain_text("a clerk gets the task to call at once")
    shoot(page, "call-back-choices-en")

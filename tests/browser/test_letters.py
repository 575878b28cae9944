"""The signing link by e-mail on an order's page: what went out, and sent anew by a clerk."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from api.jobs.answers import DONE
from api.jobs.letters import Letters
from api.mail import LocalMail
from models.staff import Role
from tests.browser.conftest import Shoot
from tests.browser.site import aside
from tests.console import Desk
from tests.orders import NOW, customer

Enter = Callable[[str], None]


def mailed(desk: Desk) -> None:
    """An order whose link went out by text message and by e-mail."""
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        uow.mails.belongs("wang@customer.example", "c1")
        uow.commit()
    desk.confirmed(desk.call())
    post(desk, "mail_copy")


def post(desk: Desk, kind: str) -> None:
    """The e-mail leaves, as a worker would send it."""
    sender = LocalMail(desk.settings.data / "mail", "desk@example.com")
    letters = Letters(desk.store, desk.settings, sender, lambda: NOW)
    with desk.store.reading() as uow:
        rows = [e.id for e in uow.outbox.in_state("pending") if e.kind == kind]
    assert [letters.hand_over(row) for row in rows] == [DONE]


def test_a_clerk_sees_the_mailed_link_and_sends_it_to_another_address(
    desk: Desk, page: Page, enter: Enter, shoot: Shoot
) -> None:
    desk.user("anna", Role.CLERK, display="安娜")
    aside(mailed, desk)
    enter("anna")
    page.goto("/console/orders/o1")
    expect(page.get_by_text("同一链接已发邮件")).to_be_visible()
    shoot(page, "order_mailed")
    page.locator("summary", has_text="发送链接").click()
    field = page.get_by_label("手机或电子邮箱")
    field.fill("li@customer.example")
    shoot(page, "order_link_form")
    page.locator("form[action$='/link'] button").click()
    expect(page.get_by_text("链接已发出。")).to_be_visible()
    aside(post, desk, "mail_link")
    page.reload()
    expect(page.get_by_text("链接已发邮件", exact=False).first).to_be_visible()
    expect(page.get_by_text("li@customer.example").first).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_text("link e-mailed").first).to_be_visible()
    shoot(page, "order_mailed_en")

"""Logging in, what guards the pages, and one's own account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient

from api.config import Settings
from models.desk import staff
from models.staff import Role
from models.store import Store
from tests.console import PASSWORD, Desk, log_in, post, token_of


@pytest.fixture
def at_desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, Settings(data=tmp_path, home=tmp_path))


@pytest.fixture
def browser(at_desk: Desk) -> Iterator[FlaskClient]:
    at_desk.user()
    return at_desk.app().test_client()


def try_password(browser: FlaskClient, password: str, name: str = "anna") -> int:
    form = browser.get("/console/login").get_data(as_text=True)
    data = {"name": name, "password": password, "csrf_token": token_of(form)}
    return browser.post("/console/login", data=data).status_code


def test_nobody_enters_without_logging_in(browser: FlaskClient) -> None:
    for path in ("/console/", "/console/orders", "/console/nowhere", "/console/orders/o1/edit"):
        answer = browser.get(path)
        assert answer.status_code == 302
        assert "/console/login" in answer.headers["Location"]
    fragment = browser.get("/console/orders", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/console/login"


def test_the_right_password_leads_where_one_wanted_to_go(browser: FlaskClient) -> None:
    form = browser.get("/console/login?next=/console/tasks").get_data(as_text=True)
    data = {"name": " Anna ", "password": PASSWORD, "csrf_token": token_of(form)}
    answer = browser.post("/console/login", data={**data, "next": "/console/tasks"})
    assert answer.headers["Location"] == "/console/tasks"
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/console" in cookie
    assert browser.get("/console/orders").status_code == 200


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/console/", "//elsewhere.example/console/", "/sign/x", ""]
)
def test_no_form_leads_out_of_the_console(browser: FlaskClient, target: str) -> None:
    form = browser.get("/console/login").get_data(as_text=True)
    data = {"name": "anna", "password": PASSWORD, "csrf_token": token_of(form), "next": target}
    assert browser.post("/console/login", data=data).headers["Location"] == "/console/"


def test_where_the_server_is_reached_by_https_the_cookie_is_secure(at_desk: Desk) -> None:
    at_desk.user()
    at_desk.settings = at_desk.settings.model_copy(update={"public_url": "https://desk.example"})
    client = at_desk.app().test_client()
    answer = client.get("/console/login", base_url="https://desk.example")
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_wrong_password_says_nothing_of_the_name_and_makes_the_account_rest(
    browser: FlaskClient, at_desk: Desk
) -> None:
    for name in ("anna", "nobody"):
        assert try_password(browser, "wrong", name) == 401
    for _ in range(5):
        try_password(browser, "wrong")
    assert try_password(browser, PASSWORD) == 401
    at_desk.now += timedelta(hours=1)
    assert try_password(browser, PASSWORD) == 302


def test_many_tries_from_one_address_are_slowed_down(browser: FlaskClient) -> None:
    answers = [try_password(browser, "wrong", f"nobody{i}") for i in range(22)]
    assert answers[:20] == [401] * 20
    assert answers[-1] == 429


def test_a_form_without_its_token_is_refused(browser: FlaskClient) -> None:
    log_in(browser)
    assert browser.post("/console/logout").status_code == 400
    assert browser.get("/console/orders").status_code == 200


def test_an_answer_on_its_way_does_not_bring_a_session_back(browser: FlaskClient) -> None:
    log_in(browser)
    browser.get("/console/orders")
    late = browser.get("/console/orders")
    assert late.status_code == 200
    assert "Set-Cookie" not in late.headers


def test_webhooks_and_the_signing_page_need_no_token(browser: FlaskClient) -> None:
    assert browser.post("/sign/" + "A" * 43).status_code == 404


def test_pages_carry_the_headers_that_guard_them(browser: FlaskClient) -> None:
    log_in(browser)
    page = browser.get("/console/orders")
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    text = page.get_data(as_text=True)
    assert "style=" not in text
    assert "onclick" not in text


def test_a_changed_password_ends_other_sessions(browser: FlaskClient, at_desk: Desk) -> None:
    other = browser.application.test_client()
    log_in(browser)
    log_in(other)
    new = "another-password-9"
    answer = post(browser, "/console/account/password", password=PASSWORD, new=new, again=new)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert browser.get("/console/orders").status_code == 200
    assert other.get("/console/orders").status_code == 302
    assert try_password(other, new) == 302


def test_who_got_a_password_from_somebody_chooses_their_own_first(
    browser: FlaskClient, at_desk: Desk
) -> None:
    with at_desk.store.unit() as uow:
        uow.users.row("anna").must_change = True
        uow.commit()
    log_in(browser)
    assert browser.get("/console/orders").headers["Location"] == "/console/account"


def test_a_closed_account_is_out_at_once(browser: FlaskClient, at_desk: Desk) -> None:
    log_in(browser)
    with at_desk.store.unit() as uow:
        staff.change_user(
            uow,
            "anna",
            display="",
            role=Role.CLERK,
            phone=None,
            active=False,
            by="root",
            at=at_desk.now,
        )
        uow.commit()
    assert browser.get("/console/orders").status_code == 302
    assert try_password(browser, PASSWORD) == 401


def test_a_one_time_code_is_asked_for_where_it_is_set_up(
    browser: FlaskClient, at_desk: Desk
) -> None:
    log_in(browser)
    page = post(browser, "/console/account/totp").get_data(as_text=True)  # type: ignore[attr-defined]
    secret = page.split("<code>", 1)[1].split("<", 1)[0]
    totp = pyotp.TOTP(secret)
    code = totp.at(at_desk.now)
    post(browser, "/console/account/totp", code=code)
    assert browser.get("/console/orders").status_code == 200
    with at_desk.store.reading() as uow:
        [(name, kept)] = uow.users.totp_secrets()
    assert name == "anna"
    assert secret not in kept

    fresh = browser.application.test_client()
    assert try_password(fresh, PASSWORD) == 200
    assert fresh.get("/console/orders").status_code == 302

    def give(code: str) -> int:
        form = fresh.get("/console/login").get_data(as_text=True)
        data = {"code": code, "csrf_token": token_of(form)}
        return fresh.post("/console/login/code", data=data).status_code

    assert give("000000") == 401
    assert give(code) == 302
    assert fresh.get("/console/orders").status_code == 200
    again = browser.application.test_client()
    try_password(again, PASSWORD)
    form = again.get("/console/login").get_data(as_text=True)
    data = {"code": code, "csrf_token": token_of(form)}
    assert again.post("/console/login/code", data=data).status_code == 401


def test_the_language_is_chinese_until_somebody_chooses(browser: FlaskClient) -> None:
    assert 'lang="zh-CN"' in browser.get("/console/login").get_data(as_text=True)
    log_in(browser)
    page = post(browser, "/console/lang", lang="en", next="/console/orders")
    assert "All open" in page.get_data(as_text=True)  # type: ignore[attr-defined]
    later = browser.application.test_client()
    log_in(later)
    assert 'lang="en"' in later.get("/console/orders").get_data(as_text=True)


def test_assets_are_these_and_no_others(browser: FlaskClient) -> None:
    with browser.get("/console/assets/htmx.js") as script:
        assert script.status_code == 200
    for name in ("package.json", "..%2fpackage.json", "htmx.org%2fdist%2fhtmx.js"):
        assert browser.get(f"/console/assets/{name}").status_code in (302, 404)

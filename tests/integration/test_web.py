"""The signing page and the JSON API, asked as a browser and a program would."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from pydantic import SecretStr

from api import rest, sign
from api.app import create_app
from api.config import Settings
from api.metrics import Metrics
from api.sign import verification
from models import desk
from models.call import Turn
from models.fields import Value
from models.notices import notice_for
from models.order import Status
from models.store import Store
from tests.orders import DRAWING, NOW, draft, field, linked

CONSENTS = list(notice_for("air", "zh").consents)


def site(store: Store, settings: Settings) -> Flask:
    doors = (
        rest.blueprint(store, settings),
        sign.blueprint(store, settings),
        verification.blueprint(store, settings),
    )
    return create_app(doors, checks={"database": store.ping}, metrics=Metrics())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path)


@pytest.fixture
def browser(store: Store, settings: Settings) -> FlaskClient:
    return site(store, settings).test_client()


def filled(browser: FlaskClient, token: str, *, name: str = "李雷") -> dict[str, object]:
    """What a browser sends from the page as it shows it now, filled in by `name`."""
    text = browser.get(f"/sign/{token}").get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', text)
    drawing = json.dumps(DRAWING.as_json())
    given = {"name": name, "consent": CONSENTS, "drawing": drawing}
    return given | {"seen": seen.group(1) if seen else ""}


def status_of(store: Store, order_id: str = "o1") -> Status:
    with store.reading() as uow:
        order = uow.orders.get(order_id)
    assert order is not None
    return order.status


def test_the_link_shows_order_notice_and_a_form(store: Store, browser: FlaskClient) -> None:
    _, token = linked(store, draft(), valid_hours=1_000_000)
    page = browser.get(f"/sign/{token}")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert "危险货物通知函" in text
    assert "耳机" in text
    assert "16" in text
    assert "<form" in text
    assert page.headers["Cache-Control"] == "no-store"
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert all("<script src=" in line for line in text.splitlines() if "<script" in line)
    assert "Dangerous Goods Notice" in browser.get(f"/sign/{token}?lang=en").get_data(as_text=True)


def test_a_name_and_every_consent_sign_this_version_once(
    store: Store, browser: FlaskClient
) -> None:
    order, token = linked(store, draft(), valid_hours=1_000_000)
    for name in ("李雷", "韩梅梅"):
        answer = browser.post(f"/sign/{token}", data=filled(browser, token, name=name))
        assert answer.status_code == 303
        page = browser.get(answer.headers["Location"])
        assert "李雷" in page.get_data(as_text=True)
    assert status_of(store) is Status.SIGNED
    with store.reading() as uow:
        signature = uow.signatures.get(order.id, order.version)
    assert signature is not None
    assert signature.order_digest == order.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"consent": CONSENTS[:-1]},
        {"seen": "another text"},
        {"drawing": "no strokes"},
    ],
)
def test_what_is_incomplete_signs_nothing(
    store: Store, browser: FlaskClient, change: dict[str, object]
) -> None:
    _, token = linked(store, draft(), valid_hours=1_000_000)
    page = browser.post(f"/sign/{token}", data=filled(browser, token) | change)
    assert page.status_code == 409
    assert 'role="alert"' in page.get_data(as_text=True)
    assert status_of(store) is Status.AWAITING_SIGNATURE


def test_a_form_of_another_site_is_refused(store: Store, browser: FlaskClient) -> None:
    _, token = linked(store, draft(), valid_hours=1_000_000)
    page = browser.post(
        f"/sign/{token}",
        data=filled(browser, token),
        headers={"Origin": "https://elsewhere.example"},
    )
    assert page.status_code == 404
    assert status_of(store) is Status.AWAITING_SIGNATURE


def test_a_changed_order_voids_the_link(store: Store, browser: FlaskClient) -> None:
    order, token = linked(store, draft(), valid_hours=1_000_000)
    pieces: Value = 12
    with store.unit() as uow:
        changed = {"pieces": field(pieces, by="clerk:anna")}
        desk.change_order(uow, order.id, order.version, changed, by="clerk:anna", at=NOW)
        uow.commit()
    page = browser.post(f"/sign/{token}", data=filled(browser, token))
    assert page.status_code == 409
    assert "<form" not in page.get_data(as_text=True)
    assert status_of(store) is Status.DRAFT


@pytest.mark.parametrize("token", ["x", "A" * 43, "%2e%2e"])
def test_an_unknown_link_tells_nothing(browser: FlaskClient, token: str) -> None:
    assert browser.get(f"/sign/{token}").status_code == 404


def test_an_expired_link_says_what_to_do(store: Store, browser: FlaskClient) -> None:
    _, token = linked(store, draft(), valid_hours=-1_000_000)
    page = browser.get(f"/sign/{token}")
    assert page.status_code == 410
    assert "致电" in page.get_data(as_text=True)


def test_the_api_gives_the_growing_transcript_and_the_order(
    store: Store, browser: FlaskClient
) -> None:
    order, _ = linked(store, draft())
    with store.unit() as uow:
        turn = Turn(index=0, speaker="assistant", text="您好", started_ms=40, prompt="greeting@1")
        desk.put_turn(uow, "CA1", turn)
        uow.commit()
    call = browser.get("/api/v1/calls/CA1").get_json()
    assert call["order_id"] == order.id
    assert call["turns"][0]["text"] == "您好"
    assert call["turns"][0]["ended_ms"] is None
    found = browser.get(f"/api/v1/orders/{order.id}").get_json()
    assert found["values"]["pieces"] == 16
    assert found["fields"]["pieces"]["changed_by"] == "caller"
    assert found["number"] == order.number
    assert browser.get("/api/v1/calls/CA9").status_code == 404


def test_the_description_is_valid(browser: FlaskClient) -> None:
    described = browser.get("/api/v1/openapi.json").get_json()
    validate(described)
    assert "/calls/{call_sid}" in described["paths"]


def test_without_a_token_only_direct_requests_of_this_machine_enter(
    store: Store, browser: FlaskClient
) -> None:
    linked(store, draft())
    assert browser.get("/api/v1/calls/CA1").status_code == 200
    proxied = browser.get("/api/v1/calls/CA1", headers={"X-Forwarded-For": "127.0.0.1"})
    assert proxied.status_code == 401
    far = browser.get("/api/v1/calls/CA1", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert far.status_code == 401


def test_with_a_token_nobody_enters_without_it(store: Store, settings: Settings) -> None:
    guarded = settings.model_copy(update={"api_token": SecretStr("right")})
    program = site(store, guarded).test_client()
    assert program.get("/api/v1/openapi.json").status_code == 401
    allowed = program.get("/api/v1/openapi.json", headers={"Authorization": "Bearer right"})
    assert allowed.status_code == 200

"""The public pages under pressure: too many requests, too large files, a busy database."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api import sign
from api.app import create_app
from api.assets import asset
from api.config import Settings
from api.metrics import Metrics
from api.sign import verification
from api.signed.check import LARGEST
from models import desk
from models.errors import ExternalError
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import NOW, VISIT, draft, linked
from tests.workers import deliver_due

HOURS = 1_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", home=tmp_path, sign_code=True)


@pytest.fixture
def browser(sqlite_store: Store, settings: Settings) -> FlaskClient:
    begun = datetime.now(UTC)  # stands still, so that no window of a limit ends in between
    doors = (
        sign.blueprint(sqlite_store, settings, lambda: begun),
        verification.blueprint(sqlite_store, settings),
    )
    return create_app(doors, checks={}, metrics=Metrics()).test_client()


@pytest.mark.parametrize(("path", "most"), [("", 20), ("/code", 10)])
def test_forms_are_limited_by_address(
    sqlite_store: Store, browser: FlaskClient, path: str, most: int
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    answers = [browser.post(f"/sign/{token}{path}").status_code for _ in range(most + 1)]
    assert 429 not in answers[:most]
    assert answers[most] == 429
    elsewhere = browser.post(f"/sign/{token}{path}", environ_base={"REMOTE_ADDR": "203.0.113.7"})
    assert elsewhere.status_code != 429


def test_guessing_links_is_limited(browser: FlaskClient) -> None:
    answers = {browser.get(f"/sign/{'A' * 40}{n:03d}").status_code for n in range(130)}
    assert answers == {404, 429}


def test_two_wishes_for_a_code_send_one(
    sqlite_store: Store, settings: Settings, browser: FlaskClient
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    texts = [browser.post(f"/sign/{token}/code").get_data(as_text=True) for _ in range(2)]
    assert "已发送" in texts[0]
    assert "刚刚发送过" in texts[1]
    with sqlite_store.reading() as uow:
        at = uow.link_events.of_version("o1", 1)[-1].at
    sms = FakeSms()
    deliver_due(sqlite_store, settings, sms, at)
    assert len([body for _, body in sms.sent if "验证码" in body]) == 1
    assert browser.get(f"/sign/{token}/code").status_code == 302


def test_a_code_that_waited_too_long_is_not_sent(sqlite_store: Store, settings: Settings) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    with sqlite_store.unit() as uow:
        desk.send_code(uow, token, NOW, VISIT)
        uow.commit()
    sms = FakeSms()
    deliver_due(sqlite_store, settings, sms, NOW.replace(hour=12))
    assert ["验证码" in body for _, body in sms.sent] == [False]


def test_the_document_is_given_to_the_signers_link_only(
    sqlite_store: Store, browser: FlaskClient
) -> None:
    _, token = linked(sqlite_store, draft(), valid_hours=HOURS)
    assert browser.get(f"/sign/{token}/paper.pdf").status_code == 404
    assert browser.get(f"/sign/{'A' * 43}/paper.pdf").status_code == 404


def test_a_busy_database_is_no_fault_of_the_link(
    sqlite_store: Store, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise ExternalError("locked", retryable=True)

    monkeypatch.setattr("models.desk.view_link", busy)
    assert browser.get(f"/sign/{'A' * 43}").status_code == 503


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"", 400),
        (b"not a document", 422),
        (b"%PDF-1.7 /ByteRange [0 1 2 3]", 422),
    ],
)
def test_only_our_documents_pass(browser: FlaskClient, data: bytes, status: int) -> None:
    answer = browser.post("/verify", data={"file": (BytesIO(data), "any.pdf")})
    assert answer.status_code == status
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_a_body_that_is_too_large_is_not_read(browser: FlaskClient) -> None:
    form = "multipart/form-data; boundary=any"
    answer = browser.post("/verify", data=b"x" * (LARGEST + 100_000), content_type=form)
    assert answer.status_code == 413
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_no_file_is_asked_for(browser: FlaskClient) -> None:
    assert browser.post("/verify").status_code == 400
    assert browser.get("/verify?lang=en").status_code == 200


def test_scripts_come_from_the_lock_file(browser: FlaskClient) -> None:
    with browser.get("/sign/pad.js") as answer:
        assert answer.mimetype == "text/javascript"
    with pytest.raises(ExternalError, match="npm ci"):
        asset("nothing/of/this.js")

"""Every page of the console, asked by everybody: who may see it, and does it come."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from api.config import Settings
from models.desk import review
from models.fields import FIELDS
from models.staff import RIGHTS, Permission, Role
from models.store import Store
from tests.console import Desk, log_in, post

#: Pages by the right they need.
PAGES = {
    Permission.VIEW: (
        "/console/orders",
        "/console/orders?queue=all&q=耳机&owner=-&since=2026-11-01&before=2026-12-01&page=2",
        "/console/orders?queue=nonsense&status=x&since=yesterday&page=-3",
        "/console/orders/o1",
        "/console/orders/o1/print",
        "/console/export/orders.csv",
        "/console/tasks?state=done&kind=call_back",
        "/console/search?q=耳机",
        "/console/calls",
        "/console/calls/CA1?alone=1",
        "/console/calls/CA1/outline.json",
        "/console/live",
        "/console/live/calls",
        "/console/live/CA2",
        "/console/live/CA2/now",
        "/console/account",
    ),
    Permission.HANDLE: ("/console/orders/o1/edit",),
    Permission.CUSTOMERS: ("/console/customers", "/console/customers/new"),
    Permission.AUDIT: ("/console/audit?who=anna&action=order&subject=order:",),
    Permission.ADMIN: (
        "/console/users",
        "/console/users/anna",
        "/console/tokens",
        "/console/dialogue",
        "/console/prompts?of=en&q=pieces",
        "/console/prompts/zh/ask.pieces",
        "/console/prompts/zh/ask.pieces/own.wav",
    ),
}


@pytest.fixture
def at_desk(store: Store, tmp_path: Path) -> Desk:
    found = Desk(store, Settings(data=tmp_path, home=tmp_path))
    found.user()
    found.signed(found.confirmed(found.call("o1", "CA1")))
    found.call("o2", "CA2", ended=False, turns=3)
    return found


def test_each_role_sees_its_pages_and_no_others(at_desk: Desk) -> None:
    app = at_desk.app()
    for role in Role:
        name = f"x-{role.value}"
        at_desk.user(name, role)
        client = app.test_client()
        log_in(client, name)
        for permission, pages in PAGES.items():
            expected = 200 if permission in RIGHTS[role] else 403
            for page in pages:
                with client.get(page) as answer:
                    assert answer.status_code == expected, (role, page)


def test_every_form_is_closed_to_those_without_the_right(at_desk: Desk) -> None:
    at_desk.user("wang", Role.WAREHOUSE_MANAGER)
    client = at_desk.app().test_client()
    log_in(client, "wang")
    for path in (
        *(f"/console/orders/o1/{step}" for step in ("take", "confirm", "link", "clear")),
        *(f"/console/orders/o1/{step}" for step in ("release", "reject", "cancel", "edit")),
        "/console/live/CA2/take-over",
        "/console/tasks/1/done",
        "/console/users",
        "/console/users/anna/password",
        "/console/tokens",
        "/console/customers/new",
        "/console/prompts/zh/ask.pieces",
        "/console/audit/verify",
    ):
        answer = post(client, path)
        assert answer.status_code == 403, path  # type: ignore[attr-defined]
    handed = post(client, "/console/orders/o1/hand-over", to="anna")
    assert "无权" not in handed.get_data(as_text=True)  # type: ignore[attr-defined]


def test_nothing_is_found_where_nothing_is(at_desk: Desk) -> None:
    client = at_desk.app().test_client()
    log_in(client)
    for path in (
        "/console/orders/none",
        "/console/calls/none",
        "/console/calls/CA2/recording.wav",
        "/console/calls/none/outline.json",
        "/console/live/none",
        "/console/none",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/console/search?q=%00").status_code == 400


def test_a_recording_comes_by_ranges_and_only_from_its_folder(at_desk: Desk) -> None:
    client = at_desk.app().test_client()
    log_in(client)
    path = "/console/calls/CA1/recording.wav"
    with client.get(path, headers={"Range": "bytes=1000-1999"}) as part:
        assert part.status_code == 206
        assert part.headers["Content-Range"].startswith("bytes 1000-1999/")
        assert len(part.data) == 1000
    drawing = client.get("/console/calls/CA1/outline.json").get_json()
    assert drawing["duration"] == 22.5
    assert max(drawing["caller"]) > 0.2
    assert len(drawing["caller"]) == len(drawing["assistant"]) == 1200
    with at_desk.store.unit() as uow:
        uow.calls.row("CA1").recording = "/etc/passwd"
        uow.commit()
    assert client.get(path).status_code == 404


def test_exports_hold_what_the_filters_show_and_no_formula(at_desk: Desk) -> None:
    client = at_desk.app().test_client()
    log_in(client)
    with at_desk.store.unit() as uow:
        anna = uow.users.get(1)
        assert anna is not None
        order = uow.orders.get("o1")
        assert order is not None
        review.edit(
            uow,
            "o1",
            version=order.version,
            values={"remarks": "=1+1", "contact.phone": "+8613800138000"},
            empty=set(),
            user=anna,
            at=at_desk.now,
        )
        uow.commit()
    text = client.get("/console/export/orders.csv?q=耳机").data.decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert len(head) == len(FIELDS) + 4
    found = dict(zip(head, next(row for row in rows if row[0]), strict=True))
    assert found["备注"] == "'=1+1"
    assert found["联系电话"] == "+8613800138000"
    book = load_workbook(io.BytesIO(client.get("/console/export/orders.xlsx").data))
    assert book.active is not None
    assert book.active.max_row == 1 + len(rows)


def test_a_refused_step_says_why(at_desk: Desk) -> None:
    client: FlaskClient = at_desk.app().test_client()
    log_in(client)
    page = post(client, "/console/orders/o1/release", lock=1).get_data(as_text=True)  # type: ignore[attr-defined]
    assert "另一位同事刚刚处理过" in page
    page = post(client, "/console/orders/o1/cancel", lock="x").get_data(as_text=True)  # type: ignore[attr-defined]
    assert "另一位同事刚刚处理过" in page
    assert post(client, "/console/orders/none/cancel").status_code == 404  # type: ignore[attr-defined]

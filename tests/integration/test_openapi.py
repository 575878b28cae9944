"""The JSON API held to its own description by generated requests, and tokens with scopes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.config import Settings
from models.desk import staff
from models.staff import Scope
from models.store import Store
from tests.console import Desk

EXAMPLES = 40
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@pytest.fixture
def app(store: Store, tmp_path: Path) -> Flask:
    """The application on a desk with a signed order and a running call, on each database."""
    desk = Desk(store, Settings(data=tmp_path, home=tmp_path))
    desk.signed(desk.confirmed(desk.call("o1", "CA1")))
    desk.call("o2", "CA2", ended=False, turns=3)
    return desk.app()


def token(store: Store, *scopes: Scope) -> dict[str, str]:
    """A new token's header. The API's clock is the machine's own."""
    with store.unit() as uow:
        made = staff.add_token(
            uow, name="crm", scopes=scopes, expires_at=None, by="root", at=datetime.now(UTC)
        )
        uow.commit()
    return {"Authorization": f"Bearer {made}"}


def test_whatever_is_asked_is_answered_as_described(store: Store, app: Flask) -> None:
    headers = token(store, *Scope)
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, headers=headers)
    operations = [result.ok() for result in schema.get_all_operations()]
    assert len(operations) == 4
    for operation in operations:
        hold(operation, headers)


def hold(operation: APIOperation, headers: dict[str, str]) -> None:  # type: ignore[type-arg]
    """Holds one address to its description, whatever it is asked."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=CHECKS, headers=headers)

    ask()


def test_a_token_reads_what_its_scopes_say(store: Store, app: Flask) -> None:
    client: FlaskClient = app.test_client()
    orders = token(store, Scope.ORDERS)
    assert client.get("/api/v1/orders", headers=orders).status_code == 200
    assert client.get("/api/v1/openapi.json", headers=orders).status_code == 200
    assert client.get("/api/v1/orders/o1", headers=orders).status_code == 200
    assert client.get("/api/v1/calls/CA1", headers=orders).status_code == 403
    assert client.get("/api/v1/messages", headers=orders).status_code == 403
    calls = token(store, Scope.CALLS, Scope.MESSAGES)
    assert client.get("/api/v1/calls/CA1", headers=calls).status_code == 200
    assert client.get("/api/v1/orders", headers=calls).status_code == 403
    with store.unit() as uow:
        staff.revoke_token(uow, 1, by="root", at=uow.api_tokens.get(1).created_at)
        uow.commit()
    assert client.get("/api/v1/orders", headers=orders).status_code == 401
    with store.reading() as uow:
        assert uow.api_tokens.get(2).used_at is not None


def test_a_wrong_token_opens_nothing_even_on_this_machine(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/api/v1/orders").status_code == 200
    wrong = {"Authorization": "Bearer vit_wrong"}
    answer = client.get("/api/v1/orders", headers=wrong)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"

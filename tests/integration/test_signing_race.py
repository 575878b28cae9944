"""Many hands at one link at the same moment, and signatures from before there were documents."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from api.config import Settings
from api.signed.papers import Papers
from models import desk, onecode, schema
from models.errors import NotFound
from models.store import Store
from tests.orders import NOW, VISIT, draft, linked, signing


def test_many_signers_at_once_are_one_signature_and_one_document(
    store: Store, tmp_path: Path
) -> None:
    _, token = linked(store, draft())
    papers = Papers(store, Settings(data=tmp_path, home=tmp_path))

    def sign(n: int) -> tuple[str, bytes]:
        with store.unit() as uow:
            view = desk.sign(uow, token, signing(uow, token, name=f"签署人{n}"), NOW)
            uow.commit()
        assert view.signature is not None
        return view.signature.name, papers.ensure("o1", 1)

    with ThreadPoolExecutor(6) as pool:
        answers = set(pool.map(sign, range(6)))
    assert len(answers) == 1
    with store.reading() as uow:
        assert [entry.step for entry in uow.orders.history("o1")].count("sign") == 1


def test_many_wishes_at_once_send_one_code_and_every_wrong_try_counts(store: Store) -> None:
    _, token = linked(store, draft())

    def ask(_: int) -> bool:
        with store.unit() as uow:
            try:
                desk.send_code(uow, token, NOW, VISIT)
            except onecode.CodeTooSoon:
                return False
            uow.commit()
        return True

    def guess(n: int) -> bool:
        with store.unit() as uow:
            right = desk.prove_mobile(uow, token, f"no{n}", NOW, VISIT)
            uow.commit()
        return right

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(ask, range(6))) == 1
        assert not any(pool.map(guess, range(6)))
    with store.reading() as uow:
        link = desk.visits.find_link(uow, token)
        assert uow.codes.of_link(link.token_hash)[0].wrong_tries == onecode.MOST_TRIES


def test_an_older_signature_stays_and_has_no_document(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, home=tmp_path)
    store = Store(settings.db_url, secret="any")
    schema.upgrade(store, "0001")
    with store.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO orders (id, channel, status, version, fields, review_reasons, writer,"
                " created_at, updated_at, lock) VALUES"
                " ('o1', 'phone', 'signed', 1, '{}', '[]', 'any', :at, :at, 1)"
            ),
            {"at": "2026-11-01 00:00:00.000000"},
        )
        connection.execute(
            text(
                "INSERT INTO signatures (order_id, order_version, order_digest, notice,"
                " notice_digest, payload, name, consents, at, ip, user_agent) VALUES"
                " ('o1', 1, 'd', 'n', 'd', '{}', '王小明', '[]', :at, '', '')"
            ),
            {"at": "2026-11-01 00:00:00.000000"},
        )
    schema.upgrade(store)
    assert schema.differences(store) == []
    with store.reading() as uow:
        signature = uow.signatures.get("o1", 1)
    assert signature is not None
    assert signature.name == "王小明"
    with pytest.raises(NotFound):
        Papers(store, settings).ensure("o1", 1)
    schema.downgrade(store, "0001")
    assert schema.revision(store) == "0001"
    store.close()

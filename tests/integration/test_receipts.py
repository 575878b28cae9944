"""Who sends orders by e-mail is told so: once, in the thread, and never a machine or a forger."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.jobs.answers import DONE, USELESS
from api.jobs.mailing import Mailing
from api.mail import LocalMail
from models.desk.onboarding_mails import MAIL
from models.repositories.outbox import Effect
from models.store import Store
from nlp.understand import Understander
from tests.integration.test_mails import arrive, know_sender, letter, read_all
from tests.orders import NOW


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, mail_authserv="mx.desk.example")


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def waiting(store: Store) -> list[Effect]:
    with store.reading() as uow:
        return [
            effect
            for effect in uow.outbox.in_state("pending")
            if effect.kind == MAIL and effect.payload["what"] == "received"
        ]


def sent(store: Store, settings: Settings, effect: Effect) -> EmailMessage | None:
    mailing = Mailing(
        store, settings, LocalMail(settings.data / "mail", settings.mail_from), lambda: NOW
    )
    outcome = mailing.hand_over(effect.id)
    files = list((settings.data / "mail").glob("*.eml"))
    assert outcome == (DONE if files else USELESS)
    return message_from_bytes(files[0].read_bytes(), policy=policy.default) if files else None


def test_a_known_sender_is_answered_in_the_thread(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    arrive(store, letter())
    read_all(store, settings, understander)
    (effect,) = waiting(store)
    message = sent(store, settings, effect)
    assert message is not None
    assert (message["To"], message["Subject"]) == ("wang@customer.example", "Re: 发货")
    assert message["In-Reply-To"] == message["References"] == "<1@customer.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    text = message.get_content()
    assert "1 票" in text
    assert "锂电池" in text
    assert "/sign/" not in text


def test_one_receipt_in_ten_minutes(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    for number in range(3):
        arrive(store, letter(number=number, text=letter_text(number)))
    read_all(store, settings, understander)
    assert len(waiting(store)) == 1


@pytest.mark.parametrize(
    ("proof", "count"),
    [
        ("", 0),
        ("mx.desk.example; spf=none; dkim=none", 0),
        ("mx.desk.example; spf=pass; dkim=none", 1),
        ("mx.desk.example; spf=fail; dkim=pass", 0),
        ("mx.desk.example; spf=fail; dkim=none; dmarc=fail", 0),
    ],
)
def test_who_is_not_in_the_register_is_answered_when_proven(
    store: Store, settings: Settings, understander: Understander, proof: str, count: int
) -> None:
    arrive(store, letter(proof=proof))
    read_all(store, settings, understander)
    assert len(waiting(store)) == count


def test_a_forger_who_names_a_known_sender_gets_neither_receipt_nor_link(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    mail_id = arrive(store, letter(proof="mx.desk.example; spf=fail; dkim=none; dmarc=fail"))
    read_all(store, settings, understander)
    assert waiting(store) == []
    assert mail_id is not None
    with store.reading() as uow:
        (order_id,) = uow.mails.get(mail_id).orders
        kinds = {effect.kind for effect in uow.outbox.in_state("pending")}
        assert uow.links.latest(order_id) is None
    assert not {kind for kind in kinds if kind.startswith(("mail_", "sms_"))}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("List-Id", "<orders.customer.example>"),
        ("Return-Path", "<>"),
        ("X-Auto-Response-Suppress", "All"),
    ],
)
def test_lists_machines_and_bounces_are_left_alone(
    store: Store, settings: Settings, understander: Understander, name: str, value: str
) -> None:
    know_sender(store)
    arrive(store, f"{name}: {value}\n".encode() + letter())
    read_all(store, settings, understander)
    (effect,) = waiting(store)
    assert sent(store, settings, effect) is None


@pytest.mark.parametrize(
    "ours",
    [
        {"mail_receipts": False},
        {"mail_from": "wang@customer.example"},
        {"imap_url": SecretStr("imaps://wang%40customer.example:secret@mx.example/INBOX")},
    ],
)
def test_none_where_none_are_wanted_and_none_to_ourselves(
    store: Store, tmp_path: Path, understander: Understander, ours: dict[str, object]
) -> None:
    settings = Settings(data=tmp_path, mail_authserv="mx.desk.example", **ours)  # type: ignore[arg-type]
    know_sender(store)
    arrive(store, letter())
    read_all(store, settings, understander)
    (effect,) = waiting(store)
    assert sent(store, settings, effect) is None


def test_an_emptied_mail_is_not_answered(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    mail_id = arrive(store, letter(), NOW - timedelta(minutes=1))
    read_all(store, settings, understander)
    (effect,) = waiting(store)
    assert mail_id is not None
    with store.unit() as uow:
        uow.mails.locked(mail_id).raw = b""
        uow.commit()
    assert sent(store, settings, effect) is None


def letter_text(number: int) -> str:
    return f"货物：服装\n件数：{number + 3}\n收货人：李雷\n收货地址：北京市朝阳区建国路1号"

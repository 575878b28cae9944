"""The signing link by e-mail: beside the text message, alone, lost, and never twice."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.intake.received import keep, received
from api.jobs.answers import AGAIN, DONE, FAILED
from api.jobs.letters import Letters
from api.mail import LocalMail, Mail, Unsure
from models import desk, links
from models.desk import onboarding
from models.desk.addresses import mail_address
from models.errors import ExternalError
from models.onboarding import Contact, Form
from models.order import Order
from models.store import Store
from tests.fakes import FakeSms
from tests.onboarding import people
from tests.orders import LANDLINE, MOBILE, NOW, begun, customer, draft, linked, signing
from tests.smtp import Inbox, receiving
from tests.workers import until, working

ROOT = Path(__file__).parents[2]
ADDRESS = "wang@customer.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    with receiving() as found:
        yield found


class OneMail:
    """A mail sender that does as it is told."""

    repeatable = False

    def __init__(self, *errors: ExternalError) -> None:
        self.errors = list(errors)
        self.sent: list[Mail] = []

    def send(self, mail: Mail) -> str:
        if self.errors:
            raise self.errors.pop(0)
        self.sent.append(mail)
        return f"<{len(self.sent)}@desk.example>"


def know(store: Store) -> None:
    """The customer writes from an address."""
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.mails.belongs(ADDRESS, "c1")
        uow.commit()


def row_of(store: Store, kind: str) -> int:
    with store.reading() as uow:
        return next(e.id for e in uow.outbox.in_state("pending") if e.kind == kind)


def tasks(store: Store) -> list[tuple[str, str]]:
    with store.reading() as uow:
        return [(task.kind, task.reason) for task in uow.tasks.of_order("o1")]


def test_the_same_link_goes_by_text_and_by_mail_in_both_languages(
    store: Store, settings: Settings, inbox: tuple[Inbox, str]
) -> None:
    handler, url = inbox
    know(store)
    _, token = linked(store, draft())
    sms = FakeSms()
    with working(store, settings.model_copy(update={"smtp_url": SecretStr(url)}), sms):
        until(lambda: len(handler.got) == 1)
        until(lambda: len(kept(store)) == 2)
    [message] = handler.got
    [(_, text)] = sms.sent
    link = f"https://intake.example.com/sign/{token}"
    body = message.get_content()
    assert link in text
    assert body.count(link) == 2
    assert "危险货物通知函" in body
    assert "Dangerous Goods Notice" in body
    assert "不得夹带托运" in body
    assert message["To"] == ADDRESS
    assert message["Auto-Submitted"] == "auto-generated"
    [mailed, texted] = kept(store)
    assert mailed == (ADDRESS, "sent", "MIME")
    assert texted[::2] == (MOBILE, "UCS-2")


def kept(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as uow:
        return sorted(
            ((m.mobile, m.status, m.encoding) for m in uow.messages.of_order("o1")), reverse=True
        )


def test_who_has_a_landline_only_gets_the_link_reminders_and_code_by_mail(
    sqlite_store: Store, settings: Settings, tmp_path: Path
) -> None:
    know(sqlite_store)
    order = draft(**{"contact.phone": LANDLINE})
    begun(sqlite_store, order, caller=LANDLINE)
    with sqlite_store.unit() as uow:
        desk.confirm_order(uow, order, NOW)
        given = {"lang": "en", "at": NOW, "valid_hours": 72}
        assert desk.link_by_mail(uow, "o1", **given)  # type: ignore[arg-type]
        assert not desk.link_by_mail(uow, "o1", **given)  # type: ignore[arg-type]
        (link,) = uow.links.of_version("o1", 1)
        token = links.token(uow.secret, link.nonce)
        desk.send_code(uow, token, NOW, desk.Visit("203.0.113.7", "a phone"))
        desk.queue_reminder(uow, uow.outbox.effect(1).payload, 1, NOW)
        uow.commit()
    assert link.mobile == ADDRESS
    later = NOW + timedelta(minutes=1)
    letters = Letters(
        sqlite_store, settings, LocalMail(tmp_path / "mail", "desk@example.com"), lambda: later
    )
    for kind in ("mail_link", "mail_code", "mail_reminder"):
        assert letters.hand_over(row_of(sqlite_store, kind)) == DONE
    with sqlite_store.reading() as uow:
        stored = {m.key.partition(":")[0]: m.body for m in uow.messages.of_order("o1")}
    assert set(stored) == {"mail_link", "mail_code", "mail_reminder"}
    assert "******" in stored["mail_code"]
    assert re.search(r"\b\d{6}\b", stored["mail_code"]) is None
    # English stands first for who spoke English.
    assert stored["mail_link"].startswith("Hello")


def test_a_mail_that_was_refused_is_tried_again_and_one_that_may_have_gone_is_not(
    sqlite_store: Store, settings: Settings
) -> None:
    know(sqlite_store)
    linked(sqlite_store, draft())
    sender = OneMail(ExternalError("busy", retryable=True), Unsure())
    row = row_of(sqlite_store, "mail_copy")
    letters = Letters(sqlite_store, settings, sender, lambda: NOW)
    assert letters.hand_over(row) == AGAIN
    assert letters.hand_over(row) == FAILED  # the line broke half-way
    assert letters.hand_over(row) == FAILED  # and nobody knows more than before
    assert sender.sent == []
    letters.give_up(row)
    assert tasks(sqlite_store)[0][0] == "mail_failed"
    assert tasks(sqlite_store)[0][1].startswith("Nobody knows")


def test_a_link_that_is_signed_meanwhile_is_not_mailed(
    sqlite_store: Store, settings: Settings
) -> None:
    know(sqlite_store)
    _, token = linked(sqlite_store, draft())
    with sqlite_store.unit() as uow:
        desk.sign(uow, token, signing(uow, token), NOW)
        uow.commit()
    sender = OneMail()
    letters = Letters(sqlite_store, settings, sender, lambda: NOW)
    assert letters.hand_over(row_of(sqlite_store, "mail_copy")) == "useless"
    assert sender.sent == []


def bounce(message_id: str) -> bytes:
    """What a mail server writes when nobody is at home."""
    return (
        "From: MAILER-DAEMON@customer.example\r\nMessage-ID: <b1@customer.example>\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\r\n\r\n'
        "--x\r\nContent-Type: text/plain\r\n\r\nno such user\r\n"
        "--x\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {ADDRESS}\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--x\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--x--\r\n"
    ).encode()


def test_a_bounce_is_noted_and_given_to_a_person(sqlite_store: Store, settings: Settings) -> None:
    know(sqlite_store)
    linked(sqlite_store, draft())
    letters = Letters(sqlite_store, settings, OneMail(), lambda: NOW)
    row = row_of(sqlite_store, "mail_copy")
    assert letters.hand_over(row) == DONE
    with sqlite_store.unit() as uow:
        uow.outbox.row(row).state = "done"
        keep(uow, received(bounce("<1@desk.example>"), "mx.desk.example"), NOW)
        keep(uow, received(bounce("<unknown@desk.example>"), "mx.desk.example"), NOW)
        uow.commit()
    assert kept(sqlite_store) == [(ADDRESS, "undelivered", "MIME")]
    assert tasks(sqlite_store) == [
        ("mail_failed", "The e-mail with the signing link did not arrive.")
    ]


def test_a_contact_of_the_form_reads_it_and_a_doubtful_sender_does_not(
    sqlite_store: Store,
) -> None:
    by = people(sqlite_store)
    form = Form(
        company="上海宏远电子有限公司",
        account="HY-0032",
        contacts=(
            Contact("李总", "+8613900139009", "li@customer.example"),
            Contact("王经理", MOBILE, "wang2@customer.example"),
        ),
    )
    with sqlite_store.unit() as uow:
        onboarding.begin(uow, form, user=by["mia"], at=NOW)
        order = draft(**{"contact.name": "王经理"})
        assert mail_address(uow, order) == "wang2@customer.example"
        assert mail_address(uow, draft()) == "li@customer.example"
        assert mail_address(uow, Order(id="o9")) is None


def test_a_lost_text_leaves_the_mailed_link_alone(store: Store, settings: Settings) -> None:
    know(store)
    other = "+8613900139000"
    linked(store, draft(**{"contact.phone": other}))
    with store.unit() as uow:
        assert desk.other_number(uow, uow.outbox.effect(1).payload, NOW)
        kinds = [e.kind for e in uow.outbox.in_state("pending")]
        uow.commit()
    assert sorted(kinds) == ["mail_copy", "sms_link", "sms_link"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "mails"),
    [
        ("letter:before", 1),
        ("letter_post:before", 0),
        ("letter_post:after", 1),
        ("letter_keep:after", 1),
    ],
)
def test_kill_9_at_any_step_sends_no_second_mail(
    store: Store,
    settings: Settings,
    inbox: tuple[Inbox, str],
    monkeypatch: pytest.MonkeyPatch,
    point: str,
    mails: int,
) -> None:
    handler, url = inbox
    know(store)
    linked(store, draft())
    for name, value in {
        "INTAKE_DATA": str(settings.data),
        "INTAKE_HOME": str(settings.home),
        "INTAKE_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
        "INTAKE_PUBLIC_URL": "https://intake.example.com",
        "INTAKE_SMTP_URL": url,
    }.items():
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-m", "tests.kill_worker"]
    done = subprocess.run(
        command, check=False, input=f"work {point}\n", cwd=ROOT, text=True, capture_output=True
    )
    assert done.stdout == f"{int(signal.SIGKILL)}\n"
    with store.reading() as uow:
        row = uow.outbox.by_key(f"mail_copy:sms_link:o1:1:{MOBILE}")
        assert row is not None
    smtp = settings.model_copy(update={"smtp_url": SecretStr(url)})
    with working(store, smtp, FakeSms()):
        until(lambda: ended(store, row.key))
    assert len(handler.got) == mails
    # Where nobody can know whether it went, a person is asked.
    unknown = point.startswith("letter_post")
    assert [kind for kind, _ in tasks(store)] == (["mail_failed"] if unknown else [])


def ended(store: Store, key: str) -> bool:
    with store.reading() as uow:
        row = uow.outbox.by_key(key)
    return row is not None and row.state in ("done", "failed")

"""The mailbox on a real IMAP server: each mail once, whatever dies in between."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from imapclient import IMAPClient
from pydantic import SecretStr

from api.config import Settings
from api.intake.mailbox import Mailbox
from models import desk, schema
from models.errors import ExternalError, RuleError
from models.store import Store
from tests import mailserver
from tests.mailserver import PASSWORD, USER
from tests.orders import NOW

needs_dovecot = pytest.mark.skipif(
    mailserver.DOVECOT is None,
    reason="needs Debian's dovecot-imapd (apt-get install dovecot-imapd)",
)


@pytest.fixture
def port() -> Iterator[int]:
    # Not below pytest's own folder, which is closed to the server's users.
    with TemporaryDirectory(prefix="imap-") as folder:
        Path(folder).chmod(0o711)
        with mailserver.serving(Path(folder) / "d") as port:
            yield port


def settings(tmp_path: Path, port: int) -> Settings:
    url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{port}/INBOX"
    return Settings(data=tmp_path, imap_url=SecretStr(url))


def letter(number: int) -> bytes:
    message = EmailMessage()
    message["From"] = "w@customer.example"
    message["Message-ID"] = f"<{number}@customer.example>"
    message.set_content(f"第 {number} 封")
    return message.as_bytes()


def kept(store: Store) -> list[str]:
    with store.reading() as uow:
        return sorted(row.id for row in uow.mails.latest(100, 0))


def to_read(store: Store) -> int:
    with store.reading() as uow:
        return sum(e.kind == desk.READ_MAIL for e in uow.outbox.in_state("pending"))


@needs_dovecot
def test_new_mails_are_kept_once_and_nothing_is_marked(
    store: Store, tmp_path: Path, port: int
) -> None:
    mailbox = Mailbox(store, settings(tmp_path, port), lambda: NOW)
    assert mailbox.fetch() == 0
    mailserver.deliver(port, letter(1), letter(2))
    assert mailbox.fetch() == 2
    assert mailbox.fetch() == 0
    mailserver.deliver(port, letter(3), letter(2))
    assert mailbox.fetch() == 1
    assert len(kept(store)) == to_read(store) == 3
    client = IMAPClient("127.0.0.1", port, ssl=False)
    client.login(USER, PASSWORD)
    client.select_folder("INBOX", readonly=True)
    assert client.search("UNSEEN") == [1, 2, 3, 4]
    client.logout()


@needs_dovecot
@pytest.mark.parametrize("point", ["before", "after"])
def test_killed_while_fetching_every_mail_is_kept_once(
    tmp_path: Path, port: int, point: str
) -> None:
    mailserver.deliver(port, *map(letter, range(1, 6)))
    url = f"sqlite:///{tmp_path}/intake.db"
    store = Store(url, secret="s" * 32)
    schema.upgrade(store)
    for _ in range(2):
        killed = subprocess.run(
            [sys.executable, "-m", "tests.kill_mailbox", url, str(tmp_path), str(port), point],
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
    Mailbox(store, settings(tmp_path, port), lambda: NOW).fetch()
    assert len(kept(store)) == to_read(store) == 5
    store.close()


@needs_dovecot
def test_a_wrong_password_says_so(store: Store, tmp_path: Path, port: int) -> None:
    url = f"imap://{USER}:wrong@127.0.0.1:{port}/INBOX"
    mailbox = Mailbox(store, Settings(data=tmp_path, imap_url=SecretStr(url)), lambda: NOW)
    with pytest.raises(ExternalError, match="INTAKE_IMAP_URL"):
        mailbox.fetch()


def test_an_address_that_makes_no_sense_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="imaps://"):
        Mailbox(store, Settings(data=tmp_path, imap_url=SecretStr("pop3://x")), lambda: NOW)


def test_a_mailbox_that_nobody_serves(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ExternalError):
        Mailbox(store, settings(tmp_path, 9), lambda: NOW).fetch()

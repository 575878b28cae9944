"""Faxes by folder, by service and by mail: each kept once, whatever dies, and read once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import httpx
import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from api.app import create_app
from api.config import Settings
from api.intake import fax_media, fax_webhook
from api.intake.fax_folder import DONE, FaxFolder
from api.intake.fax_number import number_pattern, sender_number
from api.intake.limits import MOST_PART_BYTES, Refused
from api.intake.received import keep, received
from api.jobs import answers, retention
from api.jobs.reading import Reading
from api.metrics import Metrics
from api.records import DeskRecords
from api.twilio_signature import SignatureCheck
from api.vault.recordings import open_vault
from benchmarks.mail_layouts import pdf
from models import desk, schema
from models.errors import ExternalError, RuleError
from models.order import Status
from models.rows_fax import FaxRow
from models.store import Store
from nlp.understand import Understander
from tests.orders import MOBILE, NOW, customer

FORM = [
    ["收货人", "王芳", "电话", "18612345678"],
    ["收货地址", "杭州市滨江区江南大道1号", "件数", "7"],
    ["品名", "书籍", "重量(kg)", "55"],
]
PAGES = pdf("托运单", FORM)
FAX_NUMBER = "+862161234567"
TOKEN = "an auth token for tests only"
BASE = "https://desk.example"
HOSTS = "fax.example,media.example"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "faxes").mkdir()
    return Settings(
        data=tmp_path,
        public_url=BASE,
        fax_folder=tmp_path / "faxes",
        fax_media_hosts=HOSTS,
        fax_api_host="fax.example",
        fax_mail_from="gate@fax.example, @fax2.example",
        twilio_account_sid="AC1",
        twilio_auth_token=SecretStr(TOKEN),
    )


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def put(settings: Settings, name: str, data: bytes = PAGES) -> Path:
    """A file that was written a day ago."""
    assert settings.fax_folder is not None
    path = settings.fax_folder / name
    path.write_bytes(data)
    old = (NOW - timedelta(days=1)).timestamp()
    os.utime(path, (old, old))
    return path


def look(store: Store, settings: Settings) -> int:
    return FaxFolder(store, settings, lambda: NOW, settle_s=0).fetch()


def faxes(store: Store) -> list[FaxRow]:
    with store.reading() as uow:
        return list(uow.faxes.latest(50, 0))


def to_read(store: Store) -> list[int]:
    with store.reading() as uow:
        return [e.id for e in uow.outbox.in_state("pending") if e.kind == desk.READ_FAX]


def read_all(store: Store, settings: Settings, understander: Understander) -> None:
    reading = Reading(store, settings, lambda: NOW, lambda: understander)
    for row in to_read(store):
        assert reading.fetch_fax(row) == answers.DONE
        assert reading.read_fax(row) == answers.DONE


def tasks(store: Store) -> list[str]:
    with store.reading() as uow:
        return [task.kind for task in uow.board.tasks(kind="", state="open")]


def know_sender(store: Store) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.faxes.belongs(FAX_NUMBER, "c1")
        uow.commit()


# -- the folder ------------------------------------------------------------------------------


def test_a_file_becomes_a_draft_of_its_sender_and_a_call_back_at_once(
    store: Store, settings: Settings, understander: Understander
) -> None:
    know_sender(store)
    path = put(settings, "fax-02161234567-0001.pdf")
    assert look(store, settings) == 1
    assert look(store, settings) == 0
    assert not path.exists()
    assert [p.read_bytes() for p in (path.parent / DONE).iterdir()] == [PAGES]
    read_all(store, settings, understander)
    (fax,) = faxes(store)
    assert (fax.state, fax.number, fax.source) == ("read", FAX_NUMBER, "folder")
    (order_id,) = fax.orders
    with store.reading() as uow:
        order = uow.orders.get(order_id)
        (back,) = uow.call_backs.of_order(order_id)
    assert order is not None
    assert (order.channel, order.status) == ("fax", Status.DRAFT)
    assert order.value("pieces") == 7
    assert str(order.fields["pieces"].source.place).startswith(f"{fax.id}/p0.")
    assert order.fields["pieces"].source.changed_by == "fax"
    assert order.value("customer.account") == "HY-0032"
    assert (back.number, back.cause) == (MOBILE, "fax")
    read_all(store, settings, understander)
    assert faxes(store)[0].orders == [order_id]


def test_a_number_in_the_register_tells_the_customer_too(store: Store) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        fax = desk.ReceivedFax(source="folder", reference="a", number=MOBILE, raw=PAGES)
        fax_id = desk.receive_fax(uow, fax, NOW)
        found = desk.faxes.fax_sender(uow, uow.faxes.get(str(fax_id)))
    assert found is not None
    assert found.id == "c1"


def test_what_is_still_written_is_waited_for(store: Store, settings: Settings) -> None:
    path = put(settings, "fax1.pdf", PAGES[:-100])
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    assert look(store, settings) == 0
    put(settings, "fax1.pdf")
    assert look(store, settings) == 1


def test_a_file_that_grows_between_two_looks_is_not_taken(store: Store, settings: Settings) -> None:
    path = put(settings, "fax1.pdf")

    class Growing(FaxFolder):
        def _fetch(self) -> int:
            before = dict(self._files())
            path.write_bytes(PAGES + PAGES)
            return sum(self._keep(p, seen) for p, seen in before.items())

    assert Growing(store, settings, lambda: NOW, settle_s=0).fetch() == 0
    assert path.exists()
    assert faxes(store) == []


def test_links_hidden_files_and_folders_are_passed_over(
    store: Store, settings: Settings, tmp_path: Path
) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PAGES)
    assert settings.fax_folder is not None
    (settings.fax_folder / "link.pdf").symlink_to(secret)
    (settings.fax_folder / "sub").mkdir()
    put(settings, ".hidden.pdf")
    put(settings, "begun.part")
    assert look(store, settings) == 0
    assert faxes(store) == []


def test_a_folder_that_cannot_be_moved_in_gives_each_fax_once(
    store: Store, settings: Settings
) -> None:
    path = put(settings, "fax1.pdf")
    (path.parent / DONE).write_bytes(b"a file where the folder should be")
    os.utime(path.parent / DONE, (0, 0))
    folder = FaxFolder(store, settings, lambda: NOW, settle_s=0)
    assert folder.fetch() == 2
    assert folder.fetch() == 0
    assert look(store, settings) == 0
    assert len(faxes(store)) == 2
    assert path.exists()


def test_a_name_that_is_no_text_is_kept(store: Store, settings: Settings) -> None:
    put(settings, os.fsdecode(b"fax-\xff\xfe.pdf"))
    put(settings, "fax-传真.pdf", PAGES + b"%%EOF")
    assert look(store, settings) == 2
    assert look(store, settings) == 0


def test_a_folder_that_is_not_there_says_so(store: Store, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, fax_folder=tmp_path / "none")
    with pytest.raises(ExternalError, match="INTAKE_FAX_FOLDER"):
        look(store, settings)


@pytest.mark.parametrize("point", ["before", "after", "moved"])
def test_killed_at_any_point_every_fax_is_kept_once(
    tmp_path: Path, settings: Settings, point: str
) -> None:
    for number in range(5):
        put(settings, f"fax{number}.pdf", PAGES + bytes([number]) + b"%%EOF")
    url = f"sqlite:///{tmp_path}/kill.db"
    store = Store(url, secret="s" * 32)
    schema.upgrade(store)
    for _ in range(2):
        killed = subprocess.run(
            [sys.executable, "-m", "tests.kill_faxes", url, str(tmp_path),
             str(settings.fax_folder), point],
            check=False,
        )  # fmt: skip
        assert killed.returncode == -signal.SIGKILL
    look(store, settings)
    assert len(faxes(store)) == len(to_read(store)) == 5
    assert settings.fax_folder is not None
    assert len(list((settings.fax_folder / DONE).iterdir())) == 5
    store.close()


# -- what is read ----------------------------------------------------------------------------


def test_the_same_pages_again_go_to_a_person(
    store: Store, settings: Settings, understander: Understander
) -> None:
    put(settings, "fax1.pdf")
    put(settings, "fax2.pdf")
    assert look(store, settings) == 2
    read_all(store, settings, understander)
    assert sorted(fax.state for fax in faxes(store)) == ["read", "repeated"]
    assert sum(len(fax.orders) for fax in faxes(store)) == 1
    assert "fax_repeated" in tasks(store)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"MZ" + bytes(99), "unknown_kind"),
        (b"PK\x03\x04" + bytes(50), "broken"),
        (b"II*\x00" + bytes(99), "broken"),
        (b"%PDF-1.7 nothing %%EOF", "broken"),
        (bytes(MOST_PART_BYTES + 10), "too_large"),
    ],
)
def test_what_is_no_fax_is_refused_with_its_reason(
    store: Store, settings: Settings, understander: Understander, data: bytes, reason: str
) -> None:
    put(settings, "fax1.tif", data)
    assert look(store, settings) == 1
    read_all(store, settings, understander)
    (fax,) = faxes(store)
    assert fax.parts is not None
    assert [part["refused"] for part in fax.parts] == [reason]
    assert tasks(store) == ["fax_refused"]


def test_a_fax_without_an_order_goes_to_a_person(
    store: Store, settings: Settings, understander: Understander
) -> None:
    put(settings, "fax1.pdf", pdf("通知", [["放假通知", "元旦休息一天"]]))
    look(store, settings)
    read_all(store, settings, understander)
    assert tasks(store) == ["fax_unread"]


def test_a_fax_is_emptied_when_its_period_is_over(
    store: Store, settings: Settings, understander: Understander
) -> None:
    put(settings, "fax-02161234567.pdf")
    look(store, settings)
    read_all(store, settings, understander)
    vault = open_vault(store, settings)
    later = NOW + timedelta(days=settings.keep_messages_days + 1)
    assert retention.run(store, vault, settings, later - timedelta(days=2)) == {}
    assert retention.run(store, vault, settings, later) == {"messages": 1}
    assert retention.run(store, vault, settings, later) == {}
    (fax,) = faxes(store)
    assert (fax.number, fax.reference, fax.parts) == ("", "", None)
    with store.reading() as uow:
        assert uow.faxes.raw(fax.id) == b""


# -- the service -----------------------------------------------------------------------------

MEDIA = "https://fax.example/media/FX1"
FORM_POST = {
    "FaxSid": "FX" + "1" * 32,
    "AccountSid": "AC1",
    "From": "+862161234567",
    "To": "+862188887777",
    "FaxStatus": "received",
    "NumPages": "1",
    "MediaUrl": MEDIA,
}


def web(store: Store, settings: Settings) -> FlaskClient:
    door = fax_webhook.blueprint(
        settings,
        records=DeskRecords(store),
        signature=SignatureCheck(TOKEN, BASE),
        now=lambda: NOW,
    )
    return create_app((door,), checks={}, metrics=Metrics()).test_client()


def post(
    client: FlaskClient, form: Mapping[str, str], path: str = "/fax/received", token: str = TOKEN
) -> tuple[int, str]:
    signature = RequestValidator(token).compute_signature(BASE + path, dict(form))
    answer = client.post(path, data=form, headers={"X-Twilio-Signature": signature})
    return answer.status_code, answer.text


def test_the_service_is_told_to_receive(store: Store, settings: Settings) -> None:
    status, text = post(web(store, settings), {"FaxSid": "FX1"}, "/fax/incoming")
    assert status == 200
    assert f'<Receive action="{BASE}/fax/received" mediaType="image/tiff" />' in text


def test_a_fax_of_the_service_is_kept_once_fetched_and_read(
    store: Store, settings: Settings, understander: Understander
) -> None:
    client = web(store, settings)
    assert post(client, FORM_POST, token="another token")[0] == 403
    assert faxes(store) == []
    assert [post(client, FORM_POST)[0] for _ in range(2)] == [200, 200]
    (row,) = to_read(store)
    asked: list[str] = []

    def fetch(given: Settings, url: str) -> bytes:
        asked.append(url)
        if len(asked) == 1:
            raise ExternalError("The fax service cannot be reached.", retryable=True)
        return PAGES

    reading = Reading(store, settings, lambda: NOW, lambda: understander, fetch=fetch)
    assert reading.fetch_fax(row) == answers.AGAIN
    assert [reading.fetch_fax(row) for _ in range(2)] == [answers.DONE] * 2
    assert asked == [MEDIA] * 2
    assert reading.read_fax(row) == answers.DONE
    (fax,) = faxes(store)
    assert (fax.state, fax.number, len(fax.orders)) == ("read", FAX_NUMBER, 1)


def test_a_fax_that_breaks_off_or_cannot_be_fetched_is_asked_for(
    store: Store, settings: Settings, understander: Understander
) -> None:
    client = web(store, settings)
    broken = {**FORM_POST, "FaxStatus": "failed", "MediaUrl": ""}
    assert [post(client, broken)[0] for _ in range(2)] == [200, 200]
    assert tasks(store) == ["fax_lost"]
    assert post(client, {**FORM_POST, "FaxSid": "FX" + "2" * 32, "MediaUrl": "http://10.0.0.1/"})
    reading = Reading(store, settings, lambda: NOW, lambda: understander)
    assert [reading.fetch_fax(row) for row in to_read(store)] == [answers.DONE, answers.FAILED]
    reading.fax_lost(to_read(store)[1])
    assert tasks(store) == ["fax_lost"] * 2
    assert {fax.state for fax in faxes(store)} == {"lost"}


def test_what_is_under_way_and_what_has_no_name_keeps_nothing(
    store: Store, settings: Settings
) -> None:
    client = web(store, settings)
    assert post(client, {**FORM_POST, "FaxStatus": "receiving"})[0] == 200
    assert post(client, {**FORM_POST, "FaxSid": "../x"})[0] == 400
    assert faxes(store) == []


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://fax.example/1", True),
        ("https://FAX.example:443/1", True),
        ("http://fax.example/1", False),
        ("https://fax.example:8443/1", False),
        ("https://fax.example@10.0.0.1/1", False),
        ("https://user@fax.example/1", False),
        ("https://fax.example.evil.example/1", False),
        ("https://fax.example:port/1", False),
        ("file:///etc/passwd", False),
    ],
)
def test_only_named_hosts_are_asked(settings: Settings, url: str, allowed: bool) -> None:
    assert fax_media.is_allowed(settings, url) is allowed


def fetched(settings: Settings, answer: httpx.MockTransport) -> bytes:
    return fax_media.fetch(settings, MEDIA, transport=answer)


def test_pages_are_fetched_through_redirects_and_the_accounts_name_stays_with_the_api(
    settings: Settings,
) -> None:
    asked: list[tuple[str, bool]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.url.host, "Authorization" in request.headers))
        if request.url.host == "fax.example":
            return httpx.Response(302, headers={"Location": "https://media.example/x?sig=1"})
        return httpx.Response(200, content=PAGES)

    assert fetched(settings, httpx.MockTransport(answer)) == PAGES
    assert asked == [("fax.example", True), ("media.example", False)]


def test_pages_elsewhere_too_large_or_refused_are_not_had(settings: Settings) -> None:
    away = httpx.Response(302, headers={"Location": "https://10.0.0.1/"})
    with pytest.raises(ExternalError, match="not allowed"):
        fetched(settings, httpx.MockTransport(lambda _: away))
    with pytest.raises(ExternalError, match="from one address to the next"):
        again = httpx.Response(302, headers={"Location": "/again"})
        fetched(settings, httpx.MockTransport(lambda _: again))
    for status, retryable in ((500, True), (429, True), (404, False), (403, False)):
        with pytest.raises(ExternalError) as refused:
            fetched(settings, httpx.MockTransport(lambda _, s=status: httpx.Response(s)))  # type: ignore[misc]
        assert refused.value.retryable is retryable
    with pytest.raises(Refused):
        large = httpx.Response(200, content=bytes(MOST_PART_BYTES + 1))
        fetched(settings, httpx.MockTransport(lambda _: large))


# -- fax to mail -----------------------------------------------------------------------------


def letter(
    sender: str = "Gate@fax.example", subject: str = "Fax from 021-61234567", proof: str = ""
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["Subject"] = subject
    message["Message-ID"] = "<1@fax.example>"
    message["Auto-Submitted"] = "auto-generated"
    if proof:
        message["Authentication-Results"] = proof
    message.set_content("You have received a fax.")
    message.add_attachment(PAGES, maintype="application", subtype="pdf", filename="fax.pdf")
    return message.as_bytes()


def arrive(store: Store, settings: Settings, raw: bytes) -> None:
    with store.unit() as uow:
        keep(uow, received(raw, "mx.desk.example"), NOW, settings)
        uow.commit()


@pytest.mark.parametrize("sender", ["Gate@fax.example", "any@fax2.example"])
def test_a_gateways_mail_is_a_fax_once(
    store: Store, settings: Settings, understander: Understander, sender: str
) -> None:
    know_sender(store)
    for _ in range(2):
        arrive(store, settings, letter(sender))
    read_all(store, settings, understander)
    (fax,) = faxes(store)
    assert (fax.source, fax.number, fax.state) == ("mail", FAX_NUMBER, "read")
    with store.reading() as uow:
        (mail,) = uow.mails.latest(5, 0)
        kinds = {e.kind for e in uow.outbox.in_state("pending")}
    assert mail.state == "fax"
    assert desk.READ_MAIL not in kinds
    assert len(fax.orders) == 1


def test_other_mails_forged_ones_and_empty_ones_are_mails(store: Store, settings: Settings) -> None:
    arrive(store, settings, letter("someone@customer.example"))
    arrive(store, settings, letter(proof="mx.desk.example; spf=fail; dmarc=fail"))
    empty = EmailMessage()
    empty["From"] = "gate@fax.example"
    empty.set_content("Your account is paid.")
    arrive(store, settings, empty.as_bytes())
    assert faxes(store) == []
    with store.reading() as uow:
        assert len(uow.mails.latest(5, 0)) == 3


# -- the sender's number ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Fax from 021-61234567", FAX_NUMBER),
        ("您有一份新传真，来自 +86 21 6123 4567", FAX_NUMBER),
        ("X-Fax-From: 02161234567", FAX_NUMBER),
        ("fax_02161234567_20261124", FAX_NUMBER),
        ("Fax 12345 from 02161234567", FAX_NUMBER),
        ("scan 7", ""),
        ("fax from 00", ""),
    ],
)
def test_the_senders_number_in_a_text(settings: Settings, text: str, number: str) -> None:
    assert sender_number(settings, text) == number


@pytest.mark.parametrize("pattern", ["(", "no group"])
def test_a_pattern_that_makes_no_sense_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(RuleError, match="INTAKE_FAX_NUMBER"):
        number_pattern(Settings(data=tmp_path, fax_number=pattern))

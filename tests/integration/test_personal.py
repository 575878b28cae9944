"""What is on file about somebody, for their request: whole, plain, noted."""

from __future__ import annotations

import io
import json
import wave
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import cli
from api.config import Settings
from api.intake.received import keep, received
from api.jobs import retention
from api.personal import Archive
from api.signed.papers import Papers
from api.vault.sealing import KeyMissing
from models.callback import Cause
from models.desk import ReceivedFax, receive_fax, request_callback
from models.errors import NotFound, RuleError
from models.rows_outbound import RingRow
from models.staff import Role
from models.store import Store
from tests.console import Desk, log_in, token_of
from tests.integration.test_mails import letter
from tests.orders import MOBILE, NOW, customer

NATIONAL = MOBILE.removeprefix("+86")


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    found = Desk(store, Settings(data=tmp_path, home=tmp_path))
    signed = found.signed(found.confirmed(found.call()))
    Papers(found.store, found.settings).ensure(signed.id, signed.version)
    found.call("o2", "CA2", caller="+8613911112222")
    return found


def made(desk: Desk, scope: str, name: str) -> dict[str, bytes]:
    file = io.BytesIO()
    Archive(desk.store, desk.vault).write(file, scope, name, by="helen", at=NOW)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {one: archive.read(one) for one in archive.namelist()}


@pytest.mark.parametrize(
    ("scope", "name"), [("phone", NATIONAL), ("phone", f"+86 {NATIONAL}"), ("order", "o1")]
)
def test_it_holds_everything_of_that_person_and_nothing_of_others(
    desk: Desk, scope: str, name: str
) -> None:
    files = made(desk, scope, name)
    number = desk.stored().number
    (sound,) = [one for one in files if one.endswith(".wav")]
    assert sound.startswith("calls/CA1/")
    assert {one for one in files if one != sound} == {
        "README.txt",
        "calls/CA1/call.json",
        f"orders/{number}/order.json",
        f"orders/{number}/notice-version-{desk.stored().version}.pdf",
        "deleted.json",
    }
    with wave.open(io.BytesIO(files[sound])) as recording:
        assert recording.getnchannels() == 2
    call = json.loads(files["calls/CA1/call.json"])
    assert call["caller"] == MOBILE
    assert "十六件耳机" in call["turns"][1]["text"]
    order = json.loads(files[f"orders/{number}/order.json"])
    assert order["fields"]["pieces"]["value"] == 16
    assert any(step["step"] == "sign" for step in order["history"])
    pdf = files[f"orders/{number}/notice-version-{desk.stored().version}.pdf"]
    assert pdf.startswith(b"%PDF")
    texts = [body for one, body in files.items() if one.endswith(".json")]
    assert not any(b"CA2" in body or b"13911112222" in body for body in texts)


def test_a_customer_gets_all_their_orders(desk: Desk) -> None:
    files = made(desk, "customer", "上海宏远电子有限公司")
    assert {"calls/CA1/call.json", "calls/CA2/call.json"} <= files.keys()


def test_who_made_it_is_noted_without_the_number(desk: Desk) -> None:
    made(desk, "phone", NATIONAL)
    with desk.store.reading() as uow:
        (entry,) = [e for e in uow.audit.entries() if e.action == "personal.export"]
    assert (entry.who, entry.subject) == ("helen", f"phone:…{NATIONAL[-4:]}")
    assert entry.detail == {
        "orders": 1,
        "calls": 1,
        "recordings": 1,
        "documents": 1,
        "call_backs": 0,
        "mails": 0,
        "faxes": 0,
    }


def test_what_was_deleted_is_told(desk: Desk) -> None:
    retention.run(desk.store, desk.vault, desk.settings, NOW + timedelta(days=400))
    files = made(desk, "order", "o1")
    assert not any(one.endswith(".wav") for one in files)
    (gone,) = json.loads(files["deleted.json"])
    assert (gone["what"], gone["of"], gone["kept_for_days"]) == ("recordings", "call:CA1", 365)


def test_nothing_unknown_or_unreadable_is_handed_out(desk: Desk) -> None:
    for scope, name, error in (
        ("phone", "13700000000", NotFound),
        ("phone", "nobody", RuleError),
        ("town", "上海", RuleError),
    ):
        with pytest.raises(error):
            made(desk, scope, name)
    (desk.settings.data_dir / "audio.key").unlink()
    without = Desk(desk.store, desk.settings)
    with pytest.raises(KeyMissing, match="INTAKE_AUDIO_KEYS"):
        made(without, "order", "o1")


def test_only_heads_and_admins_get_it_on_the_page(desk: Desk) -> None:
    desk.user("anna")
    desk.user("helen", Role.HEAD)
    for name, status in (("anna", 403), ("helen", 200)):
        client = desk.app().test_client()
        log_in(client, name)
        token = token_of(client.get("/console/account").get_data(as_text=True))
        form = {"csrf_token": token, "scope": "phone", "name": NATIONAL}
        with client.post("/console/retention/export", data=form) as answer:
            assert answer.status_code == status
            body = answer.data
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        assert "calls/CA1/call.json" in archive.namelist()


def test_the_command_writes_a_file_for_its_owner_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data=tmp_path, home=tmp_path)
    monkeypatch.setenv("INTAKE_DATA", str(tmp_path))
    monkeypatch.setenv("INTAKE_HOME", str(tmp_path))
    monkeypatch.delenv("INTAKE_DATABASE_URL", raising=False)
    assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
    Desk(Store(settings.db_url, secret="s"), settings).call()
    target = tmp_path / "out.zip"
    done = CliRunner().invoke(cli, ["export", "phone", NATIONAL, str(target)])
    assert done.exit_code == 0, done.output
    assert "1 orders, 1 calls, 1 recordings" in done.output
    assert target.stat().st_mode & 0o777 == 0o600
    nobody = CliRunner().invoke(cli, ["export", "phone", "13700000000", str(tmp_path / "no.zip")])
    assert isinstance(nobody.exception, NotFound)
    assert not (tmp_path / "no.zip").exists()


def test_it_holds_call_backs_second_hearings_and_mails(desk: Desk) -> None:
    desk.heard_again(1, "六十件耳机", {"pieces": 60})
    with desk.store.unit() as uow:
        mail_id = keep(uow, received(letter(), ""), NOW)
        wanted = request_callback(uow, order_id="o2", cause=Cause.CLERK, number=MOBILE, at=NOW)
        assert mail_id is not None
        assert wanted is not None
        uow.mails.get(mail_id).orders = ["o1"]
        ring = RingRow(
            call_back_id=wanted,
            nth=1,
            number=MOBILE,
            tries=1,
            tried_at=NOW,
            sid="CAring",
            status="busy",
            outcome="busy",
        )
        uow.call_backs.add_ring(ring)
        uow.commit()
    files = made(desk, "phone", NATIONAL)
    call = json.loads(files["calls/CA1/call.json"])
    again = [turn["heard_again"] for turn in call["turns"]]
    assert again[0] is None
    assert (again[1]["text"], again[1]["doubts"]) == ("六十件耳机", {"pieces": 60})
    (back,) = json.loads(files["call-backs.json"])
    assert (back["number"], back["why"], back["state"]) == (MOBILE, "clerk", "planned")
    assert [ring["outcome"] for ring in back["rings"]] == ["busy"]
    assert files[f"mails/{mail_id}/mail.eml"] == letter()
    assert json.loads(files[f"mails/{mail_id}/mail.json"])["sender"] == "wang@customer.example"
    assert "call-backs.json" in made(desk, "order", "o2")
    of_the_first = made(desk, "order", "o1")
    assert f"mails/{mail_id}/mail.eml" in of_the_first
    assert "call-backs.json" not in of_the_first


def test_it_holds_faxes_of_orders_customers_and_numbers(desk: Desk) -> None:
    sent = b"II*\x00" + bytes(20)
    with desk.store.unit() as uow:
        new = ReceivedFax(source="folder", reference="a.tif", number="+862161234567", raw=sent)
        fax_id = str(receive_fax(uow, new, NOW))
        uow.commit()
    inside = f"faxes/{fax_id}/pages.tif"
    assert made(desk, "phone", "02161234567")[inside] == sent
    assert inside not in made(desk, "order", "o1")
    with desk.store.unit() as uow:
        uow.faxes.get(fax_id).orders = ["o1"]
        uow.faxes.belongs("+862161234567", "c1")
        uow.commit()
    assert inside in made(desk, "order", "o1")
    assert inside in made(desk, "customer", "上海宏远电子有限公司")
    assert not any(one.startswith("faxes/") for one in made(desk, "order", "o2"))


def test_a_customer_gets_the_mails_from_their_addresses(desk: Desk) -> None:
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        mail_id = keep(uow, received(letter(), ""), NOW)
        uow.mails.belongs("wang@customer.example", "c1")
        uow.commit()
    assert f"mails/{mail_id}/mail.eml" in made(desk, "customer", "上海宏远电子有限公司")
    assert not any(one.startswith("mails/") for one in made(desk, "phone", NATIONAL))
    with desk.store.unit() as uow:
        uow.mails.get(str(mail_id)).orders = ["o1"]
        uow.commit()
    retention.run(desk.store, desk.vault, desk.settings, NOW + timedelta(days=400))
    files = made(desk, "order", "o1")
    assert not any(one.startswith("mails/") for one in files)
    assert f"mail:{mail_id}" in {gone["of"] for gone in json.loads(files["deleted.json"])}


def test_whoever_was_only_rung_is_on_file_too(desk: Desk) -> None:
    with desk.store.unit() as uow:
        request_callback(uow, cause=Cause.LINES_BUSY, number="+8613700137000", at=NOW)
        uow.commit()
    files = made(desk, "phone", "13700137000")
    assert json.loads(files["call-backs.json"])[0]["number"] == "+8613700137000"

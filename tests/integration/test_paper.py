"""The signed document: made once, sealed, verified; a changed byte is found."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from api.commands.verify import command as verify
from api.config import Settings
from api.signed.check import LARGEST, NotGenuine, check
from api.signed.papers import Papers
from api.signed.seal import known_chains, open_seal
from models import desk
from models.errors import ExternalError, NotFound
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import NOW, draft, linked, signing
from tests.workers import until, working

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", home=tmp_path, public_url="https://intake.example.com")


def signed(store: Store, order_id: str = "o1", *, name: str = "王小明") -> str:
    """A signed order's link."""
    _, token = linked(store, draft(order_id, f"CA-{order_id}"))
    with store.unit() as uow:
        desk.record_notice(uow, order_id, 1, "dangerous-goods/air/zh@2026-11", 1.0, NOW)
        desk.note_opened(uow, token, NOW, desk.Visit("203.0.113.9", "another phone"))
        desk.sign(uow, token, signing(uow, token, name=name), NOW)
        uow.commit()
    return token


@pytest.fixture(scope="module")
def paper(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[bytes, Settings]:
    """One document and the settings of the installation that made it."""
    data = tmp_path_factory.mktemp("paper")
    (data / "intake.db").write_bytes(sqlite_template.read_bytes())
    settings = Settings(data=data, home=data, public_url="https://intake.example.com")
    store = Store(settings.db_url, secret="any")
    signed(store)
    pdf = Papers(store, settings).ensure("o1", 1)
    store.close()
    return pdf, settings


def text_of(pdf: bytes) -> str:
    """All pages' text, without spaces and line ends."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return "".join("".join(pages).split())


def test_the_document_says_what_was_signed_and_how(paper: tuple[bytes, Settings]) -> None:
    pdf, _ = paper
    text = text_of(pdf)
    order = draft()
    for expected in (
        "危险货物通知函",
        "耳机",
        "王小明",
        "13800138000",
        "203.0.113.7",
        "203.0.113.9",
        "aphone",
        "已听100%",
        order.digest(),
        "https://intake.example.com/verify",
        "我已看清危险品的分类和举例",
    ):
        assert expected in text
    assert pdf.count(b"<x:xmpmeta") == 1
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    assert pdf.count(b"/Type /Sig\n") == 1


def test_the_attached_record_holds_the_texts_of_the_digests(
    paper: tuple[bytes, Settings],
) -> None:
    document = pypdfium2.PdfDocument(paper[0])
    record = json.loads(bytes(document.get_attachment(0).get_data()))
    document.close()
    for part in ("order", "notice"):
        digest = hashlib.sha256(record[part].encode()).hexdigest()
        assert digest == record[f"{part}_sha256"]
    assert record["order_sha256"] == draft().digest()


def test_the_document_is_genuine_for_everyone_with_the_certificate(
    paper: tuple[bytes, Settings], tmp_path: Path
) -> None:
    pdf, settings = paper
    genuine = check(pdf, known_chains(settings))
    assert genuine.signer == "顺达货运"
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    (certificate,) = (settings.data_dir / "certificates").iterdir()
    arguments = [str(file), "--certificate", str(certificate)]
    found = CliRunner().invoke(verify, arguments)
    assert found.exit_code == 0
    assert genuine.sha256 in found.output
    file.write_bytes(pdf[:-1] + b"\r")
    assert CliRunner().invoke(verify, arguments).exit_code == 1


@given(st.data())
@hypothesis_settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_changed_byte_is_found(paper: tuple[bytes, Settings], data: st.DataObject) -> None:
    """Half the bytes tried are in the signature itself, where a PDF's own rules leave room."""
    pdf, settings = paper
    start = pdf.index(b"/Contents <3082") + 10
    inside = st.integers(start, pdf.index(b">", start))
    place = data.draw(inside | st.integers(0, len(pdf) - 1))
    changed = bytearray(pdf)
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(NotGenuine):
        check(bytes(changed), known_chains(settings))


def test_what_is_added_or_taken_away_is_found(paper: tuple[bytes, Settings]) -> None:
    pdf, settings = paper
    chains = known_chains(settings)
    for changed in (
        b"",
        b"%PDF-",
        b"\n" + pdf,
        pdf + b"\n",
        pdf[:-1],
        pdf[: len(pdf) // 2],
        pdf + b"x" * LARGEST,
        pdf.replace(b"/Type /Sig\n", b"/Type /Sig\r"),
        pdf + b"\n/ByteRange [0 1 2 3]",
    ):
        with pytest.raises(NotGenuine):
            check(changed, chains)


def test_another_companys_document_is_not_ours(
    paper: tuple[bytes, Settings], settings: Settings
) -> None:
    pdf, _ = paper
    foreign = open_seal(settings).sign(pdf[: pdf.index(b"%%EOF") + 6], "any")
    assert check(foreign, known_chains(settings)).sha256
    with pytest.raises(NotGenuine):
        check(foreign, known_chains(paper[1]))
    with pytest.raises(NotGenuine):
        check(pdf, known_chains(settings))


def paper_job(store: Store) -> str | None:
    """How far the making of the document is."""
    with store.reading() as uow:
        job = uow.outbox.by_key("signed_paper:o1:1")
    return job.state if job else None


def test_the_job_makes_it_once_and_a_download_finds_it(store: Store, settings: Settings) -> None:
    signed(store)
    sms = FakeSms()
    with working(store, settings, sms):
        until(lambda: paper_job(store) == "done")
    assert len(sms.sent) == 1
    with store.reading() as uow:
        row = uow.papers.get("o1", 1)
    assert row is not None
    assert Papers(store, settings).ensure("o1", 1) == row.pdf
    assert hashlib.sha256(row.pdf).hexdigest() == row.sha256


def test_what_is_not_signed_has_no_document(store: Store, settings: Settings) -> None:
    linked(store, draft())
    with pytest.raises(NotFound):
        Papers(store, settings).ensure("o1", 1)


_KILLED = """
import os, signal, sys
from api.config import Settings
from api.signed import papers
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import NOW
from tests.workers import deliver_due

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

papers.open_seal = die  # the document is typeset by then, and neither sealed nor stored
settings = Settings()
deliver_due(Store(settings.db_url, secret="any"), settings, FakeSms(), NOW)
"""


def test_a_killed_worker_leaves_the_document_to_the_next_one(
    sqlite_store: Store, settings: Settings
) -> None:
    signed(sqlite_store)
    url = str(sqlite_store.engine.url)
    environment = {**os.environ, "INTAKE_DATA": str(settings.data), "INTAKE_DATABASE_URL": url}
    command = [sys.executable, "-c", _KILLED]
    died = subprocess.run(command, env=environment, cwd=ROOT, check=False)
    assert died.returncode == -signal.SIGKILL
    with sqlite_store.reading() as uow:
        assert uow.papers.get("o1", 1) is None
    assert paper_job(sqlite_store) == "pending"
    with working(sqlite_store, settings, FakeSms()):
        until(lambda: paper_job(sqlite_store) == "done")
    pdf = Papers(sqlite_store, settings).ensure("o1", 1)
    assert check(pdf, known_chains(settings)).signer == "顺达货运"


def test_characters_without_a_glyph_are_written_as_numbers(
    sqlite_store: Store, settings: Settings
) -> None:
    signed(sqlite_store, name="Łukasz 😀 王")
    text = text_of(Papers(sqlite_store, settings).ensure("o1", 1))
    assert "Łukasz[U+1F600]王" in text


def test_missing_fonts_are_tried_again_and_then_told(
    sqlite_store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object) -> bytes:
        raise ExternalError("no fonts", retryable=True)

    signed(sqlite_store)
    monkeypatch.setattr("api.signed.papers.typeset", missing)
    with working(sqlite_store, settings, FakeSms()):
        until(lambda: paper_job(sqlite_store) == "failed")
    with sqlite_store.reading() as uow:
        kinds = [task.kind for task in uow.tasks.of_order("o1")]
    assert kinds == ["paper_failed"]


def test_the_own_key_is_made_once_for_its_owner_only(settings: Settings) -> None:
    first, second = open_seal(settings), open_seal(settings)
    assert first.chain[0].dump() == second.chain[0].dump()
    path = settings.data_dir / "signing.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(p.name for p in settings.data_dir.iterdir()) == ["certificates", "signing.pem"]


def test_a_key_of_the_companys_own_serves_and_old_documents_stay_genuine(
    paper: tuple[bytes, Settings], tmp_path: Path
) -> None:
    pdf, old = paper
    other = Settings(data=tmp_path / "other")
    open_seal(other)
    pair = other.data_dir / "signing.pem"
    own = old.model_copy(update={"signing_key": pair, "signing_certificate": pair})
    sealed = open_seal(own).sign(pdf[: pdf.index(b"%%EOF") + 6], "any")
    chains = known_chains(own)
    assert len(chains) == 2
    assert check(sealed, chains).fingerprint != check(pdf, chains).fingerprint
    with pytest.raises(ExternalError, match="both"):
        open_seal(old.model_copy(update={"signing_key": pair}))
    mixed = own.model_copy(update={"signing_key": old.data_dir / "signing.pem"})
    with pytest.raises(ExternalError, match="belong"):
        open_seal(mixed)
    gone = own.model_copy(update={"signing_key": tmp_path / "nowhere.pem"})
    with pytest.raises(ExternalError, match="cannot be used"):
        open_seal(gone)

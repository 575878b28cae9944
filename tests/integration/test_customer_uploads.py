"""Uploaded papers: sealed in the store, whole when they come back, sealed anew with another key."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.vault.customer_papers import open_papers
from api.vault.objects import open_objects
from models.errors import ExternalError, NotFound, RuleError
from models.passwords import hash_password
from models.rows_onboarding import OnboardingPaperRow
from models.store import Store
from tests.console import PASSWORD, Desk, log_in, post
from tests.onboarding import begun, people
from tests.orders import NOW

PDF = b"%PDF-1.7\n" + b"secret terms " * 10_000


def keyed(tmp_path: Path, *keys: bytes) -> Settings:
    """An installation with these keys, the sealing one first."""
    text = ",".join(base64.b64encode(key * 32).decode() for key in keys)
    return Settings(data=tmp_path, home=tmp_path, audio_keys=SecretStr(text))


def test_a_paper_is_unreadable_in_the_store_and_whole_outside(tmp_path: Path) -> None:
    settings = keyed(tmp_path, b"a")
    vault = open_papers(settings)
    kept = vault.put(PDF)
    raw = open_objects(settings).part(kept.object, 0, 1000)
    assert b"PDF" not in raw
    assert b"secret" not in raw
    assert vault.get(kept.object, kept.sha256) == PDF
    with pytest.raises(ExternalError, match="not the one"):
        vault.get(kept.object, "0" * 64)
    with pytest.raises(NotFound):
        vault.get("papers/none", kept.sha256)
    with pytest.raises(RuleError):
        vault.put(b"MZ")


def test_papers_are_sealed_anew_before_an_old_key_goes(sqlite_store: Store, tmp_path: Path) -> None:
    kept = open_papers(keyed(tmp_path, b"a")).put(PDF)
    by = people(sqlite_store)
    one = begun(sqlite_store, by["mia"])
    with sqlite_store.unit() as uow:
        uow.onboardings.papers(one.id)[0].object = kept.object
        row: OnboardingPaperRow = uow.onboardings.papers(one.id)[0]
        row.sha256, row.key_id, row.at = kept.sha256, kept.key_id, NOW
        uow.commit()
    both = open_papers(keyed(tmp_path, b"b", b"a"))
    assert both.seal_anew(sqlite_store) == 1
    assert both.seal_anew(sqlite_store) == 0
    assert open_papers(keyed(tmp_path, b"b")).get(kept.object, kept.sha256) == PDF


def test_an_upload_that_no_form_names_leaves_no_file(sqlite_store: Store, tmp_path: Path) -> None:
    at_desk = Desk(sqlite_store, keyed(tmp_path, b"a"))
    by = people(sqlite_store, hash_password(PASSWORD, name="nobody"))
    one = begun(sqlite_store, by["mia"])
    client = at_desk.app().test_client()
    log_in(client, "mia")

    def upload(version: int) -> int:
        """How many papers lie in the store after an upload to this version of the form."""
        file = (io.BytesIO(PDF), "terms.pdf")
        post(
            client,
            f"/console/onboarding/{one.id}/papers",
            paper=file,
            kind="quotation",
            version=version,
        )
        return sum(1 for path in tmp_path.rglob("papers/*") if path.is_file())

    assert upload(one.version - 1) == 0
    assert upload(one.version) == 1

"""Deletes what is kept no longer, and leaves a proof of each deletion.

Each item is deleted in a unit of its own, together with its proof, after holds were looked at
again. A recording leaves the object store before its unit is committed: a process that dies in
between leaves a row whose sound is gone, and the next run finishes it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.orm import Session

from api.config import Settings
from api.vault.recordings import Vault
from models.errors import ExternalError
from models.repositories import lifespans
from models.retention import Item, Kind, held, plan
from models.rows_privacy import DeletionRow
from models.store import Store, UnitOfWork

log = structlog.get_logger(__name__)


def periods(settings: Settings) -> Mapping[Kind, timedelta]:
    """How long this installation keeps each kind."""
    days = {
        Kind.RECORDINGS: settings.keep_recordings_days,
        Kind.TRANSCRIPTS: settings.keep_transcripts_days,
        Kind.MESSAGES: settings.keep_messages_days,
        Kind.PERSONAL: settings.keep_personal_days,
        Kind.NOTICES: settings.keep_notices_days,
        Kind.TRAINING: settings.keep_training_days,
    }
    return {kind: timedelta(days=count) for kind, count in days.items()}


def run(store: Store, vault: Vault, settings: Settings, now: datetime) -> dict[str, int]:
    """Deletes everything that is due now; how much of each kind.

    What cannot be deleted now (an object store that is away) is left for the next run.
    """
    kept_for = periods(settings)
    done: dict[str, int] = {}
    for kind in Kind:
        with store.reading() as uow:
            items = uow.lifespans.items(kind, now - kept_for[kind])
            due = plan(items, periods=kept_for, holds=uow.holds.subjects(), now=now)
        for item in due:
            try:
                done[kind] = done.get(kind, 0) + _delete(store, vault, item, kept_for[kind], now)
            except ExternalError as error:
                log.warning("deletion_waits", kind=kind.value, reason=type(error).__name__)
    if any(done.values()):
        with store.unit() as uow:
            uow.audit.add("retention", "retention.run", "-", at=now, detail=done)
            uow.commit()
    return {kind: count for kind, count in done.items() if count}


def _delete(store: Store, vault: Vault, item: Item, period: timedelta, now: datetime) -> bool:
    """Deletes one item; False when a hold came in between."""
    with store.unit() as uow:
        uow.holds.lock()
        if held(item, uow.holds.subjects()):
            return False
        gone = _erase(uow, vault, item)
        uow.deletions.add(
            DeletionRow(
                kind=item.kind.value,
                subject=item.subject,
                since=item.since,
                days=period.days,
                rule=f"keep_{item.kind}_days",
                digest=proof(store.secret, gone),
                items=len(gone),
                at=now,
            )
        )
        uow.commit()
    return True


def proof(secret: str, gone: list[Any]) -> str:
    """HMAC-SHA256 (hex) over what was deleted, as canonical JSON."""
    text = json.dumps(gone, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.digest(f"deletions:{secret}".encode(), text.encode(), "sha256").hex()


def _erase(uow: UnitOfWork, vault: Vault, item: Item) -> list[Any]:
    what, _, name = item.subject.partition(":")
    gone: list[Any] = []
    if item.kind in (Kind.RECORDINGS, Kind.TRAINING):
        for row in uow.recordings.of_call(name):
            vault.delete(row.name)
        gone = lifespans.forget_recordings(uow.session, name)
    if item.kind is Kind.RECORDINGS:
        return gone
    return gone + _ERASERS[item.kind, what](uow.session, name)


_ERASERS: Mapping[tuple[Kind, str], Callable[[Session, str], list[Any]]] = {
    (Kind.TRANSCRIPTS, "call"): lifespans.erase_transcript,
    (Kind.MESSAGES, "message"): lifespans.erase_message,
    (Kind.MESSAGES, "mail"): lifespans.erase_mail,
    (Kind.MESSAGES, "fax"): lifespans.erase_fax,
    (Kind.PERSONAL, "order"): lifespans.erase_person,
    (Kind.PERSONAL, "call"): lifespans.erase_caller,
    (Kind.PERSONAL, "call_back"): lifespans.erase_call_back,
    (Kind.NOTICES, "order"): lifespans.erase_notices,
    (Kind.TRAINING, "training"): lifespans.erase_training,
    (Kind.TRAINING, "quiz"): lifespans.erase_quiz,
}

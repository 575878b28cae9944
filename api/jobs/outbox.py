"""Delivers what the outbox holds: text messages, and signed documents to be made.

A row is claimed, and the claim committed, before the message is handed over, and its end noted
after. A worker that dies in between leaves the row `sending`, and an answer that is lost on its
way looks like a failure: every attempt but the first one asks whether Twilio has the message.
One window remains: Twilio accepts a message and does not list it yet when it is asked. The waits
between the attempts narrow it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from api.callline import NO_LINE, CallLine
from api.config import Settings
from api.jobs.takeover import pass_on
from api.jobs.texts import Text, text_of
from api.signed.papers import Papers
from api.sms import Handed, SmsSender
from models import desk
from models.errors import ExternalError, IntakeError, NotFound
from models.repositories.outbox import Claim
from models.store import Store

log = structlog.get_logger(__name__)

_LEASE = timedelta(minutes=1)
_MOST_ATTEMPTS = 6
_FIRST_WAIT_S = 5
#: What a person is asked to do about an effect that failed for good: the task, and why.
_TASKS = {
    "sms_link": ("sms_failed", "The text message with the signing link could not be sent."),
    "sms_code": ("sms_failed", "The text message with the signer's code could not be sent."),
    desk.PAPER: ("paper_failed", "The signed document could not be made."),
}


def deliver_due(
    store: Store,
    settings: Settings,
    sender: SmsSender,
    now: datetime,
    line: CallLine = NO_LINE,
) -> int:
    """Delivers everything that is due; how many were handed over."""
    handed = 0
    while (claim := _claim(store, now)) is not None:
        if claim.kind == "take_over":
            handed += pass_on(store, line, claim, now)
        else:
            handed += _deliver(store, settings, sender, claim, now)
    return handed


def _claim(store: Store, now: datetime) -> Claim | None:
    with store.unit() as uow:
        claim = uow.outbox.claim(now, lease=_LEASE)
        uow.commit()
    return claim


def _deliver(
    store: Store, settings: Settings, sender: SmsSender, claim: Claim, now: datetime
) -> bool:
    if claim.kind == desk.PAPER:
        return _make_paper(store, settings, claim, now)
    return _send(store, settings, sender, claim, now)


def _make_paper(store: Store, settings: Settings, claim: Claim, now: datetime) -> bool:
    """The signed document; it is kept before the claim's end is noted, so twice is harmless."""
    version = int(claim.payload["order_version"])
    try:
        Papers(store, settings).ensure(str(claim.payload["order_id"]), version)
    except (ExternalError, NotFound) as error:
        _failed(store, claim, error, now)
        return False
    _end(store, claim, "done")
    return True


def _send(store: Store, settings: Settings, sender: SmsSender, claim: Claim, now: datetime) -> bool:
    text = text_of(store, settings, claim)
    if text.expires_at is not None and now >= text.expires_at:
        _end(store, claim, "failed")  # a code that nobody can use any more
        return False
    mobile = str(claim.payload["mobile"])
    again = claim.attempts > 1
    try:
        found = sender.find(mobile, text.body, now - timedelta(days=1)) if again else None
        handed = found or sender.send(mobile, text.body)
    except ExternalError as error:
        _failed(store, claim, error, now)
        return False
    _done(store, claim, handed, text, now)
    return True


def _end(store: Store, claim: Claim, state: str) -> None:
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.state, row.last_error = state, None
        uow.commit()


def _done(store: Store, claim: Claim, handed: Handed, text: Text, now: datetime) -> None:
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.state, row.external_id, row.last_error = "done", handed.sid, None
        desk.message_sent(
            uow,
            sid=handed.sid,
            key=claim.key,
            mobile=str(claim.payload["mobile"]),
            body=text.kept,
            status=handed.status,
            at=now,
            order_id=str(claim.payload["order_id"]),
            order_version=int(claim.payload["order_version"]),
        )
        uow.commit()


def _failed(store: Store, claim: Claim, error: IntakeError, now: datetime) -> None:
    """Tries again later, ever more slowly, or gives a person the task."""
    again = error.retryable and claim.attempts < _MOST_ATTEMPTS
    log.warning(
        "not_delivered", kind=claim.kind, retryable=error.retryable, attempts=claim.attempts
    )
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.last_error = str(error)
        row.state = "pending" if again else "failed"
        row.next_at = now + timedelta(seconds=_FIRST_WAIT_S * 4 ** (claim.attempts - 1))
        if not again:
            order_id = str(claim.payload["order_id"])
            task, reason = _TASKS[claim.kind]
            desk.open_task(uow, task, reason, order_id, None, f"{task}:{claim.key}", now)
        uow.commit()

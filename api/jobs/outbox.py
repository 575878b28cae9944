"""Delivers what the outbox holds.

A row is claimed, and the claim committed, before the message is handed over, and its end noted
after. A worker that dies in between leaves the row `sending`, and an answer that is lost on its
way looks like a failure: every attempt but the first one asks whether Twilio has the message.
One window remains: Twilio accepts a message and does not list it yet when it is asked. The waits
between the attempts narrow it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import structlog

from api.callline import NO_LINE, CallLine
from api.config import Settings
from api.jobs.takeover import pass_on
from api.sms import Handed, SmsSender, link_text
from models import desk, links
from models.call import Lang
from models.errors import ExternalError
from models.repositories.outbox import Claim
from models.store import Store

log = structlog.get_logger(__name__)

_LEASE = timedelta(minutes=1)
_MOST_ATTEMPTS = 6
_FIRST_WAIT_S = 5


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
    mobile = str(claim.payload["mobile"])
    body = _text(store, settings, claim)
    try:
        found = sender.find(mobile, body, now - timedelta(days=1)) if claim.attempts > 1 else None
        handed = found or sender.send(mobile, body)
    except ExternalError as error:
        _failed(store, claim, error, now)
        return False
    _done(store, claim, handed, mobile, body, now)
    return True


def _text(store: Store, settings: Settings, claim: Claim) -> str:
    with store.reading() as uow:
        order = uow.orders.get(str(claim.payload["order_id"]))
        token = links.token(uow.secret, str(claim.payload["nonce"]))
    return link_text(
        settings,
        lang=cast(Lang, claim.payload["lang"]),
        number=order.number if order else None,
        token=token,
    )


def _done(
    store: Store, claim: Claim, handed: Handed, mobile: str, body: str, now: datetime
) -> None:
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.state, row.external_id, row.last_error = "done", handed.sid, None
        desk.message_sent(
            uow,
            sid=handed.sid,
            key=claim.key,
            mobile=mobile,
            body=body,
            status=handed.status,
            at=now,
            order_id=str(claim.payload["order_id"]),
            order_version=int(claim.payload["order_version"]),
        )
        uow.commit()


def _failed(store: Store, claim: Claim, error: ExternalError, now: datetime) -> None:
    """Tries again later, ever more slowly, or gives a person the task."""
    again = error.retryable and claim.attempts < _MOST_ATTEMPTS
    log.warning("message_not_sent", retryable=error.retryable, attempts=claim.attempts)
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.last_error = str(error)
        row.state = "pending" if again else "failed"
        row.next_at = now + timedelta(seconds=_FIRST_WAIT_S * 4 ** (claim.attempts - 1))
        if not again:
            order_id = str(claim.payload["order_id"])
            reason = "The text message with the signing link could not be sent."
            desk.open_task(
                uow, "sms_failed", reason, order_id, None, f"sms_failed:{claim.key}", now
            )
        uow.commit()

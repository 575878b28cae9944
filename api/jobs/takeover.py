"""Carries out that a clerk takes a call over. A caller waits, so it is tried twice at most."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from api.callline import CallLine
from models.desk import live
from models.errors import ExternalError
from models.repositories.outbox import Claim
from models.store import Store

log = structlog.get_logger(__name__)

_MOST_ATTEMPTS = 2
_AGAIN_AFTER = timedelta(seconds=1)


def pass_on(store: Store, line: CallLine, claim: Claim, now: datetime) -> bool:
    """Passes the claimed call on; whether it worked."""
    sid, number = str(claim.payload["call_sid"]), str(claim.payload["number"])
    caller_id = claim.payload.get("caller_id")
    try:
        line.pass_on(sid, number, None if caller_id is None else str(caller_id))
    except ExternalError as error:
        _failed(store, claim, error, now)
        return False
    with store.unit() as uow:
        uow.outbox.row(claim.id).state = "done"
        uow.commit()
    return True


def _failed(store: Store, claim: Claim, error: ExternalError, now: datetime) -> None:
    again = error.retryable and claim.attempts < _MOST_ATTEMPTS
    log.warning("call_not_passed_on", retryable=error.retryable, attempts=claim.attempts)
    with store.unit() as uow:
        row = uow.outbox.row(claim.id)
        row.last_error = str(error)
        row.state, row.next_at = ("pending" if again else "failed"), now + _AGAIN_AFTER
        if not again:
            live.take_over_failed(uow, str(claim.payload["call_sid"]), now)
        uow.commit()

"""What a step answers its workflow, in a word."""

from __future__ import annotations

from datetime import datetime

import structlog

from models.errors import IntakeError

log = structlog.get_logger(__name__)

#: It worked; it may work later, perhaps with the seconds until then after the word; it never will;
#: it is of no use any more.
DONE, AGAIN, FAILED, USELESS = "done", "again", "failed", "useless"


def answer(event: str, row_id: int, error: IntakeError) -> str:
    """The answer of a step that an error ended; it is logged as `event`."""
    log.warning(event, row=row_id, error=str(error), retryable=error.retryable)
    return AGAIN if error.retryable else FAILED


def left_to_settle(tried_at: datetime, now: datetime, settle_s: float) -> float:
    """Seconds until what a try at `tried_at` brought about can be seen, `settle_s` after it."""
    gone = (now - tried_at).total_seconds()
    return min(settle_s, max(0.0, settle_s - gone))

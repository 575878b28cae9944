"""A call's recording heard again: queued with the recording, noted by turn, settled by a clerk."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from models.call import TRAINING_PREFIX
from models.codec import values_json
from models.desk.orders import open_task
from models.fields import Value
from models.rows_hearing import SecondHearingRow
from models.store import UnitOfWork

#: The kind of the outbox row that has a recording heard again.
HEAR_AGAIN = "hear_again"
#: Stands in `doubts` for a yes or no that was heard the other way round.
POLARITY = "polarity"


def hear_again(uow: UnitOfWork, call_sid: str, recording: str, at: datetime) -> None:
    """Queues the second hearing of a recording, once. Practice calls are not heard again."""
    if not call_sid.startswith(TRAINING_PREFIX):
        payload = {"call_sid": call_sid, "recording": recording}
        uow.outbox.put(f"{HEAR_AGAIN}:{recording}", kind=HEAR_AGAIN, payload=payload, at=at)


def note_second_hearing(
    uow: UnitOfWork,
    call_sid: str,
    index: int,
    *,
    text: str | None,
    confidence: float | None,
    same: bool,
    doubts: Mapping[str, Value],
    engine: str,
    at: datetime,
) -> None:
    """Keeps what a turn's second reading gave; the order stays as it is.

    A yes that was heard as a no, or the other way round, is given to a person at once: an order
    may hang on it.
    """
    row = SecondHearingRow(
        call_sid=call_sid,
        index=index,
        text=text,
        confidence=confidence,
        same=same,
        doubts=values_json(doubts),
        engine=engine,
        at=at,
    )
    if uow.second_hearings.put(row) and POLARITY in doubts:
        reason = "Heard again, a yes or no of the caller is the opposite."
        order_id = uow.calls.row(call_sid).order_id
        open_task(uow, HEAR_AGAIN, reason, order_id, call_sid, f"{HEAR_AGAIN}:{call_sid}", at)

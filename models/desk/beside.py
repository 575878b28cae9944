"""A call that the assistant has left: a person talks with the caller, and we write it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.call import Turn
from models.desk.callbacks import wake_callbacks
from models.desk.calls import WITH_PERSON
from models.errors import NotFound
from models.store import UnitOfWork

#: The kind of the outbox row that has a call forked anew, and how often a call may be.
FORK_AGAIN, MOST_FORKS = "fork_again", 5
_MS = timedelta(milliseconds=1)


def person_talks(uow: UnitOfWork, sid: str, at: datetime) -> int:
    """The call goes on after the assistant left it; gives the milliseconds since it began.

    Raises NotFound for a call that never was.
    """
    row = uow.calls.row(sid)
    row.ended_at, row.status = None, WITH_PERSON
    return max(0, (at - row.started_at) // _MS)


def fork_ended(uow: UnitOfWork, sid: str, stream_sid: str, at: datetime, *, failed: bool) -> bool:
    """Twilio reports that a fork has ended; queues another one where the call may go on.

    Says whether it did. A fork ends with its call as a rule: then the process that heard it, or
    Twilio's own report, has said so. A call is forked anew so often and not more.

    Args:
        failed: it could not be begun, or broke.
    """
    row = uow.calls.find(sid)
    if row is None or not (failed or row.status == WITH_PERSON):
        return False
    key = f"{FORK_AGAIN}:{sid}:{stream_sid}"
    if uow.outbox.count(f"{FORK_AGAIN}:{sid}:") >= MOST_FORKS:
        return False
    return uow.outbox.put(key, kind=FORK_AGAIN, payload={"call_sid": sid}, at=at)


def person_left(uow: UnitOfWork, sid: str, at: datetime) -> None:
    """What the two said has ended, and so has the call; the first end that is noted stands."""
    row = uow.calls.row(sid)
    row.ended_at = row.ended_at or max(at, row.started_at)
    if row.status == WITH_PERSON:
        row.status = "completed"
    wake_callbacks(uow, row.caller, f"{sid}:left", at)


def add_turn(uow: UnitOfWork, sid: str, turn: Turn) -> None:
    """Stores what one of the two said, behind everything that was said before.

    Raises NotFound where the call's transcript is not kept any more.
    """
    if not uow.calls.turns_of(sid) and uow.deletions.of(f"call:{sid}"):
        raise NotFound("The transcript is not kept any more.")
    uow.calls.add_turn(sid, turn)

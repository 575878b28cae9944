"""A call that the assistant has left: a person talks with the caller, and we write it down."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.call import Turn
from models.desk.callbacks import wake_callbacks
from models.desk.calls import WITH_PERSON
from models.errors import NotFound
from models.store import UnitOfWork

_MS = timedelta(milliseconds=1)


def person_talks(uow: UnitOfWork, sid: str, at: datetime) -> int:
    """The call goes on after the assistant left it; gives the milliseconds since it began.

    Raises NotFound for a call that never was.
    """
    row = uow.calls.row(sid)
    row.ended_at, row.status = None, WITH_PERSON
    return max(0, (at - row.started_at) // _MS)


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

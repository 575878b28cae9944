"""What becomes of work that an error ended which nobody foresaw: a person has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

import structlog

from models import desk
from models.callback import State
from models.desk.beside import FORK_AGAIN
from models.desk.callbacks import end_callback, outbox_key
from models.desk.exceptions import WATCH
from models.desk.faxes import fax_failed
from models.desk.onboarding_mails import MAIL
from models.rows import OutboxRow
from models.store import Store, UnitOfWork

log = structlog.get_logger(__name__)

_NOT_CALLED = "A call-back broke off by a fault of this program: please call the customer."
_MAIL = (
    "mail_failed",
    "An e-mail to one of the desk's people was not sent, by a fault of this program.",
)
_TEXT = (
    "sms_failed",
    "Text messages about an order broke off by a fault of this program: see to it.",
)
_LETTER = (
    "mail_failed",
    "An e-mail about an order was not sent, by a fault of this program: see to it.",
)
_UNHEARD = (
    "hear_again",
    "A recording was not heard again, by a fault of this program: listen to it.",
)
#: The kind of task and its reason, by the kind of work; all other work is text messages.
_TASKS: Mapping[str, tuple[str, str]] = {
    desk.PAPER: ("paper_failed", "The signed document could not be made."),
    desk.CALL_BACK: ("call_back", _NOT_CALLED),
    desk.HEAR_AGAIN: _UNHEARD,
    FORK_AGAIN: _UNHEARD,
    desk.COPY: _LETTER,
    "mail_link": _LETTER,
    "mail_reminder": _LETTER,
    "mail_code": _LETTER,
    desk.READ_FAX: (
        "fax_unread",
        "A fax was not read; look at it, and ask the sender to send it again.",
    ),
    "take_over": ("call_back", "the call could not be passed on"),
    MAIL: _MAIL,
    WATCH: (
        "exception_over",
        "An exception by phone is not watched any more, by a fault of this program.",
    ),
}


class Failures:
    """Looks for such work.

    Args:
        failed: rows of the outbox whose workflows an error ended, and which.
    """

    def __init__(
        self,
        store: Store,
        failed: Callable[[], Sequence[tuple[int, str]]],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._failed = failed
        self._now = now

    def look_after(self) -> None:
        """Gives each to a person, once. The count of failed work in `/metrics` is the alarm."""
        for row_id, error in self._failed():
            with self._store.unit() as uow:
                row = uow.outbox.find(row_id)
                if row is not None and row.state == "started":
                    log.error("workflow_failed", kind=row.kind, row=row_id, error=error)
                    row.state, row.last_error = "failed", error
                    _to_person(uow, row, self._now())
                uow.commit()


def _to_person(uow: UnitOfWork, row: OutboxRow, at: datetime) -> None:
    if row.kind == desk.READ_MAIL:
        desk.mail_failed(uow, str(row.payload["mail_id"]), at)
        return
    if row.kind == desk.READ_FAX:
        fax_failed(uow, str(row.payload["fax_id"]), at)
        return
    key, call_sid = f"failed:{row.key}", row.payload.get("call_sid")
    if row.kind == desk.CALL_BACK:
        planned = uow.call_backs.row(str(row.payload["call_back_id"]))
        if planned.state != State.PLANNED:
            return
        # Nothing rings any more: who asks for another call-back shall get a new one.
        end_callback(uow, planned, State.TASK, _NOT_CALLED, at)
        key, call_sid = outbox_key(planned.id), planned.call_sid
    kind, reason = _TASKS.get(row.kind, _TEXT)
    desk.open_task(uow, kind, reason, row.order_id, call_sid, key, at)

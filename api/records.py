"""What the webhooks need of the store."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import structlog

from api.telephony import Answered, CallState
from models import desk
from models.call import Lang
from models.callback import State
from models.desk import ReceivedFax, duties
from models.desk.beside import fork_ended
from models.desk.faxes import fax_broke_off
from models.store import Store

log = structlog.get_logger(__name__)


class DeskRecords:
    """`api.telephony.CallRecords` on the desk's own store.

    Args:
        assistant_after: after how long the assistant calls back; None where a person does.
    """

    def __init__(self, store: Store, assistant_after: timedelta | None = None) -> None:
        self._store = store
        self._assistant_after = assistant_after

    def state(self, call_sid: str) -> CallState | None:
        """How the call stands; None when it never began."""
        with self._store.reading() as uow:
            call = uow.calls.get(call_sid)
            if call is None:
                return None
            wanted = uow.calls.row(call_sid).transfer_to
        return CallState(
            disposition=call.disposition,
            lang=call.lang,
            transfer_to="head" if wanted == "head" else "clerk",
        )

    def owner(self, call_sid: str, at: datetime) -> str:
        """The number of whoever answers for what the call is about, if that one is there."""
        with self._store.reading() as uow:
            return duties.owner_to_ring(uow, call_sid, at)

    def answered(
        self, ring: str, call_sid: str, answered_by: str | None, at: datetime
    ) -> Answered | None:
        """Somebody or something answered a ring; None where it is not known."""
        with self._store.unit() as uow:
            row = desk.ring_status(uow, ring, call_sid, "in-progress", answered_by, at)
            if row is None:
                return None
            machines = [other.outcome == "machine" for other in uow.call_backs.rings(row.id)]
            uow.commit()
        wanted = row.state == State.PLANNED
        return Answered(lang=cast(Lang, row.lang), wanted=wanted, told=any(machines))

    def call_status(
        self,
        call_sid: str,
        status: str,
        at: datetime,
        ring: str = "",
        answered_by: str | None = None,
    ) -> None:
        """Twilio reports a call's status; unknown calls are passed over."""
        with self._store.unit() as uow:
            desk.call_status(uow, call_sid, status, at)
            if ring:
                desk.ring_status(uow, ring, call_sid, status, answered_by, at)
            uow.commit()

    def fork_ended(self, call_sid: str, stream_sid: str, failed: bool, at: datetime) -> None:
        """What two people say is not heard any more; it is forked anew where the call goes on."""
        with self._store.unit() as uow:
            if fork_ended(uow, call_sid, stream_sid, at, failed=failed):
                log.warning("fork_broke", call_sid=call_sid, failed=failed)
            uow.commit()

    def call_back(
        self,
        call_sid: str,
        *,
        caller: str | None,
        called: str | None,
        reason: str,
        at: datetime,
        number: str | None = None,
        by_assistant: bool = False,
    ) -> None:
        """The caller must be called back, by a person unless the assistant may and can."""
        with self._store.unit() as uow:
            desk.want_call_back(
                uow,
                call_sid,
                caller=caller,
                called=called,
                reason=reason,
                at=at,
                number=number,
                assistant_after=self._assistant_after if by_assistant else None,
            )
            uow.commit()

    def sms_status(
        self,
        message_sid: str,
        status: str,
        error_code: str | None,
        at: datetime,
        cause: int | None = None,
    ) -> None:
        """Twilio reports how far a text message got."""
        with self._store.unit() as uow:
            desk.sms_status(uow, message_sid, status, error_code, at, cause)
            uow.commit()

    def fax_came(self, fax_sid: str, number: str, media_url: str | None, at: datetime) -> None:
        """A fax service reports a fax that came, or that broke off."""
        with self._store.unit() as uow:
            if media_url is None:
                fax_broke_off(uow, fax_sid, number, at)
            else:
                fax = ReceivedFax(
                    source="service", reference=fax_sid, number=number, media_url=media_url
                )
                desk.receive_fax(uow, fax, at)
            uow.commit()

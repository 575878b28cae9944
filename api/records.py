"""What the webhooks need of the store."""

from __future__ import annotations

from datetime import datetime

from api.telephony import CallState
from models import desk
from models.store import Store


class DeskRecords:
    """`api.telephony.CallRecords` on the desk's own store."""

    def __init__(self, store: Store) -> None:
        self._store = store

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

    def call_status(self, call_sid: str, status: str, at: datetime) -> None:
        """Twilio reports a call's status; unknown calls are passed over."""
        with self._store.unit() as uow:
            desk.call_status(uow, call_sid, status, at)
            uow.commit()

    def call_back(
        self, call_sid: str, *, caller: str | None, called: str | None, reason: str, at: datetime
    ) -> None:
        """The caller must be called back by a person."""
        with self._store.unit() as uow:
            desk.want_call_back(uow, call_sid, caller=caller, called=called, reason=reason, at=at)
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

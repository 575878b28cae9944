"""Stand-ins written by hand, for tests only."""

from __future__ import annotations

from datetime import datetime

from api.telephony import CallState


class MemoryCallRecords:
    """`CallRecords` in memory; keeps what it was told."""

    def __init__(self) -> None:
        self.states: dict[str, CallState] = {}
        self.statuses: list[tuple[str, str]] = []
        self.call_backs: dict[str, str] = {}
        self.sms: list[tuple[str, str, str | None]] = []

    def state(self, call_sid: str) -> CallState | None:
        return self.states.get(call_sid)

    def call_status(self, call_sid: str, status: str, at: datetime) -> None:
        self.statuses.append((call_sid, status))

    def call_back(
        self, call_sid: str, *, caller: str | None, called: str | None, reason: str, at: datetime
    ) -> None:
        self.call_backs[call_sid] = reason

    def sms_status(
        self, message_sid: str, status: str, error_code: str | None, at: datetime
    ) -> None:
        self.sms.append((message_sid, status, error_code))
